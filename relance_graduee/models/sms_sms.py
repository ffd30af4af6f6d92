from odoo import models


class SmsSms(models.Model):
    _inherit = "sms.sms"

    def write(self, vals):
        # EXTENDS 'sms': the deliveries learn what became of their message
        result = super().write(vals)
        if vals.get("state") in ("sent", "pending", "error", "canceled"):
            self._tell_dunning_deliveries()
        return result

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
                labels = dict(message._fields["failure_type"]._description_selection(self.env))
                delivery._set_failed(labels.get(message.failure_type) or message.state)
