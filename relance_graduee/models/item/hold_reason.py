from typing import NamedTuple

from odoo.tools.translate import LazyGettext

# The fields of a reason that only delays: nothing speaks against what is owed.
OWED = {
    "on_notices": True,
    "holds_deliveries": True,
    "may_be_asked": True,
    "may_be_demanded": True,
}


class HoldReason(NamedTuple):
    """A reason for which an item is not reminded now, and its consequences elsewhere.

    One row of ``dunning.decision._get_hold_reasons``; everybody who treats items differently by
    their reason asks one of these fields (``_get_hold_codes``). What is not said is no: such an
    item is left alone by everybody.
    """

    code: str
    # Shown where one chooses or counts reasons.
    label: LazyGettext
    # The reasons are looked at in this order, and the first that applies is the one.
    place: int
    # Where an item stands, in a sentence. Empty: ``dunning.item._get_detail_<code>`` makes one.
    sentence: LazyGettext | None = None
    # The item stands on notices about the customer's other items.
    on_notices: bool = False
    # Being overdue, it holds deliveries. Only what nobody owes, or what the law says, does not:
    # what one of ours accepted is freed item by item (``account.move.line._accept_dunning``).
    holds_deliveries: bool = False
    # The customer may be asked to pay it: on the telephone, or for a delivery in return.
    may_be_asked: bool = False
    # A formal notice may demand it.
    may_be_demanded: bool = False
    # The ladder goes on by itself: the next step is only to come, or to be approved.
    goes_on: bool = False
    # It is part of what the customer owes, or of what we hold for it.
    counts: bool = True
    # Somebody has to act or to know: the page of the invoice says it above everything.
    warns: bool = False


def get_hold_selection(model):
    """Selection of fields of hold reasons: pairs (code, label in the user's language)."""
    return model.env["dunning.decision"]._get_hold_selection()
