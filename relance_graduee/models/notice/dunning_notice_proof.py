from odoo import api, fields, models
from odoo.tools.mail import email_normalize_all

from ..common.words import labelled
from .dunning_delivery import PROOF_CHANNELS, QUEUE_CHANNELS


class DunningNotice(models.Model):
    """What happens when a notice is sent, what is kept as proof, and what comes back."""

    _inherit = "dunning.notice"

    policy_snapshot_text = fields.Text(compute="_compute_policy_snapshot_text")

    # ------------------------------------------------------------
    # SENT
    # ------------------------------------------------------------

    def _mark_sent(self, day):
        """The first delivery was handed over on ``day``: the items advance, the words are fixed."""
        notices = self.sudo().filtered(lambda n: n.state == "approved" and not n._awaits_proof())
        if not notices:
            return
        for notice in notices:
            notice.write(notice._prepare_sent_vals(day))
        self.env["account.move.line"]._advance_dunning(notices, day)
        notices._claim_penalties(day)
        notices._record_written_claims(day)
        notices._tell_suspension()

    def _awaits_proof(self):
        """Whether this formal notice waits for its registered letter to be posted.

        Until then nothing of it leaves and nothing is fixed: it would be proved by nothing.
        """
        if not self.is_formal_notice:
            return False
        proofs = self.delivery_ids.filtered(lambda d: d.channel in PROOF_CHANNELS)
        states = set(proofs.mapped("state"))
        return "todo" in states and "done" not in states

    def _hand_over_copies(self, day):
        """The registered letter was posted on ``day``: its e-mails and messages leave now.

        Ordinary letters are posted by a person, on the same list.
        """
        copies = self.delivery_ids.filtered(
            lambda d: (
                d.state == "todo" and d.channel in QUEUE_CHANNELS and not d.mail_id and not d.sms_id
            )
        )
        for delivery in copies:
            channel = delivery._get_channel()
            obstacle = channel._get_obstacle(delivery.notice_id)
            if obstacle:
                delivery._set_failed(obstacle)
                channel._fall_back(delivery)
            else:
                channel._hand_over(delivery, day)

    def _cancel_copies(self):
        """What would have proved these formal notices was cancelled: their copies do not leave."""
        for notice in self.filtered(lambda n: n.is_formal_notice and n.state == "approved"):
            proofs = notice.delivery_ids.filtered(lambda d: d.channel in PROOF_CHANNELS)
            if proofs and not proofs.filtered(lambda d: d.state in ("todo", "done")):
                notice.delivery_ids.filtered(lambda d: d.state == "todo")._cancel()

    def _prepare_sent_vals(self, day):
        return {
            "state": "sent",
            "date_sent": day,
            "failure_reason": False,
            "recipients": ", ".join(filter(None, self.delivery_ids.mapped("recipient"))),
            "policy_snapshot": self._prepare_policy_snapshot(),
            **({} if self.name else {"name": self._draw_name()}),
            **self._prepare_said_texts(),
        }

    def _prepare_policy_snapshot(self):
        """The rule as it was on the day, in plain words and numbers."""
        step = self.step_id
        return {
            "policy": step.policy_id.name,
            "step": step.name,
            "delay_from": step.delay_from,
            "delay_days": step.delay_days,
            "wait_days": step.wait_days,
            "channels": step._get_channels(),
            "approval": step.approval,
            "answer_days": step.answer_days,
        }

    def _draw_name(self):
        """The next number of the company's own sequence, created at its first notice."""
        self.ensure_one()
        return self.company_id._get_dunning_sequence().next_by_id()

    def _tell_suspension(self):
        """Tell the salesperson on the same day from when deliveries wait: a task, no amounts."""
        for notice in self.filtered("suspension_date"):
            notice.partner_id.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._(
                    "%(customer)s: deliveries suspended from %(date)s, unless paid",
                    customer=notice.partner_id.display_name,
                    date=notice._format_date(notice.suspension_date),
                ),
                user_id=notice._get_salesperson().id,
            )

    # ------------------------------------------------------------
    # THE RULE OF THE DAY
    # ------------------------------------------------------------

    @api.depends("policy_snapshot")
    @api.depends_context("lang")
    def _compute_policy_snapshot_text(self):
        """The rule of the day as lines that a person reads: the labels of the step's fields."""
        for notice in self:
            notice.policy_snapshot_text = "\n".join(
                labelled(
                    self.env, self._get_snapshot_label(name), self._get_snapshot_value(name, value)
                )
                for name, value in (notice.policy_snapshot or {}).items()
            )

    def _get_snapshot_label(self, name):
        name = {"policy": "policy_id", "step": "name", "channels": "channel_label"}.get(name, name)
        field = self.env["dunning.step"]._fields.get(name)
        return field._description_string(self.env) if field else name

    def _get_snapshot_value(self, name, value):
        if name == "channels":
            labels = dict(
                self.env["dunning.delivery"]._fields["channel"]._description_selection(self.env)
            )
            return " + ".join(labels.get(code, code) for code in value)
        field = self.env["dunning.step"]._fields.get(name)
        if field and field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        return value

    # ------------------------------------------------------------
    # WHAT COMES BACK
    # ------------------------------------------------------------

    def _message_receive_bounce(self, email, partner):
        # EXTENDS 'mail': an e-mail that comes back is a delivery that failed
        super()._message_receive_bounce(email, partner)
        bounce = self.env.context.get("dunning_bounce") or {}
        if not bounce.get("is_final", True):
            return
        deliveries = self._get_bounced_deliveries(email, bounce.get("message_id"))
        words = bounce.get("words") or self.env._("no reason given")
        self.env["dunning.channel.email"]._record_bounce(deliveries, email, words)

    def _get_bounced_deliveries(self, email, message_id):
        """Those of the message that came back; without it, the e-mails sent to ``email``.

        Found by message, since a certified duplicate is no delivery of the notice it is kept with.
        """
        sent = self.env["dunning.delivery"].sudo()
        if message_id:
            return sent.search([("mail_id.mail_message_id", "=", message_id)])
        return self.sudo().delivery_ids.filtered(
            lambda d: d.channel == "email" and email in email_normalize_all(d.recipient or "")
        )
