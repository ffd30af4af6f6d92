from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from odoo.tests import BaseCase, tagged

from ...tools.letter.blocks import Unit
from ...tools.letter.pages import (
    BOTTOM,
    FIRST_TOP,
    LEFT,
    NEXT_TOP,
    WIDTH,
    PageError,
    cut_letter,
    fill_pages,
)
from ...tools.letter.table import CELL_SIDE, fit_table
from ...tools.letter.text import (
    LINE_BREAK,
    Metrics,
    break_runs,
    em_width,
    paragraph_lines,
    read_paragraphs,
    shorten,
    wrap,
)
from . import letter_samples

UNPATCHED = Metrics(0.2033)
quick = settings(
    deadline=None,
    max_examples=30,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
words = st.text("abcdefgh ijklmno MW.,-éà€\xa0\n", max_size=80)
units = st.lists(
    st.tuples(
        st.integers(1, 60), st.booleans(), st.integers(0, 3), st.integers(0, 9), st.integers(0, 12)
    ),
    max_size=60,
)


def rows_of(pages, faded=False):
    """The texts of all rows of the first or second table, in the order of the pages."""
    return [
        " ".join("".join(cell["lines"]) for cell in row["cells"])
        for page in pages
        for block in page["blocks"]
        if block["kind"] == "table" and block["faded"] == faded
        for row in block["parts"]
    ]


def blocks_of(pages, kind):
    return [(page, block) for page in pages for block in page["blocks"] if block["kind"] == kind]


@tagged("post_install", "-at_install")
class TestText(BaseCase):
    def test_widths_of_known_texts(self):
        self.assertAlmostEqual(em_width("Hello"), 2.278)
        self.assertAlmostEqual(em_width("é€"), 1.112)
        self.assertGreater(em_width("東"), 0.99)

    def test_figures_have_one_width(self):
        for bold in (False, True):
            self.assertEqual(len({em_width(figure, bold) for figure in "0123456789"}), 1)

    def test_html_is_read_and_repaired(self):
        paragraphs = read_paragraphs("<p>Un <b>deux</p><ul><li>a<li>b</ul>fin<script>x</script>")
        self.assertEqual(
            [(each.depth, each.bullet) for each in paragraphs],
            [(0, ""), (1, "–"), (1, "–"), (0, "")],
        )
        self.assertEqual(paragraphs[0].runs, [("Un ", ""), ("deux", "b")])

    def test_numbered_and_nested_lists(self):
        paragraphs = read_paragraphs("<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>")
        self.assertEqual(
            [(each.depth, each.bullet) for each in paragraphs], [(1, "1."), (2, "–"), (1, "2.")]
        )

    def test_line_break_and_markup(self):
        paragraph = read_paragraphs("<p>a<br/>b <i>&lt;c&gt;</i> &amp; d</p>")[0]
        self.assertIn(LINE_BREAK, "".join(text for text, _style in paragraph.runs))
        self.assertEqual(
            paragraph_lines(paragraph, 100, 3, UNPATCHED),
            ["a", Markup("b <i>&lt;c&gt;</i> &amp; d")],
        )

    def test_what_is_not_text_is_refused(self):
        with self.assertRaises(TypeError):
            read_paragraphs(object())
        self.assertEqual(read_paragraphs(False), [])

    def test_long_word_is_broken_after_a_slash(self):
        lines = wrap("https://example.com/a-rather-long-path/to/an/invoice", 30, 3, UNPATCHED)
        self.assertGreater(len(lines), 1)
        self.assertIn(lines[0][-1], "/-._@")

    def test_ellipsis_between_words(self):
        self.assertEqual(
            shorten("Location de deux copieurs couleur", 30, 3, UNPATCHED), "Location de deux…"
        )

    @quick
    @given(
        st.lists(st.tuples(words, st.sampled_from(["", "b", "i"])), max_size=6),
        st.integers(12, 170),
    )
    def test_no_character_is_lost_and_no_line_too_wide(self, runs, width):
        lines = break_runs(runs, width, 3.0, UNPATCHED)
        said = "".join(text for line in lines for text, _style in line)
        asked = "".join(text for text, _style in runs)
        self.assertEqual("".join(said.split()), "".join(asked.split()))
        for line in lines:
            self.assertLessEqual(
                sum(UNPATCHED.width(text, 3.0, "b" in style) for text, style in line), width + 0.01
            )


@tagged("post_install", "-at_install")
class TestFill(BaseCase):
    @quick
    @given(units)
    def test_every_unit_once_in_order_within_the_page(self, shapes):
        blocks = [{} for _number in range(10)]
        made = [
            Unit("text", float(height), {}, blocks[block], float(head), float(gap), keep)
            for height, keep, gap, block, head in shapes
        ]
        pages = fill_pages(made, 100.0, 150.0)
        placed = [unit for page in pages for unit, _top in page]
        self.assertEqual([id(unit) for unit in placed], [id(unit) for unit in made])
        for number, page in enumerate(pages):
            end = 0.0
            for unit, top in page:
                self.assertGreaterEqual(top, end - 0.001)
                end = top + unit.height
            self.assertLessEqual(end, (150.0 if number else 100.0) + 0.001)

    def test_what_belongs_together_stays_together(self):
        made = [Unit("a", 90.0, {}), Unit("b", 6.0, {}, keep=True), Unit("c", 6.0, {})]
        pages = fill_pages(made, 100.0, 150.0)
        self.assertEqual(
            [[unit.kind for unit, _top in page] for page in pages], [["a"], ["b", "c"]]
        )

    def test_head_is_counted_again_on_the_next_page(self):
        block = {}
        made = [Unit("row", 10.0, {}, block, head=10.0) for _number in range(12)]
        pages = fill_pages(made, 100.0, 100.0)
        self.assertEqual([len(page) for page in pages], [9, 3])

    def test_a_unit_higher_than_a_page_is_refused(self):
        with self.assertRaises(PageError):
            fill_pages([Unit("a", 200.0, {})], 100.0, 150.0)


@tagged("post_install", "-at_install")
class TestTable(BaseCase):
    def fit(self, rows, width=WIDTH):
        return fit_table(letter_samples.columns(), rows, width, UNPATCHED)

    def test_columns_fill_the_width(self):
        for rows in ([], [letter_samples.row(1)], [letter_samples.row(1, scale=1e7)]):
            self.assertAlmostEqual(sum(each["width"] for each in self.fit(rows)["columns"]), WIDTH)

    def test_figures_fit_into_their_columns(self):
        for scale in (1, 1e4, 1e7):
            row = letter_samples.row(1, scale=scale)
            letter = letter_samples.letter(1) | {"rows": [row]}
            table = blocks_of(cut_letter(letter, UNPATCHED), "table")[0][1]
            for column, cell in zip(table["columns"], table["parts"][0]["cells"]):
                for line in cell["lines"]:
                    self.assertLessEqual(
                        UNPATCHED.width(line, cell["size"]), column["width"] - 2 * CELL_SIDE + 0.11
                    )

    def test_ten_billion_stays_readable(self):
        amount = letter_samples.amount(10_000_000_000)
        row = letter_samples.row(1) | {"gross": amount, "balance": amount}
        self.assertGreater(self.fit([row])["size"] / 0.3528, 6.2)

    def test_without_a_flexible_column(self):
        columns = [{"key": "a", "label": "A", "width": 20}, {"key": "b", "label": "B", "width": 30}]
        table = fit_table(columns, [{"a": "1", "b": "2"}], WIDTH, UNPATCHED)
        self.assertAlmostEqual(sum(each["width"] for each in table["columns"]), WIDTH)


@tagged("post_install", "-at_install")
class TestLetter(BaseCase):
    def check_shape(self, pages):
        """Pages are numbered and no block leaves the page or meets another."""
        for number, page in enumerate(pages, 1):
            self.assertEqual((page["number"], page["count"]), (number, len(pages)))
            self.assertEqual(bool(page["first"]), number == 1)
            end = FIRST_TOP if number == 1 else NEXT_TOP
            for block in page["blocks"]:
                self.assertGreaterEqual(block["top"], end - 0.001)
                end = block["top"] + block["height"]
            self.assertLessEqual(end, BOTTOM + 0.001)

    def test_every_row_once_and_in_order(self):
        for count in (0, 1, 2, 15, 40, 200):
            letter = letter_samples.formal_notice(rows=count, memo=count // 3)
            pages = cut_letter(letter, UNPATCHED)
            self.check_shape(pages)
            self.assertEqual(
                [text[:14] for text in rows_of(pages)][:count],
                [row["number"] for row in letter["rows"][:count]],
            )
            self.assertEqual(
                [text[:14] for text in rows_of(pages, faded=True)],
                [row["number"] for row in letter["memo_rows"]],
            )

    def test_last_rows_stand_with_the_totals(self):
        for count in range(1, 60):
            pages = cut_letter(letter_samples.letter(rows=count), UNPATCHED)
            page = blocks_of(pages, "totals")[0][0]
            tables = [block for block in page["blocks"] if block["kind"] == "table"]
            self.assertGreaterEqual(len(tables[0]["parts"]), min(count, 3))

    def test_no_page_holds_only_the_signature(self):
        for count in range(1, 60):
            pages = cut_letter(letter_samples.letter(rows=count), UNPATCHED)
            page, _block = blocks_of(pages, "end")[0]
            said = [
                part
                for block in page["blocks"]
                if block["kind"] == "text"
                for part in block["parts"]
            ]
            self.assertGreaterEqual(len(said), 2)

    def test_a_page_is_saved_by_closer_setting(self):
        self.assertEqual(len(cut_letter(letter_samples.letter(rows=5), UNPATCHED)), 1)

    def test_least_letter(self):
        pages = cut_letter(
            {"marker": "X", "sender": {"name": "A"}, "recipient_lines": [], "subject": "S"},
            UNPATCHED,
        )
        self.assertEqual(len(pages), 1)
        self.check_shape(pages)

    def test_missing_part_is_named(self):
        with self.assertRaises(KeyError):
            cut_letter({"marker": "X"})

    def test_many_references_move_below_the_subject(self):
        letter = letter_samples.letter(references=[(f"R{each}", "x") for each in range(12)])
        pages = cut_letter(letter, UNPATCHED)
        self.check_shape(pages)
        block = next(
            block for _page, block in blocks_of(pages, "labelled") if block["role"] == "references"
        )
        self.assertEqual(
            [part["label"] for part in block["parts"]],
            [label for label, _value in letter["references"]],
        )
        self.assertEqual(len(pages[0]["first"]["side"]["lines"]), 3)

    def test_annex_begins_a_page(self):
        pages = cut_letter(letter_samples.formal_notice(rows=3, memo=0), UNPATCHED)
        titles = [page for page, block in blocks_of(pages, "text") if block["style"] == "title"]
        self.assertEqual(titles[0]["blocks"][0]["style"], "title")
        self.assertGreater(titles[0]["number"], 1)

    def test_recipient_stays_in_the_window(self):
        for lines in (["A"], ["W" * 38] * 7, ["I" * 38] * 6, ["MARTIN"] * 4, ["X" * 90] * 12):
            letter = letter_samples.letter(recipient_lines=lines)
            box = cut_letter(letter, UNPATCHED)[0]["first"]["recipient"]
            self.assertGreater(box["left"], 118)
            self.assertGreater(box["top"], 60)
            self.assertLess(box["top"] + box["height"], 85)
            for line in box["lines"]:
                self.assertLess(box["left"] + UNPATCHED.width(line, box["size"]), 195)

    def test_wider_fonts_take_more_room_but_lose_nothing(self):
        wide = Metrics(0.2646, 1.17, 1.27)
        letter = letter_samples.formal_notice()
        pages = cut_letter(letter, wide)
        self.check_shape(pages)
        self.assertEqual(len(rows_of(pages)), 41 + 40)
        self.assertEqual(LEFT + WIDTH, 190)

    @quick
    @given(
        st.integers(0, 70),
        st.integers(0, 12),
        words,
        words,
        st.integers(0, 9),
        st.sampled_from([0.2033, 0.2646]),
    )
    def test_shape_holds_for_any_letter(self, count, memo, label, body, copies, pixel):
        letter = letter_samples.formal_notice(rows=count, memo=memo)
        letter["rows"] = [row | {"label": label} for row in letter["rows"]]
        letter["body_html"] = Markup("<p>%s</p>") % body * (1 + copies)
        letter["closing_html"] = Markup("<p>%s</p>") % (body * copies)
        pages = cut_letter(letter, Metrics(pixel))
        self.check_shape(pages)
        numbers = [text.split(" ")[0] for text in rows_of(pages) + rows_of(pages, faded=True)]
        asked = [
            row["number"]
            for row in letter["rows"] + letter["annexes"][0]["rows"] + letter["memo_rows"]
        ]
        self.assertEqual(sorted(numbers), sorted(asked))
