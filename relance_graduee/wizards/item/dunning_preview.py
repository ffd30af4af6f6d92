from datetime import timedelta

from odoo import fields, models
from odoo.tools import format_date


class DunningPreview(models.TransientModel):
    """Preview of the decision on a chosen day."""

    _name = "dunning.preview"
    _inherit = ["dunning.dated"]
    _description = "What will happen?"

    date = fields.Date(
        required=True,
        default=lambda self: self.env.company._add_dunning_working_days(
            self.env.company._get_dunning_today() + timedelta(days=1), 0
        ),
        help="Steps, books and contacts are today's; only the day moves.",
    )

    def action_show(self):
        """The open items as the decision sees them on that day."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "relance_graduee.dunning_item_preview_action"
        )
        name = self.env._("On %s", format_date(self.env, self.date, date_format="full"))
        return {
            **action,
            "name": name,
            "display_name": name,
            "context": {
                "search_default_ready": 1,
                "search_default_group_next_step": 1,
                "dunning_date": fields.Date.to_string(self.date),
            },
        }
