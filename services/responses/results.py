"""Reading a carrier's decision on its site and recording it, while the account is ours."""

from sqlmodel import Session

from core.errors import BillingError, FencedError
from core.log import get_logger
from services.actor import system_actor
from services.outcomes import outcome_of
from services.responses import decisions
from services.uploads import leases
from services.uploads.outgoing import Outgoing, load_outgoing
from services.uploads.workbench import Workbench

_log = get_logger(__name__)


def poll_decision(bench: Workbench, due: decisions.DueDecision) -> bool:
    """Look after one delivered invoice; False when nothing more can be done on this site now.

    Raises:
        FencedError: the account is no longer ours.
    """
    bench.keeper.check()
    bench.evidence.aim(due.submission_id, due.fence)
    with bench.database.read_only() as session:
        outgoing = load_outgoing(session, due.submission_id, bench.profiles)
    look_after_ms = int(outgoing.profile.result_channel.poll_seconds * bench.settings.retry_scale * 1000)
    return read_decision(bench, outgoing, submission_id=due.submission_id, look_after_ms=look_after_ms)


def read_decision(bench: Workbench, outgoing: Outgoing, *, submission_id: int, look_after_ms: int) -> bool:
    """Read one decision and record it; what the site says instead postpones the next look.

    Returns False when the visit is over. A delivered file is never touched by what goes wrong here.
    """
    try:
        decision = bench.visit.read_result(outgoing.profile, outgoing.file)
    except FencedError:
        raise
    except BillingError as said:
        return _postponed(bench, outgoing, said)

    def write(session: Session) -> None:
        leases.require(session, bench.lease)
        decisions.record_decision(
            session,
            system_actor(),
            submission_id=submission_id,
            decision=decision,
            look_after_ms=look_after_ms,
        )
        bench.note_reachable(session)

    bench.write(write)
    return True


def _postponed(bench: Workbench, outgoing: Outgoing, error: BillingError) -> bool:
    outcome = outcome_of(error)
    delay_ms = bench.delay_ms(outcome, 1) or int(outgoing.profile.result_channel.poll_seconds * 1000)

    def write(session: Session) -> None:
        leases.require(session, bench.lease)
        decisions.postpone(session, invoice_id=outgoing.invoice_id, delay_ms=delay_ms)
        bench.stand_still(session, system_actor(), outcome, error, carrier_id=outgoing.carrier_id, attempt=1)

    bench.write(write)
    _log.info("decision:postponed", invoice_id=outgoing.invoice_id, error=error.code)
    return not outcome.ends_visit
