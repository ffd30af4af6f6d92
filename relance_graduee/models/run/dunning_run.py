import logging
import time
import traceback

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, clean_context, format_date

from ..common.dunning_batch import END_TIME
from ..common.groups import MANAGER_GROUP
from ..common.machine_fault import is_machine_fault
from ..common.words import labelled
from ..notice.dunning_notice import LIVE_STATES

_logger = logging.getLogger(__name__)

# Customers decided, written and committed together; more where nothing is rendered or sent.
BATCH_SIZE = 100
DISCOVERY_BATCH_SIZE = 2000
# A person waits so long for a run that a button launched; the scheduled action does the rest.
BUTTON_SECONDS = 30


class DunningRun(models.Model):
    """One day's work for one company: decide, propose, send what needs nobody.

    Customers are served in batches (``dunning.batch``), each in a transaction of its own that
    locks them and is decided afresh: a run that is killed, or meets another one, says nothing
    twice and forgets nobody; launching again goes on from there.
    """

    _name = "dunning.run"
    _description = "Dunning run"
    _inherit = ["dunning.company.owned", "mail.thread"]
    _order = "date desc, id desc"

    date = fields.Date(required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    mode = fields.Selection(
        [("discovery", "Discovery"), ("live", "Live")], required=True, readonly=True
    )
    state = fields.Selection(
        [("running", "Running"), ("done", "Done"), ("failed", "Failed")],
        required=True,
        default="running",
        readonly=True,
    )
    notice_ids = fields.One2many("dunning.notice", "run_id", readonly=True)
    failure_ids = fields.One2many("dunning.run.failure", "run_id", readonly=True)
    item_count = fields.Integer(string="Items looked at", readonly=True)
    notice_count = fields.Integer(string="Notices made", compute="_compute_counts")
    sent_count = fields.Integer(string="Notices sent", compute="_compute_counts")
    failure_count = fields.Integer(string="Failures", compute="_compute_counts")
    held_counts = fields.Json(readonly=True)
    held_summary = fields.Text(string="Held, by reason", compute="_compute_held_summary")
    warning = fields.Char(readonly=True)
    log = fields.Text(readonly=True)
    date_start = fields.Datetime(readonly=True)
    date_end = fields.Datetime(readonly=True)

    _one_a_day = models.UniqueIndex(
        "(company_id, date)", "There is already a run of this company for that day."
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("date", "company_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for run in self:
            run.display_name = self.env._("Run of %s", format_date(self.env, run.date))

    @api.depends("notice_ids.state", "failure_ids")
    def _compute_counts(self):
        notices = self.env["dunning.notice"]._read_group(
            [("run_id", "in", self.ids)], ["run_id", "state"], ["__count"]
        )
        failures = dict(
            self.env["dunning.run.failure"]._read_group(
                [("run_id", "in", self.ids)], ["run_id"], ["__count"]
            )
        )
        for run in self:
            own = {state: count for of, state, count in notices if of == run}
            run.notice_count = sum(own.values())
            run.sent_count = own.get("sent", 0)
            run.failure_count = failures.get(run, 0)

    @api.depends("held_counts")
    @api.depends_context("lang")
    def _compute_held_summary(self):
        labels = dict(
            self.env["dunning.item"]._fields["hold_reason"]._description_selection(self.env)
        )
        for run in self:
            counts = run.held_counts or {}
            run.held_summary = "\n".join(
                labelled(self.env, labels[code], counts[code]) for code in labels if code in counts
            )

    # ------------------------------------------------------------
    # LAUNCH
    # ------------------------------------------------------------

    @api.model
    def launch(self, date=None, companies=None):
        """Do the whole day's work, for each company.

        :param date: the day to work for, a date or ISO string (default: today in each
            company's time zone). It moves only the day: books, steps and contacts are today's.
            Of a day that has passed it proposes: what is sent is sent today
        :param companies: ``res.company`` records or ids (default: the user's, for the
            scheduled action all); their roots are meant
        :return: the runs, one a root company
        :raise AccessError: the user is not a dunning manager
        :raise UserError: not a date, or a day after today in mode live
        """
        if not self.env.su and not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(self.env._("Only dunning managers may launch a run."))
        day = self.env["res.company"]._parse_dunning_date(date)
        runs = self.browse()
        for company in self._get_launch_companies(companies):
            asked = day or company._get_dunning_today()
            self._check_date(company, asked)
            run = self.sudo()._get_runner(company, asked)._open(company, asked)
            run.with_context(dunning_run_id=run.id)._process()
            runs |= run
        return runs.with_env(self.env)

    @api.model
    def _get_runner(self, company, day):
        """This model in the context of the work: the company's tree, its language, the day."""
        tree = company | company._get_dunning_tree()
        return self.with_context(
            clean_context(self.env.context),
            allowed_company_ids=tree.ids,
            dunning_date=day,
            lang=company.partner_id.lang or self.env.lang,
        )

    @api.model
    def _get_launch_companies(self, companies):
        if companies is None:
            if self.env.su:
                return self.env["res.company"]._get_dunning_roots()
            return self.env.companies.root_id
        if not isinstance(companies, models.BaseModel):
            companies = self.env["res.company"].browse(companies)
        foreign = companies - self.env.user.company_ids
        if foreign and not self.env.su:
            raise AccessError(self.env._("You have no access to this company."))
        return companies.sudo().root_id

    @api.model
    def _check_date(self, company, day):
        if company.dunning_mode == "live" and day > company._get_dunning_today():
            raise UserError(
                self.env._("A live run cannot be launched for a day to come: use the preview.")
            )

    @api.model
    def _open(self, company, day):
        """The run of that day, marked as running, in a transaction of its own."""
        return self.env["dunning.batch"]._settle(self._get_or_create, company, day)

    @api.model
    def _get_or_create(self, company, day):
        run = self.search([("company_id", "=", company.id), ("date", "=", day)], limit=1)
        vals = {
            "state": "running",
            "mode": company.dunning_mode,
            "date_alive": fields.Datetime.now(),
        }
        if run:
            run.write(vals)
            return run.with_env(self.env)
        return self.create(
            {
                **vals,
                "company_id": company.id,
                "date": day,
                "date_start": fields.Datetime.now(),
            }
        )

    # ------------------------------------------------------------
    # THE WORK
    # ------------------------------------------------------------

    def _process(self):
        """Serve every customer of whom something is ready; resumes where an earlier try stopped.

        :return: False when the scheduled action's time was up before the end
        """
        self.ensure_one()
        batches = self.env["dunning.batch"]
        problems = self._get_misconfigurations()
        if problems:
            batches._settle(self._refuse, problems)
            return True
        try:
            finished = self._process_company()
            if finished:
                batches._settle(self._finish)
        except Exception as error:
            batches._rollback()
            if is_machine_fault(error):
                batches._settle(self._stop, error)
                return True
            batches._settle(self._fail, error)
            raise
        return finished

    def _process_company(self):
        """Waiting notices first, what queues did not send and late calls, then who is ready.

        :return: whether everybody was served before the scheduled action's time was up
        """
        company = self.company_id
        if not company._is_dunning_working_day(self.date):
            warning = self.env._("Nobody works on that day: nothing was made.")
            self.env["dunning.batch"]._settle(self.write, {"warning": warning})
            return True
        self.env["dunning.batch"]._settle(self._note_obstacles, company)
        self.env["dunning.batch"]._settle(company._tell_dunning_absent)
        if not self._print_invoices(self._get_pending_unprinted_ids()):
            return False
        if not self._do_batches("_refresh_batch", self._get_pending_partner_ids()):
            return False
        further = self.env["dunning.delivery"]._get_further_calls(company)
        if not self._do_batches("_call_off_batch", further.partner_id.ids):
            return False
        unsaid = self.env["dunning.delivery"]._get_unsaid(company)
        if not self._do_batches("_give_up_batch", unsaid.partner_id.ids):
            return False
        late = self.env["dunning.delivery"]._get_overdue_tasks(company)
        if not self._do_batches("_close_batch", late.partner_id.ids):
            return False
        partner_ids = self._get_partner_ids_to_serve()
        unprinted = self._get_unprinted_ids_to_come(partner_ids)
        if not self._print_invoices(unprinted):
            return False
        return self._do_batches("_serve_batch", partner_ids)

    def _get_partner_ids_to_serve(self):
        """Customers who may be contacted: the small batches of a live run are not wasted on others.

        The large ones of discovery ask the decision of all that owe, so it is not asked before.
        """
        decision = self.env["dunning.decision"]
        if self._may_send():
            return decision._get_ready_partner_ids(self.company_id)
        return decision._get_owing_partner_ids(self.company_id)

    def _do_batches(self, method, partner_ids):
        """Call ``method`` for all ``partner_ids`` (see ``dunning.batch``).

        :return: whether all were done before the scheduled action's time was up
        """
        return self.env["dunning.batch"]._do_all(
            self,
            method,
            partner_ids,
            BATCH_SIZE if self._may_send() else DISCOVERY_BATCH_SIZE,
            on_failure="_note_failure",
            company=self.company_id,
        )

    # ------------------------------------------------------------
    # BATCHES
    # ------------------------------------------------------------

    def _refresh_batch(self, partner_ids):
        """Make the notices of these customers that wait anew; send those approved and not out."""
        self._note_alive()
        domain = [*self._get_pending_domain(), ("partner_id", "in", partner_ids)]
        notices = self.env["dunning.notice"].search(domain)
        proposals = notices.filtered(lambda notice: notice.state == "proposed")
        self.env["dunning.proposal"]._refresh_notices(proposals)
        approved = notices - proposals
        settled = approved.filtered(lambda notice: not notice._is_still_open())
        settled._cancel(self.env._("Nothing is left to claim: paid, covered, disputed or held."))
        if self._may_send():
            waiting = (approved - settled).filtered(lambda n: not n._is_handed_out())
            self.env["dunning.sender"]._send(waiting)
            # Made in discovery, over stale bank data, or without an address at the time.
            kept_back = proposals.filtered(lambda n: n.state == "proposed" and n._is_automatic())
            kept_back._approve(self.env.user)
            self.env["dunning.sender"]._send(kept_back)

    def _call_off_batch(self, partner_ids):
        """Call off the further calls to these customers about what is settled."""
        further = self.env["dunning.delivery"]._get_further_calls(self.company_id)
        further.filtered(lambda d: d.partner_id.id in partner_ids)._cancel_settled()

    def _give_up_batch(self, partner_ids):
        """What queues did not send to these customers by its last day has failed."""
        unsaid = self.env["dunning.delivery"]._get_unsaid(self.company_id)
        unsaid.filtered(lambda d: d.partner_id.id in partner_ids)._give_up()

    def _close_batch(self, partner_ids):
        """Close the calls and visits with these customers that nobody did in time."""
        late = self.env["dunning.delivery"]._get_overdue_tasks(self.company_id)
        late.filtered(lambda d: d.partner_id.id in partner_ids)._close_overdue()

    def _serve_batch(self, partner_ids):
        """Propose for these customers, and in mode live send what needs nobody."""
        self._note_alive()
        notices = self.env["dunning.proposal"]._create_notices(self.company_id, partner_ids, self)
        if self._may_send():
            automatic = notices.filtered(lambda notice: notice._is_automatic())
            automatic._approve(self.env.user)
            self.env["dunning.sender"]._send(automatic)
        self._tell_salespeople(notices)

    def _may_send(self):
        """Nothing is sent as of a day that has passed, nor by a run that went on past midnight."""
        return self.mode == "live" and not self.warning and not self._is_past()

    def _is_past(self):
        return self.date < self.company_id._get_dunning_today()

    def _tell_salespeople(self, notices):
        """Tell the customer's salesperson, where the step says so, by a task without amounts.

        Of a suspension they are told when it is announced (``dunning.notice._tell_suspension``).
        """
        for notice in notices._filter_steps(lambda step: step.notify_salesperson):
            summary = labelled(self.env, notice.partner_id.display_name, notice.step_id.name)
            notice._schedule_task(notice._get_salesperson(), summary)

    def _note_obstacles(self, company):
        """Say why this run sends nothing by itself, or nothing."""
        newest = company._get_dunning_stale_bank_date()
        if self.mode == "live" and self._is_past():
            self.warning = self.env._("This day has passed: it is proposed, and nothing is sent.")
        else:
            self.warning = newest and self.env._(
                "Nothing is sent automatically: the newest bank movement is of %(date)s. "
                "Import the bank statements, then launch again.",
                date=format_date(self.env, newest),
            )

    def _get_pending_partner_ids(self):
        """Customers who have a notice that waits, proposed or approved."""
        groups = self.env["dunning.notice"]._read_group(self._get_pending_domain(), ["partner_id"])
        return sorted(partner.id for (partner,) in groups)

    def _get_pending_domain(self):
        """Notices that wait; those of a later day are nothing to a run of a day that has passed."""
        return [
            ("company_id", "=", self.company_id.id),
            ("state", "in", LIVE_STATES),
            ("date", "<=", self.date),
        ]

    # ------------------------------------------------------------
    # THE REPORT
    # ------------------------------------------------------------

    def _finish(self):
        """Count what was looked at and what was held, and close the run."""
        rows = self.env.execute_query(
            SQL(
                "SELECT hold_reason, count(*) FROM (%s) AS decision GROUP BY hold_reason",
                self.env["dunning.decision"]._get_query(company_ids=self.company_id.ids),
            )
        )
        self.write(
            {
                "state": "done",
                "date_end": fields.Datetime.now(),
                "item_count": sum(count for _reason, count in rows),
                "held_counts": {reason: count for reason, count in rows if reason},
                "log": self._get_log(),
            }
        )
        self._tell_not_served()

    def _get_log(self):
        lines = [self.warning] if self.warning else []
        lines.append(
            self.env._(
                "%(made)s notices made, %(sent)s sent, %(failed)s failures.",
                made=self.notice_count,
                sent=self.sent_count,
                failed=self.failure_count,
            )
        )
        lines += [
            labelled(
                self.env, failure.partner_id.display_name or self.display_name, failure.message
            )
            for failure in self.failure_ids
        ]
        return "\n".join(lines)

    def _note_failure(self, partner_id, error, notice=None):
        """Name the customer who could not be served, once a run; the others go on."""
        _logger.info("Dunning run %s failed for partner %s", self.id, partner_id, exc_info=error)
        is_known = isinstance(error, Exception)
        vals = {
            "message": self.env["dunning.sender"]._get_error_message(error),
            "traceback": is_known and "".join(traceback.format_exception(error)),
        }
        of = {"run_id": self.id, "partner_id": partner_id, "notice_id": notice and notice.id}
        same = [(name, "=", value or False) for name, value in of.items()]
        # the scheduler calls again for what is left, and with it for who failed before
        known = self.env["dunning.run.failure"].search(same)
        known.write(vals) if known else known.create({**of, **vals})

    # ------------------------------------------------------------
    # SCHEDULED ACTION
    # ------------------------------------------------------------

    @api.model
    def _cron_launch(self):
        """Launch today's runs of the companies that work today.

        Called again by the scheduler until everybody was served: it goes by what the last batch
        said is left, so after a company that is out of time no other is begun.
        """
        roots = self.env["res.company"]._get_dunning_roots()
        for company in roots.filtered(lambda c: c._is_dunning_working_day(c._get_dunning_today())):
            if not self._launch_safely(company):
                break

    @api.model
    def _launch_safely(self, company):
        """:return: whether there was time for all; a run that fails says why, and stops no other"""
        try:
            return self.launch(companies=company).state != "running"
        except Exception:
            _logger.exception("The dunning run of %s failed", company.name)
            self.env["dunning.batch"]._rollback()
            return True

    def action_launch(self):
        """Launch this run's company again, for today; what is left after a while is the cron's."""
        limited = self.with_context(**{END_TIME: time.monotonic() + BUTTON_SECONDS})
        runs = limited.launch(companies=self.company_id or None).with_env(self.env)
        if "running" in runs.mapped("state"):
            self.env.ref("relance_graduee.ir_cron_dunning_run").sudo()._trigger()
        return runs._get_records_action() if len(runs) == 1 else True
