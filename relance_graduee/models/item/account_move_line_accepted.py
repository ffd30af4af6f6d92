from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..common.groups import ACCOUNTING_GROUPS


class AccountMoveLine(models.Model):
    """Items of which one of ours accepted that they are paid later.

    Until that day they hold no deliveries, and are not reminded. Nothing else frees goods of what
    is owed: neither what the customer says, nor a pause, a dispute or an exclusion.
    """

    _inherit = "account.move.line"

    dunning_accepted_until = fields.Date(
        string="Later payment accepted until",
        readonly=True,
        copy=False,
        groups=ACCOUNTING_GROUPS,
        help="One of ours accepted it: until then this item does not hold deliveries.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"dunning_accepted_until"}

    def _accept_dunning(self, until, reason):
        """Accept that these items are paid up to ``until``, for as long as the user may.

        :param until: the last day; days are counted from today, whatever day is asked for
        :raise AccessError: the user may not, or not for so long, or not once more
        :raise UserError: no day, a day that has passed, no reason, or nothing is open
        """
        open_items = self.filtered(lambda line: line._is_dunning_open())
        if not open_items:
            raise UserError(self.env._("Nothing of these items is open."))
        if not until:
            raise UserError(self.env._("Say until when they may be paid."))
        for company, items in open_items._group_by_dunning_root():
            items._check_may_accept_dunning(company, until)
            items._lock_dunning_customers()
            items._trace_dunning(
                reason,
                self.env._("Later payment accepted until %s", format_date(self.env, until)),
            )
            items.sudo().write({"dunning_accepted_until": until})

    def _withdraw_dunning_acceptance(self, reason):
        """Let these items hold deliveries again from today on; that it was accepted stays known.

        :raise UserError: no reason, or none of them is accepted
        """
        for company, items in self._group_by_dunning_root():
            yesterday = company._get_dunning_today() - timedelta(days=1)
            items = items.filtered(
                lambda line, day=yesterday: (line.dunning_accepted_until or day) > day
            )
            items._lock_dunning_customers()
            items._trace_dunning(reason, self.env._("Later payment no longer accepted"))
            items.sudo().write({"dunning_accepted_until": yesterday})

    def _is_dunning_open(self):
        """Whether this is a posted receivable of which something is still owed."""
        return (
            self.account_type == "asset_receivable"
            and self.parent_state == "posted"
            and not self.reconciled
            and self.amount_residual > 0
        )

    def _group_by_dunning_root(self):
        """List of (root company, the items of its tree among these)."""
        return list(self.sudo().grouped(lambda line: line.company_id.root_id).items())

    def _check_may_accept_dunning(self, company, until):
        """:raise AccessError, UserError: see ``_accept_dunning``"""
        days = company._get_dunning_promise_days(self.env.user)
        if days is None:
            raise AccessError(
                self.env._("What a customer says is accepted by collectors and dunning managers.")
            )
        today = company._get_dunning_today()
        if until < today:
            raise UserError(self.env._("%s lies in the past.", format_date(self.env, until)))
        last = today + timedelta(days=days)
        if until > last:
            raise AccessError(
                self.env._(
                    "You may accept a payment until %s at most: ask a dunning manager, or for a "
                    "release.",
                    format_date(self.env, last),
                )
            )
        self._check_accepted_dunning_once(company, until)

    def _check_accepted_dunning_once(self, company, until):
        """A collector accepts an item once: what goes on and on is a manager's.

        :raise AccessError: it was accepted before, until an earlier day
        """
        again = self.sudo().filtered(
            lambda line: line.dunning_accepted_until and line.dunning_accepted_until < until
        )
        if again and not company._may_accept_dunning_again(self.env.user):
            raise AccessError(
                self.env._(
                    "%(item)s was accepted until %(date)s already: a dunning manager decides "
                    "whether once more.",
                    item=again[0].move_name or again[0].name,
                    date=format_date(self.env, again[0].dunning_accepted_until),
                )
            )
