from odoo import api, models

from ..item.dunning_counterpart import MONEY


class DunningInterest(models.AbstractModel):
    """The calculation as plain data, to keep and to print (see ``dunning.sheet``)."""

    _inherit = "dunning.interest"

    @api.model
    def _prepare_sheet(self, row, regime, options, answer):
        """The calculation as plain data, to keep and to print: figures as strings, ISO dates."""
        return {
            "gross": str(answer.principal_due + answer.principal_paid + answer.credited),
            "kind": regime.customer_kind,
            "contract_rate": str(regime.contract_rate) if regime.contract_rate else False,
            "day_count": options.day_count,
            "imputation": options.imputation,
            "until": str(answer.until),
            "received": str(row["received"]) if row["received"] else False,
            "segments": [self._prepare_segment(segment) for segment in answer.segments],
            "events": self._prepare_sheet_events(row, answer, options),
            "interest": str(answer.interest),
            "interest_due": str(answer.interest_due),
            "principal_due": str(answer.principal_due),
        }

    @api.model
    def _prepare_segment(self, segment):
        return {
            "from": str(segment.first_day),
            "to": str(segment.last_day),
            "days": segment.days,
            "base": str(segment.base),
            "rate": str(segment.rate),
            "year_days": segment.year_days,
            "interest": str(segment.interest),
        }

    @api.model
    def _prepare_sheet_events(self, row, answer, options):
        """Payments with what each paid, and what was no payment, by date.

        ``kind``: of ``dunning.counterpart``; sheets of before 19.0.1.3.0 say ``is_credit_note``.
        """
        events = [
            {
                "day": str(share.payment.day),
                "label": share.payment.ref,
                "kind": MONEY,
                "amount": str(share.payment.amount),
                "principal": str(share.principal),
                "interest": str(share.interest),
            }
            for share in answer.shares
        ]
        events += [
            {
                "day": str(max(event["day"], row["invoice_date"])),
                "label": event["label"],
                "kind": event["kind"],
                "amount": str(event["amount"]),
                "principal": str(event["amount"]),
                "interest": "0",
            }
            for event in self._round_events(row["events"], options.rounding)
            if event["kind"] != MONEY and event["day"] <= answer.until
        ]
        return sorted(events, key=lambda event: event["day"])
