"""The shipped bot and a store that cannot be used, or not any more: it says so, is not ready, and loses nothing."""
import sqlite3
import subprocess
import unittest

from tests.system.world import ANNA, BORIS, World


class Disk(World):
    def mount(self, size):
        """A small disk of its own for the data."""
        data = self.folder / "data"
        data.mkdir(exist_ok=True)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(data)], capture_output=True,
                                 text=True)
        if mounted.returncode != 0:
            self.skipTest(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "--lazy", str(data)], check=True)
        return data

    @staticmethod
    def fill(folder):
        ballast = folder / "ballast"
        with open(ballast, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                return ballast

    def await_answers(self, count, user=ANNA):
        after = 0
        while len(self.bot_texts(user)) < count:
            after = self.await_event(after, user, kind="message", outgoing=False)["seq"]

    def send_until_full(self, bot, *users):
        """What is free inside the log is used up first; gives how many each has sent."""
        for sent in range(20, 4000, 20):
            for _ in range(20):
                for user in users:
                    self.send("/help", user)
            try:
                bot.handle.wait(0.2)
            except subprocess.TimeoutExpired:
                pass
            if "the disk is full: free some space" in bot.log():
                return sent
        self.fail("the disk is never full")

    def make_database(self):
        bot = self.start_bot()
        self.ask("/status")
        self.stop(bot)
        return self.folder / "data" / "bot.sqlite"

    def test_a_database_of_a_newer_version_is_refused_and_left_as_it_is(self):
        database = self.make_database()
        with sqlite3.connect(database) as newer:
            newer.execute("PRAGMA user_version=999")
        newer.close()
        before = database.read_bytes()
        bot = self.start_bot(ready=False)
        self.assertEqual(bot.wait(), 6, bot.log())
        self.assertRegex(bot.log(), "bot.sqlite was written by a newer version.*the backup")
        self.assertEqual(database.read_bytes(), before)
        self.assertEqual([path.name for path in database.parent.iterdir() if "aside" in path.name], [])

    def test_a_database_that_another_program_locks_is_named_and_nothing_of_it_lost(self):
        database = self.make_database()
        other = sqlite3.connect(database, isolation_level=None)
        self.addCleanup(other.close)
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN IMMEDIATE")
        bot = self.start_bot(ready=False)
        self.assertEqual(bot.wait(), 4, bot.log())
        self.assertRegex(bot.log(), "bot.sqlite: another process holds its lock: end that process or wait for it")
        other.close()
        self.start_bot()
        self.ask("/status")

    def test_a_full_disk_is_said_the_bot_not_ready_and_what_was_accepted_is_answered_when_there_is_room(self):
        data = self.mount("3m")
        bot = self.start_bot(rate_limit_requests="100000")
        self.ask("/help", "/balance")
        ballast = self.fill(data)
        before = len(self.bot_texts())
        sent = self.send_until_full(bot, ANNA, BORIS)
        self.await_answer(bot, "/ready", lambda status, body: status == 503 and "the disk is full" in body)
        ballast.unlink()
        self.await_ready(bot, 200)
        self.await_answers(before + sent)
        self.await_answers(sent, BORIS)
        self.stop(bot)
        self.assertEqual(len(self.bot_texts()) - before, sent)
        self.assertEqual(len(self.bot_texts(BORIS)), sent)

    def test_a_start_on_a_full_disk_fails_with_the_reason_and_loses_nothing(self):
        data = self.mount("3m")
        self.make_database()
        self.send("/help")
        ballast = self.fill(data)
        for name in ("bot.sqlite-attempts", "bot.sqlite-sends", "bot.sqlite-runs"):
            (data / name).unlink(missing_ok=True)
        with open(ballast, "ab", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass
        bot = self.start_bot(ready=False)
        self.assertEqual(bot.wait(), 4, bot.log())
        self.assertRegex(bot.log(), "(?i)no space left|disk is full")
        ballast.unlink()
        before = len(self.bot_texts())
        bot = self.start_bot()
        self.await_handled(bot, ANNA, 1)
        self.stop(bot)
        self.assertEqual(len(self.bot_texts()) - before, 1)

    def test_a_full_disk_and_a_kill_lose_nothing_that_was_accepted(self):
        data = self.mount("3m")
        bot = self.start_bot(rate_limit_requests="100000")
        self.ask("/help", "/balance")
        ballast = self.fill(data)
        before = len(self.bot_texts())
        sent = self.send_until_full(bot, ANNA)
        bot.kill()
        ballast.unlink()
        bot = self.start_bot(rate_limit_requests="100000")
        self.await_answers(before + sent)
        self.stop(bot)
        self.assertEqual(len(self.bot_texts()) - before, sent)

    def test_a_read_only_disk_is_named_and_nothing_on_it_lost(self):
        data = self.mount("16m")
        self.make_database()
        subprocess.run(["mount", "-o", "remount,ro", str(data)], check=True)
        bot = self.start_bot(ready=False)
        self.assertEqual(bot.wait(), 4, bot.log())
        self.assertRegex(bot.log(), "(?i)read-only file system|may not be written")
        subprocess.run(["mount", "-o", "remount,rw", str(data)], check=True)
        self.start_bot()
        self.ask("/status")


if __name__ == "__main__":
    unittest.main()
