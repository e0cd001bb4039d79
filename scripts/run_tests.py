#!/usr/bin/env python3
"""Runs the steps of ./test and counts. A step that fails does not stop those that can still run. What compiles goes one
after the other; what mostly waits goes beside it, before it in the processors' eyes; what measures goes alone."""
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
LOGS = ROOT / "build" / "test-logs"
JOBS = str(os.cpu_count() or 2)
# What hangs is ended and named. All steps together are meant to take much less; a run that hangs must not cost the day.
STEP_LIMIT_SECONDS = 1800
RUN_LIMIT_SECONDS = 75 * 60

# What runners print at their end: (expression, groups of passed and failed).
CTEST = re.compile(r"(\d+)% tests passed, (\d+) tests? failed out of (\d+)")
UNITTEST = re.compile(r"^Ran (\d+) tests?", re.M)
UNITTEST_BAD = re.compile(r"^FAILED \((.*)\)", re.M)
NODE = re.compile(r"^# (pass|fail|cancelled) (\d+)", re.M)
NODE_SPEC = re.compile(r"^ℹ (pass|fail|cancelled) (\d+)", re.M)


def counts(output, ok):
    """(passed, failed) of everything a step's output reports; a step without a runner is one test."""
    passed = failed = 0
    seen = False
    for _, bad, total in CTEST.findall(output):
        seen, passed, failed = True, passed + int(total) - int(bad), failed + int(bad)
    for total in UNITTEST.findall(output):
        seen, passed = True, passed + int(total)
    for detail in UNITTEST_BAD.findall(output):
        bad = sum(int(number) for number in re.findall(r"(?:failures|errors)=(\d+)", detail))
        passed, failed = passed - bad, failed + bad
    for kind, number in NODE.findall(output) + NODE_SPEC.findall(output):
        seen = True
        if kind == "pass":
            passed += int(number)
        else:
            failed += int(number)
    if not seen:
        return (1, 0) if ok else (0, 1)
    if not ok and failed == 0:
        failed = 1
    return passed, failed


class Step:
    def __init__(self, name, commands, needs=(), folder=ROOT, lane="compile"):
        self.name, self.commands, self.needs, self.folder, self.lane = name, commands, needs, folder, lane


def build(preset, targets=("all",), options=()):
    return [["cmake", "--preset", preset, *options],
            ["nice", "cmake", "--build", "--preset", preset, "-j", JOBS, "--target", *targets]]


def ctest(preset, *options):
    return ["ctest", "--preset", preset, "-j", JOBS, *options]


PYTHON = sys.executable
STEPS = [
    Step("includes", [[PYTHON, "scripts/check_includes.py"]]),
    Step("translations", [[PYTHON, "scripts/check_translations.py"]]),
    Step("scripts", [[PYTHON, "-m", "unittest", "discover", "-s", "tests/scripts", "-t", ".", "-v"]]),
    Step("release build", build("release", options=("-DTGKIT_TESTS=OFF", "-DTGKIT_BENCH=ON"))),
    Step("hardening", [[PYTHON, "scripts/check_hardening.py"]], needs=("release build",)),
    Step("system tests", [[PYTHON, "-m", "unittest", "discover", "-s", "tests/system", "-t", ".", "-v"]],
         needs=("release build",), lane="wait"),
    Step("npm", [["npm", "ci", "--no-audit", "--no-fund"]], folder=ROOT / "tests", lane="wait"),
    Step("page and clients", [["npm", "test"]], needs=("release build", "npm"), folder=ROOT / "tests", lane="wait"),
    Step("month", [[PYTHON, "-m", "tests.chaos.month", "--days", "2", "--kills", "4", "--seed", "1"],
                   [PYTHON, "-m", "tests.chaos.month", "--days", "1", "--kills", "1", "--dry-run"]],
         needs=("release build",), lane="wait"),
    Step("clang build", build("dev", ("all", "all_verify_interface_header_sets"))),
    Step("clang tests", [ctest("dev")], needs=("clang build",)),
    Step("coroutine lint", [[PYTHON, "scripts/coroutine_lint.py", "build/dev"]], needs=("clang build",)),
    Step("fuzz", [["fuzz/run", "5"]], needs=("clang build",)),
    Step("chaos", [[PYTHON, "-m", "tests.chaos.chaos", "--kills", "15"],
                   [PYTHON, "-m", "tests.chaos.chaos", "--kills", "15", "--webhook", "--faults"],
                   [PYTHON, "-m", "tests.chaos.chaos", "--points", "--rate", "60", "--bin", "build/dev/bin"],
                   [PYTHON, "-m", "tests.chaos.chaos", "--points", "--rate", "60", "--bin", "build/dev/bin",
                    "--durability", "process"]],
         needs=("release build", "clang build"), lane="wait"),
    Step("g++ build", build("gcc")),
    Step("g++ tests", [ctest("gcc")], needs=("g++ build",)),
    Step("race build", build("race", ("test_async", "test_storage", "test_ops"))),
    # One test carries an exception from a thread to another by std::future: libstdc++ counts its references where the
    # thread sanitizer does not see it, and a false alarm follows.
    Step("race tests", [["ctest", "--preset", "race", "-R", "^test_(async|storage|ops):",
                         "-E", "APortThatIsTakenFailsTheStartAndIsNamed"]], needs=("race build",)),
    Step("benchmark", [["bench/run", "--quick", "--rounds", "1"]], needs=("release build",), lane="alone"),
]


def stop(program):
    """Ends a command with everything that it has started: first by asking, so that it can say where it stood."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(program.pid, how)
            program.wait(10)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            pass


def run(step, running, run_end):
    """(whether it went well, its log). `run_end`: when the whole run has to be over, by time.monotonic()."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / (step.name.replace(" ", "-") + ".log")
    begin = time.monotonic()
    end = min(begin + STEP_LIMIT_SECONDS, run_end)
    with open(log, "wb") as out:
        for command in step.commands:
            out.write(("$ " + " ".join(command) + "\n").encode())
            out.flush()
            program = subprocess.Popen(command, cwd=step.folder, stdout=out, stderr=subprocess.STDOUT,
                                       stdin=subprocess.DEVNULL, start_new_session=True)
            running.add(program)
            try:
                code = program.wait(max(end - time.monotonic(), 0))
            except subprocess.TimeoutExpired:
                stop(program)
                out.write(f"\nended from outside after {time.monotonic() - begin:.0f} s: a step may take "
                          f"{STEP_LIMIT_SECONDS} s, all of them {RUN_LIMIT_SECONDS} s\n".encode())
                return False, log
            finally:
                running.discard(program)
            if code != 0:
                return False, log
    return True, log


class Run:
    """One run of the wanted steps. The lanes are threads; what they share is changed under `self.changed`."""

    def __init__(self, steps, limit=RUN_LIMIT_SECONDS):
        self.steps = steps
        self.end_at = time.monotonic() + limit
        self.passed = self.failed = 0
        self.ended = {}  # name: whether it went well
        self.running = set()  # the commands under way
        self.changed = threading.Condition()

    def all(self):
        lanes = [threading.Thread(target=self.lane, args=(name,), daemon=True) for name in ("compile", "wait")]
        for lane in lanes:
            lane.start()
        for lane in lanes:
            lane.join()
        self.lane("alone")

    def lane(self, name):
        for step in self.steps:
            if step.lane == name:
                self.one(step)

    def wait_for(self, names):
        """The first of `names` that failed; a step that is not part of this run counts as done."""
        names = [name for name in names if name in [step.name for step in self.steps]]
        with self.changed:
            self.changed.wait_for(lambda: all(name in self.ended for name in names))
            return next((name for name in names if not self.ended[name]), None)

    def one(self, step):
        missing = self.wait_for(step.needs)
        if missing:
            self.end(step, False, 0, 1, f"not run: {missing} failed")
            return
        start = time.monotonic()
        if start >= self.end_at:
            self.end(step, False, 0, 1, "not run: the time of the whole run is over")
            return
        try:
            ok, log = run(step, self.running, self.end_at)
        except OSError as error:
            self.end(step, False, 0, 1, f"cannot be started: {error}")
            return
        output = log.read_text(errors="replace")
        good, bad = counts(output, ok)
        result = (f"{'ok' if ok else 'FAILED':7} {good:5} passed {bad:3} failed {time.monotonic() - start:6.0f} s")
        if not ok:
            result += "\n" + "\n".join(output.splitlines()[-60:]) + f"\n(all of it: {log.relative_to(ROOT)})"
        elif step.name == "benchmark":
            result += "\n" + output
        self.end(step, ok, good, bad, result)

    def end(self, step, ok, good, bad, result):
        with self.changed:
            print(f"{step.name:18} {result}", flush=True)
            self.passed, self.failed = self.passed + good, self.failed + bad
            self.ended[step.name] = ok
            self.changed.notify_all()


def main():
    wanted = sys.argv[1:]
    if "--list" in wanted:
        print("\n".join(step.name for step in STEPS))
        return 0
    unknown = [name for name in wanted if name not in [step.name for step in STEPS]]
    if unknown:
        print(f"no step is called {unknown[0]!r}; ./test --list shows them", file=sys.stderr)
        return 2
    begin = time.monotonic()
    whole = Run([step for step in STEPS if not wanted or step.name in wanted])
    try:
        whole.all()
    except KeyboardInterrupt:
        for program in set(whole.running):
            stop(program)
        print("\ninterrupted", file=sys.stderr)
        return 130
    print(f"\n{time.monotonic() - begin:.0f} s in all")
    print(f"{whole.passed} passed, {whole.failed} failed")
    return 1 if whole.failed or not whole.passed else 0


if __name__ == "__main__":
    sys.exit(main())
