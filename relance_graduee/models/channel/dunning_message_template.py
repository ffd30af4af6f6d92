from odoo import api, models
from odoo.exceptions import AccessError

from ...tools.placeholders import DEFAULT, INLINE
from ..common.groups import MANAGER_GROUP


class DunningMessageTemplate(models.AbstractModel):
    """A template of Odoo's by which steps write to customers.

    Every employee may edit templates in Odoo; what is said to customers who owe is for dunning
    managers, and the texts of a ladder for those who may change that ladder.
    """

    _name = "dunning.message.template"
    _inherit = ["dunning.checked.text"]
    _description = "Message of a dunning step"

    # The field of a step that holds it.
    _step_field = None

    @api.model
    def _get_evaluated_names(self):
        """Recipients and language: in Odoo's own composer, for whoever opens it."""
        return [*super()._get_evaluated_names(), "lang"]

    @api.model
    def _get_problems(self, field, text):
        """Outside texts a field of a record may be named too: ``object.partner_id.lang``."""
        if text and field.name in self._get_evaluated_names():
            text = INLINE.sub(lambda use: "" if self._is_path(use.group(1)) else use.group(), text)
        return super()._get_problems(field, text)

    @api.model
    def _is_path(self, expression):
        """Whether an expression names fields one after the other, and does nothing else."""
        start, *names = expression.partition(DEFAULT)[0].strip().split(".")
        model = self.env["dunning.notice"]
        for name in names:
            if model is None or name not in model._fields:
                return False
            comodel = model._fields[name].comodel_name
            model = self.env[comodel] if comodel else None
        return start == "object" and bool(names)

    @api.model
    def _get_said_fields(self):
        return [*super()._get_said_fields(), "model", "model_id"]

    def _filter_said(self):
        """Those for notices, by whichever of both fields says so."""
        name = "dunning.notice"
        templates = super()._filter_said().sudo()
        said = templates.filtered(lambda t: name in (t.model, t.model_id.model))
        return said.with_env(self.env)

    @api.model_create_multi
    def create(self, vals_list):
        templates = super().create(vals_list)
        templates._filter_said()._check_may_change_texts()
        return templates

    def write(self, vals):
        before = self._filter_said()
        before._check_may_change_texts()
        result = super().write(vals)
        (self._filter_said() - before)._check_may_change_texts()
        return result

    @api.ondelete(at_uninstall=True)
    def _unlink_except_of_others(self):
        self._filter_said()._check_may_change_texts()

    def _check_may_change_texts(self):
        """:raise AccessError: the user may not change what steps say with these"""
        if self.env.su or not self or self.env.user.has_group("base.group_system"):
            return
        if not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(
                self.env._("What is written to customers who owe is changed by dunning managers.")
            )
        used = [(self._step_field, "in", self.ids)]
        steps = self.env["dunning.step"].sudo().with_context(active_test=False).search(used)
        steps.policy_id.with_env(self.env)._check_may_change()
