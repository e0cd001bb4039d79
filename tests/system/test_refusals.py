"""A refusal of one thing is not a failure of all, and what reduces risk goes on while everything else is stopped."""
import json
import re
import unittest

from tests.system.test_trader import TraderWorld
from tests.system.world import http

CREATE_OFFER = "/marketplace-api/v2/offers:batchCreate"
LOCK = 1000  # seconds; after them the exchange lets an order be changed


class RefusalWorld(TraderWorld):
    def others_offer_at(self, percent):
        """What a copy sells for is at most so much of what it was worth."""
        self.control("market", {"act": "offer", "game": "a8db", "title": self.title, "price": self.worth * percent // 100})

    def advance(self, seconds):
        self.control("time", {"advance": seconds})

    def rounds(self):
        _, text, _ = http(self.health_url(self.bot) + "/metrics", headers={"Accept": "text/plain"})
        return sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith("dmarket_rounds_total{"))

    def await_rounds(self, count):
        before = self.rounds()
        self.until(f"{count} rounds", lambda: self.rounds() > before + count)

    def writes(self, path=""):
        calls = self.control("dmarket-calls", since=0, writes="true")["calls"]
        return [call for call in calls if call["path"].startswith(path)]


class OneThingRefused(RefusalWorld):
    def two_rules(self, asset):
        """Bids on one title, and sells a copy of another."""
        path = self.rules(max_price=f"{self.worth * 60 // 100 / 100:.2f}")
        rule = {"name": "two", "game": "cs2", "title": self.other, "items": [asset], "floor": "1.00"}
        path.write_text(path.read_text() + "\n[[rule]]\n" + "\n".join(
            f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in rule.items()))
        return path

    def test_a_copy_that_cannot_be_listed_is_left_alone_and_a_bid_that_became_bad_is_withdrawn(self):
        titles = self.control("market", game="a8db", limit=40)["titles"]
        self.other = next(line["title"] for line in titles if line["title"] != self.title and line["worth"] > 300)
        self.control("market", {"act": "give", "game": "a8db", "title": self.other, "in_market": True})
        asset = self.books()["inventory"][0]["id"]
        self.control("faults", {"method": "dmarket", "path": CREATE_OFFER, "contains": asset, "count": 0, "action": "body",
                                "status": 400, "body": '{"code":"AssetCannotBeSold","message":"this item cannot be sold"}'})
        rules = self.two_rules(asset)
        self.bot = self.start_trader(rules=rules)
        self.go_live()
        self.await_targets(1)
        for wanted, minutes in ((1, 5), (2, 10), (3, 20)):
            self.until(f"refusal {wanted}", lambda: len(self.writes(CREATE_OFFER)) >= wanted)
            self.advance(minutes * 60 + 30)
        self.await_rounds(2)
        refused = len(self.writes(CREATE_OFFER))
        status = self.ask("/status", "Trading")["text"]
        self.assertRegex(status, rf"left alone for a while: 1\n +{re.escape(self.other)}.*AssetCannotBeSold, tried again in")
        self.assertIn("Guards: all open", status)
        self.others_offer_at(40)
        self.await_targets(0)
        self.assertRegex(self.bot.log(), r"DMarket refuses this one.*AssetCannotBeSold")
        self.stop(self.bot)
        self.bot = self.start_trader(rules=rules)
        self.await_rounds(3)
        self.assertEqual(len(self.writes(CREATE_OFFER)), refused, "a restart does not try it again")
        self.assert_sound()


class Stopped(RefusalWorld):
    def setUp(self):
        super().setUp()
        self.bot = self.start_trader()
        self.go_live()
        self.await_targets(1)
        self.advance(LOCK)

    def test_while_paused_a_bid_that_became_bad_is_withdrawn_and_nothing_new_is_ordered(self):
        self.ask("/pause", "paused")
        writes = len(self.writes())
        self.await_rounds(3)
        self.assertEqual(len(self.writes()), writes, "a good one stays")
        self.others_offer_at(40)
        self.await_targets(0)
        self.await_rounds(2)
        self.assertEqual(len(self.writes()), writes + 1, "only its deletion")
        self.assertIn("withdrawn all the same", self.ask("/status", "Trading")["text"])

    def test_in_dry_run_a_bid_that_became_bad_is_named_and_stays(self):
        self.stop(self.bot)
        writes = len(self.writes())
        self.bot = self.start_trader(live=False)
        self.await_rounds(2)
        self.assertNotIn("become bad", self.ask("/status", "Trading")["text"])
        self.others_offer_at(40)
        self.await_line(self.bot, r"a real order has become bad and stays")
        self.assertRegex(self.ask("/status", "Trading")["text"], rf"have become bad .*: 1\n +{re.escape(self.title)}, \$")
        self.assertEqual((len(self.writes()), len(self.books()["targets"])), (writes, 1))


if __name__ == "__main__":
    unittest.main()
