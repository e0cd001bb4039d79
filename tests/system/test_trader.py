"""Trading of the shipped bot against the sandbox's exchange, whose own books say what really happened."""
import csv
import io
import json
import re
import signal
import subprocess
import time
import unittest

from tests.system.world import ANNA, BIN, BORIS, LIMIT, World, http

CREATE_TARGET = "/marketplace-api/v1/user-targets/create"
BUY = "/exchange/v1/offers-buy"


class TraderWorld(World):
    sandbox_arguments = ["--market-titles", "40", "--market-offers", "2000", "--usd", "100000",
                         "--dmarket-switch", "missing_percent=0"]

    def setUp(self):
        super().setUp()
        self.title = self.pick_title()

    def pick_title(self):
        """One that sold often enough in the last days to be worth a bid."""
        market = self.control("market", game="a8db", limit=40)
        for line in market["titles"]:
            if not 300 <= line["worth"] <= 2000:
                continue
            sales = self.control("market-title", game="a8db", title=line["title"])["sales"]
            if sum(sale["at"] > market["now"] - 5 * 86400 for sale in sales) >= 5:
                self.worth = line["worth"]
                return line["title"]
        self.fail("no title of the market sells often")

    def rules(self, **changes):
        """Bids 60 % of what the title is worth, whatever others do."""
        rule = {"name": "one", "game": "cs2", "title": self.title, "max_price": f"{self.worth * 60 // 100 / 100:.2f}",
                "keep_best": False, "least_profit_percent": 1, **changes}
        lines = ["[limits]", 'daily_budget = "100.00"', "[[rule]]"]
        lines += [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in rule.items() if value is not None]
        path = self.folder / "rules.toml"
        path.write_text("\n".join(lines))
        return path

    def start_trader(self, live=True, rules=None, **environment):
        return self.start_bot(trade_rules=str(rules or self.rules()), trade_interval="200ms",
                              dry_run="false" if live else "true", **environment)

    def go_live(self):
        self.ask("/live", "Confirm")
        after = self.press("Yes, trade with real money")
        self.await_event(after, kind=["message", "edit"], outgoing=False, contains="orders are real")

    def books(self):
        return self.control("dmarket-books", entries="false")

    def until(self, what, judge):
        deadline = time.monotonic() + LIMIT
        while True:
            found = judge()
            if found:
                return found
            if time.monotonic() > deadline:
                self.fail(f"{what} did not happen\n{json.dumps(self.books())[:3000]}\n{self.processes[-1].log()[-5000:]}")
            try:
                self.sandbox.handle.wait(0.05)
            except subprocess.TimeoutExpired:
                pass

    def rounds_of(self, bot):
        _, text, _ = http(self.health_url(bot) + "/metrics", headers={"Accept": "text/plain"})
        return sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith("dmarket_rounds_total{"))

    def await_rounds(self, bot, count):
        before = self.rounds_of(bot)
        self.until(f"{count} rounds", lambda: self.rounds_of(bot) > before + count)

    def await_targets(self, count):
        return self.until(f"{count} targets", lambda: (lambda found: found if len(found) == count else None)(
            self.books()["targets"]) if count else not self.books()["targets"])

    def tool(self, *words, expected=0):
        run = subprocess.run([str(BIN / "dmarket-bot"), "ledger", *words], capture_output=True, text=True, timeout=LIMIT,
                             env={"PATH": "/usr/bin", "DATA_DIR": str(self.folder / "data")})
        self.assertEqual(run.returncode, expected, run.stdout + run.stderr)
        return run.stdout + run.stderr

    def creations(self):
        calls = self.control("dmarket-calls", since=0, writes="true")["calls"]
        return [call for call in calls if call["path"] == CREATE_TARGET]

    def entries(self):
        return json.loads(self.tool("export", "--format", "json"))["entries"]

    def rounds(self):
        _, text, _ = http(self.health_url(self.processes[-1]) + "/metrics", headers={"Accept": "text/plain"})
        return sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith("dmarket_rounds_total{"))

    def pass_time(self, seconds, step):
        """Whole rounds at each step: the one under way began before."""
        for _ in range(0, seconds, step):
            self.control("time", {"advance": step})
            before = self.rounds()
            self.until("two rounds", lambda: self.rounds() >= before + 2)

    def assert_sound(self):
        self.assertEqual(self.books()["violations"], [])


class DryRun(TraderWorld):
    def test_it_decides_and_changes_nothing(self):
        bot = self.start_trader(live=False)
        self.await_line(bot, r"simulated order action=create_target outcome=done")
        self.assertIn("dry run", self.ask("/status", "Trading")["text"])
        books = self.books()
        self.assertEqual((books["write_calls"], books["changing_calls"]), (0, 0))
        self.assertEqual(books["targets"], [])
        rows = list(csv.DictReader(io.StringIO(self.tool("export"))))
        intent = next(row for row in rows if row["kind"] == "intent")
        self.assertEqual((intent["mode"], intent["action"], intent["title"]), ("simulated", "create_target", self.title))
        self.assertEqual(int(intent["price_cents"]), round(float(intent["price"]) * 100))
        self.assertTrue(intent["why"])
        self.assertIn("cap=", intent["figures"])
        _, metrics, _ = http(self.health_url(bot) + "/metrics", headers={"Accept": "text/plain"})
        for line in (r'dmarket_orders_total\{action="create_target",mode="simulated",outcome="done"\} 1', r"dmarket_live 0",
                     r"dmarket_open_intents 0", r'dmarket_reserved_dollars\{mode="real"\} 0',
                     r"dmarket_reconciliation_age_seconds \d", r'dmarket_rounds_total\{outcome="ok"\} \d'):
            self.assertRegex(metrics, line)
        self.stop(bot)

    def test_what_is_bought_on_paper_is_protected_as_long_as_what_is_bought_in_truth(self):
        bot = self.start_trader(live=False, rules=self.rules(max_price=None, keep_best=None,
                                                             buy_now_price=f"{self.worth * 70 // 100 / 100:.2f}"))
        self.control("market", {"act": "offer", "game": "a8db", "title": self.title, "price": self.worth * 55 // 100})
        self.await_line(bot, r"simulated order action=create_offer outcome=done")
        self.assertEqual(self.paper_purchases(), ["pending"])
        self.control("time", {"advance": 7 * 86400 - 3600})
        self.await_rounds(bot, 2)
        self.assertEqual(self.paper_purchases(), ["pending"])
        self.control("time", {"advance": 2 * 86400})
        self.until("the end of the protection", lambda: self.paper_purchases() == ["pending", "final"])
        exported = json.loads(self.tool("export", "--format", "json"))
        self.assertEqual((exported["simulated_totals"]["bought"], exported["totals"]["bought"]), (1, 0))
        self.assertEqual(self.books()["write_calls"], 0)

    def test_an_offer_that_stands_below_a_paper_target_fills_nothing(self):
        bot = self.start_trader(live=False)
        self.await_line(bot, r"simulated order action=create_target outcome=done")
        self.control("market", {"act": "offer", "game": "a8db", "title": self.title, "price": self.worth * 55 // 100})
        self.await_rounds(bot, 3)
        self.assertEqual(self.paper_purchases(), [])

    def paper_purchases(self):
        return [entry["state"] for entry in self.entries() if entry["kind"] == "purchase" and entry["mode"] == "simulated"]

    def test_why_nothing_is_bought_is_said_in_the_persons_language(self):
        bot = self.start_trader(live=False, rules=self.rules(least_profit_percent=95))
        metrics = self.health_url(bot) + "/metrics"
        self.until("a refusal", lambda: 'reason="spread_gone"' in http(metrics, headers={"Accept": "text/plain"})[1])
        reasons = [line for line in self.ask("/status", "Торговля", user=BORIS)["text"].splitlines() if "one:" in line]
        self.assertRegex("".join(reasons), r"после комиссии остаётся слишком мало \(потолок \$\d")
        self.assertNotRegex("".join(reasons).replace("one:", ""), "[A-Za-z]{2}")
        self.assertIn("leaves too little after the fee (cap $", self.ask("/status", "Trading")["text"])
        self.ask("/pause", "paused")
        self.assertIn("пауза по команде: торговля на паузе", self.ask("/status", "Торговля", user=BORIS)["text"])

    def test_without_the_configurations_leave_nobody_can_go_live(self):
        self.start_trader(live=False)
        self.assertIn("DRY_RUN=false", self.ask("/live", "DRY_RUN")["text"])
        self.assertEqual(self.books()["write_calls"], 0)


class Live(TraderWorld):
    def test_without_the_confirmation_nothing_is_real(self):
        bot = self.start_trader()
        self.await_line(bot, r"simulated order action=create_target outcome=done")
        self.assertEqual(self.books()["write_calls"], 0)
        refused = self.ask("/live", "", BORIS)["text"]
        self.assertNotIn("Confirm", refused)
        self.go_live()
        self.await_targets(1)

    def test_only_the_newest_question_is_answered_and_only_once(self):
        self.start_trader()
        first = self.ask("/live", "Confirm")["message_id"]
        second = self.ask("/live", "Confirm")["message_id"]
        after = self.press("Yes, trade with real money", message_id=first)
        self.await_event(after, kind="callback_answer", contains="out of date")
        self.assertIn("Mode: dry run", self.ask("/status", "Trading")["text"])
        after = self.press("Yes, trade with real money", message_id=second)
        self.await_event(after, kind=["message", "edit"], outgoing=False, contains="orders are real")
        self.await_targets(1)
        self.ask("/dryrun", "Dry run")
        after = self.press("Yes, trade with real money", message_id=first)
        self.await_event(after, kind="callback_answer", contains="out of date")
        self.assertIn("Mode: dry run", self.ask("/status", "Trading")["text"])

    def test_an_endpoint_that_is_gone_is_named_where_people_look(self):
        self.control("faults", {"method": "dmarket", "path": "/trade-aggregator", "action": "status", "status": 410, "count": 0})
        bot = self.start_trader(live=False)
        self.await_line(bot, r"interface has changed.*GET /trade-aggregator/v1/last-sales")
        self.assertIn("GET /trade-aggregator/v1/last-sales", self.ask("/status", "Trading")["text"])
        self.await_answer(bot, "/health", lambda _, body: "/trade-aggregator/v1/last-sales" in body)
        _, metrics, _ = http(self.health_url(bot) + "/metrics", headers={"Accept": "text/plain"})
        self.assertIn('dmarket_api_changed{endpoint="GET /trade-aggregator/v1/last-sales"} 1', metrics)

    def test_what_is_bought_is_offered_and_the_ledger_equals_the_exchanges_books(self):
        bot = self.start_trader()
        self.go_live()
        target = self.await_targets(1)[0]
        self.control("market", {"act": "sell", "target": target["target"]})
        offer = self.until("an offer", lambda: self.books()["offers"])[0]
        self.control("market", {"act": "buy", "offer": offer["offer"]})
        self.await_line(bot, r"trades reconciled new=\d+ sales=1")
        books = self.books()
        bought = [trade for trade in books["trades"] if trade["side"] == "purchase"]
        sold = [trade for trade in books["trades"] if trade["side"] == "sale"]
        trades = json.loads(self.tool("export", "--what", "trades", "--format", "json"))["trades"]
        self.assertEqual(len(trades), 1)
        self.assertEqual(trades[0]["state"], "pending")
        self.assertEqual(trades[0]["by"], "bot")
        self.assertEqual(trades[0]["price_cents"], sold[0]["price"])
        self.assertEqual(trades[0]["fee_cents"], sold[0]["fee"])
        self.assertEqual(trades[0]["cost_cents"], bought[0]["price"])
        self.assertEqual(trades[0]["profit_cents"], sold[0]["price"] - sold[0]["fee"] - bought[0]["price"])
        self.control("market", {"act": "finalize", "trade": sold[0]["trade"]})
        self.until("the sale is final", lambda: json.loads(self.tool("export", "--what", "trades", "--format", "json"))[
            "trades"][0]["state"] == "final")
        self.assertEqual(len(json.loads(self.tool("export", "--what", "trades", "--format", "json"))["trades"]), 1)
        self.assert_sound()
        self.stop(bot)

    def test_a_lost_answer_is_looked_up_and_the_order_not_repeated(self):
        self.control("faults", {"method": "dmarket", "path": CREATE_TARGET, "action": "drop_after"})
        bot = self.start_trader()
        self.go_live()
        self.await_line(bot, r"order action=create_target outcome=unknown")
        self.await_line(bot, r"an order of unknown outcome is settled.*outcome=done")
        self.assertEqual(len(self.books()["targets"]), 1)
        creations = self.creations()
        self.assertEqual(len(creations), 1)
        self.assert_sound()

    def test_orders_made_by_hand_are_left_alone(self):
        self.control("market", {"act": "give", "game": "a8db", "title": self.title, "in_market": True})
        bot = self.start_trader(rules=self.rules(amount=2))
        self.go_live()
        self.await_targets(1)
        self.ask("/panic", "Stopped")
        self.stop(bot)
        self.assertEqual(self.books()["offers"], [], "a copy that the bot did not buy is not sold")

    def test_orders_are_shown_beside_the_market_and_kept_until_the_bot_changes_one(self):
        bot = self.start_trader()
        self.await_line(bot, r"simulated order action=create_target outcome=done")
        self.assertIn("(simulated)", self.ask("/orders", "Orders")["text"])
        self.go_live()
        self.await_targets(1)
        shown = self.ask("/orders", "Orders")["text"]
        self.assertRegex(shown, rf"CS2: targets\n{re.escape(self.title)}\n.*highest bid \$.*the bot's")
        self.assertNotIn("simulated", shown)
        self.ask("/panic", "Stopped")
        self.control("time", {"advance": 1200})
        self.await_targets(0)
        self.assertIn("Nothing of yours stands", self.ask("/orders", "Orders")["text"])

    def test_panic_stops_within_a_second_and_says_what_it_did(self):
        bot = self.start_trader()
        self.go_live()
        self.await_targets(1)
        begun = time.monotonic()
        text = self.ask("/panic", "Stopped")["text"]
        self.assertLess(time.monotonic() - begun, 1.0)
        self.assertIn(self.title, text)
        self.assertIn("0 of 1", text, "the exchange locks it for some minutes")
        self.await_line(bot, r"order action=delete_target outcome=failed")
        writes = self.books()["write_calls"]
        self.control("time", {"advance": 1200})
        self.await_targets(0)
        self.assertEqual(self.books()["write_calls"], writes + 1, "only its deletion")
        self.assertIn("stopped by /panic", self.ask("/status", "Trading")["text"])
        self.stop(bot)
        bot = self.start_trader()
        self.await_line(bot, "trades reconciled")
        self.assertIn("stopped by /panic", self.ask("/status", "Trading")["text"])
        self.assertEqual(self.books()["targets"], [])
        self.ask("/resume", "goes on")
        self.await_targets(1)

    def test_the_menus_buttons_lead_to_trading_and_stop_it(self):
        self.start_trader()
        self.go_live()
        self.await_targets(1)
        self.ask("/menu", "Menu")
        after = self.press("Trading")
        self.await_event(after, kind="edit", contains="reserved")
        after = self.press("Stop everything")
        self.await_event(after, kind="edit", contains="No order leaves")
        after = self.press("Resume")
        self.await_event(after, kind="edit", contains="goes on")
        after = self.send("/menu", BORIS)
        seen = self.await_event(after, BORIS, kind="message", contains="Меню")["message"]
        self.assertNotIn("Торговля", json.dumps(seen, ensure_ascii=False), "he is no admin")
        self.ask("/panic", "", BORIS)
        self.assertNotIn("stopped by", self.ask("/status", "Trading")["text"])

    def test_panic_breaks_off_an_order_that_is_under_way(self):
        self.control("faults", {"method": "dmarket", "path": CREATE_TARGET, "action": "late", "delay_ms": 8000})
        bot = self.start_trader()
        self.go_live()
        self.await_targets(1)  # it was made; its answer is late
        begun = time.monotonic()
        text = self.ask("/panic", "Stopped")["text"]
        self.assertLess(time.monotonic() - begun, 1.0)
        self.assertIn("being looked up: 1", text)
        self.control("time", {"advance": 1200})
        self.await_targets(0)
        self.assertLessEqual(len(self.creations()), 1)
        self.assert_sound()
        self.stop(bot)


class Looking(TraderWorld):
    def test_a_second_look_at_the_orders_does_not_ask_the_exchange_again(self):
        self.control("market", {"act": "give", "game": "a8db", "title": self.title, "in_market": True})
        self.start_bot()
        self.assertIn("not on offer: 1", self.ask("/orders", "Orders")["text"])
        asked = self.lists_asked_for()
        self.assertEqual(sorted(set(asked)), sorted(asked), "each game's list once")
        self.assertEqual(len(asked), 4)
        self.ask("/orders", "Orders")
        after = self.press("Refresh")
        self.await_event(after, kind="callback_answer")
        self.ask("/orders", "Orders")
        self.assertEqual(self.lists_asked_for(), asked)

    def lists_asked_for(self):
        calls = self.control("dmarket-calls", since=0)["calls"]
        return [call["query"] for call in calls if call["path"] == "/marketplace-api/v2/user/targets"]


class BuyingWorld(TraderWorld):
    sandbox_arguments = TraderWorld.sandbox_arguments + ["--market-rule", "pending_share=0",
                                                         "--market-rule", "purchase_revert_share=0"]

    def buying(self, **changes):
        """Buys at once at up to 60 % of what the title is worth, and places no target."""
        return self.rules(max_price=None, buy_now_price=f"{self.worth * 60 // 100 / 100:.2f}", **changes)

    def put_cheap_offer(self):
        return self.control("market", {"act": "offer", "game": "a8db", "title": self.title,
                                       "price": self.worth * 55 // 100})["offer"]

    def purchase_calls(self):
        calls = self.control("dmarket-calls", since=0, writes="true")["calls"]
        return [call for call in calls if call["path"] == BUY]

    def purchases(self):
        """By the ledger: the last state of each."""
        found = {}
        for entry in self.entries():
            if entry["kind"] == "purchase" and entry["mode"] == "real":
                found[entry["offer_id"], entry["asset_id"]] = (entry["source"], entry["state"], entry["price_cents"])
        return found

    def assert_same_purchases(self):
        states = {"trade_protected": "pending", "successful": "final", "reverted": "reverted"}
        theirs = {(trade["offer"], trade["asset"]): ("instant", states[trade["state"]], trade["price"])
                  for trade in self.books()["trades"] if trade["side"] == "purchase" and trade["state"] in states}
        self.assertEqual(self.purchases(), theirs)
        self.assert_sound()
        return theirs

    def await_settled(self):
        self.until("settled", lambda: "being looked up" not in self.ask("/status", "Trading")["text"])


class Buying(BuyingWorld):
    def test_an_offer_is_bought_once_and_sold_with_the_right_profit(self):
        bot = self.start_trader(rules=self.buying())
        self.go_live()
        wanted = self.put_cheap_offer()
        offer = self.until("an offer", lambda: self.books()["offers"])[0]
        self.assertEqual([key[0] for key in self.assert_same_purchases()], [wanted])
        self.assertEqual(len(self.purchase_calls()), 1)
        self.control("market", {"act": "buy", "offer": offer["offer"]})
        self.await_line(bot, r"trades reconciled new=\d+ sales=1")
        books = self.books()
        bought = next(trade for trade in books["trades"] if trade["side"] == "purchase")
        sold = next(trade for trade in books["trades"] if trade["side"] == "sale")
        trades = json.loads(self.tool("export", "--what", "trades", "--format", "json"))["trades"]
        self.assertEqual([(trade["by"], trade["cost_cents"], trade["profit_cents"]) for trade in trades],
                         [("bot", bought["price"], sold["price"] - sold["fee"] - bought["price"])])
        self.assert_same_purchases()
        self.control("market", {"act": "finalize", "trade": bought["trade"]})
        self.control("market", {"act": "finalize", "trade": sold["trade"]})
        self.until("the purchase is final", lambda: [value[1] for value in self.purchases().values()] == ["final"])
        self.assert_same_purchases()
        _, metrics, _ = http(self.health_url(bot) + "/metrics", headers={"Accept": "text/plain"})
        self.assertIn('dmarket_orders_total{action="buy",mode="real",outcome="done"} 1', metrics)
        self.stop(bot)

    def test_a_lost_answer_is_looked_up_and_the_purchase_not_repeated(self):
        self.control("faults", {"method": "dmarket", "path": BUY, "action": "drop_after"})
        bot = self.start_trader(rules=self.buying(amount=3))
        self.go_live()
        self.put_cheap_offer()
        self.await_line(bot, r"order action=buy outcome=unknown")
        self.await_line(bot, r"an order of unknown outcome is settled.*outcome=done")
        self.await_settled()
        self.assertEqual(len(self.assert_same_purchases()), 1)
        self.assertEqual(len(self.purchase_calls()), 1)

    def test_an_offer_that_is_taken_meanwhile_is_a_purchase_that_failed_and_nothing_is_lost(self):
        self.control("faults", {"method": "dmarket", "path": BUY, "action": "delay", "delay_ms": 3000})
        bot = self.start_trader(rules=self.buying())
        self.go_live()
        before = self.books()["balance"]
        self.put_cheap_offer()
        self.until("the order", lambda: any(entry.get("action") == "buy" for entry in self.entries()))
        self.control("market", {"act": "move", "game": "a8db", "title": self.title, "percent": 300})
        self.await_line(bot, r"order action=buy outcome=failed.*code=Offer")
        self.assertEqual(self.books()["balance"], before)
        self.assertEqual(self.assert_same_purchases(), {})
        self.assertNotIn("being looked up", self.ask("/status", "Trading")["text"])

    def test_a_purchase_under_way_is_waited_for_and_entered(self):
        self.buy_under_way(fails=False)
        self.assertEqual(len(self.assert_same_purchases()), 1)

    def test_a_purchase_under_way_that_fails_costs_nothing(self):
        before = self.books()["balance"]
        self.buy_under_way(fails=True)
        self.assertEqual(self.assert_same_purchases(), {})
        self.assertEqual(self.books()["balance"], before)

    def buy_under_way(self, fails):
        self.control("dmarket-switches", {"rules": {"pending_share": 1_000_000,
                                                    "pending_fail_share": 1_000_000 if fails else 0}})
        bot = self.start_trader(rules=self.buying(sell=False))
        self.go_live()
        self.put_cheap_offer()
        self.await_line(bot, r"order action=buy outcome=unknown.*code=TxPending")
        self.assertIn("being looked up", self.ask("/status", "Trading")["text"])
        self.ask("/pause", "paused")  # what falls back to the market is not bought again
        self.control("time", {"advance": 400})
        self.await_line(bot, rf"an order of unknown outcome is settled.*outcome={'failed' if fails else 'done'}")
        self.await_settled()
        self.assertEqual(len(self.purchase_calls()), 1)

    def test_a_copy_that_its_seller_takes_back_is_a_purchase_reverted(self):
        bot = self.start_trader(rules=self.buying())
        self.go_live()
        self.put_cheap_offer()
        self.until("an offer", lambda: self.books()["offers"])
        trade = next(trade for trade in self.books()["trades"] if trade["side"] == "purchase")
        self.control("market", {"act": "revert", "trade": trade["trade"]})
        self.pass_time(1400, 700)  # absence is seen twice
        self.until("the purchase is reverted", lambda: "reverted" in [value[1] for value in self.purchases().values()])
        self.assert_same_purchases()
        self.assertNotIn("paused", self.ask("/status", "Trading")["text"])
        self.stop(bot)

    def test_in_dry_run_it_is_bought_on_paper_and_nothing_is_called(self):
        bot = self.start_trader(live=False, rules=self.buying(amount=2))
        self.put_cheap_offer()
        self.await_line(bot, r"simulated order action=buy outcome=done")
        self.await_line(bot, r"simulated order action=create_offer outcome=done")
        totals = json.loads(self.tool("export", "--format", "json"))
        self.assertEqual(totals["simulated_totals"]["bought"], 1)
        self.assertEqual(totals["simulated_totals"]["spent_cents"], self.worth * 55 // 100)
        self.assertEqual(self.books()["write_calls"], 0)


class Tools(TraderWorld):
    def test_mistakes_in_the_rules_are_all_named_before_anything_starts(self):
        path = self.folder / "bad.toml"
        path.write_text('[limits]\ndaily_budget = 5\n[[rule]]\ngame = "chess"\ntitle = "AK"\nmax_price = 1.5\n')
        bot = self.start_bot("--check-config", ready=False, trade_rules=str(path))
        self.assertNotEqual(bot.wait(), 0)
        for part in ("daily_budget", "game must be cs2", "max_price must be an amount in quotes"):
            self.assertIn(part, bot.log())

    def test_a_cost_entered_by_hand_counts_while_the_bot_runs_and_after(self):
        given = self.control("market", {"act": "give", "game": "a8db", "title": self.title, "in_market": True})
        asset = self.books()["inventory"][0]["id"]
        bot = self.start_trader(live=False)
        self.await_line(bot, "trades reconciled")
        self.assertIn(f"({self.title}) has cost $7.50", self.tool("cost", asset, "7.50"), given)
        self.stop(bot)
        self.assertIn("has cost $8.00", self.tool("cost", asset, "8"))
        costs = [entry["price_cents"] for entry in self.entries() if entry["kind"] == "cost"]
        self.assertEqual(costs, [750, 800])
        self.assertIn("no amount", self.tool("cost", asset, "much", expected=2))
        self.assertIn("--from must be a date", self.tool("export", "--from", "yesterday", expected=2))
        self.assertEqual(json.loads(self.tool("export", "--format", "json", "--to", "2020-01-01"))["entries"], [])
        self.assertIn("price_cents", self.tool("help", expected=2))


@unittest.skipUnless(b"TGKIT_CRASH_AT" in (BIN / "dmarket-bot").read_bytes(), "this build has no crash points")
class Crashes(TraderWorld):
    def test_a_kill_at_any_step_of_an_order_ends_reconciled(self):
        first = self.start_trader()
        self.await_line(first, "trades reconciled")
        self.ask("/pause", "paused")
        self.go_live()
        self.stop(first)
        for step, (moment, made) in enumerate((("trade_intended", False), ("trade_ordered", True), ("trade_entered", True))):
            bot = self.start_trader(tgkit_crash_at=f"{moment}:1")
            self.send("/resume")
            self.assertEqual(bot.wait(), -signal.SIGKILL, bot.log())
            self.assertEqual(len(self.books()["targets"]), 1 if made else 0, moment)
            self.control("time", {"advance": 300})
            bot = self.start_trader()
            self.await_line(bot, "trades reconciled")
            self.control("time", {"advance": 200})  # absence is seen twice
            self.await_targets(1)
            self.until("settled", lambda: "being looked up" not in self.ask("/status", "Trading")["text"])
            self.assertEqual(len(self.books()["targets"]), 1, moment)
            intents = [entry for entry in self.entries() if entry["kind"] == "intent" and entry["action"] == "create_target"]
            outcomes = [entry for entry in self.entries() if entry["kind"] == "outcome" and entry["state"] == "done"]
            self.assertGreaterEqual(len(intents), step + 1)
            self.assertTrue(outcomes)
            self.ask("/panic", "Stopped")
            self.control("time", {"advance": 1500})
            self.await_targets(0)
            self.stop(bot)
            self.assert_sound()


@unittest.skipUnless(b"TGKIT_CRASH_AT" in (BIN / "dmarket-bot").read_bytes(), "this build has no crash points")
class BuyingCrashes(BuyingWorld):
    def test_a_kill_at_any_step_of_a_purchase_ends_reconciled(self):
        rules = self.buying(amount=9, sell=False)
        first = self.start_trader(rules=rules)
        self.await_line(first, "trades reconciled")
        self.ask("/pause", "paused")
        self.go_live()
        self.stop(first)
        bought = 0
        for moment, made in (("trade_intended", False), ("trade_ordered", True), ("trade_entered", True)):
            offers = self.control("market-title", game="a8db", title=self.title)["offers"]
            if all(offer["price"] > self.worth * 60 // 100 for offer in offers):  # two would compete with each other
                self.put_cheap_offer()
            bot = self.start_trader(rules=rules, tgkit_crash_at=f"{moment}:1")
            self.send("/resume")
            self.assertEqual(bot.wait(), -signal.SIGKILL, bot.log())
            bought += made
            self.assertEqual(len([trade for trade in self.books()["trades"] if trade["side"] == "purchase"]), bought, moment)
            self.control("time", {"advance": 700})
            bot = self.start_trader(rules=rules)
            self.await_settled()
            self.ask("/pause", "paused")
            bought = len(self.assert_same_purchases())  # what was not bought may have been, afterwards
            self.stop(bot)


if __name__ == "__main__":
    unittest.main()
