"""The fields of a form: filled in on the page, then gathered the way a browser sends them."""

from dataclasses import dataclass
from urllib.parse import urlencode, urljoin, urlsplit, urlunsplit

from lxml.html import HtmlElement

from carriers.forms.document import Document, raw_text, squeeze
from carriers.page import NotClickedError

_BUTTONS = frozenset({"submit", "image", "reset", "button"})
_SCRIPTED = ("onclick", "onsubmit", "onchange", "formtarget", "formaction")


@dataclass(frozen=True)
class ChosenFile:
    """A file given to a file field."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Request:
    """What a click sends: an address and, for a form that is posted, its parts in the order of the page."""

    method: str
    url: str
    parts: tuple[tuple[str, str | ChosenFile], ...] = ()
    is_multipart: bool = False


class NeedsScriptError(Exception):
    """What was asked for happens by a script of the page only."""


def type_of(field: HtmlElement) -> str:
    """Return the kind of a field: 'text', 'checkbox', 'submit', 'select' and so on, in lower case."""
    if field.tag == "input":
        return (field.get("type") or "text").lower()
    if field.tag == "button":
        return (field.get("type") or "submit").lower()
    return str(field.tag)


def fill(field: HtmlElement, text: str) -> None:
    """Set the text of a field.

    Raises:
        NotClickedError: it takes none.
    """
    if field.get("disabled") is not None or field.get("readonly") is not None:
        raise NotClickedError("the field takes no text now")
    if field.tag == "textarea":
        field.text = text
    elif field.tag == "input":
        field.set("value", text)
    else:
        raise NotClickedError("not a field")


def choose(field: HtmlElement, value: str) -> bool:
    """Choose an option by its value or its text; False when there is none."""
    options = list(field.iter("option"))
    by_value = [one for one in options if _option_value(one) == value]
    by_text = [one for one in options if squeeze(raw_text(one)) == squeeze(value)]
    chosen = by_value or by_text
    for one in options if chosen else ():
        one.attrib.pop("selected", None)
    for one in chosen[:1]:
        one.set("selected", "selected")
    return bool(chosen)


def check(field: HtmlElement, document: Document, *, on: bool) -> None:
    """Set a check box or a radio button."""
    if type_of(field) == "radio":
        for other in document.root.iter("input"):
            if type_of(other) == "radio" and other.get("name") == field.get("name"):
                other.attrib.pop("checked", None)
    if on:
        field.set("checked", "checked")
    else:
        field.attrib.pop("checked", None)


def request_of(element: HtmlElement, document: Document, files: dict[HtmlElement, ChosenFile]) -> Request:
    """Return what a click on an element sends.

    Raises:
        NeedsScriptError: the element works by a script, or opens another window.
        NotClickedError: it is disabled.
    """
    _refuse_scripts(element)
    if element.tag == "a" and element.get("href"):
        return Request("GET", urljoin(document.url, element.get("href") or ""))
    form = _form_of(element, document)
    if form is None or type_of(element) not in {"submit", "image"}:
        raise NeedsScriptError(f"<{element.tag!s}>")
    if element.get("disabled") is not None:
        raise NotClickedError("the button is disabled")
    _refuse_scripts(form)
    return _submission(form, element, document, files)


def _submission(
    form: HtmlElement, button: HtmlElement, document: Document, files: dict[HtmlElement, ChosenFile]
) -> Request:
    url = urljoin(document.url, form.get("action") or document.url)
    parts = tuple(
        part
        for field in document.root.iter("input", "select", "textarea", "button")
        if _form_of(field, document) is form
        for part in _parts(field, button, files)
    )
    if (form.get("method") or "get").lower() == "post":
        return Request("POST", url, parts, (form.get("enctype") or "").lower() == "multipart/form-data")
    query = urlencode([(name, value if isinstance(value, str) else value.name) for name, value in parts])
    return Request("GET", urlunsplit(urlsplit(url)._replace(query=query, fragment="")))


def _parts(
    field: HtmlElement, button: HtmlElement, files: dict[HtmlElement, ChosenFile]
) -> list[tuple[str, str | ChosenFile]]:
    name, kind = field.get("name") or "", type_of(field)
    if not name or field.get("disabled") is not None:
        return []
    if kind in _BUTTONS:
        return [(name, field.get("value") or "")] if field is button else []
    if kind in {"checkbox", "radio"}:
        return [(name, field.get("value") or "on")] if field.get("checked") is not None else []
    if kind == "file":
        return [(name, files.get(field, ChosenFile("", b"")))]
    if kind == "select":
        return [(name, _option_value(one)) for one in _selected(field)]
    return [(name, raw_text(field) if kind == "textarea" else field.get("value") or "")]


def _selected(field: HtmlElement) -> list[HtmlElement]:
    options = [one for one in field.iter("option") if one.get("disabled") is None]
    chosen = [one for one in options if one.get("selected") is not None]
    if field.get("multiple") is not None:
        return chosen
    return chosen[-1:] or options[:1]


def _option_value(option: HtmlElement) -> str:
    value = option.get("value")
    return squeeze(raw_text(option)) if value is None else value


def _form_of(element: HtmlElement, document: Document) -> HtmlElement | None:
    named = element.get("form")
    if named:
        return next((form for form in document.root.iter("form") if form.get("id") == named), None)
    return next(element.iterancestors("form"), None)


def _refuse_scripts(element: HtmlElement) -> None:
    address = (element.get("href") or element.get("action") or "").strip().lower()
    opens = (element.get("target") or "_self").lower()
    if any(element.get(name) for name in _SCRIPTED) or address.startswith("javascript:") or opens != "_self":
        raise NeedsScriptError(f"<{element.tag!s}> works by a script")
