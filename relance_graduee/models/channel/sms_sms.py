from odoo import api, models

# The provider has it. Its own failures, and an account without credit, are no customer's fault.
TAKEN_STATES = ("process", "pending", "sent")
OUR_FAILURES = ("sms_acc", "sms_credit", "sms_server")


class SmsSms(models.Model):
    _inherit = "sms.sms"

    def write(self, vals):
        # EXTENDS 'sms': the deliveries learn what became of their message, which stays as it is
        self.env["dunning.proof"]._check_queued(self, "sms_id", vals)
        result = super().write(vals)
        if vals.get("state") in (*TAKEN_STATES, "error", "canceled"):
            self._tell_dunning_deliveries()
        return result

    @api.ondelete(at_uninstall=True)
    def _unlink_except_dunning_proof(self):
        self.env["dunning.proof"]._check_not_queued(self, "sms_id")

    def _send_with_api(self, *args, **kwargs):
        # EXTENDS 'sms': each message of a notice is looked at at the moment it leaves
        kept = self.browse()
        for delivery in self._get_dunning_deliveries().filtered("notice_id"):
            if not delivery._lock_customers():
                kept |= delivery.sms_id
            elif sentence := delivery.notice_id._get_stop_sentence():
                delivery._call_off(sentence)
                delivery.sms_id.write({"state": "canceled", "failure_type": False})
                kept |= delivery.sms_id
        leaving = self - kept.with_env(self.env)
        return super(SmsSms, leaving)._send_with_api(*args, **kwargs) if leaving else None

    def _get_dunning_deliveries(self):
        domain = [("sms_id", "in", self.ids), ("state", "=", "todo")]
        return self.env["dunning.delivery"].sudo().search(domain)

    def _tell_dunning_deliveries(self):
        for delivery in self._get_dunning_deliveries():
            message = delivery.sms_id
            if message.state in TAKEN_STATES:
                day = delivery.company_id._get_dunning_today()
                delivery.write({"state": "done", "outcome": "sent", "date_done": day})
            else:
                delivery._get_channel()._record_failure(
                    delivery,
                    message._get_dunning_failure(),
                    is_ours=message.failure_type in OUR_FAILURES,
                )

    def _get_dunning_failure(self):
        """Why the message did not leave, in words: Odoo's reason, else what became of it."""
        reasons = dict(self._fields["failure_type"]._description_selection(self.env))
        states = dict(self._fields["state"]._description_selection(self.env))
        return reasons.get(self.failure_type) or states[self.state]
