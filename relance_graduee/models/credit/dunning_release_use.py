from odoo import api, fields, models


class DunningReleaseUse(models.Model):
    """A document that went under a release, and what it was worth. Written by the guard alone."""

    _name = "dunning.release.use"
    _description = "Use of a release"
    _inherit = ["dunning.company.owned"]
    _order = "id"

    release_id = fields.Many2one("dunning.release", required=True, index=True, ondelete="cascade")
    parent_id = fields.Many2one(
        "dunning.release.use",
        string="Part of",
        ondelete="cascade",
        help="The order that the release was used for: its deliveries take nothing more of it.",
    )
    company_id = fields.Many2one(related="release_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", string="Record", required=True)
    name = fields.Char(string="Document")
    amount = fields.Monetary(help="Company currency, VAT included.")

    _document_uniq = models.Constraint("UNIQUE(release_id, res_model, res_id)")

    def _is_for(self, documents):
        """Whether these uses (or one of them) are for one of ``documents`` (records)."""
        keys = {(document._name, document.id) for document in documents}
        return any((use.res_model, use.res_id) in keys for use in self)

    @api.model
    def _get_amounts(self, documents):
        """(model, id) -> most that a release was used for, of ``documents`` (records) it was."""
        uses = self.search([("res_id", "in", [document.id for document in documents])])
        amounts = {}
        for use in uses:
            key = use.res_model, use.res_id
            amounts[key] = max(amounts.get(key, 0.0), use.amount)
        return amounts

    def _get_document(self):
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id)
