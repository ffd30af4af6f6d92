from odoo import api, fields, models

CALL_OUTCOMES = [
    ("voicemail", "Voicemail"),
    ("unreachable", "Unreachable"),
    ("wrong_number", "Wrong number"),
    ("person_left", "Person has left"),
    ("call_back", "Call back on"),
    ("forgotten", "Forgotten"),
    ("awaiting_approval", "Awaiting approval"),
    ("signatory_absent", "Signatory absent until"),
    ("bank_details", "Wrong or missing bank details"),
    ("not_received", "Invoice not received"),
    ("purchase_order", "Purchase order missing"),
    ("already_sent", "Payment already sent"),
    ("will_pay", "Will pay on"),
    ("contests", "Contests"),
    ("cannot_pay", "Cannot pay"),
    ("refuses", "Refuses"),
    ("other", "Other"),
    ("not_done", "Not done"),
]

# Outcomes that say how we fared, not what the customer thinks.
NO_ANSWERS = ("voicemail", "unreachable", "wrong_number", "other", "not_done")


class DunningDelivery(models.Model):
    """The answer of a customer, noted when a call, a visit or a contact by hand is closed."""

    _inherit = "dunning.delivery"

    outcome = fields.Selection(selection_add=[*CALL_OUTCOMES, ("pending",)])
    outcome_date = fields.Date(
        string="Date given", help="When they will pay, are back, or want to be called."
    )
    outcome_amount = fields.Monetary(string="Amount given")
    outcome_means = fields.Char(string="Means given", help="Transfer, cheque, card...")
    risk = fields.Selection(
        [("low", "Low"), ("medium", "Medium"), ("high", "High")], string="Risk felt"
    )
    is_incoming = fields.Boolean(
        string="By the customer", help="The customer called, wrote or came."
    )
    # not the notice's lines: these are made anew at the moment of closing
    contested_line_ids = fields.Many2many(
        "account.move.line",
        "dunning_delivery_contested_rel",
        string="Contested",
        help="Which items the customer contests; empty: all that was told.",
    )

    @api.model
    def _get_kept_fields(self):
        return super()._get_kept_fields() | self._get_closed_fields()

    @api.model
    def _get_closed_fields(self):
        given = {"outcome_date", "outcome_amount", "outcome_means", "risk"}
        return super()._get_closed_fields() | given | {"is_incoming", "contested_line_ids"}

    def _get_shared_words(self):
        """That there was an exchange; what the customer answered is of the company alone."""
        if self.outcome in dict(CALL_OUTCOMES) and self.outcome not in NO_ANSWERS:
            return self.env._("done")
        return super()._get_shared_words()

    def _before_done(self, outcome, day):
        result = super()._before_done(outcome, day)
        if self._is_answer():
            self.env["dunning.outcome"]._check(self, outcome or self.outcome, day)
        if self.is_by_person:
            self._look_again(day)
        return result

    def _after_done(self, day):
        is_answer = self._is_answer()
        lines = self._get_named_lines(day) if is_answer else None
        result = super()._after_done(day)
        if is_answer:
            self.env["dunning.outcome"]._apply(self, day, lines)
        return result

    def _is_answer(self):
        """Whether closing this notes an answer: a call, a visit, or a contact by hand."""
        return self.is_by_person or not self.notice_id

    def _look_again(self, day):
        """Make the notices of these anew before they are closed as of ``day``. To extend.

        The room that decides does so (``run``): a record of what was said decides nothing.
        """

    def _get_contestable_items(self, day):
        """Items that the customer may contest on ``day``: see ``_get_open_items``."""
        deliveries = self | self._get_siblings(day)
        return [item for own in deliveries._get_open_items().values() for item in own]

    def _get_named_lines(self, day):
        """What an exchange on ``day`` is about, before it is closed: items that are still open.

        Those of its notices; in a contact by hand those that are overdue.

        :return: ``account.move.line``
        """
        lines = self.env["account.move.line"].sudo()
        if not self._get_told_notice():
            return lines.browse(self._get_overdue_ids(day))
        for delivery in self | self._get_siblings(day):
            lines |= delivery._get_told_notice()._get_told_lines().move_line_id
        return lines.filtered(lambda line: line._is_dunning_open())

    def _get_overdue_ids(self, day):
        decision = self.env["dunning.decision"].with_context(dunning_date=day)
        rows = decision._get_rows(
            self.partner_id.commercial_partner_id.ids, self.company_id.root_id.ids
        )
        return [row["id"] for row in rows if row["is_overdue"] and row["amount_residual"] > 0]

    def _get_contested_lines(self):
        """The contested items of this customer; without any named, all items of the notice.

        :return: ``account.move.line``, still open
        """
        customer = self.partner_id.commercial_partner_id
        named = self.contested_line_ids.filtered(
            lambda line: (
                line.partner_id.commercial_partner_id == customer
                and line.company_id.root_id == self.company_id
            )
        )
        lines = named or self._get_told_notice()._get_told_lines().move_line_id
        return lines.filtered(lambda line: not line.reconciled)
