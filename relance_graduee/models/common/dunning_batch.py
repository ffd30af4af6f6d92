import time
from contextlib import contextmanager

from odoo import api, models, modules

from .machine_fault import is_machine_fault

# How often a batch that conflicted with another transaction is tried again.
MAX_TRIES = 5
# PostgreSQL's errors for two transactions in conflict: serialization failure, deadlock, lock not
# available.
CONFLICTS = ("40001", "40P01", "55P03")
# PostgreSQL's error when the other transaction created the same row first.
UNIQUE_VIOLATION = "23505"
# Odoo kills a scheduled job that takes too long (``limit_time_real_cron``) with all that its
# transaction did. So a batch is to take so many seconds: it begins small, and grows as it may.
BATCH_SECONDS = 5
FIRST_BATCH = 10
# Context key: the moment (``time.monotonic``) at which a job that is no scheduled action stops.
END_TIME = "batch_end_time"


class DunningBatch(models.AbstractModel):
    """Does a long job in batches: so many records in one transaction, then the next ones.

    A job is a method that takes ids. It stands on any model, decides afresh and writes; it
    neither locks, commits nor catches::

        class DunningExample(models.AbstractModel):
            _name = "dunning.example"

            def _cron_tidy(self):
                for company in self.env["res.company"]._get_dunning_roots():
                    in_time = self.env["dunning.batch"]._do_all(
                        self, "_tidy", self._get_customer_ids(company), 200,
                        company=company, on_failure="_note_untidy", arguments=[company.id],
                    )
                    if not in_time:
                        return

            def _tidy(self, partner_ids, company_id): ...

            def _note_untidy(self, partner_id, error, company_id): ...

    Each batch (``_perform``):

    1. begins a transaction, locks its customers where a ``company`` is given (``dunning.lock``),
       and calls the method;
    2. commits, and tells the scheduled action how many are done and left. When its time is up,
       ``_do_all`` returns False: whoever called stops, and is called again by the scheduler.
       A batch under a clock is as large as ``BATCH_SECONDS`` allow, ``size`` at most;
    3. meets another transaction: is rolled back and tried again on fresh data, ``MAX_TRIES`` times;
    4. fails: is rolled back and done one by one, while there is time. Who still fails is told to
       ``on_failure``, once; the others are done.

    A fault of our own machine (``machine_fault``) stops the job: its batch is rolled back, and
    whoever called tells it.

    A job is killed between two batches without harm, if ids are asked for anew when it is launched
    again: so ask for those that are still to be done.

    A batch is plain data (``_prepare_batch``): a queue can write it down, and another process can
    take it up. ``_run_batch`` does it here and now; an add-on that has a queue overrides that
    method alone, and lets a job of the queue call ``_perform``. It is to keep the batches of one
    company in their order: the later ones decide on what the earlier ones left.

    Inside a test nothing is committed: savepoints take the place of transactions.
    """

    _name = "dunning.batch"
    _description = "Batch of a long job"

    @api.model
    def _do_all(self, records, method, ids, size, on_failure, company=None, arguments=()):
        """Call ``records.method(some ids, *arguments)`` until all ``ids`` are done.

        In the environment of ``records``: its user and rights, and of its context what
        ``_get_kept_context`` keeps.

        :param records: on which the methods are called; a model without records will do
        :param method: name of the method that does the work
        :param ids: of whatever the work is about; of customers (res.partner) with ``company``
        :param size: of a batch
        :param on_failure: name of a method ``(id, error, *arguments)`` that notes who was not done
        :param company: root company for which the customers are locked
        :param arguments: further arguments of the work, plain values
        :return: False when the time was up before the end
        """
        batches, left = self.with_env(records.env), list(ids)
        number = batches._get_first_size(size)
        while left:
            some, left = left[:number], left[number:]
            batch = self._prepare_batch(records, method, some, on_failure, company, arguments)
            began = time.monotonic()
            undone = batches._run_batch(batch) or []
            number = batches._get_next_size(number, size, time.monotonic() - began)
            left = undone + left
            if not batches._commit(len(some) - len(undone), len(left)) and left:
                return False
        return True

    @api.model
    def _get_first_size(self, size):
        """How many the first batch has: few under a clock, since nobody knows what they cost."""
        return min(size, FIRST_BATCH) if self._has_clock() else size

    @api.model
    def _get_next_size(self, number, size, seconds):
        """How many the next batch has, after one of ``number`` that took ``seconds``."""
        if not self._has_clock():
            return size
        growth = min(10, BATCH_SECONDS / max(seconds, 0.01))
        return max(1, min(size, int(number * growth)))

    @api.model
    def _has_clock(self):
        """Whether somebody kills what takes too long: a scheduled action, a request."""
        return bool({"cron_end_time", END_TIME} & self.env.context.keys())

    @api.model
    def _is_time_up(self):
        ends = [self.env.context.get(key) for key in ("cron_end_time", END_TIME)]
        return time.monotonic() >= min((end for end in ends if end), default=float("inf"))

    @api.model
    def _prepare_batch(self, records, method, ids, on_failure, company, arguments):
        """A batch as plain data: what ``_perform`` needs in any process. Writes nothing."""
        return {
            "model": records._name,
            "record_ids": records.ids,
            "method": method,
            "ids": ids,
            "arguments": list(arguments),
            "on_failure": on_failure,
            "company_id": company.id if company else None,
            "context": self._get_kept_context(records.env.context),
        }

    @api.model
    def _get_kept_context(self, context):
        """The context without the scheduler's own keys."""
        names = ("lang", "tz", "allowed_company_ids")
        return {k: v for k, v in context.items() if k in names or k.startswith("dunning_")}

    @api.model
    def _run_batch(self, batch):
        """Do ``batch`` (see ``_prepare_batch``). To override: hand it to a queue instead.

        As ``self.with_delay()._perform(batch)`` does with OCA's queue_job.

        :return: see ``_perform``; None is as good as nothing left
        """
        return self._perform(batch)

    @api.model
    def _perform(self, batch):
        """Do ``batch`` in a transaction of its own; when that fails, one by one.

        :return: list of the ids that were not come to before the time was up
        :raise: a fault of our own machine (``machine_fault``): it is no use to go on
        """
        ids, error = batch["ids"], self._try(batch)
        if is_machine_fault(error):
            raise error
        if error and len(ids) > 1:
            return self._perform_each(batch)
        if error:
            note = getattr(self._get_records(batch), batch["on_failure"])
            self._settle(note, ids[0], error, *batch["arguments"])
        return []

    @api.model
    def _perform_each(self, batch):
        """One by one, the first in any case, the others while there is time."""
        ids = batch["ids"]
        for place, id_ in enumerate(ids):
            if place and self._is_time_up():
                return ids[place:]
            self._perform({**batch, "ids": [id_]})
        return []

    @api.model
    def _try(self, batch):
        """:return: the exception that kept ``batch`` from being done, or None"""
        try:
            self._settle(self._call, batch)
        except Exception as error:
            return error
        return None

    @api.model
    def _call(self, batch):
        """Lock the customers and do the work; the lock is the first statement."""
        company = self.env["res.company"].browse(batch["company_id"])
        if company:
            self.env["dunning.lock"]._acquire(company, batch["ids"])
        method = getattr(self._get_records(batch), batch["method"])
        method(batch["ids"], *batch["arguments"])

    @api.model
    def _get_records(self, batch):
        # tasks are told by the queue: no batch waits for a mail server that does not answer
        context = {**batch["context"], "mail_notify_force_send": False}
        model = self.env[batch["model"]].with_context(**context)
        return model.browse(batch["record_ids"])

    # ------------------------------------------------------------
    # TRANSACTIONS
    # ------------------------------------------------------------

    @api.model
    def _settle(self, work, *arguments):
        """Call ``work`` in a transaction of its own, again when it met another transaction.

        :return: its result
        :raise: what it raises, when that is no conflict or ``MAX_TRIES`` were in vain
        """
        tries = 0
        while True:
            tries += 1
            try:
                with self._transaction():
                    return work(*arguments)
            except Exception as error:
                is_double = getattr(error, "pgcode", None) == UNIQUE_VIOLATION
                if tries == MAX_TRIES or not (is_double or self._is_conflict(error)):
                    raise

    @api.model
    def _is_conflict(self, error):
        """Whether ``error`` means that two transactions met: trying again on fresh data helps."""
        return getattr(error, "pgcode", None) in CONFLICTS

    @contextmanager
    def _transaction(self):
        """A fresh transaction, committed at the end; inside a test, a savepoint."""
        try:
            if modules.module.current_test:
                with self.env.cr.savepoint():
                    yield
            else:
                self._commit()
                yield
                self._commit()
        except Exception:
            self._rollback()
            raise

    @api.model
    def _commit(self, processed=0, remaining=None):
        """Commit, and tell the scheduled action how far we are.

        :return: seconds left (infinite outside a scheduled action)
        """
        self.env.flush_all()
        if modules.module.current_test:
            return float("inf")
        seconds = self.env["ir.cron"]._commit_progress(processed, remaining=remaining)
        return 0 if self._is_time_up() else seconds

    @api.model
    def _rollback(self):
        """Forget what the transaction did, in the cache as well; inside a test, there alone."""
        if not modules.module.current_test:
            self.env.cr.rollback()
        self.env.invalidate_all(flush=False)
