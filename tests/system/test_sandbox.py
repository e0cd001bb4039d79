"""The shipped sandbox by itself: its options, TLS on both sides, and the clock, with bots that the test plays."""
import http.server
import json
import pathlib
import queue
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import unittest
import urllib.request

from tests.system.world import ANNA, BIN, LIMIT, TOKEN, World, http as ask


def make_certificate(folder, name):
    """A certificate that signs itself, for `name`."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
         "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name},IP:127.0.0.1", "-keyout", str(key), "-out",
         str(certificate)], check=True, capture_output=True)
    return certificate, key


class Receiver:
    """A bot's end of a webhook: keeps what came and answers with the next of `statuses`, then with 200."""

    def __init__(self, certificate=None, key=None):
        self.got, self.statuses = queue.Queue(), []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.put((dict(self.headers), json.loads(body)))
                self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class SandboxWorld(World):
    def call(self, method, data=None):
        _, body, _ = ask(f"{self.url}/bot{TOKEN}/{method}", data or {})
        return json.loads(body)

    def receiver(self, *certificate):
        made = Receiver(*certificate)
        self.addCleanup(made.close)
        return made

    def upload_certificate(self, url, certificate):
        """setWebhook as a form, with the file."""
        part = "--b\r\nContent-Disposition: form-data; name="
        form = (f'{part}"url"\r\n\r\n{url}\r\n{part}"certificate"; filename="bot.pem"\r\n\r\n'
                f"{certificate.read_text()}\r\n--b--\r\n")
        request = urllib.request.Request(f"{self.url}/bot{TOKEN}/setWebhook", form.encode(),
                                         {"Content-Type": "multipart/form-data; boundary=b"})
        with urllib.request.urlopen(request, timeout=LIMIT) as answer:
            return json.load(answer)


class StrictWebhooks(SandboxWorld):
    sandbox_arguments = ["--webhook-host", "bot.example=127.0.0.1"]

    def test_a_bot_on_this_machine_is_refused_as_in_the_cloud(self):
        for url, why in (("http://bot.example/hook", "An HTTPS URL must be provided for webhook"),
                         ("https://bot.example:9000/", "Webhook can be set up only on ports 80, 88, 443 or 8443"),
                         ("https://127.0.0.1/", "IP address 127.0.0.1 is reserved")):
            self.assertEqual(self.call("setWebhook", {"url": url})["description"], f"Bad Request: bad webhook: {why}")

    def test_nobody_at_the_address_is_told_by_getWebhookInfo(self):
        self.assertTrue(self.call("setWebhook", {"url": "https://elsewhere.example/hook"})["ok"])
        self.send("anybody?")
        self.control("wait", {"delivery": "retry", "timeout": LIMIT})
        told = self.call("getWebhookInfo")["result"]
        self.assertEqual(told["last_error_message"], "Failed to resolve host: Name or service not known")
        self.assertEqual(told["pending_update_count"], 1)


class Webhooks(SandboxWorld):
    sandbox_arguments = ["--allow-any-webhook", "--webhook-host", "bot.example=127.0.0.1"]

    def test_updates_arrive_over_tls_when_the_certificate_was_uploaded(self):
        certificate, key = make_certificate(self.folder, "bot.example")
        receiver = self.receiver(certificate, key)
        self.assertTrue(self.upload_certificate(f"https://bot.example:{receiver.port}/hook", certificate)["ok"])
        self.send("hello")
        self.assertEqual(receiver.got.get(timeout=LIMIT)[1]["message"]["text"], "hello")

    def test_a_certificate_that_nobody_knows_is_not_believed(self):
        receiver = self.receiver(*make_certificate(self.folder, "bot.example"))
        self.call("setWebhook", {"url": f"https://bot.example:{receiver.port}/hook"})
        self.send("hello")
        self.control("wait", {"delivery": "retry", "timeout": LIMIT})
        self.assertEqual(self.call("getWebhookInfo")["result"]["last_error_message"],
                         "SSL error {error:0A000086:SSL routines::certificate verify failed}")
        self.assertTrue(receiver.got.empty())

    def test_a_day_of_failures_passes_at_once_and_ends_with_the_updates_end(self):
        receiver = self.receiver()
        receiver.statuses = [503] * 10_000
        self.call("setWebhook", {"url": f"http://bot.example:{receiver.port}/"})
        self.control("time", {"running": False})
        self.send("never")
        self.control("time", {"advance": 90_000})
        tried = self.control("deliveries", since=0)["deliveries"]
        pauses = [round(after["started"] - before["started"]) for before, after in zip(tried, tried[1:])]
        self.assertEqual(pauses[:6], [0, 2, 4, 8, 16, 32])
        self.assertTrue(all(60 <= pause <= 120 for pause in pauses[6:]), pauses)
        self.assertGreater(len(tried), 700)
        self.assertEqual(tried[-1]["outcome"], "dropped")
        self.assertEqual(self.call("getWebhookInfo")["result"]["pending_update_count"], 0)

    def test_a_week_of_idleness_makes_new_update_ids(self):
        receiver = self.receiver()
        self.call("setWebhook", {"url": f"http://bot.example:{receiver.port}/"})
        self.send("one")
        first = receiver.got.get(timeout=LIMIT)[1]["update_id"]
        self.control("wait", {"drained": True, "timeout": LIMIT})
        self.control("time", {"advance": 8 * 86_400})
        self.send("two")
        self.assertNotEqual(receiver.got.get(timeout=LIMIT)[1]["update_id"], first + 1)


class LongRuns(SandboxWorld):
    sandbox_arguments = ["--keep-events", "5", "--keep-calls", "5", "--keep-messages", "5", "--flood-limits"]

    def test_bounds_and_flood_limits_come_from_the_command_line(self):
        self.call("getMe")
        self.send("/start")
        statuses = [self.call("sendMessage", {"chat_id": ANNA, "text": "x"})["ok"] for _ in range(10)]
        self.assertEqual(statuses[:5], [True] * 5)
        self.assertIn(False, statuses)
        self.assertEqual(len(self.control("transcript", chat=ANNA)["messages"]), 5)
        self.assertEqual(len(self.control("calls", since=0)["calls"]), 5)
        self.assertTrue(self.control("events", since=0)["missed"])


class Tls(unittest.TestCase):
    def test_the_sandbox_speaks_tls_with_a_certificate(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="sandbox-test-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        certificate, key = make_certificate(folder, "api.example")
        process = subprocess.Popen([BIN / "sandbox", "--port", "0", "--tls-certificate", certificate, "--tls-key", key],
                                   stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        line = process.stdout.readline()
        self.assertRegex(line, r"^sandbox ready: https://127\.0\.0\.1:\d+/$")
        port = int(line.rsplit(":", 1)[1].rstrip("/\n"))
        for name, fails in (("api.example", False), ("other.example", True)):
            context = ssl.create_default_context(cafile=certificate)
            with socket.create_connection(("127.0.0.1", port), timeout=LIMIT) as plain:
                try:
                    with context.wrap_socket(plain, server_hostname=name):
                        self.assertFalse(fails, name)
                except ssl.SSLCertVerificationError:
                    self.assertTrue(fails, name)


if __name__ == "__main__":
    unittest.main()
