"""The daily report of the shipped bot: at its hour, once a day, over restarts and crashes. The bot's wall clock is set by
the tests, so that its hour is always two seconds away."""
import datetime
import math
import re
import shutil
import signal
import struct
import subprocess
import unittest
import zoneinfo

from tests.system.world import ANNA, BIN, BORIS, ROOT, World

ZONE = "Asia/Kathmandu"  # UTC+5:45: an hour of any other zone would show
TITLE, TITLE_RU = "Daily report", "Ежедневный отчёт"


class ReportWorld(World):
    """The bot has run before, at eight on the first day; two seconds are left until nine."""

    def setUp(self):
        super().setUp()
        self.library = self.folder / "shifted_clock.so"
        compiler = shutil.which("clang-19") or shutil.which("gcc") or shutil.which("cc")
        subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", self.library, ROOT / "tests/system/shifted_clock.c"],
                       check=True)
        self.shift_file = self.folder / "shift"
        self.today = datetime.datetime.now(zoneinfo.ZoneInfo(ZONE))
        self.set_clock(8)
        bot = self.start()
        for user in (ANNA, BORIS):  # whoever has not written to the bot cannot be written to
            self.ask("/help", "/balance", user)
        self.stop(bot)
        self.set_clock(9, seconds=-2)

    def set_clock(self, hour, days=0, seconds=0):
        """That hour of today, or of a later day, where the bot is said to be."""
        moment = self.today.replace(hour=hour, minute=0, second=0, microsecond=0)
        moment += datetime.timedelta(days=days, seconds=seconds)
        ahead = math.ceil((moment - datetime.datetime.now(datetime.timezone.utc)).total_seconds())
        with open(self.shift_file, "r+b" if self.shift_file.exists() else "wb") as file:
            file.write(struct.pack("=q", ahead))

    def start(self, ready=True, **environment):
        settings = {"daily_report_enabled": "true", "daily_report_hour": "9", "daily_report_minute": "0", "time_zone": ZONE,
                    "ld_preload": str(self.library), "clock_shift": str(self.shift_file),
                    "asan_options": "verify_asan_link_order=0:detect_leaks=0", **environment}
        return self.start_bot(ready=ready, **settings)

    def reports(self, user=ANNA, title=TITLE):
        return [text for text in self.bot_texts(user) if title in text]

    def await_report(self, after=0, user=ANNA, title=TITLE):
        return self.await_event(after, user, kind="message", outgoing=False, contains=title)["message"]["text"]

    def now(self):
        return self.control("state")["seq"]


class DailyReport(ReportWorld):
    def test_it_comes_to_the_admins_at_its_hour_in_the_configured_zone(self):
        bot = self.start()
        text = self.await_report()
        self.assertRegex(text, r"\d{4}-\d\d-\d\d 09:00 \(UTC\+5:45\)")
        self.assertIn("$", text, "the balance")
        self.assertRegex(text, r"Errors since the start: 0\b")
        self.assertEqual(self.reports(BORIS), [], "he is no admin")
        self.stop(bot)

    def test_it_comes_once_a_day_over_restarts(self):
        bot = self.start()
        self.await_report()
        self.stop(bot)
        bot = self.start()
        self.ask("/help", "/balance")
        self.assertEqual(len(self.reports()), 1, "not again on the same day")
        self.stop(bot)
        before = self.now()
        self.set_clock(9, days=1, seconds=-2)
        self.start()
        self.await_report(before)

    def test_days_that_were_missed_are_reported_once_at_the_next_start(self):
        before = self.now()
        self.set_clock(15, days=3)
        self.start()
        self.assertIn("15:00", self.await_report(before))
        self.ask("/help", "/balance")
        self.assertEqual(len(self.reports()), 1)

    def test_it_speaks_the_language_of_its_reader(self):
        self.start(language="ru", admin_users=None)
        for user in (ANNA, BORIS):  # without admins, everybody who may use the bot
            self.assertIn("Баланс", self.await_report(0, user, TITLE_RU))

    def test_it_does_not_come_when_it_is_switched_off(self):
        self.set_clock(9, days=2)
        self.start(daily_report_enabled="false")
        self.ask("/help", "/balance")
        self.assertEqual(self.reports(), [])

    def test_it_is_the_first_to_stop_and_the_last_to_start(self):
        bot = self.start()
        self.stop(bot)
        started, stopped = (
            [name for name in re.findall(rf"service {what}.*?service=\"?([a-z]+)", bot.log())
             if name not in ("admin", "checks")]  # which only look on
            for what in ("started", "stopped"))
        self.assertEqual(started[-1], "jobs", bot.log())
        self.assertEqual(stopped[0], "jobs", bot.log())


@unittest.skipUnless(b"TGKIT_CRASH_AT" in (BIN / "dmarket-bot").read_bytes(), "this build has no crash points")
class Crashes(ReportWorld):
    def die(self, moment):
        bot = self.start(ready=False, tgkit_crash_at=f"{moment}:1")
        self.assertEqual(bot.wait(), -signal.SIGKILL, bot.log())

    def test_a_kill_at_any_moment_of_the_run_neither_loses_nor_repeats_it(self):
        for day, moment in enumerate(("job_begun", "job_handled", "committed")):
            before = self.now()
            self.set_clock(9, days=day, seconds=-1)
            self.die(moment)
            bot = self.start()
            self.await_report(before)
            self.ask("/help", "/balance")
            self.assertEqual(len(self.reports()), day + 1, moment)
            self.stop(bot)

    def test_one_that_kills_the_bot_every_time_is_set_aside_and_the_bot_runs(self):
        for _ in range(3):
            self.die("job_begun")
        bot = self.start()
        self.await_line(bot, "a job's timer is set aside")
        self.ask("/help", "/balance")
        self.assertEqual(self.reports(), [])


if __name__ == "__main__":
    unittest.main()
