"""A balance that changes without a reason stops trading, also when it changed while the bot was away."""
from tests.system.test_trader import TraderWorld


class BalanceGuard(TraderWorld):
    def traded(self):
        bot = self.start_trader()
        self.go_live()
        self.await_targets(1)
        return bot

    def test_money_that_goes_while_the_bot_is_down_is_noticed_and_told_with_its_figures(self):
        self.stop(self.traded())
        self.control("market", {"act": "money", "cents": -80_000})
        after = self.control("state")["seq"]
        bot = self.start_trader()
        told = self.await_event(after, kind="message", outgoing=False, contains="Trading is paused")["message"]["text"]
        self.assertIn("it should be $1000.00, it is $200.00", told)
        status = self.ask("/status", "Trading")["text"]
        self.assertIn("paused by the bot: the balance changed without a reason", status)
        self.assertIn("should be $1000.00, it was $200.00", status)
        self.assertNotIn("paused by a person", status)
        self.stop(bot)
        switch = [entry for entry in self.entries() if entry["kind"] == "switch"][-1]
        self.assertIn("seen=$200.00", str(switch))
        bot = self.start_trader()
        self.await_line(bot, "trades reconciled")
        self.assertIn("paused by the bot", self.ask("/status", "Trading")["text"], "a restart does not forget it")
        self.ask("/resume", "goes on")
        self.assertNotIn("paused by the bot", self.ask("/status", "Trading")["text"])

    def test_what_the_bot_bought_while_it_was_down_is_no_such_change(self):
        bot = self.traded()
        target = self.books()["targets"][0]["target"]
        self.stop(bot)
        self.control("market", {"act": "sell", "target": target})
        bot = self.start_trader()
        self.await_line(bot, r"order action=create_offer outcome=done")
        self.assertNotIn("paused by the bot", self.ask("/status", "Trading")["text"])
