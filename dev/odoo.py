"""Odoo's commands and its configuration file."""

import os

from . import odoo_source, places, python_env
from .console import run_logged

CONFIG = places.BUILD / "odoo.conf"


def data_dir():
    """Sessions and the file stores of the databases."""
    return places.cache() / "data"


def write_config():
    """Write build/odoo.conf, which every command uses; the database comes from the PG variables."""
    CONFIG.parent.mkdir(exist_ok=True)
    addons = [*odoo_source.addons_path(), places.ROOT]
    values = {
        "addons_path": ",".join(map(str, addons)),
        "data_dir": data_dir(),
        "screenshots": places.BUILD / "screenshots",
        "db_maxconn": 32,
        "http_interface": "127.0.0.1",
        "list_db": False,
        "limit_time_real": 1200,
    }
    text = "".join(f"{name} = {value}\n" for name, value in values.items())
    CONFIG.write_text(f"[options]\n{text}")


def environment():
    """The environment variables of every program that imports Odoo."""
    path = [str(python_env.bin_folder()), os.environ.get("PATH", "")]
    return {
        **os.environ,
        "PYTHONPATH": str(odoo_source.python_path()),
        "PATH": os.pathsep.join(path),
        "PYTHONDONTWRITEBYTECODE": "",
    }


def command(*arguments):
    """The words that start Odoo; a sub-command, if any, comes first, then options."""
    root = odoo_source.python_path()
    script = root / "odoo-bin"
    if not script.exists():
        script = root.parents[2] / "bin" / "odoo"
    words = [str(word) for word in arguments]
    options = next((n for n, word in enumerate(words) if word.startswith("-")), len(words))
    return [python_env.python(), script, *words[:options], "-c", CONFIG, *words[options:]]


def run(log, *arguments):
    """Run Odoo to its end with its output in ``log``; a failure shows the end of it."""
    run_logged(command(*arguments), log, env=environment())


def call(log, database, function, *texts, shows=False):
    """Call ``module:function`` of ours inside Odoo; ``shows``: what it prints is for the person."""
    words = [python_env.python(), "-m", "dev.inside", CONFIG, database, function, *texts]
    shown = {"stdout": None} if shows else {}
    run_logged(words, log, env=with_ours(), cwd=places.ROOT, **shown)


def with_ours():
    """The environment with this repository on the path of Python."""
    variables = environment()
    variables["PYTHONPATH"] = os.pathsep.join([variables["PYTHONPATH"], str(places.ROOT)])
    return variables
