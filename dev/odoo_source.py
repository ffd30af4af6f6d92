"""Odoo 19 itself: the user's own (ODOO_SOURCE), else Debian's package.

Debian's ``odoo-19`` is downloaded with a private apt configuration, in which a
single source line repeats the machine's own mirror with the suite ``sid``.
Nothing of the machine's apt changes and no root is needed. The static files
that Debian moves into packages of their own are unpacked into the same prefix,
where the relative links of Odoo's package find them.
"""

import os
import re
import shutil
from pathlib import Path

from . import built, places
from .console import Failure, part, run_logged

SID = "sid"
STABLE = "bookworm"
PACKAGES = {
    "odoo-19": SID,
    "libjs-jquery": SID,
    "libjs-jquery-form": SID,
    "libjs-underscore": SID,
    "fonts-roboto-unhinted": SID,
    "fonts-montserrat": SID,
    "fonts-inconsolata": SID,
    "fonts-ocr-b": SID,
    # sid's 7.x has other file names than the 4.7 that Odoo's style sheets ask for
    "fonts-font-awesome": STABLE,
}
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
PYTHON_FOLDER = Path("usr/lib/python3/dist-packages")
# Debian leaves this file out; a missing file is a console error, and those fail browser tests.
EMPTY_FILES = ["mail/static/lib/selfie_segmentation/selfie_segmentation.js"]
WHERE_TO_GET_IT = (
    "Odoo 19 could not be downloaded. Either run this on Debian or Ubuntu with a working\n"
    "apt (no root is needed), or give a checkout of Odoo 19.0 of your own:\n"
    "    git clone --depth 1 --branch 19.0 <Odoo's repository> ~/odoo\n"
    "    make test ODOO_SOURCE=~/odoo"
)


def folder():
    """The prefix of Debian's package, named after this recipe."""
    return places.cache() / f"odoo-{places.key(Path(__file__))}"


def python_path():
    """The folder to put on PYTHONPATH, so that ``import odoo`` works."""
    own = os.environ.get("ODOO_SOURCE")
    if not own:
        return folder() / PYTHON_FOLDER
    root = Path(own).expanduser().resolve()
    for candidate in (root, root / PYTHON_FOLDER):
        if (candidate / "odoo" / "release.py").exists():
            return candidate
    raise Failure(f"ODOO_SOURCE={own}: no odoo/release.py there, nor in {PYTHON_FOLDER} under it.")


def addons_path():
    """Odoo's own add-on folders: one in Debian's package, two in a checkout."""
    root = python_path()
    found = [root / "odoo" / "addons", root / "addons"]
    return [each for each in found if (each / "base").exists() or (each / "account").exists()]


def identity():
    """What the databases made with this Odoo are named after."""
    release = python_path() / "odoo" / "release.py"
    return places.key(python_path(), release)


def ensure():
    """Have Odoo 19 in the cache, or check the user's own."""
    if os.environ.get("ODOO_SOURCE"):
        _check_version()
    else:
        built.build_once(folder(), _build)


def _check_version():
    text = (python_path() / "odoo" / "release.py").read_text()
    if not re.search(r"version_info\s*=\s*\(\s*['\"]?(saas~)?19\b", text):
        raise Failure(f"ODOO_SOURCE: {python_path()} is not Odoo 19.")


def _build(target):
    apt = target / "apt"
    with part("Odoo 19 from Debian's package (about 1 minute)"):
        try:
            options = _private_apt(apt)
            run_logged(["apt-get", *options, "update"], places.logs() / "apt-update.log")
            wanted = [f"{name}/{suite}" for name, suite in PACKAGES.items()]
            log = places.logs() / "apt-download.log"
            run_logged(["apt-get", *options, "download", *wanted], log, cwd=apt)
        except (Failure, FileNotFoundError) as error:
            raise Failure(f"{error}\n\n{WHERE_TO_GET_IT}") from error
        for package in sorted(apt.glob("*.deb")):
            run_logged(["dpkg", "-x", package, target], places.logs() / "dpkg.log")
        shutil.rmtree(apt)
        _add_empty_files(target / PYTHON_FOLDER / "odoo" / "addons")


def _add_empty_files(addons):
    for name in EMPTY_FILES:
        (addons / name).parent.mkdir(parents=True, exist_ok=True)
        (addons / name).touch()


def _private_apt(apt):
    """An apt of our own: the options that make apt-get use the folder ``apt`` alone."""
    for name in ("lists/partial", "cache/archives/partial"):
        (apt / name).mkdir(parents=True)
    url, signed = _machine_mirror()
    option = f"[signed-by={signed}] " if signed else ""
    lines = [f"deb {option}{url} {suite} main\n" for suite in (SID, STABLE)]
    (apt / "sources.list").write_text("".join(lines))
    settings = {
        "Dir::Etc::sourcelist": apt / "sources.list",
        "Dir::Etc::sourceparts": "-",
        "Dir::State::lists": apt / "lists",
        "Dir::Cache": apt / "cache",
        "APT::Sandbox::User": "",
        "Acquire::Retries": "3",
    }
    return [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]


def _machine_mirror():
    """The address and the key ring of the Debian archive that the machine's own apt uses."""
    for url, suites, components, signed_by in _machine_sources():
        if "main" in components and suites & (_codenames() | {STABLE, SID, "stable"}):
            return url, signed_by or (str(KEYRING) if KEYRING.exists() else "")
    raise Failure("The apt of this machine names no Debian archive.")


def _codenames():
    """What the release of this machine is called."""
    release = Path("/etc/os-release")
    text = release.read_text() if release.exists() else ""
    return set(re.findall(r"^VERSION_CODENAME=\"?(\w+)", text, re.MULTILINE))


def _machine_sources():
    """(address, suites, components, key ring) of the sources of the machine's apt."""
    etc = Path("/etc/apt")
    for file in [etc / "sources.list", *sorted((etc / "sources.list.d").glob("*"))]:
        if file.suffix == ".list" and file.exists():
            yield from _one_line_sources(file.read_text())
        elif file.suffix == ".sources":
            yield from _stanza_sources(file.read_text())


def _one_line_sources(text):
    """``deb [signed-by=file] address suite component...``"""
    pattern = r"^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)[ \t]+(.+)$"
    for options, url, suite, components in re.findall(pattern, text, re.MULTILINE):
        signed_by = re.search(r"signed-by=(\S+)", options)
        yield url, {suite}, components.split(), signed_by.group(1) if signed_by else ""


def _stanza_sources(text):
    """The newer form: stanzas of ``Field: values``."""
    for stanza in re.split(r"\n\s*\n", text):
        fields = dict(re.findall(r"^([\w-]+):[ \t]*(.+)$", stanza, re.MULTILINE))
        if "deb" in fields.get("Types", "").split() and "URIs" in fields:
            url = fields["URIs"].split()[0]
            suites, components = fields.get("Suites", ""), fields.get("Components", "")
            yield url, set(suites.split()), components.split(), fields.get("Signed-By", "")
