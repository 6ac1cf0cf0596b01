"""From what a page shows to the error that names it: declared outcomes, server errors, lost pages."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from carriers.errors import (
    AccountLockedError,
    ActionNeededError,
    ChallengeError,
    DuplicateAtSiteError,
    FileRefusedError,
    LoginRejectedError,
    PasswordExpiredError,
    SessionEndedError,
    SiteError,
    SiteUnavailableError,
)
from carriers.exchange import SiteFinding
from carriers.page import Target
from carriers.profile import Outcome, Signal, SiteRules, StepListName

SIGNALS: Mapping[Signal, type[SiteError]] = {
    "site_unavailable": SiteUnavailableError,
    "login_rejected": LoginRejectedError,
    "account_locked": AccountLockedError,
    "password_expired": PasswordExpiredError,
    "action_needed": ActionNeededError,
    "challenge": ChallengeError,
    "file_refused": FileRefusedError,
    "duplicate_at_site": DuplicateAtSiteError,
    "session_ended": SessionEndedError,
}
_IN_LOGIN: frozenset[StepListName] = frozenset({"login"})
_WHILE_SENDING: frozenset[StepListName] = frozenset({"upload", "submit"})
_SIGNED_IN: frozenset[StepListName] = frozenset({"find_invoice", "upload", "resume", "submit", "read_result"})
_USUAL_LISTS: Mapping[Signal, frozenset[StepListName]] = {
    "login_rejected": _IN_LOGIN,
    "account_locked": _IN_LOGIN,
    "password_expired": _IN_LOGIN,
    "file_refused": _WHILE_SENDING,
    "duplicate_at_site": _WHILE_SENDING,
    "session_ended": _SIGNED_IN,
}
_LARGEST = Decimal(10) ** 11
_MONEY = re.compile(r"^\(?-?\$?\s*-?[\d,]+(\.\d+)?\)?$")


def outcomes_for(site: SiteRules, name: StepListName) -> list[Outcome]:
    """Return the outcomes that count while a step list is played."""
    return [o for o in site.outcomes if name in (o.lists or _USUAL_LISTS.get(o.signal) or (name,))]


def target_of(outcome: Outcome) -> Target:
    """Return what to look for on the page."""
    return Target(outcome.selectors, outcome.texts)


def error_of(outcome: Outcome, site: str, said: str, rows: Sequence[Mapping[str, str]]) -> SiteError:
    """Return the error that an outcome means, with the site's words and its findings."""
    if outcome.signal == "file_refused":
        return FileRefusedError(site, findings_of(rows), said)
    return SIGNALS[outcome.signal](site, said)


def findings_of(rows: Sequence[Mapping[str, str]]) -> tuple[SiteFinding, ...]:
    """Turn table rows into findings; rows that say nothing are left out."""
    return tuple(_finding(row) for row in rows if row.get("message"))


def amount_of(text: str) -> Decimal | None:
    """Read an amount as sites write it: '$1,250.00', '-$12.50', '(12.50)'; None when it is not one."""
    squeezed = text.strip()
    if not _MONEY.match(squeezed):
        return None
    try:
        amount = Decimal(re.sub(r"[^\d.]", "", squeezed))
    except InvalidOperation:
        return None
    if amount >= _LARGEST:
        return None
    return -amount if "-" in squeezed or squeezed.startswith("(") else amount


def _finding(row: Mapping[str, str]) -> SiteFinding:
    line = row.get("line_item_number", "").strip()
    known_line = line if line and line not in {"-", "0"} else None
    reduction = amount_of(row.get("reduction", ""))
    return SiteFinding(known_line, row.get("code", ""), row["message"], abs(reduction) if reduction else None)
