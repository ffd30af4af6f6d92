from odoo import fields, models


class DunningRun(models.Model):
    """Invoices to enclose that have no PDF: a run makes them before its batches of customers.

    Odoo prints one in a second or so: inside a batch, the watchdog of scheduled jobs would kill
    it each time, and nothing would ever leave.
    """

    _inherit = "dunning.run"

    unprinted_invoices = fields.Json(
        readonly=True, help="Ids of invoices whose PDF could not be made."
    )

    def _print_invoices(self, move_ids):
        """Make the PDFs that what leaves today encloses: before its batches, one transaction each.

        Each is tried once a run: then the notice fails that encloses it, and tells it.

        :return: whether there was time for all
        """
        tried = set(self.unprinted_invoices or [])
        missing = [move_id for move_id in move_ids if move_id not in tried]
        if not missing or not self._may_send():
            return True
        self.env["dunning.letter"]._check_program()  # Odoo's own printing waits for ever
        return self.env["dunning.batch"]._do_all(
            self, "_print_batch", missing, 1, on_failure="_note_unprinted"
        )

    def _get_pending_unprinted_ids(self):
        return self.env["dunning.notice"].search(self._get_pending_domain())._get_unprinted_ids()

    def _get_unprinted_ids_to_come(self, partner_ids):
        if not self._may_send() or not partner_ids:
            return []
        notices = self.env["dunning.notice"]
        return notices._get_unprinted_ids_to_come(self.company_id, partner_ids)

    def _print_batch(self, move_ids):
        self._note_alive()
        self.env["dunning.notice"]._print_invoices(move_ids)

    def _note_unprinted(self, move_id, error):
        self.env["dunning.notice"]._note_unprinted(move_id, error)
        self.unprinted_invoices = [*(self.unprinted_invoices or []), move_id]
