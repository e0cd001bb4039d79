"""A month of live trading in virtual time: the shipped bot against the sandbox's exchange, which fails and loses answers,
while the bot is killed with SIGKILL again and again. At the end the bot's ledger must equal the exchange's own books.

    python3 -m tests.chaos.month --days 30 --kills 60 --seed 1 --bin build/release/bin
"""
import argparse
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import time

BUDGET = 150  # dollars a day
MONEY = 100000  # cents, at the start
FAULTS = [("drop_after", 0.02, {}), ("drop_before", 0.01, {}), ("status", 0.01, {"status": 500}),
          ("html", 0.005, {}), ("half", 0.005, {}),
          ("drop_after", 0.15, {"path": "/exchange/v1/offers-buy"}), ("drop_before", 0.1, {"path": "/exchange/v1/offers-buy"}),
          ("lag", 0.03, {"path": "/marketplace-api/v2/user/", "lag": 110}), ("hide", 0.01, {"path": "/marketplace-api/v2/user/"}),
          ("short_list", 0.02, {"path": "/marketplace-api/v2/user/"}), ("null_ids", 0.02, {"path": "/marketplace-api/v2/user/"}),
          ("lag", 0.03, {"path": "/marketplace-api/v1/user-", "lag": 110}), ("short_list", 0.02, {"path": "/marketplace-api/v1/user-"}),
          ("null_ids", 0.02, {"path": "/marketplace-api/v1/user-"})]


def options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--hours", type=float, default=2, help="of virtual time between two looks")
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--titles", type=int, default=4)
    parser.add_argument("--dry-run", action="store_true", help="the exchange must not notice anything")
    parser.add_argument("--bin", default="build/release/bin")
    return parser.parse_args()


ARGUMENTS = options() if __name__ == "__main__" else None
if ARGUMENTS:
    os.environ["BIN_DIR"] = ARGUMENTS.bin
from tests.system.world import BIN, LIMIT, World, http  # noqa: E402  (reads BIN_DIR)


class Month(World):
    sandbox_arguments = ["--market-titles", "60", "--market-offers", "4000", "--usd", str(MONEY), "--no-rate-limits",
                         "--market-seed", str(ARGUMENTS.seed if ARGUMENTS else 1)]

    def runTest(self):
        self.dice = random.Random(ARGUMENTS.seed)
        self.bought_at_once = {}  # titles of which a rule buys offers -> what they are worth
        self.rules = self.write_rules()
        self.bot = None
        self.kills = 0
        self.owned_at_start = {item["id"] for item in self.control("dmarket-books", entries="false")["inventory"]}
        steps = int(ARGUMENTS.days * 24 / ARGUMENTS.hours)
        kill_at = set(self.dice.sample(range(steps), min(ARGUMENTS.kills, steps)))
        self.start()
        if not ARGUMENTS.dry_run:
            self.go_live()
        for number, (action, probability, more) in enumerate(FAULTS):
            self.control("faults", {"method": "dmarket", "action": action, "probability": probability,
                                    "seed": ARGUMENTS.seed * 100 + number, **more})
        for step in range(steps):
            if step in kill_at:
                self.kill()
            self.control("time", {"advance": ARGUMENTS.hours * 3600 * self.dice.uniform(0.5, 1.5)})
            self.other_side()
            self.await_rounds(1)
        self.finish_all()
        self.compare()

    def write_rules(self):
        market = self.control("market", game="a8db", limit=60)
        lines = ["[limits]", 'daily_budget = "%d.00"' % BUDGET]
        chosen = 0
        for line in market["titles"]:
            sales = self.control("market-title", game="a8db", title=line["title"])["sales"]
            if not 100 <= line["worth"] <= 6000 or sum(sale["at"] > market["now"] - 6 * 86400 for sale in sales) < 4:
                continue
            lines += ["[[rule]]", 'game = "cs2"', f"title = {json.dumps(line['title'], ensure_ascii=False)}",
                      f'max_price = "{line["worth"] / 100:.2f}"']
            if chosen % 2 == 0:
                lines += [f'buy_now_price = "{line["worth"] * 85 // 100 / 100:.2f}"']
                self.bought_at_once[line["title"]] = line["worth"]
            lines += ["amount = 3", "least_profit_percent = 1", f'opening_price = "{line["worth"] * 8 // 10 / 100:.2f}"']
            chosen += 1
            if chosen == ARGUMENTS.titles:
                break
        path = self.folder / "rules.toml"
        path.write_text("\n".join(lines))
        return path

    def start(self):
        self.bot = self.start_bot(trade_rules=str(self.rules), trade_interval="100ms", reconcile_interval="30m",
                                  dry_run="true" if ARGUMENTS.dry_run else "false")

    def go_live(self):
        self.ask("/live", "Confirm")
        after = self.press("Yes, trade with real money")
        self.await_event(after, kind=["message", "edit"], outgoing=False, contains="orders are real")

    def kill(self):
        time.sleep(self.dice.uniform(0, 1.5))  # at any moment
        self.bot.kill()
        self.kills += 1
        self.start()

    def other_side(self):
        """Most of the market moves by itself; some of our orders are served by hand."""
        account = self.control("dmarket-books", entries="false")
        if account["targets"] and self.dice.random() < 0.3:
            self.try_act({"act": "sell", "target": self.dice.choice(account["targets"])["target"]})
        if account["offers"] and self.dice.random() < 0.3:
            self.try_act({"act": "buy", "offer": self.dice.choice(account["offers"])["offer"]})
        if self.bought_at_once and self.dice.random() < 0.4:
            title, worth = self.dice.choice(list(self.bought_at_once.items()))
            self.try_act({"act": "offer", "game": "a8db", "title": title, "price": worth * self.dice.randint(60, 88) // 100})
        pending = [trade for trade in account["trades"] if trade["state"] == "trade_protected"]
        if pending and self.dice.random() < 0.03:
            self.try_act({"act": "revert", "trade": self.dice.choice(pending)["trade"]})

    def try_act(self, what):
        try:
            self.control("market", what)
        except Exception as error:  # it was served a moment ago
            self.refused = str(error)

    def rounds(self):
        _, text, _ = http(self.health_url(self.bot) + "/metrics", headers={"Accept": "text/plain"})
        return sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith("dmarket_rounds_total{"))

    def await_rounds(self, count):
        before = self.rounds()
        deadline = time.monotonic() + 3 * LIMIT
        while self.rounds() < before + count + 1:  # the one under way began before
            if time.monotonic() > deadline:
                self.fail("the bot trades no more\n" + self.bot.log()[-4000:])
            time.sleep(0.05)

    def tool(self, *words):
        run = subprocess.run([str(BIN / "dmarket-bot"), "ledger", "export", "--format", "json", *words], timeout=LIMIT,
                             capture_output=True, text=True,
                             env={"PATH": "/usr/bin", "DATA_DIR": str(self.folder / "data")})
        self.assertEqual(run.returncode, 0, run.stderr)
        return json.loads(run.stdout)

    def finish_all(self):
        """No more faults and no more orders; every trade comes to its end."""
        self.control("faults", {"clear": True})
        self.ask("/panic", "Stopped")
        self.panic_at = self.control("market", game="a8db", limit=1)["now"]
        for _ in range(12):
            self.control("time", {"advance": 86400})
            self.await_rounds(2)

    def compare(self):
        books = self.control("dmarket-books", entries="false")
        self.assertEqual(books["violations"], [])
        if ARGUMENTS.dry_run:
            self.assertEqual((books["write_calls"], books["changing_calls"]), (0, 0))
            print(json.dumps(self.tool()["simulated_totals"], indent=1))
            return
        ledger = self.tool()
        trades = self.tool("--what", "trades")["trades"]
        ended = {"successful": "final", "reverted": "reverted", "trade_protected": "pending"}
        theirs = {(trade["side"], trade["target" if trade["side"] == "purchase" and trade["target"] else "offer"], trade["asset"]):
                  (ended.get(trade["state"], trade["state"]), trade["price"], trade["fee"] if trade["side"] == "sale" else 0)
                  for trade in books["trades"] if trade["state"] in ended}
        ours = {}
        for entry in ledger["entries"]:
            if entry["mode"] != "real" or entry["kind"] not in ("sale", "purchase"):
                continue
            by_target = entry["kind"] == "purchase" and entry["source"] == "target"
            key = (entry["kind"], entry["target_id" if by_target else "offer_id"], entry["asset_id"])
            ours[key] = (entry["state"], entry["price_cents"], entry.get("fee_cents", 0))
        self.assertEqual(len(trades), len([key for key in ours if key[0] == "sale"]), "each sale once")
        for key in theirs.keys() | ours.keys():
            if ours.get(key) != theirs.get(key):
                self.fail(f"{key}: {ours.get(key)} here, {theirs.get(key)} there\n{self.story(key, books, ledger)}")
        intents = {entry["number"]: entry for entry in ledger["entries"] if entry["kind"] == "intent"}
        ends = {entry["intent"]: entry["state"] for entry in ledger["entries"] if entry["kind"] == "outcome"}
        open_ones = [number for number in intents if ends.get(number, "unknown") == "unknown"]
        self.assertEqual(open_ones, [], "every order came to an end")
        made = {(entry["intent"], entry["target_id"]) for entry in ledger["entries"] if entry["kind"] == "outcome"
                and "target_id" in entry and intents[entry["intent"]]["action"] == "create_target"}
        self.assertEqual(len(made), len({target for _, target in made}), "no target for two orders")
        self.assertEqual(len(made), len({intent for intent, _ in made}), "no order twice")
        at_once = [intents[number]["offer_id"] for number, end in ends.items()
                   if end == "done" and intents[number]["action"] == "buy"]
        self.assertEqual(sorted(at_once), sorted(trade["offer"] for trade in books["trades"]
                                                 if trade["by"] == "offer" and trade["side"] == "purchase"
                                                 and trade["state"] != "failed"), "each offer once")
        self.assertEqual(books["targets"], [], "the panic left no target of the bot")
        self.assert_limits(books, intents, [entry for entry in ledger["entries"] if entry["kind"] == "outcome"])
        print(f"seed {ARGUMENTS.seed}, {ARGUMENTS.days} days, {self.kills} kills, {len(intents)} orders")
        tried = [number for number in intents if intents[number]["action"] == "buy"]
        lost = {entry["intent"] for entry in ledger["entries"] if entry.get("state") == "unknown"} & set(tried)
        print(f"  at once: {len(tried)} ordered, {len(lost)} without an answer, {len(at_once)} bought")
        self.assert_sums(books, ledger)

    def assert_sums(self, books, ledger):
        """Money, items, fees and profit as the exchange's books have them, beside the ledger's."""
        bought = [trade for trade in books["trades"] if trade["side"] == "purchase" and trade["state"] == "successful"]
        sold = [trade for trade in books["trades"] if trade["side"] == "sale" and trade["state"] == "successful"]
        costs = {}
        for trade in sorted(bought, key=lambda trade: trade["closed_at"]):
            costs.setdefault(trade["asset"], []).append(trade["price"])
        profit = sum(trade["price"] - trade["fee"] - costs[trade["asset"]].pop(0)
                     for trade in sorted(sold, key=lambda trade: trade["closed_at"]))
        pending = [trade for trade in books["trades"] if trade["side"] == "sale" and trade["state"] == "trade_protected"]
        for trade in pending:
            costs[trade["asset"]].pop(0)
        left = sorted(asset for asset, prices in costs.items() for _ in prices)
        owned = [item["id"] for item in books["inventory"]] + [offer["asset"] for offer in books["offers"]]
        totals = ledger["totals"]
        flow = totals["gross_final_cents"] - totals["fees_final_cents"] - totals["spent_cents"]
        lines = [("bought", totals["bought"], len(bought)),
                 ("spent", totals["spent_cents"], sum(trade["price"] for trade in bought)),
                 ("sold", totals["sales_final"], len(sold)),
                 ("gross", totals["gross_final_cents"], sum(trade["price"] for trade in sold)),
                 ("fees", totals["fees_final_cents"], sum(trade["fee"] for trade in sold)),
                 ("profit", totals["profit_final_cents"], profit),
                 ("taken back", totals["purchases_reverted"] + totals["sales_reverted"],
                  sum(trade["state"] == "reverted" for trade in books["trades"])),
                 ("still pending", totals["sales_pending"], len(pending)),
                 ("without cost", totals["sales_without_cost"], 0),
                 ("items left", totals["bought"] - totals["sales_final"] - totals["sales_pending"],
                  len(set(owned) - self.owned_at_start)),
                 ("money", MONEY + flow, books["balance"]["usd"])]
        print(f"  {'':14} {'ledger':>10} {'exchange':>10}   (amounts in cents)")
        for name, ours, theirs in lines:
            print(f"  {name:14} {ours:10} {theirs:10}")
        for name, ours, theirs in lines:
            self.assertEqual(ours, theirs, name)
        self.assertEqual(left, sorted(set(owned) - self.owned_at_start), "the items themselves")

    def story(self, key, books, ledger):
        """All that both sides know of a trade."""
        _, order, asset = key
        lines = [trade for trade in books["trades"] if order in trade.values() or asset in trade.values()]
        numbers = {entry["number"] for entry in ledger["entries"] if order in entry.values() or asset in entry.values()}
        lines += [entry for entry in ledger["entries"] if entry["number"] in numbers or entry.get("intent") in numbers]
        return "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)

    def assert_limits(self, books, intents, outcomes):
        """No cap, no budget, no floor and no lock was broken, by the exchange's own account of it."""
        caps = dict(re.findall(r'title = (".*")\nmax_price = "([\d.]+)"', self.rules.read_text()))
        at_once = dict(re.findall(r'title = (".*")\nmax_price = ".*"\nbuy_now_price = "([\d.]+)"', self.rules.read_text()))
        bought = {}
        for trade in books["trades"]:
            if trade["side"] != "purchase" or trade["state"] == "failed":
                continue
            self.assertLessEqual(trade["price"], round(float(caps[json.dumps(trade["title"], ensure_ascii=False)]) * 100))
            if trade["by"] == "offer":
                limit = round(float(at_once[json.dumps(trade["title"], ensure_ascii=False)]) * 100)
                self.assertLessEqual(trade["price"], limit, "bought at once above its price")
            bought[trade["closed_at"] // 86400] = bought.get(trade["closed_at"] // 86400, 0) + trade["price"]
        self.assertLessEqual(max(bought.values(), default=0), BUDGET * 100, "the budget of a day")
        locked = [outcome for outcome in outcomes
                  if "TimeLocked" in outcome.get("why", "") and intents[outcome["intent"]]["why"] != "panic"]
        self.assertEqual(locked, [], "every lock was waited for")
        # After the panic nobody raises a price when a reduced fee ends.
        attended = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.panic_at))
        losses = [trade for trade in self.tool("--what", "trades")["trades"]
                  if trade["by"] == "bot" and trade.get("profit_cents", 0) < 0 and trade["traded_at"] < attended]
        self.assertEqual(losses, [], "nothing was sold below its floor")


if __name__ == "__main__":
    import unittest
    result = unittest.TextTestRunner().run(Month())
    sys.exit(0 if result.wasSuccessful() else 1)
