"""The databases: a base with Odoo's own modules, kept, and copies of it with our add-ons.

Installing Odoo's modules takes minutes, copying a database a second. So the
base is made once for an Odoo version and a list of modules, and the databases
of the tests, of the developer and of the demonstration are copies of it. A
copy takes the file store along: without it every asset would be missing.
"""

import json
import os
import shutil

from psycopg2 import sql

from . import built, odoo, odoo_source, places
from .console import part
from .postgres import connect

# What relance_graduee runs with in France, and what its satellites need on top.
ALONE_MODULES = ["account", "sms", "l10n_fr_account", "account_payment"]
BASE_MODULES = [*ALONE_MODULES, "sale_stock"]
LANGUAGES = "en_US,fr_FR"
# Raise it when a base is made in another way.
RECIPE = 2


def base_name(modules):
    """Another Odoo or another list of modules makes another base."""
    return f"relance_base_{places.key(odoo_source.identity(), modules, LANGUAGES, RECIPE)}"


def ensure_base(modules=None):
    """The base database with these modules, kept from one command to the next.

    It is built under another name first, so that half a base is never used.
    """
    modules = modules or BASE_MODULES
    name = base_name(modules)
    if not exists(name):
        with built.locked(name):
            if not exists(name):
                _build_base(name, modules)
    return name


def _build_base(name, modules):
    draft = f"{name}_building"
    more = [module for module in modules if module not in ALONE_MODULES]
    if more:
        copy(ensure_base(ALONE_MODULES), draft)
    else:
        drop(draft)
    with part(f"a base database with {', '.join(more or modules)} (1 to 2 minutes)"):
        languages = [] if more else ["--load-language", LANGUAGES]
        options = [*languages, "--without-demo", "--stop-after-init", "--no-http"]
        log = places.logs() / "base.log"
        odoo.run(log, "-d", draft, "-i", ",".join(more or modules), *options)
        odoo.call(places.logs() / "assets.log", draft, "dev.assets:generate")
    _rename(draft, name)


def _rename(draft, name):
    shutil.rmtree(filestore(name), ignore_errors=True)
    os.rename(filestore(draft), filestore(name))
    with connect() as cursor:
        statement = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        cursor.execute(statement.format(sql.Identifier(draft), sql.Identifier(name)))


def exists(name):
    """Whether there is a database of that name."""
    with connect() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return bool(cursor.fetchone())


def filestore(name):
    """Where Odoo keeps the files of a database."""
    return odoo.data_dir() / "filestore" / name


def drop(name):
    """Drop a database and its files, whoever is connected to it."""
    with connect() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
    shutil.rmtree(filestore(name), ignore_errors=True)


def copy(source, target):
    """Make ``target`` a fresh copy of ``source``; files are linked, Odoo never changes them."""
    drop(target)
    with connect() as cursor:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}" + _copy_strategy(cursor))
        cursor.execute(statement.format(sql.Identifier(target), sql.Identifier(source)))
    if filestore(source).exists():
        shutil.copytree(filestore(source), filestore(target), copy_function=os.link)


def _copy_strategy(cursor):
    """Copying files is quicker than logging every page; PostgreSQL before 15 knows no choice."""
    cursor.execute("SELECT current_setting('server_version_num')::int")
    return " STRATEGY FILE_COPY" if cursor.fetchone()[0] >= 150000 else ""


# What is installed in a database stands in its comment, so it is lost with the database.


def note(name):
    """What was noted on a database: the base it was made from, and the state of our add-ons."""
    with connect() as cursor:
        query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
        cursor.execute(query, [name])
        row = cursor.fetchone()
    return json.loads(row[0]) if row and row[0] else {}


def write_note(name, values):
    """Replace the note of a database."""
    with connect() as cursor:
        statement = sql.SQL("COMMENT ON DATABASE {} IS {}")
        cursor.execute(statement.format(sql.Identifier(name), sql.Literal(json.dumps(values))))
