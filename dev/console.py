"""What the tooling says to the person in front of it, and how it runs other programs.

Every long part prints one line when it starts and one when it is done. The
output of the programs themselves goes to log files; when one fails, the last
lines of its log are shown together with the place of the whole log.
"""

import contextlib
import os
import subprocess
import sys
import time

LOG_TAIL = 30


class Failure(Exception):
    """Something the person can act on; printed without a traceback."""


def say(text=""):
    """Print a line at once, also when the output is a pipe."""
    print(text, flush=True)


@contextlib.contextmanager
def part(text):
    """Announce a long part, and say how long it took."""
    say(f"==> {text} ...")
    start = time.monotonic()
    yield
    say(f"    {text}: done in {time.monotonic() - start:.0f} s")


def run_logged(command, log, **options):
    """Run ``command`` with its output in the file ``log``; raise Failure if it fails."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "wb") as out:
        done = subprocess.run(
            [str(word) for word in command],
            **{"stdin": subprocess.DEVNULL, "stdout": out, "stderr": out, **options},
            check=False,
        )
    if done.returncode:
        raise log_failure(f"{os.path.basename(str(command[0]))} failed", log)


def log_failure(what, log):
    """A Failure that shows the end of ``log`` and where the whole of it is."""
    lines = log.read_text(errors="replace").splitlines()[-LOG_TAIL:]
    tail = "\n".join("    | " + line for line in lines)
    return Failure(f"{what}. The last lines of its log:\n{tail}\n    The whole log: {log}")


def main_guard(function):
    """Run ``function``; a Failure or an interruption becomes a message and an exit status."""
    try:
        return function()
    except Failure as failure:
        print(f"\nERROR: {failure}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr, flush=True)
        return 130
