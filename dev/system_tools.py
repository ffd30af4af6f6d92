"""Programs that come from the machine: wkhtmltopdf, Chromium, poppler and fonts.

They are taken from PATH. What is missing is installed with apt when this runs
as root; else the message says which packages to install.
"""

import os
import shutil

from . import built, places
from .console import Failure, part, run_logged

# what is looked for (any of these), and the Debian package that has it
PDF = [(("wkhtmltopdf",), "wkhtmltopdf")]
BROWSER = [
    (("google-chrome", "chromium", "chromium-browser", "google-chrome-stable"), "chromium"),
    (("pdftotext",), "poppler-utils"),
]
FONTS = ["fonts-liberation", "fonts-dejavu"]


def ensure(wanted):
    """Have the programs of ``wanted``, a list like the ones above."""
    missing = _missing(wanted)
    if not missing:
        return
    if os.geteuid() or not shutil.which("apt-get"):
        raise Failure(_advice(missing))
    with built.locked("apt"), part(f"apt-get install {' '.join(missing)} (about 1 minute)"):
        _install([*missing, *FONTS])
    if _missing(wanted):
        raise Failure(_advice(_missing(wanted)))


def _missing(wanted):
    return [package for names, package in wanted if not any(map(shutil.which, names))]


def _advice(packages):
    return (
        f"Not found on PATH, and not installable without root: {', '.join(packages)}.\n"
        f"Ask for them to be installed; on Debian:\n"
        f"    sudo apt-get install {' '.join([*packages, *FONTS])}"
    )


def _install(packages):
    """Install; when apt's lists are missing or out of date, fetch them and try again."""
    log = places.logs() / "apt-install.log"
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    options = ["-y", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"]
    install = ["apt-get", "install", *options, "--no-install-recommends", *packages]
    try:
        run_logged(install, log, env=environment)
    except Failure:
        run_logged(["apt-get", "update"], places.logs() / "apt-update-system.log", env=environment)
        run_logged(install, log, env=environment)
