from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DunningRelease(models.Model):
    """A release for an order: worth what the order was when it was asked for."""

    _inherit = "dunning.release"

    order_id = fields.Many2one(
        "sale.order", index="btree_not_null", ondelete="cascade", check_company=True
    )

    @api.constrains("scope", "order_id")
    def _check_order(self):
        for release in self:
            if release.scope == "order" and not release.order_id:
                raise ValidationError(self.env._("Say which order is to be released."))

    @api.model
    def _get_asked_fields(self):
        # EXTENDS relance_graduee
        return super()._get_asked_fields() | {"order_id"}

    def _prepare_request_vals(self, vals):
        # EXTENDS relance_graduee
        order = self.env["sale.order"].browse(vals.get("order_id"))
        if order:
            order.check_access("read")
            vals = dict(vals)
            vals["company_id"] = order.sudo().company_id.root_id.id
            if not vals.get("amount") and vals.get("scope") == "order":
                vals["amount"] = order._get_dunning_value()
            if not vals.get("partner_id"):
                vals["partner_id"] = order._get_dunning_customer().id
        return super()._prepare_request_vals(vals)

    @api.onchange("order_id", "scope")
    def _onchange_order_id(self):
        if self.order_id and self.scope == "order":
            self.amount = self.order_id._get_dunning_value()
            self.partner_id = self.order_id._get_dunning_customer()

    # ------------------------------------------------------------
    # COVERAGE
    # ------------------------------------------------------------

    def _get_target(self):
        # EXTENDS relance_graduee
        return self.order_id if self.scope == "order" else super()._get_target()

    def _is_target_open(self, target):
        # EXTENDS relance_graduee: a release never outlives its order
        if target._name == "sale.order" and target.exists() and target.state == "cancel":
            return False
        return super()._is_target_open(target)

    @api.model
    def _get_target_value(self, document):
        # EXTENDS relance_graduee
        if document._name == "sale.order":
            return document._get_dunning_value()
        return super()._get_target_value(document)

    # ------------------------------------------------------------
    # NOTIFICATIONS
    # ------------------------------------------------------------

    def _get_told_records(self):
        # EXTENDS relance_graduee
        orders = [self.order_id] if self.order_id else []
        return [*super()._get_told_records(), *orders]

    def _get_told_users(self):
        # EXTENDS relance_graduee
        return super()._get_told_users() | self.order_id.user_id
