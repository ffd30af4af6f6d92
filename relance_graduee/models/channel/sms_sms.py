from odoo import api, models


class SmsSms(models.Model):
    _inherit = "sms.sms"

    def write(self, vals):
        # EXTENDS 'sms': the deliveries learn what became of their message, which stays as it is
        self.env["dunning.proof"]._check_queued(self, "sms_id", vals)
        result = super().write(vals)
        if vals.get("state") in ("sent", "pending", "error", "canceled"):
            self._tell_dunning_deliveries()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_dunning_proof(self):
        self.env["dunning.proof"]._check_not_queued(self, "sms_id")

    def _tell_dunning_deliveries(self):
        deliveries = (
            self.env["dunning.delivery"]
            .sudo()
            .search([("sms_id", "in", self.ids), ("state", "=", "todo")])
        )
        for delivery in deliveries:
            message = delivery.sms_id
            if message.state in ("sent", "pending"):
                day = delivery.company_id._get_dunning_today()
                delivery.write({"state": "done", "outcome": "sent", "date_done": day})
            else:
                delivery._set_failed(message._get_dunning_failure())

    def _get_dunning_failure(self):
        """Why the message did not leave, in words: Odoo's reason, else what became of it."""
        reasons = dict(self._fields["failure_type"]._description_selection(self.env))
        states = dict(self._fields["state"]._description_selection(self.env))
        return reasons.get(self.failure_type) or states[self.state]
