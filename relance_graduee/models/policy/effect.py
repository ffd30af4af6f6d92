from typing import NamedTuple

from odoo.tools.translate import LazyGettext


class Effect(NamedTuple):
    """An effect of a step besides reaching the customer: a row of ``dunning.step._get_effects``."""

    # The field of the step that asks for it.
    flag: str
    # A word for it, where a ladder is shown in a table.
    label: LazyGettext
    # The order in which effects are named.
    place: int
