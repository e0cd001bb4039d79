"""What ends the shipped programs, what does not, and what a stop of ours never does to people's updates."""
import os
import shutil
import signal
import stat
import unittest

from tests.system.test_process import SilentServer
from tests.system.world import BIN, ROOT, World


class ShortStop(World):
    def hang_in_a_handler(self, **environment):
        silent = SilentServer()
        self.addCleanup(silent.close)
        bot = self.start_bot(dmarket_api_url=silent.url, **environment)
        self.send("/balance")
        self.assertTrue(silent.await_handler())
        return bot

    def test_an_update_that_a_short_stop_breaks_off_is_answered_once_and_only_after_the_next_start(self):
        bot = self.hang_in_a_handler(shutdown_timeout="2s")
        bot.signal(signal.SIGTERM)
        self.assertEqual(bot.wait(), 1, bot.log())
        self.assertEqual(self.bot_texts(), [], bot.log())
        self.assertRegex(bot.log(), r"update left in the inbox.*reason=\"?stopped")
        before = self.control("state")["seq"]
        bot = self.start_bot()
        self.await_event(before, kind=["message", "edit"], contains="$")
        self.stop(bot)
        self.assertEqual(len(self.bot_texts()), 1, self.transcript())

    def test_sigterm_twice_within_a_second_is_one_ordered_stop(self):
        bot = self.hang_in_a_handler(shutdown_timeout="2s")
        bot.signal(signal.SIGTERM)
        self.await_line(bot, "stopping")
        bot.signal(signal.SIGTERM)
        self.assertEqual(bot.wait(), 1, bot.log())
        self.assertRegex(bot.log(), r"service stopped.*service=\"?store")


class Reload(World):
    def test_sighup_ends_neither_program_and_says_what_cannot_be_reloaded(self):
        bot = self.start_bot()
        bot.signal(signal.SIGHUP)
        self.await_line(bot, "reload: nothing was reloaded.*settings, trade rules")
        self.sandbox.signal(signal.SIGHUP)
        self.await_line(self.sandbox, "reload: nothing was reloaded")
        self.ask("/status")
        self.stop(bot)
        self.assertEqual(bot.log().count("reload:"), 1)
        self.sandbox.signal(signal.SIGTERM)
        self.assertEqual(self.sandbox.wait(), 0)


class Token(World):
    def test_one_401_on_getUpdates_is_asked_about_and_ends_nothing(self):
        bot = self.start_bot()
        self.ask("/status")
        self.control("faults", {"method": "getUpdates", "action": "status", "status": 401})
        self.ask("/ping", "pong")  # ends the poll under way; the next one is refused
        self.await_line(bot, "asking again before this is believed")
        self.ask("/ping", "pong")
        self.stop(bot)

    def test_one_404_at_the_start_does_not_end_it(self):
        self.control("faults", {"method": "getMe", "action": "status", "status": 404})
        self.start_bot()
        self.ask("/ping", "pong")

    def test_a_token_that_getMe_refuses_twice_ends_it_with_its_exit_code(self):
        bot = self.start_bot()
        self.ask("/status")
        self.control("faults", {"method": "*", "action": "status", "status": 401, "count": 0})
        self.send("/ping")
        self.assertEqual(bot.wait(), 5, bot.log())
        self.assertIn("TELEGRAM_BOT_TOKEN", bot.log())


class Terminal(World):
    """The script ./run with programs that are built already."""

    def start_run(self):
        house = self.folder / "house"
        self.write_program(house / "scripts/install_packages", "exit 0")
        self.write_program(house / "tools/cmake", "exit 0")
        for name in ("dmarket-bot", "sandbox"):
            self.write_program(house / "build/release/bin" / name, f'echo $$ >"$PID_FOLDER/{name}"; exec {BIN.resolve() / name} "$@"')
        shutil.copy(ROOT / "run", house / "run")
        return self.start_process("run", [house / "run"], {
            "PATH": f"{house / 'tools'}:{os.environ['PATH']}", "PID_FOLDER": str(self.folder), "SANDBOX_PORT": "0",
            "HEALTH_PORT": "0"})

    def write_program(self, path, text):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def pid_of(self, name):
        return int((self.folder / name).read_text())

    def end(self, name):
        try:
            os.kill(self.pid_of(name), signal.SIGKILL)
        except (OSError, ValueError):
            pass

    def is_alive(self, name):
        try:
            os.kill(self.pid_of(name), 0)
        except ProcessLookupError:
            return False
        return True

    def test_a_hangup_is_an_ordered_stop_of_both_programs(self):
        run = self.start_run()
        for name in ("dmarket-bot", "sandbox"):
            self.addCleanup(self.end, name)
        self.await_line(run, r"INFO +running\b|event=running")
        run.signal(signal.SIGHUP)
        self.assertEqual(run.wait(), 0, run.log())
        self.assertFalse(self.is_alive("dmarket-bot"), run.log())
        self.assertFalse(self.is_alive("sandbox"), run.log())
        self.assertRegex(run.log(), r"stopped exit_code=0")


if __name__ == "__main__":
    unittest.main()
