"""Closing days are called so, since a closing is the year-end's; a customer has a history."""

from odoo.tools import SQL
from odoo.tools.sql import column_exists, table_exists

MODULE = "relance_graduee"
MODELS = {"dunning.closing": "dunning.closing.day"}
FIELDS = {
    "dunning_closing_ids": "dunning_closing_day_ids",
    "dunning_story_ids": "dunning_history_ids",
}
# Beside those that bear the name of a model or field.
XML_IDS = {
    "dunning_delivery_story_action": "dunning_delivery_history_action",
    "dunning_delivery_story_action_list": "dunning_delivery_history_action_list",
    "dunning_delivery_view_list_story": "dunning_delivery_view_list_history",
}
METHODS = {"action_open_dunning_story": "action_open_dunning_history"}
# Where the name of a model is kept as a text, besides ``ir_model``.
MODEL_COLUMNS = (
    ("ir_act_window", "res_model"),
    ("ir_attachment", "res_model"),
    ("ir_embedded_actions", "parent_res_model"),
    ("ir_exports", "resource"),
    ("ir_filters", "model_id"),
    ("ir_model_data", "model"),
    ("ir_model_fields", "model"),
    ("ir_model_fields", "relation"),
    ("ir_ui_view", "model"),
    ("mail_activity", "res_model"),
    ("mail_followers", "res_model"),
    ("mail_message", "model"),
    ("mail_template", "model"),
)


def migrate(cr, version):
    for old, new in MODELS.items():
        _rename_table(cr, old.replace(".", "_"), new.replace(".", "_"))
        _rename_model(cr, old, new)
        _rename_xml_ids(cr, old.replace(".", "_"), new.replace(".", "_"))
    for old, new in FIELDS.items():
        cr.execute(SQL("UPDATE ir_model_fields SET name = %s WHERE name = %s", new, old))
        _rename_xml_ids(cr, old, new)
    for old, new in XML_IDS.items():
        _rename_xml_id(cr, old, new)
    for old, new in {**FIELDS, **XML_IDS, **METHODS}.items():
        _rename_in_views(cr, old, new)


# ------------------------------------------------------------
# TABLES
# ------------------------------------------------------------


def _rename_table(cr, old, new):
    """A table, and what bears its name: sequence, constraints, indexes."""
    if not table_exists(cr, old):
        return
    _alter(cr, SQL("TABLE"), old, SQL("RENAME TO %s", SQL.identifier(new)))
    _alter(
        cr, SQL("SEQUENCE"), f"{old}_id_seq", SQL("RENAME TO %s", SQL.identifier(f"{new}_id_seq"))
    )
    # The index of a constraint is renamed with it: indexes come last.
    for name in _get_constraints(cr, new):
        if _is_of(name, old, new):
            change = SQL("CONSTRAINT %s TO %s", SQL.identifier(name), _renamed(name, old, new))
            _alter(cr, SQL("TABLE"), new, SQL("RENAME %s", change))
    for name in _get_indexes(cr, new):
        if _is_of(name, old, new):
            _alter(cr, SQL("INDEX"), name, SQL("RENAME TO %s", _renamed(name, old, new)))


def _alter(cr, kind, name, change):
    cr.execute(SQL("ALTER %s %s %s", kind, SQL.identifier(name), change))


def _is_of(name, old, new):
    return name.startswith(f"{old}_") and not name.startswith(f"{new}_")


def _renamed(name, old, new):
    return SQL.identifier(name.replace(old, new, 1))


def _get_constraints(cr, table):
    cr.execute(SQL("SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass", table))
    return [name for (name,) in cr.fetchall()]


def _get_indexes(cr, table):
    cr.execute(
        SQL("SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = %s::regclass", table)
    )
    return [name for (name,) in cr.fetchall()]


# ------------------------------------------------------------
# MODELS
# ------------------------------------------------------------


def _rename_model(cr, old, new):
    cr.execute(SQL("UPDATE ir_model SET model = %s WHERE model = %s", new, old))
    for table, column in MODEL_COLUMNS:
        if column_exists(cr, table, column):
            cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s WHERE %s = %s",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    new,
                    SQL.identifier(column),
                    old,
                )
            )
    before, after = old.replace(".", "_"), new.replace(".", "_")
    cr.execute(
        SQL(
            """UPDATE ir_model_constraint SET name = %s || substr(name, %s)
                WHERE model = (SELECT id FROM ir_model WHERE model = %s)
                  AND starts_with(name, %s) AND NOT starts_with(name, %s)""",
            after,
            len(before) + 1,
            new,
            f"{before}_",
            f"{after}_",
        )
    )


# ------------------------------------------------------------
# EXTERNAL IDS
# ------------------------------------------------------------


def _rename_xml_ids(cr, old, new):
    """Those of this add-on that bear a name, and those of its fields that others added."""
    cr.execute(
        SQL(
            """UPDATE ir_model_data SET name = replace(name, %(old)s, %(new)s)
                WHERE strpos(name, %(old)s) > 0 AND strpos(name, %(new)s) = 0
                  AND (module = %(module)s OR starts_with(name, %(field)s))""",
            old=old,
            new=new,
            module=MODULE,
            field=f"field_{old}__",
        )
    )


def _rename_xml_id(cr, old, new):
    cr.execute(
        SQL("UPDATE ir_model_data SET name = %s WHERE module = %s AND name = %s", new, MODULE, old)
    )


# ------------------------------------------------------------
# VIEWS
# ------------------------------------------------------------


def _rename_in_views(cr, old, new):
    """Views of other add-ons and of users: they would no longer be valid beside ours."""
    cr.execute(
        SQL(
            r"""UPDATE ir_ui_view
                   SET arch_db = regexp_replace(arch_db::text, %s, %s, 'g')::jsonb
                 WHERE arch_db::text ~ %s""",
            rf"\m{old}\M",
            new,
            rf"\m{old}\M",
        )
    )
