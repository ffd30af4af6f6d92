import logging

from odoo import api, fields, models

from ..common.groups import ACCOUNTING_GROUPS
from ..notice.dunning_notice import LIVE_STATES
from .dunning_notice_text import MARKING

_logger = logging.getLogger(__name__)

# Invoices that the e-mail names each with its link to pay online; the oldest ones.
PAYMENT_LINKS = 5


class DunningNotice(models.Model):
    """Payment details of every notice: account, reference, QR code, link to pay online."""

    _inherit = "dunning.notice"

    bank_warning = fields.Char(
        string="Missing bank account",
        compute="_compute_bank_warning",
        compute_sudo=True,
        groups=ACCOUNTING_GROUPS,
    )

    @api.depends("line_ids.claimed", "currency_id", "state")
    @api.depends_context("lang")
    def _compute_bank_warning(self):
        for notice in self:
            is_lost = notice.state in LIVE_STATES and not notice._get_bank()
            words = self.env["res.company"]._get_missing_bank_words(notice.currency_id)
            notice.bank_warning = is_lost and words

    def _get_bank(self):
        """The account that the claimed invoices name, else the company's for this currency.

        Never an account of another currency: better none than one that loses the payment.
        """
        banks = self.company_id.partner_id.sudo().bank_ids.filtered(
            lambda bank: not bank.company_id or bank.company_id == self.company_id
        )
        no_currency = self.currency_id.browse()
        named = self._get_claimed_invoices().sudo().partner_bank_id.filtered("active")
        return (
            named.filtered(lambda bank: bank.currency_id in (no_currency, self.currency_id))
            or banks.filtered(lambda bank: bank.currency_id == self.currency_id)
            or banks.filtered(lambda bank: not bank.currency_id)
        )[:1]

    def _get_claimed_invoices(self):
        """The customer invoices that this notice claims, oldest due first."""
        lines = self._get_claimed_lines().filtered(lambda line: line.amount_residual > 0)
        moves = lines.sorted(lambda line: (line.date_maturity, line.id)).move_id
        return moves.filtered(lambda move: move.is_sale_document())

    def _prepare_payment(self, with_link=True):
        """Payment details: title, lines (label, value), QR code and the sentence against fraud.

        :param with_link: also the links to pay online, which nobody types from a sheet of paper
        """
        bank = self._get_bank()
        lines = [
            *self._get_bank_lines(bank),
            (self.env._("Reference to quote"), self.text_reference),
        ]
        if with_link:
            lines += self._get_payment_links()
        return {
            "title": self.env._("How to pay"),
            "lines": [(label, value) for label, value in lines if value],
            "qr": self._get_payment_qr(bank),
            "note": self._get_fraud_warning() if bank else "",
        }

    def _get_bank_lines(self, bank):
        """(label, value) of the account; none when no account is known."""
        if not bank:
            return []
        is_iban = bank.acc_type == "iban"
        number = self.env._("IBAN") if is_iban else self.env._("Account number")
        return [
            (self.env._("Account holder"), bank.acc_holder_name or self.company_id.name),
            (number, bank.acc_number),
            (self.env._("BIC"), bank.bank_id.bic or ""),
        ]

    def _get_fraud_warning(self):
        return self.env._(
            "Our bank details have not changed. If you receive other details, call us "
            "before you pay."
        )

    def _get_payment_qr(self, bank):
        """The SEPA QR code of the total, as a data URI, or False where it cannot be made."""
        methods = dict(bank.get_available_qr_methods_in_sequence())
        if not bank or self.amount_total <= 0 or "sct_qr" not in methods:
            return False
        try:
            return self._draw_payment_qr(bank) or False
        except Exception:  # a picture that cannot be drawn stops no reminder
            _logger.warning("The payment QR code could not be drawn", exc_info=True)
            return False

    def _draw_payment_qr(self, bank):
        return bank.build_qr_code_base64(
            self.amount_total,
            self.text_reference,
            "",
            self.currency_id,
            self.partner_id,
            qr_method="sct_qr",
            silent_errors=True,
        )

    def _get_payment_links(self):
        """(label, address) where each invoice may be paid online, if a provider is active."""
        if not self.company_id.has_dunning_online_payment:
            return []
        return [
            (
                self.env._("Pay %s online", move.name),
                move.get_base_url() + move._get_share_url(),
            )
            for move in self._get_claimed_invoices()[:PAYMENT_LINKS]
        ]

    @api.depends("amount_total", "name")
    @api.depends_context("lang", MARKING)
    def _compute_payment_html(self):
        for notice in self:
            table = self.env["ir.qweb"]._render(
                "relance_graduee.notice_payment", {"payment": notice._prepare_payment()}
            )
            notice.payment_html = notice._mark_block("payment_html", table)
