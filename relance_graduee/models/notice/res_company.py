from odoo import fields, models


class ResCompany(models.Model):
    """Numbering of the notices of a company."""

    _inherit = "res.company"

    dunning_sequence_id = fields.Many2one(
        "ir.sequence", string="Numbering of notices", readonly=True, ondelete="restrict"
    )

    def _get_dunning_sequence(self):
        """The company's own numbering of notices, created at its first notice."""
        self.ensure_one()
        Sequence = self.env["ir.sequence"].sudo().with_company(self)
        if self.dunning_sequence_id:
            return self.sudo().dunning_sequence_id
        self.sudo().dunning_sequence_id = Sequence.create(
            {
                "name": self.env._("Dunning notices"),
                "code": "dunning.notice",
                "prefix": "CPT/%(year)s/",
                "padding": 5,
                "company_id": self.id,
            }
        )
        return self.sudo().dunning_sequence_id
