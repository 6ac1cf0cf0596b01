"""How a carrier's decision reaches us, as data: at once on the site, later on the site, or by e-mail."""

import re
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from carriers.result_outcomes import ResultOutcome
from carriers.steps import Part

_OF_INVOICE = frozenset({
    "invoice_number", "decision", "amount", "billed", "reason", "paid", "paid_on", "reference"
})  # fmt: skip
_OF_LINE = frozenset({"line", "amount", "reason"})
Pattern = Annotated[str, Field(min_length=1, max_length=1000)]


class MailPattern(Part):
    """One layout of a carrier's result mails; all three are regular expressions, searched with `re`.

    Attributes:
        name: as people call this layout.
        subject: a mail is of this layout when its subject matches; may hold named groups as `invoice` does.
        invoice: searched again and again in the text of the mail, one match an invoice. Named groups, here or in the
            subject: `invoice_number` and `decision` (both needed), `amount` approved, `billed`, `reason`, and of a
            payment `paid`, `paid_on`, `reference`.
        line: searched from one invoice to the next. Named groups `reason` (needed), `line` (the line's number) and
            `amount` (what was taken off, with a minus or without).

    The text of a mail is its plain part, or else its HTML part with one line a row of a table or block, cells joined by
    ' | '. Lines end without spaces and no-break spaces are spaces.
    """

    name: str = Field(min_length=1, max_length=80)
    subject: Pattern
    invoice: Pattern
    line: Pattern | None = None

    @field_validator("subject", "invoice")
    @classmethod
    def _names_known(cls, pattern: str) -> str:
        return _with_groups(pattern, _OF_INVOICE)

    @field_validator("line")
    @classmethod
    def _names_known_of_line(cls, pattern: str | None) -> str | None:
        if pattern is not None and "reason" not in re.compile(_with_groups(pattern, _OF_LINE)).groupindex:
            message = "must have the group 'reason'"
            raise ValueError(message)
        return pattern

    @model_validator(mode="after")
    def _names_what_is_needed(self) -> Self:
        named = {*re.compile(self.subject).groupindex, *re.compile(self.invoice).groupindex}
        missing = {"invoice_number", "decision"} - named
        if missing:
            message = f"'{self.name}' lacks the group {' and '.join(sorted(missing))}"
            raise ValueError(message)
        return self


class ResultMail(Part):
    """Result mails: who sends them, which domain signs them, how they look, and what their words mean.

    A mail counts only when its From is `sender` and our own mail server found the signature of `dkim_domain` good.
    Words of `decisions` are compared without regard to case.
    """

    sender: str = Field(pattern=r"^[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+$")
    dkim_domain: str = Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")
    patterns: tuple[MailPattern, ...] = Field(min_length=1)
    decisions: dict[str, ResultOutcome] = Field(min_length=1)


class ReportColumns(Part):
    """Under which heading of a result report each fact stands; '' where the report does not have it."""

    invoice_number: str = Field(min_length=1, max_length=120)
    decision: str = Field(min_length=1, max_length=120)
    amount: str = Field(default="", max_length=120)
    billed: str = Field(default="", max_length=120)
    reason: str = Field(default="", max_length=120)
    line: str = Field(default="", max_length=120)
    reduction: str = Field(default="", max_length=120)
    paid: str = Field(default="", max_length=120)
    paid_on: str = Field(default="", max_length=120)
    reference: str = Field(default="", max_length=120)


class ResultReport(Part):
    """A table that people export from the site: its columns, and what its words mean, without regard to case."""

    columns: ReportColumns
    decisions: dict[str, ResultOutcome] = Field(min_length=1)


class ResultChannel(Part):
    """How the carrier's decision reaches us. With `e_mail` the site is never asked; `mail` may stand beside the others.

    `report` is how a result report looks that a person exports from the site, whatever the kind.
    """

    kind: Literal["at_once", "poll", "e_mail"]
    poll_seconds: int = Field(default=3600, ge=1)
    mail: ResultMail | None = None
    report: ResultReport | None = None

    @model_validator(mode="after")
    def _mail_is_described(self) -> Self:
        if self.kind == "e_mail" and self.mail is None:
            message = "kind e_mail wants a description of its mails"
            raise ValueError(message)
        return self

    def look_after_ms(self, scale: float = 1) -> int | None:
        """Return after how many milliseconds to look on the site again; None where the site never says."""
        return None if self.kind == "e_mail" else int(self.poll_seconds * scale * 1000)


def _with_groups(pattern: str, known: frozenset[str]) -> str:
    try:
        groups = re.compile(pattern).groupindex
    except re.error as wrong:
        message = f"is not a regular expression: {wrong}"
        raise ValueError(message) from wrong
    foreign = sorted(set(groups) - known)
    if foreign:
        message = f"has the group {foreign[0]}, which is not one of {', '.join(sorted(known))}"
        raise ValueError(message)
    return pattern
