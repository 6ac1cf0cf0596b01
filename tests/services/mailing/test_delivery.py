"""How a payor takes its invoices: checked, changed by administrators alone, and written down."""

from dataclasses import replace

import pytest
from sqlmodel import Session, select

from core.errors import DeniedError, InvalidInputError, StaleVersionError
from models import AuditEvent, Carrier
from models.enums import DeliveryChannel, Role
from services.mailing.delivery import DeliveryTerms, email_addresses, get_delivery, list_channels, set_delivery
from tests.builders import actor_for, id_of, make_biller, make_carrier, make_mail_payor, make_user

BY_MAIL = DeliveryTerms(DeliveryChannel.EMAIL, "a@payor.example", "", has_ledes_file=True, has_cover_letter=False)


def admin(session: Session):
    return actor_for(make_user(session, Role.ADMIN))


def change(session: Session, carrier: Carrier, terms: DeliveryTerms) -> DeliveryTerms:
    who = admin(session)
    shown = get_delivery(session, who, carrier_id=id_of(carrier)).terms
    return set_delivery(session, who, carrier_id=id_of(carrier), terms=terms, expected=shown)


def test_payors_take_invoices_on_their_site_unless_somebody_says_otherwise(session: Session) -> None:
    carrier = make_carrier(session)
    assert get_delivery(session, admin(session), carrier_id=id_of(carrier)).terms.channel is DeliveryChannel.SITE
    assert list_channels(session) == {id_of(carrier): DeliveryChannel.SITE}


def test_change_is_kept_and_written_down_with_before_and_after(session: Session) -> None:
    carrier = make_carrier(session)
    assert change(session, carrier, BY_MAIL) == BY_MAIL
    assert (carrier.delivery_channel, carrier.invoice_emails) == (DeliveryChannel.EMAIL, "a@payor.example")
    [event] = session.exec(select(AuditEvent).where(AuditEvent.tag == "carrier:delivery_changed")).all()
    assert event.data["changes"]["channel"] == ["site", "email"]
    assert event.data["changes"]["invoice_emails"] == ["", "a@payor.example"]
    assert "postal_address" not in event.data["changes"]


def test_the_same_again_is_no_change(session: Session) -> None:
    carrier = make_mail_payor(session)
    who = admin(session)
    shown = get_delivery(session, who, carrier_id=id_of(carrier)).terms
    set_delivery(session, who, carrier_id=id_of(carrier), terms=shown, expected=shown)
    assert session.exec(select(AuditEvent)).all() == []


def test_what_was_typed_is_put_in_order(session: Session) -> None:
    typed = replace(BY_MAIL, invoice_emails=" a@payor.example;b@payor.example\na@payor.example ",
                    postal_address="  Legal \n\n P.O. Box 1  \n")  # fmt: skip
    kept = change(session, make_carrier(session), typed)
    assert kept.invoice_emails == "a@payor.example, b@payor.example"
    assert kept.postal_address == "Legal\nP.O. Box 1"


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (replace(BY_MAIL, invoice_emails=""), "by e-mail need an address"),
        (replace(BY_MAIL, channel=DeliveryChannel.PAPER), "on paper need a postal address"),
        (replace(BY_MAIL, postal_address="\n".join("x" * 5 for _ in range(7))), "at most 6 lines"),
        (replace(BY_MAIL, postal_address="x" * 61), "of 60 characters"),
        (replace(BY_MAIL, invoice_emails=", ".join(f"person{n}@payor.example" for n in range(30))), "more than 500"),
    ],
)
def test_terms_that_could_not_be_used_are_refused(session: Session, terms: DeliveryTerms, said: str) -> None:
    carrier = make_carrier(session)
    with pytest.raises(InvalidInputError, match=said):
        change(session, carrier, terms)
    assert carrier.delivery_channel is DeliveryChannel.SITE


@pytest.mark.parametrize(
    "text",
    ["nobody", "a@b", "a@@payor.example", "a b@payor.example", "@payor.example", "a@payor.example, x",
     "Ann <a@b.example>", "a@payor.example\r\nBcc: b@other.example", "\u00e4@payor.example", "a@.example"],
)  # fmt: skip
def test_what_is_no_address_is_named(text: str) -> None:
    with pytest.raises(InvalidInputError, match="is no e-mail address"):
        email_addresses(text)


def test_a_change_made_meanwhile_is_not_written_over(session: Session) -> None:
    carrier, who = make_carrier(session), admin(session)
    shown = get_delivery(session, who, carrier_id=id_of(carrier)).terms
    set_delivery(session, who, carrier_id=id_of(carrier), terms=BY_MAIL, expected=shown)
    with pytest.raises(StaleVersionError):
        set_delivery(session, who, carrier_id=id_of(carrier), terms=shown, expected=shown)
    assert carrier.delivery_channel is DeliveryChannel.EMAIL


def test_terms_are_for_administrators(session: Session) -> None:
    carrier, biller = make_carrier(session), make_biller(session)
    with pytest.raises(DeniedError):
        get_delivery(session, biller, carrier_id=id_of(carrier))
    with pytest.raises(DeniedError):
        set_delivery(session, biller, carrier_id=id_of(carrier), terms=BY_MAIL, expected=BY_MAIL)
