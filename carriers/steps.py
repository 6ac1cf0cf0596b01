"""The step verbs of a profile. Data only: no loops, no conditions, no script."""

import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

SELECTOR_PREFIXES = ("text/", "aria/", "xpath/", "pierce/")
RowField = Literal[
    "invoice_number", "receipt", "status", "amount", "sha256", "line_item_number", "code", "message", "reduction"
]
Reading = Literal["receipt", "sha256", "site_text", "decision", "approved_amount"]
Selectors = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=500)], ...], Field(min_length=1)]


class Part(BaseModel):
    """What every part of a profile shares: frozen, and nothing beyond what is declared."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class StepBase(Part):
    """What every step has: a label that people read and a time limit in seconds."""

    label: str = Field(min_length=1, max_length=80)
    timeout_seconds: float = Field(default=10.0, gt=0, le=300)


class GotoStep(StepBase):
    """Open an address below the site's base address, as in `/Invoices?number={invoice_number}`."""

    verb: Literal["goto"]
    value: str = Field(pattern=r"^/", max_length=500)


class FillStep(StepBase):
    """Type a value into a field, replacing what is there."""

    verb: Literal["fill"]
    selectors: Selectors
    value: str


class ChooseStep(StepBase):
    """Choose the option of a list by its value or its visible text."""

    verb: Literal["choose"]
    selectors: Selectors
    value: str


class CheckStep(StepBase):
    """Set a check box on or off; `certify` where it uses a person's authority."""

    verb: Literal["check"]
    selectors: Selectors
    on: bool = True
    certify: bool = False


class ClickStep(StepBase):
    """Click; `commit` when it cannot be taken back, `certify` where it uses a person's authority."""

    verb: Literal["click"]
    selectors: Selectors
    commit: bool = False
    certify: bool = False


class UploadStep(StepBase):
    """Give the LEDES file, or the PDF beside it, to a file field, which may be invisible behind a drop zone."""

    verb: Literal["upload"]
    selectors: Selectors
    value: Literal["{ledes_file}", "{pdf_file}"] = "{ledes_file}"


class ExpectStep(StepBase):
    """The page must identify itself as this one, or nothing more is touched."""

    verb: Literal["expect"]
    page: str


class WaitForStep(StepBase):
    """Wait until one of the selectors is there, or is gone."""

    verb: Literal["wait_for"]
    selectors: Selectors
    gone: bool = False


class ReadStep(StepBase):
    """Keep the text of an element; `pattern` keeps its first group only."""

    verb: Literal["read"]
    selectors: Selectors
    into: Reading
    pattern: str | None = None
    optional: bool = False

    @field_validator("pattern")
    @classmethod
    def _one_group(cls, pattern: str | None) -> str | None:
        if pattern is None:
            return None
        try:
            groups = re.compile(pattern).groups
        except re.error as wrong:
            message = f"is not a regular expression: {wrong}"
            raise ValueError(message) from wrong
        if groups != 1:
            message = "must have exactly one group"
            raise ValueError(message)
        return pattern


class Table(Part):
    """Rows and, for each field, a CSS selector inside the row; `@name` reads an attribute ('@data-line' of the row)."""

    selectors: Selectors
    columns: dict[RowField, str] = Field(min_length=1)


class ReadTableStep(StepBase):
    """Keep a table; with `empty`, either a row or the sign of an empty list must be there."""

    verb: Literal["read_table"]
    table: Table
    into: Literal["invoices", "findings"]
    empty: Selectors | None = None


class OtpStep(StepBase):
    """Type a fresh one-time code."""

    verb: Literal["otp"]
    selectors: Selectors


class FrameStep(StepBase):
    """Work inside a frame of the page or frame at hand; without selectors, back in the whole page."""

    verb: Literal["frame"]
    selectors: Selectors | None = None


class SwitchWindowStep(StepBase):
    """Work in the newest window, or back in the main one, where each list but `submit` starts alone."""

    verb: Literal["switch_window"]
    value: Literal["newest", "main"]


class DismissStep(StepBase):
    """Answer a browser dialog, or close a banner when it is there."""

    verb: Literal["dismiss"]
    selectors: Selectors | None = None
    accept: bool = True


Step = Annotated[
    GotoStep
    | FillStep
    | ChooseStep
    | CheckStep
    | ClickStep
    | UploadStep
    | ExpectStep
    | WaitForStep
    | ReadStep
    | ReadTableStep
    | OtpStep
    | FrameStep
    | SwitchWindowStep
    | DismissStep,
    Field(discriminator="verb"),
]


def selectors_of(step: StepBase) -> tuple[str, ...]:
    """Return every selector of a step, in order; none for a verb that has none."""
    if isinstance(step, ReadTableStep):
        return (*step.table.selectors, *(step.empty or ()))
    return tuple(getattr(step, "selectors", None) or ())


def value_of(step: StepBase) -> str:
    """Return the value of a step, '' for a verb that has none."""
    return str(getattr(step, "value", ""))
