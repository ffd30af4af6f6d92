"""``make test``: everything, or what T names."""

import os
import subprocess
from concurrent import futures

from . import addons, databases, lint, odoo, places, python_env
from .console import Failure, part, say

OUTER = "tests"
WORKERS = 2


def everything():
    """Lint, install and upgrade without a warning, and every test; whether all passed."""
    database = f"relance_test_{places.clone_key()}"
    with futures.ThreadPoolExecutor() as pool:
        linted = pool.submit(lint.check)
        _install_alone(f"{database}_alone")
        _install(database)
        linted.result()
    folders = [name for name in places.our_addons() if (places.ROOT / name / "tests").exists()]
    parallel = ["-n", WORKERS, "--dist", "loadscope"]
    _check_loader(database, folders)
    say("==> tests ...")
    inside = _pytest(database, *parallel, "--relance-coverage", *folders)
    # In a process without Odoo: Odoo limits its memory, and a browser started there dies of it.
    files = ["-n", WORKERS, "--dist", "loadfile"]
    outside = not (places.ROOT / OUTER).exists() or _pytest_outer(database, *files, OUTER)
    return inside and outside


def _check_loader(database, folders):
    """Odoo's own runner finds every test: asked in one process, since workers only crash on it."""
    with part("does Odoo find the same tests"):
        found = _pytest(database, "--relance-loader", "--collect-only", "-qqq", *folders)
    if not found:
        raise Failure("A file of tests is imported by no __init__ of its folder: see above.")


def _install_alone(database):
    """The main add-on asks for nothing of sale or stock: it installs where they are not."""
    databases.copy(databases.ensure_base(databases.ALONE_MODULES), database)
    with part("installing relance_graduee without sale and stock"):
        addons.apply(database, install=["relance_graduee"])
    databases.drop(database)


def _install(database):
    """A fresh database with all our add-ons: installed, then upgraded, without a warning."""
    databases.copy(databases.ensure_base(), database)
    names = places.our_addons()
    with part(f"installing {', '.join(names)}"):
        addons.apply(database, install=names)
    with part("upgrading them"):
        addons.apply(database, upgrade=names)


def some(database, words):
    """Run a file, a class or a test on the developer's kept database; options go to pytest."""
    options = [place for place, word in enumerate(words) if word in ("-k", "-m")]
    paths = [
        word
        for place, word in enumerate(words)
        if not word.startswith("-") and place - 1 not in options
    ]
    for path in paths:
        if not (places.ROOT / path.split("::")[0]).exists():
            raise Failure(f"T={path}: there is no such file in {places.ROOT}.")
    if paths and all(path.split("/")[0] == OUTER for path in paths):
        addons.develop(database)
        return _pytest_outer(database, "-q", *words)
    addons.prepare(database)
    return _pytest(database, "--relance-develop", "-q", *words)


def write_security_document(database):
    """docs/SECURITY.md as the registry says; whether it could be written."""
    addons.prepare(database)
    os.environ["RELANCE_SECURITY_DOC"] = "write"
    return _pytest(
        database,
        "--relance-develop",
        "-q",
        "relance_graduee/tests/attacks/test_security_doc.py",
    )


def _pytest(database, *arguments):
    """Run pytest inside Odoo; whether everything passed."""
    options = [f"--odoo-config={odoo.CONFIG}", f"--odoo-database={database}", "--odoo-http"]
    names = ("attacks", "coverage", "relance", "server")
    plugins = [word for name in names for word in ("-p", f"dev.pytest_{name}")]
    return _run(database, *plugins, *options, "--odoo-log-level=warn", *arguments)


def _pytest_outer(database, *arguments):
    """Run pytest outside Odoo, which saves loading it here."""
    return _run(database, "-p", "no:odoo", "-p", "dev.pytest_server", *arguments)


def _run(database, *arguments):
    environment = {**odoo.with_ours(), "RELANCE_TEST_DATABASE": database}
    command = [python_env.python(), "-m", "pytest", *arguments]
    done = subprocess.run(
        [str(word) for word in command],
        cwd=places.ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return done.returncode == 0
