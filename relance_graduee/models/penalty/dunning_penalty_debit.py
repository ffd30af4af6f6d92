from odoo import Command, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...tools.late_interest import MissingRate
from .dunning_interest import ON_NOTICE


class DunningPenalty(models.Model):
    """Penalties in the books: debit notes, made by a person alone.

    Penalties are damages (CGI 256): their debit note bears no tax, not even at 0 %. It has a
    journal and a numbering of its own, and is neither turnover nor, by default, reminded or
    counted in exposure. Booking on receipt is what we propose: the debit note is then made when
    the money is there, and settled by it at once.
    """

    _inherit = "dunning.penalty"

    def _create_debit_notes(self, day, amounts=None):
        """One draft debit note a customer and currency for what these penalties still owe.

        :param day: its date, and the day on which it is due
        :param amounts: penalty id -> amount; by default all that is due and on no debit note
        :return: ``account.move`` records
        :raise UserError: nothing is due, or an account is missing
        :raise RedirectWarning: the rate of a semester is missing; its button opens the form
        """
        self._check_may_act()
        self.env["account.move"].check_access("create")
        self._check_rates()
        amounts = amounts or {penalty.id: penalty._get_claimable() for penalty in self}
        owed = self.sudo().filtered(lambda penalty: amounts.get(penalty.id))
        if not owed:
            raise UserError(self.env._("Nothing is due here that is not on a debit note already."))
        vals_list = [
            penalties._prepare_debit_note_vals(day, amounts)
            for penalties in owed.grouped(
                lambda p: (p.company_id, p.partner_id, p.currency_id)
            ).values()
        ]
        owed.write({"to_attach": False})
        moves = self.env["account.move"].sudo().create(vals_list)
        return moves.with_env(self.env)

    def _check_rates(self):
        """:raise RedirectWarning: a penalty is incomplete; names the semester without rate"""
        error = self._get_missing_error()
        if error:
            raise self.env["dunning.rate"]._get_missing_warning(error)

    def _get_missing_error(self):
        """The first rate that these penalties lack, as ``tools.late_interest`` names it."""
        lacking = self.filtered("missing").sorted("missing")[:1]
        if not lacking:
            return None
        on_notice = lacking.partner_id._get_customer_kind() in ON_NOTICE
        return MissingRate("legal_professional" if on_notice else "ecb_refi", lacking.missing)

    def action_enter_rate(self):
        """Open the form in which the missing rate is entered."""
        error = self._get_missing_error()
        return self.env["dunning.rate"]._open_missing(error) if error else False

    def _prepare_debit_note_vals(self, day, amounts):
        """Of penalties of one company, customer and currency."""
        company = self.company_id
        partner = self.partner_id.with_company(company)
        words = self.with_context(lang=partner.lang or self.env.lang)
        return {
            "move_type": "out_invoice",
            "company_id": company.id,
            "journal_id": company._get_dunning_penalty_journal().id,
            "partner_id": partner.id,
            "currency_id": self.currency_id.id,
            "invoice_date": day,
            "invoice_date_due": day,
            "invoice_payment_term_id": False,
            "fiscal_position_id": False,
            "narration": words.env._(
                "Penalties for late payment are damages: they are outside the scope of VAT."
            ),
            "invoice_line_ids": [
                Command.create(penalty._prepare_debit_line_vals(amounts[penalty.id]))
                for penalty in words
            ],
        }

    def _prepare_debit_line_vals(self, amount):
        return {
            "name": self._get_debit_label(),
            "quantity": 1,
            "price_unit": amount,
            "account_id": self.company_id._get_dunning_penalty_account(self.kind).id,
            "tax_ids": [Command.clear()],
            "dunning_penalty_id": self.id,
        }

    def _get_debit_label(self):
        day = format_date(self.env, self.accrued_until)
        if self.kind == "indemnity":
            return self.env._("Fixed recovery indemnity, invoice %s", self.number)
        return self.env._(
            "Late payment interest up to %(day)s, invoice %(number)s", day=day, number=self.number
        )

    # ------------------------------------------------------------
    # MONEY THAT IS THERE
    # ------------------------------------------------------------

    def _get_credits(self):
        """Open payments of the customer of these penalties, in their currency, oldest first."""
        credits = self.env["account.move.line"].search(
            [
                ("partner_id.commercial_partner_id", "in", self.partner_id.ids),
                ("company_id", "child_of", self.company_id.root_id.ids),
                ("currency_id", "in", self.currency_id.ids),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("amount_residual_currency", "<", 0),
                ("move_id.move_type", "!=", "out_refund"),
            ],
            order="date, id",
        )
        return self.env["dunning.counterpart"]._filter_paying(credits)

    def _get_named_credit(self):
        """The open payment whose communication names a notice that claimed one of these."""
        names = set(self.notice_id.mapped("name"))
        for line in self._get_credits():
            words = " ".join(
                filter(None, (line.name, line.move_id.ref, line.move_id.payment_reference))
            )
            if any(name and name in words for name in names):
                return line
        return self.env["account.move.line"]

    def _pay_from(self, credit, day):
        """Allot an open payment to these penalties: book them now, settled by it at once.

        Interest first, oldest first; what the payment does not cover stays due.

        :param credit: the receivable line of the payment
        :return: the debit note
        :raise UserError: no open payment of this customer
        """
        if credit not in self._get_credits() or len(self.partner_id) != 1:
            raise UserError(self.env._("Choose an open payment of this customer."))
        left, amounts = -credit.amount_residual_currency, {}
        for penalty in self.sorted(lambda p: (p.kind != "interest", p.date_maturity, p.id)):
            amounts[penalty.id] = min(penalty._get_claimable(), left)
            left = penalty.currency_id.round(left - amounts[penalty.id])
        note = self._create_debit_notes(day, amounts)
        note.action_post()
        due = note.line_ids.filtered(lambda line: line.account_id == credit.account_id)
        (due | credit).reconcile()
        return note
