from odoo import api, fields, models
from odoo.tools import SQL


class DunningLock(models.Model):
    """One small row for a customer and a company, updated before anything that two may race.

    Odoo runs in REPEATABLE READ: there neither ``SELECT ... FOR UPDATE`` nor an advisory lock
    makes the second transaction see what the first one did. Updating a shared row does: the
    second fails with a serialization error, and whoever called tries again on fresh data.
    """

    _name = "dunning.lock"
    _description = "Lock of a customer's dunning"
    _inherit = ["dunning.company.owned"]
    _log_access = False

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    touched = fields.Integer()

    # A constraint, not an index: merging partners knows how to deal with constraints.
    _partner_company_uniq = models.Constraint("UNIQUE(partner_id, company_id)")

    @api.model
    def _acquire(self, company, partner_ids):
        """Hold these customers of the root ``company`` until the transaction ends.

        Must be the first statement of a transaction that decides.

        :raise psycopg2.errors.SerializationFailure: somebody else did so in between
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dunning_lock (partner_id, company_id, touched)
                     SELECT partner_id, %s, 1 FROM unnest(%s::int[]) AS partner_id
                   ORDER BY partner_id
                ON CONFLICT (partner_id, company_id)
                  DO UPDATE SET touched = (dunning_lock.touched + 1) %% 1000000
                """,
                company.id,
                list(partner_ids),
            )
        )
