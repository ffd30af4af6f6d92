from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_mode = fields.Selection(related="company_id.dunning_mode")
    dunning_manager_id = fields.Many2one(related="company_id.dunning_manager_id", readonly=False)
    dunning_task_days = fields.Integer(related="company_id.dunning_task_days", readonly=False)
    dunning_bank_days = fields.Integer(related="company_id.dunning_bank_days", readonly=False)
    dunning_day_count = fields.Selection(related="company_id.dunning_day_count", readonly=False)
    dunning_imputation = fields.Selection(related="company_id.dunning_imputation", readonly=False)
    dunning_indemnity_per = fields.Selection(
        related="company_id.dunning_indemnity_per", readonly=False
    )
    dunning_penalty_since = fields.Date(related="company_id.dunning_penalty_since", readonly=False)
    dunning_penalty_journal_id = fields.Many2one(
        related="company_id.dunning_penalty_journal_id", readonly=False
    )
    dunning_interest_account_id = fields.Many2one(
        related="company_id.dunning_interest_account_id", readonly=False
    )
    dunning_indemnity_account_id = fields.Many2one(
        related="company_id.dunning_indemnity_account_id", readonly=False
    )
    dunning_penalty_chased = fields.Boolean(
        related="company_id.dunning_penalty_chased", readonly=False
    )
    dunning_postal_days = fields.Integer(related="company_id.dunning_postal_days", readonly=False)
    dunning_postal_days_abroad = fields.Integer(
        related="company_id.dunning_postal_days_abroad", readonly=False
    )
    dunning_generic_mailboxes = fields.Char(
        related="company_id.dunning_generic_mailboxes", readonly=False
    )
    dunning_limit_warning = fields.Float(related="company_id.dunning_limit_warning", readonly=False)
    dunning_release_limit = fields.Float(related="company_id.dunning_release_limit", readonly=False)
    dunning_release_limit_director = fields.Float(
        related="company_id.dunning_release_limit_director", readonly=False
    )
    dunning_release_days = fields.Integer(related="company_id.dunning_release_days", readonly=False)
    dunning_release_most_days = fields.Integer(
        related="company_id.dunning_release_most_days", readonly=False
    )
    dunning_promise_days = fields.Integer(related="company_id.dunning_promise_days", readonly=False)
    dunning_promise_days_manager = fields.Integer(
        related="company_id.dunning_promise_days_manager", readonly=False
    )
    dunning_legal_form = fields.Char(related="company_id.dunning_legal_form", readonly=False)
    dunning_share_capital = fields.Char(related="company_id.dunning_share_capital", readonly=False)
    dunning_rcs_city = fields.Char(related="company_id.dunning_rcs_city", readonly=False)
    dunning_legal_extra = fields.Char(related="company_id.dunning_legal_extra", readonly=False)
    dunning_credit_insurer = fields.Char(
        related="company_id.dunning_credit_insurer", readonly=False
    )
    dunning_incident_service = fields.Char(
        related="company_id.dunning_incident_service", readonly=False
    )
    dunning_signatory_name = fields.Char(
        related="company_id.dunning_signatory_name", readonly=False
    )
    dunning_signatory_capacity = fields.Char(
        related="company_id.dunning_signatory_capacity", readonly=False
    )
    dunning_misconfiguration = fields.Text(related="company_id.dunning_misconfiguration")
    dunning_bank_warning = fields.Char(related="company_id.dunning_bank_warning")
    dunning_logo_on_letters = fields.Boolean(
        related="company_id.dunning_logo_on_letters", readonly=False
    )

    dunning_mark_months = fields.Integer(related="company_id.dunning_mark_months", readonly=False)
    dunning_note_months = fields.Integer(related="company_id.dunning_note_months", readonly=False)
    dunning_term_sector = fields.Selection(related="company_id.dunning_term_sector", readonly=False)

    def action_open_dunning_mode(self):
        """Going live, or back to discovery, has a page of its own that a manager confirms."""
        return self.env["ir.actions.act_window"]._for_xml_id(
            "relance_graduee.dunning_go_live_action"
        )
