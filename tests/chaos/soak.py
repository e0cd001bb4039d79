"""A steady load for a long time: is memory flat, are descriptors flat, is everything answered?

    python3 -m tests.chaos.soak [--minutes 60] [--people 200] [--rate 50] [--webhook] [--bin build/release/bin]

Prints a line per interval. Exit code 0: the last quarter's middle is no more than a twentieth (or 2 MB) above the second's.
"""
import argparse
import os
import pathlib
import signal
import statistics
import sys
import time

from tests.chaos.chaos import BOT, Arena
from tests.chaos.load import People
from tests.system.world import BIN

PAGE = os.sysconf("SC_PAGE_SIZE")


def resident_megabytes(process):
    return int(pathlib.Path(f"/proc/{process.handle.pid}/statm").read_text().split()[1]) * PAGE / 2**20


def descriptors(process):
    return len(os.listdir(f"/proc/{process.handle.pid}/fd"))


def cpu_seconds(process):
    fields = pathlib.Path(f"/proc/{process.handle.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def is_flat(samples, slack):
    quarter = max(1, len(samples) // 4)
    early, late = statistics.median(samples[quarter:2 * quarter] or samples[:1]), statistics.median(samples[-quarter:])
    return late <= max(early * 1.05, early + slack), early, late


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--rate", type=float, default=50, help="messages per second")
    parser.add_argument("--webhook", action="store_true")
    parser.add_argument("--webhook-port", type=int, default=18443)
    parser.add_argument("--bin", type=pathlib.Path, default=BIN)
    options = parser.parse_args()
    options.seed, options.full_disk, options.grammy = 1, False, False
    arena = Arena(options)
    try:
        people = People(arena.url, BOT, options.people, options.rate)
        bot = arena.start_bot(people, LOG_LEVEL="warn")
        arena.await_polling()
        people.start()
        memory, open_files = [], []
        begin = time.monotonic()
        interval = max(1.0, options.minutes * 60 / 40)
        while time.monotonic() < begin + options.minutes * 60:
            time.sleep(interval)
            memory.append(resident_megabytes(bot))
            open_files.append(descriptors(bot))
            print(f"  {time.monotonic() - begin:6.0f} s  {people.total:8} messages  {memory[-1]:6.1f} MB  {open_files[-1]:4} descriptors"
                  f"  {cpu_seconds(bot) / people.total * 1e6:6.0f} us CPU per message", flush=True)
        people.stop()
        verdict = arena.await_end(people)
        bot.signal(signal.SIGTERM)
        code = bot.wait()
        flat_memory, early_memory, late_memory = is_flat(memory, 2)
        flat_files, early_files, late_files = is_flat(open_files, 2)
        print(f"  memory {early_memory:.1f} -> {late_memory:.1f} MB: {'flat' if flat_memory else 'GROWS'}; descriptors {early_files:.0f} -> "
              f"{late_files:.0f}: {'flat' if flat_files else 'GROWS'}; {verdict.answered} of {people.total} answered, exit code {code}")
        return 0 if flat_memory and flat_files and verdict.answered == people.total and code == 0 else 1
    finally:
        arena.close()


if __name__ == "__main__":
    sys.exit(main())
