import hashlib
import logging

from odoo import api, models
from odoo.exceptions import UserError

from ..common.machine_fault import is_machine_fault
from ..common.today import as_of_today
from ..common.words import in_words

_logger = logging.getLogger(__name__)


class DunningSender(models.AbstractModel):
    """Sends approved notices: nothing goes out unchecked.

    1. the customers are locked and everything is looked at again (``_check_again``);
    2. the figures are frozen: number, date, deadline (``_freeze``);
    3. the documents are rendered, one job for all (``_render``);
    4. each channel gets its deliveries (``_hand_over``).

    A notice that fails goes back to ``proposed`` with the reason; the others go on. Without
    state; to add a channel see ``dunning.channel``.
    """

    _name = "dunning.sender"
    _description = "Dunning sender"

    @api.model
    def _send(self, notices):
        """Send approved ``notices`` of any companies, today: whichever day was asked for.

        :return: the notices that left, or are now on somebody's list
        """
        self._check_settings(notices)
        sender, notices = as_of_today(self), as_of_today(notices)
        notices = sender._keep_possible(sender._check_again(notices))
        done = self.env["dunning.notice"]
        for company, group in notices.grouped("company_id").items():
            done |= sender._send_company(group, company._get_dunning_today())
        return done

    @api.model
    def _check_settings(self, notices):
        """:raise UserError: our own settings keep these from leaving, no customer is the cause"""
        for company, group in notices.grouped("company_id").items():
            codes = {code for step in group.step_id for code in step._get_channels()}
            problems = company._get_dunning_misconfigurations(sorted(codes))
            if problems:
                raise UserError("\n".join(problems))

    @api.model
    def _send_company(self, notices, day):
        """All in one go; when that fails, one by one, so that only the culprit stays."""
        try:
            with self.env.cr.savepoint():
                return self._send_batch(notices, day)
        except Exception as error:
            if is_machine_fault(error) or self.env["dunning.batch"]._is_conflict(error):
                raise
            if len(notices) == 1:
                self._note_failure(notices, error)
                return self.env["dunning.notice"]
        self.env.invalidate_all()
        sent = (self._send_company(notice, day) for notice in notices)
        return self.env["dunning.notice"].concat(*sent)

    @api.model
    def _send_batch(self, notices, day):
        self._freeze(notices, day)
        self._warm_cache(notices)
        failed = self._render(notices)
        notices -= failed
        self._hand_over(notices, day)
        return notices

    # ------------------------------------------------------------
    # 1. LOOK AGAIN
    # ------------------------------------------------------------

    @api.model
    def _check_again(self, notices):
        """Lock the customers, make lines and figures anew; empty notices are cancelled."""
        for company, group in notices.grouped("company_id").items():
            self.env["dunning.lock"]._acquire(company, group.partner_id.ids)
        self.env["dunning.proposal"]._refresh_notices(notices)
        return notices.exists().filtered(lambda notice: notice.state == "approved")

    @api.model
    def _keep_possible(self, notices):
        """Leave out those that may not leave or that no channel can carry, and say why on them."""
        possible = self.env["dunning.notice"]
        formal = notices._get_formal_obstacles()
        for notice in notices:
            obstacles = self._get_obstacles(notice)
            refusal = notice._get_approval_obstacle() or formal.get(notice.id)
            refusal = refusal or notice._get_text_obstacle()
            if refusal:
                self._note_failure(notice, refusal)
            elif all(obstacles.values()) or self._is_worthless(notice, obstacles):
                self._note_failure(notice, "\n".join(filter(None, obstacles.values())))
            else:
                possible |= notice
        return possible

    @api.model
    def _is_worthless(self, notice, obstacles):
        """A formal notice that was to be registered and cannot be would prove nothing."""
        codes = self.env["dunning.channel"]._get_channels(is_proof=True)
        proofs = [obstacles[code] for code in codes if code in obstacles]
        return notice.is_formal_notice and bool(proofs) and all(proofs)

    @api.model
    def _get_obstacles(self, notice):
        """Channel code -> why this notice cannot go that way, or None."""
        return {
            code: self.env["dunning.channel"]._get_channel(code)._get_obstacle(notice)
            for code in notice.step_id._get_channels()
        }

    @api.model
    def _note_failure(self, notice, error):
        _logger.info("Dunning notice %s of %s not sent: %s", notice.id, notice.partner_id, error)
        run = self._get_run(notice)
        if run:
            run.sudo()._note_failure(notice.partner_id.id, error, notice)
        notice.sudo().write(
            {
                "state": "proposed",
                "failure_reason": self._get_error_message(error),
            }
        )

    @api.model
    def _get_run(self, notice):
        """The run that is sending ``notice``, else the one that made it."""
        sending = self.env.context.get("dunning_run_id")
        own = [("id", "=", sending), ("company_id", "=", notice.company_id.id)]
        runs = notice.run_id.sudo()
        return (runs.search(own) if isinstance(sending, int) else runs.browse()) or runs

    @api.model
    def _get_error_message(self, error):
        """The failure in words that a person can act on."""
        if isinstance(error, (UserError, str)):
            return str(error)
        return self.env._(
            "Something unexpected happened (%s): nothing was sent to this customer, the next run "
            "tries again. The administrator finds the details in the run.",
            in_words(self.env, error),
        )

    # ------------------------------------------------------------
    # 2. FREEZE
    # ------------------------------------------------------------

    @api.model
    def _freeze(self, notices, day):
        """Number, day and deadlines of each; then nothing of the figures moves."""
        for notice in notices.sudo():
            notice.write(notice._prepare_frozen_vals(day))
            notice._refresh_edited_texts()

    @api.model
    def _warm_cache(self, notices):
        """Fetch at once what the texts read of each customer: they are rendered one by one."""
        notices = notices.sudo()
        partners = notices.partner_id.commercial_partner_id
        (partners | partners.child_ids | partners.dunning_contact_ids).fetch(["name", "email"])
        notices.line_ids.move_id.fetch(["name", "ref", "move_type", "partner_bank_id"])
        notices.mapped("previous_notice_id")
        for company, group in notices.grouped("company_id").items():
            customers = group.partner_id.commercial_partner_id.with_company(company)
            customers.mapped("dunning_user_id")

    # ------------------------------------------------------------
    # 3. RENDER
    # ------------------------------------------------------------

    @api.model
    def _render(self, notices):
        """Make and attach the documents, one job for all.

        :return: the notices whose document could not be made; they are proposals again
        """
        written = notices.filtered(lambda notice: notice._has_document())
        copied = written.filtered(lambda notice: notice._get_accountant())
        letters = {notice: notice._prepare_letter() for notice in written}
        asked = [(notice, letter, "attachment_id") for notice, letter in letters.items()]
        asked += [
            (notice, notice._make_accountant_letter(letters[notice]), "copy_attachment_id")
            for notice in copied
        ]
        papers = [letter for _notice, letter, _name in asked]
        results = self.env["dunning.letter"]._render_letters_safely(papers) if papers else []
        failed = self.env["dunning.notice"]
        documents = []
        for (notice, _letter, name), (content, error) in zip(asked, results, strict=True):
            if error:
                self._note_failure(notice, error)
                failed |= notice
            else:
                documents.append((notice, notice._add_enclosures(content), name))
        self._attach(documents)
        return failed

    @api.model
    def _attach(self, documents):
        """Keep each PDF as the document of its notice, with its SHA-256.

        :param documents: list of (``dunning.notice`` record, bytes, name of the field that
            holds it)
        """
        attachments = (
            self.env["ir.attachment"]
            .sudo()
            .create([self._prepare_attachment_vals(*document) for document in documents])
        )
        old = attachments.browse()
        for (notice, content, name), attachment in zip(documents, attachments, strict=True):
            old |= notice.sudo()[name]
            vals = {name: attachment.id}
            if name == "attachment_id":
                vals["sha256"] = hashlib.sha256(content).hexdigest()
            self.env["dunning.proof"]._open(notice.sudo()).write(vals)
        self.env["dunning.proof"]._open(old).unlink()  # of a paper that was not posted

    @api.model
    def _prepare_attachment_vals(self, notice, content, name):
        is_copy = name == "copy_attachment_id"
        return {
            "name": notice._get_copy_name() if is_copy else notice._get_document_name(),
            "raw": content,
            "mimetype": "application/pdf",
            "res_model": notice._name,
            "res_id": notice.id,
            "company_id": notice.company_id.id,
        }

    @api.model
    def _preview(self, notice):
        """Make the document of an unsent notice, to look at: nothing is sent or numbered.

        A proposal of an earlier day is looked at again first, so that it tells of one day; it may
        be cancelled by that, and has no document then.
        """
        notice = notice.sudo()
        if not notice._is_settled() and notice.date < notice.company_id._get_dunning_today():
            self.env["dunning.lock"]._acquire(notice.company_id, notice.partner_id.ids)
            self.env["dunning.proposal"]._refresh_notices(notice)
            if notice.state == "cancelled":
                return
        content = self.env["dunning.letter"]._render_letters([notice._prepare_letter()])[0]
        self._attach([(notice, notice._add_enclosures(content), "attachment_id")])

    # ------------------------------------------------------------
    # 4. HAND OVER
    # ------------------------------------------------------------

    @api.model
    def _hand_over(self, notices, day):
        """Make the deliveries of all channels, then let each channel hand over its own."""
        vals_list = []
        for notice in notices:
            for code, obstacle in self._get_obstacles(notice).items():
                vals = (
                    self.env["dunning.channel"]
                    ._get_channel(code)
                    ._prepare_delivery_vals(notice, day)
                )
                if obstacle:
                    vals |= {"state": "failed", "failure_reason": obstacle}
                vals_list.append(vals)
            vals_list += notice._prepare_copy_vals(day)
        deliveries = self.env["dunning.delivery"].sudo().create(vals_list)
        failed = deliveries.filtered(lambda d: d.state == "failed")
        # copies of a formal notice leave with what proves it: see ``_hand_over_copies``
        waiting = deliveries.filtered("waits_for_proof")
        for code, group in (deliveries - failed - waiting).grouped("channel").items():
            self.env["dunning.channel"]._get_channel(code)._hand_over(group, day)
        for delivery in failed:
            delivery._get_channel()._fall_back(delivery)
        notices._ask_for_accountant()

    # ------------------------------------------------------------
    # LETTERS OF AN EARLIER DAY
    # ------------------------------------------------------------

    @api.model
    def _refresh_letters(self, deliveries):
        """Make letters anew that are of an earlier day, no longer true, or to an old address."""
        waiting = deliveries.filtered(lambda d: d.is_posted and d.state == "todo")
        followers = waiting.filtered(lambda d: d.notice_id.state == "sent")
        followers.filtered(lambda d: not d.notice_id._is_still_open())._cancel()
        letters = waiting.filtered(lambda d: d.notice_id.state == "approved")
        stale = letters.notice_id.filtered(
            lambda n: not n._is_still_true() or (letters & n.delivery_ids)._are_outdated()
        )
        for notice in self._check_again(stale):
            day = notice.company_id._get_dunning_today()
            for letter in letters & notice.delivery_ids:
                letter.write({"date_planned": day, "recipient": letter._get_current_recipient()})
            self._send_again(notice, day)

    @api.model
    def _send_again(self, notice, day):
        """:raise UserError: the document cannot be made"""
        self._freeze(notice, day)
        if self._render(notice):
            raise UserError(notice.failure_reason)
