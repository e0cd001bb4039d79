"""People who count: each sends /ping 1, /ping 2, ... to the bot, and what came back is judged by what the sandbox has seen."""
import http.client
import json
import re
import threading
import time
import urllib.parse

FIRST_USER = 200000001
PONG = re.compile(r"^pong (\S+) \((\d+)\)$")


class Control:
    """The sandbox's control API over one connection."""

    def __init__(self, url):
        self.netloc = urllib.parse.urlparse(url).netloc
        self.connection = http.client.HTTPConnection(self.netloc, timeout=60)

    def call(self, path, data=None):
        body = None if data is None else json.dumps(data)
        self.connection.request("GET" if data is None else "POST", "/control/" + path, body)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        if answer.status >= 400:
            raise RuntimeError(f"{path}: HTTP {answer.status}: {text}")
        return json.loads(text)


class People:
    """A thread that writes as many people, in turn, at a steady rate."""

    def __init__(self, url, bot, count, rate):
        self.url, self.bot, self.rate = url, bot, rate
        self.ids = [FIRST_USER + i for i in range(count)]
        self.asked = dict.fromkeys(self.ids, 0)
        control = Control(url)
        control.call("bots", {"id": bot})
        for user in self.ids:
            control.call("users", {"id": user, "first_name": f"P{user}", "language_code": "en"})
        self.stopping = threading.Event()
        self.talking = threading.Event()
        self.talking.set()
        self.failure = None
        self.thread = threading.Thread(target=self.run)

    def start(self):
        self.thread.start()

    def pause(self):
        self.talking.clear()

    def go_on(self):
        self.talking.set()

    def stop(self):
        self.stopping.set()
        self.talking.set()
        self.thread.join()
        if self.failure:
            raise self.failure

    def run(self):
        try:
            control = Control(self.url)
            begin, sent = time.monotonic(), 0
            while not self.stopping.is_set():
                for user in self.ids:
                    if not self.talking.is_set():
                        self.talking.wait()
                        begin, sent = time.monotonic(), 0
                    self.write(control, user)
                    sent += 1
                    self.stopping.wait(max(0.0, begin + sent / self.rate - time.monotonic()))
        except Exception as error:  # told by stop()
            self.failure = error

    def write(self, control, user):
        self.asked[user] += 1
        control.call("send", {"user": user, "bot": self.bot, "text": f"/ping {self.asked[user]}"})

    def everybody_once(self):
        control = Control(self.url)
        for user in self.ids:
            self.write(control, user)

    @property
    def total(self):
        return sum(self.asked.values())


class Verdict:
    """What became of every message, by the sandbox's own record."""

    def __init__(self, url, people):
        self.people = people
        self.answers = {user: [] for user in people.ids}  # (number, count) in the order of arrival
        self.strange = []
        control, since = Control(url), 0
        while True:
            page = control.call(f"events?since={since}&kind=message&limit=20000")
            if page.get("missed"):
                raise RuntimeError("the sandbox kept too few events: --keep-events")
            if not page["events"]:
                break
            for event in page["events"]:
                self.read(event)
            since = page["next"]

    def read(self, event):
        chat = event.get("chat")
        if event.get("outgoing") or chat not in self.answers:
            return
        text = event["message"].get("text", "")
        found = PONG.match(text)
        if found:
            self.answers[chat].append((int(found.group(1)), int(found.group(2))))
        else:
            self.strange.append(text)

    @property
    def answered(self):
        return sum(len({number for number, _ in answers}) for answers in self.answers.values())

    def unanswered(self, user):
        have = {number for number, _ in self.answers[user]}
        return [number for number in range(1, self.people.asked[user] + 1) if number not in have]

    @property
    def doubles(self):
        return sum(len(answers) - len({number for number, _ in answers}) for answers in self.answers.values())

    @property
    def out_of_order(self):
        wrong = 0
        for answers in self.answers.values():
            numbers = [number for number, _ in answers]
            wrong += sum(1 for a, b in zip(numbers, numbers[1:]) if b < a)
        return wrong

    @property
    def miscounted(self):
        return sum(1 for answers in self.answers.values() for number, count in answers if number != count)

    @property
    def wrong_at_the_end(self):
        return sum(1 for answers in self.answers.values() if not answers or answers[-1][0] != answers[-1][1])

    def unexplained(self, unknown):
        """Unanswered messages beyond those whose fate the bot itself called unknown. `unknown`: per chat."""
        return sum(max(0, len(self.unanswered(user)) - unknown.get(user, 0)) for user in self.people.ids)
