from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import float_compare, format_amount, format_date

from odoo.addons.relance_graduee.models.common.groups import ACCOUNTING_GROUPS, INTERNAL_GROUP
from odoo.addons.relance_graduee.models.credit.dunning_account import HOLDS

# Who sees amounts and what was written of the customer; the warehouse may read orders as well.
BANNER_GROUPS = f"sales_team.group_sale_salesman,{ACCOUNTING_GROUPS}"


class SaleOrder(models.Model):
    """The customer's debt on a quotation, for a salesperson without accounting rights."""

    _inherit = "sale.order"

    dunning_hold = fields.Selection(
        HOLDS,
        string="Customer on hold",
        compute="_compute_dunning_banner",
        search="_search_dunning_hold",
        compute_sudo=True,
        groups=INTERNAL_GROUP,
    )
    dunning_hold_reason = fields.Char(
        string="Why",
        compute="_compute_dunning_banner",
        compute_sudo=True,
        groups=INTERNAL_GROUP,
        help="Without amounts, and without what a person wrote of the customer.",
    )
    dunning_banner = fields.Html(
        compute="_compute_dunning_banner",
        compute_sudo=True,
        sanitize=False,
        groups=BANNER_GROUPS,
    )
    dunning_is_release_asked = fields.Boolean(
        string="Release asked for",
        compute="_compute_dunning_banner",
        compute_sudo=True,
        groups=INTERNAL_GROUP,
    )
    dunning_deposit_percent = fields.Float(
        string="Deposit proposed (%)",
        compute="_compute_dunning_banner",
        compute_sudo=True,
        groups=INTERNAL_GROUP,
    )

    @api.depends(
        "partner_id",
        "partner_invoice_id",
        "amount_total",
        "state",
        "company_id",
        "payment_term_id",
        "require_payment",
        "dunning_release_ids.state",
    )
    @api.depends_context("lang")
    def _compute_dunning_banner(self):
        """For the screen alone: what decides asks the guard."""
        self.dunning_hold, self.dunning_hold_reason = "none", False
        self.dunning_banner, self.dunning_deposit_percent = False, 0.0
        self.dunning_is_release_asked = False
        open_orders = self.filtered(lambda order: order.state != "cancel" and order.partner_id)
        for root, orders in open_orders.grouped(lambda order: order.company_id.root_id).items():
            customers = orders._get_payers() | orders.partner_id.commercial_partner_id
            accounts = self.env["dunning.account"]._get_of(customers, root)
            policies = orders.filtered(lambda order: order._may_propose_deposit())._get_policies()
            for order in orders:
                order._fill_dunning_banner(accounts, policies)

    def _get_payers(self):
        """Commercial entities that pay these orders (the buyer, while no address is chosen)."""
        partners = self.env["res.partner"]
        for order in self:
            partners |= order.partner_invoice_id or order.partner_id
        return partners.commercial_partner_id

    def _get_policies(self):
        """Payer -> the policy that an invoice of these orders would follow. One query for all."""
        decision = self.env["dunning.decision"].sudo()
        return decision._get_followed_policies(self.company_id.root_id, self._get_payers())

    def _fill_dunning_banner(self, accounts, policies):
        """:param accounts: customer -> ``dunning.account`` of the order's root company
        :param policies: see ``_get_policies``
        """
        payer = self._get_payers()
        account = accounts.get(payer, self.env["dunning.account"])
        other = accounts.get(self.partner_id.commercial_partner_id, account)
        worst = other if other.delivery_hold == "blocked" else account
        self.dunning_hold = worst.delivery_hold or "none"
        self.dunning_hold_reason = worst._get_neutral_reason()
        self.dunning_is_release_asked = "requested" in self.dunning_release_ids.mapped("state")
        self.dunning_deposit_percent = (
            self._get_deposit_percent(payer, policies[payer]) if payer in policies else 0.0
        )
        sentences = self._get_banner_sentences(account, worst)
        self.dunning_banner = Markup("<br/>").join(filter(None, sentences)) or False

    # ------------------------------------------------------------
    # SENTENCES
    # ------------------------------------------------------------

    def _get_banner_sentences(self, account, worst):
        """Sentences of the banner: debt, limit, cause of the hold, who decides, deposit, terms."""
        return [
            self._get_owed_sentence(account),
            self._get_limit_sentence(account),
            worst.delivery_hold_reason,
            self._get_release_sentence(),
            self._get_deposit_sentence(),
            *self._get_payment_term_sentences(),
        ]

    def _get_release_sentence(self):
        """A sentence about the users who can release it, were asked, or did."""
        company = self.company_id.root_id
        if self.dunning_hold != "blocked" or company.dunning_sale_hold == "warn":
            return None
        today = company._get_dunning_today()
        granted = self.dunning_release_ids.filtered(
            lambda release: release.state == "granted" and release.date_until >= today
        )[:1]
        if granted:
            return self.env._(
                "Released by %(user)s until %(date)s, up to %(amount)s.",
                user=granted.granted_by.name,
                date=format_date(self.env, granted.date_until),
                amount=format_amount(self.env, granted.amount, granted.currency_id),
            )
        manager = company._get_dunning_manager().name
        if self.dunning_is_release_asked:
            return self.env._("A release was asked for: %s decides.", manager)
        return self.env._("%s can release it.", manager)

    def _get_owed_sentence(self, account):
        if not account.amount_overdue:
            return None
        return self.env._(
            "%(customer)s owes %(amount)s, overdue since %(date)s.",
            customer=account.partner_id.name,
            amount=format_amount(self.env, account.amount_overdue, account.currency_id),
            date=format_date(self.env, account.oldest_due_date),
        )

    def _get_limit_sentence(self, account):
        """The limit and what this order would add; confirmed, it is in the exposure already."""
        customer = self._get_payers().with_company(self.company_id.root_id)
        limit = account.credit_limit if account else self._get_own_limit(customer)
        if not limit or self.dunning_hold == "none" and not self._is_above(account, limit):
            return None
        added = 0.0 if self.state == "sale" else self._get_dunning_value()
        currency = self.company_id.root_id.currency_id
        return self.env._(
            "Credit limit: %(limit)s; committed: %(exposure)s; with this order: %(total)s.",
            limit=format_amount(self.env, limit, currency),
            exposure=format_amount(self.env, account.exposure_limited, currency),
            total=format_amount(self.env, account.exposure_limited + added, currency),
        )

    def _get_own_limit(self, customer):
        """The limit of a customer of whom nothing is open."""
        uses_default = self.company_id.root_id.account_use_credit_limit
        own = customer.use_partner_credit_limit or uses_default
        return customer.credit_limit if own else 0.0

    def _is_above(self, account, limit):
        """Whether this order brings the exposure above the limit."""
        added = 0.0 if self.state == "sale" else self._get_dunning_value()
        return float_compare(account.exposure_limited + added, limit, precision_digits=2) > 0

    def _get_deposit_sentence(self):
        if not self.dunning_deposit_percent or self.state == "sale":
            return None
        amount = self.amount_total * self.dunning_deposit_percent / 100
        return self.env._(
            "Propose a deposit of %(percent)g %%: %(amount)s.",
            percent=self.dunning_deposit_percent,
            amount=format_amount(self.env, amount, self.currency_id),
        )

    def _get_payment_term_sentences(self):
        """The payment terms, where they matter: beyond the law, not those agreed on, or on hold."""
        term, payer = self.payment_term_id, self._get_payers()
        day = self.company_id._get_dunning_today()
        agreed = payer.with_company(self.company_id).property_payment_term_id
        sentences = [term._get_cap_warning(self.company_id, payer, term, day)]
        if term and agreed and term != agreed:
            sentences.append(
                self.env._(
                    "Payment terms of this order: %(term)s; agreed with the customer: %(agreed)s.",
                    term=term.name,
                    agreed=agreed.name,
                )
            )
        elif term and self.dunning_hold != "none":
            sentences.append(self.env._("Payment terms: %s.", term.name))
        return sentences

    # ------------------------------------------------------------
    # DEPOSIT
    # ------------------------------------------------------------

    def _may_propose_deposit(self):
        return self.state in ("draft", "sent") and not self.require_payment

    def _get_deposit_percent(self, payer, policy):
        """The deposit to propose: on warning or above, new, or above the policy's amount."""
        if not self._may_propose_deposit():
            return 0.0
        is_large = 0 < policy.deposit_amount_min <= self._get_dunning_value()
        is_new = policy.deposit_for_new and self._is_new_customer(payer)
        wanted = self.dunning_hold != "none" or is_large or is_new
        return policy.deposit_percent if wanted else 0.0

    def _is_new_customer(self, payer):
        """Whether nothing was ever invoiced to ``payer`` in this company tree."""
        return not self.env["account.move"].search_count(
            [
                ("commercial_partner_id", "=", payer.id),
                ("company_id", "child_of", self.company_id.root_id.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
            ],
            limit=1,
        )

    # ------------------------------------------------------------
    # SEARCH
    # ------------------------------------------------------------

    @api.model
    def _search_dunning_hold(self, operator, value):
        self._check_field_access(self._fields["dunning_hold"], "read")
        return [("partner_invoice_id.commercial_partner_id.delivery_hold", operator, value)]
