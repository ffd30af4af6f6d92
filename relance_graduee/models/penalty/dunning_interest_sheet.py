from odoo import api, models


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
            "events": self._prepare_sheet_events(row, answer),
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
    def _prepare_sheet_events(self, row, answer):
        """Payments with what each paid, and credit notes, by date."""
        events = [
            {
                "day": str(share.payment.day),
                "label": share.payment.ref,
                "is_credit_note": False,
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
                "is_credit_note": True,
                "amount": str(event["amount"]),
                "principal": str(event["amount"]),
                "interest": "0",
            }
            for event in row["events"]
            if event["is_credit_note"] and event["day"] <= answer.until
        ]
        return sorted(events, key=lambda event: event["day"])
