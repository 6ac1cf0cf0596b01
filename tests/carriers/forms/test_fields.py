"""What a click sends: the fields of the form in the order of the page, as a browser gathers them."""

import pytest

from carriers.forms import fields
from carriers.forms.document import Document
from carriers.forms.fields import ChosenFile, NeedsScriptError
from carriers.page import NotClickedError

FORM = """<form id="f" method="post" enctype="multipart/form-data" action="/send?x=1">
  <input type="hidden" name="token" value="t-1"><input name="matter" value="old"><input name="" value="nameless">
  <input name="off" value="1" disabled><textarea name="note">first</textarea>
  <input type="checkbox" name="agree"><input type="checkbox" name="copies" value="2" checked>
  <input type="radio" name="kind" value="fee" checked><input type="radio" name="kind" value="expense" id="expense">
  <select name="client"><option>Harbor</option><option value="K">Keystone</option></select>
  <select name="many" multiple><option selected>a</option><option>b</option><option selected>c</option></select>
  <input type="file" name="invoice" id="file">
  <input type="submit" name="go" value="Send"><button name="draft">Keep</button>
</form><input form="f" name="outside" value="o"><input name="elsewhere" value="e">"""


@pytest.fixture
def page():
    return Document(FORM, "http://harbor.localhost/upload")


def one(page, selector):
    return page.find(selector)[0]


def sent(page, button, files=None):
    return fields.request_of(one(page, button), page, files or {})


def test_request_holds_every_successful_field_in_the_order_of_the_page(page):
    request = sent(page, "input[name=go]", {one(page, "#file"): ChosenFile("a.txt", b"LEDES")})
    assert (request.method, request.url) == ("POST", "http://harbor.localhost/send?x=1")
    assert request.is_multipart
    assert request.parts == (
        ("token", "t-1"),
        ("matter", "old"),
        ("note", "first"),
        ("copies", "2"),
        ("kind", "fee"),
        ("client", "Harbor"),
        ("many", "a"),
        ("many", "c"),
        ("invoice", ChosenFile("a.txt", b"LEDES")),
        ("go", "Send"),
        ("outside", "o"),
    )


def test_request_carries_what_was_typed_chosen_and_checked(page):
    fields.fill(one(page, "input[name=matter]"), "2024-17")
    fields.fill(one(page, "textarea"), "second")
    assert fields.choose(one(page, "select[name=client]"), "Keystone")
    fields.check(one(page, "input[name=agree]"), page, on=True)
    fields.check(one(page, "input[name=copies]"), page, on=False)
    fields.check(one(page, "#expense"), page, on=True)
    parts = dict(sent(page, "button[name=draft]").parts)
    assert (parts["matter"], parts["note"], parts["client"], parts["agree"]) == ("2024-17", "second", "K", "on")
    assert parts["kind"] == "expense"
    assert "copies" not in parts
    assert "go" not in parts
    assert parts["draft"] == ""


def test_choose_says_when_there_is_no_such_option(page):
    assert not fields.choose(one(page, "select[name=client]"), "Nobody")


def test_get_form_puts_its_fields_into_the_address():
    page = Document(
        '<form action="/find?old=1"><input name="q" value="a b"><button>Go</button></form>', "http://x/list"
    )
    assert sent(page, "button").url == "http://x/find?q=a+b"


def test_link_is_fetched():
    assert sent(Document('<a href="next?p=2">Next</a>', "http://x/list/"), "a").url == "http://x/list/next?p=2"


@pytest.mark.parametrize(
    "markup",
    [
        '<a id="x" href="javascript:go()">Go</a>',
        '<a id="x" href="/go" onclick="go()">Go</a>',
        '<a id="x" href="/go" target="_blank">Go</a>',
        '<form><button id="x" type="button">Go</button></form>',
        '<form onsubmit="return check()"><button id="x">Go</button></form>',
        '<form action="javascript:void(0)"><button id="x">Go</button></form>',
        '<form target="window2"><button id="x">Go</button></form>',
        '<button id="x">No form</button>',
        '<div id="x">Clickable by a script</div>',
    ],
)
def test_what_needs_a_script_is_not_sent(markup):
    with pytest.raises(NeedsScriptError):
        sent(Document(markup, "http://x/"), "#x")


def test_what_takes_no_touch_is_not_touched():
    page = Document(
        '<form><input id="r" readonly><button id="b" disabled>Go</button><p id="p">x</p></form>', "http://x/"
    )
    for selector in ("#r", "#p"):
        with pytest.raises(NotClickedError):
            fields.fill(one(page, selector), "text")
    with pytest.raises(NotClickedError):
        sent(page, "#b")
