"""Updates by webhook: the shipped bot behind a real nginx with TLS, alone with its own certificate, and changing over."""
import http.client
import json
import pathlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import unittest

from tests.system.world import ANNA, BORIS, LIMIT, World, http as fetch

SECRET = "system-test-webhook-secret-0a1b2c3d"
HEADER = "X-Telegram-Bot-Api-Secret-Token"

# The proxy talks to the bot from 127.0.0.2, so that it can be told from those whom it stands for.
NGINX = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log;
events {{ worker_connections 64; }}
http {{
  access_log {folder}/nginx-access.log;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} ssl;
    server_name bot.example;
    ssl_certificate {folder}/certificate.pem;
    ssl_certificate_key {folder}/key.pem;
    location /hook {{
      proxy_pass http://127.0.0.1:{behind}/inside;
      proxy_bind 127.0.0.2;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }}
  }}
}}
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def make_certificates(folder):
    """authority.pem; certificate.pem and key.pem for bot.example from it; own.pem and own_key.pem self-signed."""
    name, san = "/CN=bot.example", "subjectAltName=DNS:bot.example"
    new = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    openssl(*new, "-subj", "/CN=test authority", "-keyout", f"{folder}/authority_key.pem", "-out", f"{folder}/authority.pem")
    openssl(*new, "-subj", name, "-addext", san, "-keyout", f"{folder}/own_key.pem", "-out", f"{folder}/own.pem")
    openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", name,
            "-keyout", f"{folder}/key.pem", "-out", f"{folder}/request.pem")
    (folder / "extensions").write_text(san)
    openssl("x509", "-req", "-in", f"{folder}/request.pem", "-CA", f"{folder}/authority.pem", "-CAkey",
            f"{folder}/authority_key.pem", "-CAcreateserial", "-days", "2", "-extfile", f"{folder}/extensions",
            "-out", f"{folder}/certificate.pem")


def post(port, body, secret=SECRET, path="/hook", tls=None, source="127.0.0.1", **headers):
    """A request as anybody could send it; gives the status."""
    if tls:
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=LIMIT, context=tls, source_address=(source, 0))
    else:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT, source_address=(source, 0))
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if secret:
        named[HEADER] = secret
    try:
        connection.request("POST", path, body, named)
        return connection.getresponse().status
    finally:
        connection.close()


class WebhookWorld(World):
    """One address for the bot, as long as the test lasts; what it is made of is chosen by each test."""

    def setUp(self):
        self.files = pathlib.Path(tempfile.mkdtemp(prefix="dmarket-bot-webhook-"))
        self.addCleanup(shutil.rmtree, self.files, ignore_errors=True)
        make_certificates(self.files)
        self.sandbox_arguments = ["--allow-any-webhook", "--webhook-host", "bot.example=127.0.0.1",
                                  "--webhook-ca", str(self.files / "authority.pem")]
        super().setUp()
        self.port = free_port()

    def finish(self):
        super().finish()
        for process in self.processes:
            self.assertNotIn(SECRET, process.log(), f"{process.log_path.name} shows the webhook's secret")

    def start_plain(self, *arguments, **environment):
        """Without TLS, as with a Bot API server of one's own."""
        return self.start_bot(*arguments, **{"pending_updates": "keep", "webhook_url": f"http://127.0.0.1:{self.port}/hook",
                                             "webhook_port": str(self.port), "webhook_secret": SECRET, **environment})

    def registered(self):
        return self.control("state")["bots"][0]["webhook"]

    def calls(self, method):
        return [call for call in self.control("calls", since=0)["calls"] if call["method"] == method]

    def await_answers(self, count, user=ANNA):
        """Until the bot has written `count` messages to this person."""
        after = 0
        while len(self.bot_texts(user)) < count:
            after = self.control("wait", {"after": after, "chat": user, "bot": 4242, "timeout": LIMIT,
                                          "kind": "message", "outgoing": False})["event"]["seq"]


class BehindNginx(WebhookWorld):
    def setUp(self):
        super().setUp()
        self.behind = free_port()
        configuration = self.files / "nginx.conf"
        configuration.write_text(NGINX.format(folder=self.files, port=self.port, behind=self.behind))
        nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin")
        self.assertTrue(nginx, "nginx is missing: install nginx-light")
        self.nginx = self.start_process("nginx", [nginx, "-c", configuration, "-e", self.files / "nginx-error.log"], {})
        self.tls = ssl.create_default_context(cafile=str(self.files / "authority.pem"))
        self.tls.check_hostname = False
        self.await_nginx()

    def await_nginx(self):
        for _ in range(500):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except ConnectionRefusedError:
                try:
                    self.nginx.handle.wait(0.02)
                    self.fail((self.files / "nginx-error.log").read_text())
                except subprocess.TimeoutExpired:
                    pass
        self.fail("nginx does not listen")

    def start_behind(self, **environment):
        return self.start_bot(**{"pending_updates": "keep", "webhook_url": f"https://bot.example:{self.port}/hook",
                                 "webhook_port": str(self.behind), "webhook_path": "/inside",
                                 "webhook_secret": SECRET, "webhook_allow": "127.0.0.1",
                                 "trusted_proxies": "127.0.0.2", **environment})

    def test_updates_come_through_the_proxy_and_are_answered(self):
        bot = self.start_behind()
        self.ask("/status")
        self.ask("/help", "/balance", user=BORIS)
        self.assertRegex(self.registered(), rf"^https://bot.example:{self.port}/hook\?instance=[\w-]{{22}}$")
        self.assertEqual(fetch(self.health_url(bot) + "/ready")[0], 200)
        self.assertEqual(self.calls("getUpdates"), [])
        self.stop(bot)
        access = (self.files / "nginx-access.log").read_text()
        self.assertRegex(access, r'127\.0\.0\.1 .*"POST /hook\?instance=\S+ HTTP/1\.1" 200')

    def test_strangers_are_refused_whatever_they_write(self):
        bot = self.start_behind()
        update = json.dumps({"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}}})
        self.assertEqual(post(self.port, update, tls=self.tls), 200)
        self.assertEqual(post(self.port, update, tls=self.tls, secret="guessed"), 401)
        self.assertEqual(post(self.port, update, tls=self.tls, secret=None), 401)
        self.assertEqual(post(self.port, update, tls=self.tls, source="127.0.0.3"), 403)
        forged = {"X_Forwarded_For": "127.0.0.1"}
        self.assertEqual(post(self.port, update, tls=self.tls, source="127.0.0.3", **forged), 403)
        self.assertEqual(post(self.behind, update, path="/inside", source="127.0.0.3", **forged), 403)
        self.assertEqual(post(self.behind, update, path="/inside", source="127.0.0.2", **forged), 200)
        self.assertEqual(post(self.behind, update, path="/hook"), 404)
        status, text, _ = fetch(self.health_url(bot) + "/metrics", headers={"Accept": "text/plain;version=0.0.4"})
        self.assertEqual(status, 200)
        for outcome, count in (("forbidden", 3), ("unauthorized", 2), ("duplicate", 1), ("not_found", 1)):
            self.assertRegex(text, rf'tgkit_webhook_requests_total{{outcome="{outcome}"}} {count}\b')

    def test_a_proxy_that_hides_who_is_behind_it_is_said_so(self):
        bot = self.start_behind()
        self.assertEqual(post(self.behind, "{}", path="/inside", source="127.0.0.2"), 403)
        self.await_line(bot, "sends no X-Forwarded-For")

    def test_a_restart_loses_nothing_and_does_nothing_twice(self):
        bot = self.start_behind()
        for user in (ANNA, BORIS):
            self.ask("/status", user=user)
        for number in range(5):
            self.send(f"before {number}")
            self.send(f"before {number}", user=BORIS)
        bot.signal(signal.SIGTERM)
        for number in range(5):
            self.send(f"meanwhile {number}")
            self.send(f"meanwhile {number}", user=BORIS)
        self.assertEqual(bot.wait(), 0, bot.log())
        self.assertIn(f"https://bot.example:{self.port}/hook", self.registered(), "no hole: Telegram goes on trying")
        self.start_behind()
        for number in range(5):
            self.send(f"after {number}")
            self.send(f"after {number}", user=BORIS)
        self.control("wait", {"drained": True, "timeout": LIMIT})
        for user in (ANNA, BORIS):
            self.await_answers(16, user)
            self.assertEqual(len(self.bot_texts(user)), 16, self.transcript(user))
        self.assertEqual(len(self.calls("setWebhook")), 1, "what is registered is left alone")

    def test_lost_answers_and_duplicates_are_recognised(self):
        self.start_behind()
        self.ask("/status")
        for action in ("drop_after", "duplicate"):
            self.control("faults", {"method": "webhook", "action": action, "count": 4, "skip": 1})
        for number in range(6):
            self.send(f"first {number}")
            self.send(f"second {number}", user=BORIS)
        self.control("wait", {"drained": True, "timeout": LIMIT})
        self.await_answers(7)
        self.await_answers(6, BORIS)
        answered = [delivery for delivery in self.control("deliveries", since=0)["deliveries"] if delivery["status"] == 200]
        self.assertGreaterEqual(len(answered), 13 + 4, "the duplicates came and were acknowledged")
        self.ask("/help", "/balance")
        self.assertEqual((len(self.bot_texts()), len(self.bot_texts(BORIS))), (8, 6), self.transcript())

    def test_an_update_that_cannot_be_read_holds_nobody_up(self):
        bot = self.start_behind()
        self.control("faults", {"method": "update", "action": "poison", "body": '{"update_id":{id},"message":{"text":'})
        self.ask("/status")
        self.await_line(bot, "update set aside")
        self.control("wait", {"drained": True, "timeout": LIMIT})

    def test_a_kill_loses_nothing(self):
        bot = self.start_behind()
        self.ask("/status")
        for number in range(10):
            self.send(f"before {number}")
        bot.kill()
        for number in range(10):
            self.send(f"meanwhile {number}")
        self.start_behind()
        self.control("wait", {"drained": True, "timeout": LIMIT})
        self.await_answers(21)


class Alone(WebhookWorld):
    def test_with_a_certificate_of_its_own_telegram_is_given_it(self):
        self.start_bot(webhook_url=f"https://bot.example:{self.port}/hook", webhook_port=str(self.port),
                       webhook_cert=str(self.files / "own.pem"), webhook_key=str(self.files / "own_key.pem"),
                       webhook_listen="127.0.0.1")
        self.ask("/status")
        self.assertEqual([part["name"] for part in self.calls("setWebhook")[0]["files"]], ["certificate"])

    def test_with_a_certificate_from_an_authority_nothing_is_given(self):
        self.start_bot(webhook_url=f"https://bot.example:{self.port}/hook", webhook_port=str(self.port),
                       webhook_cert=str(self.files / "certificate.pem"), webhook_key=str(self.files / "key.pem"),
                       webhook_listen="127.0.0.1")
        self.ask("/status")
        self.assertEqual(self.calls("setWebhook")[0]["files"], [])

    def test_a_secret_is_made_and_is_the_same_after_a_restart(self):
        for _ in range(2):
            bot = self.start_plain(webhook_secret=None)
            self.ask("/status")
            self.assertEqual(post(self.port, "{}", secret=None), 401)
            self.stop(bot)
        self.assertEqual(len(self.calls("setWebhook")), 1)
        made = self.calls("setWebhook")[0]["parameters"]["secret_token"]
        self.assertRegex(made, r"^[A-Za-z0-9_-]{43}$")
        for process in self.processes:
            self.assertNotIn(made, process.log())

    def test_what_cannot_be_read_is_acknowledged_and_set_aside(self):
        bot = self.start_plain()
        self.assertEqual(post(self.port, "this is no update"), 200)
        self.await_line(bot, "update set aside")
        self.ask("/status")

    def test_a_strangers_body_is_not_even_read(self):
        self.start_plain()
        with socket.create_connection(("127.0.0.1", self.port), timeout=LIMIT) as stranger:
            stranger.sendall(b"POST /hook HTTP/1.1\r\nHost: bot.example\r\nContent-Length: 500000\r\n\r\n")
            self.assertIn(b" 401 ", stranger.recv(4096).splitlines()[0])

    def test_a_stop_removes_the_registration_only_when_told_to(self):
        bot = self.start_plain()
        self.stop(bot)
        self.assertNotEqual(self.registered(), "")
        bot = self.start_plain(webhook_remove_at_stop="true")
        self.stop(bot)
        self.assertEqual(self.registered(), "")

    def test_it_is_not_ready_until_it_is_registered(self):
        self.control("faults", {"method": "setWebhook", "action": "status", "status": 500, "count": 2})
        bot = self.start_plain()
        url = self.health_url(bot)
        self.await_line(bot, "the webhook is not registered")
        self.await_line(bot, "webhook registered")
        for _ in range(200):
            status, body, _ = fetch(url + "/ready")
            if status == 200:
                break
            self.assertIn("webhook is not registered", body)
            try:
                bot.handle.wait(0.05)
            except subprocess.TimeoutExpired:
                pass
        self.assertEqual(status, 200, body)

    def test_what_telegram_refuses_ends_the_start_with_its_reason(self):
        self.control("faults", {"method": "setWebhook", "action": "status", "status": 400,
                                "description": "Bad Request: bad webhook: something is wrong"})
        bot = self.start_plain(ready=False)
        self.assertEqual(bot.wait(), 4, bot.log())
        self.assertIn("something is wrong", bot.log())

    def test_a_taken_port_is_named(self):
        with socket.create_server(("127.0.0.1", self.port)):
            bot = self.start_plain(ready=False)
            self.assertEqual(bot.wait(), 4, bot.log())
        self.assertIn(str(self.port), bot.log())
        self.assertEqual(self.registered(), "")


class ChangingOver(WebhookWorld):
    def test_from_polling_to_a_webhook_and_back(self):
        bot = self.start_bot(pending_updates="keep")
        self.ask("/status")
        self.stop(bot)
        self.send("while nobody is there")
        bot = self.start_plain()
        self.await_answers(2)
        self.assertNotEqual(self.registered(), "")
        self.ask("/status")
        self.stop(bot)
        self.send("while nobody is there")
        bot = self.start_bot(pending_updates="keep")
        self.await_answers(4)
        self.assertEqual(self.registered(), "", "falling back leaves no webhook")
        self.ask("/status")
        self.assertEqual(len(self.bot_texts()), 5, self.transcript())
        self.stop(bot)
        self.assertEqual(self.control("state")["bots"][0]["pending"], 0)


if __name__ == "__main__":
    unittest.main()
