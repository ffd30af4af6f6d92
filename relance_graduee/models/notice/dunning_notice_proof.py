from odoo import api, fields, models

from ..common.words import labelled


class DunningNotice(models.Model):
    """Sending of a notice, and the proof that is kept of it."""

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
            vals = notice._prepare_sent_vals(day)
            self.env["dunning.proof"]._open(notice).write(vals)
        self.env["account.move.line"]._advance_dunning(notices, day)
        notices._after_sent(day)

    def _after_sent(self, day):
        """These notices were sent on ``day``: what follows of it. To extend.

        Nothing of the notices themselves may be written any more: see ``_prepare_sent_vals``.
        """

    def _awaits_proof(self):
        """Whether this formal notice waits for its registered letter to be posted.

        Until then nothing of it leaves and nothing is fixed: it would be proved by nothing.
        """
        if not self.is_formal_notice:
            return False
        proofs = self.delivery_ids.filtered(lambda d: d.is_proof)
        states = set(proofs.mapped("state"))
        return "todo" in states and "done" not in states

    def _cancel_copies(self):
        """Cancel the copies of formal notices whose proof (registered delivery) was cancelled."""
        for notice in self.filtered(lambda n: n.is_formal_notice and n.state == "approved"):
            proofs = notice.delivery_ids.filtered(lambda d: d.is_proof)
            if proofs and not proofs.filtered(lambda d: d.state in ("todo", "done")):
                notice.delivery_ids.filtered(lambda d: d.state == "todo")._cancel()

    def _prepare_sent_vals(self, day):
        """Values that are frozen in a notice sent on ``day``: texts, rule. To extend."""
        return {
            "state": "sent",
            "date_sent": day,
            "failure_reason": False,
            "recipients": ", ".join(filter(None, self.delivery_ids.mapped("recipient"))),
            "policy_snapshot": self._prepare_policy_snapshot(),
            **({} if self.name else {"name": self._draw_name()}),
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
            labels = dict(self.env["dunning.channel"]._get_selection())
            return " + ".join(labels.get(code, code) for code in value)
        field = self.env["dunning.step"]._fields.get(name)
        if field and field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        return value
