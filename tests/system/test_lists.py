"""An order that a list does not show is not gone: the shipped bot against lists that lag, hide, and count more than they show."""
import unittest

from tests.system.test_trader import CREATE_TARGET, BuyingWorld, TraderWorld

TARGETS = "/marketplace-api/v2/user/targets"
INVENTORY = "/marketplace-api/v2/user/inventory"
CLOSED_TARGETS = "/marketplace-api/v1/user-targets/closed"


class ListsWorld(TraderWorld):
    def spoil(self, path, action, **more):
        self.control("faults", {"method": "dmarket", "path": path, "action": action, "count": 0, **more})

    def mend(self):
        self.control("faults", {"clear": True})

    def trade(self, **rules):
        self.bot = self.start_trader(rules=self.rules(amount=2, **rules))
        self.go_live()

    def gone(self):
        return [entry for entry in self.entries() if entry["kind"] == "order_gone" and entry["mode"] == "real"]

    def assert_none_left_by_panic(self):
        self.ask("/panic", "Stopped")
        self.pass_time(2400, 1200)
        self.await_targets(0)
        self.assert_sound()


class Targets(ListsWorld):
    def test_one_that_a_list_does_not_show_stands_and_is_not_placed_again(self):
        self.trade()
        target = self.await_targets(1)[0]["target"]
        for action, more, seconds in (("short_list", {}, 400), ("null_ids", {}, 400), ("hide", {"ids": [target]}, 130)):
            self.spoil(TARGETS, action, **more)
            self.pass_time(seconds, 130)
            self.mend()
            self.pass_time(10, 10)
            self.assertEqual(len(self.creations()), 1, action)
            self.assertEqual(self.gone(), [], action)
        self.assertEqual([line["target"] for line in self.books()["targets"]], [target])

    def test_one_whose_answer_was_lost_is_waited_for_longer_than_a_list_lags(self):
        self.spoil(TARGETS, "lag", lag=95)
        self.control("faults", {"method": "dmarket", "path": CREATE_TARGET, "action": "drop_after"})
        self.trade()
        self.await_line(self.bot, r"order action=create_target outcome=unknown")
        self.pass_time(400, 20)
        self.await_line(self.bot, r"an order of unknown outcome is settled.*outcome=done")
        self.assertEqual(len(self.creations()), 1)
        self.assertEqual(len(self.books()["targets"]), 1)

    def test_one_that_shows_again_is_ours_again(self):
        self.trade()
        first = self.await_targets(1)[0]["target"]
        self.spoil(TARGETS, "hide", ids=[first])
        self.pass_time(600, 200)
        self.until("it counts as gone", lambda: [entry["target_id"] for entry in self.gone()] == [first])
        self.await_targets(2)
        self.mend()
        self.await_line(self.bot, "an order of ours that counted as ended is listed")
        self.pass_time(2000, 1000)
        self.await_targets(1)  # a rule keeps one
        self.assert_none_left_by_panic()

    def test_one_whose_making_was_given_up_is_adopted_when_it_shows(self):
        self.spoil(TARGETS, "lag", lag=5000)
        self.control("faults", {"method": "dmarket", "path": CREATE_TARGET, "action": "drop_after"})
        self.trade()
        self.await_line(self.bot, r"order action=create_target outcome=unknown")
        self.pass_time(600, 200)
        self.await_line(self.bot, r"an order of unknown outcome is settled.*outcome=failed")
        self.await_targets(2)
        self.mend()
        self.await_line(self.bot, "an order of ours that counted as ended is listed")
        self.assert_none_left_by_panic()

    def test_one_that_was_filled_is_not_gone_while_its_trade_is_not_shown(self):
        self.trade(sell=False)
        target = self.await_targets(1)[0]
        for _ in range(2):
            self.control("market", {"act": "sell", "target": target["target"]})
        self.spoil(CLOSED_TARGETS, "short_list")
        self.pass_time(600, 200)
        self.assertEqual(self.gone(), [])
        self.assertEqual(len(self.creations()), 1)
        self.mend()
        self.until("its trades are booked", lambda: sum(
            entry["kind"] == "purchase" and entry["mode"] == "real" for entry in self.entries()) == 2)


class Doubts(ListsWorld):
    def await_question(self, after):
        return self.await_event(after, kind="message", outgoing=False, contains="What became of this order?")["message"]

    def test_what_no_list_proves_for_an_hour_is_asked_about_and_stands_until_somebody_says_otherwise(self):
        self.trade()
        target = self.await_targets(1)[0]["target"]
        after = self.control("state")["seq"]
        self.spoil(TARGETS, "short_list")
        self.pass_time(4800, 1200)
        question = self.await_question(after)
        self.assertIn(self.title, question["text"])
        self.assertIn("shows 0 entries and counts 1", question["text"])
        after = self.press("Look on", message_id=question["message_id"])
        self.await_event(after, kind="edit", contains="asks again in an hour")
        self.assertEqual(self.gone(), [])
        self.pass_time(3600, 1800)
        question = self.await_question(after)
        after = self.press("It is gone", message_id=question["message_id"])
        self.await_event(after, kind="edit", contains="it counts as gone")
        self.assertEqual([entry["target_id"] for entry in self.gone()], [target])
        self.assertEqual(len(self.creations()), 1, "lists that prove nothing are no ground for an order")
        self.mend()
        self.await_line(self.bot, "an order of ours that counted as ended is listed")


class Copies(BuyingWorld, ListsWorld):
    def test_one_that_the_inventory_does_not_show_is_not_taken_back(self):
        self.bot = self.start_trader(rules=self.buying(sell=False))
        self.go_live()
        self.put_cheap_offer()
        self.until("a purchase", lambda: self.purchases())
        self.spoil(INVENTORY, "short_list")
        self.pass_time(900, 300)
        self.assertEqual([state for _, state, _ in self.purchases().values()], ["pending"])
        self.assertEqual(len(self.purchase_calls()), 1)
        self.assert_same_purchases()


if __name__ == "__main__":
    unittest.main()
