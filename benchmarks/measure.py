"""Clock, statements and memory."""

import statistics
import threading
import time
from contextlib import contextmanager
from pathlib import Path

REPEAT = 3
SAMPLE_SECONDS = 0.05


def timed(function, before=None, repeat=REPEAT):
    """Call ``function`` once to warm up, then ``repeat`` times.

    :param before: called before each, not measured
    :return: (median seconds, what the last call gave)
    """
    return timed_in_turn((function, before), repeat=repeat)[0]


def timed_in_turn(*works, repeat=REPEAT):
    """Call each function in turn, so that what else the machine does slows all of them alike.

    :param works: (function, called before it and not measured or None) each
    :return: for each, (median seconds of ``repeat`` calls after a first, what the last one gave)
    """
    seconds, results = [[] for _work in works], [None] * len(works)
    for _number in range(1 + repeat):
        for place, (function, before) in enumerate(works):
            if before:
                before()
            start = time.perf_counter()
            results[place] = function()
            seconds[place].append(time.perf_counter() - start)
    return [(statistics.median(own[1:]), result) for own, result in zip(seconds, results)]


@contextmanager
def statements(cr, counted):
    """Append to the list ``counted`` how many SQL statements ``cr`` executed inside."""
    before = cr.sql_log_count
    yield
    counted.append(cr.sql_log_count - before)


def _read_mb(pid, name):
    """A line of /proc/pid/status in MB; 0 where there is none."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = [line.split()[1] for line in text.splitlines() if line.startswith(f"{name}:")]
    return int(found[0]) / 1024 if found else 0


def python_mb():
    """The most memory that this process ever had (resident)."""
    return _read_mb("self", "VmHWM")


class Backend:
    """The most private memory (RssAnon) of a connection's server process while it works, in MB.

    Without PostgreSQL's shared buffers, which belong to the server.
    """

    def __init__(self, cr):
        self.pid, self.peak, self._stop = cr._cnx.info.backend_pid, 0, threading.Event()

    def __enter__(self):
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._stop.set()
        self._thread.join()

    def _watch(self):
        while not self._stop.wait(SAMPLE_SECONDS):
            self.peak = max(self.peak, _read_mb(self.pid, "RssAnon"))


def verdict(label, value, limit, unit="", at_least=False):
    """Print a figure beside what is asked of it; whether it is met."""
    met = value >= limit if at_least else value <= limit
    word = "at least" if at_least else "at most"
    figure = f"{value:.3g}" if value < 100 else f"{value:.0f}"
    print(f"    {label}: {figure}{unit} ({word} {limit}{unit}: {'met' if met else 'MISSED'})")
    return met


def note(what, items, value):
    """One line for ``run.py``, which compares the figure at two sizes."""
    print(f"#{what} {items} {value}")


def compare(what, noted, limit):
    """Print how a noted figure grew from the smaller size to the larger.

    :param noted: number of items -> figure
    :param limit: function of how many times as many items there are -> how much it may grow
    """
    (few, small), (many, large) = sorted(noted.items())
    times = many / few
    print(f"from {few} to {many} items, {times:.0f} times as many:")
    return verdict(f"{what} grow", large / small, limit(times), " times")
