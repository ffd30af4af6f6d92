from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, LazyTranslate, is_html_empty
from odoo.tools.misc import formatLang

from ...tools.placeholders import check, find_placeholders, render
from ...tools.text_figures import mark_values
from ..common.groups import ACCOUNTING_GROUPS
from ..common.words import long_date
from .placeholder import Placeholder

_lt = LazyTranslate(__name__)
# In the context, while a text is prepared for a person who edits it.
MARKING = "dunning_mark_figures"


class DunningNotice(models.Model):
    """Placeholders for the texts of steps: words of a notice in the customer's language.

    A text names plain values, and nothing in it is evaluated (``tools.placeholders``): whoever
    writes one needs no rights of a template editor. Read them with ``lang`` in the context.
    """

    _inherit = "dunning.notice"

    previous_notice_id = fields.Many2one(
        "dunning.notice",
        compute="_compute_previous_notice_id",
        compute_sudo=True,
        groups=ACCOUNTING_GROUPS,
    )
    text_contact = fields.Char(compute="_compute_texts")
    text_salutation = fields.Char(compute="_compute_texts")
    text_amount = fields.Char(compute="_compute_texts")
    text_days_late = fields.Char(compute="_compute_texts")
    text_oldest_due = fields.Char(compute="_compute_texts")
    text_deadline = fields.Char(compute="_compute_texts")
    text_suspension_date = fields.Char(compute="_compute_texts")
    text_previous = fields.Char(compute="_compute_texts")
    text_previous_sentence = fields.Char(compute="_compute_texts")
    text_penalties = fields.Char(compute="_compute_texts")
    text_invoices = fields.Char(compute="_compute_texts")
    text_reference = fields.Char(compute="_compute_texts")
    text_public_references = fields.Char(compute="_compute_texts")
    text_sender = fields.Char(compute="_compute_texts")
    text_collector = fields.Char(compute="_compute_texts")
    text_collector_contact = fields.Char(compute="_compute_texts")
    text_legal_consequence = fields.Char(compute="_compute_texts")
    partner_name = fields.Char(compute="_compute_texts")
    items_html = fields.Html(compute="_compute_items_html", sanitize=False)
    payment_html = fields.Html(compute="_compute_payment_html", sanitize=False)

    @api.model
    def mail_allowed_qweb_expressions(self):
        """Odoo lets managers use the placeholders in e-mails without being template editors."""
        names = (placeholder.name for placeholder in self._get_placeholders())
        return (*super().mail_allowed_qweb_expressions(), *(f"object.{name}" for name in names))

    # ------------------------------------------------------------
    # PLACEHOLDERS
    # ------------------------------------------------------------

    @api.model
    def _get_placeholders(self):
        """List of ``Placeholder``, in the order in which they are offered. To extend."""
        return [
            Placeholder("text_salutation", _lt("opening words")),
            Placeholder("partner_name", _lt("customer")),
            Placeholder("text_contact", _lt("person to write to or call")),
            Placeholder("text_amount", _lt("amount claimed"), is_figure=True),
            Placeholder("text_invoices", _lt("invoices"), is_figure=True),
            Placeholder("text_days_late", _lt("days late"), is_figure=True),
            Placeholder("text_oldest_due", _lt("oldest due date"), is_figure=True),
            Placeholder("text_deadline", _lt("deadline"), is_figure=True),
            Placeholder("text_suspension_date", _lt("date of suspension"), is_figure=True),
            Placeholder("text_previous", _lt("last reminder, with its date")),
            Placeholder("text_previous_sentence", _lt("sentence: it was not followed by payment")),
            Placeholder("text_penalties", _lt("late interest and indemnity, recalled in words")),
            Placeholder("text_legal_consequence", _lt("what follows an unanswered formal notice")),
            Placeholder("text_reference", _lt("reference"), is_figure=True),
            Placeholder("text_public_references", _lt("public references"), is_figure=True),
            Placeholder("text_sender", _lt("our company")),
            Placeholder("text_collector", _lt("collector")),
            Placeholder("text_collector_contact", _lt("the collector's telephone and e-mail")),
            Placeholder("items_html", _lt("table of invoices (e-mails)"), is_html=True),
            Placeholder("payment_html", _lt("how to pay (e-mails)"), is_html=True),
        ]

    @api.model
    def _get_figure_names(self):
        return [p.name for p in self._get_placeholders() if p.is_figure]

    @api.depends(
        "line_ids", "amount_total", "name", "partner_id", "step_id", "answer_deadline",
        "suspension_date",
    )  # fmt: skip
    @api.depends_context("lang", MARKING)
    def _compute_texts(self):
        is_marked = self.env.context.get(MARKING)
        figures = self._get_figure_names() if is_marked else ()
        for notice in self:
            notice.update(mark_values(notice._prepare_placeholders(), figures))

    def _prepare_placeholders(self):
        """Placeholder name -> words, in the language of the context: plain data alone, since a
        text shows whoever writes it what stands here. To extend: with a field computed by
        ``_compute_texts``, and in ``_get_placeholders``.
        """
        collector = self._get_collector()
        due = self.line_ids.filtered(lambda line: line.claimed and line.amount_residual > 0)
        previous = self.previous_notice_id
        return {
            "text_contact": self._get_contacts()[:1].name or "",
            "text_salutation": self.env._("Dear Sir or Madam,"),
            "text_amount": self._format_amount(self.amount_total),
            "text_days_late": self._format_days(max(due.mapped("days_late"), default=0)),
            "text_oldest_due": self._format_date(min(due.mapped("date_maturity"), default=False)),
            "text_deadline": self._format_date(self._get_deadline()),
            "text_suspension_date": self._format_date(self._get_suspension_date()),
            "text_previous": previous._get_own_description(),
            "text_previous_sentence": previous._get_unanswered_sentence(),
            "text_penalties": self._get_penalties_sentence(),
            "text_invoices": ", ".join(filter(None, due.mapped("number"))),
            "text_reference": self.name or self.env._("(number at sending)"),
            "text_public_references": self._get_public_references(),
            "text_sender": self.company_id.name,
            "text_collector": collector.name,
            "text_collector_contact": self._get_collector_contact(collector),
            "text_legal_consequence": self._get_legal_consequence(),
            "partner_name": self.partner_id.commercial_partner_id.name,
        }

    def _format_days(self, days):
        return self.env._("%s days", days) if days > 1 else self.env._("%s day", days)

    def _format_amount(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    def _format_date(self, date):
        return long_date(self.env, date) if date else ""

    def _get_collector_contact(self, collector):
        """Telephone and e-mail of the collector; never empty, since sentences end with it."""
        company = self.company_id
        ways = (collector.phone or company.phone, collector.email or company.email)
        return " – ".join(filter(None, ways)) or company.name

    @api.depends("line_ids.move_line_id")
    def _compute_previous_notice_id(self):
        """The last written notice about one of the same items that got there, as far as is known.

        A letter that says that an e-mail stayed unanswered must not mean one that came back. One
        statement for all.
        """
        self.line_ids.flush_recordset()
        self.flush_model(["state", "date_sent", "attachment_id"])
        self.env["dunning.delivery"].flush_model(["state", "channel", "notice_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (mine.notice_id) mine.notice_id, earlier.id
                  FROM dunning_notice_line mine
                  JOIN dunning_notice_line theirs ON theirs.move_line_id = mine.move_line_id
                   AND theirs.notice_id != mine.notice_id
                  JOIN dunning_notice earlier ON earlier.id = theirs.notice_id
                 WHERE mine.notice_id = ANY(%s) AND earlier.state = 'sent'
                   AND earlier.attachment_id IS NOT NULL
                   AND EXISTS (SELECT FROM dunning_delivery way
                                WHERE way.notice_id = earlier.id
                                  AND way.channel = ANY(%s) AND way.state IN ('todo', 'done'))
              ORDER BY mine.notice_id, earlier.date_sent DESC, earlier.id DESC
                """,
                self.ids,
                self.env["dunning.channel"]._get_channels(is_written=True),
            )
        )
        previous = dict(rows)
        for notice in self:
            notice.previous_notice_id = previous.get(notice.id, False)

    def _get_own_description(self):
        """The words by which a later notice names this one: "our letter of 3 March 2026", or ""."""
        if not self:
            return ""
        day = self._format_date(self.date_sent)
        if self._was_posted():
            return self.env._("our letter of %s", day)
        return self.env._("our e-mail of %s", day)

    def _was_posted(self):
        """Whether it left as a letter: one that could not be posted is none."""
        letters = self.delivery_ids.filtered(lambda d: d.is_posted)
        return bool(letters.filtered(lambda d: d.state in ("todo", "done")))

    def _get_unanswered_sentence(self):
        if not self:
            return ""
        if self._was_posted():
            text = self.env._(
                "Our letter of %(date)s (ref. %(number)s) was not followed by payment."
            )
        else:
            text = self.env._(
                "Our e-mail of %(date)s (ref. %(number)s) was not followed by payment."
            )
        return text % {"date": self._format_date(self.date_sent), "number": self.name}

    def _get_penalties_sentence(self):
        """Late interest and indemnity recalled in words (C. com. L441-10, D441-5; CCP L2192-13)."""
        kind = self._get_customer_kind()
        if kind == "business":
            return self.env._(
                "Please note that, by law, any delay in payment gives rise to late payment "
                "interest and to a fixed recovery indemnity of %s € for each invoice (articles "
                "L441-10 and D441-5 of the French Commercial Code).",
                self._get_indemnity_words(),
            )
        if kind == "public":
            return self.env._(
                "Please note that a payment made after the legal time limit gives rise, by law, "
                "to default interest and to a fixed recovery indemnity of %s € (articles "
                "L2192-13 and D2192-35 of the French Public Procurement Code).",
                self._get_indemnity_words(),
            )
        return ""

    def _get_indemnity_words(self):
        """The fixed indemnity of the day in euros, as it is written: "40"."""
        value = self.env["dunning.legal.value"]._get_value("indemnity", self._get_day())
        return f"{value.normalize():f}" if value is not None else ""

    def _get_legal_consequence(self):
        """Consequences of an unanswered formal notice, in words that the law allows."""
        kind = self._get_customer_kind()
        if kind == "public":
            return self.env._(
                "Failing payment by that date, we shall bring the matter before the competent "
                "administrative authority or court."
            )
        if kind == "business":
            text = self.env._(
                "Failing payment by that date, we shall entrust this claim to a professional and "
                "bring the matter before the competent court, without further notice. Late payment "
                "interest continues to accrue until full payment; the costs of the procedure may "
                "be charged to you by the court."
            )
            return " ".join([text, *self._get_declared_consequences()])
        return self.env._(
            "Failing payment by that date, we reserve the right to bring the matter before the "
            "competent court. This letter is a formal notice to pay: interest at the legal rate "
            "runs from its receipt (articles 1231-6 and 1344-1 of the French Civil Code)."
        )

    def _get_declared_consequences(self):
        """To whom the unpaid claim of a business will be declared: sentences, often none.

        Only what the company really does: a threat that is not carried out misleads.
        """
        company = self.company_id
        sentences = []
        if company.dunning_credit_insurer:
            text = self.env._(
                "The unpaid claim will also be declared to our credit insurer, %s.",
                company.dunning_credit_insurer,
            )
            sentences.append(text)
        if company.dunning_incident_service:
            text = self.env._(
                "The payment incident will also be reported to %s.",
                company.dunning_incident_service,
            )
            sentences.append(text)
        return sentences

    def _get_public_references(self):
        """The engagement and service numbers of the invoices, as a public body files them."""
        moves = self.line_ids.filtered("claimed").move_id
        moves = moves.filtered(lambda move: move.is_sale_document(include_receipts=True))
        names = ("ref", "buyer_reference", "purchase_order_reference", "contract_reference")
        numbers = {move[name] for name in names if name in moves._fields for move in moves}
        numbers = ", ".join(sorted(filter(None, numbers)))
        return self.env._("Engagement and service numbers: %s", numbers) if numbers else ""

    # ------------------------------------------------------------
    # TEXTS
    # ------------------------------------------------------------

    def _prepare_texts(self):
        """The step's texts, rendered in the customer's language: field name -> text. To extend.

        :raise UserError: a text does not render
        """
        self.ensure_one()
        step = self.step_id.sudo().with_context(lang=self._get_lang())
        return {
            "letter_subject": self._render_text(step, "letter_subject")
            or self._get_default_subject(),
            "letter_body": self._render_text(step, "letter_body") or self._get_default_letter(),
            "letter_closing": self._render_text(step, "letter_closing"),
        }

    def _render_text(self, source, name):
        """The text ``name`` of ``source`` in its language, with the words of this notice.

        :raise UserError: it holds something else than placeholders
        """
        if not source or is_html_empty(source[name]):
            return ""
        error = self._get_text_error(source, name)
        if error:
            raise UserError(error)
        notice = self.with_context(lang=source.env.lang)
        return notice._fill_placeholders(source[name], source._fields[name].type == "html")

    def _fill_placeholders(self, text, is_html):
        """``text`` in the language of the context; see ``_get_problems``."""
        names = find_placeholders(text, is_html)
        known = {placeholder.name for placeholder in self._get_placeholders()}
        notice = self.sudo()
        values = {name: notice[name] or "" for name in sorted(names & known)}
        return render(text, values, is_html)

    @api.model
    def _get_text_error(self, source, name):
        """Why the text ``name`` of ``source`` cannot be written, or None."""
        field = source._fields[name]
        problems = self._get_problems(source[name] or "", field.type == "html")
        if not problems:
            return None
        return self.env._(
            "The text “%(text)s” of “%(owner)s” cannot be written: correct it in the "
            "procedure, then send again. %(problems)s",
            text=field._description_string(self.env),
            owner=source.display_name,
            problems=" ".join(problems),
        )

    @api.model
    def _get_problems(self, text, is_html):
        """Why a text cannot be filled: a list of sentences, empty when it can."""
        placeholders = self._get_placeholders()
        blocks = {p.name for p in placeholders if p.is_html}
        known = {p.name for p in placeholders} - (set() if is_html else blocks)
        problems = check(text, known, is_html)
        return self._get_problem_sentences(problems, blocks) if problems else []

    @api.model
    def _get_problem_sentences(self, problems, blocks):
        """``Problem`` of a text (``tools.placeholders``) in words that a person can act on."""
        sentences = {
            "unknown": self.env._("“%s” is no placeholder."),
            "code": self.env._("“%s” is code: a text holds placeholders alone."),
            "open": self.env._("“%s” has no end: a placeholder is closed by two braces."),
            "place": self.env._("“%s”: a placeholder cannot stand there."),
        }
        block = self.env._("“%s” stands in letters and e-mails alone.")
        return [
            (block if problem.words in blocks else sentences[problem.kind]) % problem.words
            for problem in problems
        ]

    def _get_default_subject(self):
        notice = self.with_context(lang=self._get_lang())
        return notice.env._("Statement of your account")

    def _get_default_letter(self):
        """Body of the document when the step has no letter: it is then a statement."""
        notice = self.with_context(lang=self._get_lang())
        text = notice.env._(
            "Please find below the statement of the items that are open on your account to date."
        )
        return Markup("<p>%s</p><p>%s</p>") % (notice.text_salutation, text)
