"""``make demo``: a believable company, today's reminder run, its documents and the web client."""

import contextlib
import os
import socket
import subprocess

from . import addons, built, databases, odoo, places
from .console import Failure, part, say

FOLDER = places.BUILD / "demo"
LOGIN, PASSWORD = "admin", "admin"


def make(database):
    """Have the database, run the reminders of today, print what they did, write the PDFs."""
    with built.locked("demo"):
        if not databases.note(database).get("filled"):
            _create(database)
        _update(database)
    FOLDER.mkdir(parents=True, exist_ok=True)
    say("==> today's reminder run ...")
    log = places.logs() / "demo-show.log"
    odoo.call(log, database, "dev.demo_inside:run_and_show", FOLDER, shows=True)
    say(f"The documents are in {FOLDER.relative_to(places.ROOT)}/")


def _create(database):
    """A copy of the base with our add-ons, filled; noted as filled only at the end."""
    if databases.exists(database) and not databases.note(database):
        raise Failure(f"There is a database {database} that this command did not make.")
    base = databases.ensure_base()
    databases.copy(base, database)
    databases.write_note(database, {"base": base})
    log = places.logs() / "demo-fill.log"
    with part(f"the database {database}: installing our add-ons"):
        addons.apply(database, install=places.our_addons())
    with part(f"the database {database}: filling it"):
        odoo.call(log, database, "dev.demo_inside:fill")
    databases.write_note(database, {"base": base, "addons": addons.state(), "filled": True})


def _update(database):
    """Upgrade our add-ons if their files changed since; the data stay."""
    noted, wanted = databases.note(database), addons.state()
    new = [name for name in wanted if name not in noted["addons"]]
    changed = [name for name in wanted if noted["addons"].get(name, wanted[name]) != wanted[name]]
    if new or changed:
        with part(f"the database {database}: upgrading our add-ons"):
            addons.apply(database, new, changed)
        databases.write_note(database, {**noted, "addons": wanted})


def serve(database):
    """Serve the web client until interrupted."""
    if not databases.exists(database):
        raise Failure(f"There is no database {database} yet: make demo")
    port = os.environ.get("PORT", "8069")
    _check_port(port)
    say(f"\n    http://localhost:{port}    login: {LOGIN}    password: {PASSWORD}")
    say("    Ctrl-C stops it.\n")
    words = odoo.command("-d", database, f"--http-port={port}", "--log-level=warn")
    with contextlib.suppress(KeyboardInterrupt):
        subprocess.run([str(word) for word in words], env=odoo.environment(), check=False)


def _check_port(port):
    with socket.socket() as probe:
        if not probe.connect_ex(("127.0.0.1", int(port))):
            raise Failure(f"Port {port} is in use; choose another: make demo PORT=8070")
