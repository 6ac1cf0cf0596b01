"""Learning a layout of result mails from a mail that a person understood, saved as a new version of the profile."""

import re
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import select
from sqlmodel import Session, col

from adapters.object_store import ObjectStore, object_store
from carriers.mail_learning import LearntLayout, Pointed, learn_layout
from carriers.mail_trust import judge
from carriers.profile import load_profile
from carriers.result_channel import ResultMail as MailRules
from carriers.result_mail import read_result_mail
from carriers.result_outcomes import ResultOutcome
from core.errors import InvalidInputError, WrongStateError
from core.settings import get_settings
from models import CarrierProfileVersion, Invoice, ResultMail
from models.enums import ResultMailStatus, Role
from services import lifecycle
from services.access import person_id, require
from services.actor import Actor, system_actor
from services.mail_parsing import MALFORMED, parsed
from services.responses.result_inbox import HandMatch, outcome_called, readable_text
from services.responses.result_mails import kept_bytes, read_again
from services.row_ids import row_id
from services.sites.profile_versions import activate_profile, active_number, list_profile_versions, save_profile

_MOST_TRIED = 200


@dataclass(frozen=True)
class Proposal:
    """A layout that would be added to a carrier's profile, and the other waiting mails that it would read."""

    carrier_id: int
    sender: str
    dkim_domain: str
    layout: LearntLayout
    word: str
    outcome: ResultOutcome
    matching: tuple[int, ...]


def propose_layout(
    session: Session, actor: Actor, *, mail_id: int, said: HandMatch, word: str, store: ObjectStore | None = None
) -> Proposal:
    """Generalise a trusted mail about an invoice of ours, which says its outcome by `word`; nothing is saved.

    Raises:
        DeniedError: the actor is neither biller nor admin.
        InvalidInputError: number or word do not stand in the mail, or there is no such invoice.
        WrongStateError: the mail is not trusted.
    """
    require(actor, Role.BILLER, Role.ADMIN, what="Learning a layout")
    store, outcome = store or object_store(get_settings()), outcome_called(said.outcome)
    pointed = Pointed(said.invoice_number.strip(), word.strip(), said.amount_text.strip())
    row: ResultMail = lifecycle.get(session, ResultMail, mail_id)
    if not row.is_trusted:
        raise WrongStateError("Nothing is learnt from a mail that is not trusted.")
    invoice = session.scalars(select(Invoice).where(col(Invoice.number) == pointed.invoice_number)).first()
    if invoice is None:
        raise InvalidInputError(f"There is no invoice {pointed.invoice_number}. Nothing was learnt.")
    document = _document(session, invoice.carrier_id)
    mail = document["result_channel"].get("mail") or {}
    raw = kept_bytes(row, store)
    known = frozenset(mail.get("decisions", {}))
    layout = learn_layout(row.subject, readable_text(raw), pointed, known)
    if layout is None:
        message = (
            f"'{pointed.invoice_number}' and '{pointed.word}' do not both stand in this mail as they were typed, or "
            "stand too far apart. Copy them from its text. Nothing was learnt."
        )
        raise InvalidInputError(message)
    domain = _signing_domain(row, raw, mail.get("dkim_domain", ""))
    draft = Proposal(invoice.carrier_id, row.sender, domain, layout, pointed.word, outcome, ())
    rules = MailRules.model_validate(_extended(document, draft)["result_channel"]["mail"])
    return Proposal(
        draft.carrier_id,
        draft.sender,
        draft.dkim_domain,
        layout,
        draft.word,
        outcome,
        _matching(session, row, rules, store),
    )


def save_layout(
    session: Session, actor: Actor, *, proposal: Proposal, note: str, store: ObjectStore | None = None
) -> int:
    """Put the layout in force as a new version of the profile, read the waiting mails again; return how many it read.

    Raises:
        DeniedError: the actor is no admin.
        InvalidProfileError, StaleVersionError: nothing was saved.
    """
    store = store or object_store(get_settings())
    document = _extended(_document(session, proposal.carrier_id), proposal)
    newest = list_profile_versions(session, actor, carrier_id=proposal.carrier_id)[0].number
    before = active_number(session, proposal.carrier_id)
    said = note.strip() or f"Learnt how its result mails say '{proposal.word}'"
    number = save_profile(
        session, actor, carrier_id=proposal.carrier_id, expected_newest=newest, document=document, note=said
    )
    activate_profile(session, actor, carrier_id=proposal.carrier_id, number=number, expected_active=before, note=said)
    machine = system_actor(person_id(actor))
    read = [read_again(session, machine, mail_id=mail_id, store=store) for mail_id in proposal.matching]
    return sum(1 for mail in read if mail.status is ResultMailStatus.MATCHED)


def _extended(document: dict[str, Any], proposal: Proposal) -> dict[str, Any]:
    """Return the profile with the layout added, checked as a whole."""
    channel = dict(document["result_channel"])
    mail = dict(channel.get("mail") or {"patterns": [], "decisions": {}})
    if mail.get("sender", proposal.sender).lower() != proposal.sender:
        message = f"The profile names another sender, {mail['sender']}. Nothing was learnt; change the profile."
        raise InvalidInputError(message)
    pattern = {"name": _name(mail), "subject": proposal.layout.subject, "invoice": proposal.layout.invoice}
    mail["sender"], mail["dkim_domain"] = proposal.sender, proposal.dkim_domain
    mail["patterns"] = [*mail["patterns"], pattern]
    mail["decisions"] = {**mail["decisions"], proposal.word: proposal.outcome.value}
    extended = {**document, "result_channel": {**channel, "mail": mail}}
    load_profile(extended)
    return extended


def _name(mail: dict[str, Any]) -> str:
    taken = {pattern["name"] for pattern in mail["patterns"]}
    return next(f"Learnt {at}" for at in range(1, len(taken) + 2) if f"Learnt {at}" not in taken)


def _matching(session: Session, learnt_from: ResultMail, rules: MailRules, store: ObjectStore) -> tuple[int, ...]:
    statement = (
        select(ResultMail)
        .where(
            col(ResultMail.status) == ResultMailStatus.UNMATCHED,
            col(ResultMail.is_trusted),
            col(ResultMail.is_whole),
            col(ResultMail.sender) == learnt_from.sender,
        )
        .order_by(col(ResultMail.id))
        .limit(_MOST_TRIED)
    )
    return tuple(row_id(row) for row in session.scalars(statement) if _reads(rules, row, store))


def _reads(rules: MailRules, row: ResultMail, store: ObjectStore) -> bool:
    try:
        return bool(read_result_mail(rules, parsed(kept_bytes(row, store))).results)
    except MALFORMED:
        return False


def _document(session: Session, carrier_id: int) -> dict[str, Any]:
    mine = (col(CarrierProfileVersion.carrier_id) == carrier_id) & col(CarrierProfileVersion.is_active)
    found = session.scalars(select(col(CarrierProfileVersion.document)).where(mine)).first()
    if found is None:
        raise WrongStateError("The carrier has no active profile. Nothing was learnt; activate one first.")
    return cast("dict[str, Any]", dict(found))


def _signing_domain(row: ResultMail, raw: bytes, named: str) -> str:
    """Return the domain that must sign: the profile's, else the sender's own, which signed this very mail."""
    domain = named or row.sender.rpartition("@")[2]
    trust = judge(parsed(raw), dkim_domain=domain, authserv_id=get_settings().mail_authserv_id)
    if not trust.is_trusted or not re.fullmatch(r"[a-z0-9.-]+", domain):
        raise WrongStateError(f"{trust.why_not or 'Its domain is none.'} Nothing was learnt.")
    return domain
