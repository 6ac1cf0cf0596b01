"""Rows of the profile's page, as text."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from models.enums import DryRunEnd, DryRunStepResult
from services.sites.dry_runs import DryRunStepRow, DryRunView
from services.sites.profile_drafts import VERBS, flags_of, table_of
from services.sites.profile_forms import DECISIONS, FINDING_COLUMNS, INVOICE_COLUMNS, SIGNALS
from services.sites.profile_mails import OUTCOMES, Layout, Reading
from services.sites.profile_versions import ProfileVersion
from state.words import moment

_FLAG_WORDS = {"commit": "final", "certify": "certifies", "gone": "until gone", "optional": "optional"}
_COLUMNS = {**INVOICE_COLUMNS, **FINDING_COLUMNS}
_ENDS = {
    DryRunEnd.REACHED: "Reached the upload",
    DryRunEnd.FAILED: "Failed",
    DryRunEnd.NOT_MADE: "Not made",
}


@dataclass(frozen=True)
class ListTab:
    """One step list to choose."""

    name: str
    title: str
    count: str


@dataclass(frozen=True)
class StepItem:
    """One step of the list that is shown; `hits` are the counts of the last dry run."""

    position: str
    number: str
    verb: str
    label: str
    detail: str
    flags: str
    is_final: bool
    hits: str


@dataclass(frozen=True)
class StepForm:
    """The step whose form is open; `position` is '' while none is."""

    position: str = ""
    number: str = ""
    verb: str = ""
    title: str = ""
    label: str = ""
    selectors: str = ""
    value: str = ""
    page: str = ""
    into: str = ""
    pattern: str = ""
    rows: str = ""
    empty: str = ""
    columns: list[list[str]] = ()  # type: ignore[assignment]  # a frozen row's empty list
    seconds: str = ""
    fields: list[str] = ()  # type: ignore[assignment]  # a frozen row's empty list
    on_flags: list[str] = ()  # type: ignore[assignment]  # as above


@dataclass(frozen=True)
class PageRow:
    """A page of the site and how it is known, one selector a line."""

    name: str = ""
    selectors: str = ""


@dataclass(frozen=True)
class OutcomeRow:
    """Something that the site may say; `position` is '' for a new one. `columns` are of the reasons of a refusal."""

    position: str = ""
    signal: str = "login_rejected"
    meaning: str = ""
    said: str = ""
    selectors: str = ""
    texts: str = ""
    rows: str = ""
    columns: list[list[str]] = ()  # type: ignore[assignment]  # as above


@dataclass(frozen=True)
class DecisionRow:
    """What the site calls one decision, one word a line."""

    kind: str
    title: str
    words: str


@dataclass(frozen=True)
class LayoutRow:
    """One layout of result mails; `position` is '' for a new one."""

    position: str = ""
    name: str = ""
    subject: str = ""
    invoice: str = ""
    line: str = ""


def changed_since(opened: OutcomeRow | LayoutRow, rows: Collection[OutcomeRow | LayoutRow], what: str) -> str:
    """Return why what was opened for a change cannot be kept: its place holds another by now; '' where it can."""
    if not opened.position or opened in rows:
        return ""
    return (
        f"This {what} was changed or taken out since you opened it. Nothing was kept and what you typed is still here; "
        f"copy it and open the {what} again."
    )


@dataclass(frozen=True)
class TrialRow:
    """What a tried mail says of one invoice."""

    invoice: str
    outcome: str
    amounts: str
    reasons: str


@dataclass(frozen=True)
class VersionItem:
    """One saved version."""

    number: str
    href: str
    author: str
    at: str
    note: str
    is_active: bool
    is_older: bool


@dataclass(frozen=True)
class Said:
    """A sentence with where it belongs."""

    where: str
    text: str


@dataclass(frozen=True)
class RunStep:
    """One step of the dry run."""

    key: str
    list_title: str
    number: str
    label: str
    result: str
    taken: str
    hits: str
    picture: str


def step_item(at: int, step: dict[str, Any], hits: str) -> StepItem:
    """Return the row of a step."""
    selectors = step.get("selectors") or []
    value = str(step.get("value") or step.get("page") or step.get("into") or "")
    first = str(selectors[0]) if selectors else ""
    more = f" +{len(selectors) - 1}" if len(selectors) > 1 else ""
    flags = [_FLAG_WORDS[flag] for flag, is_on in flags_of(step).items() if is_on and flag in _FLAG_WORDS]
    return StepItem(
        position=str(at),
        number=str(at + 1),
        verb=VERBS.get(str(step.get("verb")), (str(step.get("verb")), ()))[0],
        label=str(step.get("label") or ""),
        detail=" · ".join(part for part in (value, f"{first}{more}") if part),
        flags=", ".join(flags),
        is_final=bool(step.get("commit") or step.get("certify")),
        hits=hits,
    )


def step_form(at: int, step: dict[str, Any]) -> StepForm:
    """Return the form of a step."""
    verb = str(step.get("verb"))
    rows, empty, columns = table_of(step)
    title, fields = VERBS.get(verb, (verb, ()))
    return StepForm(
        position=str(at),
        number=str(at + 1),
        verb=verb,
        title=title,
        label=str(step.get("label") or ""),
        selectors="\n".join(map(str, step.get("selectors") or [])),
        value=str(step.get("value") or ""),
        page=str(step.get("page") or ""),
        into=str(step.get("into") or ""),
        pattern=str(step.get("pattern") or ""),
        rows=rows,
        empty=empty,
        columns=[[name, title, columns.get(name, "")] for name, title in _COLUMNS.items()],
        seconds=f"{step.get('timeout_seconds', 10):g}",
        fields=list(fields),
        on_flags=[flag for flag, is_on in flags_of(step).items() if is_on],
    )


def outcome_row(at: int | None = None, outcome: dict[str, Any] | None = None) -> OutcomeRow:
    """Return the row of something that the site may say; without one, an empty row to fill in."""
    one = outcome or {}
    selectors, texts = [str(found) for found in one.get("selectors") or []], [str(t) for t in one.get("texts") or []]
    findings = one.get("findings") or {}
    columns = findings.get("columns") or {}
    signal = str(one.get("signal") or "login_rejected")
    return OutcomeRow(
        position="" if at is None else str(at),
        signal=signal,
        meaning=SIGNALS.get(signal, signal),
        said=" · ".join([*selectors, *(f"“{text}”" for text in texts)]),
        selectors="\n".join(selectors),
        texts="\n".join(texts),
        rows="\n".join(map(str, findings.get("selectors") or [])),
        columns=[[name, title, str(columns.get(name, ""))] for name, title in FINDING_COLUMNS.items()],
    )


def decision_rows(words: Mapping[str, str]) -> list[DecisionRow]:
    """Return a row for each decision, with the site's words for it."""
    return [DecisionRow(kind, DECISIONS.get(kind, kind), said) for kind, said in words.items()]


def layout_rows(layouts: list[Layout]) -> list[LayoutRow]:
    """Return a row for each layout of result mails."""
    return [LayoutRow(str(at), one.name, one.subject, one.invoice, one.line) for at, one in enumerate(layouts)]


def trial_rows(reading: Reading) -> list[TrialRow]:
    """Return a row for each invoice that a tried mail speaks of."""
    return [
        TrialRow(
            invoice=one.invoice_number,
            outcome=f"{OUTCOMES.get(one.outcome, one.outcome)} (“{one.word}”)",
            amounts=" · ".join(
                f"{title} {value}"
                for title, value in (
                    ("approved", one.approved), ("billed", one.billed), ("paid", one.paid), ("on", one.paid_on),
                    ("reference", one.reference), ("not understood:", ", ".join(one.unread)),
                )
                if value
            ),
            reasons="\n".join(one.reasons),
        )
        for one in reading.results
    ]  # fmt: skip


def trust_words(reading: Reading) -> str:
    """Return whether a mail like the tried one would count."""
    if reading.trust is None:
        return "Pasted without its head, so sender and signature were not judged. Paste its source to have them judged."
    if reading.trust:
        return f"Such a mail would be kept and shown, and would record nothing: {reading.trust}"
    return f"It would count: it comes from {reading.sender}, and our mail server found its signature good."


def version_item(version: ProfileVersion, active: int | None) -> VersionItem:
    """Return the row of a version."""
    return VersionItem(
        number=str(version.number),
        href=f"/files/profile/{version.version_id}?download",
        author=version.author or "Came with the product",
        at=moment(version.created_at),
        note=version.note,
        is_active=version.is_active,
        is_older=active is not None and version.number < active,
    )


def run_step(step: DryRunStepRow, titles: dict[str, str]) -> RunStep:
    """Return the row of a dry run's step."""
    return RunStep(
        key=str(step.step_id),
        list_title=titles.get(step.list_name, step.list_name),
        number=str(step.list_position + 1),
        label=step.label,
        result=step.result.value,
        taken=f"{step.milliseconds:,} ms" if step.result in {DryRunStepResult.DONE, DryRunStepResult.FAILED} else "",
        hits=hits_of(step.counts),
        picture=f"/files/dry-run/{step.step_id}" if step.has_picture else "",
    )


def hits_of(counts: tuple[int, ...]) -> str:
    """Return the counts of a step's selectors in words, '1 · 0'."""
    return " · ".join(map(str, counts))


def run_words(run: DryRunView) -> str:
    """Return how a dry run stands."""
    if run.ended_as is not None:
        return _ENDS[run.ended_as]
    return "Running" if run.started_at else "Waiting for a worker"
