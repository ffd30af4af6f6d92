"""The virtual environment with Odoo's Python dependencies and the test tools."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from . import built, places
from .console import Failure, part, run_logged


def folder():
    """Named after the requirements and the Python version."""
    name = places.key(places.REQUIREMENTS, places.python_version(), sys.base_prefix)
    return places.cache() / f"venv-{name}"


def python():
    """The interpreter of the virtual environment."""
    return folder() / "bin" / "python"


def ensure():
    """Make the virtual environment if it is not there yet."""
    if sys.version_info < (3, 10):  # noqa: UP036 - said to whoever has an older one
        raise Failure(f"Odoo 19 needs Python 3.10 or newer; this is {places.python_version()}.")
    built.build_once(folder(), _build)
    return python()


def _build(target):
    log = places.logs() / "pip.log"
    with part("Python packages (about 2 minutes)"):
        run_logged([sys.executable, "-m", "venv", target], log)
        install = [target / "bin" / "python", "-m", "pip", "install", "--no-input", "-r"]
        run_logged([*install, places.REQUIREMENTS], log)


def bin_folder():
    """Where the commands of the virtual environment are."""
    return folder() / "bin"


def enter():
    """Continue this same command inside the virtual environment."""
    if Path(sys.prefix).resolve() != folder().resolve():
        os.environ.pop("PYTHONPATH", None)
        os.execv(python(), [str(python()), "-m", "dev", *sys.argv[1:]])


def freeze():
    """Fix the versions of requirements.in in requirements.txt, from a fresh environment.

    The set has to install on Python 3.10 too: run it with the oldest Python at hand.
    """
    wishes = places.REQUIREMENTS.with_suffix(".in")
    with tempfile.TemporaryDirectory() as name, part("new versions (about 3 minutes)"):
        target, log = Path(name), places.logs() / "freeze.log"
        run_logged([sys.executable, "-m", "venv", target], log)
        pip = [target / "bin" / "python", "-m", "pip"]
        run_logged([*pip, "install", "--no-input", "-r", wishes], log)
        frozen = subprocess.run(
            [*map(str, pip), "freeze", "--all", "--exclude", "pip"],
            capture_output=True,
            text=True,
            check=True,
        )
    header = "# Written by 'make requirements' from dev/requirements.in; do not edit by hand.\n"
    found = re.findall(r"^([\w-]+)[^;\n#]*(;.+)$", wishes.read_text(), re.MULTILINE)
    markers = {_normalize(name): marker for name, marker in found}
    lines = [
        line + markers.get(_normalize(line.split("==")[0]), "")
        for line in frozen.stdout.splitlines()
    ]
    places.REQUIREMENTS.write_text(header + "\n".join(lines) + "\n")


def _normalize(name):
    """A package's name as the registries compare it: pip may write it otherwise than we do."""
    return re.sub(r"[-_.]+", "-", name).lower()
