"""What a site said, and what it means: the one table from signal to ledger verb, retry, pause and who hears."""

from dataclasses import dataclass
from enum import StrEnum

from carriers.errors import (
    AccountLockedError,
    ActionNeededError,
    BrowserLostError,
    BrowserUnavailableError,
    ChallengeError,
    DuplicateAtSiteError,
    FileRefusedError,
    HostNotAllowedError,
    LoginRejectedError,
    PageChangedError,
    PasswordExpiredError,
    ReceiptMissingError,
    SessionEndedError,
    SiteUnavailableError,
)
from core.crypto import KeyUnknownError, SecretUnreadableError
from core.errors import BillingError, UnavailableError
from services.sites.account_secrets import LoginMissingError
from services.sites.login_journal import LoginUnansweredError

RETRY_SECONDS = (60, 300, 1800, 7200)
PAGE_CHANGES_BEFORE_PAUSE = 2


class Retry(StrEnum):
    """Whether the machine tries again by itself."""

    NEVER = "never"
    BACKOFF = "backoff"


class Pause(StrEnum):
    """What stands still after the signal."""

    NOTHING = "nothing"
    ACCOUNT_WAITS = "account_waits"
    ACCOUNT = "account"
    CARRIER_AFTER_TWO = "carrier_after_two"


class Audience(StrEnum):
    """Who is told, beyond the audit trail."""

    BOARD = "board"
    BILLER = "biller"
    ADMIN = "admin"


@dataclass(frozen=True)
class Outcome:
    """What follows from one signal.

    Attributes:
        verb: the ledger verb while nothing irreversible was clicked.
        verb_after_commit: the ledger verb once an intent was declared; 'doubt' unless the site was definite.
        ends_visit: whether the browser is given up, because nothing more can be done with it now.
        tag: a further audit tag, where the signal is an event of its own.
    """

    verb: str
    retry: Retry
    pause: Pause
    hears: Audience
    verb_after_commit: str = "doubt"
    ends_visit: bool = False
    tag: str = ""


_ACCOUNT_STOPS = Outcome("need_attention", Retry.NEVER, Pause.ACCOUNT, Audience.ADMIN, ends_visit=True)
_ACCOUNT_WAITS = Outcome("release", Retry.BACKOFF, Pause.ACCOUNT_WAITS, Audience.BOARD, ends_visit=True)
_FILE_STOPS = Outcome("need_attention", Retry.NEVER, Pause.NOTHING, Audience.BILLER)

OUTCOMES: dict[type[BillingError], Outcome] = {
    SiteUnavailableError: _ACCOUNT_WAITS,
    LoginRejectedError: _ACCOUNT_STOPS,
    AccountLockedError: _ACCOUNT_STOPS,
    PasswordExpiredError: _ACCOUNT_STOPS,
    ActionNeededError: _ACCOUNT_STOPS,
    ChallengeError: _ACCOUNT_STOPS,
    PageChangedError: Outcome("need_attention", Retry.NEVER, Pause.CARRIER_AFTER_TWO, Audience.ADMIN),
    FileRefusedError: Outcome("refuse", Retry.NEVER, Pause.NOTHING, Audience.BILLER, verb_after_commit="refuse"),
    DuplicateAtSiteError: Outcome("doubt", Retry.NEVER, Pause.NOTHING, Audience.BILLER),
    ReceiptMissingError: Outcome("doubt", Retry.NEVER, Pause.NOTHING, Audience.BILLER),
    # The table of the carriers room asks for no pause here. A site that leads elsewhere may be hijacked, so the
    # account is not signed in again until a person has looked.
    HostNotAllowedError: Outcome(
        "need_attention", Retry.NEVER, Pause.ACCOUNT, Audience.ADMIN, ends_visit=True, tag="security:host_not_allowed"
    ),
    SessionEndedError: Outcome("release", Retry.BACKOFF, Pause.NOTHING, Audience.BOARD),
    BrowserUnavailableError: _ACCOUNT_WAITS,
    LoginMissingError: _ACCOUNT_STOPS,
    LoginUnansweredError: _ACCOUNT_STOPS,
    SecretUnreadableError: _ACCOUNT_STOPS,
    KeyUnknownError: _ACCOUNT_STOPS,
    UnavailableError: _ACCOUNT_WAITS,
    BrowserLostError: Outcome("release", Retry.BACKOFF, Pause.NOTHING, Audience.BOARD),
}


def outcome_of(error: BillingError) -> Outcome:
    """Return what follows from an error; one that no site raised stops the file and asks a person."""
    return OUTCOMES.get(type(error), _FILE_STOPS)


def retry_delay_ms(attempt: int, scale: float) -> int:
    """Return the wait before the next try after `attempt` tries: 1, 5, 30 minutes, then 2 hours, times `scale`."""
    seconds = RETRY_SECONDS[min(max(attempt, 1), len(RETRY_SECONDS)) - 1]
    return max(1, int(seconds * scale * 1000))
