"""Parts of a profile that people fill in as forms: pages, what the site may say, its words, the file and the terms."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from carriers.exchange import DecisionKind
from carriers.profile import Signal
from core.errors import InvalidInputError
from ledes.formats import LedesFormat
from services.sites.profile_drafts import Document

SIGNALS: Mapping[str, str] = {
    "login_rejected": "The log-in is wrong",
    "account_locked": "The account is locked",
    "password_expired": "The password has expired",
    "challenge": "It asks for a person",
    "action_needed": "A person must do something first",
    "session_ended": "The session has ended",
    "site_unavailable": "The site is closed or out of order",
    "file_refused": "The file is refused",
    "duplicate_at_site": "The invoice is there already",
}
DECISIONS: Mapping[str, str] = {
    "pending": "Not decided yet",
    "approved": "Approved in full",
    "reduced": "Paid in part",
    "disputed": "Disputed",
    "rejected": "Rejected",
}
FINDING_COLUMNS: Mapping[str, str] = {
    "message": "Reason", "line_item_number": "Line number", "code": "Field or code", "reduction": "Amount taken off",
}  # fmt: skip
INVOICE_COLUMNS: Mapping[str, str] = {
    "invoice_number": "Invoice number", "receipt": "Receipt", "amount": "Amount", "status": "Status",
    "sha256": "Checksum of the file",
}  # fmt: skip
DIALECTS: tuple[str, ...] = tuple(one.value for one in LedesFormat)
_MOST, _LONGEST = 40, 500


@dataclass(frozen=True)
class Terms:
    """The file that the carrier takes, how it decides, and its clocks; texts as typed, '' where nothing is said."""

    dialect: str = LedesFormat.LEDES_1998B.value
    law_firm_id: str = "with_dash"
    file_name: str = "{invoice_number}.txt"
    channel: str = "at_once"
    appeal_days: str = ""
    payment_days: str = ""


def started() -> Document:
    """Return the draft of a carrier of which nothing is known: the usual file, every code, no guideline."""
    return {"format": {}, "codes": {}, "guidelines": [], "result_channel": {"kind": "at_once"}}


def pages_of(document: Document) -> list[tuple[str, list[str]]]:
    """Return each page's name with the selectors by which it is known."""
    pages = _site(document).get("pages")
    named = pages if isinstance(pages, dict) else {}
    return [(name, _texts(page.get("is_here"))) for name, page in named.items() if isinstance(page, dict)]


def with_page(document: Document, name: str, selectors: str, *, before: str = "") -> Document:
    """Return the draft with a page, new or in place of the one named `before`.

    Raises:
        InvalidInputError: name or selectors are missing, or the name belongs to another page.
    """
    given, known = name.strip()[:40], dict(pages_of(document))
    if not given or not _lines(selectors):
        raise InvalidInputError("Enter the page's name and at least one selector. Nothing was changed.")
    if given != before and given in known:
        raise InvalidInputError(f"There is a page “{given}” already. Choose another name; nothing was changed.")
    kept = {given if old == before else old: {"is_here": found} for old, found in known.items()}
    return _with(document, pages={**kept, given: {"is_here": _lines(selectors)}})


def without_page(document: Document, name: str) -> Document:
    """Return the draft without a page."""
    return _with(document, pages={old: {"is_here": found} for old, found in pages_of(document) if old != name})


def outcomes_of(document: Document) -> list[dict[str, Any]]:
    """Return what the site may say, as the draft has it."""
    found = _site(document).get("outcomes")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def with_outcome(document: Document, form: Mapping[str, str], *, at: int | None = None) -> Document:
    """Return the draft with something that the site may say, new or in the place `at`.

    Raises:
        InvalidInputError: its meaning is not known, or nothing says how it is recognised.
    """
    signal, outcomes = form.get("signal", ""), outcomes_of(document)
    selectors, texts = _lines(form.get("selectors", "")), _lines(form.get("texts", ""))
    if signal not in get_args(Signal) or not (selectors or texts):
        raise InvalidInputError("Choose what it means, and enter a selector or a text. Nothing was changed.")
    is_change = at is not None and at < len(outcomes)
    before = outcomes[at] if at is not None and is_change else {}
    made = {**before, "signal": signal, "selectors": selectors, "texts": texts}
    rows = _lines(form.get("rows", ""))
    columns = {name: form.get(name, "").strip() for name in FINDING_COLUMNS if form.get(name, "").strip()}
    made["findings"] = {"selectors": rows, "columns": columns} if rows or columns else None
    placed = [made if place == at else one for place, one in enumerate(outcomes)]
    return _with(document, outcomes=placed if is_change else [*outcomes, made])


def without_outcome(document: Document, at: int) -> Document:
    """Return the draft without one of the things that the site may say."""
    return _with(document, outcomes=[one for place, one in enumerate(outcomes_of(document)) if place != at])


def decision_words(document: Document) -> dict[str, str]:
    """Return the site's words for each decision, one a line."""
    found = _site(document).get("decisions")
    words = found if isinstance(found, dict) else {}
    return {kind.value: "\n".join(word for word, means in words.items() if means == kind) for kind in DecisionKind}


def with_decisions(document: Document, form: Mapping[str, str]) -> Document:
    """Return the draft with the site's words for decisions.

    Raises:
        InvalidInputError: a word stands for two decisions.
    """
    words: dict[str, str] = {}
    for kind in DecisionKind:
        for word in _lines(form.get(kind.value, "")):
            if word in words:
                raise InvalidInputError(f"“{word}” stands for two decisions. Nothing was changed; correct it.")
            words[word] = kind.value
    return _with(document, decisions=words)


def terms_of(document: Document) -> Terms:
    """Return the file, the way of deciding and the clocks of a draft."""
    usual, file, money = Terms(), _object(document, "format"), _object(document, "money")
    channel = _object(document, "result_channel")
    return Terms(
        dialect=str(file.get("dialect") or usual.dialect),
        law_firm_id=str(file.get("law_firm_id") or usual.law_firm_id),
        file_name=str(file.get("file_name") or usual.file_name),
        channel=str(channel.get("kind") or usual.channel),
        appeal_days=str(money.get("appeal_window_days", "")),
        payment_days=str(money.get("payment_terms_days", "")),
    )


def with_terms(document: Document, form: Mapping[str, str]) -> Document:
    """Return the draft with another file, way of deciding and clocks; what the form does not ask for stays.

    Raises:
        InvalidInputError: a number of days is none.
    """
    file = {**_object(document, "format"), **_given(form, "dialect", "law_firm_id", "file_name")}
    channel = {**_object(document, "result_channel"), **_given(form, "kind")}
    money = {
        **_object(document, "money"),
        "appeal_window_days": _days(form.get("appeal_days", "")),
        "payment_terms_days": _days(form.get("payment_days", "")),
    }
    return {**document, "format": file, "result_channel": channel, "money": money}


def _days(text: str) -> int:
    stripped = text.strip()
    if not (stripped.isascii() and stripped.isdigit() and len(stripped) <= 4):  # noqa: PLR2004 -- 27 years are enough
        raise InvalidInputError(f"“{stripped[:40]}” is no number of days. Nothing was changed.")
    return int(stripped)


def _given(form: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: form[name].strip()[:120] for name in names if form.get(name, "").strip()}


def _with(document: Document, **parts: object) -> Document:
    return {**document, "site": {**_site(document), **parts}}


def _site(document: Document) -> dict[str, Any]:
    return _object(document, "site")


def _object(document: Document, name: str) -> dict[str, Any]:
    found = document.get(name)
    return found if isinstance(found, dict) else {}


def _texts(found: object) -> list[str]:
    return [str(one) for one in found] if isinstance(found, list | tuple) else []


def _lines(text: str) -> list[str]:
    return [line.strip()[:_LONGEST] for line in text.splitlines() if line.strip()][:_MOST]
