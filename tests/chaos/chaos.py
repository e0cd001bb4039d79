"""Kills the shipped bot again and again while people write to it, and then looks whether anything was lost or done twice.

    python3 -m tests.chaos.chaos [--kills 200] [--people 30] [--rate 150] [--seed 1] [--webhook] [--terminate 0.3]
                                 [--faults] [--points] [--full-disk] [--durability process] [--grammy]
                                 [--bin build/release/bin]

Every answer holds the number of the message it answers and the count that is kept in the person's state. Afterwards:
every message is answered (but where the bot itself says that it does not know), none twice, in order, every count
exact. --points: instead of random moments the bot dies at each named step of an update's way (needs a build with the
address sanitizer: --bin build/dev/bin). --full-disk: now and then there is no room on the disk (needs root). --grammy: the same scenario against a bot written with grammY, for comparison.
Exit code 0: all of it holds.
"""
import argparse
import collections
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from tests.chaos.load import Control, People, Verdict
from tests.system.world import BIN, LIMIT, PUBLIC, SEED, TOKEN, Process

HERE = pathlib.Path(__file__).resolve().parent
BOT = 4242
RUNNING = r"\brunning\b"
POINTS = ("taken", "appended", "begun", "handled", "writing", "durable", "committed", "written", "sending", "sent",
          "folding", "folded")
QUIET_POINTS = ("folding", "folded")  # what the store does when nobody wants anything
UNKNOWN = re.compile(r"message may have been sent; not repeated.*?\bchat=(-?\d+)")
FAULTS = (
    {"method": "sendMessage", "action": "drop_before", "probability": 0.01},
    {"method": "sendMessage", "action": "drop_after", "probability": 0.005},
    {"method": "sendMessage", "action": "html", "probability": 0.01},
    {"method": "sendMessage", "action": "flood", "retry_after": 1, "probability": 0.002},
    {"method": "getUpdates", "action": "drop_before", "probability": 0.02},
    {"method": "getUpdates", "action": "drop_after", "probability": 0.02},
    {"method": "getUpdates", "action": "half", "probability": 0.02},
    {"method": "webhook", "action": "drop_after", "probability": 0.02},
    {"method": "webhook", "action": "duplicate", "probability": 0.05},
)


class Arena:
    def __init__(self, options):
        self.options = options
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="chaos-"))
        self.dice = random.Random(options.seed)
        self.sandbox = self.start("sandbox", [options.bin / "sandbox", "--port", "0", "--no-users", "--keep-events", "3000000",
                                              "--keep-messages", "200000", "--allow-any-webhook"], {})
        self.url = self.await_line(self.sandbox, r"sandbox ready: (http://[^/\s]+)/")
        self.bots = []
        self.data = self.folder / "data"
        self.data.mkdir()
        if options.full_disk:
            subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", self.data], check=True)

    def start(self, name, arguments, environment):
        return Process(name, self.folder, arguments, {"PATH": os.environ["PATH"], **environment})

    def await_line(self, process, pattern):
        deadline = time.monotonic() + LIMIT
        while time.monotonic() < deadline:
            found = re.search(pattern, process.log())
            if found:
                return found.group(1) if found.groups() else found.group(0)
            if not process.running():
                raise RuntimeError(f"{process.log_path.name} ended:\n{process.log()}")
            time.sleep(0.02)
        raise RuntimeError(f"{process.log_path.name} never printed /{pattern}/:\n{process.log()[-3000:]}")

    def start_bot(self, people, **more):
        settings = {
            "TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": self.url, "DMARKET_API_URL": self.url,
            "DMARKET_PUBLIC_KEY": PUBLIC, "DMARKET_SECRET_KEY": SEED + PUBLIC,
            "ALLOWED_USERS": ",".join(map(str, people.ids)), "RATE_LIMIT_REQUESTS": "100000",
            "DATA_DIR": str(self.data), "HEALTH_PORT": "0", "PENDING_UPDATES": "keep",
            "DURABILITY": self.options.durability, **more,
        }
        if self.options.webhook:
            settings.update(WEBHOOK_URL=f"http://127.0.0.1:{self.options.webhook_port}/hook",
                            WEBHOOK_PORT=str(self.options.webhook_port))
        program = ["node", HERE / "grammy_bot.mjs"] if self.options.grammy else [self.options.bin / "dmarket-bot"]
        bot = self.start(f"bot-{len(self.bots) + 1}", program, settings)
        self.bots.append(bot)
        return bot

    def await_polling(self):
        Control(self.url).call("wait", {"call": "setWebhook" if self.options.webhook else "getUpdates", "timeout": LIMIT})

    def without_room(self, seconds):
        """Nothing more can be written meanwhile."""
        filler = self.data / "filler"
        with open(filler, "wb", buffering=0) as out:
            try:
                while True:
                    out.write(bytes(4096))
            except OSError:
                pass
        time.sleep(seconds)
        filler.unlink()

    def logs(self):
        return "".join(bot.log() for bot in self.bots)

    def unknown(self):
        return collections.Counter(int(chat) for chat in UNKNOWN.findall(self.logs()))

    def await_end(self, people):
        """Until nothing is on its way: everything is answered, or what is missing is what the bot calls unknown."""
        control, deadline = Control(self.url), time.monotonic() + 120
        control.call("wait", {"drained": True, "bot": BOT, "timeout": 60})
        verdict, quiet_since = Verdict(self.url, people), time.monotonic()
        while verdict.unexplained(self.unknown()) and time.monotonic() < min(deadline, quiet_since + 10):
            time.sleep(0.25)
            before, verdict = verdict.answered, Verdict(self.url, people)
            if verdict.answered > before:
                quiet_since = time.monotonic()
        return verdict

    def close(self):
        for process in [*self.bots, self.sandbox]:
            process.kill()
        if self.options.full_disk:
            subprocess.run(["umount", self.data], check=True)
        shutil.rmtree(self.folder, ignore_errors=True)


def random_moments(arena, people, options):
    """The bot lives for a random while, its own start included, and dies."""
    ends = collections.Counter()
    bot = arena.start_bot(people)
    arena.await_line(bot, RUNNING)
    people.start()
    for _ in range(options.kills):
        time.sleep(arena.dice.uniform(0.02, options.life))
        if options.full_disk and arena.dice.random() < 0.3:
            arena.without_room(arena.dice.uniform(0.1, options.life))
            ends["times without room"] += 1
        if not bot.running():
            raise RuntimeError(f"the bot ended by itself:\n{bot.log()[-3000:]}")
        gently = arena.dice.random() < options.terminate
        bot.signal(signal.SIGTERM if gently else signal.SIGKILL)
        code = bot.wait()
        if gently and code not in (0, -signal.SIGTERM) and not options.grammy:
            raise RuntimeError(f"an ordered stop ended with {code}:\n{bot.log()[-3000:]}")
        ends["stopped" if gently else "killed"] += 1
        bot = arena.start_bot(people)
    people.stop()
    return ends, bot


def named_points(arena, people, options):
    """The bot dies at each named step, early in its life and again later."""
    ends = collections.Counter()
    people.start()
    for point in POINTS:
        for passes in (1, 1 if point in QUIET_POINTS else arena.dice.randint(2, 12)):
            bot = arena.start_bot(people, TGKIT_CRASH_AT=f"{point}:{passes}")
            if point in QUIET_POINTS:
                arena.await_line(bot, RUNNING)
                people.pause()
            try:
                code = bot.wait(60)
            except Exception:
                raise RuntimeError(f"the bot never came to {point} for the {passes}. time")
            if code != -signal.SIGKILL:
                raise RuntimeError(f"at {point} the bot ended with {code}:\n{bot.log()[-3000:]}")
            ends["died at " + point] += 1
            # What was begun at three deaths is set aside, as it should be: here one life between two deaths finishes it.
            people.pause()
            bot = arena.start_bot(people)
            arena.await_end(people)
            bot.signal(signal.SIGTERM)
            bot.wait()
            people.go_on()
    people.stop()
    return ends, arena.start_bot(people)


def judge(arena, people, ends, bot):
    arena.await_line(bot, RUNNING)
    Control(arena.url).call("faults", {"clear": True})
    people.everybody_once()  # a last answer shows everybody's count, whatever was lost before
    verdict = arena.await_end(people)
    bot.signal(signal.SIGTERM)
    code = bot.wait()
    unknown = arena.unknown()
    lost = verdict.unexplained(unknown)
    quarantined = arena.logs().count("update set aside")
    rows = (
        ("ends of the bot", ", ".join(f"{count} {name}" for name, count in ends.items()), True),
        ("messages", people.total, True),
        ("answered", verdict.answered, True),
        ("sends of unknown fate, by the bot's log", sum(unknown.values()), True),
        ("not answered, and one of these", people.total - verdict.answered - lost, True),
        ("not answered without a word", lost, lost == 0),
        ("answered twice", verdict.doubles, verdict.doubles == 0),
        ("out of order", verdict.out_of_order, verdict.out_of_order == 0),
        ("answers with a wrong count", verdict.miscounted, verdict.miscounted == 0),
        ("people whose last count is wrong", verdict.wrong_at_the_end, verdict.wrong_at_the_end == 0),
        ("other answers", len(verdict.strange), not verdict.strange),
        ("set aside", quarantined, quarantined == 0),
        ("exit code of the last stop", code, code == 0),
    )
    for name, value, good in rows:
        print(f"  {name:<46} {value}{'' if good else '   <-- WRONG'}")
    if verdict.strange:
        print("  e.g.", verdict.strange[:3])
    return all(good for _, _, good in rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--rate", type=float, default=150, help="messages per second")
    parser.add_argument("--life", type=float, default=1.0, help="the longest life in seconds")
    parser.add_argument("--terminate", type=float, default=0.2, help="share of SIGTERM among the ends")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", action="store_true", help="a network that breaks meanwhile")
    parser.add_argument("--points", action="store_true")
    parser.add_argument("--full-disk", action="store_true")
    parser.add_argument("--webhook", action="store_true")
    parser.add_argument("--grammy", action="store_true")
    parser.add_argument("--webhook-port", type=int, default=18443)
    parser.add_argument("--durability", choices=("power", "process"), default="power")
    parser.add_argument("--bin", type=pathlib.Path, default=BIN)
    options = parser.parse_args()
    arena = Arena(options)
    try:
        people = People(arena.url, BOT, options.people, options.rate)
        if options.faults:
            for fault in FAULTS:
                Control(arena.url).call("faults", {**fault, "seed": options.seed})
        begin = time.monotonic()
        run = named_points if options.points else random_moments
        try:
            ends, bot = run(arena, people, options)
        finally:
            people.stopping.set()
        good = judge(arena, people, ends, bot)
        print(f"  {time.monotonic() - begin:.0f} s, seed {options.seed}, {'webhook' if options.webhook else 'polling'}, "
              f"durability {options.durability}: {'all of it holds' if good else 'BROKEN'}")
        return 0 if good else 1
    finally:
        arena.close()


if __name__ == "__main__":
    sys.exit(main())
