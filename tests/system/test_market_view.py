"""What the shipped bot sees of a title's market before it prices a copy of its own, and whom it follows."""
import unittest

from tests.system.test_trader import TraderWorld


class MarketView(TraderWorld):
    sandbox_arguments = ["--market-titles", "400", "--market-offers", "8000", "--usd", "100000",
                         "--dmarket-switch", "missing_percent=0"]

    def titles(self):
        return self.control("market", game="a8db", limit=400)["titles"]

    def put_on_offer(self, title, cost, **rule):
        """Gives us a copy that has cost so much, and lets a rule sell it."""
        self.control("market", {"act": "give", "game": "a8db", "title": title, "in_market": True})
        asset = self.books()["inventory"][0]["id"]
        self.title = title
        self.bot = self.start_trader(rules=self.rules(max_price=None, keep_best=None, items=[asset], **rule))
        self.tool("cost", asset, f"{cost / 100:.2f}")
        self.go_live()
        return self.until("an offer of ours", lambda: self.books()["offers"])[0]["price"]

    def others_offer(self, title, price, count=1):
        for _ in range(count):
            self.control("market", {"act": "offer", "game": "a8db", "title": title, "price": price})

    def lowest_of_others(self):
        return self.control("market-title", game="a8db", title=self.title)["offers"][0]["price"]

    def test_a_title_that_begins_another_titles_name_sees_its_rivals_behind_a_page_of_the_others(self):
        names = [line["title"] for line in self.titles()]
        title, longer = next((a, b) for a in names for b in names if a != b and b.startswith(a))
        self.others_offer(longer, 2, count=120)
        rival = next(line["offer_best"] for line in self.titles() if line["title"] == title) * 8 // 10
        self.others_offer(title, rival, count=2)
        self.assertEqual(self.put_on_offer(title, rival // 4), rival - 1)

    def test_a_lone_offer_far_below_the_others_is_not_followed(self):
        mine = self.put_on_offer(self.title, self.worth // 4)
        self.control("time", {"advance": 1000})  # the exchange's lock of a new offer ends
        self.others_offer(self.title, mine // 2)
        self.await_rounds(self.bot, 3)
        self.assertGreater(self.books()["offers"][0]["price"], mine * 9 // 10)
        self.others_offer(self.title, mine // 2)  # two are a market
        self.until("a step down", lambda: self.books()["offers"] and self.books()["offers"][0]["price"] < mine * 9 // 10)

    def test_a_sale_leaves_the_least_profit_of_the_rule(self):
        price = self.put_on_offer(self.title, self.worth, least_profit_percent=20)
        self.assertGreaterEqual(price, self.worth * 120 // 100)


if __name__ == "__main__":
    unittest.main()
