"""What the operator does with updates that were set aside: while the shipped bot runs, and while it does not."""
import json
import stat
import subprocess
import unittest

from tests.system.test_process import SilentServer
from tests.system.world import BIN, LIMIT, World

BAD = '{"update_id":{id},"message" "no object"}'


class Quarantine(World):
    def tool(self, *words, expected=0, data=None):
        run = subprocess.run([str(BIN / "dmarket-bot"), "quarantine", *words], capture_output=True, text=True,
                             timeout=LIMIT, env={"PATH": "/usr/bin", "DATA_DIR": str(data or self.folder / "data")})
        self.assertEqual(run.returncode, expected, run.stdout + run.stderr)
        return run.stdout + run.stderr

    def entries(self):
        return json.loads(self.tool("list", "--json"))

    def set_bad_ones_aside(self, bot, count=1):
        for _ in range(count):
            self.control("inject", {"bot": 4242, "raw": BAD})
        self.ask("/status")
        self.await_line(bot, rf"(?s)(update set aside.*?){{{count}}}")

    def wear_one_out(self):
        """An update that ends the process as often as it may."""
        silent = SilentServer()
        self.addCleanup(silent.close)
        for attempt in range(3):
            bot = self.start_bot(dmarket_api_url=silent.url)
            if attempt == 0:
                self.send("/balance")
            self.assertTrue(silent.await_handler())
            bot.kill()

    def test_the_running_bot_is_asked(self):
        bot = self.start_bot()
        self.assertIn("nothing was set aside", self.tool("list"))
        self.set_bad_ones_aside(bot, 2)
        entries = self.entries()
        self.assertEqual([entry["kind"] for entry in entries], ["message", "message"])
        self.assertGreater(entries[0]["id"], entries[1]["id"])
        number = str(entries[0]["id"])
        self.assertIn('"message" "no object"', self.tool("show", number))
        self.assertIn("still cannot be read", self.tool("replay", number, expected=1))
        self.assertIn("dropped: 1", self.tool("drop", number))
        self.assertIn("no such entry", self.tool("show", number, expected=1))
        self.assertEqual(len(self.entries()), 1)
        self.assertIn("dropped: 1", self.tool("drop", "all"))
        self.assertEqual(self.entries(), [])
        self.ask("/help", "/balance")

    def test_the_store_of_a_stopped_bot_is_opened(self):
        bot = self.start_bot()
        self.set_bad_ones_aside(bot)
        self.stop(bot)
        self.assertFalse((self.folder / "data" / "admin.sock").exists())
        entries = self.entries()
        self.assertEqual(len(entries), 1)
        self.tool("drop", str(entries[0]["id"]))
        self.assertEqual(self.entries(), [])

    def test_an_update_that_killed_the_bot_too_often_is_handled_after_its_replay(self):
        self.wear_one_out()
        bot = self.start_bot()
        self.await_line(bot, "update set aside")
        self.assertEqual([entry["reason"] for entry in self.entries()],
                         ["the process ended 3 times while it was being handled"])
        before = self.control("state")["seq"]
        self.assertIn("was handed to its handler", self.tool("replay", "all"))
        self.await_event(before, kind=["message", "edit"], contains="$")
        self.assertEqual(self.entries(), [])

    def test_a_replay_into_a_stopped_bots_inbox_is_handled_at_its_start(self):
        self.wear_one_out()
        bot = self.start_bot()
        self.await_line(bot, "update set aside")
        self.stop(bot)
        self.assertIn("at the next start", self.tool("replay", "all"))
        before = self.control("state")["seq"]
        self.start_bot()
        self.await_event(before, kind=["message", "edit"], contains="$")

    def test_a_socket_that_a_kill_left_behind_hinders_nobody(self):
        bot = self.start_bot()
        self.set_bad_ones_aside(bot)
        bot.kill()
        socket = self.folder / "data" / "admin.sock"
        self.assertTrue(stat.S_ISSOCK(socket.stat().st_mode))
        self.assertEqual(len(self.entries()), 1)
        self.start_bot()
        self.assertEqual(len(self.entries()), 1)
        self.assertEqual(stat.S_IMODE(socket.stat().st_mode), 0o600)

    def test_a_path_too_long_for_a_socket_is_said_and_the_bot_works(self):
        data = self.folder / ("long" * 30)
        bot = self.start_bot(data_dir=str(data))
        self.assertRegex(bot.log(), r"no admin socket.*a shorter DATA_DIR")
        self.ask("/status")
        self.assertIn("a shorter DATA_DIR", self.tool("list", expected=3, data=data))
        self.stop(bot)
        self.assertIn("nothing was set aside", self.tool("list", data=data))

    def test_wrong_words_and_a_wrong_folder_are_told(self):
        self.assertIn("there is no database", self.tool("list", expected=4, data=self.folder / "nowhere"))
        self.assertFalse((self.folder / "nowhere").exists())
        bot = self.start_bot()
        self.assertIn("quarantine list", self.tool("eat", expected=2))
        self.assertIn("quarantine list", self.tool("drop", "12x", expected=2))
        self.stop(bot)


if __name__ == "__main__":
    unittest.main()
