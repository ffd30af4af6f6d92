"""Parts of the environment that are built once: a lock, and a mark when they are complete.

A folder counts only when it holds the file ``.done``, written last. An
interrupted build leaves a folder without it, which the next one throws away.
"""

import contextlib
import fcntl
import shutil

from . import places
from .console import say

MARK = ".done"


def is_done(folder):
    """Whether ``folder`` was built to the end."""
    return (folder / MARK).exists()


def build_once(folder, build):
    """Call ``build(folder)`` on an empty folder unless it was built to the end before."""
    if is_done(folder):
        return folder
    with locked(folder.name):
        if not is_done(folder):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            build(folder)
            (folder / MARK).touch()
    return folder


@contextlib.contextmanager
def locked(name):
    """Hold the lock ``name`` of the cache; two builds of the same thing wait for each other."""
    path = places.cache() / "lock" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"    another command is working on {name}, waiting for it ...")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
