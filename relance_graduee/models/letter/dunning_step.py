from markupsafe import Markup

from odoo import api, fields, models


class DunningStep(models.Model):
    """A step has the words of its document, and may enclose the invoices."""

    _name = "dunning.step"
    _inherit = ["dunning.step", "dunning.checked.text"]

    attach_invoices = fields.Boolean(
        string="Attach the invoices",
        help="To e-mails as files. A formal notice has copies of them behind its letter.",
    )
    letter_subject = fields.Char(translate=True)
    letter_body = fields.Html(
        string="Letter, before the table",
        translate=True,
        sanitize="email_outgoing",
    )
    letter_closing = fields.Html(
        string="Letter, after the table",
        translate=True,
        sanitize="email_outgoing",
    )

    render_model = fields.Char(compute="_compute_render_model")
    placeholder_list = fields.Html(
        string="Placeholders", compute="_compute_placeholder_list", sanitize=False
    )

    def _compute_render_model(self):
        """The editor of a text offers the fields of this model."""
        self.render_model = "dunning.notice"

    @api.depends_context("lang")
    def _compute_placeholder_list(self):
        """What the texts may name, as a table."""
        row = Markup("<tr><td><code>%s</code></td><td>%s</td></tr>")
        rows = [
            row % (placeholder.name, self.env._(placeholder.label))
            for placeholder in self.env["dunning.notice"]._get_placeholders()
        ]
        table = Markup('<table class="table table-sm w-auto"><tbody>%s</tbody></table>')
        self.placeholder_list = table % Markup().join(rows)

    @api.model
    def _get_text_names(self):
        return [*super()._get_text_names(), "letter_subject", "letter_body", "letter_closing"]

    def _get_said_problems(self):
        """What keeps this step from saying its texts: a list of sentences. To extend."""
        return self.sudo()._get_text_problems()

    def _get_customer_texts(self):
        texts = (self.letter_subject, self.letter_body, self.letter_closing)
        return [*super()._get_customer_texts(), *texts]
