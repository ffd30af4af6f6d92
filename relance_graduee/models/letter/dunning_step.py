from odoo import fields, models


class DunningStep(models.Model):
    """A step has the words of its document, and may enclose the invoices."""

    _inherit = "dunning.step"

    attach_invoices = fields.Boolean(
        string="Attach the invoices",
        help="To e-mails as files. A formal notice has copies of them behind its letter.",
    )
    letter_subject = fields.Char(translate=True)
    letter_body = fields.Html(
        string="Letter, before the table",
        translate=True,
        render_engine="qweb",
        sanitize="email_outgoing",
    )
    letter_closing = fields.Html(
        string="Letter, after the table",
        translate=True,
        render_engine="qweb",
        sanitize="email_outgoing",
    )

    def _get_customer_texts(self):
        texts = (self.letter_subject, self.letter_body, self.letter_closing)
        return [*super()._get_customer_texts(), *texts]
