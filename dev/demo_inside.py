"""The part of the demonstration that runs inside Odoo."""

from pathlib import Path

from dev import demo_data
from dev.demo_data import show


def fill(env):
    """Fill the new database."""
    demo_data.fill(env)


def run_and_show(env, folder):
    """Run the reminders of today (again does no harm), print what they did, write the PDFs."""
    show.show(env, Path(folder))
