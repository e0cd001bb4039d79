"""What the bot keeps is its own: modes of the data directory and its files, links, and what a crash leaves."""
import json
import os
import pathlib
import re
import shutil
import signal
import stat
import unittest

from tests.system.world import BIN, World


def mode(path):
    return stat.S_IMODE(path.lstat().st_mode)


class Files(World):
    def setUp(self):
        super().setUp()
        self.data = self.folder / "data"

    def open_to_others(self):
        return [f"{path} {mode(path):o}" for path in [self.data, *self.data.iterdir()] if mode(path) & 0o077]

    def test_files_are_the_owners_alone_whatever_the_umask_and_when_restored(self):
        before = os.umask(0)
        self.addCleanup(os.umask, before)
        bot = self.start_bot(durability="process")
        self.ask("/status")
        self.assertGreater(len(list(self.data.iterdir())), 4)  # database, log, side files, lock, socket
        self.assertEqual(self.open_to_others(), [])
        self.stop(bot)
        backup = self.folder / "backup"
        shutil.copytree(self.data, backup)
        shutil.rmtree(self.data)
        self.data.mkdir(mode=0o755)
        for file in backup.iterdir():
            shutil.copyfile(file, self.data / file.name)
            (self.data / file.name).chmod(0o644)
        bot = self.start_bot(durability="process")
        self.assertEqual(self.open_to_others(), [])
        self.assertNotIn("open to others", bot.log())
        self.stop(bot)

    def test_a_folder_that_holds_other_things_is_not_closed_but_said_so_once(self):
        self.data.mkdir(mode=0o755)
        (self.data / "foreign").write_text("x")
        bot = self.start_bot()
        self.assertEqual(mode(self.data), 0o755)
        self.assertEqual(bot.log().count("open to others"), 1, bot.log())
        self.assertEqual(mode(self.data / "bot.sqlite"), 0o600)

    def test_files_are_not_opened_through_links_but_the_folder_may_be_one(self):
        real = self.folder / "real"
        real.mkdir()
        self.data.symlink_to(real)
        bot = self.start_bot(durability="process")
        self.stop(bot)
        names = [path.name for path in real.iterdir() if path.is_file()]
        self.assertIn("lock", names)
        self.assertIn("bot.sqlite", names)
        for name in names:
            with self.subTest(name):
                elsewhere = self.folder / ("elsewhere-" + name)
                (real / name).rename(elsewhere)
                (real / name).symlink_to(elsewhere)
                kept = elsewhere.read_bytes()
                bot = self.start_bot(ready=False, durability="process")
                self.assertEqual(bot.wait(), 4, bot.log())
                self.assertIn(name, bot.log())
                self.assertEqual(elsewhere.read_bytes(), kept)
                (real / name).unlink()
                elsewhere.rename(real / name)


class Crash(World):
    def test_a_crash_leaves_one_line_with_its_calls_and_no_core(self):
        for number, form in ((signal.SIGSEGV, "text"), (signal.SIGABRT, "json")):
            bot = self.start_bot(log_format=form, data_dir=str(self.folder / form))
            proc = pathlib.Path("/proc") / str(bot.handle.pid)
            if "release" in str(BIN.resolve()):  # the sanitizers need the process to be readable
                self.assertEqual((proc / "environ").stat().st_uid, 0)
            self.assertRegex((proc / "limits").read_text(), r"Max core file size\s+0\s+0")
            bot.signal(number)
            bot.wait()
            lines = [line for line in bot.log().splitlines() if "crashed" in line]
            self.assertEqual(len(lines), 1, bot.log())
            self.assertIn(number.name, lines[0])
            if form == "json":
                self.assertEqual(json.loads(lines[0])["event"], "crashed")
            self.assertGreater(len(re.findall(r"0x[0-9a-f]+", lines[0])), 3)


if __name__ == "__main__":
    unittest.main()
