from odoo import fields, models


class ResCompany(models.Model):
    """Numbering of the notices of a company, and what of its settings stops them all."""

    _inherit = "res.company"

    dunning_sequence_id = fields.Many2one(
        "ir.sequence", string="Numbering of notices", readonly=True, ondelete="restrict"
    )

    def _get_dunning_misconfigurations(self, codes=None):
        problems = super()._get_dunning_misconfigurations(codes)
        channel = self.env["dunning.channel"]
        codes = self._get_dunning_channels() if codes is None else codes
        words = (channel._get_channel(code)._get_misconfiguration(self.root_id) for code in codes)
        return [*problems, *dict.fromkeys(filter(None, words))]

    def _get_dunning_channels(self):
        """The codes of the channels that the ladders of this company use."""
        steps = self.env["dunning.step"].sudo()
        companies = [False, *self.sudo().root_id.ids]
        steps = steps.search(
            [("policy_id.active", "=", True), ("policy_id.company_id", "in", companies)]
        )
        return list(dict.fromkeys(code for step in steps for code in step._get_channels()))

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
