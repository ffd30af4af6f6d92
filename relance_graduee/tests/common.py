"""A company with open invoices, and short ways to say what a test is about."""

import json
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from psycopg2.extras import Json

from odoo import Command, fields
from odoo.orm.model_classes import add_to_registry
from odoo.tests import TransactionCase
from odoo.tools import SQL
from odoo.tools.json import json_default


class DunningCommon(TransactionCase):
    """One live company in euros with a policy of its own, and customers to invoice.

    Days are given relative to ``cls.day``, a Wednesday without holidays around it. Who looks asks
    for a day by the context (``dunning_date``). Who acts does it by the company's clock
    (``res.company._get_dunning_today``): ``_launch``, ``_send`` and ``_finish`` move it to the day
    they are given, ``_clock`` does for anything else, ``_stop_clock`` for all tests of a class.
    """

    day = fields.Date.to_date("2026-10-07")
    # Letters are seldom what a test is about: a few bytes stand for them unless it says so.
    real_letters = False
    # No queue of mails works in tests: what it does not send fails only where that is the subject.
    queue_is_watched = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        if not cls.real_letters:
            cls._stub_letters()
        if not cls.queue_is_watched:
            deliveries = type(cls.env["dunning.delivery"])
            cls.classPatch(deliveries, "_get_unsaid", lambda none, _company: none.browse())
        cls.company = cls._prepare_company(cls.env.company)
        cls.template = cls.env["mail.template"].create(
            {
                "name": "Test",
                "model_id": cls.env["ir.model"]._get_id("dunning.notice"),
                "subject": "Account {{ object.text_reference }}",
                "body_html": '<p><t t-out="object.text_amount"/></p>',
            }
        )
        cls.policy = cls._create_policy(
            "Test ladder",
            {"name": "E-mail", "delay_days": 5, "send_email": True},
            {"name": "Call", "delay_days": 12, "phone_call": True},
            {"name": "Last", "delay_days": 20, "send_email": True, "print_letter": True},
            {
                "name": "Formal",
                "delay_days": 45,
                "registered_letter": True,
                "is_formal_notice": True,
                "answer_days": 8,
                "approval": "confirm",
            },
        )
        cls.steps = cls.policy.step_ids
        cls.customer = cls._create_customer("Customer")

    @classmethod
    def _stub_letters(cls):
        def fake(_self, letters):
            return [(b"%PDF-1.4 test", None) for _letter in letters]

        cls.classPatch(type(cls.env["dunning.letter"]), "_render_letters_safely", fake)

    @classmethod
    def _extend_models(cls, *definitions):
        """Let classes extend models until the end of this test class, as an add-on's would.

        :param definitions: model classes with ``_inherit`` or ``_name``, and ``_module = None``,
            which keeps them out of every other registry
        """
        registry, names = cls.registry, [definition._name for definition in definitions]
        before = {name: registry[name]._base_classes__ for name in names if name in registry}
        cls.addClassCleanup(cls._take_back_models, names, before)
        for definition in definitions:
            add_to_registry(registry, definition)
        registry._setup_models__(cls.env.cr, names)
        registry.init_models(cls.env.cr, names, {})

    @classmethod
    def _take_back_models(cls, names, before):
        for name in names:
            if name in before:
                cls.registry[name]._base_classes__ = before[name]
                cls.registry[name]._setup_done__ = False
            else:
                del cls.registry[name]
        cls.registry._setup_models__(cls.env.cr, names)

    @classmethod
    def _prepare_company(cls, company):
        if not company.chart_template:
            cls.env["account.chart.template"].try_loading("generic_coa", company, False)
        company.write(
            {
                "dunning_mode": "live",
                "country_id": cls.env.ref("base.fr").id,
                "email": "us@company.example",
                "city": "Lyon",
                "street": "1 rue du Test",
                "zip": "69001",
                "company_registry": "732829320",
                "dunning_legal_form": "SARL",
                "dunning_share_capital": "10 000 €",
                "dunning_rcs_city": "Lyon",
                "dunning_signatory_name": "Sophie Signataire",
                "dunning_signatory_capacity": "Head of accounting",
            }
        )
        company.partner_id.tz = "Europe/Paris"
        return company

    @classmethod
    def _store_text(cls, record, name, text):
        """``text`` in every language as an earlier version let it be written: unchecked."""
        record.flush_recordset()
        table, column = SQL.identifier(record._table), SQL.identifier(name)
        value = Json({"en_US": text}) if record._fields[name].translate else text
        cls.env.cr.execute(
            SQL("UPDATE %s SET %s = %s WHERE id = %s", table, column, value, record.id)
        )
        record.invalidate_recordset()

    @classmethod
    def _create_policy(cls, name, *steps, **vals):
        defaults = {
            "mail_template_id": cls.template.id,
            "letter_body": "<p>Letter</p>",
        }
        policy = cls.env["dunning.policy"].create({"name": name, "is_manual": True, **vals})
        for sequence, step in enumerate(steps, 1):
            cls.env["dunning.step"].create(
                {"policy_id": policy.id, "sequence": sequence, **defaults, **step}
            )
        policy.invalidate_recordset()
        return policy

    @classmethod
    def _create_customer(cls, name, **vals):
        return cls.env["res.partner"].create(cls._prepare_customer(name, **vals))

    @classmethod
    def _prepare_customer(cls, name, **vals):
        defaults = {
            "is_company": True,
            "email": f"{name.lower().replace(' ', '.')}@customer.example",
            "phone": "+33 1 23 45 67 89",
            "street": "2 rue du Client",
            "zip": "69002",
            "city": "Lyon",
            "country_id": cls.env.ref("base.fr").id,
            "vat": False,
            "customer_kind": "business",
            "dunning_policy_id": cls.policy.id,
        }
        return {"name": name, **defaults, **vals}

    # ------------------------------------------------------------
    # DOCUMENTS
    # ------------------------------------------------------------

    @classmethod
    def _invoice(cls, days_late, amount=1000.0, partner=None, **vals):
        """A posted invoice due ``days_late`` days before ``cls.day``, issued 30 days earlier."""
        move = cls.env["account.move"].create(
            cls._prepare_invoice(days_late, amount, partner, **vals)
        )
        move.action_post()
        return move

    @classmethod
    def _prepare_invoice(cls, days_late, amount=1000.0, partner=None, **vals):
        due = cls.day - timedelta(days=days_late)
        dates = {
            "invoice_date": due - timedelta(days=30),
            "invoice_date_due": due,
            "invoice_payment_term_id": False,
        }
        return cls._prepare_move("out_invoice", partner, amount, **{**dates, **vals})

    @classmethod
    def _credit(cls, amount, partner=None, **vals):
        return cls._create_move("out_refund", partner, amount, **{"invoice_date": cls.day, **vals})

    @classmethod
    def _create_move(cls, move_type, partner, amount, **vals):
        move = cls.env["account.move"].create(cls._prepare_move(move_type, partner, amount, **vals))
        move.action_post()
        return move

    @classmethod
    def _prepare_move(cls, move_type, partner, amount, **vals):
        line = {"name": "Service", "price_unit": amount, "tax_ids": False}
        return {
            "move_type": move_type,
            "partner_id": (partner or cls.customer).id,
            "invoice_line_ids": [Command.create(line)],
            **vals,
        }

    @classmethod
    def _pay(cls, move, amount=None):
        wizard = cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        vals = {"payment_date": cls.day}
        if amount:
            vals["amount"] = amount
        return wizard.create(vals)._create_payments()

    @classmethod
    def _term_lines(cls, move):
        return move.line_ids.filtered(lambda line: line.display_type == "payment_term").sorted(
            "date_maturity"
        )

    # ------------------------------------------------------------
    # THE LADDER
    # ------------------------------------------------------------

    @classmethod
    def _at(cls, days=0):
        return cls.day + timedelta(days=days)

    def _items(self, partner=None, days=0):
        partner = partner or self.customer
        self.env["dunning.item"].invalidate_model()
        return (
            self.env["dunning.item"]
            .with_context(dunning_date=self._at(days), dunning_partner_ids=partner.ids)
            .search([("partner_id", "=", partner.id)])
        )

    def _item(self, move, days=0):
        line = self._term_lines(move)[:1]
        return self._items(move.commercial_partner_id, days).filtered(
            lambda item: item.id == line.id
        )

    def _reason(self, move, days=0):
        return self._item(move, days).hold_reason

    @classmethod
    @contextmanager
    def _clock(cls, when=0):
        """The companies' clock shows this day meanwhile: what is written is of that day.

        :param when: a date, or days after ``cls.day``
        """
        day = cls._at(when) if isinstance(when, int) else when
        company = type(cls.env["res.company"])
        with patch.object(company, "_get_dunning_today", lambda _company: day):
            yield day

    @classmethod
    def _stop_clock(cls, days=0):
        """It is this day in every test of the class, but where ``_clock`` says another."""
        day, company = cls._at(days), type(cls.env["res.company"])
        cls.classPatch(company, "_get_dunning_today", lambda _company: day)

    @classmethod
    def _launch(cls, days=0, companies=None):
        """The run of that day, on that day."""
        companies = companies or cls.company
        with cls._clock(days) as day:
            return cls.env["dunning.run"].launch(date=day, companies=companies)

    @classmethod
    def _notices(cls, run, partner=None):
        partner = partner or cls.customer
        return run.notice_ids.filtered(lambda notice: notice.partner_id == partner)

    @classmethod
    def _send(cls, notices, days=0):
        """Approve and send as a person would on that day."""
        with cls._clock(days):
            notices.filtered(lambda n: n.state == "proposed").action_approve()
            notices.action_send()

    @classmethod
    def _finish(cls, notices, days=0):
        """Do by hand what the machine cannot: call, post."""
        by_hand = ("registered", "letter", "phone", "visit")  # copies after what they repeat
        deliveries = notices.delivery_ids.filtered(
            lambda d: d.state == "todo" and d.channel in by_hand
        )
        with cls._clock(days):
            for delivery in deliveries.sorted(lambda d: by_hand.index(d.channel)):
                if delivery.channel == "registered":
                    delivery.tracking_number = f"2C{delivery.id}"
                delivery.action_done()

    @contextmanager
    def _no_render(self):
        """Letters are not what this test is about: a few bytes stand for them."""
        letter = type(self.env["dunning.letter"])

        def fake(_self, letters):
            return [(b"%PDF-1.4 test", None) for _letter in letters]

        self.patch(letter, "_render_letters_safely", fake)
        yield

    @contextmanager
    def _queue(self):
        """Batches of ``dunning.batch`` are put into a queue, not done (see ``test_batch``).

        :return: list of the batches, as text in which a queue would write them down
        """
        queue = []

        def collect(_self, batch):
            queue.append(json.dumps(batch, default=json_default))

        with patch.object(type(self.env["dunning.batch"]), "_run_batch", collect):
            yield queue

    def _work_off(self, queue):
        """What the queue's own process does later, in an environment of its own.

        :return: the batches
        """
        batches = [json.loads(text) for text in queue]
        for batch in batches:
            self.env(context={}, su=True)["dunning.batch"]._perform(batch)
        return batches
