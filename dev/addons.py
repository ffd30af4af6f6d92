"""Our add-ons in a database: what is installed, what changed since, install and upgrade."""

import re

from . import databases, odoo, places
from .console import Failure, part

NOT_CODE = {"tests", "__pycache__", "readme", "doc"}
TROUBLE = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) ")


def state():
    """For each of our add-ons, a key of its files; those of its tests do not count."""
    return {name: _key(places.ROOT / name) for name in places.our_addons()}


def _key(folder):
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    code = [path for path in files if not NOT_CODE.intersection(path.relative_to(folder).parts)]
    return places.key(*(part for path in code for part in (path.relative_to(folder), path)))


def apply(database, install=(), upgrade=()):
    """Install and upgrade add-ons; the log must be free of warnings."""
    log = places.logs() / f"{database}.log"
    arguments = ["-d", database, "--stop-after-init", "--no-http", "--without-demo"]
    for option, names in (("-i", install), ("-u", upgrade)):
        if names:
            arguments += [option, ",".join(names)]
    odoo.run(log, *arguments)
    check_log(log)


def check_log(log):
    """Fail on any WARNING or ERROR line: Odoo goes on where it should not."""
    lines = log.read_text(errors="replace").splitlines()
    trouble = [line for line in lines if TROUBLE.match(line)]
    if trouble:
        shown = "\n".join(trouble[:20])
        raise Failure(f"Odoo's log has warnings:\n{shown}\nThe whole log: {log}")


def prepare(database):
    """Have the developer's database as a copy of today's base; its note."""
    base, wanted = databases.ensure_base(), state()
    noted = databases.note(database)
    if noted.get("base") != base or not set(noted["addons"]) <= set(wanted):
        databases.copy(base, database)
        noted = {"base": base, "addons": {}}
        databases.write_note(database, noted)
    return noted


def develop(database, apply_changes=apply):
    """Bring the developer's database up to date with the files, doing as little as possible."""
    noted, wanted = prepare(database), state()
    install = [name for name in wanted if name not in noted["addons"]]
    upgrade = [name for name, key in wanted.items() if noted["addons"].get(name, key) != key]
    if install or upgrade:
        with part(f"updating {database}: {', '.join(install + upgrade)}"):
            apply_changes(database, install, upgrade)
        databases.write_note(database, {"base": noted["base"], "addons": wanted})
