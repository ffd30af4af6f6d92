from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL, format_date

from ..common.groups import USER_GROUP
from ..item.res_partner import MOST_PAUSE_DAYS

# Reasons that freed goods before, and hold them since.
FREED_BEFORE = ("excluded", "disputed", "paused")


class ResPartner(models.Model):
    """What an update finds of customers: decisions of who may not take them, holds that are new.

    As far as it is known: what was written past our models has no author.
    """

    _inherit = "res.partner"

    @api.model
    def _tell_of_found(self):
        """Keep on each customer what was found of it; each company's manager is told once.

        :return: root company -> the customers of which something was found
        """
        told = {}
        for company in self.env["res.company"]._get_dunning_roots():
            manager = company._get_dunning_manager()
            partners = self.sudo().with_company(company)
            partners = partners.with_context(lang=manager.lang or self.env.lang)
            found = partners._get_found(company)
            if found:
                partners._keep_found(found, manager)
                told[company] = self.browse().union(*found)
        return told

    @api.model
    def _keep_found(self, found, manager):
        notes = self.env["dunning.customer.note"]
        rows = [notes._log(partner, "found", "\n".join(said)) for partner, said in found.items()]
        self.env.company._schedule_dunning_task(
            rows[0],
            manager,
            self.env._("Look at %s customers: an update found something", len(found)),
            ", ".join(partner.display_name for partner in found),
        )

    @api.model
    def _get_found(self, company):
        """Customer -> sentences, for the root ``company``, which is that of the environment."""
        found = defaultdict(list)
        for partner, sentence in (
            *self._find_pauses(company),
            *self._find_policies(company),
            *self._find_people(),
            *self._find_new_holds(company),
        ):
            found[partner].append(sentence)
        return found

    @api.model
    def _find_pauses(self, company):
        today = company._get_dunning_today()
        last = today + timedelta(days=MOST_PAUSE_DAYS)
        paused = self.search([("dunning_paused_until", ">=", today)])
        authors = self._get_last_authors("dunning.customer.note", paused, "pause", company)
        for partner in paused:
            until = format_date(self.env, partner.dunning_paused_until)
            author = authors.get(partner)
            if partner.dunning_paused_until > last:
                yield partner, self.env._("It is paused until %s: a year is the most.", until)
            if not author:
                yield partner, self.env._("Nobody is known who paused it until %s.", until)
            elif not self._is_collector(author):
                yield partner, self.env._("%s paused it, who may not.", author.name)

    @api.model
    def _find_policies(self, company):
        laddered = self.search([("dunning_policy_id", "!=", False)])
        authors = self._get_last_authors("dunning.limit.change", laddered, "policy", company)
        for partner, author in authors.items():
            if not self._is_collector(author):
                yield (
                    partner,
                    self.env._(
                        "%(user)s gave it the policy “%(policy)s”, who may not.",
                        user=author.name,
                        policy=partner.dunning_policy_id.name,
                    ),
                )

    @api.model
    def _find_people(self):
        for partner in self.search([("dunning_user_id", "!=", False)]):
            if not self._is_collector(partner.dunning_user_id):
                name = partner.dunning_user_id.name
                yield partner, self.env._("Its collector %s has no right to be one.", name)
        strangers = self.env.execute_query(
            SQL(
                """SELECT chosen.partner_id, chosen.contact_id
                     FROM res_partner_dunning_contact_rel chosen
                     JOIN res_partner p ON p.id = chosen.partner_id
                     JOIN res_partner c ON c.id = chosen.contact_id
                    WHERE p.commercial_partner_id != c.commercial_partner_id ORDER BY 1, 2"""
            )
        )
        for partner_id, contact_id in strangers:
            name = self.browse(contact_id).display_name
            yield (
                self.browse(partner_id),
                self.env._("Its reminders go to %s, who is no contact of it.", name),
            )

    @api.model
    def _find_new_holds(self, company):
        rows = self.env["dunning.decision"]._get_rows(
            None, company.ids, SQL("hold_reason IN %s AND is_overdue", FREED_BEFORE)
        )
        owing = self.browse({row["partner_id"] for row in rows if row["partner_id"]})
        holds = owing._get_delivery_holds(company)
        for partner in owing:
            if "overdue" in holds.get(partner.id, {}).get("causes", ()):
                yield (
                    partner,
                    self.env._(
                        "Its deliveries are held: what is paused, disputed or excluded is owed "
                        "until one of ours accepts that it is paid later."
                    ),
                )

    @api.model
    def _get_last_authors(self, model, partners, kind, company):
        """Customer -> who wrote the last row of that kind about it, in the root ``company``."""
        rows = self.env[model].sudo().search(
            [
                ("partner_id", "in", partners.ids),
                ("kind", "=", kind),
                ("company_id", "=", company.id),
            ],
            order="id",
        )  # fmt: skip
        return {self.browse(row.partner_id.id): row.user_id for row in rows}

    @api.model
    def _is_collector(self, user):
        return user._is_superuser() or (user.active and user.has_group(USER_GROUP))
