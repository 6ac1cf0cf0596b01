"""Accounts at carrier sites: paused and resumed by people, stopped or made to wait by what a site said."""

from sqlalchemy import select, update
from sqlmodel import Session, col

from carriers.errors import LoginRejectedError
from core.clock import now
from core.db import db_now_ms
from core.errors import BillingError, DeniedError, InvalidInputError, WrongStateError
from models import SiteAccount, Submission
from models.enums import NoticeKind, Role, SubmissionStatus
from services import audit
from services.access import require
from services.actor import Actor, system_actor
from services.lifecycle import apply_many, get, ring_account
from services.notices import settle_notices, tell_admins
from services.uploads.hand_uploads import has_proof

_REASON = 500
_MENDED_BY_A_NEW_LOGIN = frozenset({
    "login_rejected", "login_unanswered", "login_missing", "password_expired", "secret_unreadable", "key_unknown",
})  # fmt: skip


class LoginRefusedError(WrongStateError):
    """The account may not simply go on with the log-in that its site refused."""

    code = "login_refused"


def pause_account(session: Session, actor: Actor, *, site_account_id: int, reason: str) -> None:
    """Stop all traffic of an account until a person resumes it; a worker under way finishes its file.

    Raises:
        DeniedError: the actor is neither biller nor admin.
        InvalidInputError: no reason is given.
        WrongStateError: it is paused already.
    """
    require(actor, Role.BILLER, Role.ADMIN, what="Pausing an account")
    if not reason.strip():
        raise InvalidInputError("Pausing an account needs a reason. Nothing was changed; write one and try again.")
    account = lock_account(session, site_account_id)
    if account.paused_at is not None:
        raise WrongStateError("The account is paused already. Nothing was changed.")
    _pause(session, account, reason)
    audit.record(session, actor, "site_account:paused", "site_account", site_account_id, note=reason)


def resume_account(
    session: Session, actor: Actor, *, site_account_id: int, note: str = "", same_login: bool = False
) -> None:
    """Let an account's files go again, at once.

    `same_login` lets an account whose site refused the log-in try the same one once more: the carrier unlocked it, or
    says that it is right. The note then says so, and the trail keeps it.

    Raises:
        DeniedError: the actor is neither biller nor admin, or no admin and wants the same log-in tried again.
        InvalidInputError: the same log-in is to be tried again and no reason is given.
        LoginRefusedError: the site refused the stored log-in, and no other was stored.
        WrongStateError: it is neither paused nor waiting.
    """
    require(actor, Role.BILLER, Role.ADMIN, what="Resuming an account")
    account = lock_account(session, site_account_id)
    if account.paused_at is None and account.resume_at_ms is None:
        raise WrongStateError("The account is running already. Nothing was changed.")
    if account.needs_new_login:
        _check_same_login(actor, note, same_login=same_login)
        audit.record(session, actor, "site_account:same_login_allowed", "site_account", site_account_id, note=note)
    _resume(session, actor, account, note)


def stop_account(
    session: Session, actor: Actor, *, site_account_id: int, error: BillingError, login_version: int | None = None
) -> None:
    """Pause an account because its site said something only a person can mend, and tell the administrators.

    It is never signed in by itself. With `login_version`, the log-in that the site spoke of, an answer about one that
    was replaced meanwhile is only recorded.
    """
    account = lock_account(session, site_account_id)
    if account.paused_at is not None and account.stopped_code == error.code:
        return
    _record_signal(session, actor, "site_account:stopped", site_account_id, error)
    if isinstance(error, LoginRejectedError):
        if login_version is not None and login_version != account.login_version:
            return
        account.login_refused_at = now()
    if account.paused_at is None:
        _pause(session, account, error.user_message, code=error.code)
        _tell(session, account)
    session.flush()


def login_changed(session: Session, actor: Actor, account: SiteAccount) -> None:
    """Forget what was known of the old log-in; an account that stood still over it goes on."""
    _forget_login(account)
    session.add(account)
    session.flush()
    settle_notices(session, NoticeKind.PASSWORD_EXPIRES, "site_account", account.id or 0)
    if account.paused_at is not None and account.stopped_code in _MENDED_BY_A_NEW_LOGIN:
        _resume(session, actor, account, "A new log-in was stored.")


def login_deleted(session: Session, account: SiteAccount) -> None:
    """Let an account without a log-in stand still until it has one."""
    _forget_login(account)
    account.expires_on = None
    session.add(account)
    session.flush()
    settle_notices(session, NoticeKind.PASSWORD_EXPIRES, "site_account", account.id or 0)
    if account.paused_at is None:
        _pause(session, account, "The log-in was deleted. Files wait until one is stored.", code="login_missing")


def let_account_wait(
    session: Session, actor: Actor, *, site_account_id: int, delay_ms: int, error: BillingError
) -> None:
    """Try an account again by itself, but not before `delay_ms` have passed."""
    values = {"resume_at_ms": db_now_ms() + delay_ms, "paused_reason": error.user_message[:_REASON]}
    session.execute(update(SiteAccount).where(col(SiteAccount.id) == site_account_id).values(values))
    _record_signal(session, actor, "site_account:waits", site_account_id, error)


def note_login(session: Session, *, site_account_id: int) -> None:
    """Remember that the site let us in, and end a waiting time."""
    reachable = {"last_login_at": now(), "resume_at_ms": None}
    mine = col(SiteAccount.id) == site_account_id
    session.execute(update(SiteAccount).where(mine).values(reachable))
    waited = mine & col(SiteAccount.paused_at).is_(None)
    session.execute(update(SiteAccount).where(waited).values(paused_reason=""))


def needs_new_login(session: Session, actor: Actor, *, site_account_id: int) -> bool:
    """Whether the site refused an account's stored log-in, or may have, so that it is not simply resumed.

    Raises:
        DeniedError: the actor is neither biller nor admin.
        NotFoundError: there is no such account.
    """
    require(actor, Role.BILLER, Role.ADMIN, what="Resuming an account")
    account: SiteAccount = get(session, SiteAccount, site_account_id)
    return account.needs_new_login


def is_paused(session: Session, *, site_account_id: int) -> bool:
    """Whether a person or a site's answer has paused the account."""
    paused = select(col(SiteAccount.paused_at)).where(col(SiteAccount.id) == site_account_id)
    return session.scalars(paused).one() is not None


def lock_account(session: Session, site_account_id: int) -> SiteAccount:
    """Return an account, locked for the rest of the transaction.

    Raises:
        NotFoundError: there is none.
    """
    account: SiteAccount = get(session, SiteAccount, site_account_id)
    session.refresh(account, with_for_update=True)
    return account


def _pause(session: Session, account: SiteAccount, reason: str, *, code: str = "") -> None:
    account.paused_at, account.paused_reason, account.stopped_code = now(), reason[:_REASON], code
    session.add(account)
    session.flush()


def _resume(session: Session, actor: Actor, account: SiteAccount, note: str) -> None:
    stopped_code = account.stopped_code
    account.paused_at, account.paused_reason, account.resume_at_ms = None, "", None
    account.stopped_code, account.login_refused_at, account.login_unanswered = "", None, 0
    session.add(account)
    session.flush()
    site_account_id = account.id or 0
    audit.record(session, actor, "site_account:resumed", "site_account", site_account_id, note=note)
    settle_notices(session, NoticeKind.ACCOUNT_STOPPED, "site_account", site_account_id)
    if stopped_code:
        _let_files_go_on(session, actor, site_account_id, stopped_code, note)
    ring_account(session, site_account_id)


def _let_files_go_on(session: Session, actor: Actor, site_account_id: int, stopped_code: str, note: str) -> None:
    """Put back the file that met what stopped its account: nothing was wrong with it.

    One that a person has begun to record by hand, with a proof, stays with that person.
    """
    met_it = (col(Submission.site_account_id) == site_account_id) & (col(Submission.error_code) == stopped_code)
    waits = col(Submission.status) == SubmissionStatus.NEEDS_ATTENTION
    ids = session.scalars(select(col(Submission.id)).where(met_it, waits, ~has_proof())).all()
    mine = col(Submission.id).in_(ids)
    apply_many(session, system_actor(actor.user_id), Submission, "go_on", mine, note)
    fresh = {"attempt": 0, "due_at_ms": db_now_ms(), "error_code": "", "error_message": ""}
    session.execute(update(Submission).where(mine, col(Submission.status) == SubmissionStatus.READY).values(fresh))


def _forget_login(account: SiteAccount) -> None:
    account.login_version += 1
    account.login_refused_at, account.login_proved_at, account.login_unanswered = None, None, 0


def _check_same_login(actor: Actor, note: str, *, same_login: bool) -> None:
    if not same_login:
        raise LoginRefusedError(
            "The site refused the stored log-in, so the account stays paused and is not locked. Store the right one; "
            "or, if the carrier unlocked the account or says that the log-in is right, resume it with that reason."
        )
    if not actor.has(Role.ADMIN):
        raise DeniedError("Only an administrator may let the same log-in be tried again. The account stays paused.")
    if not note.strip():
        message = "Trying the same log-in again needs a reason: who said that it is right? The account stays paused."
        raise InvalidInputError(message)


def _tell(session: Session, account: SiteAccount) -> None:
    occasion = f"{account.paused_at:%Y-%m-%dT%H:%M:%S.%f}"
    tell_admins(session, NoticeKind.ACCOUNT_STOPPED, "site_account", account.id or 0, occasion=occasion)


def _record_signal(session: Session, actor: Actor, tag: str, site_account_id: int, error: BillingError) -> None:
    audit.record(session, actor, tag, "site_account", site_account_id, note=error.user_message, error_code=error.code)
