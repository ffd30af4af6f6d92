"""Shipped formal notices enclose the invoices; a consumer asked again owes legal interest."""

from odoo import SUPERUSER_ID, api

FORMAL_STEPS = (
    "step_progressive_5",
    "step_key_accounts_6",
    "step_five_steps_5",
    "step_three_steps_3",
    "step_public_4",
    "step_consumer_3",
)


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    _get_steps(env).filtered("is_formal_notice").attach_invoices = True
    _get_steps(env, ("step_consumer_3",)).charge_interest = True


def _get_steps(env, names=FORMAL_STEPS):
    """Those of the shipped steps that are still there."""
    refs = (env.ref(f"relance_graduee.{name}", raise_if_not_found=False) for name in names)
    return env["dunning.step"].union(*filter(None, refs))
