"""Two runs of one company at once: conflicts are tried again, and the result is that of one."""

import time

import pytest


@pytest.mark.parametrize("lead", [0, 0.05, 0.5], ids=lambda part: f"second after {part:.0%}")
def test_two_runs_at_once(office, lead):
    """The second starts after this part of an undisturbed run's duration; both end well."""
    office.reset()
    first = office.launcher.call("office_inside:launch")
    time.sleep(lead * office.seconds)
    second = office.launcher.call("office_inside:launch")
    first.finish()
    second.finish()
    found = office.look()
    for title, rows in office.expected.items():
        assert found[title] == rows, title
