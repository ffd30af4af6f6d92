from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ...tools.postal_address import PostalAddress, choose_address
from ..common.groups import ACCOUNTING_GROUPS, INTERNAL_GROUP
from ..common.words import has_words
from ..policy.dunning_policy import CUSTOMER_KINDS

# However long talks last: what is to wait longer is paused again.
MOST_PAUSE_DAYS = 366
STOPPING_FIELDS = {"dunning_paused_until", "insolvency_date"}


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "dunning.dated"]

    customer_kind = fields.Selection(
        CUSTOMER_KINDS,
        groups=INTERNAL_GROUP,
        help="Which law applies. Empty: a business when a VAT or company number is known, a "
        "non-professional for another company, a consumer for a person.",
    )
    dunning_policy_id = fields.Many2one(
        "dunning.policy",
        company_dependent=True,
        check_company=True,
        copy=False,
        groups=INTERNAL_GROUP,
        help="Empty: the first policy that fits the kind of customer and the open amount.",
    )
    dunning_user_id = fields.Many2one(
        "res.users",
        string="Collector",
        company_dependent=True,
        copy=False,
        domain="[('share', '=', False)]",
        groups=INTERNAL_GROUP,
    )
    dunning_contact_ids = fields.Many2many(
        "res.partner",
        "res_partner_dunning_contact_rel",
        "partner_id",
        "contact_id",
        string="Reminders go to",
        domain="[('commercial_partner_id', '=', commercial_partner_id)]",
        copy=False,
        groups=INTERNAL_GROUP,
        help="Empty: the invoicing contact, else the company's address.",
    )
    dunning_refused_email = fields.Char(
        string="Address that messages came back from",
        copy=False,
        readonly=True,
        groups=INTERNAL_GROUP,
        help="Nothing is sent there until another address is entered, or a collector says that "
        "this one works.",
    )
    dunning_paused_until = fields.Date(company_dependent=True, copy=False, groups=INTERNAL_GROUP)
    dunning_pause_reason = fields.Char(company_dependent=True, copy=False, groups=ACCOUNTING_GROUPS)
    insolvency_date = fields.Date(
        string="Insolvency proceedings since",
        copy=False,
        groups=INTERNAL_GROUP,
        help="Day of the opening judgment: invoices up to it are no longer claimed.",
    )
    dunning_note_ids = fields.One2many(
        "dunning.customer.note", "partner_id", string="Decisions", groups=ACCOUNTING_GROUPS
    )
    dunning_detail = fields.Char(
        string="Reminders", compute="_compute_dunning_detail", groups=ACCOUNTING_GROUPS
    )
    customer_kind_warning = fields.Char(
        compute="_compute_customer_kind_warning", groups=INTERNAL_GROUP
    )
    dunning_address_warning = fields.Char(
        compute="_compute_dunning_address_warning", groups=INTERNAL_GROUP
    )

    def write(self, vals):
        self._lock_dunning_stop(vals)
        result = super().write(vals)
        self._write_dunning_tree(vals)
        return result

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        for partner, vals in zip(partners, vals_list, strict=True):
            partner._write_dunning_tree({name: value for name, value in vals.items() if value})
        return partners

    # ------------------------------------------------------------
    # FIELDS OF THE COMPANY TREE
    # ------------------------------------------------------------

    @api.model
    def _get_dunning_tree_fields(self):
        """The names of fields decided for the whole company tree, as a set. To extend.

        A branch writes them for its root and its sisters.
        """
        return {
            "dunning_policy_id",
            "dunning_user_id",
            "dunning_paused_until",
            "dunning_pause_reason",
        }

    def _lock_dunning_stop(self, vals):
        """What stops reminders waits for what is leaving, and what leaves then sees it."""
        if not STOPPING_FIELDS & vals.keys():
            return
        everywhere = self.env["res.company"]._get_dunning_roots()
        companies = everywhere if "insolvency_date" in vals else self.env.company.sudo().root_id
        for company in companies:
            self.env["dunning.lock"]._acquire(company, self.commercial_partner_id.ids)

    def _write_dunning_tree(self, vals):
        """Write what is decided for the whole company tree for its other companies too."""
        names = self._get_dunning_tree_fields()
        tree_vals = {name: value for name, value in vals.items() if name in names}
        if not tree_vals:
            return
        root = self.env.company.sudo().root_id
        for company in root._get_dunning_tree() - self.env.company:
            # Past our own write, which would do the whole tree once more.
            sisters = super(ResPartner, self.sudo().with_company(company))
            sisters.write(tree_vals)

    # ------------------------------------------------------------
    # KIND AND PEOPLE
    # ------------------------------------------------------------

    def _get_customer_kind(self):
        """The kind of this commercial partner: as ``dunning.decision._get_kind_sql`` says it."""
        self.ensure_one()
        if self.customer_kind:
            return self.customer_kind
        if (self.vat or "") not in ("", "/") or self.company_registry:
            return "business"
        return "nonprofessional" if self.is_company else "consumer"

    def _is_customer_kind_unknown(self):
        """Whether this is a company of which nobody knows if it is a business or an association.

        Until somebody says so, it is treated as a non-professional, whom the law protects more.
        """
        self.ensure_one()
        customer = self.commercial_partner_id
        number = (customer.vat or "") not in ("", "/") or customer.company_registry
        return customer.is_company and not customer.customer_kind and not number

    @api.depends("customer_kind", "vat", "company_registry", "is_company")
    @api.depends_context("lang")
    def _compute_customer_kind_warning(self):
        question = self.env._(
            "Is it a business or an association? No SIREN nor VAT number is known: enter it, or "
            "the kind of customer. Until then no formal notice can leave."
        )
        for partner in self:
            partner.customer_kind_warning = partner._is_customer_kind_unknown() and question

    def _get_dunning_contacts(self, company, means=None):
        """Whom to write to: the dunning contacts, else the invoicing contact, else the company.

        A generic mailbox is used only when nothing better is known.

        :param means: field that must be filled to reach them (``email_normalized``, ``phone``);
            when none of the chosen ones has it, those who have are asked instead
        :return: partners, never empty
        """
        self.ensure_one()
        customer = self.commercial_partner_id.sudo()
        chosen = customer.dunning_contact_ids.filtered("active")
        reachable = chosen._filter_dunning_reachable(means) if means else chosen
        if reachable:
            return reachable
        invoicing = customer.browse(customer.address_get(["invoice"])["invoice"])
        persons = customer.child_ids.filtered(lambda child: child.type == "contact")
        known = invoicing | customer | persons
        known = known._filter_dunning_reachable(means or "email_normalized")
        personal = known.filtered(
            lambda p: p.email_normalized and not company._is_generic_mailbox(p.email)
        )
        return personal[:1] or known[:1] or chosen or (invoicing or customer)[:1]

    def _get_dunning_places(self):
        """The partners whose address may stand on an ordinary letter, the nearest first."""
        self.ensure_one()
        customer = self.commercial_partner_id.sudo()
        invoicing = customer.browse(customer.address_get(["invoice"])["invoice"])
        others = customer.child_ids.filtered(lambda child: child.type == "invoice")
        return invoicing | others | customer

    def _get_dunning_address(self):
        """The postal address of the first of these that has what is needed, part by part.

        :return: ``tools.postal_address.PostalAddress``
        """
        return choose_address(
            [
                PostalAddress(
                    partner.street or "",
                    partner.street2 or "",
                    partner.zip or "",
                    partner.city or "",
                    partner.country_id,
                )
                for partner in self.sudo()
            ]
        )

    def _get_dunning_collector(self, company):
        """The user who follows this customer in ``company``, else its dunning manager."""
        customer = self.commercial_partner_id.sudo().with_company(company)
        return company._get_dunning_able(customer.dunning_user_id)

    def _filter_dunning_reachable(self, means):
        """Those of these that ``means`` (see ``_get_dunning_contacts``) still reaches."""
        known = self.filtered(means)
        if means != "email_normalized":
            return known
        return known.filtered(lambda p: p.sudo().dunning_refused_email != p.email_normalized)

    def _note_dunning_refused(self, email):
        """Messages to this address of one of these came back for good: none is sent there."""
        found = self.filtered(lambda partner: email and partner.email_normalized == email)
        found.sudo().write({"dunning_refused_email": email})

    def action_trust_dunning_email(self):
        """A collector says that the address, from which messages came back, works again."""
        self._check_may_decide({"dunning_refused_email"})
        self.check_access("write")
        contacts = self.commercial_partner_id | self.commercial_partner_id.child_ids
        (self | contacts | contacts.dunning_contact_ids).sudo().dunning_refused_email = False
        return True

    @api.depends(
        "email",
        "dunning_refused_email",
        "dunning_contact_ids.email",
        "dunning_contact_ids.dunning_refused_email",
        "child_ids.email",
        "child_ids.dunning_refused_email",
    )
    def _compute_dunning_address_warning(self):
        for partner in self:
            partner.dunning_address_warning = partner._get_dunning_address_warning()

    def _get_dunning_address_warning(self):
        contact = self._get_dunning_contacts(self.env.company, "email_normalized")[:1]
        if not contact.email:
            return self.env._("No e-mail address is known for reminders.")
        if not contact._filter_dunning_reachable("email_normalized"):
            return self.env._(
                "Messages to %s came back: enter another address, nothing is sent to this one.",
                contact.email,
            )
        if self.env.company._is_generic_mailbox(contact.email):
            return self.env._(
                "Reminders go to the generic mailbox %s: ask for a person.", contact.email
            )
        return False

    # ------------------------------------------------------------
    # STANDING
    # ------------------------------------------------------------

    def _get_dunning_items(self):
        """The open items of these customers in every company the user may see."""
        customers = self.commercial_partner_id
        items = self.env["dunning.item"].with_context(dunning_partner_ids=customers.ids)
        return items.search([("partner_id", "in", customers.ids)])

    def _compute_dunning_detail(self):
        """In one sentence, what comes next for this customer in this company."""
        items = (
            self.env["dunning.item"]
            .with_context(dunning_partner_ids=self.commercial_partner_id.ids)
            .search(
                [
                    ("partner_id", "in", self.commercial_partner_id.ids),
                    ("company_id", "=", self.env.company.root_id.id),
                    ("amount_residual", ">", 0),
                ]
            )
        )
        speaking = items._get_speaking("partner_id")
        for partner in self:
            item = speaking.get(partner.commercial_partner_id, items.browse())
            partner.dunning_detail = item.hold_detail

    # ------------------------------------------------------------
    # PAUSE
    # ------------------------------------------------------------

    @api.constrains("dunning_paused_until", "dunning_pause_reason")
    def _check_dunning_pause(self):
        for partner in self:
            if partner.dunning_paused_until and not has_words(partner.dunning_pause_reason):
                raise ValidationError(self.env._("A pause always has an end date and a reason."))
            self._check_pause_end(partner.dunning_paused_until)

    @api.model
    def _check_pause_end(self, until):
        """:raise ValidationError: a pause without end, which nobody would ever look at again"""
        last = self.env.company._get_dunning_today() + timedelta(days=MOST_PAUSE_DAYS)
        if until and until > last:
            raise ValidationError(
                self.env._(
                    "A pause lasts a year at most: choose a date up to %s.",
                    format_date(self.env, last),
                )
            )

    def _set_dunning_pause(self, until, reason, exact=False):
        """No reminder to these customers up to ``until`` included, for the company in context.

        It frees no goods: what is owed holds deliveries as before.

        :param exact: a person decides: it counts even when it ends before a running pause
        :raise UserError: no end date, one that has passed, or no reason
        """
        if not until or not has_words(reason):
            raise UserError(self.env._("A pause always has an end date and a reason."))
        if exact and until < self.env.company._get_dunning_today():
            raise UserError(self.env._("A pause ends today or later."))
        for customer in self.commercial_partner_id.sudo():
            running = False if exact else customer.dunning_paused_until
            end = max(filter(None, (running, until)))
            customer.write({"dunning_paused_until": end, "dunning_pause_reason": reason})
            self.env["dunning.customer.note"]._log(customer, "pause", reason, end)
            customer._message_log(
                body=self.env._("Reminders paused until %s.", format_date(self.env, end))
            )

    def _end_dunning_pause(self, reason):
        """:raise UserError: no reason"""
        if not has_words(reason):
            raise UserError(self.env._("Say why: the reason is kept with the documents."))
        for customer in self.commercial_partner_id.sudo():
            customer.write({"dunning_paused_until": False, "dunning_pause_reason": False})
            self.env["dunning.customer.note"]._log(customer, "resume", reason)
            customer._message_log(body=self.env._("Reminders resumed."))

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_open_dunning_items(self):
        """The open items of this customer, and what comes next for each."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "relance_graduee.dunning_item_action"
        )
        customer = self.commercial_partner_id
        return {
            **action,
            "name": customer.display_name,
            "display_name": customer.display_name,
            "domain": [("partner_id", "=", customer.id)],
            "context": {"dunning_partner_ids": customer.ids},
        }

    def action_pause_dunning(self):
        """Ask until when this customer is left in peace, and why."""
        return self._get_dunning_items().action_pause()

    def action_resume_dunning(self):
        """Ask why the pause of this customer ends now."""
        return self._get_dunning_items().action_resume()
