"""--check-config refuses what cannot run, and warns of what should not."""
import os
import pathlib
import subprocess
import tempfile
import unittest

from tests.system.world import ANNA, BIN, TOKEN


class CheckConfig(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="dmarket-bot-config-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def check(self, **settings):
        environment = {"PATH": os.environ["PATH"], "TELEGRAM_BOT_TOKEN": TOKEN, "HEALTH_PORT": "0",
                       "DATA_DIR": str(self.folder / "data"), "ADMIN_USERS": str(ANNA)}
        environment |= {name.upper(): str(value) for name, value in settings.items()}
        environment = {name: value for name, value in environment.items() if value != "None"}
        run = subprocess.run([BIN.resolve() / "dmarket-bot", "--check-config"], env=environment, capture_output=True, text=True,
                             cwd=self.folder, timeout=30)
        for text in (run.stdout, run.stderr):
            self.assertNotIn(TOKEN.split(":")[1], text)
        return run

    def assert_refused(self, name, **settings):
        run = self.check(**settings)
        self.assertEqual(run.returncode, 2, f"{settings}\n{run.stdout}")
        self.assertIn(name, run.stderr)

    def assert_runs(self, **settings):
        run = self.check(**settings)
        self.assertEqual((run.returncode, run.stderr), (0, ""), settings)

    def test_what_cannot_run_is_refused(self):
        self.assert_runs()
        (self.folder / "file").write_text("no certificate, no folder")
        for token in ("4242", "4242:short", "bot4242:" + "a" * 35, "4242:" + "a" * 34 + "!", "4242:" + "a" * 35 + " "):
            self.assert_refused("TELEGRAM_BOT_TOKEN", telegram_bot_token=token)
        self.assert_refused("CA_FILE", ca_file="/nowhere/ca.pem")
        self.assert_refused("CA_FILE", ca_file=self.folder / "file")
        self.assert_refused("DATA_DIR", data_dir=self.folder / "file")
        self.assert_refused("DATA_DIR", data_dir=self.folder / "file" / "data")
        self.assert_refused("HEALTH_HOST", health_host="bot.example")
        self.assert_refused("HEALTH_HOST", health_host="192.0.2.1")  # not of this machine
        self.assert_refused("WEBHOOK_LISTEN", webhook_url="https://bot.example/hook", webhook_listen="192.0.2.1")

    def test_secrets_go_in_plain_http_to_this_machine_and_named_hosts_only(self):
        for name in ("telegram_api_url", "dmarket_api_url"):
            self.assert_runs(**{name: "http://127.0.0.1:8081"})
            self.assert_runs(**{name: "http://localhost:8081"})
            self.assert_refused(name.upper(), **{name: "http://sandbox:8081"})
            self.assert_refused(name.upper(), **{name: "http://127.0.0.1.example:8081"})
            self.assert_refused(name.upper(), **{name: "http://sandbox:8081", "allow_plain_http": "other"})
            self.assert_runs(**{name: "http://Sandbox:8081", "allow_plain_http": "other, SandBox"})

    def test_service_accounts_and_groups_are_nobody_to_be_let_in(self):
        for account in (777000, 1087968824, 136817688, -1001234567890, 0):
            self.assert_refused("ALLOWED_USERS", allowed_users=f"{ANNA},{account}")
            self.assert_refused("ADMIN_USERS", admin_users=account)

    def test_of_a_secret_file_64_kilobytes_are_read(self):
        secret = self.folder / "token"
        secret.write_text(TOKEN + "\n" + "x" * (64 << 10))
        self.assert_refused("64 KiB", telegram_bot_token=None, telegram_bot_token_file=secret)
        self.assert_refused("64 KiB", telegram_bot_token=None, telegram_bot_token_file="/dev/zero")

    def test_a_secret_that_every_user_can_read_is_warned_of(self):
        secret = self.folder / "token"
        secret.write_text(TOKEN + "\n")
        secret.chmod(0o644)
        self.assert_runs(telegram_bot_token=None, telegram_bot_token_file=secret)  # nobody else gets into its folder
        self.folder.chmod(0o755)
        run = self.check(telegram_bot_token=None, telegram_bot_token_file=secret)
        self.assertEqual(run.returncode, 0)
        self.assertRegex(run.stderr, r"warning: TELEGRAM_BOT_TOKEN_FILE.*can be read by every user")
        secret.chmod(0o640)
        self.assert_runs(telegram_bot_token=None, telegram_bot_token_file=secret)

    def test_live_trading_without_an_admin_is_warned_of(self):
        self.assert_runs(dry_run="false")
        run = self.check(dry_run="false", admin_users=None, allowed_users=ANNA)
        self.assertEqual(run.returncode, 0)
        self.assertIn("ADMIN_USERS", run.stderr)


if __name__ == "__main__":
    unittest.main()
