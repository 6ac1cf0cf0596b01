"""One ledger row in a worker's hand: looked for, sent, proven, or put where it belongs."""

import time
from enum import StrEnum

from sqlalchemy import select
from sqlmodel import Session

from carriers.errors import FileRefusedError, ReceiptMissingError
from carriers.exchange import SiteReceipt
from core.db import db_now_ms
from core.errors import BillingError, FencedError
from core.log import get_logger
from models import Submission
from models.enums import DocumentStatus
from services import ledger
from services.actor import system_actor
from services.decisions import mark_delivered, record_findings
from services.lifecycle import get
from services.outcomes import Outcome, outcome_of
from services.outgoing import Outgoing, load_outgoing
from services.results import read_decision
from services.workbench import Workbench
from services.workers import is_provably_dead

_log = get_logger(__name__)
_LOOK_AGAIN_SECONDS = 0.5
_MAX_ABANDONED = 5


class Verdict(StrEnum):
    """Whether the worker may go on with the account's next file."""

    GO_ON = "go_on"
    END_VISIT = "end_visit"


class WorkersDiedError(BillingError):
    """Several workers in a row died over one file."""

    code = "workers_died"


class InvoiceClosedError(BillingError):
    """The invoice was voided or superseded while its file waited."""

    code = "invoice_closed"
    status_code = 409


def handle(bench: Workbench, claim: ledger.Claim) -> Verdict:
    """Bring one claimed file to its end: delivered, refused, put back, in doubt, or waiting for a person.

    Raises:
        FencedError: the lease is lost; nothing more was written.
    """
    bench.evidence.aim(claim.submission_id, claim.fence)
    try:
        with bench.database.read_only() as session:
            outgoing = load_outgoing(session, claim.submission_id, bench.profiles)
    except BillingError as wrong:
        return _conclude(bench, claim, wrong, committed=claim.is_verification)
    if claim.is_verification:
        return _verify(bench, claim, outgoing)
    return _send(bench, claim, outgoing)


class _CommitGuard:
    """Called right before each click that cannot be taken back: declares the intent, then checks the deadline."""

    def __init__(self, bench: Workbench, claim: ledger.Claim) -> None:
        self._bench = bench
        self._claim = claim
        self.declared = False

    def __call__(self, step: str) -> None:
        self._bench.keeper.check()
        with self._bench.writing() as session:
            ledger.declare_intent(session, self._claim, worker_id=self._bench.lease.worker_id, step=step)
        self.declared = True
        self._bench.keeper.check()


def _send(bench: Workbench, claim: ledger.Claim, outgoing: Outgoing) -> Verdict:
    if problem := _why_not(claim, outgoing):
        return _conclude(bench, claim, problem, committed=False)
    guard = _CommitGuard(bench, claim)
    visit, profile, file = bench.visit, outgoing.profile, outgoing.file
    try:
        receipt = visit.find_invoice(profile, file) or visit.upload(profile, file, before_commit=guard)
    except FencedError:
        raise
    except BillingError as said:
        if guard.declared and outcome_of(said).verb_after_commit == "doubt":
            return _look_after_click(bench, claim, outgoing, said)
        return _conclude(bench, claim, said, committed=guard.declared)
    return _delivered(bench, claim, outgoing, receipt)


def _why_not(claim: ledger.Claim, outgoing: Outgoing) -> BillingError | None:
    if claim.was_abandoned and claim.attempt > _MAX_ABANDONED:
        return WorkersDiedError(
            "Several workers stopped while they sent this file. It was kept unsent; look at the evidence, then retry."
        )
    if outgoing.document_status is not DocumentStatus.OPEN:
        return InvoiceClosedError("The invoice was closed while its file waited. Nothing was sent.")
    return None


def _look_after_click(bench: Workbench, claim: ledger.Claim, outgoing: Outgoing, said: BillingError) -> Verdict:
    """Look for a file that was sent without a receipt; the machine never sends it a second time from here."""
    try:
        receipt = _look(bench, outgoing, min(outgoing.profile.site.settle_seconds, bench.settings.doubt_look_seconds))
    except FencedError:
        raise
    except BillingError as blind:
        return _conclude(bench, claim, blind, committed=True)
    if receipt is None:
        return _conclude(bench, claim, said, committed=True)
    return _delivered(bench, claim, outgoing, receipt)


def _verify(bench: Workbench, claim: ledger.Claim, outgoing: Outgoing) -> Verdict:
    """Find out what became of an intent that an earlier owner declared."""
    settle_ms = int(outgoing.profile.site.settle_seconds * 1000)
    rest_ms = settle_ms - _age_ms(bench, claim)
    look_ms = min(max(rest_ms, 0), int(bench.settings.doubt_look_seconds * 1000))
    try:
        receipt = _look(bench, outgoing, look_ms / 1000)
    except FencedError:
        raise
    except BillingError as blind:
        return _blind(bench, claim, blind, rest_ms)
    if receipt is not None:
        return _delivered(bench, claim, outgoing, receipt)
    if rest_ms > look_ms:
        return _later(bench, claim, rest_ms - look_ms)
    return _absent(bench, claim, outgoing)


def _absent(bench: Workbench, claim: ledger.Claim, outgoing: Outgoing) -> Verdict:
    """The settle time is over and the file is not there: send again only if the former owner cannot click any more."""
    with bench.writing() as session:
        if is_provably_dead(session, claim.intent_worker_id):
            ledger.release(session, claim)
            return Verdict.GO_ON
    return _conclude(bench, claim, ReceiptMissingError(outgoing.profile.site.title), committed=True)


def _blind(bench: Workbench, claim: ledger.Claim, error: BillingError, rest_ms: int) -> Verdict:
    """The site could not be looked at: again later while it may come back by itself, else a person decides."""
    outcome = outcome_of(error)
    waits = outcome.verb == "release" and rest_ms > 0
    if not waits:
        return _conclude(bench, claim, error, committed=True)
    delay_ms = bench.delay_ms(outcome, 1)
    with bench.writing() as session:
        ledger.look_later(session, claim, delay_ms=min(delay_ms, rest_ms))
    return Verdict.END_VISIT if outcome.ends_visit else Verdict.GO_ON


def _later(bench: Workbench, claim: ledger.Claim, delay_ms: int) -> Verdict:
    with bench.writing() as session:
        ledger.look_later(session, claim, delay_ms=delay_ms)
    return Verdict.GO_ON


def _look(bench: Workbench, outgoing: Outgoing, seconds: float) -> SiteReceipt | None:
    """Look for the file, again and again for `seconds`, at least once."""
    until = time.monotonic() + seconds
    while True:
        receipt = bench.visit.find_invoice(outgoing.profile, outgoing.file)
        bench.keeper.check()
        if receipt is not None or time.monotonic() >= until:
            return receipt
        time.sleep(min(_LOOK_AGAIN_SECONDS, max(0.0, until - time.monotonic())))


def _delivered(bench: Workbench, claim: ledger.Claim, outgoing: Outgoing, receipt: SiteReceipt) -> Verdict:
    channel = outgoing.profile.result_channel
    look_after_ms = int(channel.poll_seconds * bench.settings.retry_scale * 1000)
    bench.keeper.drop()
    with bench.writing() as session:
        ledger.deliver(session, claim, receipt)
        actor = system_actor(claim.queued_by_id)
        mark_delivered(session, actor, invoice_id=outgoing.invoice_id, look_after_ms=look_after_ms)
        bench.note_reachable(session)
    _log.info("submission:delivered", submission_id=claim.submission_id, receipt=receipt.receipt_number)
    if channel.kind == "at_once" and not read_decision(
        bench, outgoing, submission_id=claim.submission_id, look_after_ms=look_after_ms
    ):
        return Verdict.END_VISIT
    return Verdict.GO_ON


def _conclude(bench: Workbench, claim: ledger.Claim, error: BillingError, *, committed: bool) -> Verdict:
    """Write what an error means for the file, its carrier and its account, in one transaction."""
    outcome = outcome_of(error)
    verb = outcome.verb_after_commit if committed else outcome.verb
    actor = system_actor(claim.queued_by_id)
    bench.keeper.drop()
    with bench.writing() as session:
        _write(bench, session, claim, verb, outcome, error)
        bench.stand_still(session, actor, outcome, error, carrier_id=claim.carrier_id, attempt=claim.attempt)
    _log.info("submission:concluded", submission_id=claim.submission_id, verb=verb, error=error.code)
    return Verdict.END_VISIT if outcome.ends_visit else Verdict.GO_ON


def _write(
    bench: Workbench, session: Session, claim: ledger.Claim, verb: str, outcome: Outcome, error: BillingError
) -> None:
    match verb:
        case "refuse":
            ledger.refuse(session, claim, error)
            if isinstance(error, FileRefusedError):
                row = get(session, Submission, claim.submission_id)
                record_findings(session, submission=row, findings=error.findings)
        case "need_attention":
            ledger.need_attention(session, claim, error)
        case "release":
            ledger.release(session, claim, delay_ms=bench.delay_ms(outcome, claim.attempt), error=error)
        case _:
            ledger.doubt(session, claim, error, decide_hours=bench.settings.doubt_decide_hours)


def _age_ms(bench: Workbench, claim: ledger.Claim) -> int:
    with bench.database.read_only() as session:
        present: int = session.scalars(select(db_now_ms())).one()
    return present - (claim.intent_at_ms or 0)
