"""Runs a function inside Odoo: ``python -m dev.inside config database module:function [text]...``

The function receives an environment of the superuser and the texts. What it
did is committed when it returns. Odoo's server answers meanwhile, on a port of
its own: wkhtmltopdf fetches style sheets and images from it.
"""

import contextlib
import importlib
import socket
import sys

import odoo
from odoo import api, http
from odoo.modules.registry import Registry
from odoo.service import server


def main(config, database, target, *texts):
    """Load the database and call the function."""
    port = _free_port()
    options = ["-c", config, "-d", database, f"--http-port={port}"]
    odoo.tools.config.parse_config([*options, "--max-cron-threads=0"], setup_logging=True)
    module, _, name = target.partition(":")
    function = getattr(importlib.import_module(module), name)
    registry = Registry(database)
    with _serving(), registry.cursor() as cursor:
        env = api.Environment(cursor, api.SUPERUSER_ID, {})
        with _reports_from(env, port):
            function(env, *texts)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def _serving():
    server.load_server_wide_modules()
    server.server = server.ThreadedServer(http.root)
    server.server.start(stop=False)
    try:
        yield
    finally:
        server.server.stop()


@contextlib.contextmanager
def _reports_from(env, port):
    """Documents take their style sheets from this process, not from the usual address."""
    parameters = env["ir.config_parameter"]
    before = parameters.get_param("report.url")
    parameters.set_param("report.url", f"http://127.0.0.1:{port}")
    yield
    parameters.set_param("report.url", before)


if __name__ == "__main__":
    main(*sys.argv[1:])
