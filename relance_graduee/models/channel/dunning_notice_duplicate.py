import base64

from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...tools.pdf_overprint import overprint
from ..common.files import get_content

# Millimetres left empty on the stamp of a certified duplicate, to sign and stamp it by hand.
SIGNING_ROOM = 11.0


class DunningNotice(models.Model):
    """E-mails that a call promises: certified duplicates of the invoices, our bank details.

    Each is a contact: a delivery without notice, whose message is kept with the notice.
    """

    _inherit = "dunning.notice"

    def _send_duplicates(self):
        """E-mail the claimed invoices again, overprinted as duplicates; due dates stay.

        :raise UserError: there is no e-mail address, or no invoice as a PDF
        """
        for notice in self.sudo():
            notice._send_aside(notice._prepare_duplicate_mail_vals)

    def _send_bank_details(self):
        """E-mail account holder, IBAN and BIC with the reference to quote.

        :raise UserError: there is no e-mail address
        """
        for notice in self.sudo():
            notice._send_aside(notice._prepare_bank_mail_vals)

    def _send_aside(self, prepare):
        """Queue the e-mail that ``prepare(day)`` gives the values of.

        :raise UserError: there is no e-mail address
        """
        self.ensure_one()
        channel = self.env["dunning.channel.email"]
        obstacle = channel._get_obstacle(self)
        if obstacle:
            raise UserError(obstacle)
        day = self.company_id._get_dunning_today()
        vals = channel._prepare_delivery_vals(self, day) | {"notice_id": False}
        delivery = self.env["dunning.delivery"].sudo().create(vals)
        channel._queue(delivery, prepare(day))
        delivery._set_handed_over(day)

    # ------------------------------------------------------------
    # BANK DETAILS
    # ------------------------------------------------------------

    def _prepare_bank_mail_vals(self, day):
        notice = self.with_context(lang=self._get_lang())
        return {
            **notice.env["dunning.channel.email"]._prepare_envelope(notice),
            **notice._prepare_bank_texts(),
        }

    def _prepare_bank_texts(self):
        subject = self.env._("Our bank details – reference %s", self.text_reference)
        paragraphs = [
            self.text_salutation,
            self.env._("As agreed, please find our bank details below."),
        ]
        # without the QR code, whose amount was that of the notice's day
        payment = self._prepare_payment() | {"qr": False}
        details = self.env["ir.qweb"]._render(
            "relance_graduee.notice_payment", {"payment": payment}
        )
        ends = [self.env._("Yours faithfully,"), self.text_sender]
        body = self._join_paragraphs(paragraphs) + details + self._join_paragraphs(ends)
        return {"subject": subject, "body": body, "body_html": body}

    def _join_paragraphs(self, texts):
        return Markup("").join(Markup("<p>%s</p>") % text for text in texts)

    # ------------------------------------------------------------
    # DUPLICATES
    # ------------------------------------------------------------

    def _prepare_duplicate_mail_vals(self, day):
        notice = self.with_context(lang=self._get_lang())
        return {
            **notice.env["dunning.channel.email"]._prepare_envelope(notice),
            **notice._prepare_duplicate_texts(),
            "attachment_ids": [(6, 0, notice._make_duplicates(day).ids)],
        }

    def _prepare_duplicate_texts(self):
        subject = self.env._("Certified duplicate of your invoices: %s", self.text_invoices)
        paragraphs = [
            self.text_salutation,
            self.env._(
                "As agreed, please find attached a certified duplicate of your invoices: %s. "
                "Their due dates do not change.",
                self.text_invoices,
            ),
            self.env._("Yours faithfully,"),
            self.text_sender,
        ]
        body = self._join_paragraphs(paragraphs)
        return {"subject": subject, "body": body, "body_html": body}

    def _make_duplicates(self, day):
        """Overprinted copies of the invoices' PDFs, kept with this notice."""
        # A file that the server lost is no original: better say so than send an empty page.
        originals = self._get_invoice_documents().filtered(get_content)
        if not originals:
            raise UserError(
                self.env._(
                    "No duplicate could be made for %s: its invoices have no PDF, or are too "
                    "large for an e-mail.",
                    self.partner_id.display_name,
                )
            )
        stamp = self._get_duplicate_stamp(day)
        vals_list = [
            {
                "name": self.env._("Duplicate %s", original.name),
                "datas": base64.b64encode(overprint(get_content(original), stamp, SIGNING_ROOM)),
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
                "company_id": self.company_id.id,
            }
            for original in originals
        ]
        return self.env["ir.attachment"].sudo().create(vals_list)

    def _get_duplicate_stamp(self, day):
        """The lines that certify a copy: day, company, signatory, room for signing and stamp."""
        signature = self._prepare_signature()
        return [
            self.env._("CERTIFIED TRUE DUPLICATE"),
            format_date(self.env, day),
            self.company_id.name,
            ", ".join(filter(None, (signature["name"], signature["capacity"]))),
            self.env._("Signature and stamp:"),
        ]
