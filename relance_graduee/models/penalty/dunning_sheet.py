from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from ..item.dunning_counterpart import CREDIT_NOTE, MONEY, TRANSFER, WRITTEN_OFF
from .dunning_interest import ON_NOTICE


class DunningSheet(models.AbstractModel):
    """The calculation sheet (décompte) of penalties, as formatted strings: page and annex alike.

    It prints what was kept with each penalty when it was reckoned, and computes nothing anew:
    every printed line is rounded, and every sum is that of the printed lines.
    """

    _name = "dunning.sheet"
    _description = "Calculation sheet of penalties"

    @api.model
    def _prepare_sheet(self, details, currency, kind, principal=None):
        """Of one customer and currency.

        :param details: list of dicts: kind, number, amount (what is claimed), missing, sheet (see
            ``dunning.interest._prepare_sheet``)
        :param kind: of the customer now, where nothing says what it was when it was reckoned
        :param principal: what is claimed beside the penalties, when the sheet adds it up
        :return: title, notes (how it was computed), columns, rows, totals: as an annex of
            ``tools.letter_pages``
        """
        kind = next((detail["sheet"]["kind"] for detail in details if detail["sheet"]), kind)
        numbers = dict.fromkeys(detail["number"] for detail in details)
        rows = []
        for number in numbers:
            own = [detail for detail in details if detail["number"] == number]
            for detail in own:
                rows += self._prepare_rows(detail, currency)
        return {
            "title": self._get_title(kind),
            "enclosure": self._get_enclosure(kind),
            "notes": " ".join(self._get_notes([d["sheet"] for d in details if d["sheet"]])),
            "columns": self._get_columns(),
            "rows": rows,
            "totals": self._get_totals(details, currency, kind, principal),
        }

    # Each kind of customer owes by another law, which has its own words.

    @api.model
    def _get_title(self, kind):
        if kind == "public":
            return self.env._("Annex: calculation of the default interest")
        if kind == "business":
            return self.env._("Annex: calculation of the penalties for late payment")
        return self.env._("Annex: calculation of the interest at the legal rate")

    @api.model
    def _get_enclosure(self, kind):
        """The annex, as the letter lists what is enclosed."""
        if kind == "public":
            return self.env._("calculation of the default interest")
        if kind == "business":
            return self.env._("calculation of the penalties for late payment")
        return self.env._("calculation of the interest at the legal rate")

    @api.model
    def _get_interest_label(self, kind):
        if kind == "public":
            return self.env._("Default interest")
        if kind == "business":
            return self.env._("Late payment interest")
        return self.env._("Interest at the legal rate")

    @api.model
    def _get_columns(self):
        return [
            {"key": "number", "label": self.env._("Invoice"), "align": "left", "width": 30},
            {"key": "label", "label": self.env._("Period"), "align": "left", "width": 0},
            {"key": "days", "label": self.env._("Days"), "align": "right", "width": 15},
            {"key": "base", "label": self.env._("Base"), "align": "right", "width": 24},
            {"key": "rate", "label": self.env._("Annual rate"), "align": "right", "width": 20},
            {"key": "interest", "label": self.env._("Amount"), "align": "right", "width": 24},
        ]

    @api.model
    def _get_totals(self, details, currency, kind, principal):
        """Lines of the claimed penalties alone: with the principal they make the letter's sum."""
        sums = dict.fromkeys(("interest", "indemnity"), Decimal(0))
        for detail in details:
            sums[detail["kind"]] += Decimal(detail["amount"])
        rows = [(self._get_interest_label(kind), sums["interest"], not sums["indemnity"])]
        if sums["indemnity"]:
            rows.append((self.env._("Fixed recovery indemnity"), sums["indemnity"], False))
        total = sum(sums.values())
        if principal is not None:
            rows.insert(0, (self.env._("Principal"), principal, False))
            total += Decimal(str(principal))
        if len(rows) > 1:
            rows = [(label, amount, False) for label, amount, _strong in rows]
            rows.append((self.env._("Total due"), total, True))
        return [
            {
                "label": label,
                "amount": formatLang(self.env, float(amount), currency_obj=currency),
                "strong": strong,
            }
            for label, amount, strong in rows
        ]

    # ------------------------------------------------------------
    # ROWS
    # ------------------------------------------------------------

    @api.model
    def _prepare_rows(self, detail, currency):
        """The lines of one penalty: periods, payments and credit notes by date, then the sum."""
        sheet = detail["sheet"]
        if detail["kind"] == "indemnity":
            label, amount = self.env._("Fixed indemnity"), detail["amount"]
            return [self._prepare_row(detail, label, amount=self._format(amount, currency))]
        if detail["missing"]:
            label = self.env._(
                "Interest, for the record: the rate of %s is not yet known", detail["missing"]
            )
            return [self._prepare_row(detail, label)]
        # What is no money counts from the morning of its day, money in the evening.
        lines = [(("", 0), self._prepare_opening_row(detail, currency))]
        lines += [
            ((segment["from"], 1), self._prepare_segment_row(detail, segment, currency))
            for segment in sheet["segments"]
        ]
        lines += [
            (
                (event["day"], 2 if self._get_event_kind(event) == MONEY else 0),
                self._prepare_event_row(detail, event, currency),
            )
            for event in sheet["events"]
        ]
        rows = [row for _key, row in sorted(lines, key=lambda line: line[0])]
        return rows + self._prepare_sum_rows(detail, currency)

    @api.model
    def _prepare_row(self, detail, label, days="", base="", rate="", amount="", kind="item"):
        return {
            "kind": kind,
            "number": detail["number"] or "",
            "label": label,
            "days": days,
            "base": base,
            "rate": rate,
            "interest": amount,
        }

    @api.model
    def _prepare_opening_row(self, detail, currency):
        """The first debt and its date, so that each calculation can be read by itself."""
        label = self.env._("gross amount, due on %s", self._format_date(detail["date_maturity"]))
        base = self._format(detail["sheet"]["gross"], currency)
        return self._prepare_row(detail, label, base=base)

    @api.model
    def _prepare_segment_row(self, detail, segment, currency):
        return self._prepare_row(
            detail,
            self.env._(
                "from %(first)s to %(last)s",
                first=self._format_date(segment["from"]),
                last=self._format_date(segment["to"]),
            ),
            days=f"{segment['days']}/{segment['year_days']}",
            base=self._format(segment["base"], currency),
            rate=self.env["dunning.rate"]._format_percent(segment["rate"]),
            amount=self._format(segment["interest"], currency),
        )

    @api.model
    def _prepare_event_row(self, detail, event, currency):
        """A payment with what it paid, or what was no payment, named as what it is."""
        kind = self._get_event_kind(event)
        words = {
            "day": self._format_date(event["day"]),
            "amount": self._format(event["amount"], currency),
            "principal": self._format(event["principal"], currency),
            "interest": self._format(event["interest"], currency),
        }
        if kind == CREDIT_NOTE:
            label = self.env._("credit note of %(day)s: %(amount)s", **words)
        elif kind == WRITTEN_OFF:
            label = self.env._("written off on %(day)s: %(amount)s", **words)
        elif kind == TRANSFER:
            label = self.env._("entry of %(day)s, no payment: %(amount)s", **words)
        elif Decimal(event["interest"]):
            label = self.env._(
                "payment of %(day)s: %(amount)s, of which interest %(interest)s, principal "
                "%(principal)s",
                **words,
            )
        else:
            label = self.env._("payment of %(day)s: %(amount)s", **words)
        return self._prepare_row(detail, label, kind="credit")

    @api.model
    def _get_event_kind(self, event):
        """The kind (see ``dunning.counterpart``) of an event, of a sheet of any version."""
        return event.get("kind") or (CREDIT_NOTE if event["is_credit_note"] else MONEY)

    @api.model
    def _prepare_sum_rows(self, detail, currency):
        """The sum of several periods; and what was paid or waived of it before."""
        sheet, rows = detail["sheet"], []
        settled = Decimal(sheet["interest"]) - Decimal(detail["amount"])
        if len(sheet["segments"]) > 1 or settled:
            label = self.env._("Interest up to %s", self._format_date(sheet["until"]))
            amount = self._format(sheet["interest"], currency)
            rows.append(self._prepare_row(detail, label, amount=amount, kind="sum"))
        if settled:
            label = self.env._("Paid or waived before")
            amount = self._format(-settled, currency)
            rows.append(self._prepare_row(detail, label, amount=amount, kind="credit"))
        return rows

    # ------------------------------------------------------------
    # CALCULATION
    # ------------------------------------------------------------

    @api.model
    def _get_notes(self, sheets):
        """Sentences: the rule, the base, the day count, the imputation."""
        if not sheets:
            return []
        first = sheets[0]
        return [
            *dict.fromkeys(self._get_rule_sentence(sheet) for sheet in sheets),
            self._get_base_sentence(first),
            self.env._("A year counts 365 days.")
            if first["day_count"] == "act_365"
            else self.env._("A year counts 365 days, 366 in leap years."),
            self.env._("Payments are set against the principal first.")
            if first["imputation"] == "principal_first"
            else self.env._(
                "Payments are set against the interest first (article 1343-1 of the French Civil "
                "Code)."
            ),
        ]

    @api.model
    def _get_base_sentence(self, sheet):
        """On what, and from when to when: consumers are told above from when."""
        if sheet["kind"] in ON_NOTICE:
            return self.env._(
                "Simple interest on the open gross amount, to the day on which the money arrived; "
                "each line is rounded to the cent."
            )
        return self.env._(
            "Simple interest on the open gross amount, from the day after the due date to the "
            "day on which the money arrived; each line is rounded to the cent."
        )

    @api.model
    def _get_rule_sentence(self, sheet):
        """Which rate, and by which article."""
        if sheet["contract_rate"]:
            return self.env._(
                "Rate agreed between the parties: %s a year.",
                self.env["dunning.rate"]._format_percent(sheet["contract_rate"]),
            )
        if sheet["kind"] == "business":
            return self.env._(
                "Rate: that of the European Central Bank's refinancing operations in force on the "
                "first day of each half-year, increased by %s points (article L441-10 of the "
                "French Commercial Code).",
                self._get_margin("business_margin", sheet),
            )
        if sheet["kind"] == "public":
            return self.env._(
                "Rate: that of the European Central Bank's refinancing operations in force on the "
                "first day of the half-year in which interest began, increased by %s points "
                "(article R2192-31 of the French Public Procurement Code).",
                self._get_margin("public_margin", sheet),
            )
        return self.env._(
            "Rate: the legal interest rate of each half-year, from the day after the receipt of "
            "the formal notice of %s (articles 1231-6 and 1344-1 of the French Civil Code).",
            self._format_date(sheet["received"]),
        )

    @api.model
    def _get_margin(self, kind, sheet):
        """The points that the law adds on the last day of a calculation, as they are printed."""
        value = self.env["dunning.legal.value"]._get_value(kind, sheet["until"])
        return f"{value.normalize():f}" if value is not None else ""

    # ------------------------------------------------------------
    # FORMATS
    # ------------------------------------------------------------

    @api.model
    def _format(self, amount, currency):
        return self.env["ir.qweb.field.float"].value_to_html(
            float(amount), {"precision": currency.decimal_places}
        )

    @api.model
    def _format_date(self, day):
        return format_date(self.env, fields.Date.to_date(day)) if day else ""
