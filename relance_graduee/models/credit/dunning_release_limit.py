from datetime import timedelta

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_amount, format_date

from ..common.groups import DIRECTOR_GROUP

# However high the granter: what is to last longer is asked for again.
MOST_DAYS = 366


class DunningRelease(models.Model):
    """Who may grant a release: for what it opens, with what the same person opened before.

    Counted are the releases that the granter has open for this customer, at what they open, and
    of those that ended lately, at what was used of them: granting, using and withdrawing ten
    times opens ten times as much.
    """

    _inherit = "dunning.release"

    def _check_within_limit(self):
        """:raise UserError: the end is no possible one
        :raise AccessError: the user's group may not release so much, or for so long
        """
        today = self.company_id._get_dunning_today()
        if self.date_until < today:
            raise UserError(self.env._("This release would have ended: choose a later date."))
        if self.date_until > today + timedelta(days=MOST_DAYS):
            raise UserError(
                self.env._(
                    "A release lasts %(days)s days at most: choose a date up to %(date)s.",
                    days=MOST_DAYS,
                    date=format_date(self.env, today + timedelta(days=MOST_DAYS)),
                )
            )
        refusal = not self.env.su and self._get_grant_refusal(self.env.user)
        if refusal:
            raise AccessError(refusal)

    def _get_grant_refusal(self, user):
        """Why ``user`` may not grant this release, in a sentence; empty: he or she may."""
        last = self._get_longest_end(user)
        if self.date_until > last:
            return self.env._(
                "You may release goods until %s at most: ask a credit director.",
                format_date(self.env, last),
            )
        limit = self._get_grant_limit(user)
        if limit is None:
            return ""
        opened = self._get_amount_opened()
        if opened is None:
            return self.env._(
                "Without an amount this release lets everything go: give it an amount, or ask a "
                "credit director without a limit."
            )
        before = self._get_amount_before(user)
        if self._fits(opened + before, limit):
            return ""
        return self.env._(
            "%(amount)s, with %(before)s that you released to this customer before, is more than "
            "you may release (%(limit)s): ask a credit director.",
            amount=format_amount(self.env, opened, self.currency_id),
            before=format_amount(self.env, before, self.currency_id),
            limit=format_amount(self.env, limit, self.currency_id),
        )

    def _get_longest_end(self, user):
        """The last day until which ``user`` may release goods."""
        today = self.company_id._get_dunning_today()
        if user.has_group(DIRECTOR_GROUP):
            return today + timedelta(days=MOST_DAYS)
        return today + timedelta(days=self.company_id.sudo()._get_dunning_release_most_days())

    def _get_grant_limit(self, user):
        """What ``user`` may release at most (company currency), None: no limit."""
        company = self.company_id.sudo()
        if user.has_group(DIRECTOR_GROUP):
            return company.dunning_release_limit_director or None
        return company.dunning_release_limit

    # ------------------------------------------------------------
    # HOW MUCH
    # ------------------------------------------------------------

    def _get_amount_opened(self):
        """What this release lets go at most (company currency), None: everything.

        By invoices paid, no more than what is open of the invoices it is agreed on.
        """
        self.ensure_one()
        if self.scope == "per_invoices_paid":
            agreed = self.sudo().invoice_ids
            return sum(agreed.mapped("amount_residual")) if agreed else self._get_amount_overdue()
        if self.scope == "until" and not self.amount:
            return None
        return self.amount

    def _get_amount_overdue(self):
        """What the customer owes overdue now."""
        accounts = self.env(context={})["dunning.account"].sudo()
        account = accounts._get_of(self.partner_id.commercial_partner_id, self.company_id)
        return sum(record.amount_overdue for record in account.values())

    def _get_amount_before(self, user):
        """What ``user`` opened for this customer by other releases (see the class)."""
        today = self.company_id._get_dunning_today()
        days = self.company_id.sudo()._get_dunning_release_most_days()
        customer = self.sudo().partner_id.commercial_partner_id
        others = self.sudo().search(
            Domain("partner_id.commercial_partner_id", "=", customer.id)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("granted_by", "=", user.id)
            & Domain("id", "not in", self.ids)
            & Domain("state", "in", ("granted", "expired", "cancelled"))
            & (
                Domain("state", "=", "granted") & Domain("date_until", ">=", today)
                | Domain("granted_date", ">=", today - timedelta(days=days))
            )
        )
        return sum(release._get_amount_counted(today) for release in others)

    def _get_amount_counted(self, today):
        """What this granted release counts for: what it opens while it is open, else its uses."""
        target = self._get_target()
        is_open = self.state == "granted" and self.date_until >= today
        if is_open and (not target or self._is_target_open(target)):
            return max(self._get_amount_opened() or 0.0, self.amount_used)
        return self.amount_used

    # ------------------------------------------------------------
    # WHAT WAS GRANTED BEFORE
    # ------------------------------------------------------------

    @api.model
    def _tell_beyond_limits(self):
        """Note on open releases which their granter could not grant today: the manager decides.

        They were granted when limits counted less, and stay: goods may be under way for them.

        :return: these releases
        """
        releases = self.sudo().search([("state", "=", "granted"), ("granted_by", "!=", False)])
        beyond = self.browse()
        for release in releases:
            today = release.company_id._get_dunning_today()
            refusal = release.date_until >= today and release._get_grant_refusal(release.granted_by)
            if refusal:
                beyond |= release
                release._message_log(body=refusal)
                release.company_id._schedule_dunning_task(
                    release,
                    release.company_id._get_dunning_manager(),
                    self.env._("Granted beyond the limits: keep or withdraw it"),
                )
        return beyond
