"""The runner of ./test: what hangs is ended and named, and a run always comes to its end."""
import contextlib
import io
import pathlib
import sys
import tempfile
import time
import unittest
from unittest import mock

from scripts import run_tests
from scripts.run_tests import Run, Step

HANGS = [[sys.executable, "-c", "import time; time.sleep(600)"]]
WORKS = [[sys.executable, "-c", "print('fine')"]]


class Runner(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        for name, value in (("LOGS", pathlib.Path(folder.name)), ("ROOT", pathlib.Path(folder.name))):
            patch = mock.patch.object(run_tests, name, value)
            patch.start()
            self.addCleanup(patch.stop)
        self.printed = io.StringIO()

    def run_steps(self, *steps, limit=60):
        whole = Run(steps, limit)
        begin = time.monotonic()
        with contextlib.redirect_stdout(self.printed):
            whole.all()
        self.assertLess(time.monotonic() - begin, 30, "the run did not end by itself")
        return whole

    def test_a_run_ends_at_its_limit_and_names_the_step_that_hung(self):
        whole = self.run_steps(Step("good", WORKS, folder=None), Step("hangs", HANGS, folder=None),
                               Step("after it", WORKS, folder=None), limit=2)
        self.assertEqual(whole.ended, {"good": True, "hangs": False, "after it": False})
        self.assertEqual((whole.passed, whole.failed), (1, 2))
        self.assertRegex(self.printed.getvalue(), r"hangs +FAILED(?s:.*)ended from outside after 2 s")
        self.assertRegex(self.printed.getvalue(), r"after it +not run: the time of the whole run is over")

    def test_a_step_that_hangs_alone_is_ended_at_the_limit_of_a_step(self):
        with mock.patch.object(run_tests, "STEP_LIMIT_SECONDS", 1):
            whole = self.run_steps(Step("hangs", HANGS, folder=None), Step("after it", WORKS, folder=None))
        self.assertEqual(whole.ended, {"hangs": False, "after it": True})

    def test_what_needs_a_step_that_failed_is_counted_as_failed(self):
        fails = [[sys.executable, "-c", "raise SystemExit(3)"]]
        whole = self.run_steps(Step("build", fails, folder=None), Step("tests", WORKS, needs=("build",), folder=None))
        self.assertEqual((whole.passed, whole.failed), (0, 2))
        self.assertIn("not run: build failed", self.printed.getvalue())

    def test_the_whole_run_may_take_75_minutes(self):
        self.assertEqual(run_tests.RUN_LIMIT_SECONDS, 4500)


if __name__ == "__main__":
    unittest.main()
