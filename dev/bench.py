"""``make bench``: the peers that the benchmarks compare with, and their runner."""

import subprocess

from . import built, databases, odoo, places, python_env
from .console import Failure, part, run_logged

PEERS = (
    "odoo-addon-account_credit_control==19.0.1.0.0.13",
    "odoo-addon-account_financial_risk==19.0.1.0.0.6",
    "odoo-addon-sale_financial_risk==19.0.1.0.1",
)


def run(words):
    """Run benchmarks/run.py with what it needs in its environment variables.

    BENCH_CONFIG: Odoo's configuration file; BENCH_PEER_ADDONS: the folder of
    OCA's add-ons; BENCH_BASE: the base database to copy.
    """
    script = places.ROOT / "benchmarks" / "run.py"
    if not script.exists():
        raise Failure("There is no benchmarks/run.py.")
    variables = {
        "BENCH_CONFIG": str(odoo.CONFIG),
        "BENCH_PEER_ADDONS": str(peer_addons()),
        "BENCH_BASE": databases.ensure_base(),
    }
    command = [str(python_env.python()), str(script), *words]
    environment = {**odoo.with_ours(), **variables}
    if subprocess.run(command, cwd=places.ROOT, env=environment, check=False).returncode:
        raise Failure("benchmarks/run.py failed.")


def peer_addons():
    """The folder of OCA's add-ons, downloaded once."""
    folder = places.cache() / f"peer-{places.key(PEERS)}"
    return built.build_once(folder, _download) / "odoo" / "addons"


def _download(folder):
    with part("OCA's add-ons"):
        pip = [python_env.python(), "-m", "pip", "install", "--no-deps", "--target", folder]
        run_logged([*pip, *PEERS], places.logs() / "peer.log")
