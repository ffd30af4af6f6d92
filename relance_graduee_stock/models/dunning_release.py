from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DunningRelease(models.Model):
    """A release for a delivery: worth what it was to deliver when it was asked for."""

    _inherit = "dunning.release"

    picking_id = fields.Many2one(
        "stock.picking",
        string="Delivery",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )

    @api.constrains("scope", "picking_id")
    def _check_picking(self):
        for release in self:
            if release.scope == "delivery" and not release.picking_id:
                raise ValidationError(self.env._("Say which delivery is to be released."))

    @api.model
    def _get_asked_fields(self):
        # EXTENDS relance_graduee
        return super()._get_asked_fields() | {"picking_id"}

    def _prepare_request_vals(self, vals):
        # EXTENDS relance_graduee
        picking = self.env["stock.picking"].browse(vals.get("picking_id"))
        if picking:
            picking.check_access("read")
            vals = dict(vals)
            vals["company_id"] = picking.sudo().company_id.root_id.id
            if not vals.get("amount") and vals.get("scope") == "delivery":
                vals["amount"] = picking._get_dunning_value()
            if not vals.get("partner_id"):
                vals["partner_id"] = picking._get_dunning_customer().id
        return super()._prepare_request_vals(vals)

    @api.onchange("picking_id", "scope")
    def _onchange_picking_id(self):
        if self.picking_id and self.scope == "delivery":
            self.amount = self.picking_id._get_dunning_value()
            self.partner_id = self.picking_id._get_dunning_customer()

    # ------------------------------------------------------------
    # COVERAGE
    # ------------------------------------------------------------

    def _get_target(self):
        # EXTENDS relance_graduee
        return self.picking_id if self.scope == "delivery" else super()._get_target()

    def _is_target_open(self, target):
        # EXTENDS relance_graduee
        if target._name == "stock.picking" and target.exists() and target.state == "cancel":
            return False
        return super()._is_target_open(target)

    @api.model
    def _get_target_value(self, document):
        # EXTENDS relance_graduee
        if document._name == "stock.picking":
            return document._get_dunning_value()
        return super()._get_target_value(document)

    @api.model
    def _counts_as_delivery(self, document):
        # EXTENDS relance_graduee
        if document._name in ("stock.picking", "stock.move"):
            return True
        return super()._counts_as_delivery(document)

    # ------------------------------------------------------------
    # NOTIFICATIONS
    # ------------------------------------------------------------

    def _get_told_records(self):
        # EXTENDS relance_graduee
        pickings = [self.picking_id] if self.picking_id else []
        return [*super()._get_told_records(), *pickings]

    def _get_told_users(self):
        # EXTENDS relance_graduee
        return super()._get_told_users() | self.picking_id.user_id | self.picking_id.sale_id.user_id

    def _tell_decided(self):
        # EXTENDS relance_graduee: the warehouse sees at once what may go now
        result = super()._tell_decided()
        for release in self.sudo().filtered(lambda release: release.state == "granted"):
            customers = release.partner_id.commercial_partner_id
            self.env["stock.picking"]._note_freed_of(customers, release.company_id)
        return result
