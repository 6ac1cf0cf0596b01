"""A record's history as rows of text."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from state.fact_words import facts_in_words
from state.words import moment

_NOBODY: Mapping[int, str] = MappingProxyType({})
_TITLES = {
    "submission:queue": "Queued",
    "submission:claim": "Taken up by a worker",
    "submission:verify": "Looked for on the site",
    "submission:look_later": "Not shown yet, looked for again later",
    "submission:declare_intent": "About to submit",
    "submission:deliver": "Receipt shown by the site",
    "submission:refuse": "Refused by the site",
    "submission:release": "Put back unsent",
    "submission:need_attention": "Needs attention",
    "submission:doubt": "In doubt",
    "submission:set_aside": "Set aside to upload by hand",
    "submission:proof_attached": "Proof attached",
    "submission:hurried": "Sent sooner",
    "submission:retry": "Tried again",
    "submission:go_on": "Went on with its account",
    "submission:look_again": "Asked to look again",
    "submission:doubt_assigned": "Handed on",
    "submission:doubt_overdue": "Deadline passed",
    "submission:confirm_delivered": "Seen on the site by a person",
    "submission:confirm_absent": "Not on the site, to be sent again",
    "submission:record_by_hand": "Uploaded by hand",
    "mailing:queue": "Queued",
    "mailing:declare": "About to be sent",
    "mailing:send": "Taken on by the mail server",
    "mailing:put_back": "Not sent, tried again later",
    "mailing:stop": "Stopped unsent",
    "mailing:doubt": "In doubt",
    "mailing:confirm_sent": "Sent, on a person's word",
    "mailing:confirm_unsent": "Not sent, to be sent",
    "mailing:retry": "Tried again",
    "mailing:print": "Printed",
    "mailing:print_again": "To be printed again",
    "mailing:post": "Posted",
    "mailing:send_again": "To be sent again",
    "mailing:bounce": "Came back",
    "mailing:bounced_too": "Another mail server sent it back",
    "mailing:delayed": "Delayed, said a mail server",
    "mailing:arrived": "Delivered, said a mail server",
    "mailing:confirm_arrived": "Arrived, on a person's word",
    "mailing:withdraw": "Withdrawn",
    "mailing:queue_again": "Queued again",
    "invoice:answer_recorded": "The payor's answer recorded",
    "invoice_document:deliver": "Delivered",
    "result_mail:kept": "Arrived",
    "result_mail:match": "Recorded",
    "result_mail:reconsider": "Put back",
    "invoice_decision:await_decision": "With the carrier",
}


@dataclass(frozen=True)
class HistoryEvent:
    """One event: when, what, by whom, and the words left with it."""

    at: str
    at_iso: str
    title: str
    who: str
    note: str
    facts: str


def history_event(
    at: datetime,
    tag: str,
    who: str,
    note: str,
    data: Mapping[str, object],
    people: Mapping[int, str] = _NOBODY,
) -> HistoryEvent:
    """Return the row of one audit event; `people` are the names by id of those whom its facts name."""
    facts = facts_in_words(data, people)
    title = _TITLES.get(tag) or tag.rpartition(":")[2].replace("_", " ").capitalize()
    return HistoryEvent(moment(at), at.isoformat(), title, who, note, facts)
