"""A channel is one file: whoever adds it names it nowhere else (``dunning.channel``)."""

from odoo import fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..common import DunningCommon


class FaxChannel(models.AbstractModel):
    """All that an add-on would bring for its channel, beside the flag of a step."""

    _name = "dunning.channel.fax"
    _inherit = ["dunning.channel"]
    _description = "Dunning channel: fax"
    _module = None

    _channel_code = "fax"
    _label = "Fax"
    _place = 25
    _step_flag = "send_fax"
    _text_field = "letter_body"
    _is_written = True
    _is_posted = True

    def _get_obstacle(self, notice):
        return False if notice.partner_id.phone else "No number to send a fax to."

    def _get_recipient(self, notice):
        return notice._get_contacts(), notice.partner_id.phone or ""


class WalkChannel(models.AbstractModel):
    """A channel that a person does, like a call."""

    _name = "dunning.channel.walk"
    _inherit = ["dunning.channel"]
    _description = "Dunning channel: walk"
    _module = None

    _channel_code = "walk"
    _label = "Walk"
    _place = 75
    _step_flag = "walk_by"
    _by_person = True


class FaxStep(models.Model):
    _name = "dunning.step"
    _inherit = ["dunning.step"]
    _module = None

    send_fax = fields.Boolean(string="Fax")
    walk_by = fields.Boolean(string="Walk")


@tagged("post_install", "-at_install")
class TestNewChannel(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._extend_models(FaxChannel, WalkChannel, FaxStep)

    def setUp(self):
        super().setUp()
        self.patch(type(self.company), "_get_dunning_day", lambda _self: self.day)
        self.patch(type(self.company), "_get_dunning_today", lambda _self: self.day)

    def _use(self, **flags):
        self.steps[0].write({"send_email": False, **flags})

    def _sent(self, **flags):
        """The notice of a step that takes these channels, sent on ``day``."""
        self._use(**flags)
        self._invoice(10)
        notice = self._notices(self._launch())
        if notice.state != "approved":
            self._send(notice)
        return notice

    def _codes(self, model, field):
        return [code for code, _label in self.env[model].fields_get([field])[field]["selection"]]

    def test_every_selection_offers_it_in_its_place(self):
        ours = ["email", "letter", "fax", "registered", "registered_email"]
        rest = ["sms", "phone", "visit", "walk", "handover"]
        self.assertEqual(self._codes("dunning.delivery", "channel"), ours + rest)
        self.assertEqual(
            self._codes("dunning.contact", "channel"),
            ["email", "letter", "fax", "sms", "phone", "visit", "walk"],
        )

    def test_step_form_offers_its_flag(self):
        arch = self.env["dunning.step"].get_view(view_type="form")["arch"]
        self.assertIn('name="send_fax"', arch)
        self.assertIn('name="walk_by"', arch)
        self.assertEqual(arch.count('name="send_email"'), 1)

    def test_step_takes_it_alone_and_names_it(self):
        self._use(send_fax=True)
        self.assertEqual(self.steps[0]._get_channels(), ["fax"])
        self.assertEqual(self.steps[0].channel_label, "Fax")
        self.assertTrue(self.steps[0]._is_written())
        self.steps[0].walk_by = True
        self.assertEqual(self.steps[0].channel_label, "Fax + Walk")

    def test_step_must_have_its_text(self):
        with self.assertRaisesRegex(ValidationError, "before the table"):
            self._use(send_fax=True, letter_body=False)

    def test_step_without_any_channel_is_still_refused(self):
        self._use(send_fax=True)
        with self.assertRaisesRegex(ValidationError, "uses no channel"):
            self.steps[0].send_fax = False

    def test_sending_makes_its_delivery_to_post(self):
        notice = self._sent(send_fax=True)
        fax = notice.delivery_ids
        self.assertRecordValues(
            fax, [{"channel": "fax", "state": "todo", "recipient": self.customer.phone}]
        )
        self.assertEqual(notice.state, "approved", "sent once somebody says that it left")
        section = self.env["dunning.today"]._get_letters_domain()
        self.assertIn(fax, self.env["dunning.delivery"].search(section))

    def test_posting_list_confirms_it(self):
        notice = self._sent(send_fax=True)
        fax = notice.delivery_ids
        wizard = self.env["dunning.posting"].with_context(
            active_model=fax._name, active_ids=fax.ids
        )
        wizard.create({"date": self.day}).action_confirm()
        self.assertRecordValues(fax, [{"state": "done", "date_contact": self.day}])
        self.assertEqual(notice.state, "sent")

    def test_its_obstacle_stops_the_notice(self):
        self.customer.phone = False
        notice = self._sent(send_fax=True)
        self.assertFalse(notice.delivery_ids)
        self.assertIn("No number to send a fax to", notice.failure_reason)

    def test_person_closes_it_from_the_call_list(self):
        notice = self._sent(walk_by=True)
        walk = notice.delivery_ids
        calls = self.env["dunning.today"]._get_calls_domain()
        self.assertIn(walk, self.env["dunning.delivery"].search(calls))
        with self.assertRaisesRegex(UserError, "Enter the date"):
            walk.action_done("will_pay")
        walk.action_done("refuses", date=self.day)
        self.assertRecordValues(walk, [{"state": "done", "outcome": "refuses"}])
        self.assertEqual(notice.state, "sent")

    def test_next_call_mentions_it(self):
        walk = self._sent(walk_by=True).delivery_ids
        walk.action_done("other", date=self.day)
        other = self.env["dunning.delivery"].create(
            {"partner_id": self.customer.id, "channel": "phone", "date_planned": self.day}
        )
        self.assertIn("Walk", other.last_contacts)


@tagged("post_install", "-at_install")
class TestRemovedChannel(DunningCommon):
    """Deliveries outlive the add-on that brought their channel."""

    def test_delivery_of_a_removed_channel_can_be_read(self):
        delivery = self.env["dunning.delivery"].create(
            {"partner_id": self.customer.id, "channel": "phone"}
        )
        self.env.cr.execute(
            "UPDATE dunning_delivery SET channel = 'pigeon' WHERE id = %s", [delivery.id]
        )
        delivery.invalidate_recordset()
        self.assertIn("pigeon", delivery.display_name)
        self.assertFalse(delivery.is_posted)
        self.assertEqual(delivery.read(["channel", "is_by_person"])[0]["is_by_person"], False)


@tagged("post_install", "-at_install")
class TestChannels(DunningCommon):
    def test_each_has_a_code_a_label_and_a_place_of_its_own(self):
        codes = self.env["dunning.channel"]._get_channels()
        channels = [self.env["dunning.channel"]._get_channel(code) for code in codes]
        self.assertEqual(
            [channel._name for channel in channels], [f"dunning.channel.{code}" for code in codes]
        )
        for attribute in ("_channel_code", "_place", "_step_flag", "_description"):
            values = [getattr(channel, attribute) for channel in channels]
            self.assertEqual(len(set(values)), len(values), attribute)
        labels = dict(self.env["dunning.channel"]._get_selection())
        self.assertEqual(len(set(labels.values())), len(labels))

    def test_kinds_are_those_of_the_law_and_of_the_post(self):
        get = self.env["dunning.channel"]._get_channels
        self.assertEqual(get(is_proof=True), ["registered", "registered_email"])
        self.assertEqual(get(is_posted=True), ["letter", "registered", "registered_email"])
        self.assertEqual(get(is_printed=True), ["letter", "registered"])
        self.assertEqual(get(is_queued=True), ["email", "sms"])
        self.assertEqual(get(may_retry=True), ["email", "letter", "sms"])
        self.assertEqual(get(is_copy=True), ["email", "letter", "sms"])
        self.assertEqual(get(by_person=True), ["phone", "visit"])
        self.assertEqual(get(reaches_customer=False), ["handover"])

    def test_outcomes_keep_their_order(self):
        outcomes = self.env["dunning.delivery"]._fields["outcome"].get_values(self.env)
        self.assertEqual(outcomes[0], "voicemail")
        self.assertEqual(outcomes[17:20], ["not_done", "pending", "received"])
        self.assertEqual(outcomes[-3:], ["lost", "sent", "bounced"])
