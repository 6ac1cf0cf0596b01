"""The person at the desk: once the trouble is over, what waits is let go and what asks for attention is tried again."""

from collections import Counter
from contextlib import suppress

from sqlalchemy import Select, or_, select
from sqlmodel import Session, col

from core.errors import BillingError, WrongStateError
from models import Carrier, SiteAccount, Submission
from models.enums import Role, SubmissionStatus
from services.sites.carriers import resume_carrier
from services.sites.site_accounts import resume_account
from services.uploads.submissions import retry
from tests.builders import actor_for, make_biller, make_user
from tests.chaos.matrix.field import Field

_NOTE = "The trouble is over."


def see_to_it(ready: Field) -> Counter[str]:
    """Resume and retry as the board offers it; return what had asked for a person, by kind and reason.

    The log-ins are right in a soak: one whose answer was lost may be tried again on an administrator's word.
    """
    asked: Counter[str] = Counter()
    with ready.stage.database.unit_of_work() as session:
        biller, admin = make_biller(session), actor_for(make_user(session, Role.ADMIN))
        for account in session.scalars(_stopped_accounts()):
            if account.paused_at is not None:
                asked[f"account: {account.paused_reason}"] += 1
            resume_account(
                session,
                admin if account.needs_new_login else biller,
                site_account_id=account.id or 0,
                note=_NOTE,
                same_login=account.needs_new_login,
            )
        for carrier in session.scalars(select(Carrier).where(col(Carrier.paused_at).is_not(None))):
            asked[f"carrier: {carrier.paused_reason}"] += 1
            with suppress(WrongStateError):  # resuming its account may have let it go
                resume_carrier(session, biller, carrier_id=carrier.id or 0, note=_NOTE)
        for row in _needing(session):
            asked[f"file: {row.error_code}"] += 1
            with suppress(BillingError):  # one that cannot be tried again is counted as stuck
                retry(session, biller, submission_id=row.id or 0, expected_version=row.version, note=_NOTE)
    return asked


def _stopped_accounts() -> Select[SiteAccount]:
    return select(SiteAccount).where(
        or_(col(SiteAccount.paused_at).is_not(None), col(SiteAccount.resume_at_ms).is_not(None))
    )


def _needing(session: Session) -> list[Submission]:
    return list(session.scalars(select(Submission).filter_by(status=SubmissionStatus.NEEDS_ATTENTION)))
