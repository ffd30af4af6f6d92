"""Odoo processes that start at once: one process loads a database's registry and forks others.

Each child is a whole Odoo process with its own connections and programs, in a process group
of its own, and can be killed like any other. Run as a program: reads lines
``module:function text...``, answers each with the process id and the file of the exit status.
"""

import contextlib
import importlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

from dev import odoo as dev_odoo
from dev import places, python_env

STOP_TIMEOUT = 60


class Launcher:
    """The process that loads; ``call`` makes it fork one that works."""

    def __init__(self, database):
        places.BUILD.mkdir(exist_ok=True)
        self.log = places.BUILD / f"{database}.log"
        with open(self.log, "ab") as log:
            self._process = subprocess.Popen(
                [python_env.python(), __file__, dev_odoo.CONFIG, database],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=dev_odoo.with_ours(),
                cwd=places.ROOT,
            )
        self._read("loaded")

    def _read(self, word):
        line = self._process.stdout.readline().split()
        if line[:1] != [word]:
            raise RuntimeError(f"expected {word!r}, got {line}; the log is {self.log}")
        return line[1:]

    def call(self, function, *texts):
        """Start ``module:function(env, *texts)`` in a process of its own; does not wait."""
        self._process.stdin.write(" ".join(map(str, (function, *texts))) + "\n")
        self._process.stdin.flush()
        pid, path = self._read("started")
        return Call(int(pid), path, self.log)

    def stop(self):
        """End the process that loads; those it started are not waited for."""
        self._process.stdin.close()
        self._process.wait(STOP_TIMEOUT)
        self._process.stdout.close()


class Call:
    """A function at work in an Odoo process, since it was forked."""

    def __init__(self, pid, path, log):
        self.pid, self._path, self._log = pid, path, log
        self._started = time.monotonic()

    def finish(self, timeout=300):
        """Wait for the end.

        :return: seconds since the start
        :raise RuntimeError: it failed or was killed
        :raise TimeoutError: it takes too long
        """
        status = self._wait(timeout)
        if status != 0:
            raise RuntimeError(f"the Odoo process {self.pid} ended with {status}: {self._log}")
        return time.monotonic() - self._started

    def kill_after(self, seconds):
        """kill -9 with its children, as a power cut does; False when it was already done."""
        with contextlib.suppress(TimeoutError):
            return self._wait(seconds) == -signal.SIGKILL
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        return self._wait(seconds + 60) == -signal.SIGKILL

    def _wait(self, timeout):
        """The exit status, which its watcher writes down."""
        deadline = self._started + timeout
        while time.monotonic() < deadline:
            if os.path.exists(self._path):
                with open(self._path) as file:
                    return int(file.read())
            time.sleep(0.005)
        raise TimeoutError(f"the Odoo process {self.pid} is still at work: {self._log}")


# ------------------------------------------------------------
# THE PROCESS THAT LOADS
# ------------------------------------------------------------


def main(config, database):
    """Load the registry, then fork for each line of the standard input."""
    import odoo
    from odoo.modules.registry import Registry

    odoo.tools.config.parse_config(["-c", config, "-d", database], setup_logging=True)
    Registry(database)
    odoo.sql_db.close_all()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    folder = tempfile.mkdtemp()
    _say("loaded")
    for number, line in enumerate(sys.stdin):
        if os.fork() == 0:
            _watch(os.path.join(folder, str(number)), database, *line.split())
    shutil.rmtree(folder)


def _say(*words):
    print(*words, flush=True)


def _watch(path, *words):
    """Fork the process that works, wait for it and write down how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if pid == 0:
        _work(*words)
    with contextlib.suppress(PermissionError):
        os.setpgid(pid, pid)
    _say("started", pid, path)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    with open(f"{path}.draft", "w") as file:
        file.write(str(status))
    os.rename(f"{path}.draft", path)
    os._exit(0)


def _work(database, target, *texts):
    """Call the function in a process group of its own and commit; never returns."""
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry

    os.setpgid(0, 0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    status = 1
    try:
        module, _, name = target.partition(":")
        function = getattr(importlib.import_module(module), name)
        with Registry(database).cursor() as cursor:
            function(api.Environment(cursor, SUPERUSER_ID, {}), *texts)
        status = 0
    except BaseException:
        traceback.print_exc()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    main(*sys.argv[1:])
