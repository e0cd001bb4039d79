"""Beginning and end of the shipped bot where something is in the way: signals, another instance, a dead line."""
import os
import re
import signal
import socket
import subprocess
import threading
import unittest

from tests.system.test_process import SilentServer
from tests.system.world import ANNA, LIMIT, TOKEN, World, http


class Line:
    """A TCP relay to the sandbox. A dead line stays connected and carries nothing any more, in either direction."""

    def __init__(self, url):
        host, port = url.removeprefix("http://").split(":")
        self.target = (host, int(port))
        self.server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.server.getsockname()[1]}"
        self.lock = threading.Lock()
        self.generation = 0
        self.open = True
        self.sockets = []
        threading.Thread(target=self.accept, daemon=True).start()

    def die(self):
        """All present connections, and new ones until revive()."""
        with self.lock:
            self.generation += 1
            self.open = False

    def revive(self):
        with self.lock:
            self.generation += 1
            self.open = True

    def accept(self):
        try:
            while True:
                near, _ = self.server.accept()
                with self.lock:
                    generation, carries = self.generation, self.open
                self.sockets.append(near)
                if not carries:
                    continue
                far = socket.create_connection(self.target)
                self.sockets.append(far)
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self.carry, args=(source, sink, generation), daemon=True).start()
        except OSError:
            pass

    def carry(self, source, sink, generation):
        try:
            while True:
                data = source.recv(65536)
                with self.lock:
                    alive = generation == self.generation
                if not alive:
                    continue
                if not data:
                    sink.shutdown(socket.SHUT_WR)
                    return
                sink.sendall(data)
        except OSError:
            pass

    def close(self):
        self.server.close()
        for one in self.sockets:
            one.close()


class InTheWay(World):
    def test_sigterm_during_the_start_is_an_ordered_stop(self):
        self.control("faults", {"method": "getMe", "action": "delay", "delay_ms": 20000})
        bot = self.start_bot(ready=False)
        self.await_line(bot, r"service starts.*service=\"?bot\b")
        bot.signal(signal.SIGTERM)
        self.assertEqual(bot.wait(10), 0, bot.log())
        started = re.findall(r"service started.*?service=\"?([a-z -]+?)\"?(?: |$)", bot.log(), re.M)
        stopped = re.findall(r"service stopped.*?service=\"?([a-z -]+?)\"?(?: |$)", bot.log(), re.M)
        self.assertIn("store", started)
        self.assertEqual(stopped, started[::-1], bot.log())
        self.assertNotRegex(bot.log(), r"event=running")

    def test_what_a_second_signal_cuts_off_is_finished_by_the_next_start(self):
        silent = SilentServer()
        self.addCleanup(silent.close)
        bot = self.start_bot(dmarket_api_url=silent.url, shutdown_timeout="60s")
        self.send("/balance")
        self.assertTrue(silent.await_handler())
        bot.signal(signal.SIGTERM)
        self.await_line(bot, "stopping")
        while bot.running():  # within a second of the first it is the same signal
            bot.signal(signal.SIGTERM)
            try:
                bot.wait(0.2)
            except subprocess.TimeoutExpired:
                pass
        self.assertEqual(bot.handle.returncode, 130, bot.log())
        before = self.control("state")["seq"]
        bot = self.start_bot()
        self.await_event(before, kind=["message", "edit"], contains="$")
        self.stop(bot)
        self.assertEqual(sum("$" in text for text in self.bot_texts()), 1, self.transcript())

    def test_another_instance_is_yielded_to_said_once_and_followed_when_it_is_gone(self):
        bot = self.start_bot()
        self.ask("/status")
        over = threading.Event()

        def poll():
            while not over.is_set():
                http(f"{self.url}/bot{TOKEN}/getUpdates", {"timeout": 2})

        other = threading.Thread(target=poll, daemon=True)
        other.start()
        self.addCleanup(other.join, LIMIT)
        self.addCleanup(over.set)
        self.await_line(bot, "another instance polls")
        url = self.health_url(bot)
        self.await_ready(bot, 503)
        # It looks again, meets the other once more, says nothing new and gives way.
        pattern = r'tgkit_poll_rounds_total\{outcome="conflict"\} ([2-9])'
        self.await_answer(bot, "/metrics?format=prometheus", lambda _, body: re.search(pattern, body))
        self.assertEqual(bot.log().count("another instance polls"), 1)
        self.assertEqual(http(url + "/ready")[0], 503)
        over.set()
        other.join(LIMIT)
        self.ask("/status")  # waits at Telegram until the bot sees that nobody takes it
        self.await_ready(bot)

    def test_a_dead_line_is_noticed_within_a_minute_shown_counted_and_dialled_anew(self):
        line = Line(self.url)
        self.addCleanup(line.close)
        bot = self.start_bot(telegram_api_url=line.url)
        self.ask("/status")
        self.await_ready(bot)
        line.die()
        died = os.times().elapsed
        self.send("/help")
        self.await_line(bot, "polling has trouble.*kind=deaf", 60)
        self.await_answer(bot, "/health", lambda _, body: "no updates are reaching us" in body)
        self.assertLess(os.times().elapsed - died, 60)
        url = self.health_url(bot)
        self.assertEqual(http(url + "/ready")[0], 503)
        self.assertIn('tgkit_poll_rounds_total{outcome="deaf"} 1', http(url + "/metrics?format=prometheus")[1].split("\n"))
        line.revive()
        self.await_event(0, kind="message", outgoing=False, contains="/balance")
        self.assertEqual(http(url + "/live")[0], 200)


if __name__ == "__main__":
    unittest.main()
