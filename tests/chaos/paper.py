"""Live trading beside paper trading: the same rules on the same market (a seed), each for so many days of virtual time.

    python3 -m tests.chaos.paper --days 14 --seed 1 --bin build/release/bin      # one seed, some minutes
    python3 -m tests.chaos.paper --days 2 --seed 1                               # short form

Paper must not look better than what live makes: the figures of both are printed side by side.
"""
import argparse
import json
import os
import subprocess
import time

MONEY = 100000  # cents, at the start
BUDGET = 150    # dollars a day


def options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--days", type=float, default=14)
    parser.add_argument("--hours", type=float, default=1, help="of virtual time between two looks")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--titles", type=int, default=4)
    parser.add_argument("--only", choices=["live", "paper"], help="one of the two")
    parser.add_argument("--bin", default="build/release/bin")
    return parser.parse_args()


ARGUMENTS = options() if __name__ == "__main__" else None
if ARGUMENTS:
    os.environ["BIN_DIR"] = ARGUMENTS.bin
from tests.system.world import BIN, LIMIT, World, http  # noqa: E402  (reads BIN_DIR)


class Fortnight(World):
    """Nobody fails, nobody kills: only the market differs from what one would like."""

    sandbox_arguments = ["--market-titles", "60", "--market-offers", "4000", "--usd", str(MONEY), "--no-rate-limits",
                         "--market-seed", str(ARGUMENTS.seed if ARGUMENTS else 1)]
    live = True

    def runTest(self):
        self.bot = self.start_bot(trade_rules=str(self.write_rules()), trade_interval="100ms", reconcile_interval="30m",
                                  dry_run="false" if self.live else "true")
        if self.live:
            self.ask("/live", "Confirm")
            after = self.press("Yes, trade with real money")
            self.await_event(after, kind=["message", "edit"], outgoing=False, contains="orders are real")
        for _ in range(int(ARGUMENTS.days * 24 / ARGUMENTS.hours)):
            self.control("time", {"advance": ARGUMENTS.hours * 3600})
            self.await_rounds(1)
        totals = self.totals()
        self.figures = {name: totals[name] for name in ("bought", "sales_pending", "sales_final", "sales_reverted",
                                                        "spent_cents", "profit_pending_cents", "profit_final_cents")}

    def write_rules(self):
        """Titles that sell often; a bid that keeps best, up to what leaves a percent."""
        market = self.control("market", game="a8db", limit=60)
        lines = ["[limits]", f'daily_budget = "{BUDGET}.00"']
        chosen = 0
        for line in market["titles"]:
            sales = self.control("market-title", game="a8db", title=line["title"])["sales"]
            if not 100 <= line["worth"] <= 6000 or sum(sale["at"] > market["now"] - 6 * 86400 for sale in sales) < 4:
                continue
            lines += ["[[rule]]", 'game = "cs2"', f"title = {json.dumps(line['title'], ensure_ascii=False)}",
                      f'max_price = "{line["worth"] / 100:.2f}"', "amount = 3", "least_profit_percent = 1",
                      f'opening_price = "{line["worth"] * 8 // 10 / 100:.2f}"']
            chosen += 1
            if chosen == ARGUMENTS.titles:
                break
        path = self.folder / "rules.toml"
        path.write_text("\n".join(lines))
        return path

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

    def totals(self):
        run = subprocess.run([str(BIN / "dmarket-bot"), "ledger", "export", "--format", "json"], timeout=LIMIT,
                             capture_output=True, text=True, env={"PATH": "/usr/bin", "DATA_DIR": str(self.folder / "data")})
        self.assertEqual(run.returncode, 0, run.stderr)
        return json.loads(run.stdout)["totals" if self.live else "simulated_totals"]


class OnPaper(Fortnight):
    live = False


def run_one(kind):
    test = kind()
    test.setUp()
    try:
        test.runTest()
        return test.figures
    finally:
        test.doCleanups()


def main():
    kinds = {"live": Fortnight, "paper": OnPaper}
    figures = {name: run_one(kind) for name, kind in kinds.items() if ARGUMENTS.only in (None, name)}
    print(f"seed {ARGUMENTS.seed}, {ARGUMENTS.days:g} days".ljust(30) + "".join(f"{name:>12}" for name in figures))
    for name in next(iter(figures.values())):
        print(f"  {name:28}" + "".join(f"{one[name]:12}" for one in figures.values()))
    for name in ("profit_final", "profit_pending"):
        print(f"  {name + ' of the money':28}" + "".join(f"{one[name + '_cents'] / MONEY:12.2%}" for one in figures.values()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
