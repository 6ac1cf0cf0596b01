"""How a worker's hold on a file ends: delivered with proof, or as the table of outcomes says. One transaction each."""

from enum import StrEnum

from sqlmodel import Session

from carriers.errors import FileRefusedError
from carriers.exchange import SiteReceipt
from core.errors import BillingError
from core.log import get_logger
from models import Submission
from services.actor import system_actor
from services.lifecycle import get
from services.outcomes import Outcome, outcome_of
from services.responses.decisions import mark_delivered, record_findings
from services.responses.results import read_decision
from services.uploads import ledger
from services.uploads.doubts import settle_doubt
from services.uploads.outgoing import Outgoing
from services.uploads.workbench import Workbench

_log = get_logger(__name__)


class Verdict(StrEnum):
    """Whether the worker may go on with the account's next file."""

    GO_ON = "go_on"
    END_VISIT = "end_visit"


def delivered(bench: Workbench, claim: ledger.Claim, outgoing: Outgoing, receipt: SiteReceipt) -> Verdict:
    """Record the receipt, move the invoice on, and read the decision where the carrier gives it at once."""
    channel = outgoing.profile.result_channel
    look_after_ms = channel.look_after_ms(bench.settings.retry_scale)
    bench.keeper.drop()

    def write(session: Session) -> None:
        ledger.deliver(session, claim, receipt)
        actor = system_actor(claim.queued_by_id)
        mark_delivered(session, actor, invoice_id=outgoing.invoice_id, look_after_ms=look_after_ms)
        if claim.is_second_look:
            settle_doubt(session, claim.submission_id)
        bench.note_reachable(session)

    bench.write(write)
    _log.info("submission:delivered", submission_id=claim.submission_id, receipt=receipt.receipt_number)
    if channel.kind != "at_once" or look_after_ms is None:
        return Verdict.GO_ON
    goes_on = read_decision(bench, outgoing, submission_id=claim.submission_id, look_after_ms=look_after_ms)
    return Verdict.GO_ON if goes_on else Verdict.END_VISIT


def conclude(bench: Workbench, claim: ledger.Claim, error: BillingError, *, committed: bool) -> Verdict:
    """Write what an error means for the file, its carrier and its account, in one transaction."""
    outcome = outcome_of(error)
    verb = outcome.verb_after_commit if committed else outcome.verb
    actor = system_actor(claim.queued_by_id)
    bench.keeper.drop()

    def write(session: Session) -> None:
        _write(bench, session, claim, verb, outcome, error)
        bench.stand_still(session, actor, outcome, error, carrier_id=claim.carrier_id, attempt=claim.attempt)

    bench.write(write)
    _log.info("submission:concluded", submission_id=claim.submission_id, verb=verb, error=error.code)
    return Verdict.END_VISIT if outcome.ends_visit else Verdict.GO_ON


def _write(
    bench: Workbench, session: Session, claim: ledger.Claim, verb: str, outcome: Outcome, error: BillingError
) -> None:
    match verb:
        case "refuse":
            ledger.refuse(session, claim, error)
            if isinstance(error, FileRefusedError):
                row: Submission = get(session, Submission, claim.submission_id)
                record_findings(
                    session, invoice_id=row.invoice_id, submission_id=claim.submission_id, findings=error.findings
                )
        case "need_attention":
            ledger.need_attention(session, claim, error)
        case "release":
            ledger.release(session, claim, delay_ms=bench.delay_ms(outcome, claim.attempt), error=error)
        case _:
            ledger.doubt(session, claim, error, decide_hours=bench.settings.doubt_decide_hours)
