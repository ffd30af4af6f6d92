from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..common.defaults import without_defaults
from ..common.groups import ACCOUNTING_GROUPS
from ..common.words import has_words

STEP_FIELDS = ("dunning_step_id", "dunning_step_date", "dunning_round", "dunning_disputed")


class AccountMoveLine(models.Model):
    """The step that each instalment has reached on its ladder, written by two methods alone.

    By ``_set_dunning_step``, as a person decided, and by what was sent (``_advance_dunning``).
    """

    _inherit = "account.move.line"

    dunning_step_id = fields.Many2one(
        "dunning.step",
        string="Last dunning step",
        groups=ACCOUNTING_GROUPS,
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    dunning_step_date = fields.Date(
        string="Last dunning step on", readonly=True, copy=False, groups=ACCOUNTING_GROUPS
    )
    dunning_round = fields.Integer(
        readonly=True,
        copy=False,
        groups=ACCOUNTING_GROUPS,
        help="How often the ladder was begun again by hand.",
    )
    dunning_disputed = fields.Boolean(
        string="Disputed", readonly=True, copy=False, groups=ACCOUNTING_GROUPS
    )

    dunning_undone = fields.Boolean(
        string="Matched with what does not stand",
        compute="_compute_dunning_undone",
        search="_search_dunning_undone",
        groups=ACCOUNTING_GROUPS,
        help="It looks paid by an entry that was set to draft, or by a payment that was rejected.",
    )

    _dunning_undone_idx = models.Index(
        "(id) WHERE parent_state != 'posted' AND matching_number IS NOT NULL"
    )

    @api.model
    def _get_guarded_fields(self):
        """Written by our own methods alone, whoever may edit journal items: a set. To extend."""
        return set(STEP_FIELDS)

    def write(self, vals):
        self._check_dunning_fields(vals.keys())
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        guarded = self._get_guarded_fields()
        self._check_dunning_fields(
            {name for vals in vals_list for name in guarded if vals.get(name)}
        )
        # nor by the context, which comes along where others make entries as superuser
        plain = without_defaults(self, guarded)
        return super(AccountMoveLine, plain).create(vals_list).with_env(self.env)

    # ------------------------------------------------------------
    # TAKEN BACK
    # ------------------------------------------------------------

    def _compute_dunning_undone(self):
        undone = self._get_undone_partials().debit_move_id
        for line in self:
            line.dunning_undone = line in undone

    @api.model
    def _search_dunning_undone(self, operator, value):
        # Odoo asks for the groups of columns alone: who may not read it could look for it
        self._check_field_access(self._fields["dunning_undone"], "read")
        if operator != "in":
            return NotImplemented
        self._flush_undone()
        undone = SQL(
            "(SELECT debit_move_id FROM account_partial_reconcile WHERE id IN (%s))",
            self.env["dunning.counterpart"]._get_undone_sql(),
        )
        return [("id", "in" if True in value else "not in", undone)]

    def _flush_undone(self):
        self.env["account.partial.reconcile"].flush_model()
        self.env["account.payment"].flush_model(["state"])
        self.flush_model(["parent_state", "matching_number"])

    def _get_undone_partials(self):
        """The reconciliations of these items with entries that do not stand any more."""
        self._flush_undone()
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM account_partial_reconcile
                    WHERE debit_move_id = ANY(%s) AND id IN (%s)""",
                self.ids,
                self.env["dunning.counterpart"]._get_undone_sql(),
            )
        )
        return self.env["account.partial.reconcile"].browse(id_ for (id_,) in rows)

    def action_chase_again(self):
        """Undo their matching with entries that do not stand any more, with the user's own rights.

        :raise UserError: nothing of it
        """
        self.check_access("read")
        partials = self._get_undone_partials()
        if not partials:
            raise UserError(
                self.env._("Nothing here is matched with an entry that was taken back.")
            )
        owed = partials.debit_move_id
        bodies = {
            move.id: self.env._(
                "No longer matched with %s, which does not stand: owed and reminded again.",
                ", ".join(own.credit_move_id.move_id.mapped("display_name")),
            )
            for move, own in partials.grouped(lambda p: p.debit_move_id.move_id).items()
        }
        partials.unlink()
        owed.move_id._message_log_batch(bodies=bodies)
        return True

    def _check_dunning_fields(self, names):
        """:raise AccessError: an item moves by what was sent, or with a reason, not by hand"""
        if not self.env.su and self._get_guarded_fields() & set(names):
            raise AccessError(
                self.env._(
                    "An item moves on its ladder by a reminder or with a reason, not by hand."
                )
            )

    def _set_dunning_step(self, step, day, reason):
        """Put these items on ``step`` (empty: before the first one), as a person decided.

        A new round begins: what lies ahead may be said, even if it was said before.

        :param step: ``dunning.step`` from which they continue
        :param day: the day the step counts from (company's calendar)
        :raise UserError: no reason
        """
        self._trace_dunning(
            reason, self.env._("Continues after: %s", step.name or self.env._("nothing"))
        )
        self.flush_recordset(STEP_FIELDS)
        self.env.cr.execute(
            SQL(
                """
                UPDATE account_move_line
                   SET dunning_step_id = %s, dunning_step_date = %s,
                       dunning_round = COALESCE(dunning_round, 0) + 1
                 WHERE id = ANY(%s)
                """,
                step.id or None,
                day if step else None,
                self.ids,
            )
        )
        self.invalidate_model(STEP_FIELDS)

    def _set_dunning_disputed(self, disputed, reason):
        """Mark these items as disputed, or no longer.

        :raise UserError: no reason
        """
        self._trace_dunning(
            reason, self.env._("Disputed") if disputed else self.env._("No longer disputed")
        )
        self._lock_dunning_customers()
        self.sudo().write({"dunning_disputed": disputed})

    def _set_dunning_excluded(self, excluded, reason):
        """Exclude these items from reminders, or include them: Odoo's own ``no_followup``.

        :raise UserError: no reason
        """
        self._trace_dunning(
            reason,
            self.env._("Excluded from reminders")
            if excluded
            else self.env._("Included in reminders"),
        )
        self._lock_dunning_customers()
        self.sudo().write({"no_followup": excluded})

    def _lock_dunning_customers(self):
        """What is decided of these waits for what is leaving, reminders or goods, or is seen."""
        for company, lines in self.sudo().grouped(lambda line: line.company_id.root_id).items():
            customers = lines.partner_id.commercial_partner_id
            self.env["dunning.lock"].sudo()._acquire(company, sorted(customers.ids))

    def _trace_dunning(self, reason, what):
        """Note on each document who changed what, and why.

        :raise UserError: no reason
        """
        if not has_words(reason):
            raise UserError(self.env._("Say why: the reason is kept with the documents."))
        body = self.env._("%(what)s. Reason: %(reason)s", what=what, reason=reason)
        moves = self.move_id.sudo()
        moves._message_log_batch(bodies=dict.fromkeys(moves.ids, body))
