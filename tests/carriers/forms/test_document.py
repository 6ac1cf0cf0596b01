"""A page read without a browser: selectors of every kind, what is visible, what stands in a table."""

import pytest

from carriers.forms.document import Document, text_of
from carriers.page import OtherRows, Target

PAGE = Document(
    """<!doctype html><html><head><title>Upload</title><style>p { color: red }</style></head><body>
    <h1>  Upload
      invoice </h1>
    <nav><a href="/home">Home</a><a href="/list">List</a></nav>
    <form id="up"><label for="file">Invoice file</label><input id="file" type="file">
      <label>Client <select id="client"><option value="1">Harbor</option><option>Keystone</option></select></label>
      <input type="hidden" id="token" value="t-1">
      <input type="submit" id="send" value="Send invoice">
      <button id="hidden-by-style" style="DISPLAY : none">Delete</button></form>
    <div id="error" hidden>The file was refused.</div>
    <p id="notice">Ready&nbsp;to <b>send</b></p>
    <table id="t"><tr class="r" data-line="2"><td class="n">INV-1</td><td class="a">$12.50<br>USD</td></tr>
      <tr class="r"><td class="n">INV-2</td><td class="a">$1.00</td></tr>
      <tr class="r" style="display:none"><td class="n">INV-3</td></tr></table>
    <script>var refused = "The file was refused.";</script></body></html>""",
    "http://harbor.localhost/upload",
)


@pytest.mark.parametrize(
    ("selector", "count", "text"),
    [
        ("h1", 1, "Upload invoice"),
        ("#notice", 1, "Ready to send"),
        ("tr.r", 2, "INV-1 $12.50 USD"),
        ("xpath///tr[td[contains(@class,'n') and normalize-space()='INV-2']]", 1, "INV-2 $1.00"),
        ("text/Ready to send", 1, "Ready to send"),
        ("aria/Invoice file", 1, ""),
        ("aria/Send invoice", 1, "Send invoice"),
        ("select#client", 1, "Harbor Keystone"),
        ("html", 1, None),
    ],
)
def test_match_finds_what_a_browser_shows(selector, count, text):
    found = PAGE.match(Target((selector,)))
    assert found is not None
    assert (found.selector, found.count) == (selector, count)
    assert text is None or found.text == text


@pytest.mark.parametrize("selector", ["#token", "#error", "#hidden-by-style", "title", "#nothing", "a[", "xpath///["])
def test_match_finds_nothing_invisible_or_unreadable(selector):
    assert PAGE.match(Target((selector,))) is None


def test_match_finds_hidden_fields_when_asked_to():
    assert PAGE.match(Target(("#token",), hidden_too=True)).count == 1


def test_match_takes_the_first_selector_that_meets_something():
    assert PAGE.match(Target(("#nothing", "h1", "#notice"))).selector == "h1"


@pytest.mark.parametrize(("texts", "is_found"), [(("READY TO",), True), (("refused",), False), (("no", "send"), True)])
def test_match_looks_for_texts_in_what_is_shown(texts, is_found):
    assert (PAGE.match(Target((), texts)) is not None) is is_found


def test_rows_reads_columns_and_attributes_of_visible_rows():
    rows = PAGE.rows(("#none", "table#t tr.r"), {"invoice_number": "td.n", "amount": "td.a", "code": "@data-line"})
    assert rows == [
        {"invoice_number": "INV-1", "amount": "$12.50 USD", "code": "2"},
        {"invoice_number": "INV-2", "amount": "$1.00", "code": ""},
    ]


def test_text_of_leaves_out_scripts_and_styles():
    assert "refused" not in text_of(PAGE.root)
    assert "color" not in text_of(PAGE.root)


def test_markup_blanks_secret_fields_and_empties_scripts():
    page = Document(
        '<input type="password" value="Hunter-2"><input id="code" value="123456"><script>x("Hunter-2")</script>',
        "http://x",
    )
    kept = page.markup(["#code"])
    assert "Hunter-2" not in kept
    assert "123456" not in kept
    assert page.find("#code")[0].get("value") == "123456"


def numbers(*columns):
    return tuple((("table#none tr", "tr.r"), column) for column in columns)


def test_markup_keeps_the_row_of_this_invoice_and_no_other_matter():
    kept = PAGE.markup([], OtherRows(numbers("td.n"), "INV-1"))
    assert "$12.50" in kept
    assert "INV-2" not in kept
    assert "$1.00" not in kept
    assert "INV-3" not in kept
    assert kept.count("[another matter]") == 2
    assert 'class="r"' in kept
    assert PAGE.rows(("tr.r",), {"invoice_number": "td.n"})[1] == {"invoice_number": "INV-2"}


def test_markup_covers_every_row_when_it_is_about_no_invoice():
    kept = PAGE.markup([], OtherRows(numbers("td.n")))
    assert kept.count("[another matter]") == 3
    assert "INV-1" not in kept
    assert 'data-line="2"' not in kept


def test_markup_keeps_a_row_that_one_of_the_lists_knows():
    kept = PAGE.markup([], OtherRows(numbers("@data-line", "td.n"), "INV-1"))
    assert "$12.50" in kept
    assert "INV-2" not in kept


def test_markup_leaves_a_page_without_such_a_list_as_it_is():
    assert PAGE.markup([], OtherRows(numbers("td.receipt"), "INV-1")) == PAGE.markup([])


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("3", (3.0, "http://x/a")),
        ("0.5; url=/b", (0.5, "http://x/b")),
        ("2;URL='c?d=1'", (2.0, "http://x/c?d=1")),
        ("soon", None),
    ],
)
def test_refresh_tells_when_and_where(content, expected):
    assert Document(f'<meta http-equiv="Refresh" content="{content}"><p>x', "http://x/a").refresh() == expected


@pytest.mark.parametrize(
    "markup", ["", " ", "<", "<<<>>>", "plain", "\x00\x01", "<p>" * 300, '<?xml version="1.0" encoding="utf-16"?><p>x']
)
def test_any_bytes_make_a_page(markup):
    assert Document(markup, "http://x").match(Target(("#nothing",))) is None
