from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import is_html_empty

from ...tools.placeholders import check
from ...tools.text_figures import (
    fill,
    fill_plain,
    get_own_words,
    make_block,
    stands_in,
    to_editable,
    to_plain,
)
from ..notice.dunning_notice import LIVE_STATES, TEXT_FIELDS
from .dunning_notice_text import MARKING

HTML_TEXTS = ("body", "letter_body", "letter_closing")
# "8 days" may stand in a typed text for many reasons.
UNTYPED = ("text_days_late",)


class DunningNotice(models.Model):
    """Texts that a person edits: the words are theirs, the figures stay those of the books.

    Amounts, dates, numbers and tables stand in the edited text as marked elements (in a subject:
    as names in brackets) and are made anew each time that the text is used. Figures that were
    typed by hand cannot be: when one of those shown at the time of editing has changed and still
    stands among the typed words, the notice is stopped until a person reads it again.
    """

    _inherit = "dunning.notice"

    edited_figures = fields.Json(
        readonly=True, copy=False, help="What the marked figures said when the text was edited."
    )
    edited_labels = fields.Json(readonly=True, copy=False)
    text_warning = fields.Char(compute="_compute_text_warning")

    @api.depends("is_text_edited", "edited_figures", "amount_total", *TEXT_FIELDS)
    @api.depends_context("lang")
    def _compute_text_warning(self):
        for notice in self:
            is_live = notice.is_text_edited and notice.state in LIVE_STATES
            notice.text_warning = is_live and notice._get_text_obstacle()

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_edit_text(self):
        """Fill the texts of these unsent notices, so that a person may change them."""
        self._check_may_act()
        self._check_not_approved()
        for notice in self.sudo():
            notice.write(notice._prepare_edit_vals())
        return True

    def action_reset_text(self):
        """Go back to the texts of the step."""
        self._check_may_act()
        self._check_not_approved()
        empty = dict.fromkeys((*TEXT_FIELDS, "edited_figures", "edited_labels"), False)
        return self.sudo().write({"is_text_edited": False, **empty})

    def _prepare_edit_vals(self):
        """The step's texts with their figures marked."""
        labels = self._get_figure_labels()
        texts = self.with_context(**{MARKING: True})._prepare_texts()
        return {
            **{
                name: to_editable(text) if name in HTML_TEXTS else to_plain(text, labels)
                for name, text in texts.items()
            },
            "is_text_edited": True,
            "edited_figures": self._get_figures(),
            "edited_labels": labels,
        }

    @api.model
    def _get_figure_labels(self):
        """Name of each figure as it stands in brackets in a subject, in the user's language."""
        placeholders = self._get_placeholders()
        return {p.name: self.env._(p.label) for p in placeholders if p.is_figure}

    def _get_figures(self):
        """Figure -> what it says today, in the customer's language."""
        notice = self.with_context(lang=self._get_lang(), **{MARKING: False})
        words = notice._prepare_placeholders()
        return {name: words[name] for name in self._get_figure_names() if words[name]}

    # ------------------------------------------------------------
    # TEXTS TO SEND
    # ------------------------------------------------------------

    def _get_texts(self):
        """The texts to send: those that a person edited, else those of the step.

        :raise UserError: a figure that was typed by hand is no longer true
        """
        if not self.is_text_edited:
            return self._prepare_texts()
        if self.state == "sent":
            return {name: self[name] or "" for name in TEXT_FIELDS}
        obstacle = self._get_text_obstacle()
        if obstacle:
            raise UserError(obstacle)
        return self._fill_texts()

    def _fill_texts(self, keep=False):
        """The edited texts with the figures of today.

        :param keep: leave the marks, so that they can be filled again
        """
        figures, labels = self._get_figures(), self.edited_labels or {}
        notice = self.with_context(lang=self._get_lang(), **{MARKING: False})
        blocks = (p.name for p in self._get_placeholders() if p.is_html)
        figures |= {name: Markup(notice[name]) for name in blocks}
        texts = {}
        for name in TEXT_FIELDS:
            text = self[name] or ""
            if name in HTML_TEXTS:
                texts[name] = "" if is_html_empty(text) else fill(text, figures, keep)
            else:
                texts[name] = text if keep else fill_plain(text, figures, labels)
        return texts

    def _get_text_obstacle(self):
        """A sentence that says why the edited text can no longer leave as it is, or None."""
        if self.is_text_edited and not self.edited_figures:
            return self.env._(
                "This text was edited before its figures were followed: they may no longer be "
                "true. Go back to the text of the step, then edit it again."
            )
        stale = self._get_stale_words() if self.is_text_edited else []
        if not stale:
            return None
        return self.env._(
            "The amounts or dates have changed since the text was edited, and it still says: "
            "%s. Read it again, or go back to the text of the step.",
            ", ".join(stale),
        )

    def _get_stale_words(self):
        """Figures typed by hand that were true when the text was last written and are no more."""
        today = self._get_figures()
        changed = set()
        for name, before in (self.edited_figures or {}).items():
            if name not in UNTYPED:
                now = self._get_single_figures(name, today.get(name, ""))
                changed |= self._get_single_figures(name, before) - now
        own = " ".join(
            get_own_words(self[name]) if name in HTML_TEXTS else self[name] or ""
            for name in TEXT_FIELDS
        )
        return sorted(words for words in changed if stands_in(words, own))

    def _get_single_figures(self, name, words):
        """The numbers of several invoices may be typed one by one."""
        return set(filter(None, words.split(", "))) if name == "text_invoices" else {words} - {""}

    # ------------------------------------------------------------
    # BLOCKS
    # ------------------------------------------------------------

    def _mark_block(self, name, content):
        """A table of the e-mail, marked while its text is being prepared for a person."""
        return make_block(name, content) if self.env.context.get(MARKING) else content

    # ------------------------------------------------------------
    # KEPT
    # ------------------------------------------------------------

    @api.model
    def _get_frozen_fields(self):
        return super()._get_frozen_fields() | {"edited_figures", "edited_labels"}

    def write(self, vals):
        # EXTENDS: what a person wrote was read with the figures of that moment
        if not self.env.su:
            self._check_plain_words(vals)
        result = super().write(vals)
        if set(TEXT_FIELDS) & vals.keys() and not self.env.su:
            for notice in self.sudo().filtered("is_text_edited"):
                notice.edited_figures = notice._get_figures()
        return result

    @api.model
    def _check_plain_words(self, vals):
        """:raise ValidationError: code or a placeholder in an edited text, said as it stands"""
        for name in TEXT_FIELDS:
            found = check(vals.get(name) or "", (), name in HTML_TEXTS)
            if found:
                raise ValidationError(
                    self.env._(
                        "“%s” would be said as it stands: placeholders are filled in the texts of "
                        "a step, not in those of one reminder.",
                        found[0].words,
                    )
                )

    def _refresh_edited_texts(self):
        """An edited text shows on the screen the figures with which it was printed."""
        for notice in self.filtered("is_text_edited"):
            texts = notice._fill_texts(keep=True)
            self.env["dunning.proof"]._open(notice).write(texts)

    def _prepare_sent_vals(self, day):
        """With an edited text as it was said, without marks."""
        vals = super()._prepare_sent_vals(day)
        return vals | self._fill_texts() if self.is_text_edited else vals
