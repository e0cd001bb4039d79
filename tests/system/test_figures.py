"""A figure that the exchange does not say is unknown, not zero."""
import json
import unittest

from tests.system.test_trader import TraderWorld


class FiguresThatAreNotThere(TraderWorld):
    sandbox_arguments = [*TraderWorld.sandbox_arguments, "--market-rule", "revert_share=0", "--market-rule", "purchase_revert_share=0"]

    def export(self, *more):
        return json.loads(self.tool("export", "--format", "json", *more))

    def leave_out(self, **switches):
        self.control("dmarket-switches", {"api": switches})

    def buy_one(self):
        self.start_bot(trade_rules=str(self.rules()), trade_interval="200ms", reconcile_interval="1s", dry_run="false")
        self.go_live()
        target = self.await_targets(1)[0]
        self.control("market", {"act": "sell", "target": target["target"]})

    def sell_it(self):
        offer = self.until("an offer", lambda: self.books()["offers"])[0]
        self.control("market", {"act": "buy", "offer": offer["offer"]})

    def await_trade(self, judge):
        def look():
            trades = self.export("--what", "trades")["trades"]
            return trades[0] if trades and judge(trades[0]) else None
        return self.until("the trade", look)

    def finalize(self):
        self.control("time", {"advance": 9 * 86400})

    def test_a_sale_without_a_fee_is_no_profit_until_the_fee_is_said(self):
        self.leave_out(closed_without_fee=True)
        self.buy_one()
        self.sell_it()
        self.finalize()
        trade = self.await_trade(lambda trade: trade["state"] == "final")
        self.assertNotIn("fee_cents", trade)
        self.assertNotIn("profit_cents", trade)
        totals = self.export()["totals"]
        self.assertEqual((totals["profit_final_cents"], totals["sales_final"], totals["sales_unsaid"]), (0, 1, 1))
        self.leave_out(closed_without_fee=False)
        trade = self.await_trade(lambda trade: "fee_cents" in trade)
        sold = next(one for one in self.books()["trades"] if one["side"] == "sale")
        self.assertEqual(trade["fee_cents"], sold["fee"])
        self.assertEqual(self.export()["totals"]["profit_final_cents"], trade["price_cents"] - trade["fee_cents"] - trade["cost_cents"])

    def test_trades_without_a_price_are_entered_and_bought_once(self):
        self.leave_out(closed_without_price=True)
        self.buy_one()
        self.sell_it()
        self.finalize()
        self.await_trade(lambda trade: trade["state"] == "final" and "price_cents" not in trade)
        totals = self.export()["totals"]
        self.assertEqual((totals["bought"], totals["spent_cents"], totals["gross_final_cents"], totals["profit_final_cents"]), (1, 0, 0, 0))
        self.leave_out(closed_without_price=False)
        trade = self.await_trade(lambda trade: "profit_cents" in trade)
        trades = {one["side"]: one for one in self.books()["trades"]}
        self.assertEqual(trade["price_cents"], trades["sale"]["price"])
        self.assertEqual(trade["cost_cents"], trades["purchase"]["price"])


class Paper(TraderWorld):
    """The dry run's account is not better than a real one would be."""

    def totals(self):
        return json.loads(self.tool("export", "--format", "json"))["simulated_totals"]

    def await_totals(self, what, judge):
        return self.until(what, lambda: (lambda found: found if judge(found) else None)(self.totals()))

    def trade(self, price, by):
        self.control("time", {"advance": 3})
        self.control("market", {"act": "trade", "game": "a8db", "title": self.title, "price": price, "by": by})

    def test_trades_of_the_market_fill_its_orders_and_nothing_is_final_before_the_protection_ends(self):
        bot = self.start_trader(live=False)
        self.await_line(bot, r"simulated order action=create_target outcome=done")
        self.await_rounds(bot, 2)  # its place in the queue is known
        for _ in range(12):  # those before it are served first
            for _ in range(10):
                self.trade(self.worth, "target")
            self.trade(self.worth * 55 // 100, "target")
            self.await_rounds(bot, 2)
            if self.totals()["bought"]:
                break
        self.await_totals("a purchase", lambda totals: totals["bought"] == 1)
        self.await_line(bot, r"simulated order action=create_offer outcome=done")
        self.await_rounds(bot, 2)
        self.trade(self.worth * 3, "offer")
        totals = self.await_totals("a sale", lambda totals: totals["sales_pending"] == 1)
        self.assertEqual((totals["sales_final"], totals["profit_final_cents"]), (0, 0))
        self.control("time", {"advance": 9 * 86400})
        totals = self.await_totals("the end of the protection", lambda totals: totals["sales_final"] == 1)
        self.assertNotEqual(totals["profit_final_cents"], 0)
        self.assertEqual(self.books()["write_calls"], 0)


if __name__ == "__main__":
    unittest.main()
