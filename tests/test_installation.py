"""Update, uninstall and reinstall on a database in use: everything works, nothing stays behind."""

import os

import pytest
from office_launcher import Launcher

from dev import addons, databases
from dev.postgres import connect

OURS = "relance_graduee"
CUSTOMERS, INVOICES = 20, 60
LEFTOVERS = {
    "tables and views": """
        SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace""",
    "columns": """
        SELECT table_name || '.' || column_name FROM information_schema.columns
         WHERE table_schema = 'public'""",
    "constraints": "SELECT conrelid::regclass::text || ' ' || conname FROM pg_constraint",
    "models": "SELECT model FROM ir_model",
    "fields": "SELECT model || '.' || name FROM ir_model_fields",
    "scheduled actions": "SELECT cron_name FROM ir_cron",
    "server actions": "SELECT name->>'en_US' FROM ir_act_server",
    "external ids": "SELECT module || '.' || name FROM ir_model_data",
    "views": "SELECT name FROM ir_ui_view",
    "menus": "SELECT name->>'en_US' FROM ir_ui_menu",
    "groups": "SELECT name->>'en_US' FROM res_groups",
    "sequences": "SELECT code FROM ir_sequence WHERE code IS NOT NULL",
    "mail templates": "SELECT name->>'en_US' FROM mail_template",
    "defaults": "SELECT f.name FROM ir_default d JOIN ir_model_fields f ON f.id = d.field_id",
    "activities": "SELECT res_model FROM mail_activity WHERE res_model LIKE 'dunning%'",
    "messages": "SELECT model FROM mail_message WHERE model LIKE 'dunning%'",
    "followers": "SELECT res_model FROM mail_followers WHERE res_model LIKE 'dunning%'",
    "attachments": "SELECT res_model FROM ir_attachment WHERE res_model LIKE 'dunning%'",
}
# Not ours: what uninstalling leaves of any module, and the French sequence of the test's company.
KEPT_BY_ODOO = ("base.module_", "FRSECURE")


@pytest.fixture(scope="module")
def used(new_database):
    """A database with all our add-ons and a run that proposed and sent."""
    database = new_database(os.environ["RELANCE_TEST_DATABASE"], "used")
    _call(database, "office_inside:prepare", CUSTOMERS, INVOICES)
    _call(database, "office_inside:launch")
    assert _read(database, "SELECT count(*) FROM dunning_notice WHERE state = 'sent'") != ["0"]
    return database


def _call(database, function, *texts):
    launcher = Launcher(database)
    try:
        launcher.call(function, *texts).finish()
    finally:
        launcher.stop()


def _read(database, query):
    with connect(database) as cursor:
        cursor.execute(query)
        return sorted(str(value) for (value,) in cursor.fetchall())


def _look(database):
    """Title -> what is in the database, as a set."""
    return {title: set(_read(database, query)) for title, query in LEFTOVERS.items()}


def test_update(used):
    """Updating changes nothing of what was said, and warns of nothing."""
    said = "SELECT (name, state, step_id, amount_total, sha256)::text FROM dunning_notice"
    before = _read(used, said)
    addons.apply(used, upgrade=[OURS])
    assert _read(used, said) == before


def test_uninstall_leaves_nothing(used):
    """The database is as one that never had us, but for the business done meanwhile."""
    _call(used, "office_inside:uninstall", OURS)
    before, after = _look(databases.ensure_base()), _look(used)
    for title, found in after.items():
        left = {item for item in found - before[title] if not item.startswith(KEPT_BY_ODOO)}
        assert not left, title


def test_reinstall(used):
    """After it was uninstalled it installs again, and runs on the books that are there."""
    addons.apply(used, install=[OURS])
    _call(used, "office_inside:launch_in_discovery")
    assert _read(used, "SELECT count(*) FROM dunning_notice WHERE state = 'proposed'") != ["0"]
