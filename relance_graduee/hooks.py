def post_init_hook(env):
    """The letters exist in French: make sure that French is there to print them in."""
    env["res.lang"]._activate_lang("fr_FR")
    env["ir.module.module"].search([("name", "=", "relance_graduee")])._update_translations(
        ["fr_FR"]
    )


def uninstall_hook(env):
    """Take back what other models would keep of us."""
    env["res.company"].search([]).dunning_sequence_id = False
    env["ir.sequence"].search([("code", "=", "dunning.notice")]).unlink()
    # What mail, portal and others noted of our models under their own names.
    notes = [("module", "!=", "relance_graduee"), ("name", "like", "dunning_")]
    env["ir.model.data"].search(notes).unlink()
