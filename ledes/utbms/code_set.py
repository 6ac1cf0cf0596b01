"""The codes that one carrier takes, and since when: a part of its profile, as plain data."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, field_serializer, model_validator

from ledes.utbms.lists import CodeKind, codes, in_force, lookup

CodeText = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]{0,19}$")]


class CustomCode(BaseModel):
    """A code of the carrier's own, or a standard code that it takes for some time only.

    Attributes:
        effective_from: first day of work it may stand on, None = always; effective_to: last day.
        replaces: the code that it stands in for while it is in force; one row each where it stands in for several.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: CodeText
    kind: CodeKind
    label: str = Field(min_length=1, max_length=120)
    effective_from: date | None = None
    effective_to: date | None = None
    replaces: CodeText | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.effective_from and self.effective_to and self.effective_to < self.effective_from:
            message = f"code {self.code} ends before it begins"
            raise ValueError(message)
        if self.replaces == self.code:
            message = f"code {self.code} replaces itself"
            raise ValueError(message)
        return self

    def is_in_force(self, on: date) -> bool:
        """Tell whether the code may stand on work of that day."""
        return in_force(self.effective_from, self.effective_to, on)


class CodeChoice(BaseModel):
    """One code that a line may carry, as in 'L120' 'Analysis/Strategy', with what it is for."""

    model_config = ConfigDict(frozen=True)

    code: str
    label: str
    definition: str = ""


class CodeSet(BaseModel):
    """The codes a carrier takes, by kind; None = the whole list of that kind.

    `extra` codes are taken besides; a standard code named there is taken in its time only. No code is ever filled in:
    a blank one is no code, and is not allowed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    task: frozenset[CodeText] | None = None
    activity: frozenset[CodeText] | None = None
    expense: frozenset[CodeText] | None = None
    extra: tuple[CustomCode, ...] = ()

    @field_serializer("task", "activity", "expense", when_used="json")
    def _in_order(self, listed: frozenset[str] | None) -> list[str] | None:
        return None if listed is None else sorted(listed)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for at, one in enumerate(self.extra):
            for other in self.extra[:at]:
                _refuse_clash(one, other)
            if one.replaces and self._is_replaced_by(one.code, one.replaces):
                message = f"codes {one.code} and {one.replaces} replace each other"
                raise ValueError(message)
        return self

    def is_allowed(self, code: str, kind: CodeKind, on: date) -> bool:
        """Tell whether the carrier takes this code on work of that day."""
        return self.refusal(code, kind, on) is None

    def refusal(self, code: str, kind: CodeKind, on: date) -> str | None:
        """Return the sentence that says why the carrier does not take this code on work of that day, or None."""
        if newer := self.replacement(code, kind, on):
            since = f" since {newer.effective_from}" if newer.effective_from else ""
            return f"This carrier takes {newer.code} ({newer.label}) in place of {code}{since}. Use {newer.code}."
        dated = [one for one in self.extra if (one.code, one.kind) == (code, kind)]
        if dated:
            return None if any(one.is_in_force(on) for one in dated) else _out_of_force(dated[-1], on)
        if self._is_listed(code, kind, on):
            return None
        return (
            f"This carrier does not take code {code}. Choose one of its list." if code else f"There is no {kind} code."
        )

    def replacement(self, code: str, kind: CodeKind, on: date) -> CustomCode | None:
        """Return the code that stands in for this one on that day, the last where several follow each other."""
        newest = None
        while found := self._successor(code, kind, on):
            newest, code = found, found.code
        return newest

    def choices(self, kind: CodeKind, on: date) -> tuple[CodeChoice, ...]:
        """Return what may be chosen for work of that day, by code."""
        offered = {choice.code: choice for choice in self._candidates(kind)}
        return tuple(offered[code] for code in sorted(offered) if self.is_allowed(code, kind, on))

    def _candidates(self, kind: CodeKind) -> Iterator[CodeChoice]:
        listed = self._allow_list(kind)
        for code in codes() if listed is None else listed:
            found = lookup(code)
            if found is None or found.kind == kind:
                yield _choice(code, found.label, found.definition) if found else _choice(code, code, "")
        for one in self.extra:
            if one.kind == kind:
                yield _choice(one.code, one.label, "")

    def _allow_list(self, kind: CodeKind) -> frozenset[str] | None:
        listed: frozenset[str] | None = getattr(self, kind)
        return listed

    def _is_listed(self, code: str, kind: CodeKind, on: date) -> bool:
        found, listed = lookup(code), self._allow_list(kind)
        if listed is not None and code not in listed:
            return False
        if found is None:
            return listed is not None and bool(code)
        return found.kind == kind and found.is_valid_on(on)

    def _successor(self, code: str, kind: CodeKind, on: date) -> CustomCode | None:
        return next(
            (one for one in self.extra if one.replaces == code and one.kind == kind and one.is_in_force(on)), None
        )

    def _is_replaced_by(self, code: str, by: str) -> bool:
        """Tell whether `by` comes, through others or not, in the place of `code` on whatever day."""
        seen: set[str] = set()
        waiting = [code]
        while waiting:
            at = waiting.pop()
            if at == by:
                return True
            if at not in seen:
                seen.add(at)
                waiting += [one.code for one in self.extra if one.replaces == at]
        return False


def _choice(code: str, label: str, definition: str) -> CodeChoice:
    return CodeChoice(code=code, label=label, definition=definition)


def _refuse_clash(one: CustomCode, other: CustomCode) -> None:
    overlap = in_force(other.effective_from, other.effective_to, one.effective_from or date.min) or in_force(
        one.effective_from, one.effective_to, other.effective_from or date.min
    )
    if one.kind != other.kind or not overlap:
        return
    if (one.code, one.replaces) == (other.code, other.replaces):
        message = f"code {one.code} is given twice for the same days"
        raise ValueError(message)
    if one.replaces and one.replaces == other.replaces:
        message = f"codes {other.code} and {one.code} both replace {one.replaces} on the same days"
        raise ValueError(message)


def _out_of_force(one: CustomCode, on: date) -> str:
    if one.effective_from and on < one.effective_from:
        return f"This carrier takes code {one.code} only from {one.effective_from} on. Choose another of its list."
    return f"This carrier has not taken code {one.code} since {one.effective_to}. Choose another of its list."
