from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.tools import format_date

from ..common.groups import ACCOUNTING_GROUPS, INTERNAL_GROUP
from ..common.today import as_of_today
from ..common.words import labelled
from .dunning_channel_email import RETRY_DAYS

POST_OUTCOMES = [
    ("pending", "Posted, no answer yet"),
    ("received", "Received"),
    ("refused", "Refused"),
    ("unclaimed", "Unclaimed"),
    ("unknown", "Unknown at the address"),
    ("lost", "Lost"),
]


class DunningDelivery(models.Model):
    """Letters and queued messages: numbers, receipts, copies, printing.

    The copy of a letter to a public body that its accountant gets is no contact and no proof.
    """

    _inherit = "dunning.delivery"

    outcome = fields.Selection(selection_add=[*POST_OUTCOMES, ("sent",), ("bounced",)])
    tracking_number = fields.Char()
    date_presented = fields.Date(string="First presented on")
    date_received = fields.Date(string="Received on")
    date_accept_until = fields.Date(
        string="May be accepted until",
        compute="_compute_date_accept_until",
        help="A registered e-mail may be accepted or refused within 15 days.",
    )
    waits_for_proof = fields.Boolean(compute="_compute_waits_for_proof")
    date_printed = fields.Date(readonly=True)
    mail_id = fields.Many2one("mail.mail", index="btree_not_null", ondelete="set null", copy=False)
    date_retry_until = fields.Date(readonly=True)
    unknown_count = fields.Integer(
        string="Times sent with unknown end",
        readonly=True,
        help="The connection broke, or Odoo was killed: perhaps the message arrived.",
    )
    sms_id = fields.Many2one("sms.sms", index="btree_not_null", ondelete="set null", copy=False)
    is_accountant_copy = fields.Boolean(string="Copy to the public accountant", readonly=True)
    receipt_ids = fields.One2many(
        "dunning.receipt",
        "delivery_id",
        string="Answers of the post",
        readonly=True,
        groups=ACCOUNTING_GROUPS,
    )
    receipt_detail = fields.Text(
        string="What the post said",
        compute="_compute_receipt_detail",
        compute_sudo=True,
        groups=INTERNAL_GROUP,
    )

    @api.depends("is_accountant_copy")
    def _compute_channel_label(self):
        result = super()._compute_channel_label()
        for delivery in self.filtered("is_accountant_copy"):
            delivery.channel_label = self.env._("Copy to the public accountant")
        return result

    @api.depends("receipt_ids")
    @api.depends_context("lang")
    def _compute_receipt_detail(self):
        for delivery in self:
            rows = delivery.receipt_ids.sorted("id", reverse=True)
            delivery.receipt_detail = "\n".join(row._get_words() for row in rows) or False

    @api.depends("channel", "date_done", "state")
    def _compute_date_accept_until(self):
        for delivery in self:
            deposited = delivery.state == "done" and delivery.date_done
            channel = delivery._get_channel()
            delivery.date_accept_until = deposited and channel._get_acceptance_end(deposited)

    @api.depends(
        "channel",
        "is_accountant_copy",
        "notice_id.delivery_ids.state",
        "notice_id.state",
        "state",
    )
    def _compute_waits_for_proof(self):
        """A copy of a formal notice leaves with its registered letter or after it, never before."""
        for delivery in self:
            notice = delivery.notice_id
            is_early = delivery.is_accountant_copy and notice.state != "sent"
            repeats = delivery._get_channel()._is_copy and notice._awaits_proof()
            delivery.waits_for_proof = delivery.state == "todo" and (is_early or repeats)

    # ------------------------------------------------------------
    # RULES
    # ------------------------------------------------------------

    @api.model
    def _get_closed_fields(self):
        return super()._get_closed_fields() | {"tracking_number"}

    @api.model
    def _get_ruled_fields(self):
        posted = {"date_printed", "date_presented", "date_received"}
        queued = {"mail_id", "sms_id", "date_retry_until", "unknown_count"}
        return super()._get_ruled_fields() | posted | queued | {"is_accountant_copy"}

    @api.model
    def _get_kept_fields(self):
        posted = {"tracking_number", "date_presented", "date_received", "date_printed"}
        return super()._get_kept_fields() | posted | {"mail_id", "sms_id"}

    @api.model
    def _get_handed_fields(self):
        return super()._get_handed_fields() | {"is_accountant_copy"}

    def _cancel(self):
        """What waits in a queue does not leave either."""
        result = super()._cancel()
        self.sudo()._take_out()
        return result

    def _record_outcome(self, outcome, day):
        """Added as a row (``dunning.receipt``): what was noted before stays there."""
        result = super()._record_outcome(outcome, day)
        self.env["dunning.receipt"]._note(self, outcome, day)
        return result

    def _get_closing_order(self):
        """The letter that proves a formal notice leaves first, the accountant's copy last."""
        return (*super()._get_closing_order(), self.is_accountant_copy)

    def _is_contact(self, outcome):
        return not self.is_accountant_copy and super()._is_contact(outcome)

    # ------------------------------------------------------------
    # HANDED OVER, NOT SAID YET
    # ------------------------------------------------------------

    @api.model
    def _get_unsaid(self, company):
        """Messages that a queue was given and did not send by their last day, or does not have.

        :param company: a root company
        """
        today = company._get_dunning_today()
        waiting = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "todo"),
                ("channel", "in", self.env["dunning.channel"]._get_channels(is_queued=True)),
                ("date_contact", "!=", False),
            ]
        )
        return waiting.filtered(lambda d: d._is_given_up(today))

    def _is_given_up(self, today):
        last = self.date_retry_until or self.date_contact + timedelta(days=RETRY_DAYS)
        return last < today or not (self.mail_id or self.sms_id)

    def _give_up(self):
        """They failed: they are taken out of the queue, and the dunning manager is told once."""
        for delivery in self:
            delivery._get_channel()._record_failure(
                delivery,
                self.env._(
                    "It was handed over on %s and did not leave: is the queue at work?",
                    format_date(self.env, delivery.date_contact),
                ),
                is_ours=True,
            )
            delivery._take_out()

    def _tell_not_left(self, reason):
        """Our own machine did not send these: one task a company, while none stands open."""
        for company in self.company_id:
            company._tell_dunning_trouble(
                self.env._("Reminders do not leave: look at the mail server and the queues"),
                self.env._(
                    "%s\nThey are tried again every hour, for three days. What did not leave by "
                    "then is on the page Today.",
                    reason,
                ),
            )

    def _add_unknown(self, count, is_kept):
        """Count that the end of one more copy, or one less, is unknown.

        :param is_kept: commit, so that it is known to whoever is killed while it is sent
        """
        for delivery in self:
            delivery.unknown_count += count
        if self and is_kept:
            self.env["dunning.batch"]._commit()

    def _take_out(self):
        """Call off what still waits in a queue: it leaves no more."""
        self.mail_id.filtered(lambda m: m.state in ("outgoing", "exception")).state = "cancel"
        self.sms_id.filtered(lambda m: m.state == "outgoing").state = "canceled"

    def _note_taken_out(self):
        """Somebody called these off, or deleted them, in Odoo's own list: nothing was said."""
        for delivery in self.filtered(lambda d: d.state == "todo"):
            reason = self.env._("It was cancelled in the queue before it left.")
            delivery._set_failed(reason)
            delivery._schedule_task(reason)

    def _call_off(self, sentence):
        """Nothing is said any more, because of ``sentence``; while something is owed a task."""
        self._cancel()
        self.failure_reason = sentence
        for delivery in self.filtered(lambda d: d.notice_id._is_still_open()):
            delivery._schedule_task(labelled(self.env, delivery.display_name, sentence))

    def _lock_customers(self):
        """:return: False when another transaction was at work on them: nothing is decided then"""
        try:
            with self.env.cr.savepoint(flush=False):
                for company, group in self.grouped("company_id").items():
                    partners = group.partner_id.commercial_partner_id
                    self.env["dunning.lock"]._acquire(company.root_id, partners.ids)
        except psycopg2.OperationalError:
            return False
        return True

    # ------------------------------------------------------------
    # LETTERS
    # ------------------------------------------------------------

    def action_print(self):
        """The letters of these deliveries as one PDF, in posting order, dated today."""
        self._check_may_act()
        letters = as_of_today(self.sudo())
        return letters.env["dunning.channel.letter"]._print(letters)

    def action_posting_list(self):
        """The list of registered letters to hand in at the post office, as a PDF."""
        self._check_may_act()
        letters = as_of_today(self.sudo())
        return letters.env["dunning.channel.registered"]._print_posting_list(letters)

    def _are_outdated(self):
        """Whether one of these waiting letters is of an earlier day or goes to an old address."""
        return any(
            letter.date_planned < letter.company_id._get_dunning_today()
            or letter.recipient != letter._get_current_recipient()
            for letter in self
        )

    def _get_current_recipient(self):
        """The address that this letter would have today; the old one while an obstacle stands."""
        notice = self.notice_id
        if self.is_accountant_copy:
            known = notice._get_accountant()
            return ", ".join(notice._get_accountant_lines()) if known else self.recipient
        channel = self._get_channel()
        obstacle = channel._get_obstacle(notice)
        return self.recipient if obstacle else channel._get_recipient(notice)[1]

    def _get_task_note(self):
        """Plain text that the task of this delivery shows under its summary. To extend."""
        return ""

    def _get_document(self):
        """The attachment that goes into the envelope."""
        notice = self.notice_id
        return notice.copy_attachment_id if self.is_accountant_copy else notice.attachment_id

    def _refresh_letters(self):
        """Before these are printed: make anew what is no longer true of them. To extend.

        Whoever renders the documents does so (see ``run``); a letter may be cancelled by it.
        """
