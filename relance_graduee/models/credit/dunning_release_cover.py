from odoo import api, models
from odoo.tools import float_compare

# Company currency: the deliveries of an order may be worth some cents more than its total.
PARTS_TOLERANCE = 0.1


class DunningRelease(models.Model):
    """Which open release lets an order or a delivery go, and what is left of it then."""

    _inherit = "dunning.release"

    # ------------------------------------------------------------
    # COVERAGE
    # ------------------------------------------------------------

    @api.model
    def _get_open(self, customers, company):
        """The releases that are open today for ``customers`` (commercial partners), as superuser.

        :return: records freshly read, without context but the language: what is pending is
            written meanwhile, and tracked in words
        """
        self.env["dunning.release"].flush_model()
        today = company.sudo().root_id._get_dunning_today()
        releases = (
            self.env(context={"lang": self.env.context.get("lang")})["dunning.release"]
            .sudo()
            .search(
                [
                    ("partner_id.commercial_partner_id", "in", customers.ids),
                    ("company_id", "=", company.sudo().root_id.id),
                    ("state", "=", "granted"),
                    ("date_until", ">=", today),
                ],
                order="date_until, id",
            )
        )
        releases.invalidate_recordset()
        releases.use_ids.invalidate_recordset()
        return releases

    def _get_covering(self, customer, documents, amount):
        """The first of these open releases that lets a document of ``customer`` go, or none.

        :param documents: list of records: the document, then those it belongs to (a delivery,
            then its order): what covers these covers it
        :param amount: value of the document, company currency, VAT included
        """
        own = self.filtered(lambda r: r.partner_id.commercial_partner_id == customer)
        return next(
            (release for release in own if release._covers(documents, amount)), self.browse()
        )

    def _covers(self, documents, amount):
        """Whether this open release lets the first of ``documents`` go (see ``_get_covering``)."""
        self.ensure_one()
        return getattr(self, f"_covers_{self.scope}")(documents, amount)

    def _covers_order(self, documents, amount):
        return self._covers_target(documents, amount)

    def _covers_delivery(self, documents, amount):
        return self._covers_target(documents, amount)

    def _covers_target(self, documents, amount):
        target = self._get_target()
        if not target or target not in documents or not self._is_target_open(target):
            return False
        if target == documents[0]:
            return self._fits(amount, self.amount)
        others = self.use_ids.filtered(lambda use: not use._is_for([target, documents[0]]))
        return self._fits(self._get_target_value(target), self.amount) and self._fits(
            sum(others.mapped("amount")) + amount, self.amount + PARTS_TOLERANCE
        )

    def _covers_amount(self, documents, amount):
        others = self.use_ids.filtered(lambda use: not use._is_for(documents[:1]))
        parent = others.filtered(lambda use: use._is_for(documents[1:]))[:1]
        if not parent:
            whole = others.filtered(lambda use: not use.parent_id)
            return self._fits(sum(whole.mapped("amount")) + amount, self.amount)
        # taken by the order: its deliveries go while it is what it was
        parts = others.filtered(lambda use: use.parent_id == parent)
        return self._fits(
            self._get_target_value(parent._get_document()), parent.amount
        ) and self._fits(sum(parts.mapped("amount")) + amount, parent.amount + PARTS_TOLERANCE)

    def _covers_until(self, documents, amount):
        return not self.amount or self._covers_amount(documents, amount)

    def _covers_per_invoices_paid(self, documents, amount):
        """Orders may be confirmed under the agreement; each delivery must be earned and paid for.

        The number says which documents are deliveries: those the satellite counts.
        """
        if not self._counts_as_delivery(documents[0]):
            return True
        others = self.use_ids.filtered(lambda use: not use._is_for(documents[:1]))
        paid_count, amount_paid = self._get_earned().get(self.id, (0, 0.0))
        if len(others) >= paid_count // self.invoice_count:
            return False
        return self._fits(sum(others.mapped("amount")) + amount, amount_paid)

    def _fits(self, value, limit):
        return float_compare(value, limit, precision_rounding=self.currency_id.rounding) <= 0

    def _use(self, documents, amount):
        """Note that ``documents[0]`` went under this release; again for it: its new value."""
        self.ensure_one()
        document = documents[0]
        if self.scope == "per_invoices_paid" and not self._counts_as_delivery(document):
            return
        parent = self.use_ids.filtered(lambda use: use._is_for(documents[1:]))[:1]
        use = self.use_ids.filtered(lambda use: use._is_for([document]))
        if use:
            use.sudo().amount = amount
        else:
            use.sudo().create(
                {
                    "release_id": self.id,
                    "parent_id": parent.id,
                    "res_model": document._name,
                    "res_id": document.id,
                    "name": document.display_name,
                    "amount": amount,
                }
            )

    # ------------------------------------------------------------
    # HOOKS OF THE SATELLITES
    # ------------------------------------------------------------

    def _get_target(self):
        """The order or delivery that this release is for; empty: none. To extend."""
        return self.browse()

    def _is_target_open(self, target):
        """Whether the order or delivery still lives: a release never outlives it. To extend."""
        return bool(target.exists())

    @api.model
    def _get_target_value(self, document):
        """Value of an order or delivery now: company currency, VAT included. To extend."""
        return 0.0

    @api.model
    def _counts_as_delivery(self, document):
        """Whether ``document`` is goods leaving, and not an order. To extend."""
        return False
