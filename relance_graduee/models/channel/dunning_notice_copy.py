from odoo import api, fields, models
from odoo.tools import LazyTranslate

from ..letter.placeholder import Placeholder

_lt = LazyTranslate(__name__)


class DunningNotice(models.Model):
    """The copy for the accountant who pays a public body (comptable assignataire).

    A letter announces it only when it really leaves: without a contact to send it to, the
    sentence is left out and somebody is asked to enter one.
    """

    _inherit = "dunning.notice"

    text_accountant_copy = fields.Char(compute="_compute_texts")

    @api.model
    def _get_placeholders(self):
        label = _lt("sentence: a copy goes to the public accountant, if it does")
        return [*super()._get_placeholders(), Placeholder("text_accountant_copy", label)]

    def _prepare_placeholders(self):
        sentence = self._get_accountant_sentence()
        return super()._prepare_placeholders() | {"text_accountant_copy": sentence}

    def _get_customer_deliveries(self):
        return super()._get_customer_deliveries().filtered(lambda d: not d.is_accountant_copy)

    def _get_copy_name(self):
        return self.env._("Copy – %s", self._get_document_name())

    def _wants_accountant_copy(self):
        """Whether the step asks for a copy of its letter, and the customer is a public body."""
        step = self.step_id
        is_letter = step.print_letter or step.registered_letter
        return step.copy_to_accountant and is_letter and self._get_customer_kind() == "public"

    def _get_accountant(self):
        """To whom the copy goes; empty when none is wanted, known, or has a postal address."""
        customer = self.partner_id.commercial_partner_id.sudo()
        accountant = customer.dunning_accountant_id.filtered(
            lambda p: p.active and (p | p.commercial_partner_id)._get_dunning_address().is_complete
        )
        return accountant if self._wants_accountant_copy() else accountant.browse()

    def _get_accountant_sentence(self):
        if not self._get_accountant():
            return ""
        return self.env._(
            "A copy of this letter is sent to the public accountant in charge of the payment."
        )

    def _get_accountant_lines(self):
        accountant = self._get_accountant()
        payer = accountant.commercial_partner_id
        return self._format_postal_lines(
            payer.name or accountant.name,
            accountant.name if accountant != payer else "",
            (accountant | payer)._get_dunning_address(),
        )

    def _make_accountant_letter(self, letter):
        """``letter`` (see ``_prepare_letter``) as it goes to the accountant."""
        notice = self.with_context(lang=self._get_lang()).sudo()
        return {
            **letter,
            "recipient_lines": notice._get_accountant_lines(),
            "mode": notice.env._("Copy for the public accountant"),
        }

    def _prepare_copy_vals(self, day):
        """Values of the delivery of the copy, as a list: empty when there is none."""
        accountant = self._get_accountant()
        if not accountant:
            return []
        vals = self.env["dunning.channel.letter"]._prepare_delivery_vals(self, day)
        lines = ", ".join(self._get_accountant_lines())
        copy = {"is_accountant_copy": True, "contact_id": accountant.id, "recipient": lines}
        return [{**vals, **copy}]

    def _ask_for_accountant(self):
        """A task for the collector of each notice whose copy could not be sent."""
        for notice in self.filtered(
            lambda n: n._wants_accountant_copy() and not n._get_accountant()
        ):
            customer = notice.partner_id.commercial_partner_id
            summary = self.env._(
                "Enter the public accountant of %s, with the postal address", customer.display_name
            )
            if summary not in customer.sudo().activity_ids.mapped("summary"):
                notice.company_id._schedule_dunning_task(customer, notice._get_collector(), summary)
