"""A run that is killed says nothing twice and forgets nobody: launching again finishes it."""

import random

import pytest

KILLS = 10
SEED = 20


def _get_moments():
    """Parts of the undisturbed run's duration, at random but spread over all of it."""
    draw = random.Random(SEED)
    return [(number + draw.random()) / KILLS for number in range(KILLS)]


def test_the_undisturbed_run_has_work_to_do(office):
    """What the others compare with: most of 300 customers get an e-mail, nobody fails."""
    assert len(office.expected["mails"]) > 100
    assert not office.expected["failures"]
    assert not office.expected["numbers drawn twice"]


def test_launching_again_adds_nothing(office):
    """The same day's run, launched once more on what it made."""
    office.reset()
    office.launcher.call("office_inside:launch").finish()
    office.launcher.call("office_inside:launch").finish()
    assert office.look() == office.expected


@pytest.mark.parametrize("moment", _get_moments(), ids=lambda moment: f"{moment:.0%}")
def test_killed_and_started_again(office, moment):
    """kill -9 at this part of the run's duration, then once more from the start."""
    office.reset()
    killed = office.launcher.call("office_inside:launch").kill_after(moment * office.seconds)
    half = office.look()
    office.launcher.call("office_inside:launch").finish()
    found = office.look()
    assert killed or half["runs"] == found["runs"], "it was not killed, nor was it done"
    for title, rows in office.expected.items():
        assert found[title] == rows, title
