from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..common.groups import INTERNAL_GROUP


class DunningDelivery(models.Model):
    """What was noted wrongly is put right by another contact that names it; it stays itself."""

    _inherit = "dunning.delivery"

    corrects_id = fields.Many2one(
        "dunning.delivery",
        string="Puts right",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    correction_ids = fields.One2many(
        "dunning.delivery",
        "corrects_id",
        string="Put right by",
        readonly=True,
        groups=INTERNAL_GROUP,
    )

    @api.model
    def _get_identity_fields(self):
        return super()._get_identity_fields() | {"corrects_id"}

    @api.constrains("corrects_id")
    def _check_corrected(self):
        """:raise ValidationError: it names something else than what was done with the customer"""
        for delivery in self.filtered("corrects_id"):
            corrected = delivery.corrects_id
            if (
                not corrected.date_done
                or corrected.company_id != delivery.company_id
                or corrected.partner_id.commercial_partner_id
                != delivery.partner_id.commercial_partner_id
            ):
                raise ValidationError(
                    self.env._("Only what was done with the same customer is put right.")
                )

    def _get_named_lines(self, day):
        """Of a correction: what the exchange that it puts right was about."""
        notice = self.corrects_id._get_told_notice()
        if not notice:
            return super()._get_named_lines(day)
        lines = notice.sudo()._get_told_lines().move_line_id
        return lines.filtered(lambda line: line._is_dunning_open())

    def action_correct(self):
        """Open the form in which what is right is noted.

        :raise UserError: it is not closed, or no call, visit or contact
        """
        self.ensure_one()
        self._check_may_act()
        if not self.date_done or not self.sudo()._is_answer():
            raise UserError(self.env._("Only calls, visits and contacts that were closed."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Put right: %s", self.display_name),
            "res_model": "dunning.contact",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_corrects_id": self.id,
                "default_partner_id": self.partner_id.id,
                "default_contact_id": self.contact_id.id,
                "default_channel": self.channel,
                "default_company_id": self.company_id.id,
                "default_date": fields.Date.to_string(self.date_done),
                "default_is_incoming": self.is_incoming,
            },
        }
