"""Two instances of the bot with one token and data directories of their own: one of them acts, and never both."""
import os
import re
import shutil
import signal
import subprocess
import unittest

from tests.system.fast_world import FastWorld
from tests.system.test_trader import TraderWorld
from tests.system.test_webhook import free_port
from tests.system.world import ANNA, BIN, http

MAY_ADD = "dmarket_may_add_risk"
LONG = os.environ.get("LONG") == "1"


class TwoInstances(FastWorld, TraderWorld):
    sandbox_arguments = [*TraderWorld.sandbox_arguments, "--allow-any-webhook"]

    def setUp(self):
        super().setUp()
        self.places, self.bots_here, self.watched = {}, {}, []
        self.never_both = self.nobody_since = None
        self.worst, self.answered = 0.0, 0
        self.prepare()

    def prepare(self):
        """A data directory in which an admin has said /live; the others are copies of it."""
        self.origin = self.folder / "origin"
        bot = self.start_trader(rules=self.rules(max_price="0.01"), data_dir=str(self.origin))
        self.go_live()
        self.stop(bot)

    def start(self, name, ready=True, **environment):
        place = self.folder / name
        if not place.exists():
            shutil.copytree(self.origin, place)
        if name not in self.places:
            self.places[name] = self.gate(int(self.url.rsplit(":", 1)[1]))
        bot = self.start_bot(trade_rules=str(self.rules()), trade_interval="5s", dry_run="false", data_dir=str(place),
                             telegram_api_url=self.places[name].url, trade_settle_in=None, ready=ready, **environment)
        self.bots_here[name] = bot
        return bot

    def alive(self):
        return {name: bot for name, bot in self.bots_here.items() if bot.running()}

    def may_add(self):
        return {name for name, bot in self.alive().items() if self.metric(bot, MAY_ADD) == 1}

    def orders(self, bot):
        return self.metric(bot, r'dmarket_orders_total\{action="create_target"[^}]*')

    def are_ready(self):
        ready = set()
        for name, bot in self.alive().items():
            try:
                if http(self.health_url(bot) + "/ready", timeout=5)[0] == 200:
                    ready.add(name)
            except OSError:
                pass
        return ready

    def look(self):
        """One look at everything that must never be."""
        adding = self.may_add()
        reachable = {name for name in adding if self.places[name].is_open}
        self.assertLessEqual(len(reachable), 1, "two instances may give orders")
        now = self.fast_now()
        if self.control("state")["bots"][0]["pending"] == 0:
            self.nobody_since = None
        elif self.nobody_since is None:
            self.nobody_since = now
        if self.nobody_since is not None:
            self.worst = max(self.worst, now - self.nobody_since)
        return adding

    def run_for(self, seconds, messages=True, until=None):
        """Fast seconds, with a message now and then; or until `until` holds."""
        begin, next_message = self.fast_now(), self.fast_now()
        while self.fast_now() < begin + seconds:
            self.look()
            if until is not None and until():
                return self.fast_now() - begin
            if messages and self.fast_now() >= next_message:
                self.send("/ping")
                next_message += 20
            try:
                self.sandbox.handle.wait(0.03)
            except subprocess.TimeoutExpired:
                pass
        if until is not None:
            self.fail(f"did not come true in {seconds} s: " + "\n\n".join(
                f"{name}: {bot.log()[-3000:]}" for name, bot in self.bots_here.items()))
        return seconds

    def conflicts(self):
        return sum(self.metric(bot, 'tgkit_poll_rounds_total\\{outcome="conflict"') for bot in self.alive().values())

    def assert_never_nobody(self):
        self.assertLessEqual(self.worst, 24, "updates waited at Telegram for so long")  # 20 and the looks' own pace


class Polling(TwoInstances):
    def test_the_second_takes_over_the_first_gives_way_and_comes_back_when_the_second_dies(self):
        a = self.start("a")
        self.run_for(60)
        self.assertEqual(self.orders(a), 0, "the first order leaves only after 90 s")
        self.run_for(80, until=lambda: self.may_add() == {"a"})
        b = self.start("b")
        self.run_for(8, until=lambda: "a" not in self.may_add())
        self.run_for(180, until=lambda: self.may_add() == {"b"})
        self.assertEqual(self.are_ready(), {"b"})
        self.assertRegex(a.log(), r"stepped down[^\n]*targets=\d+ offers=\d+")
        self.assertLessEqual(len(re.findall("stepping down until it is gone", a.log())), 2, "said once each time")
        given, settled = self.orders(a), self.conflicts()
        self.run_for(60)
        self.assertEqual(self.conflicts(), settled, "they throw each other out")
        self.assertEqual(self.orders(a), given, "who stepped down goes on buying")
        b.kill()
        self.run_for(60, until=lambda: self.are_ready() == {"a"})
        self.assert_never_nobody()
        self.run_for(30)
        self.assertEqual(self.may_add(), set(), "who takes over waits until the other would have stopped by itself")

    @unittest.skipUnless(LONG, "LONG=1")
    def test_ten_minutes_of_a_deploy_its_rollback_and_an_instance_cut_off_from_telegram(self):
        self.start("a")
        self.run_for(130, until=lambda: self.may_add() == {"a"})
        b = self.start("b")  # a rolling deploy that is rolled back
        self.run_for(8)
        b.signal(signal.SIGTERM)
        b.wait()
        self.run_for(40, until=lambda: self.are_ready() == {"a"})
        self.run_for(130, until=lambda: self.may_add() == {"a"})
        b = self.start("b")  # one that goes through
        self.run_for(8)
        self.bots_here["a"].signal(signal.SIGTERM)
        self.bots_here["a"].wait()
        self.run_for(130, until=lambda: self.may_add() == {"b"})
        self.start("a")  # and stays beside it
        self.run_for(60)
        winner = next(iter(self.are_ready()))
        loser = ({"a", "b"} - {winner}).pop()
        self.run_for(130, until=lambda: self.may_add() == {winner})
        self.places[winner].cut()
        self.run_for(40, until=lambda: loser in self.are_ready())
        self.run_for(300, until=lambda: self.may_add() == set())  # nobody could tell it to stop
        self.run_for(160, until=lambda: self.may_add() == {loser})
        self.places[winner].mend()
        self.run_for(120)
        self.assertLessEqual(len(self.are_ready()), 1)
        self.assert_never_nobody()


class Webhook(TwoInstances):
    def start_hook(self, name, **environment):
        port = free_port()
        return self.start(name, webhook_url=f"http://127.0.0.1:{port}/hook", webhook_port=str(port), **environment)

    def registered(self):
        return self.control("state")["bots"][0]["webhook"]

    def takes_over(self, **environment):
        a = self.start_hook("a", **environment)
        self.assertIn("instance=", self.registered())
        self.run_for(130, until=lambda: self.may_add() == {"a"})
        b = self.start_hook("b", **environment)
        self.run_for(70, until=lambda: "a" not in self.may_add())
        self.assertEqual(self.are_ready(), {"b"})
        self.assertRegex(a.log(), r"stepping down[^\n]*another instance has registered")
        self.run_for(120, until=lambda: self.may_add() == {"b"})
        self.assertEqual(len(re.findall("webhook registered", a.log() + b.log())), 2, "they throw each other out")
        b.kill()
        self.run_for(60, until=lambda: self.are_ready() == {"a"})
        self.run_for(10, until=lambda: self.control("state")["bots"][0]["pending"] == 0)
        self.assert_never_nobody()

    def test_the_second_takes_over_the_first_gives_way_and_comes_back_when_the_second_dies(self):
        self.takes_over()

    @unittest.skipUnless(LONG, "LONG=1")
    def test_it_is_so_with_one_secret_for_both(self):
        self.takes_over(webhook_secret="two-instances-one-secret")

    def test_a_delivery_for_another_instance_is_sent_on_and_a_copied_store_is_another(self):
        self.start_hook("a", webhook_secret="two-instances-one-secret")
        first = self.registered()
        self.bots_here["a"].kill()
        self.start_hook("a", webhook_secret="two-instances-one-secret")
        self.assertEqual(self.registered().split("?")[1], first.split("?")[1], "the same store")
        mine = self.registered()
        self.run_for(70)
        status, _, _ = http(mine.split("?")[0] + "?instance=another", {"update_id": 1},
                            {"X-Telegram-Bot-Api-Secret-Token": "two-instances-one-secret"})
        self.assertEqual(status, 503)
        self.assertRegex(self.await_line(self.bots_here["a"], "stepping down[^\n]*"), "another store's id")
        self.run_for(10, until=lambda: self.are_ready() == {"a"})  # the look says that it is ours all the same
        self.bots_here["a"].kill()
        self.start_hook("b", webhook_secret="two-instances-one-secret")
        self.assertNotEqual(self.registered().split("?")[1], first.split("?")[1], "a copy is another store")


if __name__ == "__main__":
    unittest.main()
