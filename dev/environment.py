"""Everything that has to be there before a command can work: the order of the set-up."""

from concurrent.futures import ThreadPoolExecutor

from . import odoo_source, python_env, system_tools


def ensure_programs(system_programs=()):
    """Odoo, the Python packages and the system's programs, side by side.

    This needs nothing but the standard library.
    """
    with ThreadPoolExecutor() as pool:
        jobs = [
            pool.submit(odoo_source.ensure),
            pool.submit(python_env.ensure),
            pool.submit(system_tools.ensure, system_programs),
        ]
    for job in jobs:
        job.result()


def ensure_server():
    """PostgreSQL running and Odoo's configuration written; runs inside the virtual environment."""
    from . import odoo, postgres

    postgres.ensure()
    odoo.write_config()
