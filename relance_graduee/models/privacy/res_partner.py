from odoo import models
from odoo.exceptions import AccessError
from odoo.tools import html2plaintext

from ..common.groups import MANAGER_GROUP


class ResPartner(models.Model):
    """Extract of the data held on one person for reminders (GDPR, article 15)."""

    _inherit = "res.partner"

    def action_extract_dunning_data(self):
        """A workbook of all that reminders hold on this customer, in the company in context.

        :raise AccessError: the user is no dunning manager
        """
        self.ensure_one()
        if not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(self.env._("Only dunning managers extract what is held on a person."))
        customer = self.commercial_partner_id
        extract = self.env["dunning.extract"].create({"partner_id": customer.id})
        extract._fill()
        customer._message_log(body=self.env._("What reminders hold on this person was extracted."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/dunning.extract/{extract.id}/content"
            "?filename_field=name&download=true",
            "target": "self",
        }

    def _get_dunning_extract(self):
        """All that is held on this customer: list of (title, [head], [[cell]]). To extend."""
        customer = self.commercial_partner_id.sudo().with_company(self.env.company.root_id)
        return [
            (self.env._("Customer"), *customer._get_extracted_card()),
            (self.env._("Open items"), *customer._get_extracted_items()),
            (self.env._("Reminders"), *customer._get_extracted_notices()),
            (self.env._("Contacts made"), *customer._get_extracted_deliveries()),
            (self.env._("Interruptions"), *customer._get_extracted_interruptions()),
            (self.env._("Decisions"), *customer._get_extracted_decisions()),
            (self.env._("Notes"), *customer._get_extracted_messages()),
        ]

    def _extract_rows(self, records, names):
        """(head, rows) of these fields, as a person reads them."""
        fields = [records._fields[name] for name in names]
        head = [field._description_string(self.env) for field in fields]
        return head, [[self._extract_cell(record, f) for f in fields] for record in records]

    def _extract_cell(self, record, field):
        value = record[field.name]
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        if field.relational:
            return ", ".join(value.mapped("display_name"))
        return html2plaintext(value) if field.type == "html" and value else value

    def _get_extracted_card(self):
        names = (
            "name", "ref", "customer_kind", "trust", "email", "dunning_refused_email", "phone",
            "contact_address", "vat",
            "company_registry", "lang", "dunning_policy_id", "dunning_user_id",
            "dunning_contact_ids", "dunning_paused_until", "dunning_pause_reason",
            "dunning_hold_until", "dunning_hold_reason", "dunning_marked_on", "insolvency_date",
            "lre_consent_date",
        )  # fmt: skip
        head, rows = self._extract_rows(self, names)
        title = [self.env._("Field"), self.env._("Value")]
        return title, [list(pair) for pair in zip(head, rows[0], strict=True) if pair[1]]

    def _get_extracted_items(self):
        items = (
            self.env["dunning.item"]
            .sudo()
            .with_context(dunning_partner_ids=self.ids)
            .search(
                [("partner_id", "=", self.id), ("company_id", "=", self.env.company.root_id.id)]
            )
        )
        names = (
            "move_id", "invoice_date", "date_maturity", "days_late", "amount_residual",
            "currency_id", "step_id", "step_date", "limitation_date", "hold_detail",
        )  # fmt: skip
        return self._extract_rows(items, names)

    def _get_extracted(self, model, names):
        """(head, rows) of what ``model`` holds on this customer in the company."""
        found = (
            self.env[model]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("partner_id", "child_of", self.id),
                    ("company_id", "=", self.env.company.root_id.id),
                ]
            )
        )
        return self._extract_rows(found, names)

    def _get_extracted_notices(self):
        names = (
            "name", "date", "date_sent", "state", "step_id", "recipients", "amount_residual",
            "amount_interest", "amount_indemnity", "amount_total", "currency_id",
            "answer_deadline", "approved_by", "formal_reason", "cancel_reason",
        )  # fmt: skip
        return self._get_extracted("dunning.notice", names)

    def _get_extracted_deliveries(self):
        names = (
            "date_planned", "date_done", "channel", "contact_id", "recipient", "state", "outcome",
            "outcome_date", "outcome_amount", "outcome_means", "risk", "note", "tracking_number",
            "user_id",
        )  # fmt: skip
        return self._get_extracted("dunning.delivery", names)

    def _get_extracted_interruptions(self):
        names = ("date", "kind", "date_end", "evidence", "user_id", "erased_reason")
        return self._get_extracted("dunning.interruption", names)

    def _get_extracted_decisions(self):
        names = ("date", "kind", "date_until", "reason", "user_id")
        return self._get_extracted("dunning.customer.note", names)

    def _get_extracted_messages(self):
        """Messages on the customer and on its notices, by people and by the add-on."""
        notices = self.env["dunning.notice"].sudo().search([("partner_id", "child_of", self.id)])
        own = notices.filtered(lambda n: n.company_id == self.env.company.root_id)
        messages = (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    "|",
                    "&",
                    ("model", "=", "res.partner"),
                    ("res_id", "=", self.id),
                    "&",
                    ("model", "=", "dunning.notice"),
                    ("res_id", "in", own.ids),
                ],
                order="date",
            )
        )
        return self._extract_rows(messages, ("date", "author_id", "subject", "body"))
