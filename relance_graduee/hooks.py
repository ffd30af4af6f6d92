def post_init_hook(env):
    """Make sure that letters find their French, and the database how small our tables are."""
    env["res.lang"]._activate_lang("fr_FR")
    env["ir.module.module"].search([("name", "=", "relance_graduee")])._update_translations(
        ["fr_FR"]
    )
    # Too few rows for PostgreSQL to look at them by itself: it would take them for hundreds.
    env.cr.execute("ANALYZE dunning_policy, dunning_step")


def uninstall_hook(env):
    """Take back what other models would keep of us."""
    env["res.company"].search([]).dunning_sequence_id = False
    env["ir.sequence"].search([("code", "=", "dunning.notice")]).unlink()
    # What mail, portal and others noted of our models under their own names.
    # Not those of our own add-ons: Odoo finds by them what it has to delete.
    notes = ["!", ("module", "=like", "relance_graduee%"), ("name", "like", "dunning_")]
    env["ir.model.data"].search(notes).unlink()
