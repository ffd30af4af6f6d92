"""A pytest plugin for the tests from outside: a real Odoo server in a process of its own.

The fixture ``odoo_server`` gives a running server on a fresh copy of the
database under test. A test may stop it, kill it and start it again.
"""

import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from . import databases, odoo, places

START_TIMEOUT = 120


class OdooServer:
    """An Odoo server: ``url``, ``database``, ``log``; start(), stop() and kill()."""

    def __init__(self, database, port=None):
        self.database = database
        self.port = port or _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = places.BUILD / f"{database}.log"
        self.process = None

    def start(self, *options):
        """Start, and wait until it answers; ``options`` go to Odoo."""
        words = odoo.command("-d", self.database, f"--http-port={self.port}", *options)
        with open(self.log, "ab") as out:
            self.process = subprocess.Popen(
                [str(word) for word in words],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=odoo.environment(),
                start_new_session=True,
            )
        self._wait()
        return self

    def _wait(self):
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(urllib.error.URLError, OSError):
                urllib.request.urlopen(f"{self.url}/web/login", timeout=30).close()
                return
            time.sleep(0.2)
        self.kill()
        raise RuntimeError(f"Odoo does not answer; its log is {self.log}")

    def stop(self):
        """Ask it to stop, and wait."""
        self._signal(signal.SIGTERM)

    def kill(self):
        """kill -9, with its children: what a power cut does."""
        self._signal(signal.SIGKILL)

    def _signal(self, number):
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, number)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def odoo_database():
    """A fresh copy of the database under test, dropped at the end."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    source = os.environ["RELANCE_TEST_DATABASE"]
    name = f"{source}_outer_{worker}"
    databases.copy(source, name)
    yield name
    databases.drop(name)


@pytest.fixture(scope="session")
def odoo_server(odoo_database):
    """A running server; its scheduled actions run only when a test calls them."""
    places.BUILD.mkdir(exist_ok=True)
    server = OdooServer(odoo_database).start("--max-cron-threads=0")
    yield server
    server.stop()
