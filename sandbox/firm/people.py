"""Who works at the practice firm: users who sign in, and timekeepers whose hours are billed."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from models.enums import Role
from sandbox.firm import data

PARTNER, OF_COUNSEL, ASSOCIATE, ASSISTANT, UNRATED, SPECIALIST = "PT", "OC", "AS", "LA", "OT", "FORANL"
_ATTORNEY_GRADES = [PARTNER] * 34 + [OF_COUNSEL] * 16 + [ASSOCIATE] * 59
_BILLERS, _ADMINS, _MORE_HANDS = 34, 4, 45
_NAMED = {Role.ATTORNEY: ("Ana", "Reyes"), Role.BILLER: ("Dana", "Brooks"), Role.ADMIN: ("Omar", "Whitfield")}
_DOMAIN = "hwr.example"


@dataclass(frozen=True)
class Person:
    """A timekeeper with the ids of both rows; `user_id` is None for those who do not sign in."""

    timekeeper_id: int
    code: str
    name: str
    grade: str
    user_id: int | None


@dataclass
class People:
    """The rows of `timekeeper` and `app_user`, and the timekeepers by grade."""

    timekeepers: list[dict[str, Any]] = field(default_factory=list)
    users: list[dict[str, Any]] = field(default_factory=list)
    by_grade: dict[str, list[Person]] = field(default_factory=lambda: defaultdict(list))

    @property
    def responsible(self) -> list[Person]:
        """Return those who answer for matters: partners and of counsel."""
        return [*self.by_grade[PARTNER], *self.by_grade[OF_COUNSEL]]

    @property
    def ana_reyes(self) -> Person:
        """Return the attorney of the demo; she is the first partner."""
        return self.by_grade[PARTNER][0]

    def user_named(self, role: Role) -> int:
        """Return the user id of the demo's person of a role."""
        first, last = _NAMED[role]
        return next(int(user["id"]) for user in self.users if user["name"] == f"{first} {last}")


def hire(random: Random, invoices: int, at: datetime) -> People:
    """Make 150 users (110 attorneys, 35 billers, 5 admins) and enough timekeepers for the month's hours."""
    names, people = _names(random), People()
    for grade, name in [(PARTNER, _NAMED[Role.ATTORNEY]), *((grade, next(names)) for grade in _ATTORNEY_GRADES)]:
        _add_user(people, name, Role.ATTORNEY, at, _add_timekeeper(people, name, grade))
    for role, count in ((Role.BILLER, _BILLERS), (Role.ADMIN, _ADMINS)):
        for name in [_NAMED[role], *(next(names) for _ in range(count))]:
            _add_user(people, name, role, at, None)
    for index in range(max(_MORE_HANDS, invoices // 3)):
        _employ(people, next(names), ASSISTANT if index % 3 == 0 else ASSOCIATE)
    _employ(people, next(names), UNRATED)
    _employ(people, next(names), SPECIALIST)
    _link_attorneys(people)
    return people


def _names(random: Random) -> Iterator[tuple[str, str]]:
    """Yield every first and last name once, mixed, without the three people of the demo."""
    parts = data.document("names")
    pairs = [(first, last) for first in parts["first"] for last in parts["last"]]
    random.shuffle(pairs)
    return (pair for pair in pairs if pair not in _NAMED.values())


def _add_timekeeper(people: People, name: tuple[str, str], grade: str) -> int:
    identity = len(people.timekeepers) + 1
    people.timekeepers.append({
        "id": identity, "code": f"TK{identity:03d}", "first_name": name[0], "last_name": name[1],
        "classification": grade, "is_active": True,
    })  # fmt: skip
    return identity


def _add_user(people: People, name: tuple[str, str], role: Role, at: datetime, timekeeper_id: int | None) -> None:
    identity = len(people.users) + 1
    people.users.append({
        "id": identity, "subject": f"hwr-{identity:04d}", "email": f"{name[0]}.{name[1]}@{_DOMAIN}".lower(),
        "name": f"{name[0]} {name[1]}", "roles": [role.value], "timekeeper_id": timekeeper_id, "is_active": True,
        "created_at": at,
    })  # fmt: skip


def _employ(people: People, name: tuple[str, str], grade: str) -> None:
    """Add a timekeeper who does not sign in: an associate on contract, an assistant, a clerk without a rate."""
    row = people.timekeepers[_add_timekeeper(people, name, grade) - 1]
    people.by_grade[grade].append(_person(row, None))


def _link_attorneys(people: People) -> None:
    attorneys = [user for user in people.users if user["timekeeper_id"]]
    by_grade: dict[str, list[Person]] = defaultdict(list)
    for user in attorneys:
        row = people.timekeepers[user["timekeeper_id"] - 1]
        by_grade[row["classification"]].append(_person(row, user["id"]))
    for grade, found in by_grade.items():
        people.by_grade[grade] = [*found, *people.by_grade[grade]]


def _person(row: dict[str, Any], user_id: int | None) -> Person:
    return Person(row["id"], row["code"], f"{row['last_name']}, {row['first_name']}", row["classification"], user_id)
