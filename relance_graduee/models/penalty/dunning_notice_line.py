from odoo import fields, models

from ..item.dunning_counterpart import WRITTEN_OFF


class DunningNoticeLine(models.Model):
    """Penalties claimed with an item, as the ledger had them on the day."""

    _inherit = "dunning.notice.line"

    penalty_detail = fields.Json(
        readonly=True, help="What is claimed beside the principal, with its calculation."
    )

    def _is_written_off(self):
        """Whether what settled the item last was no payment but a loss."""
        events = [
            event
            for detail in self.penalty_detail or ()
            for event in (detail["sheet"] or {}).get("events", ())
        ]
        last = max(events, key=lambda event: event["day"], default={})
        return last.get("kind") == WRITTEN_OFF
