"""What every part of the demo company uses: the clock, the dice, and values that fit the model."""

import random
from datetime import timedelta

from odoo import fields

SEED = 20190719
HISTORY_DAYS = 18 * 30 + 8


def dice(name):
    """A generator of its own for each part, so that changing one part leaves the others alone."""
    return random.Random(f"{SEED}-{name}")


def today(env):
    """Today as the company sees it."""
    if hasattr(env.company, "_get_dunning_today"):
        return env.company._get_dunning_today()
    return fields.Date.context_today(env.user)


def is_working_day(company, day):
    """Monday to Friday, and not a public holiday when the add-on can tell."""
    if hasattr(company, "_is_dunning_working_day"):
        return company._is_dunning_working_day(day)
    return day.weekday() < 5


def working_day(company, day, direction=1):
    """``day``, or the nearest working day after it (before it with ``direction`` -1)."""
    while not is_working_day(company, day):
        day += timedelta(days=direction)
    return day


def known(model, vals):
    """``vals`` without the fields that ``model`` does not have."""
    return {name: value for name, value in vals.items() if name in model._fields}


def groups(env, *xml_ids):
    """The groups that exist among ``xml_ids``."""
    found = [env.ref(xml_id, raise_if_not_found=False) for xml_id in xml_ids]
    return [group.id for group in found if group]


def translated(record, name, english):
    """Give ``record`` its English name too; its own language is French."""
    record.with_context(lang="en_US")[name] = english


def quiet(env):
    """``env`` for making many records: in French, without a message for each."""
    silent = {"tracking_disable": True, "mail_create_nolog": True, "mail_notrack": True}
    return env(context={**env.context, **silent, "lang": "fr_FR"})
