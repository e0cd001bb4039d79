"""The life of the shipped bot as a process: start, stop, crash, second instance, bad settings."""
import json
import pathlib
import re
import signal
import socket
import subprocess
import threading
import unittest

from tests.system.world import ANNA, BIN, LIMIT, TOKEN, World, http


class SilentServer:
    """Accepts connections and never answers: what hangs on it hangs."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.accepted = threading.Semaphore(0)
        self.connections = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        try:
            while True:
                self.connections.append(self.socket.accept())
                self.accepted.release()
        except OSError:
            pass

    def await_handler(self):
        """Until a handler hangs here. Trading, which looks at the account at every start, is the other who calls."""
        return all(self.accepted.acquire(timeout=LIMIT) for _ in range(2))

    def close(self):
        self.socket.close()
        for connection, _ in self.connections:
            connection.close()


class Life(World):
    def test_sigterm_stops_services_in_reverse_order_and_exits_with_0(self):
        bot = self.start_bot()
        self.ask("/status")
        self.stop(bot)
        started = re.findall(r"service started.*?service=\"?([a-z -]+?)\"?(?: |$)", bot.log(), re.M)
        stopped = re.findall(r"service stopped.*?service=\"?([a-z -]+?)\"?(?: |$)", bot.log(), re.M)
        self.assertGreater(len(started), 4, bot.log())
        self.assertEqual(stopped, started[::-1], bot.log())
        self.assertEqual(stopped[-1], "endpoints")
        self.assertEqual(self.control("state")["bots"][0]["pending"], 0, "what was taken is confirmed")

    def test_an_answered_update_is_not_answered_again_after_a_clean_restart(self):
        bot = self.start_bot()
        self.ask("/status")
        self.stop(bot)
        self.start_bot()
        self.ask("/help", "/balance")
        self.assertEqual(len(self.bot_texts()), 2, self.transcript())

    def test_a_hanging_handler_meets_its_limit_and_the_exit_code_tells(self):
        silent = SilentServer()
        self.addCleanup(silent.close)
        bot = self.start_bot(dmarket_api_url=silent.url, shutdown_timeout="2s")
        self.send("/balance")
        self.assertTrue(silent.await_handler())
        bot.signal(signal.SIGTERM)
        self.assertEqual(bot.wait(), 1, bot.log())
        self.assertRegex(bot.log(), r"dispatcher")

    def test_a_bot_that_remembers_another_sandbox_answers_in_a_new_one(self):
        bot = self.start_bot()
        self.ask("/ping", "pong (1)")
        self.stop(bot)
        self.sandbox.kill()
        self.sandbox = self.start_process("sandbox-2", [BIN / "sandbox", "--port", "0"], {})
        self.url = self.await_line(self.sandbox, r"sandbox ready: (http://[^/\s]+)/")
        self.start_bot()
        self.ask("/ping", "pong (2)")

    def test_a_second_instance_is_refused(self):
        self.start_bot()
        second = self.start_bot(ready=False)
        self.assertEqual(second.wait(), 3, second.log())
        self.assertIn("already", second.log())

    def test_after_a_kill_it_starts_at_once(self):
        bot = self.start_bot()
        self.ask("/status")
        bot.kill()
        self.start_bot()
        self.ask("/help", "/balance")

    def test_an_update_taken_but_not_handled_at_a_kill_is_handled_after_it(self):
        silent = SilentServer()
        self.addCleanup(silent.close)
        bot = self.start_bot(dmarket_api_url=silent.url)
        self.send("/balance")
        self.assertTrue(silent.await_handler())
        bot.kill()
        before = self.control("state")["seq"]
        self.start_bot()
        self.await_event(before, kind=["message", "edit"], contains="$")

    def test_health_is_starting_then_running_then_stopping(self):
        silent = SilentServer()
        self.addCleanup(silent.close)
        self.control("faults", {"method": "getMe", "action": "delay", "delay_ms": 1500})
        bot = self.start_bot(ready=False, dmarket_api_url=silent.url, shutdown_timeout="5s")
        url = self.health_url(bot)
        status, body, _ = http(url + "/health")
        self.assertEqual((status, json.loads(body)["status"]), (503, "starting"))
        self.assertEqual(http(url + "/ready")[0], 503)
        self.await_line(bot, r"event=running|\brunning\b")
        self.control("wait", {"polling": True, "timeout": LIMIT})
        status, body, _ = http(url + "/health")
        self.assertEqual((status, json.loads(body)["status"]), (200, "running"), body)
        self.assertGreaterEqual(json.loads(body)["uptime_seconds"], 0)
        self.assertEqual(http(url + "/live")[0], 200)
        self.send("/balance")
        self.assertTrue(silent.await_handler())
        bot.signal(signal.SIGTERM)
        self.await_line(bot, "stopping")
        status, body, _ = http(url + "/health")
        self.assertEqual((status, json.loads(body)["status"]), (503, "stopping"))
        self.assertEqual(http(url + "/ready")[0], 503)
        self.assertEqual(bot.wait(), 1)

    def test_prometheus_accepts_the_metrics(self):
        bot = self.start_bot()
        self.ask("/balance", "$")
        url = self.health_url(bot)
        status, text, headers = http(url + "/metrics", headers={"Accept": "text/plain;version=0.0.4"})
        self.assertEqual(status, 200)
        self.assertIn("text/plain", headers["Content-Type"])
        check = subprocess.run(["promtool", "check", "metrics"], input=text, text=True, capture_output=True)
        self.assertEqual((check.returncode, check.stderr + check.stdout), (0, ""))
        status, text, _ = http(url + "/metrics")
        seed = json.loads(text)
        self.assertEqual(set(seed), {"status", "start_time", "last_update_time", "total_updates", "errors",
                                     "uptime_seconds", "error_rate"})
        self.assertEqual(seed["status"], "running")
        self.assertEqual(seed["total_updates"], 1)

    def test_other_paths_and_methods_are_refused_properly(self):
        bot = self.start_bot()
        url = self.health_url(bot)
        self.assertEqual(http(url + "/nothing")[0], 404)
        self.assertEqual(http(url + "/health", {"x": 1})[0], 405)
        self.assertEqual(http(url + "/health", method="HEAD")[:2], (200, ""))

    def test_a_slow_client_of_the_health_server_holds_nobody(self):
        bot = self.start_bot()
        url = self.health_url(bot)
        host, port = url.removeprefix("http://").split(":")
        slow = [socket.create_connection((host, int(port))) for _ in range(20)]
        for connection in slow:
            connection.sendall(b"GET /health HT")
        self.assertEqual(http(url + "/health")[0], 200)
        for connection in slow:
            connection.close()

    def test_json_logs_are_json_and_never_hold_what_people_write(self):
        bot = self.start_bot(log_format="json", log_level="debug")
        self.ask("/start")
        self.send("my private words")
        self.ask("/status")
        self.stop(bot)
        for line in bot.log().splitlines():
            json.loads(line)
        self.assertNotIn("my private words", bot.log())


class WrongToken(World):
    sandbox_arguments = ["--revoked-token", TOKEN]

    def test_a_refused_token_is_a_clear_failure_with_its_exit_code(self):
        bot = self.start_bot(ready=False)
        self.assertEqual(bot.wait(), 5, bot.log())
        self.assertIn("TELEGRAM_BOT_TOKEN", bot.log())


class Settings(World):
    def test_all_mistakes_are_reported_at_once_with_what_to_do(self):
        bot = self.start_bot("--rate-limit-requests", "many", ready=False, health_port="99999", time_zone="Mars/Base",
                             dmarket_secret_key="abc")
        self.assertEqual(bot.wait(), 2)
        for name in ("RATE_LIMIT_REQUESTS", "HEALTH_PORT", "TIME_ZONE", "DMARKET_SECRET_KEY"):
            self.assertIn(name, bot.log())

    def test_without_a_token_it_says_where_to_get_one(self):
        bot = self.start_bot(ready=False, telegram_bot_token=None)
        self.assertEqual(bot.wait(), 2)
        self.assertIn("@BotFather", bot.log())

    def test_check_config_shows_values_and_sources_but_no_secret(self):
        token_file = self.folder / "token"
        token_file.write_text(TOKEN + "\n")
        file = self.folder / "bot.toml"
        file.write_text('log_level = "debug"\nlanguage = "ru"\n')
        bot = self.start_bot("--check-config", "--config", str(file), "--language", "en", ready=False,
                             telegram_bot_token=None, telegram_bot_token_file=str(token_file))
        self.assertEqual(bot.wait(), 0, bot.log())
        self.assertRegex(bot.log(), r"LANGUAGE\s*=?\s*\"?en")
        self.assertRegex(bot.log(), r"LOG_LEVEL\s*=?\s*\"?debug")

    def test_a_taken_port_is_named(self):
        taken = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(taken.close)
        port = str(taken.getsockname()[1])
        bot = self.start_bot(ready=False, health_port=port)
        self.assertEqual(bot.wait(), 4, bot.log())
        self.assertIn(port, bot.log())

    def test_version_and_help_need_no_settings(self):
        for flag in ("--version", "--help"):
            run = subprocess.run([str(BIN / "dmarket-bot"), flag], capture_output=True, text=True, env={"PATH": "/usr/bin"})
            self.assertEqual(run.returncode, 0, run.stderr)
            self.assertTrue(run.stdout)


if __name__ == "__main__":
    unittest.main()
