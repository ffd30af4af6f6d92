from odoo import api, fields, models
from odoo.tools import LazyTranslate

from ..policy.effect import Effect

_lt = LazyTranslate(__name__)


class DunningStep(models.Model):
    """A step says by which channels it leaves, and has the texts of its messages."""

    _inherit = "dunning.step"

    send_email = fields.Boolean(string="E-mail")
    print_letter = fields.Boolean(string="Letter")
    registered_letter = fields.Boolean(string="Registered letter")
    registered_email = fields.Boolean(
        string="Registered e-mail",
        help="Qualified electronic registered delivery (LRE), by a provider. Not to consumers and "
        "associations who did not agree to it.",
    )
    send_sms = fields.Boolean(string="SMS")
    hand_over = fields.Boolean(string="Hand over the file")
    copy_to_accountant = fields.Boolean(
        string="Copy to the public accountant",
        help="The letter to a public body is sent to its accountant too (comptable assignataire, "
        "on the customer).",
    )
    mail_template_id = fields.Many2one(
        "mail.template",
        string="E-mail text",
        domain="[('model', '=', 'dunning.notice')]",
        ondelete="restrict",
    )
    sms_template_id = fields.Many2one(
        "sms.template",
        string="SMS text",
        domain="[('model', '=', 'dunning.notice')]",
        ondelete="restrict",
    )

    def _copy_texts(self):
        result = super()._copy_texts()
        for step in self.sudo():
            for name in ("mail_template_id", "sms_template_id"):
                if step[name]:
                    step[name] = step[name].copy(
                        {"name": f"{step[name].name} ({step.company_id.name})"}
                    )
        return result

    @api.model
    def _get_effects(self):
        return [*super()._get_effects(), Effect("hand_over", _lt("Handover"), 50)]

    def _get_said_problems(self):
        templates = self.sudo().mail_template_id, self.sudo().sms_template_id
        problems = [template._get_text_problems() for template in templates if template]
        return super()._get_said_problems() + sum(problems, [])

    def _get_customer_texts(self):
        template = self.mail_template_id if self.send_email else self.mail_template_id.browse()
        return [*super()._get_customer_texts(), template.subject, template.body_html]
