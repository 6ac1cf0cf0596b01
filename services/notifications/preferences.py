"""Which kind of notice reaches a person by which channel, and how soon: what they chose, else the kind's default."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import Session, col

from adapters.texting import shown_number
from core.errors import InvalidInputError
from core.settings import get_settings
from models import NotificationPreference, NotificationSetting, User
from models.enums import NoticeKind, NotificationChannel, Rhythm
from services import audit
from services.access import person_id
from services.actor import Actor
from services.lifecycle import check_version
from services.notice_kinds import KINDS, kinds_for
from services.notifications.chat_addresses import sealed_webhook
from services.notifications.queue_again import plan_again
from services.notifications.quiet_hours import known_zone
from services.notifications.settings import find_settings, lock_setting

Wish = tuple[NoticeKind, NotificationChannel]
Wishes = Mapping[Wish, Rhythm]
_SIMPLE = (Rhythm.AT_ONCE, Rhythm.OFF)
RHYTHMS: dict[NotificationChannel, tuple[Rhythm, ...]] = {
    NotificationChannel.EMAIL: (Rhythm.AT_ONCE, Rhythm.HOURLY, Rhythm.DAILY, Rhythm.OFF),
    NotificationChannel.SMS: _SIMPLE,
    NotificationChannel.SLACK: _SIMPLE,
}


@dataclass(frozen=True)
class MyPreferences:
    """Everything that a person may set, as it stands. `version` is 0 while nothing was ever set."""

    version: int
    email: str
    kinds: tuple[NoticeKind, ...]
    wishes: Wishes
    time_zone: str
    firm_zone: str
    daily_at: time
    quiet_from: time | None
    quiet_until: time | None
    is_quiet_on_weekends: bool
    phone: str
    is_phone_verified: bool
    is_code_under_way: bool
    has_webhook: bool
    bounce_reason: str


def default_rhythm(kind: NoticeKind, channel: NotificationChannel) -> Rhythm:
    """Return how a person is told who chose nothing: by e-mail as the kind says, by phone and chat not at all."""
    return KINDS[kind].email if channel is NotificationChannel.EMAIL else Rhythm.OFF


def chosen_rhythms(session: Session, user_ids: Iterable[int]) -> dict[int, dict[Wish, Rhythm]]:
    """Return what people chose, by person; what is not in it goes by default."""
    wanted = sorted(set(user_ids))
    rows = session.scalars(select(NotificationPreference).where(col(NotificationPreference.user_id).in_(wanted)))
    found: dict[int, dict[Wish, Rhythm]] = {user_id: {} for user_id in wanted}
    for row in rows:
        found[row.user_id][row.kind, row.channel] = row.rhythm
    return found


def rhythm_of(chosen: Wishes, kind: NoticeKind, channel: NotificationChannel) -> Rhythm:
    """Return how one kind reaches a person by one channel."""
    return chosen.get((kind, channel), default_rhythm(kind, channel))


def my_preferences(session: Session, actor: Actor) -> MyPreferences:
    """Return what the actor has set, with the defaults in the place of what they have not."""
    user_id = person_id(actor)
    user = session.get_one(User, user_id)
    setting = find_settings(session, [user_id]).get(user_id)
    shown = setting or NotificationSetting(user_id=user_id, unsubscribe_key="")
    kinds = tuple(kinds_for(actor.roles))
    chosen = chosen_rhythms(session, [user_id])[user_id]
    return MyPreferences(
        version=setting.version if setting else 0,
        email=user.email,
        kinds=kinds,
        wishes={(kind, channel): rhythm_of(chosen, kind, channel) for kind in kinds for channel in NotificationChannel},
        time_zone=shown.time_zone,
        firm_zone=get_settings().firm_time_zone,
        daily_at=shown.daily_at,
        quiet_from=shown.quiet_from,
        quiet_until=shown.quiet_until,
        is_quiet_on_weekends=shown.is_quiet_on_weekends,
        phone=shown_number(shown.phone),
        is_phone_verified=shown.phone_verified_at is not None,
        is_code_under_way=shown.phone_code_until is not None,
        has_webhook=sealed_webhook(session, user_id) is not None,
        bounce_reason=shown.bounce_reason if is_bouncing(user, setting) else "",
    )


def choose(session: Session, actor: Actor, *, wishes: Wishes, expected_version: int | None = None) -> None:
    """Store how kinds reach the actor; kinds that are not named stay as they are. What waits is planned anew.

    Raises:
        InvalidInputError: a channel does not know the rhythm.
        StaleVersionError: it was changed elsewhere since it was shown.
    """
    for (_, channel), rhythm in wishes.items():
        if rhythm not in RHYTHMS[channel]:
            raise InvalidInputError("This channel tells at once or not at all. Nothing was changed; choose again.")
    user_id = person_id(actor)
    setting = _changed(session, user_id, expected_version)
    before = chosen_rhythms(session, [user_id])[user_id]
    changed = {wish: rhythm for wish, rhythm in wishes.items() if rhythm_of(before, *wish) is not rhythm}
    for (kind, channel), rhythm in changed.items():
        mine = (col(NotificationPreference.user_id) == user_id) & (col(NotificationPreference.kind) == kind)
        session.execute(delete(NotificationPreference).where(mine, col(NotificationPreference.channel) == channel))
        session.add(NotificationPreference(user_id=user_id, kind=kind, channel=channel, rhythm=rhythm))
    _note(session, actor, setting, {f"{kind}/{channel}": rhythm.value for (kind, channel), rhythm in changed.items()})


def set_clock(
    session: Session,
    actor: Actor,
    *,
    time_zone: str,
    daily_at: time,
    quiet: tuple[time, time] | None,
    is_quiet_on_weekends: bool,
    expected_version: int | None = None,
) -> None:
    """Store the actor's time zone ('' = the firm's), hour of daily mails and quiet hours. What waits is planned anew.

    Raises:
        InvalidInputError: no such time zone, or quiet hours that begin when they end.
        StaleVersionError: it was changed elsewhere since it was shown.
    """
    if quiet is not None and quiet[0] == quiet[1]:
        message = "Quiet hours begin and end at the same time. Nothing was changed; leave both empty for none."
        raise InvalidInputError(message)
    zone = known_zone(time_zone)
    setting = _changed(session, person_id(actor), expected_version)
    setting.time_zone, setting.daily_at = zone, daily_at
    setting.quiet_from, setting.quiet_until = quiet or (None, None)
    setting.is_quiet_on_weekends = is_quiet_on_weekends
    facts = {
        "time_zone": zone,
        "daily_at": f"{daily_at:%H:%M}",
        "quiet": _words(quiet),
        "weekends": is_quiet_on_weekends,
    }
    _note(session, actor, setting, facts)


def is_bouncing(user: User, setting: NotificationSetting | None) -> bool:
    """Whether mail to the person's present address came back for good."""
    return setting is not None and setting.bounced_address.lower() == user.email.lower()


def _changed(session: Session, user_id: int, expected_version: int | None) -> NotificationSetting:
    """Return the person's row, locked, as it was shown; 0 stands for one that was not there yet."""
    is_new = user_id not in find_settings(session, [user_id])
    setting = lock_setting(session, user_id)
    if not (is_new and expected_version == 0):
        check_version(setting, expected_version)
    return setting


def _note(session: Session, actor: Actor, setting: NotificationSetting, facts: dict[str, Any]) -> None:
    setting.version += 1
    session.add(setting)
    session.flush()
    audit.record(session, actor, "user:notifications_set", "user", setting.user_id, **facts)
    plan_again(session, setting.user_id)


def _words(quiet: tuple[time, time] | None) -> str:
    return f"{quiet[0]:%H:%M}-{quiet[1]:%H:%M}" if quiet else ""
