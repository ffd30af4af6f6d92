from collections import Counter

from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class DunningPosting(models.TransientModel):
    """The day's letters left: one click, and the numbers of the registered ones.

    Numbers are typed line by line, or pasted in posting order, one a line.
    """

    _name = "dunning.posting"
    _inherit = ["dunning.dated"]
    _description = "Confirm letters as posted"

    delivery_ids = fields.Many2many("dunning.delivery", string="Letters", readonly=True)
    date = fields.Date(
        string="Posted on",
        required=True,
        default=lambda self: self.env.company._get_dunning_today(),
    )
    line_ids = fields.One2many("dunning.posting.line", "posting_id", string="Registered letters")
    numbers = fields.Text(
        string="Paste the numbers",
        help="One number a line, in the order of the list: that of the printed letters.",
    )
    letter_count = fields.Integer(string="Number of letters", compute="_compute_letter_count")

    @api.model
    def default_get(self, fields_list):
        """The chosen letters that wait to be posted, registered ones in posting order."""
        vals = super().default_get(fields_list)
        letters = self._get_chosen_letters()
        registered = letters.filtered("is_proof")
        vals["delivery_ids"] = [Command.set(letters.ids)]
        vals["line_ids"] = [
            Command.create({"delivery_id": letter.id, "tracking_number": letter.tracking_number})
            for letter in registered
        ]
        return vals

    @api.model
    def _get_chosen_letters(self):
        """:raise UserError: none of the chosen deliveries is a letter to post"""
        chosen = self.env["dunning.delivery"]
        if self.env.context.get("active_model") == chosen._name:
            chosen = chosen.browse(self.env.context.get("active_ids", []))
        letters = chosen.filtered(lambda d: d.is_posted and d.state == "todo")
        if not letters:
            raise UserError(self.env._("Choose at least one letter that is still to be posted."))
        return self.env["dunning.channel.letter"]._sort_for_post(letters)

    @api.depends("delivery_ids")
    def _compute_letter_count(self):
        for posting in self:
            posting.letter_count = len(posting.delivery_ids)

    @api.onchange("numbers")
    def _onchange_numbers(self):
        """Give the pasted numbers to the lines, in their order."""
        numbers = self._get_pasted_numbers()
        for line, number in zip(self.line_ids, numbers, strict=False):
            line.tracking_number = number
        if len(numbers) > len(self.line_ids):
            return {"warning": {"title": self.env._("Numbers"), "message": self._get_excess()}}
        return None

    def _get_pasted_numbers(self):
        return [line.strip() for line in (self.numbers or "").splitlines() if line.strip()]

    def _get_excess(self):
        return self.env._(
            "%(numbers)s numbers were pasted for %(letters)s registered letters.",
            numbers=len(self._get_pasted_numbers()),
            letters=len(self.line_ids),
        )

    # ------------------------------------------------------------
    # CONFIRM
    # ------------------------------------------------------------

    def action_confirm(self):
        """Note the numbers, and that every letter was posted on ``date``.

        :raise UserError: a number is missing, given twice or already used; or a letter cannot
            be posted as it is (then nothing at all is noted)
        """
        self.ensure_one()
        if len(self._get_pasted_numbers()) > len(self.line_ids):
            raise UserError(self._get_excess())
        self._check_numbers()
        for line in self.line_ids:
            line.delivery_id.tracking_number = line.tracking_number.strip()
        self.delivery_ids.action_done(date=self.date)
        return {"type": "ir.actions.act_window_close"}

    def _check_numbers(self):
        missing = self.line_ids.filtered(lambda line: not line._get_plain_number())
        if missing:
            raise UserError(
                self.env._(
                    "Enter the number of these registered letters: %s.",
                    ", ".join(missing.partner_id.mapped("display_name")),
                )
            )
        counts = Counter(line._get_plain_number() for line in self.line_ids)
        twice = [number for number, count in counts.items() if count > 1]
        if twice:
            raise UserError(
                self.env._("The same number stands on several letters: %s.", ", ".join(twice))
            )
        self._check_not_used()

    def _check_not_used(self):
        own = {line._get_plain_number(): line.tracking_number.strip() for line in self.line_ids}
        used = self.env["dunning.delivery"].search(
            [
                ("tracking_number", "in", [*own.values(), *own]),
                ("id", "not in", self.line_ids.delivery_id.ids),
                ("state", "!=", "cancelled"),
            ],
            limit=1,
        )
        if used:
            raise UserError(
                self.env._(
                    "The number %(number)s was already used: %(letter)s.",
                    number=used.tracking_number,
                    letter=used.display_name,
                )
            )


class DunningPostingLine(models.TransientModel):
    _name = "dunning.posting.line"
    _description = "Number of a registered letter"
    _order = "id"

    posting_id = fields.Many2one("dunning.posting", required=True, ondelete="cascade")
    delivery_id = fields.Many2one(
        "dunning.delivery", string="Letter", required=True, ondelete="cascade"
    )
    notice_id = fields.Many2one(
        related="delivery_id.notice_id", string="Notice", related_sudo=False
    )
    partner_id = fields.Many2one(
        related="delivery_id.partner_id", string="Customer", related_sudo=False
    )
    recipient = fields.Char(related="delivery_id.recipient", related_sudo=False)
    tracking_number = fields.Char(string="Number")

    def _get_plain_number(self):
        """The number as it is compared: no spaces, capitals."""
        return "".join((self.tracking_number or "").split()).upper()
