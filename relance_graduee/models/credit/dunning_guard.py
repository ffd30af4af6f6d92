from collections.abc import Callable
from typing import Any, NamedTuple

from odoo import api, models


class Demand(NamedTuple):
    """A document that wants to go.

    document: the record (an order to confirm, a delivery to validate)
    customers: ``res.partner``: who has to be free of holds (any contacts of them)
    amount: its value in currency of the root company, VAT included
    parents: records it belongs to: a release of these covers it (the order of a delivery)
    is_prepaid: whether all of it was paid before, and it goes always; asked of held customers only
    """

    document: Any
    customers: Any
    amount: float
    parents: tuple = ()
    is_prepaid: Callable[[], bool] | None = None


class DunningGuard(models.AbstractModel):
    """Whether documents of customers may go now: what orders and deliveries ask, on every path.

    It decides as superuser, for today and the document's company, on fresh data; nothing of
    the caller's context counts. Two that ask at once for one customer, or one group, do so one
    after the other: the second fails with a serialization error, which Odoo tries again.
    """

    _name = "dunning.guard"
    _description = "Guard of orders and deliveries"

    @api.model
    def _get_obstacles(self, company, demands, use=False):
        """The holds that keep these documents from leaving.

        :param company: of the documents (any of the tree; demands of one tree in a call)
        :param demands: list of ``Demand``
        :param use: they go now: the releases that let them are used for them
        :return: list of (demand, {"hold", "reason", "causes"}) for those that must wait: their
            customer is blocked and no release covers them
        """
        company = company.sudo().root_id
        if not demands or company.dunning_sale_hold == "warn":
            return []
        customers = self._get_customers(demands)
        if use:
            customers._lock_dunning_limit(company)
        holds = customers._get_delivery_holds(company)
        blocked = {id_: hold for id_, hold in holds.items() if hold["hold"] == "blocked"}
        if not blocked:
            return []
        releases = self.env["dunning.release"]._get_open(customers.browse(blocked), company)
        return [
            (demand, blocked[customer.id])
            for demand in demands
            for customer in demand.customers.sudo().commercial_partner_id
            if customer.id in blocked and not self._may_go(releases, customer, demand, use)
        ]

    @api.model
    def _get_customers(self, demands):
        partners = self.env["res.partner"].sudo().with_context(lang=self.env.context.get("lang"))
        ids = {id_ for d in demands for id_ in d.customers.sudo().commercial_partner_id.ids}
        return partners.browse(sorted(ids))

    @api.model
    def _may_go(self, releases, customer, demand, use):
        """Whether it is prepaid, or an open release covers it; noted as used when ``use``."""
        if demand.is_prepaid and demand.is_prepaid():
            return True
        documents = [demand.document, *demand.parents]
        release = releases._get_covering(customer, documents, demand.amount)
        if release and use:
            release._use(documents, demand.amount)
        return bool(release)
