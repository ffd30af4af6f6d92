"""A clock for developers: demonstrations and tests that have to have happened on earlier days.

What is written takes the server's day (``res.company._get_dunning_today``), and no call from
outside moves it. Whoever makes a past moves the clock of his own process, and of nothing else.
"""

from contextlib import contextmanager
from unittest.mock import patch


@contextmanager
def clock(env, day):
    """It is ``day`` for the add-on in this process, as long as this lasts."""
    company = type(env["res.company"])
    with patch.object(company, "_get_dunning_today", lambda _company: day):
        yield
