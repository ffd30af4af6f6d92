from odoo import api, models
from odoo.tools import format_date

from ...tools.postal_address import format_postal_lines
from ...tools.siren import format_siren, is_siren
from ..common.words import file_name, long_date, one_line
from .dunning_notice_text import MARKING

# Larger than this, invoices are not attached: encoded they make 10 MB, above which servers refuse
# messages, and Odoo replaces every attachment by a link, our document included.
MAX_ATTACHED_BYTES = 7 * 1024 * 1024


class DunningNotice(models.Model):
    """The document of a notice: plain data first (``_prepare_letter``), rendered elsewhere.

    The layout is ``dunning.letter``'s; nothing here knows of pages or PDF.
    """

    _inherit = "dunning.notice"

    # ------------------------------------------------------------
    # STILL TRUE?
    # ------------------------------------------------------------

    def _is_still_true(self):
        """Whether every figure of this unsent notice is that of the books today."""
        self.ensure_one()
        decision = self.env["dunning.decision"]
        unmentioned = decision._get_hold_codes(on_notices=False)
        rows = decision._get_rows(self.partner_id.ids, self.company_id.ids)
        open_now = {
            row["id"]: row["amount_residual"]
            for row in rows
            if row["currency_id"] == self.currency_id.id and row["hold_reason"] not in unmentioned
        }
        said = {
            line.move_line_id.id: line.amount_residual for line in self.line_ids.filtered("live")
        }
        credits_now = sum(amount for amount in open_now.values() if amount < 0)
        credits_said = sum(amount for amount in said.values() if amount < 0)
        same = all(
            self.currency_id.compare_amounts(open_now.get(id_, 0), amount) == 0
            for id_, amount in said.items()
        )
        return same and self.currency_id.compare_amounts(credits_now, credits_said) == 0

    def _get_document_name(self):
        """A file name that says nothing of reminders to whoever sees it pass."""
        number = (self.name or "").replace("/", "-")
        partner = self.partner_id.commercial_partner_id.name
        return file_name(
            self.env._("Statement %(number)s %(customer)s.pdf", number=number, customer=partner)
        )

    def _get_invoice_documents(self):
        """The PDFs of the claimed invoices, as far as they exist or can be made."""
        moves = self.line_ids.filtered("claimed").move_id.filtered(lambda m: m.is_sale_document())
        for move in moves.filtered(lambda m: not m.invoice_pdf_report_id):
            move._make_dunning_pdf()
        attachments = moves.sudo().invoice_pdf_report_id
        if sum(attachments.mapped("file_size")) > MAX_ATTACHED_BYTES:
            return attachments.browse()
        return attachments

    # ------------------------------------------------------------
    # THE LETTER, AS DATA
    # ------------------------------------------------------------

    def _prepare_letter(self):
        """Everything the letter says, as plain formatted strings (see ``dunning.letter``)."""
        self.ensure_one()
        notice = self.with_context(lang=self._get_lang()).sudo()
        texts = notice._get_texts()
        return {
            "lang": notice._get_lang(),
            "marker": notice.name or f"#{notice.id}",
            "sender": notice.company_id._get_dunning_sender(notice._get_collector()),
            "recipient_lines": notice._get_postal_lines(),
            "mode": notice._get_postal_mode(),
            "place_date": notice._get_place_and_date(),
            "subject": texts["letter_subject"],
            "references": notice._get_references(),
            "enclosures": notice._get_enclosures(),
            "body_html": texts["letter_body"],
            "columns": notice._get_letter_columns(),
            "rows": [notice._prepare_row(line) for line in notice._get_claimed_lines()],
            "totals": notice._get_totals(),
            "memo_title": notice.env._("For information, also due and not part of the total"),
            "memo_rows": [notice._prepare_row(line) for line in notice._get_memo_lines()],
            "closing_html": texts["letter_closing"],
            "payment": notice._prepare_payment(with_link=False),
            "signature": notice._prepare_signature(),
            "annexes": notice._get_annexes(),
        }

    def _get_postal_lines(self):
        """The address as the post wants it (NF Z 10-011): at most seven lines of 38 characters."""
        address = self._get_postal_address()
        commercial = self.partner_id.commercial_partner_id.sudo()
        person = self._get_contacts()[:1]
        contact = person.name if person != commercial and not person.is_company else ""
        if self._get_customer_kind() == "public" and self.step_id.tone != "courteous":
            contact = self.env._("To the authorising officer")
        elif self.is_formal_notice and commercial.is_company:
            contact = self.env._("To the legal representative")
        return self._format_postal_lines(commercial.name, contact, address)

    def _format_postal_lines(self, name, contact, address):
        """The lines of a letter to ``name``: the country is named when it is not the sender's."""
        home = self.company_id.account_fiscal_country_id or self.company_id.country_id
        abroad = address.country and address.country != home
        country = address.country.with_env(self.env).name if abroad else None
        return format_postal_lines(name or "", contact or "", *address[:4], country)

    def _get_postal_mode(self):
        """How the letter is posted, in the words above the address; "" without any. To extend."""
        return ""

    def _get_place_and_date(self):
        date = long_date(self.env, self.date)
        city = self.company_id.city
        return self.env._("%(city)s, %(date)s", city=city, date=date) if city else date

    def _get_references(self):
        references = [(self.env._("Our reference"), self.text_reference)]
        number = self.partner_id.commercial_partner_id.ref
        if number:
            references.append((self.env._("Customer number"), number))
        if self._get_customer_kind() == "public" and self.text_public_references:
            references.append((self.env._("Your references"), self.text_public_references))
        debtor = self.partner_id.commercial_partner_id.sudo()
        number = debtor.company_registry
        if self.is_formal_notice:  # whole: on the envelope it may be shortened
            references.append((self.env._("Debtor"), one_line(debtor.name)))
        if self.is_formal_notice and is_siren(number):
            references.append((self.env._("Your SIREN"), format_siren(number)))
        if self.is_formal_notice and self._get_customer_kind() == "business":
            references.append((self.env._("Copy"), self.env._("Your accounts payable")))
        return references

    @api.model
    def _get_columns(self):
        """Columns of the table of items: key, label, alignment, width in mm (0: what is left)."""
        return [
            {"key": "number", "label": self.env._("Number"), "align": "left", "width": 22},
            {"key": "date", "label": self.env._("Date"), "align": "left", "width": 16},
            {"key": "due", "label": self.env._("Due"), "align": "left", "width": 16},
            {"key": "label", "label": self.env._("Label"), "align": "left", "width": 0},
            {"key": "order", "label": self.env._("Your order"), "align": "left", "width": 18},
            {"key": "net", "label": self.env._("Net"), "align": "right", "width": 17},
            {"key": "gross", "label": self.env._("Gross"), "align": "right", "width": 17},
            {"key": "paid", "label": self.env._("Paid"), "align": "right", "width": 16},
            {"key": "balance", "label": self.env._("Balance"), "align": "right", "width": 18},
            {"key": "late", "label": self.env._("Days late"), "align": "right", "width": 10},
        ]

    def _get_letter_columns(self):
        """Without that of the orders, when no line names one: labels take its room."""
        has_orders = any(self.line_ids.mapped("order_reference"))
        return [column for column in self._get_columns() if has_orders or column["key"] != "order"]

    def _prepare_row(self, line):
        """One line of the table, as strings by column key."""
        is_credit = line.amount_residual < 0
        return {
            "kind": "credit" if is_credit else "item",
            "number": line.number or "",
            "date": format_date(self.env, line.invoice_date) if line.invoice_date else "",
            "due": format_date(self.env, line.date_maturity)
            if line.date_maturity and not is_credit
            else "",
            "label": self._get_row_label(line),
            "order": line.order_reference or "",
            # payments and entries of a ledger have none
            "net": self._format_figure(line.amount_untaxed) if line.amount_untaxed else "",
            "gross": self._format_figure(line.amount_gross),
            "paid": self._format_figure(line.amount_paid) if line.amount_paid else "",
            "balance": self._format_figure(line.amount_residual),
            "late": str(line.days_late) if line.days_late > 0 and not is_credit else "",
        }

    def _get_row_label(self, line):
        if line.amount_residual < 0:
            return self.env._("Credit on your account")
        return line.label or ""

    def _format_figure(self, amount):
        """A figure of the table: without symbol, the currency stands with the total."""
        return self.env["ir.qweb.field.float"].value_to_html(
            amount, {"precision": self.currency_id.decimal_places}
        )

    def _get_total_label(self):
        """A formal notice says on which day its sum was stopped."""
        if self.is_formal_notice:
            return self.env._("Total due, stopped at %s", long_date(self.env, self.date))
        return self.env._("Total due")

    def _get_totals(self):
        """Rows under the table: label, amount as it is printed, strong."""
        rows = self._get_total_rows()
        if rows:
            rows = [(self.env._("Principal"), self._format_amount(self.amount_residual)), *rows]
        rows = [(*row, False) for row in rows]
        rows.append((self._get_total_label(), self._format_amount(self.amount_total), True))
        return [dict(zip(("label", "amount", "strong"), row, strict=True)) for row in rows]

    def _get_total_rows(self):
        """Claims beside the principal: list of (label, amount as printed). To extend."""
        return []

    def _get_annexes(self):
        """Further pages of the document, as data; ``enclosure``: how the letter lists them."""
        return []

    def _prepare_signature(self):
        company = self.company_id
        collector = self._get_collector()
        return {
            "name": company.dunning_signatory_name or collector.name,
            "capacity": company.dunning_signatory_capacity or "",
            "image": False,
        }

    # ------------------------------------------------------------
    # THE E-MAIL'S TABLE
    # ------------------------------------------------------------

    @api.depends("line_ids", "amount_total", "date")
    @api.depends_context("lang", MARKING)
    def _compute_items_html(self):
        for notice in self:
            rows = [notice._prepare_row(line) for line in notice._get_claimed_lines()]
            table = self.env["ir.qweb"]._render(
                "relance_graduee.notice_items",
                {
                    "columns": notice._get_email_columns(rows),
                    "rows": rows,
                    "totals": notice._get_totals(),
                },
            )
            notice.items_html = notice._mark_block("items_html", table)

    def _get_email_columns(self, rows):
        """A screen may be a telephone: no net nor label, and no column that is empty."""
        return [
            column
            for column in self._get_columns()
            if column["key"] not in ("net", "label") and any(row[column["key"]] for row in rows)
        ]
