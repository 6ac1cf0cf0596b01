"""Selectors of the two tools in the words of a step, and which of several is the sturdiest."""

import re
from collections.abc import Callable, Iterable, Mapping

from carriers.recordings.document import clean
from carriers.recordings.recording import Alternatives

WITHIN = " >>> "
_LONGEST = 500
_COUNTS_PLACES = 4
_SIMPLE_NAME = re.compile(r"-?[A-Za-z_][\w-]*")
_MADE_BY_PROGRAM = re.compile(
    r"\d{4,}|[0-9a-f]{10,}|:r\w+:|\b(?:ember|radix|react|cdk|j_idt|gwt-uid|yui|ext-gen|mat-\w+)[-_]?\d", re.IGNORECASE
)
_BY_PLACE = re.compile(r":nth-|\[\d+\]|\[last\(\)\]")
_BARE = re.compile(r"xpath//[\w/*]+|\w+")
_STURDY = re.compile(r"""#-?[A-Za-z_][\w-]*|\[(?:name|id|data-[\w-]+)=(?:"[^"]*"|'[^']*'|[\w-]+)\]""")
_LINK_TEXT = re.compile(r"""^xpath///a\[normalize-space\(\)=["'](.+)["']\]$""")
_XPATH_BY_ID = re.compile(r"""xpath///\*\[@id=["'][^"']+["']\]""")


def sturdiest_first(found: Iterable[str]) -> Alternatives:
    """Return the alternatives in their order, but with the one that a redesign breaks last at the front.

    What only counts places ('the second link') may meet something else after a redesign: it stands alone or not at all.
    """
    kept = tuple(dict.fromkeys(selector for selector in found if _can_stand(selector)))
    if not kept:
        return ()
    best = min(kept, key=_weakness)
    others = (one for one in kept if one != best and _weakness(one) < _COUNTS_PLACES)
    return (best, *others)


def of_chrome(alternatives: object) -> Alternatives:
    """Return the selectors of a Recorder step: each is text, or a list of texts that pierce shadow roots."""
    if not isinstance(alternatives, list):
        return ()
    return sturdiest_first(_joined(one) for one in alternatives)


def of_selenium(locator: str) -> str:
    """Return a Selenium IDE locator as `id=`, `css=` or `linkText=`; '' when its kind is unknown."""
    if locator.startswith(("//", "(//")):
        return f"xpath/{locator}"
    kind, _, text = locator.partition("=")
    reader = _LOCATORS.get(kind)
    return reader(text) if reader and text else ""


def frame_at(place: int) -> Alternatives:
    """Return how to find the frame with this place among its siblings, from 0."""
    return (f"xpath/(//iframe|//frame)[{place + 1}]",)


def words_of(selectors: Iterable[str]) -> list[str]:
    """Return the words in selectors in lower case: '#txtUserName' holds txt, user and name."""
    apart = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", " ".join(selectors))
    return [word.lower() for word in re.findall(r"[A-Za-z]+|\d+", apart)]


def name_in(selectors: Iterable[str]) -> str:
    """Return the name that a person reads on the element, '' when no selector holds one."""
    for prefix in ("aria/", "text/"):
        for selector in selectors:
            last = selector.rsplit(WITHIN, maxsplit=1)[-1]
            if last.startswith(prefix):
                return re.sub(r"\[role=.*\]$", "", last.removeprefix(prefix)).strip()
    linked = (_LINK_TEXT.search(selector) for selector in selectors)
    return next((found[1] for found in linked if found), "")


def _joined(alternative: object) -> str:
    parts = alternative if isinstance(alternative, list) else [alternative]
    cleaned = [" ".join(clean(part).split()) for part in parts]
    if not all(cleaned) or any(part.startswith("xpath/") for part in cleaned[1:]):  # XPath ends at a shadow root
        return ""
    return WITHIN.join(cleaned)


def _can_stand(selector: str) -> bool:
    return bool(selector) and len(selector) <= _LONGEST and not re.search(r"[{}]", selector)


def _weakness(selector: str) -> int:
    last = selector.rsplit(WITHIN, maxsplit=1)[-1].removeprefix("pierce/")
    if _MADE_BY_PROGRAM.search(last) or _BARE.fullmatch(last):
        return _COUNTS_PLACES + 1
    if _BY_PLACE.search(last) or " > " in last:
        return _COUNTS_PLACES
    if _STURDY.fullmatch(last):
        return 0
    if _XPATH_BY_ID.fullmatch(last):
        return 1
    if last.startswith("aria/"):
        return 2
    return 3


def _by_id(text: str) -> str:
    return f"#{text}" if _SIMPLE_NAME.fullmatch(text) else _attribute("id", text)


def _attribute(name: str, text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'[{name}="{escaped}"]'


def _link(text: str, condition: str) -> str:
    squeezed = " ".join(text.split())
    quote = "'" if "'" not in squeezed else '"'
    if quote in squeezed:
        return f"text/{squeezed}"
    return f"xpath///a[{condition.format(quote + squeezed + quote)}]"


_LOCATORS: Mapping[str, Callable[[str], str]] = {
    "id": _by_id,
    "identifier": _by_id,
    "name": lambda text: _attribute("name", text),
    "css": lambda text: text,
    "xpath": lambda text: f"xpath/{text}",
    "linkText": lambda text: _link(text, "normalize-space()={}"),
    "link": lambda text: _link(text, "normalize-space()={}"),
    "partialLinkText": lambda text: _link(text, "contains(normalize-space(),{})"),
}
