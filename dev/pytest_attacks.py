"""A pytest plugin: the figure of all attacks at the end of a run.

Each class of attacks writes what came of its attempts into one file, from whatever process it runs
in (relance_graduee/tests/attacks/figures.py); here they are added up.
"""

import json
import os
import tempfile
from collections import Counter
from pathlib import Path

VARIABLE = "RELANCE_ATTACK_FIGURES"
NAMES = ("attempts", "refused", "crashed", "harmless", "meant", "known", "through")


def pytest_configure(config):
    """Name the file before workers are started: they inherit it."""
    if VARIABLE not in os.environ:
        handle, path = tempfile.mkstemp(prefix="relance_attacks_")
        os.close(handle)
        os.environ[VARIABLE] = path
        config.add_cleanup(lambda: Path(path).unlink(missing_ok=True))


def pytest_terminal_summary(terminalreporter):
    """One line a subject, and their sum."""
    path = Path(os.environ.get(VARIABLE, ""))
    lines = path.read_text().splitlines() if path.is_file() else []
    if not lines:
        return
    total = Counter()
    terminalreporter.section("attacks")
    for line in lines:
        figures = json.loads(line)
        subject = figures.pop("subject")
        total.update(figures)
        terminalreporter.line(f"{subject}: {_say(figures)}")
    terminalreporter.line(f"all: {_say(total)}")


def _say(figures):
    return ", ".join(f"{name} {figures.get(name, 0)}" for name in NAMES)
