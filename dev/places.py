"""Where things are: the clone, the cache folder and the keys of what is in it.

The cache lives outside the clone, so that a fresh clone starts at once. What is
built there is named after a key of what it was made from: change the
requirements and another virtual environment is built beside the old one.
"""

import hashlib
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "dev" / "requirements.txt"
BUILD = ROOT / "build"


def cache():
    """The folder of the environment: RELANCE_CACHE, else the user's cache folder."""
    own = os.environ.get("RELANCE_CACHE")
    if own:
        return Path(own).expanduser().resolve()
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base).expanduser().resolve() / "relance_graduee"


def key(*parts):
    """A short name for a set of texts or files."""
    digest = hashlib.sha256()
    for each in parts:
        is_file = isinstance(each, Path) and each.is_file()
        digest.update(each.read_bytes() if is_file else str(each).encode())
        digest.update(b"\0")
    return digest.hexdigest()[:10]


def logs():
    """Where the logs of the set-up and of the servers go."""
    return cache() / "log"


def clone_key():
    """Tells clones apart that share one cache, for the names of their databases."""
    return key(ROOT)[:6]


def python_version():
    """The Python that runs this, as in 3.11."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def our_addons():
    """The names of the add-ons of this repository that exist, the main one first."""
    return sorted(path.parent.name for path in ROOT.glob("relance_graduee*/__init__.py"))
