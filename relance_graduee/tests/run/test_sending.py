"""Nothing goes out unchecked, nothing twice, and what went out is never changed."""

import hashlib
import json
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import DunningCommon
from ..common_channels import ChannelCommon


class SendingCommon(ChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.steps[0].approval = "confirm"

    def _mails(self, partner=None):
        return self.env["mail.mail"].search(
            [("recipient_ids", "in", (partner or self.customer).ids)]
        )

    def _numbers(self, notice):
        return set(notice.line_ids.filtered("live").mapped("number"))


@tagged("post_install", "-at_install")
class TestLookAgain(SendingCommon):
    """Between the proposal and the sending."""

    def setUp(self):
        super().setUp()
        self.first, self.second = self._due(0), self._due(0, amount=500)
        self.notice = self._notices(self._launch())
        self.assertEqual((self.notice.state, self.notice.amount_total), ("proposed", 1500))

    def _assert_only_second_left(self):
        self._send(self.notice)
        self.assertEqual((self.notice.state, self.notice.amount_total), ("sent", 500))
        self.assertEqual(self._numbers(self.notice), {self.second.name})
        self.assertFalse(self._term_lines(self.first).dunning_step_id, "it did not advance")
        self.assertEqual(self._term_lines(self.second).dunning_step_id, self.steps[0])

    def test_paid_drops_out(self):
        self._pay(self.first)
        self._assert_only_second_left()

    def test_disputed_drops_out(self):
        self._term_lines(self.first)._set_dunning_disputed(True, "Wrong price")
        self._assert_only_second_left()

    def test_cancelled_drops_out(self):
        self.first.button_draft()
        self.first.button_cancel()
        self._assert_only_second_left()

    def test_excluded_drops_out(self):
        self.first.no_followup = True
        self._assert_only_second_left()

    def test_figures_are_made_anew(self):
        self._pay(self.first, 400)
        self._send(self.notice)
        self.assertEqual(self.notice.amount_total, 1100)

    def test_a_credit_is_taken_into_account(self):
        self._credit(300)
        self._send(self.notice)
        self.assertEqual(self.notice.amount_total, 1200)
        self.assertIn(-300, self.notice.line_ids.mapped("amount_residual"))

    def test_what_a_credit_covers_does_not_advance(self):
        self._credit(1000)
        self._send(self.notice)
        self.assertEqual((self.notice.state, self.notice.amount_total), ("sent", 500))
        self.assertFalse(self._term_lines(self.first).dunning_step_id)

    def _assert_cancelled(self):
        self._send(self.notice)
        self.assertEqual(self.notice.state, "cancelled")
        self.assertIn("paid, covered, disputed", self.notice.cancel_reason)
        self.assertFalse(self.notice.delivery_ids)
        self.assertFalse(self._mails())
        self.assertFalse(self.notice.name, "no number was drawn")

    def test_left_empty_it_is_cancelled_with_the_reason(self):
        self._pay(self.first | self.second)
        self._assert_cancelled()

    def test_all_covered_it_is_cancelled(self):
        self._credit(1500)
        self._assert_cancelled()

    def test_customer_paused_it_is_cancelled(self):
        self.customer._set_dunning_pause(self._at(10), "Promised on the phone")
        self._assert_cancelled()

    def test_approved_it_keeps_to_the_approved_items(self):
        self.notice.action_approve()
        self._due(0, amount=99)
        self._send(self.notice)
        self.assertEqual((self.notice.state, self.notice.amount_total), ("sent", 1500))

    def test_not_yet_approved_it_takes_in_what_became_overdue(self):
        self._due(0, amount=99)
        self._launch(1)
        self.assertEqual((self.notice.state, self.notice.amount_total), ("proposed", 1599))

    # ------------------------------------------------------------
    # TAKEN OUT
    # ------------------------------------------------------------

    def _take_out(self, invoice, reason="Being looked into"):
        line = self.notice.line_ids.filtered(lambda line: line.move_id == invoice)
        wizard = self.env["dunning.take.out"].with_user(self.collector)
        wizard.create({"line_ids": line.ids, "reason": reason}).action_take_out()
        return line

    def test_taken_out_the_others_go_and_it_returns_next_time(self):
        line = self._take_out(self.first)
        self.assertEqual(self.notice.amount_total, 500)
        self._launch()
        self.assertFalse(line.live, "the next run does not put it back")
        self._assert_only_second_left()
        self.assertEqual(line.removed_reason, "Being looked into")
        again = self._notices(self._launch(5))
        self.assertEqual(again.state, "proposed")
        self.assertIn(self.first.name, self._numbers(again))
        advancing = again.line_ids.filtered("advances")
        self.assertEqual((advancing.move_id, advancing.step_id), (self.first, self.steps[0]))

    def test_taken_out_with_a_reason_only(self):
        with self.assertRaisesRegex(UserError, "Say why"):
            self._take_out(self.first, reason="  ")

    def test_not_taken_out_of_what_was_approved(self):
        self.notice.action_approve()
        with self.assertRaisesRegex(UserError, "approved"):
            self._take_out(self.first)

    def test_all_taken_out_nothing_leaves(self):
        self._take_out(self.first)
        self._take_out(self.second)
        self._assert_cancelled()

    # ------------------------------------------------------------
    # PEOPLE MOVE
    # ------------------------------------------------------------

    def test_archived_customer_is_still_written_to(self):
        self.customer.active = False
        self._send(self.notice)
        self.assertEqual((self.notice.state, self.notice.failure_reason), ("sent", False))
        self.assertEqual(len(self._mails()), 1)

    def _merge(self, source, target):
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            [source.id, target.id], target
        )
        self.env.invalidate_all()

    def test_merged_into_a_customer_without_reminder(self):
        target = self._create_customer("Target")
        self._merge(self.customer, target)
        self._send(self.notice)
        self.assertEqual((self.notice.state, self.notice.partner_id), ("sent", target))
        self.assertEqual(len(self._mails(target)), 1)

    def test_merged_with_a_customer_who_has_one_too_gets_one(self):
        target = self._create_customer("Target")
        third = self._due(0, target, amount=200)
        theirs = self._notices(self._launch(), target)
        self._merge(self.customer, target)
        run = self._launch(1)
        self.assertFalse(run.failure_ids, run.log)
        live = (self.notice | theirs).exists().filtered(lambda n: n.state == "proposed")
        self.assertEqual(len(live), 1)
        self.assertEqual(self._numbers(live), {self.first.name, self.second.name, third.name})
        self._send(live, 1)
        self.assertEqual((live.state, live.amount_total), ("sent", 1700))

    def test_merged_both_approved_says_nothing_twice(self):
        target = self._create_customer("Target")
        self._due(0, target, amount=200)
        theirs = self._notices(self._launch(), target)
        both = self.notice | theirs
        both.action_approve()
        self._merge(self.customer, target)
        with self._clock():
            both.action_send()
        lines = both.exists().filtered(lambda n: n.state == "sent").line_ids.filtered("advances")
        self.assertEqual(len(lines), len(lines.move_line_id), "each item once")

    def test_merging_keeps_the_proofs(self):
        self._send(self.notice)
        target = self._create_customer("Target")
        self._due(0, target)
        theirs = self._notices(self._launch(), target)
        self._send(theirs)
        self._merge(self.customer, target)
        self.assertEqual(set((self.notice | theirs).exists().mapped("state")), {"sent"})
        self.assertEqual((self.notice | theirs).partner_id, target)


@tagged("post_install", "-at_install")
class TestSent(SendingCommon):
    def _sent(self, partner=None):
        self._due(0, partner)
        notice = self._notices(self._launch(), partner)
        self._send(notice)
        self.assertEqual((notice.state, notice.failure_reason), ("sent", False))
        return notice

    def test_sending_twice_is_harmless(self):
        notice = self._sent()
        notice.action_send()
        self._send(notice)
        self.assertEqual(len(self._mails()), 1)
        self.assertEqual(len(notice.delivery_ids), 1)

    def test_sending_a_letter_on_the_list_again_is_harmless(self):
        self.steps[2].send_email = False
        notice = self._propose(2)
        notice.action_send()
        self.assertEqual(len(notice.delivery_ids), 1)

    def test_proposal_is_not_sent(self):
        self._due(0)
        notice = self._notices(self._launch())
        with self.assertRaisesRegex(UserError, "Approve the proposal first"):
            notice.action_send()
        self.assertFalse(self._mails())

    def test_cancelled_is_not_sent_and_sent_is_not_cancelled(self):
        notice = self._sent()
        with self.assertRaisesRegex(UserError, "cannot be cancelled"):
            notice.action_cancel()
        other = self._create_customer("Other")
        self._due(0, other)
        cancelled = self._notices(self._launch(), other)
        cancelled.action_cancel()
        cancelled.action_send()
        self.assertEqual(cancelled.state, "cancelled")
        self.assertFalse(self._mails(other))

    def test_refuses_to_be_changed_for_superuser_too(self):
        notice = self._sent().sudo()
        for vals in (
            {"amount_total": 1},
            {"state": "proposed"},
            {"partner_id": self.manager.partner_id.id},
            {"sha256": "0"},
            {"attachment_id": False},
            {"subject": "Other"},
            {"policy_snapshot": {}},
            {"recipients": "x"},
            {"line_ids": [(5,)]},
            {"delivery_ids": [(5,)]},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                notice.write(vals)
        with self.assertRaisesRegex(UserError, "can no longer be deleted"):
            notice.unlink()

    def test_lines_refuse_to_be_changed(self):
        line = self._sent().sudo().line_ids
        with self.assertRaisesRegex(UserError, "no longer be changed"):
            line.amount_residual = 1
        with self.assertRaisesRegex(UserError, "no longer be changed"):
            line.unlink()
        with self.assertRaisesRegex(UserError, "no longer be changed"):
            line.copy()

    def test_document_refuses_to_be_changed(self):
        document = self._sent().sudo().attachment_id
        for vals in (
            {"raw": b"other"},
            {"datas": b"b3RoZXI="},
            {"name": "other.pdf"},
            {"res_model": "res.partner", "res_id": self.customer.id},
            {"type": "url", "url": "https://elsewhere.example"},
            {"mimetype": "text/plain"},
        ):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "proof"):
                document.write(vals)
        with self.assertRaisesRegex(UserError, "proof"):
            document.unlink()

    def test_delivery_refuses_to_be_deleted(self):
        with self.assertRaisesRegex(UserError, "proof"):
            self._sent().delivery_ids.unlink()

    def test_the_entry_may_go_the_copy_stays(self):
        notice = self._sent()
        invoice = notice.line_ids.move_id
        number = invoice.name
        invoice.button_draft()
        invoice.with_context(force_delete=True).unlink()
        notice.invalidate_recordset()
        notice.line_ids.invalidate_recordset()
        self.assertEqual((notice.line_ids.number, notice.line_ids.amount_residual), (number, 1000))
        self.assertFalse(notice.line_ids.move_line_id)

    def test_fingerprint_is_that_of_the_document(self):
        notice = self._sent()
        self.assertEqual(notice.sha256, hashlib.sha256(notice.attachment_id.raw).hexdigest())

    def test_rule_and_recipients_are_kept_as_they_were(self):
        notice = self._sent()
        self.steps[0].write({"delay_days": 2, "name": "Renamed"})
        self.assertEqual(notice.policy_snapshot["delay_days"], 5)
        self.assertEqual(notice.policy_snapshot["step"], "E-mail")
        self.assertEqual(notice.policy_snapshot["channels"], ["email"])
        self.assertIn("customer@customer.example", notice.recipients)

    def test_texts_are_kept_as_they_were(self):
        """Template, language and the SHA-256 of what stood in it, by hand."""
        self.template.write({"subject": "Pay {{ object.text_amount }}", "body_html": "<p>Pay</p>"})
        notice = self._sent()
        words = json.dumps(["Pay {{ object.text_amount }}", "<p>Pay</p>"])
        version = {
            "source": f"mail.template,{self.template.id}",
            "name": self.template.name,
            "lang": "en_US",
            "text_version": hashlib.sha256(words.encode()).hexdigest(),
            "was_edited": False,
        }
        self.assertEqual(notice.policy_snapshot["texts"], {"email": version})
        self.template.subject = "Other"
        self.assertIn(version["text_version"][:8], notice.policy_snapshot_text)
        other = self._sent(self._create_customer("Later")).policy_snapshot["texts"]["email"]
        self.assertNotEqual(other["text_version"], version["text_version"])

    def test_texts_of_a_letter_are_those_that_were_printed(self):
        self.steps[2].write({"send_email": False, "approval": "confirm"})
        notice = self._propose(2)
        notice.with_user(self.collector).action_edit_text()
        self._send(notice)
        letter = self._delivery(notice, "letter")
        self.assertEqual(notice.state, "approved")
        printed = notice.policy_snapshot["texts"]["letter"]
        self.assertEqual(printed["source"], f"dunning.step,{self.steps[2].id}")
        self.assertTrue(printed["was_edited"])
        self.steps[2].letter_body = "<p>Changed between printing and posting</p>"
        letter.action_done(date=self.day)
        self.assertEqual(notice.state, "sent")
        self.assertEqual(notice.policy_snapshot["texts"], {"letter": printed})
        self.assertEqual(notice.policy_snapshot["channels"], ["letter"])

    def test_number_is_drawn_at_sending(self):
        self._due(0)
        notice = self._notices(self._launch())
        self.assertFalse(notice.name)
        self._send(notice)
        self.assertRegex(notice.name, r"^CPT/\d{4}/\d{5}$")

    def test_numbers_follow_each_other(self):
        numbers = [
            int(self._sent(self._create_customer(f"Customer {number}")).name[-5:])
            for number in range(3)
        ]
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 3)))


@tagged("post_install", "-at_install")
class TestObstacles(SendingCommon):
    """A message that an accountant can act on; the notice stays where it was."""

    def _create_failing_customer(self):
        """A customer whose ladder writes what an earlier version let be stored."""
        self.failing = self.template.copy()
        step = {"name": "E-mail", "delay_days": 5, "send_email": True}
        more = {"approval": self.steps[0].approval, "mail_template_id": self.failing.id}
        policy = self._create_policy("Failing", {**step, **more})
        self._store_text(self.failing, "body_html", "<t t-out='object.nothing_like_it'/>")
        return self._create_customer("Bad", dunning_policy_id=policy.id)

    def test_text_that_does_not_render_keeps_only_the_culprit(self):
        bad, good = self._create_failing_customer(), self._create_customer("Good")
        for partner in (bad, good):
            self._due(0, partner)
        run = self._launch()
        self._send(self._notices(run, bad) | self._notices(run, good))
        failed = self._notices(run, bad)
        self.assertEqual(failed.state, "proposed")
        name = self.failing.name
        self.assertIn(f"“Body” of “{name}” cannot be written: correct it", failed.failure_reason)
        self.assertIn("nothing_like_it", failed.failure_reason)
        self.assertNotIn("Traceback", failed.failure_reason)
        self.assertFalse(failed.delivery_ids)
        self.assertEqual(self._notices(run, good).state, "sent")
        self.assertFalse(self._mails(bad))

    def test_in_a_run_it_is_named_with_its_traceback_and_mended_it_leaves(self):
        self.steps[0].approval = "auto"
        bad, good = self._create_failing_customer(), self._create_customer("Good")
        for partner in (bad, good):
            self._due(0, partner)
        run = self._launch()
        self.assertEqual(run.state, "done")
        self.assertEqual(run.failure_ids.partner_id, bad)
        self.assertIn("Traceback", run.failure_ids.traceback)
        self.assertIn("Bad:", run.log)
        self.assertEqual(self._notices(run, good).state, "sent")
        self.failing.body_html = "<p>Mended</p>"
        self._launch(1)
        notice = self._notices(run, bad)
        self.assertEqual((notice.state, notice.failure_reason), ("sent", False))
        self.assertEqual(len(self._mails(bad)), 1)

    def test_customer_without_email(self):
        self.steps[0].approval = "auto"
        self.customer.email = False
        notice = self._propose(0)
        self.assertEqual(notice.state, "proposed")
        self.assertEqual(
            notice.failure_reason,
            "Customer has no valid e-mail address: enter one on the customer or on a contact.",
        )
        self.assertIn("Customer has no valid e-mail", notice.run_id.log)
        self.customer.email = "found@customer.example"
        self._launch(1)
        self.assertEqual((notice.state, notice.failure_reason), ("sent", False))

    def test_malformed_email_is_none(self):
        self.customer.email = "ask the secretary"
        self.steps[0].approval = "auto"
        self.assertIn("no valid e-mail", self._propose(0).failure_reason)

    def test_a_person_who_sends_is_told_what_is_missing(self):
        self.customer.email = False
        notice = self._propose(0)
        notice.action_approve()
        with self._clock():
            message = notice.action_send()
        self.assertEqual(message["tag"], "display_notification")
        self.assertIn("no valid e-mail", message["params"]["message"])
        self.assertEqual(notice.state, "proposed")

    def test_one_way_blocked_the_other_goes(self):
        self.steps[2].tone = "last"
        self.customer.email = False
        notice = self._propose(2)
        self.assertEqual(notice.state, "approved", "the letter waits to be posted")
        self.assertEqual(self._delivery(notice, "email").state, "failed")
        self.assertEqual(self._delivery(notice, "letter").state, "todo")


@tagged("post_install", "-at_install")
class TestNoPrinter(DunningCommon):
    real_letters = True

    def test_missing_wkhtmltopdf(self):
        self._invoice(6)
        module = "odoo.addons.relance_graduee.report.dunning_letter._wkhtml"
        with patch(module) as found:
            found.return_value.state = "install"
            run = self._launch()
        self.assertEqual((run.state, len(run.failure_ids)), ("failed", 0), "no customer's fault")
        self.assertIn("wkhtmltopdf", run.log)
        self.assertIn("system administrator", run.log)
        self.assertFalse(run.notice_ids.delivery_ids)


@tagged("post_install", "-at_install")
class TestApproval(SendingCommon):
    def test_confirm_stays_a_proposal_collectors_approve_it(self):
        notice = self._propose(0)
        self.assertEqual((notice.state, notice.approved_by), ("proposed", self.env["res.users"]))
        notice.with_user(self.collector).action_approve()
        self.assertEqual((notice.state, notice.approved_by), ("approved", self.collector))
        self._send(notice.with_user(self.collector))
        self.assertEqual((notice.state, notice.approved_by), ("sent", self.collector))

    def test_formal_notice_is_for_managers_alone(self):
        self.steps[3].approval = "auto"
        notice = self._propose(3)
        self.assertEqual(notice.state, "proposed", "whatever the step says")
        with self.assertRaisesRegex(AccessError, "dunning manager"):
            notice.with_user(self.collector).action_approve()
        notice.with_user(self.manager).action_approve()
        self.assertEqual((notice.state, notice.approved_by), ("approved", self.manager))

    def test_one_formal_notice_among_others_stops_them_all(self):
        formal = self._propose(3)
        other = self._create_customer("Other")
        self._due(0, other)
        both = formal | self._notices(self._launch(), other)
        with self.assertRaises(AccessError):
            both.with_user(self.collector).action_approve()
        self.assertEqual(set(both.mapped("state")), {"proposed"})

    def test_proposal_that_became_formal_is_for_managers(self):
        notice = self._propose(0)
        self._term_lines(notice.line_ids.move_id)._set_dunning_step(
            self.steps[2], self._at(-30), "Migrated"
        )
        self._term_lines(notice.line_ids.move_id).date_maturity = self._at(-60)
        self._launch(1)
        self.assertTrue(notice.is_formal_notice)
        with self.assertRaises(AccessError):
            notice.with_user(self.collector).action_approve()

    def test_approved_then_failed_formal_notice_is_approved_anew_by_a_manager(self):
        notice = self._propose(3)
        notice.with_user(self.manager).action_approve()
        self.customer.street = False
        self._send(notice.with_user(self.manager))
        self.assertEqual(notice.state, "proposed")
        with self.assertRaises(AccessError):
            notice.with_user(self.collector).action_approve()

    def test_approved_twice_is_refused(self):
        notice = self._propose(0)
        notice.action_approve()
        with self.assertRaisesRegex(UserError, "Only proposals"):
            notice.action_approve()

    def test_old_items_without_any_step_wait_for_a_person(self):
        self.steps[0].approval = "auto"
        self._invoice(61)
        notice = self._notices(self._launch())
        self.assertEqual((notice.state, notice.has_old_items), ("proposed", True))
        self._send(notice.with_user(self.collector))
        self.assertEqual(notice.state, "sent")

    def test_sixty_days_is_not_old(self):
        self.steps[0].approval = "auto"
        self._invoice(60)
        self.assertEqual(self._notices(self._launch()).state, "sent")

    def test_old_but_already_reminded_leaves_by_itself(self):
        invoice = self._invoice(80)
        self.steps[2].send_email = True
        self._term_lines(invoice)._set_dunning_step(self.steps[1], self._at(-20), "Migrated")
        notice = self._notices(self._launch())
        self.assertEqual((notice.state, notice.has_old_items), ("sent", False))

    def test_one_old_item_among_recent_ones_holds_them_all(self):
        self.steps[0].approval = "auto"
        self._invoice(61)
        self._invoice(6)
        notice = self._notices(self._launch())
        self.assertEqual((notice.state, notice.amount_total), ("proposed", 2000))
