from lxml import etree

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import LazyTranslate

from .effect import Effect

_lt = LazyTranslate(__name__)


class DunningStep(models.Model):
    """One rung of a ladder: when it is due, how it speaks, and what it triggers.

    A step is due ``delay_days`` calendar days after its base date and ``wait_days`` after the
    previous step. Its texts may name the placeholders of ``dunning.notice``, nothing else.
    """

    _name = "dunning.step"
    _description = "Dunning step"
    _inherit = ["dunning.company.owned"]
    _order = "policy_id, sequence, id"

    policy_id = fields.Many2one("dunning.policy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="policy_id.company_id")
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    tone = fields.Selection(
        [("courteous", "Courteous"), ("firm", "Firm"), ("last", "Last reminder")],
        required=True,
        default="courteous",
        help="From the last reminder on, an e-mail that cannot be delivered becomes a letter; "
        "before, it becomes a task: find the right address.",
    )
    delay_from = fields.Selection(
        [("due", "Due date"), ("invoice", "Invoice date")],
        string="Counted from",
        required=True,
        default="due",
    )
    delay_days = fields.Integer(
        string="Days", help="Calendar days after the base date; negative: before it."
    )
    latest_before_due = fields.Integer(
        string="At the latest (days before due date)",
        help="For a step counted from the invoice date: never later than this number of days "
        "before the due date. 0: no such limit.",
    )
    wait_days = fields.Integer(
        string="Days since previous step", help="Calendar days after the previous step."
    )
    approval = fields.Selection(
        [("auto", "Automatic"), ("confirm", "A person confirms")], required=True, default="auto"
    )
    is_formal_notice = fields.Boolean(string="Formal notice")
    answer_days = fields.Integer(
        string="Days to answer",
        help="Calendar days that the customer has to answer; also the delay before the "
        "suspension of deliveries that the step announces.",
    )
    min_amount = fields.Float(
        string="Only items from",
        help="In company currency: the step does not apply to smaller items.",
    )
    owner = fields.Selection(
        [("collector", "Collector"), ("salesperson", "Salesperson"), ("manager", "Manager")],
        required=True,
        default="collector",
        help="Who does the call, the visit or the handover.",
    )
    notify_salesperson = fields.Boolean(string="Tell the salesperson")
    day_label = fields.Char(string="Day", compute="_compute_labels")
    day_note = fields.Char(string="On condition", compute="_compute_labels")
    channel_label = fields.Char(string="Channels", compute="_compute_labels")
    effect_label = fields.Char(string="Triggers", compute="_compute_effect_label")

    _days_positive = models.Constraint(
        "CHECK (wait_days >= 0 AND answer_days >= 0 AND latest_before_due >= 0"
        " AND min_amount >= 0)",
        "The waiting days, answer days and minimum amount of a step cannot be negative.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("name", "policy_id.name", "delay_days", "delay_from")
    @api.depends_context("lang", "dunning_step_with_policy")
    def _compute_display_name(self):
        """Its name; with its ladder and day where steps of all ladders are offered together."""
        if not self.env.context.get("dunning_step_with_policy"):
            return super()._compute_display_name()
        for step in self:
            parts = (step.policy_id.name, step._get_day_label(), step.name)
            step.display_name = " – ".join(filter(None, parts))

    @api.depends(
        lambda self: [
            *("delay_days", "delay_from", "latest_before_due", "wait_days"),
            *self.env["dunning.channel"]._get_step_fields(),
        ]
    )
    @api.depends_context("lang")
    def _compute_labels(self):
        channels = dict(self.env["dunning.channel"]._get_selection())
        for step in self:
            step.day_label = step._get_day_label()
            step.day_note = step._get_day_note()
            step.channel_label = " + ".join(channels[code] for code in step._get_channels())

    @api.depends(lambda self: [effect.flag for effect in self._get_effects()])
    @api.depends_context("lang")
    def _compute_effect_label(self):
        effects = sorted(self._get_effects(), key=lambda effect: effect.place)
        for step in self:
            labels = [self.env._(effect.label) for effect in effects if step[effect.flag]]
            step.effect_label = " + ".join(labels)

    @api.model
    def _get_effects(self):
        """List of ``Effect``, in any order; each room adds those of its own flags."""
        return [
            Effect("is_formal_notice", _lt("Formal notice"), 10),
        ]

    def _get_day_label(self):
        if self.delay_from == "invoice":
            return self.env._("Invoice %+d d.", self.delay_days)
        return self.env._("D%+d", self.delay_days)

    def _get_day_note(self):
        """Further conditions of the day in words; "" when there is only its base date."""
        notes = []
        if self.delay_from == "invoice" and self.latest_before_due:
            text = self.env._("at the latest %s d. before the due date", self.latest_before_due)
            notes.append(text)
        if self.wait_days:
            notes.append(self.env._("at least %s d. after the previous step", self.wait_days))
        return ", ".join(notes)

    # ------------------------------------------------------------
    # READS
    # ------------------------------------------------------------

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        # EXTENDS 'base': a channel that no view names is offered beside the others
        arch, view = super()._get_view(view_id, view_type, **options)
        named = set(arch.xpath("//field/@name"))
        for group in arch.xpath("//group[@name='how']"):
            for name in self.env["dunning.channel"]._get_step_fields():
                if name not in named:
                    etree.SubElement(group, "field", name=name, widget="boolean_toggle")
        return arch, view

    def _get_channels(self):
        """The channel codes that this step uses, in the order in which they are handed over."""
        self.ensure_one()
        channel = self.env["dunning.channel"]
        flags = {code: channel._get_channel(code)._step_flag for code in channel._get_channels()}
        return [code for code, flag in flags.items() if flag and self[flag]]

    def _get_french_text(self):
        """All that this step writes to a customer in French."""
        texts = self.sudo().with_context(lang="fr_FR")._get_customer_texts()
        return " ".join(text for text in texts if text)

    def _get_customer_texts(self):
        """List of the texts that this step writes to a customer, some empty; rooms add theirs."""
        return []

    def _is_written(self):
        """Whether the customer gets something to read."""
        channel = self.env["dunning.channel"]
        return any(channel._get_channel(code)._is_written for code in self._get_channels())

    def _is_automatic(self):
        """Whether a live run may send this step without asking anybody."""
        return self.approval == "auto" and not self.is_formal_notice

    def _is_used(self):
        """Whether one of these steps was taken or said: then it is kept. To extend."""
        return False

    def _copy_texts(self):
        """Give these copied steps texts of their own. To extend."""

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps.policy_id._check_may_change()
        return steps

    def write(self, vals):
        self.policy_id._check_may_change()
        return super().write(vals)

    @api.constrains(
        lambda self: [
            *("is_formal_notice", "answer_days", "delay_days", "delay_from", "active"),
            *self.env["dunning.channel"]._get_step_fields(),
            *self.env["dunning.channel"]._get_text_fields(),
        ]
    )
    def _check_step(self):
        for step in self.filtered("active"):
            step._check_channels()
            step._check_formal_notice()

    def _check_channels(self):
        channels = self._get_channels()
        if not channels:
            raise ValidationError(self.env._("Step “%s” uses no channel: choose one.", self.name))
        used = [self.env["dunning.channel"]._get_channel(code) for code in channels]
        missing = dict.fromkeys(
            self._fields[channel._text_field]._description_string(self.env)
            for channel in used
            if channel._is_text_missing(self)
        )
        if missing:
            raise ValidationError(
                self.env._(
                    "Step “%(step)s” has no text for: %(texts)s.",
                    step=self.name,
                    texts=", ".join(missing),
                )
            )

    def _check_formal_notice(self):
        if not self.is_formal_notice:
            return
        if self.delay_from != "due":
            raise ValidationError(
                self.env._(
                    "Step “%s” is a formal notice: count it from the due date. Counted from the "
                    "invoice date, it would come before the due date of long payment terms.",
                    self.name,
                )
            )
        if self.delay_days <= 0:
            raise ValidationError(
                self.env._(
                    "Step “%s” is a formal notice: it cannot come before the due date.", self.name
                )
            )
        if not self.answer_days:
            raise ValidationError(
                self.env._(
                    "Step “%s” is a formal notice: say how many days the customer has to answer.",
                    self.name,
                )
            )

    @api.constrains("delay_days", "delay_from", "sequence", "active", "policy_id")
    def _check_order(self):
        for policy in self.policy_id:
            last = {}  # base of the delay -> last step counted from it
            for step in policy.step_ids.sorted(lambda step: (step.sequence, step.id)):
                before = last.setdefault(step.delay_from, step)
                if step.delay_days < before.delay_days:
                    raise ValidationError(
                        self.env._(
                            "Step “%(after)s” would come before step “%(before)s”: "
                            "put it earlier in the ladder or give it more days.",
                            after=step.name,
                            before=before.name,
                        )
                    )
                last[step.delay_from] = step

    @api.ondelete(at_uninstall=True)
    def _unlink_except_used(self):
        self.policy_id._check_may_change()
        if self._is_used():
            raise UserError(self.env._("This step was already used: archive it instead."))
