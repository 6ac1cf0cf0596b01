"""Hours, pace and the fast lane of a draft: read as typed, refused with the field's name, and off without consent."""

from typing import Any

import pytest
from sqlmodel import Session

from carriers.profile import load_profile
from carriers.seeds import seed_profiles
from core.clock import today
from core.errors import DeniedError, InvalidInputError, WrongStateError
from models import Site, SiteAccount
from models.enums import PermissionBasis, PermissionPurpose, Role
from services.rules.permissions import list_permissions, record_permission, withdraw_permission
from services.sites.profile_traffic import Traffic, asks_for_forms, switch_form_lane, traffic_of, with_traffic
from tests.builders import actor, actor_for, id_of, make_carrier, make_user

FORM = {"time_zone": "America/Chicago", "hours": "", "seconds_between_files": "", "files_per_hour": "",
        "batch_size": "", "one_at_a_time": "on"}  # fmt: skip


def seeded() -> dict[str, Any]:
    return seed_profiles()["harbor-mutual"].model_dump(mode="json")


def test_traffic_stands_in_the_draft_as_it_was_typed_and_makes_a_whole_profile():
    typed = {**FORM, "hours": "Mon-Fri 7:00-19:00\n\nSat, Sun 08:30 to 12:00\nEvery day 22:00-24:00",
             "seconds_between_files": "20", "files_per_hour": "90", "batch_size": "25",
             "one_at_a_time": ""}  # fmt: skip
    draft = with_traffic(seeded(), typed)
    site = load_profile(draft).site
    assert site.opening_hours is not None
    assert [(len(one.days), one.opens, one.closes) for one in site.opening_hours.times] == [
        (5, "07:00", "19:00"), (2, "08:30", "12:00"), (7, "22:00", "24:00"),
    ]  # fmt: skip
    assert (site.pace.seconds_between_files, site.pace.files_per_hour, site.batch_size) == (20, 90, 25)
    assert not site.one_session_at_a_time
    assert traffic_of(draft) == Traffic(
        "America/Chicago", "Mon-Fri 07:00-19:00\nSat-Sun 08:30-12:00\nMon-Sun 22:00-24:00", "20", "90", "25", False
    )


def test_empty_traffic_limits_nothing():
    limited = with_traffic(seeded(), {**FORM, "hours": "Mon 08:00-09:00", "files_per_hour": "5", "batch_size": "1"})
    site = load_profile(with_traffic(limited, FORM)).site
    assert (site.opening_hours, site.pace.files_per_hour, site.batch_size) == (None, None, None)
    assert traffic_of({}) == Traffic()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"hours": "Mon-Fri 07:00-19:00\nweekdays"}, "Opening hours, line 2: “weekdays” is not understood"),
        ({"hours": "Mon-Foo 07:00-19:00"}, "Opening hours, line 1: “Mon-Foo” is no weekday"),
        ({"hours": "Mon 19:00-07:00"}, "Opening hours, line 1: closes at 07:00, which is not after 19:00"),
        ({"hours": "Mon 25:00-26:00"}, "Opening hours, line 1: there is no such time of day"),
        ({"hours": "Mon 07:00-19:00", "time_zone": "Mars/Base"}, "Time zone: is no time zone"),
        ({"seconds_between_files": "soon"}, "Seconds between two files: “soon” is no whole number"),
        ({"files_per_hour": "0"}, "Files an hour: “0” is no whole number from 1 to 10,000"),
        ({"batch_size": "1001"}, "Files a visit: “1001” is no whole number from 1 to 1,000"),
    ],
)
def test_traffic_that_is_not_understood_is_named(changes: dict[str, str], said: str):
    with pytest.raises(InvalidInputError) as refused:
        with_traffic(seeded(), {**FORM, **changes})
    assert said in refused.value.user_message
    assert "Nothing was changed" in refused.value.user_message


def consent(session: Session, site_id: int, **changes: Any) -> int:
    given = {
        "basis": PermissionBasis.CARRIER,
        "named": "Lena Ortiz",
        "given_on": today(),
        "reference": "Letter of May 2",
    }
    admin = actor_for(make_user(session, Role.ADMIN))
    return record_permission(
        session, admin, site_id=site_id, purpose=PermissionPurpose.FORM_LANE, **{**given, **changes}
    )


def test_fast_lane_is_off_until_the_carrier_consented_and_again_once_it_withdrew(session: Session):
    carrier = make_carrier(session)
    admin = actor_for(make_user(session, Role.ADMIN))
    site = session.get_one(Site, session.get_one(SiteAccount, carrier.site_account_id).site_id)
    allowed = site.automation_allowed_by

    def switch(is_on: bool) -> dict[str, Any]:
        return switch_form_lane(session, admin, carrier_id=id_of(carrier), document=seeded(), is_on=is_on)

    with pytest.raises(WrongStateError, match="record the consent first"):
        switch(True)
    consent(session, id_of(site))
    assert asks_for_forms(switch(True))
    assert load_profile(switch(True)).site.form_lane
    assert site.form_lane_allowed_by == f"Allowed by Lena Ortiz, {today()}"
    withdraw_permission(
        session, admin, site_id=id_of(site), reason="They changed their mind", purpose=PermissionPurpose.FORM_LANE
    )
    assert not asks_for_forms(switch(False))
    with pytest.raises(WrongStateError):
        switch(True)
    assert (site.form_lane_allowed_by, site.automation_allowed_by) == ("", allowed)
    [entry] = [one for one in list_permissions(session, admin, site_id=id_of(site)) if one.reference]
    assert (entry.purpose, entry.withdrawn_reason) == (PermissionPurpose.FORM_LANE, "They changed their mind")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"basis": PermissionBasis.COUNSEL}, "the carrier's own consent"),
        ({"reference": " "}, "in which letter or e-mail"),
        ({"named": ""}, "Name who"),
    ],
)
def test_consent_wants_the_carriers_own_word_and_where_it_stands(session: Session, changes: dict[str, Any], said: str):
    site = session.get_one(Site, session.get_one(SiteAccount, make_carrier(session).site_account_id).site_id)
    with pytest.raises(InvalidInputError, match=said):
        consent(session, id_of(site), **changes)
    assert site.form_lane_allowed_by == ""


@pytest.mark.parametrize("role", [Role.BILLER, Role.ATTORNEY])
def test_consent_and_switch_are_the_administrators(session: Session, role: Role):
    carrier = make_carrier(session)
    with pytest.raises(DeniedError):
        switch_form_lane(session, actor(role), carrier_id=id_of(carrier), document={}, is_on=True)
    with pytest.raises(DeniedError):
        record_permission(session, actor(role), site_id=1, basis=PermissionBasis.CARRIER, named="L", given_on=today(),
                          purpose=PermissionPurpose.FORM_LANE)  # fmt: skip
