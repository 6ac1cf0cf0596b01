"""A person's phone: it takes texts once they have typed the code that was sent to it."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from sqlmodel import Session

from adapters.texting import Texter, phone_number, shown_number, texter_from
from core.clock import now
from core.db import Database, get_database
from core.errors import InvalidInputError, NotFoundError
from core.settings import get_settings
from models import NotificationSetting
from services import audit
from services.access import person_id
from services.actor import Actor
from services.notifications.queue_again import plan_again
from services.notifications.settings import lock_setting

CODE_MINUTES = 10
_DIGITS = 6
_MOST_TRIES = 5
_MOST_CODES = 3
_WINDOW = timedelta(hours=1)


@dataclass(frozen=True)
class _Code:
    number: str
    text: str


def send_code(database: Database, texter: Texter, actor: Actor, *, typed: str) -> str:
    """Store the actor's number and send a code to it; return the number, covered.

    The code is written down before it leaves, so that a text that came late still counts. Until the code is typed no
    other texts go to the number, nor to the one before.

    Raises:
        InvalidInputError: it is no mobile number, or too many codes were asked for.
        BillingError: the text could not be sent; the number is stored and the code may be asked for again.
    """
    number = phone_number(typed)
    code = database.transact(lambda session: _begin(session, actor, number))
    texter.send(code.number, code.text)
    return shown_number(number)


def confirm_code(database: Database, actor: Actor, *, typed: str) -> None:
    """Take the code that the actor types; from then on their phone takes texts.

    Raises:
        InvalidInputError: a wrong code, or none that still holds. A wrong one counts even so.
    """
    refusal = database.transact(lambda session: _confirm(session, actor, "".join(typed.split())))
    if refusal:
        raise InvalidInputError(refusal)


def ask_for_code(actor: Actor, *, typed: str) -> str:
    """Send a code by what the settings name; as `send_code`."""
    return send_code(get_database(), texter_from(get_settings()), actor, typed=typed)


def take_code(actor: Actor, *, typed: str) -> None:
    """Take a code; as `confirm_code`."""
    confirm_code(get_database(), actor, typed=typed)


def forget_phone(session: Session, actor: Actor) -> None:
    """Delete the actor's number.

    Raises:
        NotFoundError: none is stored.
    """
    setting = lock_setting(session, person_id(actor))
    if not setting.phone:
        raise NotFoundError("No phone number is stored. Nothing was changed.")
    setting.phone, setting.phone_verified_at = "", None
    _end_code(setting)
    _save(session, setting)
    audit.record(session, actor, "user:phone_forgotten", "user", setting.user_id)
    plan_again(session, setting.user_id)


def _begin(session: Session, actor: Actor, number: str) -> _Code:
    setting = lock_setting(session, person_id(actor))
    _count(setting)
    if setting.phone != number:
        setting.phone, setting.phone_verified_at = number, None
        plan_again(session, setting.user_id)
    code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
    setting.phone_code_mac, setting.phone_code_tries = _mac(setting, code), 0
    setting.phone_code_until = now() + timedelta(minutes=CODE_MINUTES)
    _save(session, setting)
    audit.record(session, actor, "user:phone_code_sent", "user", setting.user_id, phone=shown_number(number))
    return _Code(number, f"{code} is your code for the billing portal. It holds for {CODE_MINUTES} minutes.")


def _count(setting: NotificationSetting) -> None:
    """Count one more code, within the hour that began with the first."""
    if setting.phone_codes_since is None or setting.phone_codes_since + _WINDOW <= now():
        setting.phone_codes_since, setting.phone_codes_sent = now(), 0
    if setting.phone_codes_sent >= _MOST_CODES:
        message = f"{_MOST_CODES} codes were sent within the hour. Nothing was changed; try again in an hour."
        raise InvalidInputError(message)
    setting.phone_codes_sent += 1


def _confirm(session: Session, actor: Actor, typed: str) -> str:
    """Compare a code; return '' or why it does not count. The try is kept either way."""
    setting = lock_setting(session, person_id(actor))
    if setting.phone_code_until is None or setting.phone_code_until <= now():
        return "No code holds any more. Your number is kept; have a new code sent."
    if not hmac.compare_digest(setting.phone_code_mac, _mac(setting, typed)):
        setting.phone_code_tries += 1
        left = _MOST_TRIES - setting.phone_code_tries
        if left <= 0:
            _end_code(setting)
        _save(session, setting)
        audit.record(session, actor, "user:phone_code_wrong", "user", setting.user_id)
        return f"This is not the code. {left} tries are left." if left > 0 else "Too many tries. Have a new code sent."
    setting.phone_verified_at = now()
    _end_code(setting)
    _save(session, setting)
    audit.record(session, actor, "user:phone_verified", "user", setting.user_id, phone=shown_number(setting.phone))
    return ""


def _end_code(setting: NotificationSetting) -> None:
    setting.phone_code_mac, setting.phone_code_until, setting.phone_code_tries = "", None, 0


def _mac(setting: NotificationSetting, code: str) -> str:
    said = f"{setting.user_id}/{setting.phone}/{code}".encode()
    return hmac.new(setting.unsubscribe_key.encode(), said, sha256).hexdigest()


def _save(session: Session, setting: NotificationSetting) -> None:
    session.add(setting)
    session.flush()
