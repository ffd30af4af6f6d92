"""The linters: ruff on everything, pylint-odoo on the add-ons."""

import subprocess

from . import odoo, places, python_env
from .console import Failure, part, say

RUFF = [("check",), ("format", "--check")]


def check():
    """Run them all and show what each found; Failure if any found something."""
    with part("lint (ruff, pylint-odoo)"):
        results = [_run("ruff", *words, ".") for words in RUFF]
        if places.our_addons():
            results.append(_run("pylint", *places.our_addons()))
    trouble = [output for output in results if output]
    if trouble:
        raise Failure("lint:\n" + "\n".join(trouble))


def _run(program, *arguments):
    """What the program found: empty when all is well."""
    done = subprocess.run(
        [str(python_env.bin_folder() / program), *arguments],
        cwd=places.ROOT,
        env=odoo.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def fix():
    """Let ruff mend what it can, then format."""
    for words in (("check", "--fix"), ("format",)):
        say(_run("ruff", *words, ".").strip())
