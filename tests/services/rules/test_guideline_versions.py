"""Guidelines as versions: saved whole, in force at once, refused when wrong or late."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from core.errors import DeniedError, InvalidInputError, NotFoundError, StaleVersionError
from models import AuditEvent, Carrier, CarrierProfileVersion
from models.enums import Role
from services.rules.guideline_versions import InvalidRulesError, active_guidelines, list_guidelines, save_guidelines
from tests.builders import actor, actor_for, id_of, make_carrier, make_user, profile_document

_DAY = {"kind": "max_hours_per_day", "action": "warn", "hours": "12"}
_CAP = {"kind": "rate_cap", "action": "reduce"}


@pytest.fixture
def carrier(session: Session) -> Carrier:
    return make_carrier(session, name="Harbor Mutual", profile=profile_document(guidelines=[_DAY]))


def _save(session: Session, carrier: Carrier, rules: list[dict[str, Any]], **changes: Any) -> Any:
    admin = actor_for(make_user(session, Role.ADMIN, name="Ada Quinn"))
    given = {"carrier_id": id_of(carrier), "expected_number": 1, "note": "Letter of 2026-11-02", **changes}
    return save_guidelines(session, given.pop("actor", admin), rules=rules, **given)


def test_save_puts_new_version_in_force(session: Session, carrier: Carrier):
    _save(session, carrier, [_DAY, _CAP])
    active = active_guidelines(session, actor(Role.BILLER), carrier_id=id_of(carrier))
    assert (active.number, active.author, active.note) == (2, "Ada Quinn", "Letter of 2026-11-02")
    assert [rule.kind for rule in active.rules] == ["max_hours_per_day", "rate_cap"]
    listed = list_guidelines(session, actor(Role.ATTORNEY), carrier_id=id_of(carrier))
    assert [(one.number, one.is_active) for one in listed] == [(2, True), (1, False)]


def test_save_keeps_rest_of_profile(session: Session, carrier: Carrier):
    _save(session, carrier, [_CAP])
    versions = session.scalars(select(CarrierProfileVersion).order_by(col(CarrierProfileVersion.number))).all()
    before, after = (dict(version.document) for version in versions)
    assert before.pop("guidelines") != after.pop("guidelines")
    assert before == after


def test_save_tells_the_audit_trail(session: Session, carrier: Carrier):
    _save(session, carrier, [_CAP])
    event = session.scalars(select(AuditEvent).where(col(AuditEvent.tag) == "carrier:guidelines_changed")).one()
    assert (event.subject_id, event.data["before"], event.data["after"]) == (id_of(carrier), 1, 2)


def test_save_refuses_later_of_two_admins(session: Session, carrier: Carrier):
    _save(session, carrier, [_CAP])
    with pytest.raises(StaleVersionError, match="compare it with the version in force"):
        _save(session, carrier, [_DAY, _CAP])
    assert active_guidelines(session, actor(Role.ADMIN), carrier_id=id_of(carrier)).number == 2


def test_save_names_rule_and_parameter_that_is_wrong(session: Session, carrier: Carrier):
    with pytest.raises(InvalidRulesError) as refused:
        _save(session, carrier, [_CAP, {**_DAY, "hours": "30"}])
    ((at, name, what),) = refused.value.problems
    assert (at, name) == (1, "hours")
    assert "24" in what
    assert "rule 2, hours" in refused.value.user_message


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"note": "  "}, InvalidInputError),
        ({"actor": actor(Role.BILLER)}, DeniedError),
        ({"carrier_id": 999_999}, NotFoundError),
    ],
)
def test_save_refuses(session: Session, carrier: Carrier, changes: dict[str, Any], error: type[Exception]):
    with pytest.raises(error):
        _save(session, carrier, [_CAP], **changes)
    assert active_guidelines(session, actor(Role.ADMIN), carrier_id=id_of(carrier)).number == 1


def test_save_refuses_list_already_in_force(session: Session, carrier: Carrier):
    with pytest.raises(InvalidInputError, match="Nothing differs"):
        _save(session, carrier, [_DAY])
