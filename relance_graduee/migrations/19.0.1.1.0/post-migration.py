"""Shipped records that an update leaves alone (noupdate), since users may have edited them."""

from odoo import SUPERUSER_ID, api, fields
from odoo.tools import SQL

STEPS = ("step_public_3", "step_public_4")
# As they stood in the letters to public bodies, in the languages that are shipped.
SENTENCES = (
    "A copy of this letter is sent to the public accountant in charge of the payment.",
    "Une copie de ce courrier est adressée au comptable public assignataire.",
)
PLACEHOLDER = r"<t t-out=\"object.text_accountant_copy\"/>"  # as JSON writes it
OLD_PREFIX, PREFIX = "REL/%(year)s/", "CPT/%(year)s/"


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    _send_announced_copies(env)
    _rename_sequences(env)
    _keep_hour(env)


def _send_announced_copies(env):
    """Letters to public bodies announce a copy to the accountant: now it is made."""
    refs = (env.ref(f"relance_graduee.{name}", raise_if_not_found=False) for name in STEPS)
    steps = env["dunning.step"].union(*filter(None, refs))
    steps.copy_to_accountant = True
    steps.flush_recordset()
    for sentence in SENTENCES:
        env.cr.execute(
            SQL(
                """UPDATE dunning_step
                      SET letter_closing = replace(letter_closing::text, %s, %s)::jsonb
                    WHERE id = ANY(%s)""",
                sentence,
                PLACEHOLDER,
                steps.ids,
            )
        )
    steps.invalidate_recordset()


def _rename_sequences(env):
    """Numbers of reminders no longer begin like the word: what nobody changed is renamed."""
    sequences = env["ir.sequence"].search([("code", "=", "dunning.notice")])
    sequences.filtered(lambda each: each.prefix == OLD_PREFIX).prefix = PREFIX


def _keep_hour(env):
    """The daily run was planned at eight by UTC: nine in winter alone."""
    run = env.ref("relance_graduee.ir_cron_dunning_run", raise_if_not_found=False)
    if run and run.nextcall.hour == 8:
        nine = env["ir.cron"]._get_dunning_first_call()
        run._keep_dunning_hour(fields.Datetime.to_datetime(nine))
