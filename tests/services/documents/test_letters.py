"""The cover letter: strict placeholders, versions that are kept, and a preview that saves nothing."""

from dataclasses import replace

import pytest
from sqlmodel import Session, select

from core.errors import DeniedError, InvalidInputError, NotFoundError, StaleVersionError
from core.settings import Settings
from models import AuditEvent, InvoiceRevision, LetterText
from models.enums import Role
from services.documents.invoice_facts import InvoiceFacts, one_invoice
from services.documents.letter_paper import letter_paper, preview_letter
from services.documents.letter_texts import (
    DEFAULT,
    PLACEHOLDERS,
    LetterTemplate,
    check_letter,
    fill_letter,
    letter_in_force,
    letter_values,
    list_letter_versions,
    save_letter,
)
from tests.builders import actor_for, id_of, make_biller, make_invoice, make_user


@pytest.fixture
def facts(session: Session) -> InvoiceFacts:
    make_invoice(session)
    return one_invoice(session, id_of(session.exec(select(InvoiceRevision)).one()))


def test_the_letter_that_comes_along_can_be_saved_and_filled_in(facts: InvoiceFacts) -> None:
    check_letter(DEFAULT.subject, DEFAULT.body)
    letter = fill_letter(DEFAULT, facts, Settings())
    assert facts.number in letter.subject
    assert facts.payor_name not in letter.subject
    assert "{" not in letter.subject + letter.body
    assert f"${facts.total_amount:,.2f}" in letter.body


def test_every_placeholder_has_a_value_and_every_value_a_placeholder(facts: InvoiceFacts) -> None:
    assert set(letter_values(facts, Settings())) == set(PLACEHOLDERS)


def test_what_a_value_holds_is_no_placeholder(facts: InvoiceFacts) -> None:
    named = replace(facts, matter_name="Doe v. {payor} {{x}}")
    letter = fill_letter(LetterTemplate(1, "{matter_number}", "About {matter_name}."), named, Settings())
    assert letter.body == "About Doe v. {payor} {{x}}."


@pytest.mark.parametrize(
    ("subject", "body", "said"),
    [
        ("", "Text", "The subject is empty"),
        ("Subject", "", "The letter is empty"),
        ("Subject", "Dear {payer}", r"\{payer\} is no placeholder"),
        ("Subject", "Dear {payor", "belongs to no placeholder"),
        ("Subject", "Dear payor}", "belongs to no placeholder"),
        ("Subject", "Dear {payor.name}", "is no placeholder"),
        ("Subject", "Dear {}", "is no placeholder"),
        ("Invoice of {matter_name}", "Text", "may not stand in the subject"),
        ("x" * 201, "Text", "201 characters; 200"),
        ("Subject", "x" * 4001, "4,001 characters; 4,000"),
    ],
)
def test_a_letter_that_could_not_be_filled_in_is_not_saved(
    session: Session, subject: str, body: str, said: str
) -> None:
    admin = actor_for(make_user(session, Role.ADMIN))
    with pytest.raises(InvalidInputError, match=said):
        save_letter(session, admin, subject=subject, body=body, expected_number=0)
    assert session.exec(select(LetterText)).all() == []


def test_saving_keeps_every_version_and_says_who_made_it(session: Session) -> None:
    admin = actor_for(make_user(session, Role.ADMIN, name="Mei Whitcomb"))
    assert save_letter(session, admin, subject="A", body="First {payor}", expected_number=0, note="Shorter") == 1
    assert save_letter(session, admin, subject="B", body="Second", expected_number=1) == 2
    assert letter_in_force(session).body == "Second"
    versions = list_letter_versions(session, admin)
    assert [(one.number, one.author_name, one.note) for one in versions] == [
        (2, "Mei Whitcomb", ""),
        (1, "Mei Whitcomb", "Shorter"),
        (0, "", ""),
    ]
    assert [event.tag for event in session.exec(select(AuditEvent))] == ["letter_text:saved"] * 2


def test_a_letter_written_on_an_older_one_is_not_saved_over_the_newer(session: Session) -> None:
    admin = actor_for(make_user(session, Role.ADMIN))
    save_letter(session, admin, subject="A", body="First", expected_number=0)
    with pytest.raises(StaleVersionError, match="Yours was not saved"):
        save_letter(session, admin, subject="B", body="Second", expected_number=0)
    assert letter_in_force(session).body == "First"


def test_letter_is_for_administrators(session: Session) -> None:
    biller = make_biller(session)
    with pytest.raises(DeniedError):
        save_letter(session, biller, subject="A", body="B", expected_number=0)
    with pytest.raises(DeniedError):
        list_letter_versions(session, biller)
    with pytest.raises(DeniedError):
        preview_letter(session, biller, subject="A", body="B")


def test_preview_is_a_picture_and_saves_nothing(session: Session, facts: InvoiceFacts) -> None:
    admin = actor_for(make_user(session, Role.ADMIN))
    assert preview_letter(session, admin, subject="A", body=f"B\n\n{DEFAULT.body}").startswith(b"\x89PNG")
    assert letter_in_force(session) == DEFAULT
    with pytest.raises(InvalidInputError):
        preview_letter(session, admin, subject="A", body="{nothing}")


def test_preview_without_an_invoice_says_so(session: Session) -> None:
    with pytest.raises(NotFoundError, match="no invoice yet"):
        preview_letter(session, actor_for(make_user(session, Role.ADMIN)), subject="A", body="B")


def test_paper_has_a_paragraph_an_empty_line_and_a_line_each_line(facts: InvoiceFacts) -> None:
    letter = fill_letter(LetterTemplate(1, "S", "One\n\nTwo\nThree\n\n\n\nFour"), facts, Settings())
    assert letter_paper(facts, letter, Settings())["paragraphs"] == [["One"], ["Two", "Three"], ["Four"]]
