"""A world for one test: the shipped sandbox and the shipped bot as processes on loopback, and a way to talk to both."""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BIN = pathlib.Path(os.environ.get("BIN_DIR", ROOT / "build/release/bin"))

TOKEN = "4242:system-test-token-secret-part-9f8e7d6c5b"
SEED = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
PUBLIC = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
ANNA, BORIS = 100000001, 100000002
LIMIT = 30  # seconds; far above what anything here takes, so that a slow machine fails nothing


class Refused(Exception):
    """An HTTP answer that is not 2xx."""

    def __init__(self, status, body):
        super().__init__(f"HTTP {status}: {body}")
        self.status, self.body = status, body


def http(url, data=None, headers=None, timeout=LIMIT + 10, method=None):
    body = json.dumps(data).encode() if data is not None else None
    request = urllib.request.Request(url, body, {"Content-Type": "application/json", **(headers or {})}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return answer.status, answer.read().decode(), dict(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), dict(error.headers)


class Process:
    """A program whose output goes to a file that the test reads."""

    def __init__(self, name, folder, arguments, environment):
        self.log_path = folder / f"{name}.log"
        self.log_file = open(self.log_path, "ab")
        self.handle = subprocess.Popen([str(argument) for argument in arguments], stdout=self.log_file,
                                       stderr=subprocess.STDOUT, env=environment, stdin=subprocess.DEVNULL)

    def log(self):
        return self.log_path.read_text(errors="replace")

    def signal(self, number):
        self.handle.send_signal(number)

    def wait(self, timeout=LIMIT):
        code = self.handle.wait(timeout)
        self.log_file.close()
        return code

    def running(self):
        return self.handle.poll() is None

    def kill(self):
        if self.running():
            self.handle.kill()
            self.wait()


class World(unittest.TestCase):
    """Starts the sandbox; a test starts the bot when it wants to. Whatever was printed is searched for secrets."""

    sandbox_arguments = []

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="dmarket-bot-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.processes = []
        self.addCleanup(self.finish)
        self.sandbox = self.start_process("sandbox", [BIN / "sandbox", "--port", "0", *self.sandbox_arguments], {})
        self.url = self.await_line(self.sandbox, r"sandbox ready: (http://[^/\s]+)/")
        self.bots = 0

    def finish(self):
        for process in reversed(self.processes):
            process.kill()
        self.assert_no_secret_printed()

    def assert_no_secret_printed(self):
        secrets = (TOKEN, TOKEN.split(":")[1], SEED, SEED + PUBLIC)
        for process in self.processes:
            text = process.log()
            for secret in secrets:
                self.assertNotIn(secret, text, f"{process.log_path.name} shows a secret")

    # Processes

    def start_process(self, name, arguments, environment):
        process = Process(name, self.folder, arguments, {"PATH": os.environ["PATH"], **environment})
        self.processes.append(process)
        return process

    def start_bot(self, *arguments, ready=True, **environment):
        """Environment names in lower case: start_bot(admin_users=str(ANNA))."""
        self.bots += 1
        settings = {
            "TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": self.url, "DMARKET_API_URL": self.url,
            "DMARKET_PUBLIC_KEY": PUBLIC, "DMARKET_SECRET_KEY": SEED + PUBLIC,
            "ALLOWED_USERS": f"{ANNA},{BORIS}", "ADMIN_USERS": str(ANNA),
            "DATA_DIR": str(self.folder / "data"), "HEALTH_PORT": "0", "PENDING_UPDATES": "keep", "DAILY_REPORT_ENABLED": "false",
            "TRADE_SETTLE_IN": "0s",  # only tests of two instances wait whether there is another one
            **{name.upper(): value for name, value in environment.items() if value is not None},
        }
        for name, value in environment.items():
            if value is None:
                settings.pop(name.upper(), None)
        bot = self.start_process(f"bot-{self.bots}", [BIN / "dmarket-bot", *arguments], settings)
        if ready:
            self.await_line(bot, r'event=running|"event":"running"| running\b')
        return bot

    def await_line(self, process, pattern, timeout=LIMIT):
        """Until the process's log holds the pattern; gives its first group. Reads the file as it grows."""
        expression = re.compile(pattern)
        deadline = os.times().elapsed + timeout
        while os.times().elapsed < deadline:
            found = expression.search(process.log())
            if found:
                return found.group(1) if expression.groups else found.group(0)
            if not process.running():
                self.fail(f"{process.log_path.name} ended with {process.handle.returncode} before /{pattern}/:\n{process.log()}")
            try:
                process.handle.wait(0.02)
            except subprocess.TimeoutExpired:
                pass
        self.fail(f"{process.log_path.name} never printed /{pattern}/:\n{process.log()}")

    def await_handled(self, bot, user, count):
        """Until the bot has logged that it handled `count` updates of this person."""
        self.await_line(bot, rf"(?s)(?:update handled[^\n]*user=\"?{user}\b.*?){{{count}}}")

    def await_answer(self, bot, path, judge, timeout=2 * LIMIT):
        """Until judge(status, body) of this path of the bot's endpoints; gives the body."""
        url = self.health_url(bot) + path
        deadline = os.times().elapsed + timeout
        while True:
            status, body, _ = http(url)
            if judge(status, body):
                return body
            if os.times().elapsed > deadline:
                self.fail(f"{path} is {status} {body}\n{bot.log()}")
            try:
                bot.handle.wait(0.1)
            except subprocess.TimeoutExpired:
                pass

    def await_ready(self, bot, expected=200):
        return self.await_answer(bot, "/ready", lambda status, _: status == expected)

    def health_url(self, bot):
        return "http://127.0.0.1:" + self.await_line(bot, r"endpoints listen.*?port\W+(\d+)")

    def stop(self, bot, expected=0):
        bot.signal(signal.SIGTERM)
        self.assertEqual(bot.wait(), expected, bot.log())

    # The sandbox's control API

    def control(self, path, data=None, **query):
        if query:
            path += "?" + urllib.parse.urlencode(query)
        status, body, _ = http(f"{self.url}/control/{path}", data)
        if status >= 400:
            raise Refused(status, body)
        return json.loads(body)

    def send(self, text, user=ANNA, **more):
        return self.control("send", {"user": user, "bot": 4242, "text": text, **more})["seq"]

    def press(self, text=None, user=ANNA, **more):
        if text is not None:
            more["text"] = text
        return self.control("press", {"user": user, "chat": user, "bot": 4242, **more})["seq"]

    def await_event(self, after, user=ANNA, **condition):
        return self.control("wait", {"after": after, "chat": user, "bot": 4242, "timeout": LIMIT, **condition})["event"]

    def ask(self, text, contains="", user=ANNA):
        """Sends a text and gives the bot's next message (new or edited) that holds `contains`."""
        return self.await_event(self.send(text, user), user, kind=["message", "edit"], outgoing=False,
                                contains=contains)["message"]

    def transcript(self, user=ANNA):
        status, body, _ = http(f"{self.url}/control/transcript?chat={user}&bot=4242&format=text")
        self.assertEqual(status, 200)
        return body

    def bot_texts(self, user=ANNA):
        entries = self.control("transcript", chat=user, bot=4242)["messages"]
        return [entry["message"].get("text", "") for entry in entries if not entry["outgoing"]]
