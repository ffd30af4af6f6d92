"""A long job in batches: what commits, what is tried again, who is noted, and who may queue it."""

import json
from unittest.mock import patch

from psycopg2 import errors

from odoo import api, models
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.json import json_default

from .common import DunningCommon

QUEUE = []
RUN_LOGGER = "odoo.addons.relance_graduee.models.run.dunning_run"


class BatchCommon(DunningCommon):
    """The job of these tests is a method that is patched onto ``dunning.retention``: any model."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.model = cls.env["dunning.retention"]
        cls.batches = cls.env["dunning.batch"]

    def _do_all(self, work, ids, size=2, **options):
        """:return: tuple (result, list of what ``on_failure`` was told)"""
        noted = []

        def note(_self, id_, error, *arguments):
            noted.append((id_, str(error), *arguments))

        with (
            patch.object(type(self.model), "_work", work, create=True),
            patch.object(type(self.model), "_note", note, create=True),
        ):
            result = self.batches._do_all(self.model, "_work", ids, size, "_note", **options)
        return result, noted


@tagged("post_install", "-at_install")
class TestBatch(BatchCommon):
    def test_so_many_at_a_time_with_the_arguments(self):
        seen = []

        def work(_self, ids, *arguments):
            seen.append((ids, arguments))

        result = self._do_all(work, [1, 2, 3], arguments=[5])
        self.assertEqual(result, (True, []))
        self.assertEqual(seen, [([1, 2], (5,)), ([3], (5,))])

    def test_nothing_to_do_asks_for_nothing(self):
        self.assertEqual(self._do_all(None, []), (True, []))

    def test_culprit_is_noted_once_and_the_others_are_done(self):
        done = []

        def work(_self, ids, _argument):
            if 2 in ids:
                raise ZeroDivisionError("this one breaks it")
            done.extend(ids)

        _result, noted = self._do_all(work, [1, 2, 3, 4], size=4, arguments=["kept"])
        self.assertEqual(done, [1, 3, 4])
        self.assertEqual(noted, [(2, "this one breaks it", "kept")])

    def test_what_a_failed_batch_wrote_is_undone(self):
        partner = self.customer

        def work(_self, ids):
            partner.ref = f"{partner.ref or ''}{ids}"
            if len(ids) > 1:
                raise ZeroDivisionError

        self._do_all(work, [1, 2])
        self.assertEqual(partner.ref, "[1][2]")

    def test_conflict_is_tried_again(self):
        tries = []

        def work(_self, ids):
            tries.append(ids)
            if len(tries) < 3:
                raise errors.SerializationFailure()

        with self._as_conflicts():
            self.assertEqual(self._do_all(work, [1, 2]), (True, []))
        self.assertEqual(tries, [[1, 2]] * 3)

    def test_conflict_that_stays_is_noted_once(self):
        def work(_self, ids):
            raise errors.SerializationFailure()

        with self._as_conflicts():
            _result, noted = self._do_all(work, [1])
        self.assertEqual(len(noted), 1)

    def _as_conflicts(self):
        """A psycopg2 error that Python made has no code: its class says which it is."""

        def is_conflict(_self, error):
            return isinstance(error, errors.SerializationFailure)

        return patch.object(type(self.batches), "_is_conflict", is_conflict)

    def test_stops_when_the_time_is_up_and_says_what_is_left(self):
        told = []

        def commit(_self, processed=0, remaining=None):
            told.append((processed, remaining))
            return 0  # seconds

        done = []

        def work(_self, ids):
            done.extend(ids)

        with patch.object(type(self.batches), "_commit", commit):
            self.assertEqual(self._do_all(work, [1, 2, 3])[0], False)
            self.assertEqual((done, told), ([1, 2], [(2, 1)]))
            self.assertEqual(self._do_all(work, [3])[0], True, "nothing is left")

    def test_customers_are_locked_first(self):
        order = []

        def acquire(_self, company, ids):
            order.append((company, ids))

        with patch.object(type(self.env["dunning.lock"]), "_acquire", acquire):
            self._do_all(lambda _self, ids: order.append("work"), [7], company=self.company)
        self.assertEqual(order, [(self.company, [7]), "work"])


class BatchOfAQueue(models.AbstractModel):
    """An add-on with a queue: all of it. It writes batches down as text, in ``QUEUE``."""

    _inherit = "dunning.batch"
    _module = None

    @api.model
    def _run_batch(self, batch):
        QUEUE.append(json.dumps(batch, default=json_default))


@tagged("post_install", "-at_install")
class TestQueue(BatchCommon):
    """An add-on with a queue overrides ``_run_batch`` alone: each job of ours goes that way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._extend_models(BatchOfAQueue)

    def setUp(self):
        super().setUp()
        QUEUE.clear()

    def test_run(self):
        invoice = self._invoice(6)
        run = self._launch()
        self.assertFalse(run.notice_ids, "nothing is done by the run itself")
        (batch,) = self._work_off(QUEUE)
        self.assertEqual((batch["model"], batch["method"]), ("dunning.run", "_serve_batch"))
        run.invalidate_recordset()
        self.assertEqual(run.notice_ids.line_ids.move_id, invoice)
        self.assertEqual(run.notice_ids.date, self.day, "the day of the run, not of the queue")

    def test_failure_is_noted_by_the_queue(self):
        self._invoice(6)
        run = self._launch()

        def fail(_self, *_arguments):
            raise ZeroDivisionError("this customer breaks it")

        proposal = type(self.env["dunning.proposal"])
        with patch.object(proposal, "_create_notices", fail), mute_logger(RUN_LOGGER):
            self._work_off(QUEUE)
        self.assertEqual(run.failure_ids.partner_id, self.customer)
        self.assertEqual(len(run.failure_ids), 1, "it was noted once for each try")

    def test_penalties(self):
        self._invoice(6)
        self.env["dunning.penalty"]._cron_accrue()
        self.assertFalse(self._get_penalties())
        methods = {batch["method"] for batch in self._work_off(QUEUE)}
        self.assertEqual(methods, {"_accrue_batch"})
        self.assertTrue(self._get_penalties())

    def _get_penalties(self):
        return self.env["dunning.penalty"].search([("partner_id", "=", self.customer.id)])
