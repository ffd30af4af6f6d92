"""To whom a reminder is e-mailed, what it carries, and what becomes of it on the way."""

import email
import socket
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_channels import CUT, HANG, ChannelCommon, get_free_port


@tagged("post_install", "-at_install")
class TestEmailContents(ChannelCommon):
    def _child(self, name, address, **vals):
        return self.env["res.partner"].create(
            {"name": name, "email": address, "parent_id": self.customer.id, **vals}
        )

    def _mail(self, number=0, **vals):
        notice = self._propose(number, **vals)
        return self._delivery(notice, "email").mail_id

    # ------------------------------------------------------------
    # RECIPIENTS
    # ------------------------------------------------------------

    def test_dunning_contacts_come_first_all_of_them(self):
        self._child("Invoices", "invoices@customer.example", type="invoice")
        chosen = self._child("Ann", "ann@customer.example") | self._child(
            "Bob", "bob@customer.example"
        )
        self.customer.dunning_contact_ids = chosen
        mail = self._mail()
        self.assertEqual(mail.recipient_ids, chosen)
        delivery = self.env["dunning.delivery"].search([("mail_id", "=", mail.id)])
        self.assertIn("ann@customer.example", delivery.recipient)
        self.assertIn("bob@customer.example", delivery.notice_id.recipients)

    def test_else_the_invoicing_contact(self):
        invoicing = self._child("Ivy", "ivy@customer.example", type="invoice")
        self._child("Ann", "ann@customer.example")
        self.assertEqual(self._mail().recipient_ids, invoicing)

    def test_else_the_company(self):
        self._child("Ann", "ann@customer.example")
        self.assertEqual(self._mail().recipient_ids, self.customer)

    def test_a_person_before_a_generic_mailbox(self):
        self.customer.email = "Contact@customer.example"
        self._child("Invoices", "info@customer.example", type="invoice")
        person = self._child("Ann", "ann@customer.example")
        self.assertEqual(self._mail().recipient_ids, person)

    def test_generic_mailbox_when_nothing_else_is_known_and_it_is_flagged(self):
        self.customer.email = "contact@customer.example"
        self.assertIn("contact@customer.example", self.customer.dunning_address_warning)
        self.assertEqual(self._mail().recipient_ids, self.customer)

    def test_list_of_generic_mailboxes_is_the_companys(self):
        self.customer.email = "compta@customer.example"
        self.assertFalse(self.customer.dunning_address_warning)
        self.company.dunning_generic_mailboxes = "compta,contact"
        self.customer.invalidate_recordset(["dunning_address_warning"])
        self.assertTrue(self.customer.dunning_address_warning)

    def test_archived_contact_is_not_written_to(self):
        gone = self._child("Gone", "gone@customer.example")
        here = self._child("Here", "here@customer.example")
        self.customer.dunning_contact_ids = gone | here
        gone.active = False
        self.assertEqual(self._mail().recipient_ids, here)

    # ------------------------------------------------------------
    # CONTENTS
    # ------------------------------------------------------------

    def test_speaks_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.template.with_context(lang="fr_FR").write(
            {"subject": "Votre compte", "body_html": "<p>Bonjour</p>"}
        )
        self.customer.lang = "fr_FR"
        mail = self._mail()
        self.assertEqual(mail.subject, "Votre compte")
        self.assertIn("Bonjour", mail.body_html)

    def test_else_the_companys_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.template.with_context(lang="fr_FR").subject = "Votre compte"
        self.customer.lang = False
        self.company.partner_id.lang = "fr_FR"
        self.assertEqual(self._mail().subject, "Votre compte")

    def test_reply_goes_to_the_collector(self):
        mail = self._mail()
        self.assertIn("colette@company.example", mail.reply_to)
        self.assertIn("us@company.example", mail.email_from)

    def test_carries_the_document_and_is_kept_on_the_notice(self):
        mail = self._mail()
        notice = self.env["dunning.notice"].browse(mail.res_id)
        self.assertEqual(notice.state, "sent")
        self.assertFalse(mail.auto_delete, "the message is a proof")
        self.assertEqual(mail.attachment_ids, notice.attachment_id)
        self.assertIn(mail.mail_message_id, notice.message_ids)
        self.assertEqual(mail.subject, f"Account {notice.name}", "the number drawn at sending")
        self.assertNotIn("1,000", notice.attachment_id.name)

    def test_invoices_are_attached_where_the_step_says_so(self):
        self.steps[0].attach_invoices = True
        invoice = self._due(0)
        pdf = self._attach_pdf(invoice)
        mail = self._delivery(self._notices(self._launch()), "email").mail_id
        self.assertIn(pdf.raw, mail.attachment_ids.mapped("raw"))
        self.assertNotIn(pdf, mail.attachment_ids, "a copy, kept with the notice")
        self.assertEqual(len(mail.attachment_ids), 2)

    def test_invoices_over_ten_megabytes_are_left_out_the_document_is_not(self):
        self.steps[0].attach_invoices = True
        for _number in range(2):
            self._attach_pdf(self._due(0), b"%PDF-1.4" + b"x" * 6 * 1024 * 1024)
        notice = self._notices(self._launch())
        mail = self._delivery(notice, "email").mail_id
        self.assertEqual(mail.attachment_ids, notice.attachment_id)

    def test_what_is_attached_is_never_turned_into_links(self):
        """Odoo replaces attachments by links in a message over 10 MB, the document included."""
        self.steps[0].attach_invoices = True
        self._attach_pdf(self._due(0), b"%PDF-1.4" + b"x" * 9 * 1024 * 1024)
        mail = self._delivery(self._notices(self._launch()), "email").mail_id
        sent = mail._prepare_outgoing_list()[0]
        self.assertEqual(len(sent["attachments"]), len(mail.attachment_ids))

    def test_what_a_person_edited_is_what_leaves(self):
        self.steps[0].approval = "confirm"
        notice = self._propose(0).with_user(self.collector)
        notice.action_edit_text()
        self.assertTrue(notice.subject)
        notice.write({"subject": "About our call", "body": "<p>As agreed</p>"})
        self._send(notice)
        mail = self._delivery(notice.sudo(), "email").mail_id
        self.assertEqual(mail.subject, "About our call")
        self.assertIn("As agreed", mail.body_html)

    def test_going_back_to_the_steps_text(self):
        self.steps[0].approval = "confirm"
        notice = self._propose(0).with_user(self.collector)
        notice.action_edit_text()
        notice.subject = "About our call"
        notice.action_reset_text()
        self._send(notice)
        mail = self._delivery(notice.sudo(), "email").mail_id
        self.assertEqual(mail.subject, f"Account {notice.name}")

    def test_an_approved_text_is_not_edited_any_more(self):
        self.steps[0].approval = "confirm"
        notice = self._propose(0).with_user(self.collector)
        notice.action_edit_text()
        notice.action_approve()
        with self.assertRaisesRegex(UserError, "approved"):
            notice.subject = "Something nobody approved"
        with self.assertRaisesRegex(UserError, "approved"):
            notice.action_edit_text()


@tagged("post_install", "-at_install")
class TestEmailDelivery(ChannelCommon):
    """With a real mail server; it stays ``cls.day``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._stop_clock()

    def _queued(self, number=0):
        notice = self._propose(number)
        delivery = self._delivery(notice, "email")
        self.assertEqual((notice.state, delivery.state), ("sent", "todo"))
        self.assertEqual(delivery.date_contact, self.day)
        return delivery

    def _send_queue(self, delivery, **behaviour):
        with self._mail_server(**behaviour) as server:
            self._process_queue(delivery)
        return server

    def _refuse(self, reply="550 5.1.1 No such user here"):
        return {"replies": {"customer@customer.example": reply}}

    def test_taken_by_the_server_is_done(self):
        delivery = self._queued()
        server = self._send_queue(delivery)
        self.assertEqual((delivery.state, delivery.outcome), ("done", "sent"))
        self.assertTrue(delivery.date_done)
        self.assertFalse(delivery.failure_reason)
        message = email.message_from_bytes(server.taken[0].content)
        self.assertIn("colette@company.example", message["Reply-To"])
        names = [part.get_filename() for part in message.walk() if part.get_filename()]
        self.assertEqual(names, [delivery.notice_id.attachment_id.name])

    def test_what_arrives_is_the_document_of_the_fingerprint(self):
        delivery = self._queued()
        server = self._send_queue(delivery)
        message = email.message_from_bytes(server.taken[0].content)
        part = next(part for part in message.walk() if part.get_filename())
        self.assertEqual(part.get_payload(decode=True), delivery.notice_id.attachment_id.raw)

    def test_refused_for_good_fails_with_the_servers_words(self):
        delivery = self._queued()
        self._send_queue(delivery, **self._refuse())
        self.assertEqual(delivery.state, "failed")
        self.assertEqual(delivery.failure_reason, "550 5.1.1 No such user here")
        self.assertFalse(delivery.date_contact, "nobody was contacted")
        self.assertEqual(delivery.notice_id.state, "sent", "what was said stays said")

    def test_refused_message_fails_too(self):
        delivery = self._queued()
        self._send_queue(delivery, data_reply="554 5.7.1 Not wanted")
        self.assertEqual(delivery.state, "failed")
        self.assertEqual(delivery.failure_reason, "554 5.7.1 Not wanted")

    def test_courteous_step_refused_asks_for_the_right_address(self):
        delivery = self._queued()
        self._send_queue(delivery, **self._refuse())
        task = self._activities(delivery.notice_id)
        self.assertIn("right address of Customer", task.summary)
        self.assertIn("No such user", task.note)
        self.assertEqual(task.user_id, self.collector)
        self.assertEqual(delivery.notice_id.delivery_ids, delivery)

    def test_last_reminder_refused_becomes_a_letter(self):
        self.steps[2].write({"print_letter": False, "tone": "last"})
        delivery = self._queued(2)
        self._send_queue(delivery, **self._refuse())
        letter = self._delivery(delivery.notice_id, "letter")
        self.assertEqual(letter.state, "todo")
        self.assertIn("LYON", letter.recipient)
        self.assertFalse(self._activities(delivery.notice_id))

    def test_last_reminder_that_is_a_letter_too_needs_no_second_one(self):
        self.steps[2].tone = "last"
        delivery = self._queued(2)
        self._send_queue(delivery, **self._refuse())
        self.assertEqual(len(self._delivery(delivery.notice_id, "letter")), 1)

    def test_formal_notice_refused_has_its_registered_letter(self):
        self.steps[3].send_email = True
        notice = self._propose(3)
        self._send(notice)
        self._finish(notice)
        delivery = self._delivery(notice, "email")
        self._send_queue(delivery, **self._refuse())
        self.assertEqual(delivery.state, "failed")
        self.assertEqual(set(notice.delivery_ids.mapped("channel")), {"email", "registered"})

    def test_refused_and_no_postal_address_says_so(self):
        self.steps[2].write({"print_letter": False, "tone": "last"})
        delivery = self._queued(2)
        self.customer.write({"street": False, "city": False})
        self._send_queue(delivery, **self._refuse())
        letter = self._delivery(delivery.notice_id, "letter")
        self.assertEqual(letter.state, "failed")
        self.assertIn("postal address", letter.failure_reason)
        self.assertTrue(self._activities(delivery.notice_id))

    def test_later_says_the_server_and_it_is_tried_again(self):
        delivery = self._queued()
        reply = "451 4.7.1 Greylisted, try again in 500 seconds"
        server = self._send_queue(delivery, **self._refuse(reply))
        self.assertEqual((delivery.state, delivery.failure_reason), ("todo", reply))
        self.assertEqual(delivery.mail_id.state, "outgoing")
        self.assertTrue(delivery.mail_id.scheduled_date)
        self.assertFalse(server.taken)
        server = self._send_queue(delivery)
        self.assertEqual(delivery.state, "done")
        self.assertFalse(delivery.failure_reason)
        self.assertEqual(len(server.taken), 1)

    def test_an_address_that_looks_like_a_code_is_not_one(self):
        self.customer.email = "c550@customer.example"
        delivery = self._queued()
        self._send_queue(delivery, replies={"c550@customer.example": "451 4.3.0 Later"})
        self.assertEqual(delivery.state, "todo")

    def test_after_three_days_of_later_it_failed(self):
        delivery = self._queued()
        today = self.company._get_dunning_today()
        self.assertEqual((delivery.date_retry_until - today).days, 3)
        delivery.date_retry_until = today
        self._send_queue(delivery, **self._refuse("451 4.3.0 Later"))
        self.assertEqual((delivery.state, delivery.failure_reason), ("failed", "451 4.3.0 Later"))
        self.assertTrue(self._activities(delivery.notice_id))

    def test_server_that_hangs_is_asked_again(self):
        delivery = self._queued()
        self._send_queue(delivery, data_reply=HANG)
        self.assertEqual((delivery.state, delivery.mail_id.state), ("todo", "outgoing"))
        self.assertTrue(delivery.failure_reason)
        self._send_queue(delivery)
        self.assertEqual(delivery.state, "done")

    def test_server_that_hangs_up_is_asked_again(self):
        delivery = self._queued()
        self._send_queue(delivery, data_reply=CUT)
        self.assertEqual((delivery.state, delivery.mail_id.state), ("todo", "outgoing"))
        self._send_queue(delivery)
        self.assertEqual(delivery.state, "done")

    def test_server_that_takes_it_and_hangs_up_gets_one_more_copy_then_a_person(self):
        delivery = self._queued()
        copies = []
        for state in ("todo", "failed", "failed", "failed"):
            copies += self._send_queue(delivery, data_reply=CUT).offered
            self.assertEqual(delivery.state, state)
            delivery.mail_id.state = "outgoing"  # whoever clicks "Retry" in Odoo's list
        self.assertEqual(len(copies), 2)
        self.assertIn("perhaps it arrived", delivery.failure_reason)
        self.assertIn("perhaps it arrived", self._activities(delivery.notice_id).summary)

    def test_killed_while_it_was_sent_it_is_offered_once_more(self):
        """Who is killed leaves the count behind: it is committed before the words are sent."""
        delivery = self._queued()
        counts = []
        add = type(delivery)._add_unknown

        def note(deliveries, count, is_kept):
            add(deliveries, count, is_kept)
            counts.append((deliveries.unknown_count, is_kept))

        with patch.object(type(delivery), "_add_unknown", note):
            self._send_queue(delivery, data_reply="451 4.3.0 Later")
        self.assertEqual(counts, [(1, False), (0, False)], "tests commit nothing")
        delivery.unknown_count = 2
        delivery.mail_id.state = "outgoing"
        self.assertFalse(self._send_queue(delivery).offered)
        self.assertEqual((delivery.state, delivery.mail_id.state), ("failed", "cancel"))

    def test_server_that_never_greets_is_asked_again(self):
        delivery = self._queued()
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            with self._sending_to(silent.getsockname()[1]):
                self._process_queue(delivery)
        self.assertEqual((delivery.state, delivery.mail_id.state), ("todo", "outgoing"))

    def test_server_that_is_down_is_asked_again(self):
        delivery = self._queued()
        with self._sending_to(get_free_port()):
            self._process_queue(delivery)
        self.assertEqual((delivery.state, delivery.mail_id.state), ("todo", "outgoing"))
        self.assertIn("refused", delivery.failure_reason)
        self._send_queue(delivery)
        self.assertEqual(delivery.state, "done")

    def test_a_server_that_is_down_stops_no_other_mail(self):
        other = self._create_customer("Other")
        self._due(0, other)
        delivery = self._queued()
        run = delivery.notice_id.run_id
        both = self._delivery(run.notice_ids, "email")
        self.assertEqual(len(both), 2)
        with self._sending_to(get_free_port()):
            self._process_queue(both)
        self.assertEqual(set(both.mapped("state")), {"todo"})
        self.assertEqual(set(both.mail_id.mapped("state")), {"outgoing"})

    # ------------------------------------------------------------
    # SEVERAL CONTACTS
    # ------------------------------------------------------------

    def _two_contacts(self):
        contacts = self.env["res.partner"].create(
            [
                {"name": name, "email": f"{name}@customer.example", "parent_id": self.customer.id}
                for name in ("ann", "bob")
            ]
        )
        self.customer.dunning_contact_ids = contacts
        return self._queued()

    def test_whoever_got_it_never_gets_it_again(self):
        delivery = self._two_contacts()
        later = {"bob@customer.example": "451 4.3.0 Later"}
        server = self._send_queue(delivery, replies=later)
        self.assertEqual(server.addresses, ["ann@customer.example"])
        self.assertEqual(delivery.state, "todo")
        server = self._send_queue(delivery)
        self.assertEqual(server.addresses, ["bob@customer.example"])
        self.assertEqual(delivery.state, "done")

    def test_one_contact_refused_is_still_a_contact(self):
        delivery = self._two_contacts()
        self._send_queue(delivery, replies={"bob@customer.example": "550 5.1.1 Unknown"})
        self.assertEqual(delivery.state, "done")
        self.assertEqual(delivery.date_contact, self.day)
        self.assertIn("bob@customer.example", self._activities(delivery.notice_id).note)

    # ------------------------------------------------------------
    # BOUNCES
    # ------------------------------------------------------------

    def _report(self, delivery, address, action="failed", status="5.1.1"):
        """A delivery report (RFC 3464) as a mail server writes it."""
        message_id = delivery.mail_id.message_id
        return f"""\
Return-Path: <>
From: MAILER-DAEMON@mx.customer.example
To: bounce@company.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <report-{delivery.id}-{address}@mx.customer.example>
Date: Wed, 7 Oct 2026 12:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="BOUND"

--BOUND
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--BOUND
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.customer.example
Arrival-Date: Wed, 7 Oct 2026 12:00:00 +0000

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {status.replace(".", "")}0 {status} mailbox of {address} is gone

--BOUND
Content-Type: text/rfc822-headers

Message-ID: {message_id}
Subject: Account
To: {address}

--BOUND--
"""

    def _bounce(self, delivery, address="customer@customer.example", **vals):
        report = self._report(delivery, address, **vals)
        self.env["mail.thread"].message_process(False, report)

    def _delivered(self, number=0):
        delivery = self._queued(number)
        self._send_queue(delivery)
        return delivery

    def test_bounce_fails_what_the_server_had_taken(self):
        delivery = self._delivered()
        self._bounce(delivery)
        self.assertEqual((delivery.state, delivery.outcome), ("failed", "bounced"))
        self.assertIn("is gone", delivery.failure_reason)
        self.assertFalse(delivery.date_contact)
        self.assertIn("right address", self._activities(delivery.notice_id).summary)

    def test_bounce_of_a_last_reminder_becomes_a_letter(self):
        self.steps[2].write({"print_letter": False, "tone": "last"})
        delivery = self._delivered(2)
        self._bounce(delivery)
        self.assertEqual(self._delivery(delivery.notice_id, "letter").state, "todo")

    def test_a_report_of_delay_is_no_bounce(self):
        delivery = self._delivered()
        self._bounce(delivery, action="delayed", status="4.4.1")
        self.assertEqual(delivery.state, "done")

    def test_bounce_of_another_address_is_not_ours(self):
        self.customer.email = "anna@customer.example"
        delivery = self._delivered()
        self.env["dunning.notice"].browse(delivery.notice_id.id)._message_receive_bounce(
            "a@customer.example", self.env["res.partner"]
        )
        self.assertEqual(delivery.state, "done")

    def test_one_contact_of_two_bounces_then_the_other(self):
        delivery = self._two_contacts()
        self._send_queue(delivery)
        self._bounce(delivery, "ann@customer.example")
        self.assertEqual(delivery.state, "done")
        self.assertIn("ann@customer.example", self._activities(delivery.notice_id).note)
        self._bounce(delivery, "bob@customer.example")
        self.assertEqual(delivery.state, "failed")

    def test_bounce_of_a_merged_customer_finds_its_delivery(self):
        delivery = self._delivered()
        twin = self._create_customer("Twin")
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            [self.customer.id, twin.id], twin
        )
        self._bounce(delivery)
        self.assertEqual(delivery.state, "failed")
