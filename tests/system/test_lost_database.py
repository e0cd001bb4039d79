"""A ledger that is damaged or gone is never begun anew unseen; a first start is told from that."""
import re
import shutil
import subprocess
import unittest

from tests.system.world import BIN, World, http

NEW = "a NEW database was made"


class LostDatabase(World):
    def setUp(self):
        super().setUp()
        self.data = self.folder / "data"
        self.database = self.data / "bot.sqlite"

    def run_once(self):
        bot = self.start_bot()
        self.ask("/ping", "pong (1)")
        self.stop(bot)
        return bot

    def assert_refused(self, *reasons):
        """Twice: the first refusal must not make the second start another one."""
        before = {path.name: path.read_bytes() for path in self.data.iterdir() if path.name != "lock"}
        for _ in range(2):
            bot = self.start_bot(ready=False)
            self.assertEqual(bot.wait(), 7, bot.log())
            for reason in (*reasons, "--begin-fresh"):
                self.assertIn(reason, bot.log())
        after = {path.name: path.read_bytes() for path in self.data.iterdir() if path.name != "lock"}
        self.assertEqual(after, before)

    def test_a_damaged_one_is_refused_until_begin_fresh_sets_it_aside(self):
        self.run_once()
        self.database.write_bytes(b"this is no database" * 100)
        self.assert_refused("is not a database")
        bot = self.start_bot("--begin-fresh")
        self.assertIn("set aside", bot.log())
        kept = [path.read_bytes() for path in self.data.iterdir() if ".set-aside-" in path.name]
        self.assertEqual(kept, [b"this is no database" * 100])
        self.ask("/ping", "pong (1)")

    def test_an_empty_one_and_a_missing_one_are_refused_until_the_backup_is_back(self):
        self.run_once()
        backup = self.folder / "backup"
        shutil.copy(self.database, backup)
        self.database.write_bytes(b"")
        self.assert_refused("is empty")
        self.database.unlink()
        self.assert_refused("is missing")
        shutil.copy(backup, self.database)
        self.start_bot()
        self.ask("/ping", "pong (2)")

    def test_a_lock_or_a_set_aside_database_alone_says_that_there_was_one(self):
        for left in ("lock", "bot.sqlite-sends", "bot.sqlite.set-aside-20260101T000000Z"):
            shutil.rmtree(self.data, ignore_errors=True)
            self.data.mkdir()
            (self.data / left).write_bytes(b"")
            self.assert_refused("is missing")

    def test_a_tool_leaves_a_damaged_one_as_it_is(self):
        self.run_once()
        self.database.write_bytes(b"this is no database" * 100)
        for tool in (["ledger", "export"], ["quarantine", "list"]):
            run = subprocess.run([BIN / "dmarket-bot", *tool, "--data-dir", self.data], capture_output=True, text=True,
                                 env={"PATH": "/usr/bin"})
            self.assertEqual(run.returncode, 7, run.stdout + run.stderr)
        self.assertEqual(self.database.read_bytes(), b"this is no database" * 100)

    def test_a_first_start_says_in_one_line_what_it_made_and_a_metric_holds_its_age(self):
        self.data.mkdir()
        (self.data / "lost+found").mkdir()
        bot = self.start_bot()
        said = [line for line in bot.log().splitlines() if NEW in line]
        self.assertEqual(len(said), 1, bot.log())
        self.assertIn(str(self.database), said[0])
        self.assertIn("/live", said[0])
        metrics = http(self.health_url(bot) + "/metrics?format=prometheus")[1]
        age = re.search(r"^tgkit_store_age_seconds ([0-9.e+-]+)$", metrics, re.M)
        self.assertTrue(age, metrics)
        self.assertTrue(0 <= float(age.group(1)) < 600, age.group(0))
        self.stop(bot)
        self.assertNotIn(NEW, self.start_bot().log())

    def test_a_first_start_that_fails_for_another_reason_does_not_bar_the_next(self):
        port = self.url.rsplit(":", 1)[1]
        bot = self.start_bot(ready=False, health_port=port)
        self.assertEqual(bot.wait(), 4, bot.log())
        self.start_bot()
        self.ask("/ping", "pong (1)")


if __name__ == "__main__":
    unittest.main()
