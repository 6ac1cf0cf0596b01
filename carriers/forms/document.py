"""One HTML page as a browser without scripts would show it: found by selector, read, its visible parts told apart."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from urllib.parse import urljoin

from cssselect import HTMLTranslator, SelectorError
from lxml import etree, html
from lxml.html import HtmlElement

from carriers.page import NO_OTHER_ROWS, Match, OtherRows, Target
from carriers.steps import RowField

_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figure", "footer", "form",
     "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "option", "p", "pre", "section",
     "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul"}
)  # fmt: skip
_NEVER_SHOWN = frozenset({"head", "script", "style", "template", "noscript", "title", "meta", "link", "option"})
_SILENT = _NEVER_SHOWN - {"option"}
_NAMED_BY_TEXT = frozenset(["a", "button", "h1", "h2", "h3", "h4", "h5", "h6", "option", "summary"])
_INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_REFRESH = re.compile(r"\s*([\d.]+)\s*(?:[;,]\s*url\s*=\s*['\"]?([^'\"]*))?", re.IGNORECASE)


class Document:
    """A parsed page.

    Attributes:
        url: its address.
        status: the HTTP status it came with.
        charset: the encoding it came in, in which its forms are sent.
        may_reload: whether fetching it again sends nothing: it did not come in answer to a post.
    """

    may_reload = True

    def __init__(self, markup: str, url: str, status: int = 200, charset: str = "utf-8") -> None:
        self.url = url
        self.status = status
        self.charset = charset
        self._shown: dict[HtmlElement, str] = {}
        self.root: HtmlElement = _parsed(markup)

    def match(self, target: Target) -> Match | None:
        """Return the first selector that meets something visible with one of the texts, as the browser's look does."""
        for selector in target.selectors or ("body",):
            found = [el for el in self.find(selector) if self._counts(el, target)]
            if found:
                return Match(found[0], selector, len(found), _face(found[0]))
        return None

    def find(self, selector: str) -> list[HtmlElement]:
        """Return every element that a selector meets, in the order of the page; none for one that cannot be read."""
        kind, _, rest = selector.partition("/")
        ways: dict[str, Callable[[str], list[HtmlElement]]] = {
            "text": self._by_text,
            "aria": self._by_name,
            "xpath": self._by_path,
        }
        return ways[kind](rest) if kind in ways else _css(self.root, selector)

    def rows(self, selectors: Sequence[str], columns: Mapping[RowField, str]) -> list[dict[str, str]]:
        """Read a table: the text of each column in each visible row."""
        for selector in selectors:
            if found := [row for row in self.find(selector) if is_visible(row)]:
                return [{name: _cell(row, column) for name, column in columns.items()} for row in found]
        return []

    def refresh(self) -> tuple[float, str] | None:
        """Return after how many seconds the page asks to be loaded anew, and from where."""
        for meta in self.root.iterfind(".//meta[@http-equiv]"):
            asked = (
                _REFRESH.match(meta.get("content") or "") if meta.get("http-equiv", "").lower() == "refresh" else None
            )
            if asked:
                return float(asked[1]), urljoin(self.url, (asked[2] or "").strip())
        return None

    def markup(self, masked: Sequence[str], others: OtherRows = NO_OTHER_ROWS) -> str:
        """Return the page as HTML: values of secret fields and rows of other matters blanked, scripts emptied."""
        copy = Document(html.tostring(self.root, encoding="unicode"), self.url)
        for selector in ("input[type=password]", "[autocomplete=one-time-code]", *masked):
            for field in copy.find(selector):
                field.set("value", "")
        for row in copy.other_rows(others):
            _blank(row)
        for script in copy.root.iter("script"):
            script.text = ""
        return "<!doctype html>\n" + html.tostring(copy.root, encoding="unicode")

    def other_rows(self, others: OtherRows) -> list[HtmlElement]:
        """Return the rows of the page's lists that show another number than the one to keep."""
        mine: set[HtmlElement] = set()
        found: list[HtmlElement] = []
        for selectors, column in others.tables:
            numbers = {row: _cell(row, column) for selector in selectors for row in self.find(selector)}
            if not any(numbers.values()):
                continue
            mine |= {row for row, number in numbers.items() if others.keep and number == others.keep}
            found += numbers
        return [row for row in found if row not in mine]

    def _counts(self, element: HtmlElement, target: Target) -> bool:
        if not (target.hidden_too or is_visible(element)):
            return False
        if not target.texts:
            return True
        if element not in self._shown:
            self._shown[element] = text_of(element).lower()
        return any(squeeze(text).lower() in self._shown[element] for text in target.texts)

    def _by_text(self, wanted: str) -> list[HtmlElement]:
        wanted = squeeze(wanted)
        has = [el for el in self.root.iterfind(".//body//*") if is_visible(el) and wanted in text_of(el)]
        outer = {parent for el in has if (parent := el.getparent()) is not None}
        return [el for el in has if el not in outer]

    def _by_name(self, wanted: str) -> list[HtmlElement]:
        return [el for el in self.root.iter(etree.Element) if self._name(el) == squeeze(wanted)]

    def _by_path(self, path: str) -> list[HtmlElement]:
        try:
            found = self.root.getroottree().xpath(path)
        except etree.XPathError:
            return []
        return [el for el in found if isinstance(el, HtmlElement)] if isinstance(found, list) else []

    def _name(self, element: HtmlElement) -> str:
        """Return the element's accessible name, the way the browser's look works it out."""
        pointed = " ".join(
            raw_text(one) for name in (element.get("aria-labelledby") or "").split() for one in self._by_id(name)
        )
        named = (
            element.get("aria-label") or pointed or self._label(element) or _own_text(element) or _face_value(element)
        )
        return squeeze(named or element.get("alt") or element.get("title") or element.get("placeholder") or "")

    def _label(self, element: HtmlElement) -> str:
        if element.tag not in {"input", "select", "textarea", "button"}:
            return ""
        name = element.get("id")
        own = [label for label in self.root.iter("label") if name and label.get("for") == name]
        around = [label for label in element.iterancestors("label") if label.get("for") in {None, name}]
        return raw_text((own or around)[0]) if own or around else ""

    def _by_id(self, name: str) -> list[HtmlElement]:
        return [el for el in self.root.iter(etree.Element) if el.get("id") == name][:1]


def _parsed(markup: str) -> HtmlElement:
    """Parse as UTF-8 whatever the page's own declaration says: it is text already. An empty page is a page."""
    try:
        return html.document_fromstring(markup.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8"))
    except etree.ParserError:
        return html.document_fromstring("<html><body></body></html>")


def squeeze(text: str) -> str:
    """Return a text with every run of white space as one space."""
    return " ".join(text.split())


def raw_text(element: HtmlElement) -> str:
    """Return all text below an element, shown or not."""
    return "".join(str(part) for part in element.itertext())


def text_of(element: HtmlElement) -> str:
    """Return the text that an element shows, as one line."""
    parts: list[str] = []
    _collect(element, parts)
    return squeeze("".join(parts))


def is_visible(element: HtmlElement) -> bool:
    """Whether an element takes up room, as far as the page itself says; what style sheets hide is not known here."""
    if element.tag in _NEVER_SHOWN or (element.tag == "input" and (element.get("type") or "").lower() == "hidden"):
        return False
    return not any(_is_hidden(one) for one in (element, *element.iterancestors()))


def _is_hidden(element: HtmlElement) -> bool:
    return element.get("hidden") is not None or bool(_INVISIBLE.search(element.get("style") or ""))


def _collect(element: HtmlElement, parts: list[str]) -> None:
    if not isinstance(element.tag, str) or element.tag in _SILENT or _is_hidden(element):
        return
    edge = " " if element.tag in _BLOCKS else ""
    parts.extend((edge, element.text or ""))
    for child in element:
        _collect(child, parts)
        parts.append(child.tail or "")
    parts.append(edge)


def _face(element: HtmlElement) -> str:
    return text_of(element) or squeeze(element.get("value") or "")


def _own_text(element: HtmlElement) -> str:
    return raw_text(element) if element.tag in _NAMED_BY_TEXT else ""


def _face_value(element: HtmlElement) -> str:
    is_button = element.tag == "input" and (element.get("type") or "").lower() in {"submit", "button"}
    return (element.get("value") or "") if is_button else ""


def _cell(row: HtmlElement, column: str) -> str:
    css, _, attribute = column.partition("@")
    element = next(iter(_css(row, css)), None) if css else row
    if element is None:
        return ""
    return (element.get(attribute) or "") if attribute else text_of(element)


def _blank(row: HtmlElement) -> None:
    kept, tail = row.get("class"), row.tail
    row.clear()
    row.tail = tail
    if kept is not None:
        row.set("class", kept)
    etree.SubElement(row, "td" if row.tag == "tr" else "span").text = "[another matter]"


def _css(within: HtmlElement, selector: str) -> list[HtmlElement]:
    path = _compiled(selector)
    found = path(within) if path is not None else []
    return [el for el in found if isinstance(el, HtmlElement)] if isinstance(found, list) else []


@lru_cache(maxsize=512)
def _compiled(selector: str) -> etree.XPath | None:
    try:
        return etree.XPath(HTMLTranslator().css_to_xpath(selector))
    except (SelectorError, etree.XPathError):
        return None
