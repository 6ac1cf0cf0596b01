"""Result mails of a profile's draft: who sends and signs them, their layouts and words, tried on a pasted mail."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from carriers.mail_trial import LONGEST, Reading, Trial
from carriers.mail_trial import try_mail as read_apart
from carriers.result_channel import MailPattern, ResultMail
from carriers.result_outcomes import ResultOutcome
from core.errors import InvalidInputError
from core.settings import Settings
from models.enums import Role
from services.access import require
from services.actor import Actor
from services.sites.profile_drafts import Document

__all__ = [
    "OUTCOMES", "Layout", "MailHead", "Reading", "layouts_of", "mail_head", "try_mail", "with_layout",
    "with_mail_head", "without_layout",
]  # fmt: skip

OUTCOMES: Mapping[str, str] = {
    "approved": "Approved in full",
    "reduced": "Paid in part",
    "rejected": "Rejected",
    "disputed": "Disputed",
    "file_error": "The file was wrong",
    "received": "Received",
    "pending": "Not decided yet",
    "pending_client": "Waits for the carrier",
    "pending_vendor": "Waits for us",
    "pending_tax_authority": "Waits for the tax office",
    "delivered_to_client": "Handed to the carrier",
    "sent_to_ap": "Sent to accounts payable",
    "paid": "Paid",
}
_FIELDS = {"name": "Layout", "subject": "Subject", "invoice": "Each invoice", "line": "Each line of an invoice"}
_SENDER = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_MOST, _LONGEST = 40, 200


@dataclass(frozen=True)
class MailHead:
    """Sender and signature as typed, and the words of each outcome, one a line."""

    sender: str = ""
    dkim_domain: str = ""
    words: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Layout:
    """One layout of mails; patterns as typed."""

    name: str = ""
    subject: str = ""
    invoice: str = ""
    line: str = ""


def mail_head(document: Document) -> MailHead:
    """Return who sends the mails of a draft, and every outcome with its title and the carrier's words."""
    mail = _mail(document)
    found = mail.get("decisions")
    known = found if isinstance(found, dict) else {}
    words = tuple(
        (kind, title, "\n".join(word for word, means in known.items() if means == kind))
        for kind, title in OUTCOMES.items()
    )
    return MailHead(str(mail.get("sender") or ""), str(mail.get("dkim_domain") or ""), words)


def layouts_of(document: Document) -> list[Layout]:
    """Return the layouts of a draft."""
    found = _mail(document).get("patterns")
    return [
        Layout(*(str(one.get(name) or "") for name in _FIELDS))
        for one in (found if isinstance(found, list) else [])
        if isinstance(one, dict)
    ]


def with_mail_head(document: Document, form: Mapping[str, str]) -> Document:
    """Return the draft with another sender, signature and words; without a sender no mails are read at all.

    Raises:
        InvalidInputError: a field is not understood, or a word stands for two outcomes; it is named.
    """
    sender, domain = form.get("sender", "").strip(), form.get("dkim_domain", "").strip().lower()
    if not sender and not domain and not layouts_of(document):
        return _with_mail(document, None)
    if not _SENDER.fullmatch(sender):
        raise InvalidInputError(f"Sender: “{sender[:60]}” is no mail address. Nothing was changed.")
    if not _DOMAIN.fullmatch(domain):
        message = f"Signed by: “{domain[:60]}” is no domain, as in carrier.example. Nothing was changed."
        raise InvalidInputError(message)
    known: dict[str, str] = {}
    for kind in ResultOutcome:
        for word in _lines(form.get(kind.value, "")):
            if word.lower() in (one.lower() for one in known):
                raise InvalidInputError(f"Words: “{word}” stands for two outcomes. Nothing was changed; correct it.")
            known[word] = kind.value
    return _with_mail(document, {**_mail(document), "sender": sender, "dkim_domain": domain, "decisions": known})


def with_layout(document: Document, form: Mapping[str, str], *, at: int | None = None) -> Document:
    """Return the draft with a layout, new or in the place `at`.

    Raises:
        InvalidInputError: a field is not understood; it is named.
    """
    # A blank at the end of a pattern is part of it; a line's end is not.
    typed = {name: form.get(name, "").strip("\r\n") for name in _FIELDS}
    made = _checked({**typed, "line": typed["line"] or None})
    layouts = _patterns(document)
    is_change = at is not None and at < len(layouts)
    if not is_change and len(layouts) >= _MOST:
        raise InvalidInputError(f"A carrier has at most {_MOST} layouts. Nothing was changed.")
    placed = [made if place == at else one for place, one in enumerate(layouts)] if is_change else [*layouts, made]
    return _with_mail(document, {**_mail(document), "patterns": placed})


def without_layout(document: Document, at: int) -> Document:
    """Return the draft without one of its layouts."""
    kept = [one for place, one in enumerate(_patterns(document)) if place != at]
    return _with_mail(document, {**_mail(document), "patterns": kept})


def mail_rules(document: Document) -> ResultMail:
    """Return how a draft reads mails.

    Raises:
        InvalidInputError: something is missing still; it is named.
    """
    try:
        return ResultMail.model_validate(_mail(document))
    except ValidationError as wrong:
        missing = {"sender": "the sender", "dkim_domain": "the domain that signs", "patterns": "a layout",
                   "decisions": "the carrier's words"}  # fmt: skip
        wanted = list(dict.fromkeys(missing.get(str(one["loc"][0]), str(one["loc"][0])) for one in wrong.errors()))
        message = f"Before a mail can be tried, enter {', '.join(wanted)}, and keep it."
        raise InvalidInputError(message) from wrong


def try_mail(actor: Actor, document: Document, *, mail: str, subject: str, settings: Settings) -> Reading:
    """Say what a draft would read in a mail that is pasted, as its source or as its mere text; nothing is kept.

    Raises:
        DeniedError: the actor is no admin.
        InvalidInputError: the draft is not whole yet, there is no mail, or a pattern does not come to an end.
    """
    require(actor, Role.ADMIN, what="Trying a result mail")
    if not mail.strip() or len(mail) > LONGEST:
        raise InvalidInputError(f"Paste one mail, of {LONGEST // 1000} kB at most. Nothing was changed.")
    rules = mail_rules(document)
    return read_apart(Trial(rules=rules, mail=mail, subject=subject[:500], authserv_id=settings.mail_authserv_id))


def _checked(typed: dict[str, Any]) -> dict[str, Any]:
    try:
        return MailPattern.model_validate(typed).model_dump(mode="json")
    except ValidationError as wrong:
        first = wrong.errors()[0]
        place = _FIELDS.get(str(first["loc"][0]), "") if first["loc"] else "Each invoice"
        what = first["msg"].removeprefix("Value error, ")
        if first["type"] == "string_too_short":
            what = "must not be empty"
        raise InvalidInputError(f"{place}: {what}. Nothing was changed.") from wrong


def _patterns(document: Document) -> list[dict[str, Any]]:
    found = _mail(document).get("patterns")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _mail(document: Document) -> dict[str, Any]:
    channel = document.get("result_channel")
    found = channel.get("mail") if isinstance(channel, dict) else None
    return found if isinstance(found, dict) else {}


def _with_mail(document: Document, mail: dict[str, Any] | None) -> Document:
    channel = document.get("result_channel")
    kept = channel if isinstance(channel, dict) else {"kind": "at_once"}
    return {**document, "result_channel": {**kept, "mail": mail}}


def _lines(text: str) -> list[str]:
    return [line.strip()[:_LONGEST] for line in text.splitlines() if line.strip()][:_MOST]
