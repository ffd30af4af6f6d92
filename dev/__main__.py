"""The commands behind the Makefile: ``python3 -m dev <command> [words]``."""

import os
import shutil
import sys

from . import environment, places, python_env, system_tools
from .console import Failure, main_guard, say

DEV_DATABASE = f"relance_dev_{places.clone_key()}"
DEMO_DATABASE = "relance_demo"


def setup():
    """Have the whole environment ready, and say where it is."""
    say(f"The environment is ready in {places.cache()}")


def test(*words):
    """Everything, or only what the words name."""
    from . import testing

    passed = testing.some(DEV_DATABASE, words) if words else testing.everything()
    return 0 if passed else 1


def demo():
    """The demonstration; SERVE=0 stops before serving."""
    from . import demo as demonstration

    demonstration.make(DEMO_DATABASE)
    if os.environ.get("SERVE", "1") != "0":
        demonstration.serve(DEMO_DATABASE)


def serve():
    """Serve the demonstration's database."""
    from . import demo as demonstration

    demonstration.serve(DEMO_DATABASE)


def update():
    """Bring the developer's database up to date."""
    from . import addons

    addons.develop(DEV_DATABASE)


def shell():
    """Odoo's shell on the developer's database."""
    update()
    odoo("shell", "-d", DEV_DATABASE)


def odoo(*words):
    """Odoo itself, with any arguments."""
    from . import odoo as odoo_command

    _become(*odoo_command.command(*words))


def run(*words):
    """Any program, in the environment that Odoo has here: psql, python, createdb ..."""
    _become(*words)


def _become(*words):
    from . import odoo as odoo_command

    words = [str(word) for word in words]
    os.execvpe(words[0], words, odoo_command.with_ours())


def lint():
    """The linters."""
    from . import lint as linters

    linters.check()


def format():
    """Let ruff mend and format."""
    from . import lint as linters

    linters.fix()


def i18n():
    """Export the terms and merge them into the translations."""
    from . import translations

    translations.update(DEV_DATABASE)


def bench(*words):
    """The benchmarks."""
    from . import bench as benchmarks

    benchmarks.run(words)


def test_odoo(*words):
    """Odoo's own tests, without our add-ons and with them."""
    from . import odoo_tests

    return 0 if odoo_tests.compare(words) else 1


def security_doc():
    """The part of docs/SECURITY.md that the registry says."""
    from . import testing

    return 0 if testing.write_security_document(DEV_DATABASE) else 1


def requirements():
    """Fix the versions of dev/requirements.in anew."""
    python_env.freeze()


def stop():
    """Stop the embedded PostgreSQL."""
    from . import postgres

    postgres.stop()


def clean_env():
    """Stop the server and remove the environment."""
    stop()
    shutil.rmtree(places.cache())
    say(f"Removed {places.cache()}")


COMMANDS = {
    command.__name__.replace("_", "-"): command
    for command in (
        *(setup, test, demo, serve, update, shell, odoo, run),
        *(lint, format, i18n, bench, test_odoo, security_doc, requirements, stop, clean_env),
    )
}
# What a command needs of the machine's programs, and those that need no server.
PROGRAMS = {
    "setup": system_tools.PDF + system_tools.BROWSER,
    "test": system_tools.PDF + system_tools.BROWSER,
    "test-odoo": system_tools.PDF + system_tools.BROWSER,
    "security-doc": system_tools.PDF + system_tools.BROWSER,
    "demo": system_tools.PDF,
    "serve": system_tools.PDF,
    "bench": system_tools.PDF,
}
WITHOUT_SERVER = {"lint", "format", "requirements", "stop", "clean-env"}


def main():
    """Set up what the command needs, continue in the virtual environment, and do it."""
    name, words = sys.argv[1], sys.argv[2:]
    if name not in COMMANDS:
        raise Failure(f"There is no command {name}: {', '.join(COMMANDS)}")
    environment.ensure_programs(PROGRAMS.get(name, ()))
    python_env.enter()
    if name not in WITHOUT_SERVER:
        environment.ensure_server()
    return COMMANDS[name](*words) or 0


if __name__ == "__main__":
    sys.exit(main_guard(main))
