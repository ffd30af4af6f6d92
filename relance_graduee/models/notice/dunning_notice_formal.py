from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date

from ..common.groups import ACCOUNTING_GROUPS, MANAGER_GROUP
from ..common.today import as_of_today
from ..common.words import has_words
from .dunning_notice import LIVE_STATES


class DunningNotice(models.Model):
    """Whether a formal notice may leave: looked at when it is approved, and again when it is sent.

    Some things are refused, whoever asks; others are a manager's to decide, with a reason that is
    kept: no earlier reminder was sent, or the debt of a business is time-barred.
    """

    _inherit = "dunning.notice"

    formal_reason = fields.Text(string="Sent nevertheless because", readonly=True, copy=False)
    formal_decided_by = fields.Many2one("res.users", string="Decided by", readonly=True, copy=False)
    formal_decided_on = fields.Date(string="Decided on", readonly=True, copy=False)
    formal_decided_items = fields.Json(string="Decided items", readonly=True, copy=False)
    formal_refusal = fields.Text(
        string="Why it cannot leave",
        compute="_compute_formal_refusal",
        compute_sudo=True,
        groups=ACCOUNTING_GROUPS,
    )
    formal_question = fields.Text(
        string="A manager decides",
        compute="_compute_formal_refusal",
        compute_sudo=True,
        groups=ACCOUNTING_GROUPS,
    )

    @api.depends("state", "is_formal_notice", "formal_decided_items", "line_ids", "partner_id")
    @api.depends_context("lang", "dunning_date")
    def _compute_formal_refusal(self):
        proposals = self.filtered(lambda n: n.is_formal_notice and n.state in LIVE_STATES)
        (self - proposals).update({"formal_refusal": False, "formal_question": False})
        rows = proposals._get_formal_rows()
        for notice in proposals:
            own = rows.get(notice.id, [])
            notice.formal_refusal = "\n".join(notice._get_formal_refusals(own)) or False
            asked = notice._get_formal_questions(own)
            notice.formal_question = "\n".join(asked) if asked else False

    def _get_formal_rows(self):
        """Rows of the decision for the claimed items, today: notice id -> rows. One query."""
        if not self:
            return {}
        claimed = {notice.id: notice._get_claimed_lines().move_line_id.ids for notice in self}
        found = self.env["dunning.decision"]._get_rows(
            self.partner_id.ids,
            self.company_id.ids,
            SQL("id = ANY(%s)", [id_ for ids in claimed.values() for id_ in ids]),
            shown=True,
        )
        by_id = {row["id"]: row for row in found if row["amount_residual"] > 0}
        return {
            notice_id: [by_id[id_] for id_ in ids if id_ in by_id]
            for notice_id, ids in claimed.items()
        }

    # ------------------------------------------------------------
    # REFUSALS AND QUESTIONS
    # ------------------------------------------------------------

    def _get_formal_refusals(self, rows):
        """Reasons for which nobody may send this formal notice: sentences that say what to do.

        :param rows: see ``_get_formal_rows``
        """
        self.ensure_one()
        customer = self.partner_id.commercial_partner_id.sudo()
        refusals = [
            self._get_insolvency_refusal(customer, rows),
            self._get_identity_refusal(),
            customer._is_customer_kind_unknown()
            and self.env._(
                "%s: is it a business or an association? Enter its SIREN or VAT number, or the "
                "kind of customer: the law differs.",
                customer.display_name,
            ),
            self._get_nothing_left_refusal(rows),
        ]
        return [sentence for sentence in refusals if sentence]

    def _get_insolvency_refusal(self, customer, rows):
        """Actions for debts before the opening judgment are stopped (C. com. L622-21).

        They are declared; what was delivered after it is paid when due (L622-17), and may be
        demanded.
        """
        later = any(row["hold_reason"] != "insolvency" for row in rows)
        if not customer.insolvency_date or later:
            return None
        return self.env._(
            "%(customer)s is in insolvency proceedings since %(date)s: no formal notice for what "
            "was owed before. Declare the claim to the court's representative instead.",
            customer=customer.display_name,
            date=format_date(self.env, customer.insolvency_date),
        )

    def _get_identity_refusal(self):
        gaps = self.company_id._get_dunning_identity_gaps()
        if not gaps:
            return None
        return self.env._(
            "The legal identity of %(company)s is incomplete, enter it in the settings: %(gaps)s.",
            company=self.company_id.name,
            gaps=", ".join(gaps),
        )

    def _get_nothing_left_refusal(self, rows):
        """Nothing that may be demanded. To extend: a sentence, or None."""
        if self._get_demanded_rows(rows) and self.amount_total > 0:
            return None
        return self.env._(
            "Nothing undisputed is left to demand: what was claimed is paid, covered, disputed "
            "or held."
        )

    @api.model
    def _get_demanded_rows(self, rows):
        """Those of ``rows`` that a formal notice may demand."""
        held = self.env["dunning.decision"]._get_hold_codes(may_be_demanded=False)
        return [row for row in rows if row["hold_reason"] not in held]

    def _get_formal_doubts(self, rows):
        """Doubts that a manager may overrule: code of the doubt -> rows of the demanded items.

        To extend, with the words of the doubt in ``_get_doubt_sentences``.
        """
        demanded = self._get_demanded_rows(rows)
        return {"never": [row for row in demanded if not row["is_reminded"]]}

    @api.model
    def _get_doubt_sentences(self):
        """Code of the doubt -> what is asked, with ``%s`` for the numbers of the items."""
        return {"never": self.env._("No earlier reminder was sent: %s.")}

    def _get_formal_questions(self, rows):
        """Sentences about the doubts that no manager has overruled with a reason yet.

        A decision covers the items that were known, none that came later.
        """
        self.ensure_one()
        decided = self.formal_decided_items or {}
        sentences = self._get_doubt_sentences()
        questions = []
        for code, doubtful in self._get_formal_doubts(rows).items():
            new = [row for row in doubtful if row["id"] not in decided.get(code, [])]
            if new:
                questions.append(sentences[code] % self._get_numbers(new))
        return questions

    def _get_numbers(self, rows):
        moves = self.env["account.move"].sudo().browse(row["move_id"] for row in rows)
        return ", ".join(moves.mapped("name"))

    # ------------------------------------------------------------
    # ENFORCEMENT
    # ------------------------------------------------------------

    def _get_formal_obstacles(self):
        """Notice id -> why it may not leave now, as text. Looks at everything afresh."""
        formal = self.filtered("is_formal_notice")
        rows = formal._get_formal_rows()
        obstacles = {}
        for notice in formal:
            own = rows.get(notice.id, [])
            found = notice._get_formal_refusals(own)
            if asked := notice._get_formal_questions(own):
                found += [*asked, self.env._("A manager may decide to send it, with a reason.")]
            if found:
                obstacles[notice.id] = "\n".join(found)
        return obstacles

    def _get_approval_obstacle(self):
        """A sentence if nobody entitled approved this formal notice, or None."""
        approver = self.approved_by
        if not self.is_formal_notice or (approver and approver.has_group(MANAGER_GROUP)):
            return None
        return self.env._("A formal notice leaves only when a dunning manager approved it.")

    def _approve(self, user):
        """:raise UserError: a formal notice may not leave as things stand"""
        obstacles = as_of_today(self.sudo())._get_formal_obstacles()
        if obstacles:
            raise UserError(
                "\n\n".join(
                    f"{notice.partner_id.display_name}\n{obstacles[notice.id]}"
                    for notice in self
                    if notice.id in obstacles
                )
            )
        return super()._approve(user)

    # ------------------------------------------------------------
    # A MANAGER'S DECISION
    # ------------------------------------------------------------

    def _decide_formal(self, reason):
        """A manager wants this formal notice sent although a question is open.

        :raise AccessError: the user is no manager
        :raise UserError: no reason, or the notice was sent
        """
        if not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(self.env._("A formal notice is approved by a dunning manager."))
        self.check_access("write")
        if not has_words(reason):
            raise UserError(self.env._("Say why: the reason is kept with the documents."))
        if any(notice.state not in LIVE_STATES for notice in self):
            raise UserError(self.env._("This notice was sent: it can no longer be changed."))
        notices = as_of_today(self.sudo())
        rows = notices._get_formal_rows()
        for notice in notices:
            own = rows.get(notice.id, [])
            questions = " ".join(notice._get_formal_questions(own))
            doubts = notice._get_formal_doubts(own)
            self.env["dunning.proof"]._open(notice).write(
                {
                    "formal_decided_items": {
                        code: [row["id"] for row in doubtful] for code, doubtful in doubts.items()
                    },
                    "formal_reason": reason,
                    "formal_decided_by": self.env.user.id,
                    "formal_decided_on": notice.company_id._get_dunning_today(),
                }
            )
            notice._message_log(
                body=self.env._(
                    "%(questions)s To be sent nevertheless: %(reason)s",
                    questions=questions,
                    reason=reason,
                )
            )

    def action_decide_formal(self):
        """Ask the manager why it is to leave nevertheless."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send it nevertheless"),
            "res_model": "dunning.formal.decision",
            "view_mode": "form",
            "target": "new",
            "context": {"default_notice_id": self.id},
        }
