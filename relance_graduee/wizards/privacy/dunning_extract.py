import base64

from odoo import fields, models

from ...models.common.words import file_name
from ...tools.spreadsheet import write_workbook


class DunningExtract(models.TransientModel):
    """The workbook of what is held on a person: seen by who asked for it, and soon forgotten."""

    _name = "dunning.extract"
    _description = "Extract of what is held on a person"

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    name = fields.Char()
    content = fields.Binary(attachment=False)

    def _fill(self):
        """Make the workbook, in the language of the user."""
        for extract in self:
            sheets = extract.partner_id._get_dunning_extract()
            extract.write(
                {
                    "name": file_name(self.env._("Reminders %s.xlsx", extract.partner_id.name)),
                    "content": base64.b64encode(write_workbook(sheets)),
                }
            )
