"""Texts name values and nothing else: ``tools.placeholders``, without a database."""

from markupsafe import Markup

from odoo.tests import BaseCase, tagged

from ...tools.placeholders import PlaceholderError, check, find_placeholders, render

VALUES = {
    "text_amount": "1 000,00 €",
    "text_name": "<b>O'Neil & Fils</b> {{ object.text_amount }}",
    "text_empty": "",
    "items_html": Markup("<table><tr><td>1</td></tr></table>"),
}
INLINE_CODE = (
    "{{ object.env.user.sudo().write({}) }}",
    "{{ object.partner_id.name }}",
    "{{ object }}",
    "{{ object['text_amount'] }}",
    "{{ text_amount.upper() }}",
    "{{ 7 * 7 }}",
    "{{ user }}",
    "{{ object.__class__ }}",
    "{{ object.text_amount or 1 }}",
    "{{ object.text_amount }",
    "{{ object.text_amount\n or env }}",
    "{{{ object.text_amount }}}",
    "{{}}",
    "{{",
)
HTML_CODE = (
    *INLINE_CODE,
    '<t t-out="object.sudo().write({})"/>',
    '<t t-out="object.partner_id.name"/>',
    '<p T-OUT="object.env">x</p>',
    '<t t-esc="7*7"/>',
    '<t t-raw="object.text_amount"/>',
    '<t t-set="x" t-value="object.env"/>',
    '<t t-foreach="object" t-as="x">x</t>',
    '<t t-call="base.layout"/>',
    '<t t-if="object.text_amount == 1">x</t>',
    '<t t-if="object.text_amount">x</t><t t-else="">y</t>',
    '<a t-att-href="object.text_amount">x</a>',
    '<a t-attf-href="{{ object.text_amount }}">x</a>',
    '<a t-att="{}">x</a>',
    '<a href="{{ object.text_amount }}">x</a>',
    '<t t-out="object.text_amount"><t t-out="object.text_name"/></t>',
    '<t t-out="object.text_amount">{{ object.text_name }}</t>',
    '<t t-out="object.text_amount" t-esc="object.text_name"/>',
    '<t t-out="object.text_amount" t-options="{}"/>',
    "<style>a { b: {{ object.text_amount }} }</style>",
    "<script>{{ object.text_amount }}</script>",
    "<?python 1 ?>",
    '<?xml version="1.0" encoding="utf-8"?><p>x</p>',
    "<!-- {{ object.env }} -->",
    '<!-- <t t-out="object.env"/> -->',
    "<!--[if mso]><p t-if='x'></p><![endif]-->",
    "<p>{{ <b>object.text_amount</b> }}</p>",
)


@tagged("post_install", "-at_install")
class TestPlaceholders(BaseCase):
    def _html(self, text):
        result = render(text, VALUES, is_html=True)
        self.assertIsInstance(result, Markup)
        return str(result)

    def _plain(self, text):
        return render(text, VALUES, is_html=False)

    def test_plain_text_is_filled_as_it_is(self):
        self.assertEqual(self._plain("Pay {{ object.text_amount }}!"), "Pay 1 000,00 €!")
        self.assertEqual(self._plain("{{text_amount}}/{{ text_amount }}"), "1 000,00 €/1 000,00 €")
        self.assertEqual(self._plain("{{ object.text_empty ||| all of it }}"), "all of it")
        self.assertEqual(self._plain("{{ object.text_amount ||| x }}"), "1 000,00 €")
        self.assertEqual(self._plain("a < b & c\n}}"), "a < b & c\n}}")

    def test_value_is_never_read_again(self):
        self.assertEqual(self._plain("{{ text_name }}"), VALUES["text_name"])
        self.assertEqual(
            self._html('<t t-out="object.text_name"/>'),
            "&lt;b&gt;O&#39;Neil &amp; Fils&lt;/b&gt; {{ object.text_amount }}",
        )

    def test_html_is_filled_and_escaped(self):
        self.assertEqual(
            self._html('<p class="a&amp;b">A &lt; B<br/>{{ text_amount }}</p>'),
            '<p class="a&amp;b">A &lt; B<br>1 000,00 €</p>',
        )
        self.assertEqual(self._html('<t t-out="object.items_html"/>'), VALUES["items_html"])
        self.assertEqual(self._html("<p>{{ items_html }}</p>"), f"<p>{VALUES['items_html']}</p>")
        self.assertEqual(
            self._html('a<t t-out="object.text_amount"/>b<b t-esc="text_amount">x</b>c'),
            "a1 000,00 €b<b>1 000,00 €</b>c",
        )

    def test_what_stands_for_an_empty_value(self):
        self.assertEqual(self._html('<b t-out="object.text_empty">none</b>'), "<b>none</b>")
        self.assertEqual(self._html('<t t-out="object.text_empty"/>.'), ".")

    def test_only_if_there_is_a_value(self):
        text = '<p t-if="object.text_{}">Sum: <t t-out="object.text_amount"/></p>.'
        self.assertEqual(self._html(text.format("empty")), ".")
        self.assertEqual(self._html(text.format("amount")), "<p>Sum: 1 000,00 €</p>.")

    def test_comment_is_left_out(self):
        self.assertEqual(self._html("a<!-- note -->b"), "ab")

    def test_style_is_left_as_it_is(self):
        text = "<style>@media x {a > b {c: d}}</style>"
        self.assertEqual(self._html(text), text)

    def test_block_stands_in_html_alone(self):
        with self.assertRaises(PlaceholderError):
            self._plain("{{ object.items_html }}")

    def test_names_are_found(self):
        text = '<p t-if="object.a"><t t-out="b"/> {{ object.c }} {{ d.e }}</p>'
        self.assertEqual(find_placeholders(text, is_html=True), {"a", "b", "c"})
        self.assertEqual(find_placeholders("{{ a }} {{ x() }}", is_html=False), {"a"})

    def test_code_is_refused_and_named(self):
        for texts, is_html in ((INLINE_CODE, False), (HTML_CODE, True)):
            for text in texts:
                with self.subTest(text=text, is_html=is_html):
                    self.assertTrue(check(f"Dear {text} sir", VALUES, is_html))
                    with self.assertRaises(PlaceholderError):
                        render(f"Dear {text} sir", VALUES, is_html)

    def test_unknown_name_is_named(self):
        problems = check("{{ object.text_sum }} {{ text_sum }}", VALUES, is_html=False)
        self.assertEqual([tuple(problem) for problem in problems], [("unknown", "text_sum")])
