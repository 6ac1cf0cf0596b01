"""A person's row of settings: made when it is first needed, locked by whoever plans or changes."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from core.ids import new_token
from core.log import get_logger
from models import NotificationSetting

_log = get_logger(__name__)


def find_settings(session: Session, user_ids: Iterable[int]) -> dict[int, NotificationSetting]:
    """Return the rows of people that are there, by person."""
    wanted = col(NotificationSetting.user_id).in_(sorted(set(user_ids)))
    return {row.user_id: row for row in session.scalars(select(NotificationSetting).where(wanted))}


def lock_settings(session: Session, user_ids: Iterable[int]) -> dict[int, NotificationSetting]:
    """Return the rows of people, locked in the order of their ids; what is not there yet is made."""
    wanted = sorted(set(user_ids))
    for user_id in sorted(set(wanted) - find_settings(session, wanted).keys()):
        _make(session, user_id)
    statement = (
        select(NotificationSetting)
        .where(col(NotificationSetting.user_id).in_(wanted))
        .order_by(col(NotificationSetting.user_id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.user_id: row for row in session.scalars(statement)}


def lock_setting(session: Session, user_id: int) -> NotificationSetting:
    """Return one person's row, locked."""
    return lock_settings(session, [user_id])[user_id]


def _make(session: Session, user_id: int) -> None:
    try:
        with session.begin_nested():
            session.add(NotificationSetting(user_id=user_id, unsubscribe_key=new_token()))
            session.flush()
    except IntegrityError:
        _log.info("notifications:setting_made_by_another", user_id=user_id)
