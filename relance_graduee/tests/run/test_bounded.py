"""No transaction is of unbounded cost under a watchdog: invoices are printed before, one by one,
and a batch is as large as its time allows."""

import time
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.common.dunning_batch import BATCH_SECONDS, END_TIME, FIRST_BATCH
from ..common_channels import make_pdf
from ..test_batch import BatchCommon
from .test_sending import SendingCommon

RUN = "odoo.addons.relance_graduee.models.run.dunning_run"
ENCLOSURE = "odoo.addons.relance_graduee.models.letter.dunning_notice_enclosure"


@tagged("post_install", "-at_install")
class TestInvoicesArePrintedBefore(SendingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.steps[0].write({"approval": "auto", "attach_invoices": True})

    def _launch_watched(self, is_broken=lambda move: False, **options):
        """Launch with a printing that is watched: ``(invoice, (ids, method) of its batch)``."""
        printed, batches = [], []
        model, batch_model = type(self.env["account.move"]), type(self.env["dunning.batch"])
        perform = batch_model._perform

        def watch(batches_model, batch):
            batches.append((batch["ids"], batch["method"]))
            try:
                return perform(batches_model, batch)
            finally:
                batches.pop()

        def make(move):
            printed.append((move, batches[-1]))
            if is_broken(move):
                raise ZeroDivisionError("this invoice breaks it")
            move.env["ir.attachment"].sudo().create(
                {
                    "name": "invoice.pdf",
                    "raw": make_pdf(move.name),
                    "res_model": "account.move",
                    "res_id": move.id,
                    "res_field": "invoice_pdf_report_file",
                }
            )
            move.invalidate_recordset(["invoice_pdf_report_id", "invoice_pdf_report_file"])

        with (
            patch.object(model, "_make_dunning_pdf", make),
            patch.object(batch_model, "_perform", watch),
            mute_logger(RUN, ENCLOSURE),
        ):
            return self._launch(**options), printed

    def test_each_in_a_transaction_of_its_own_and_none_in_a_batch_of_customers(self):
        due = self._due(0) | self._due(0) | self._due(0, self._create_customer("Other"))
        self._due(2, self._create_customer("Without enclosures"))
        run, printed = self._launch_watched()
        self.assertEqual([move for move, _batch in printed], list(due.sorted("id")))
        self.assertEqual({batch for _m, (_ids, batch) in printed}, {"_print_batch"})
        self.assertEqual([len(ids) for _m, (ids, _b) in printed], [1, 1, 1])
        mails = run.notice_ids.delivery_ids.mail_id
        printed = set(due.invoice_pdf_report_id.mapped("checksum"))
        self.assertEqual(len(printed & set(mails.attachment_ids.mapped("checksum"))), 3, "copies")

    def test_proposals_that_wait_are_printed_for_too(self):
        self.steps[0].approval = "confirm"
        invoice = self._due(0)
        run, _printed = self._launch_watched()
        self.assertEqual(run.notice_ids.state, "proposed")
        self.assertTrue(invoice.invoice_pdf_report_id)

    def test_discovery_prints_nothing(self):
        self.company.dunning_mode = "discovery"
        self._due(0)
        self.assertFalse(self._launch_watched()[1])

    def test_an_invoice_that_cannot_be_printed_is_tried_once_before_and_stops_no_other(self):
        bad, good = self._create_customer("Bad"), self._create_customer("Good")
        for partner in (bad, good):
            self._due(0, partner)
        run, printed = self._launch_watched(lambda move: move.partner_id == bad)
        before = [move.partner_id for move, (_ids, method) in printed if method == "_print_batch"]
        self.assertEqual(before, [bad, good])
        self.assertEqual(self._notices(run, bad).state, "proposed")
        self.assertEqual(self._notices(run, good).state, "sent")
        _run, printed = self._launch_watched(lambda move: move.partner_id == bad)
        self.assertNotIn("_print_batch", [method for _m, (_ids, method) in printed])

    def test_a_person_who_sends_many_waits_a_bounded_time_and_loses_nothing(self):
        self.steps[0].approval = "confirm"
        first = self._due(0)
        self._due(0)
        with patch.object(type(self.env["dunning.notice"]), "_print_invoices", lambda _s, _i: None):
            notice = self._notices(self._launch())
        notice.action_approve()

        def make(move):
            self._attach_pdf(move)

        with (
            patch("odoo.addons.relance_graduee.models.run.dunning_notice.PRINT_SECONDS", -1),
            patch.object(
                type(self.env["dunning.batch"]),
                "_commit",
                lambda batches, *_a, **_k: 0 if batches._is_time_up() else 1,
            ),
            patch.object(type(first), "_make_dunning_pdf", make),
            self.assertRaisesRegex(UserError, "1 invoices .* without a PDF"),
        ):
            notice.with_user(self.collector).action_send()
        self.assertEqual(notice.state, "approved")


@tagged("post_install", "-at_install")
class TestTime(BatchCommon):
    def _get_sizes(self, count, seconds, size=100):
        """How many each batch has where one record takes so many ``seconds``."""
        sizes, clock = [], [1000.0]

        def work(_self, ids):
            sizes.append(len(ids))
            clock[0] += len(ids) * seconds

        batches = self.batches.with_context(**{END_TIME: 1e9})
        records = self.model.with_context(**{END_TIME: 1e9})
        with (
            patch("odoo.addons.relance_graduee.models.common.dunning_batch.time") as fake,
            patch.object(type(self.model), "_work", work, create=True),
        ):
            fake.monotonic = lambda: clock[0]
            batches._do_all(records, "_work", list(range(count)), size, "_note")
        return sizes

    def test_a_batch_under_a_clock_begins_small_and_grows_to_its_size(self):
        self.assertEqual(self._get_sizes(250, 0.001), [FIRST_BATCH, 100, 100, 40])

    def test_a_batch_that_takes_long_gets_smaller(self):
        # ten at 2 s take 20 s: a quarter of them fit, then 5 s a batch
        self.assertEqual(BATCH_SECONDS, 5)
        self.assertEqual(self._get_sizes(16, 2), [10, 2, 2, 2])

    def test_one_by_one_ends_when_the_time_is_up(self):
        done = []

        def work(_self, ids):
            if len(ids) > 1:
                raise ZeroDivisionError
            done.extend(ids)

        self.model = self.model.with_context(**{END_TIME: time.monotonic() - 1})
        with patch.object(type(self.batches), "_commit", lambda *_a, **_k: 0):
            result = self._do_all(work, [1, 2, 3], size=3)
        self.assertEqual((result, done), ((False, []), [1]))
