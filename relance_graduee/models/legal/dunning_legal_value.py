from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ...tools.late_interest import DatedValue

INTEREST_KINDS = [
    ("business_margin", "Margin between businesses (points)"),
    ("public_margin", "Margin for public buyers (points)"),
    ("floor_multiple", "Floor of agreed rates (times the legal rate)"),
    ("indemnity", "Fixed recovery indemnity (euros)"),
]
CAP = "cap_"  # and the rule, as ``tools.payment_terms`` names it
CAP_KINDS = [
    ("cap_general", "Longest payment terms (days)"),
    ("cap_default", "Payment terms where none were agreed (days)"),
    ("cap_end_of_month", "Longest payment terms, end of month (days)"),
    ("cap_periodic", "Longest terms of periodic invoices (days)"),
    ("cap_perishable", "Longest terms for perishable food (days)"),
    ("cap_livestock", "Longest terms for cattle and fresh meat (days)"),
    ("cap_spirits", "Longest terms for alcoholic drinks (days)"),
    ("cap_transport", "Longest terms for transport (days)"),
    ("cap_public", "Longest terms of the State and local authorities (days)"),
    ("cap_public_health", "Longest terms of public hospitals (days)"),
    ("cap_public_undertaking", "Longest terms of public undertakings (days)"),
]


class DunningLegalValue(models.Model):
    """A margin, a multiple, an amount or a number of days that the law fixes, from one day to
    another.

    Nothing of the kind stands in the code. ``value`` is in points, times, euros or days, as
    ``kind`` says; ``valid_to`` empty: until further notice.
    """

    _name = "dunning.legal.value"
    _description = "Legal value"
    _inherit = ["dunning.dated", "mail.thread"]
    _order = "kind, valid_from desc"

    kind = fields.Selection(INTEREST_KINDS + CAP_KINDS, required=True, tracking=True)
    value = fields.Float(digits=(10, 3), required=True, tracking=True)
    valid_from = fields.Date(required=True, tracking=True)
    valid_to = fields.Date(tracking=True, help="Empty: until further notice.")
    article = fields.Char(help="The article of law that fixes it.")
    source = fields.Char(translate=True)
    read_on = fields.Date(default=fields.Date.context_today)

    _value_positive = models.Constraint("CHECK (value >= 0)", "A legal value is never negative.")
    _dates_ordered = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to >= valid_from)", "It ends before it begins."
    )

    @api.depends("kind", "valid_from")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for value in self:
            value.display_name = labels.get(value.kind, "")

    @api.constrains("kind", "valid_from", "valid_to")
    def _check_overlap(self):
        for value in self:
            others = self.search([("kind", "=", value.kind), ("id", "!=", value.id)])
            if any(value._overlaps(other) for other in others):
                raise ValidationError(
                    self.env._(
                        "Another “%s” is already in force in this period: end it first.",
                        value.display_name,
                    )
                )

    def _overlaps(self, other):
        last, other_last = (v.valid_to or fields.Date.to_date("9999-12-31") for v in (self, other))
        return self.valid_from <= other_last and other.valid_from <= last

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    # ------------------------------------------------------------
    # ASKING
    # ------------------------------------------------------------

    @api.model
    @ormcache()
    def _get_dated_values(self):
        """Those of late interest, as ``tools.late_interest`` takes them; kept, since each text
        asks."""
        kinds = [kind for kind, _label in INTEREST_KINDS]
        records = self.sudo().search_fetch(
            [("kind", "in", kinds)], ["kind", "value", "valid_from", "valid_to"]
        )
        return tuple(
            DatedValue(r.kind, Decimal(str(r.value)), r.valid_from, r.valid_to or None)
            for r in records
        )

    @api.model
    def _get_value(self, kind, day):
        """The value of a kind in force on a day (Decimal), or None: for texts that name it."""
        day = fields.Date.to_date(day)
        for value in self._get_dated_values():
            if value.kind == kind and value.valid_from <= day <= value.last_day:
                return value.value
        return None

    @api.model
    def _get_caps(self, day):
        """Rule -> days, of the caps in force on a day, as ``tools.payment_terms`` takes them."""
        day = fields.Date.to_date(day)
        return {
            rule: days
            for rule, days, first, last in self._get_all_caps()
            if first <= day and (not last or day <= last)
        }

    @api.model
    @ormcache()
    def _get_all_caps(self):
        """(rule, days, first day, last day or False): asked for each invoice on a screen."""
        caps = self.sudo().search([("kind", "=like", f"{CAP}%")])
        return tuple(
            (cap.kind.removeprefix(CAP), int(cap.value), cap.valid_from, cap.valid_to)
            for cap in caps
        )
