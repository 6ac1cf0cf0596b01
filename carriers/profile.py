"""`CarrierProfile`: everything the product must know about a carrier and its site, as one versioned record."""

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from carriers.exchange import DecisionKind
from carriers.people import ApprovedRate
from carriers.profile_checks import check_site, gives_pdf
from carriers.result_channel import ResultChannel
from carriers.steps import Part, Selectors, Step, Table
from carriers.traffic import OpeningHours, Pace
from core.errors import InvalidInputError
from guidelines.rules import RuleList
from ledes.file_format import FileFormat
from ledes.utbms import CodeSet

Signal = Literal[
    "site_unavailable",
    "login_rejected",
    "account_locked",
    "password_expired",
    "action_needed",
    "challenge",
    "file_refused",
    "duplicate_at_site",
    "session_ended",
]
StepListName = Literal["login", "find_invoice", "upload", "resume", "submit", "read_result", "logout"]
StepList = Annotated[tuple[Step, ...], Field(min_length=1)]


class Codes(CodeSet):
    """The UTBMS codes that the carrier takes, and since when; a list that is None is the whole list."""


class CredentialField(Part):
    """One value of the site's log-in; `one_time_code` holds the seed of codes and is never typed itself."""

    name: str = Field(pattern=r"^[a-z][a-z_]*$")
    label: str
    kind: Literal["plain", "secret", "one_time_code"]


class SitePage(Part):
    """A page identifies itself by one of these before anyone touches it."""

    is_here: Selectors


class Outcome(Part):
    """Something the site may say, and what it means.

    It holds when a selector is visible and, with `texts`, contains one of them; with texts alone the page is read.
    `lists` names the step lists in which it counts; `findings` is where the reasons of a refusal stand.
    """

    signal: Signal
    selectors: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    lists: frozenset[StepListName] | None = None
    findings: Table | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.selectors and not self.texts:
            message = "an outcome needs selectors or texts"
            raise ValueError(message)
        return self


class StepLists(Part):
    """What is done on the site, step by step.

    `resume` walks to a file that the site holds but nobody submitted, `submit` finishes it; both belong to sites with
    two commits.
    """

    login: StepList
    find_invoice: StepList
    upload: StepList
    resume: tuple[Step, ...] = ()
    submit: tuple[Step, ...] = ()
    read_result: StepList
    logout: StepList

    def named(self, name: StepListName) -> tuple[Step, ...]:
        """Return one list."""
        steps: tuple[Step, ...] = getattr(self, name)
        return steps


class SiteRules(Part):
    """The site: where it is, how to sign in, its pages, what is done there and what it may answer.

    `allowed_hosts` are `host:port` patterns and may use `{site_host}`; `settle_seconds` is how long a new invoice may
    stay out of the list; statuses are the site's words in its list. `opening_hours` is when machines may come (None: at
    any time), `batch_size` how many files one visit sends, `pace` how fast they follow one another. `form_lane` asks
    for pages to be read and posted without the browser where that is shown to see the same; the site's own consent is
    recorded with the site.
    """

    title: str = Field(min_length=1)
    allowed_hosts: tuple[str, ...] = Field(min_length=1)
    credentials: tuple[CredentialField, ...] = Field(min_length=1)
    pages: dict[str, SitePage]
    steps: StepLists
    outcomes: tuple[Outcome, ...] = Field(min_length=1)
    unfinished_statuses: frozenset[str] = frozenset()
    ignored_statuses: frozenset[str] = frozenset()
    decisions: dict[str, DecisionKind] = Field(min_length=1)
    settle_seconds: float = Field(default=0, ge=0)
    batch_size: int | None = Field(default=None, ge=1, le=1000)
    opening_hours: OpeningHours | None = None
    pace: Pace = Pace()
    one_session_at_a_time: bool = True
    form_lane: bool = False

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        check_site(self)
        return self

    def credential(self, name: str) -> CredentialField | None:
        """Return the declared log-in field of this name."""
        return next((field for field in self.credentials if field.name == name), None)


class AppealRoute(Part):
    """How a cut is appealed on the site; another way than this one forfeits the money.

    `lines_only` takes single lines; `before_payment` lines or the whole invoice, until something was paid;
    `second_review` the invoice as a whole. Days count from the decision or from delivery, and are
    `money.appeal_window_days`; `max_count` is how many appeals one invoice may have, None = no limit.
    """

    kind: Literal["lines_only", "before_payment", "second_review"] = "lines_only"
    clock: Literal["decision", "delivery"] = "decision"
    days: Literal["calendar", "business"] = "calendar"
    max_count: int | None = Field(default=None, ge=1)
    reason_per_line: bool = True
    documents: bool = True


class MoneyTerms(Part):
    """The carrier's clocks and customs about money; `appeal_window_days` of 0 means that nothing can be appealed.

    After a rejection the invoice goes back under the same number, under its number with a suffix, or under a new number
    linked to it.
    """

    appeal_window_days: int = Field(ge=0)
    appeal: AppealRoute = AppealRoute()
    resubmission: Literal["same_number", "suffix", "new_number"] = "same_number"
    payment_terms_days: int = Field(ge=0)
    max_invoice_amount: Decimal | None = Field(default=None, gt=0)


class CarrierProfile(Part):
    """One version of what is known about a carrier.

    `people` are whom it approved and at what rates; while nobody is named, the rates are those that stand already.
    """

    format: FileFormat
    codes: Codes
    people: tuple[ApprovedRate, ...] = ()
    guidelines: RuleList
    site: SiteRules
    result_channel: ResultChannel
    money: MoneyTerms

    @model_validator(mode="after")
    def _sends_what_is_made(self) -> Self:
        if self.format.sends_pdf != gives_pdf(self.site):
            message = "format.sends_pdf and an upload step of {pdf_file} belong together"
            raise ValueError(message)
        return self


class InvalidProfileError(InvalidInputError):
    """A profile that may not be saved; `problems` are pairs of where and what."""

    code = "invalid_profile"

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        listed = "; ".join(f"{where}: {what}" for where, what in problems)
        super().__init__(f"The profile was not saved. Correct: {listed}.", problems=len(problems))
        self.problems = problems


def load_profile(document: dict[str, Any]) -> CarrierProfile:
    """Read a profile from its JSON document.

    Raises:
        InvalidProfileError: with every problem found, each with where it stands.
    """
    try:
        return CarrierProfile.model_validate(document)
    except ValidationError as wrong:
        raise InvalidProfileError([_problem(error["loc"], error["msg"]) for error in wrong.errors()]) from wrong


def _problem(where: tuple[int | str, ...], what: str) -> tuple[str, str]:
    return ".".join(str(part) for part in where) or "profile", what.removeprefix("Value error, ")
