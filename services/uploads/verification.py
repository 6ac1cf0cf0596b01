"""What became of a file whose click may have happened: looked for on the site until its settle time has passed."""

import time

from sqlalchemy import select

from carriers.errors import PageChangedError, ReceiptMissingError
from carriers.exchange import SiteReceipt
from core.db import db_now_ms
from core.errors import BillingError, FencedError
from core.log import get_logger
from services.outcomes import outcome_of
from services.uploads import ledger
from services.uploads.conclusion import Verdict, conclude, delivered
from services.uploads.outgoing import Outgoing
from services.uploads.workbench import Workbench
from services.uploads.workers import end_worker, is_provably_dead

_log = get_logger(__name__)
_LOOK_AGAIN_SECONDS = 0.5
_LAST_WORDS_MS = 2000
_SOON_MS = 5000


def look_after_click(bench: Workbench, claim: ledger.Claim, outgoing: Outgoing, said: BillingError) -> Verdict:
    """Look for a file that was sent without a receipt; the machine never sends it a second time from here."""
    try:
        receipt = _look(bench, outgoing, min(outgoing.profile.site.settle_seconds, bench.settings.doubt_look_seconds))
    except FencedError:
        raise
    except BillingError as blind:
        return _blind(bench, claim, blind, _patience_ms(bench, outgoing))
    if receipt is None:
        return conclude(bench, claim, said, committed=True)
    return delivered(bench, claim, outgoing, receipt)


def verify(bench: Workbench, claim: ledger.Claim, outgoing: Outgoing) -> Verdict:
    """Find out what became of an intent that an earlier owner declared.

    A second look that a person asked for ends with that person again, unless the site shows the file.
    """
    settle_ms = int(outgoing.profile.site.settle_seconds * 1000)
    rest_ms = settle_ms - _age_ms(bench, claim)
    look_ms = min(max(rest_ms, 0), int(bench.settings.doubt_look_seconds * 1000))
    try:
        receipt = _look(bench, outgoing, look_ms / 1000)
    except FencedError:
        raise
    except BillingError as blind:
        return _blind(bench, claim, blind, _patience_ms(bench, outgoing) - _age_ms(bench, claim))
    if receipt is not None:
        return delivered(bench, claim, outgoing, receipt)
    if claim.is_second_look:
        return conclude(bench, claim, ReceiptMissingError(outgoing.profile.site.title), committed=True)
    if rest_ms > look_ms:
        return _later(bench, claim, rest_ms - look_ms)
    return _absent(bench, claim, outgoing, settle_ms)


def _absent(bench: Workbench, claim: ledger.Claim, outgoing: Outgoing, settle_ms: int) -> Verdict:
    """The settle time is over and the file is not there: send again only if the former owner cannot click any more.

    One that still runs on this machine lost its lease long ago; it is ended, and the site gets its settle time anew for
    what was on its way at that moment.
    """
    with bench.database.read_only() as session:
        was_dead = is_provably_dead(session, claim.intent_worker_id)
        was_ended = not was_dead and end_worker(session, claim.intent_worker_id)
    if was_dead:
        bench.write(lambda session: ledger.release(session, claim, is_next=True))
        return Verdict.GO_ON
    if was_ended:
        return _later(bench, claim, max(settle_ms, _LAST_WORDS_MS))
    return conclude(bench, claim, ReceiptMissingError(outgoing.profile.site.title), committed=True)


def _blind(bench: Workbench, claim: ledger.Claim, error: BillingError, rest_ms: int) -> Verdict:
    """The site could not be looked at: again a few times while it may come back by itself, else a person decides.

    A page that is not as described may have been cut short on its way; it gets the same patience.
    """
    outcome = outcome_of(error)
    passes = outcome.verb == "release" or isinstance(error, PageChangedError)
    if not passes or rest_ms <= 0 or claim.is_second_look:
        return conclude(bench, claim, error, committed=True)
    delay_ms = min(rest_ms, max(rest_ms // 3, _SOON_MS))
    bench.write(lambda session: ledger.look_later(session, claim, delay_ms=delay_ms))
    return Verdict.END_VISIT if outcome.ends_visit else Verdict.GO_ON


def _later(bench: Workbench, claim: ledger.Claim, delay_ms: int) -> Verdict:
    bench.write(lambda session: ledger.look_later(session, claim, delay_ms=delay_ms))
    return Verdict.GO_ON


def _look(bench: Workbench, outgoing: Outgoing, seconds: float) -> SiteReceipt | None:
    """Look for the file, again and again for `seconds`, at least once, and keep a picture of what was seen last."""
    until = time.monotonic() + seconds
    while True:
        receipt = bench.visit.find_invoice(outgoing.profile, outgoing.file)
        bench.keeper.check()
        if receipt is not None or time.monotonic() >= until:
            _keep_listing(bench, outgoing)
            return receipt
        time.sleep(min(_LOOK_AGAIN_SECONDS, max(0.0, until - time.monotonic())))


def _keep_listing(bench: Workbench, outgoing: Outgoing) -> None:
    """Keep a picture of the site's list; what was found does not hang on it."""
    try:
        bench.visit.keep_listing(outgoing.profile, outgoing.file)
    except FencedError:
        raise
    except BillingError as unseen:
        _log.info("verification:no_picture", error=unseen.code)
    bench.keeper.check()


def _patience_ms(bench: Workbench, outgoing: Outgoing) -> int:
    """Return how long after the click a site that cannot be looked at is given to come back before a person decides."""
    return int(max(outgoing.profile.site.settle_seconds, bench.settings.doubt_look_seconds) * 1000)


def _age_ms(bench: Workbench, claim: ledger.Claim) -> int:
    with bench.database.read_only() as session:
        present: int = session.scalars(select(db_now_ms())).one()
    return present - (claim.intent_at_ms or 0)
