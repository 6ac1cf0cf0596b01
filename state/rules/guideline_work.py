"""What the page of a carrier's rules does in a thread: reading, saving and trying, one transaction each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from core.clock import today
from core.db import read_only, unit_of_work
from services.rules.guideline_drafts import Draft
from services.rules.guideline_exceptions import PermissionRow, list_exceptions
from services.rules.guideline_trials import TrialDesk, TriedMonth, TriedRule, named_examples
from services.rules.guideline_versions import GuidelineVersion, active_guidelines, list_guidelines, save_guidelines
from services.rules.trial_bills import TrialMonth, load_trial_month, months_billed
from state.guard import actor
from state.rules.guideline_rows import ExampleView

DESK: Final = TrialDesk()
_MOST_MONTHS = 24


@dataclass(frozen=True)
class Trials:
    """What the rules of a list would have done, by the key of their draft, and what was tried."""

    month: TriedMonth
    by_key: dict[str, TriedRule]
    removed: tuple[TriedRule, ...]


def read_active(carrier_id: int) -> GuidelineVersion:
    """Return the rules in force."""
    with read_only() as session:
        return active_guidelines(session, actor(), carrier_id=carrier_id)


def read_versions(carrier_id: int) -> list[GuidelineVersion]:
    """Return every version, the newest first."""
    with read_only() as session:
        return list_guidelines(session, actor(), carrier_id=carrier_id)


def read_permissions(carrier_id: int) -> list[PermissionRow]:
    """Return what the carrier allowed, the newest first."""
    with read_only() as session:
        return list_exceptions(session, actor(), carrier_id=carrier_id)


def read_months(carrier_id: int) -> list[date]:
    """Return the months to try rules on, the newest first; last month where nothing was billed yet."""
    with read_only() as session:
        found = months_billed(session, actor(), carrier_id=carrier_id)
    last_month = (today().replace(day=1) - timedelta(days=1)).replace(day=1)
    return found[:_MOST_MONTHS] or [last_month]


def save(carrier_id: int, expected_number: int, rules: Sequence[dict[str, Any]], note: str) -> GuidelineVersion:
    """Put a list in force."""
    with unit_of_work() as session:
        return save_guidelines(
            session, actor(), carrier_id=carrier_id, expected_number=expected_number, rules=rules, note=note
        )


def try_drafts(carrier_id: int, month: date, drafts: Sequence[Draft], in_force: Sequence[Any]) -> Trials:
    """Try every readable draft beside the rule it came from, and the rules in force that no draft stands for."""
    read = [(draft.key, draft.read.rule, draft.origin) for draft in drafts if draft.read.rule is not None]
    kept = [draft.origin for draft in drafts]
    gone = [rule for rule in in_force if rule not in kept]
    pairs = [(rule, origin) for _, rule, origin in read] + [(rule, None) for rule in gone]

    def load(whole_matters: bool) -> TrialMonth:  # noqa: FBT001 -- as the desk asks for it
        with read_only() as session:
            return load_trial_month(session, actor(), carrier_id=carrier_id, month=month, whole_matters=whole_matters)

    tried_month, tried = DESK.try_rules(actor(), carrier_id=carrier_id, month=month, pairs=pairs, load=load)
    by_key = {key: found for (key, _, _), found in zip(read, tried, strict=False)}
    return Trials(tried_month, by_key, tuple(tried[len(read) :]))


def examples(carrier_id: int, month: date, tried: TriedRule) -> list[ExampleView]:
    """Return the lines that a rule would have met, named as this person may read them."""
    with read_only() as session:
        found = named_examples(session, actor(), tried.result)
    paths = DESK.paths(carrier_id, month)
    return [
        ExampleView(
            reference=one.reference[0].upper() + one.reference[1:],
            href=paths.get(one.reference, ""),
            line=f"line {one.line_key}" if one.line_key else "",
            sentence=one.sentence,
        )
        for one in found
    ]
