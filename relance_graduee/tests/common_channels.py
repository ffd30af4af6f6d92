"""What tests of channels and rights share: people, a mail server, letters that cost nothing."""

import asyncio
import io
import socket
from contextlib import contextmanager
from unittest.mock import patch

from aiosmtpd.controller import Controller
from reportlab.pdfgen import canvas

from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .common import DunningCommon

HANG = "hang"
CUT = "cut"
MAIL_LOGS = ("odoo.addons.mail.models.mail_mail", "odoo.addons.base.models.ir_mail_server")


def make_pdf(text="Invoice", pages=1):
    """A real PDF with ``text`` on each page, as bytes."""
    target = io.BytesIO()
    drawing = canvas.Canvas(target)
    for number in range(pages):
        drawing.drawString(100, 700, f"{text} {number + 1}")
        drawing.showPage()
    drawing.save()
    return target.getvalue()


class MailServer:
    """A real SMTP server in a thread, that answers each address as it is told.

    ``replies``: address -> reply to RCPT; ``data_reply``: reply to DATA, ``HANG`` or ``CUT``;
    ``taken``: the envelopes that were accepted; ``offered``: all whose words it was given.
    """

    def __init__(self, replies=None, data_reply="250 Taken"):
        self.replies, self.data_reply = replies or {}, data_reply
        self.taken, self.offered = [], []

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        reply = self.replies.get(address, "250 OK")
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server, session, envelope):
        self.offered.append(envelope)
        if self.data_reply == HANG:
            await asyncio.sleep(60)
        if self.data_reply == CUT:
            server.transport.abort()
        if self.data_reply.startswith("250"):
            self.taken.append(envelope)
        return self.data_reply

    @property
    def addresses(self):
        return [address for envelope in self.taken for address in envelope.rcpt_tos]


def get_free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class ChannelCommon(DunningCommon):
    """Letters are a few bytes here; ``cls.collector`` follows ``cls.customer``."""

    @classmethod
    def setUpClass(cls):
        cls.letters = []
        super().setUpClass()
        cls.collector = new_test_user(
            cls.env,
            "dunning_collector",
            groups="base.group_user,relance_graduee.group_dunning_user",
            name="Colette Collector",
            email="colette@company.example",
            company_id=cls.company.id,
        )
        cls.manager = new_test_user(
            cls.env,
            "dunning_manager",
            groups="base.group_user,relance_graduee.group_dunning_manager",
            name="Manon Manager",
            email="manon@company.example",
            company_id=cls.company.id,
        )
        cls.company.write({"dunning_manager_id": cls.manager.id, "email": "us@company.example"})
        cls.customer.dunning_user_id = cls.collector

    @classmethod
    def _stub_letters(cls):
        """Stand for the rendering; what was asked to be printed is in ``cls.letters``."""
        letters = cls.letters

        def render(_self, asked):
            letters.extend(asked)
            return [(make_pdf(letter["place_date"]), None) for letter in asked]

        cls.classPatch(type(cls.env["dunning.letter"]), "_render_letters_safely", render)

    @classmethod
    def _create_branches(cls, *names):
        """Branches of the company, with the chart of accounts that they get at the next commit."""
        vals_list = [{"name": name, "parent_id": cls.company.id} for name in names]
        branches = cls.env["res.company"].create(vals_list)
        cls.env.user.company_ids |= branches
        cls.env.cr.flush()
        return branches

    def setUp(self):
        super().setUp()
        self.letters.clear()

    # ------------------------------------------------------------
    # NOTICES
    # ------------------------------------------------------------

    def _due(self, number, partner=None, amount=1000.0, **vals):
        """An invoice that is due for the step with this number (0: the first) on ``cls.day``."""
        step = self.steps[number]
        invoice = self._invoice(step.delay_days, amount, partner=partner, **vals)
        if number:
            self._term_lines(invoice)._set_dunning_step(
                self.steps[number - 1], self._at(-20), "Migrated"
            )
        return invoice

    def _propose(self, number, partner=None, **vals):
        """The notice of ``_due``, made by a run and, if it is automatic, sent by it."""
        self._due(number, partner, **vals)
        return self._notices(self._launch(), partner)

    def _delivery(self, notice, channel):
        return notice.delivery_ids.filtered(lambda delivery: delivery.channel == channel)

    def _attach_pdf(self, invoice, content=None):
        """Give the invoice its own PDF, as sending it would have done."""
        attachment = self.env["ir.attachment"].create(
            {
                "name": f"{invoice.name.replace('/', '_')}.pdf",
                "raw": content or make_pdf(invoice.name),
                "mimetype": "application/pdf",
                "res_model": invoice._name,
                "res_id": invoice.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        invoice.invalidate_recordset(["invoice_pdf_report_id", "invoice_pdf_report_file"])
        return attachment

    def _activities(self, record):
        return self.env["mail.activity"].search(
            [("res_model", "=", record._name), ("res_id", "in", record.ids)]
        )

    # ------------------------------------------------------------
    # MAIL
    # ------------------------------------------------------------

    @contextmanager
    def _mail_server(self, **behaviour):
        """A running ``MailServer``, to which Odoo really sends."""
        handler = MailServer(**behaviour)
        controller = Controller(handler, hostname="127.0.0.1", port=get_free_port())
        controller.start()
        try:
            with self._sending_to(controller.port):
                yield handler
        finally:
            controller.stop()

    @contextmanager
    def _sending_to(self, port):
        """Let Odoo send, to this port of this machine, with a patience of a second."""
        server = self.env["ir.mail_server"]
        server.search([]).active = False
        server.create({"name": "Test", "smtp_host": "127.0.0.1", "smtp_port": port})
        with (
            patch.object(type(server), "_disable_send", lambda _self: False),
            patch("odoo.addons.base.models.ir_mail_server.SMTP_TIMEOUT", 1),
            mute_logger(*MAIL_LOGS),
        ):
            yield

    def _process_queue(self, deliveries):
        """What the queue's scheduled action does, an hour later."""
        deliveries.mail_id.filtered("scheduled_date").scheduled_date = False
        self.env["mail.mail"].process_email_queue(email_ids=deliveries.mail_id.ids)
