"""Absences and delegations as the pages show them: rows of text."""

from dataclasses import dataclass

from services.review.absences import AbsenceRow
from services.review.delegations import DelegationRow
from state.words import day


@dataclass(frozen=True)
class AbsenceView:
    """One absence; `from_on` and `until_on` as a form's days, `when` in words."""

    id: str
    version: str
    user_id: str
    who: str
    substitute_id: str
    substitute: str
    from_on: str
    until_on: str
    when: str
    note: str
    is_now: bool
    is_own: bool


NO_ABSENCE = AbsenceView("", "", "", "", "", "", "", "", "", "", is_now=False, is_own=True)


@dataclass(frozen=True)
class DelegationView:
    """One delegation; `what` says on which matters, how far and until when."""

    id: str
    version: str
    principal: str
    delegate: str
    what: str
    note: str
    is_given: bool


def absence_view(row: AbsenceRow, me: int | None) -> AbsenceView:
    """Return an absence as text for the person who looks."""
    return AbsenceView(
        id=str(row.id),
        version=str(row.version),
        user_id=str(row.user_id),
        who=row.user_name,
        substitute_id=str(row.substitute_id),
        substitute=row.substitute_name,
        from_on=row.from_on.isoformat(),
        until_on=row.until_on.isoformat(),
        when=day(row.from_on) if row.from_on == row.until_on else f"{day(row.from_on)} to {day(row.until_on)}",
        note=row.note,
        is_now=row.is_now,
        is_own=row.user_id == me,
    )


def delegation_view(row: DelegationRow, me: int | None) -> DelegationView:
    """Return a delegation as text for the person who looks."""
    parts = [
        f"matter {row.matter_number}" if row.matter_number else "all matters",
        "may approve and return" if row.can_approve else "may prepare, not decide",
        f"until {day(row.until_on)}" if row.until_on else "until revoked",
    ]
    return DelegationView(
        id=str(row.id),
        version=str(row.version),
        principal=row.principal_name,
        delegate=row.delegate_name,
        what=", ".join(parts),
        note=row.note,
        is_given=row.principal_id == me,
    )
