"""A world whose time runs faster, for shipped programs that wait for minutes: see fast_clock.c."""
import os
import re
import shutil
import socket
import subprocess
import threading
import time

from tests.system.world import ROOT, http

TIMES = int(os.environ.get("FAST_TIMES", "30"))


class Gate:
    """Stands between a bot and the sandbox: a connection that can be cut."""

    def __init__(self, port):
        self.behind, self.is_open, self.pipes = port, True, set()
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                client, _ = self.server.accept()
            except OSError:
                return
            try:
                inside = socket.create_connection(("127.0.0.1", self.behind)) if self.is_open else None
            except OSError:
                inside = None
            if inside is None:
                client.close()
                continue
            self.pipes |= {client, inside}
            for source, sink in ((client, inside), (inside, client)):
                threading.Thread(target=self.pump, args=(source, sink), daemon=True).start()

    def pump(self, source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass
        self.end(source, sink)

    def end(self, *pipes):
        for pipe in pipes:
            self.pipes.discard(pipe)
            try:
                pipe.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            pipe.close()

    def cut(self):
        self.is_open = False
        self.end(*list(self.pipes))

    def mend(self):
        self.is_open = True

    def close(self):
        self.server.close()
        self.cut()


class FastWorld:
    """Mixed in before a World: its processes live in fast time."""

    def setUp(self):
        self.fast_library = None
        super().setUp()

    def start_process(self, name, arguments, environment):
        if self.fast_library is None:
            self.fast_library = self.folder / "fast_clock.so"
            compiler = shutil.which("clang-19") or shutil.which("gcc") or shutil.which("cc")
            subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", self.fast_library,
                            ROOT / "tests/system/fast_clock.c"], check=True)
            self.clock = f"{TIMES}:{time.time_ns()}:{time.monotonic_ns()}"
        return super().start_process(name, arguments, {
            "LD_PRELOAD": str(self.fast_library), "FAST_CLOCK": self.clock,
            "ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0", **environment})

    def fast_now(self):
        """Seconds as the programs count them."""
        return time.monotonic() * TIMES

    def gate(self, port):
        gate = Gate(port)
        self.addCleanup(gate.close)
        return gate

    def metric(self, bot, name):
        """The sum of its lines; `name` is a pattern. 0 when the bot does not answer."""
        try:
            _, text, _ = http(self.health_url(bot) + "/metrics", headers={"Accept": "text/plain"}, timeout=5)
        except OSError:
            return 0.0
        return sum(float(value) for value in re.findall(rf"(?m)^{name}(?:\{{[^}}]*)?\}}? (\S+)$", text))
