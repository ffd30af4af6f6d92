from odoo import api, models


class MailTemplate(models.Model):
    """The e-mail of a step."""

    _name = "mail.template"
    _inherit = ["mail.template", "dunning.message.template"]

    _step_field = "mail_template_id"

    @api.model
    def _get_text_names(self):
        return [*super()._get_text_names(), "subject", "body_html"]

    @api.model
    def _get_evaluated_names(self):
        others = self._get_dynamic_field_names() - {"subject", "body_html"}
        return list(dict.fromkeys([*super()._get_evaluated_names(), *sorted(others)]))
