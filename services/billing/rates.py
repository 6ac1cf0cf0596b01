"""What an hour costs on the day it was worked: rate cards loaded once, resolved in memory for any number of lines."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, TypedDict

from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlmodel import Session

from models import Rate
from services.tables import table_of

_Key = tuple[int | None, int | None, str | None]


@dataclass(frozen=True, slots=True)
class RatedHour:
    """Whose hour it is, for which payor, and on which day."""

    carrier_id: int
    timekeeper_id: int
    classification: str
    worked_on: date


@dataclass(frozen=True, slots=True)
class _Span:
    effective_from: date
    effective_to: date | None
    hourly_amount: Decimal
    notified_on: date | None = None

    def covers(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True, slots=True)
class ApprovedRate:
    """What a carrier approved for an hour: the rate, the one before it, and when it was told; None where nothing is."""

    hourly_amount: Decimal | None
    previous_amount: Decimal | None
    notified_on: date | None
    began_on: date | None

    def facts(self) -> "RateFacts":
        """Return what a line to be judged tells of its rate, under the names of `GuidelineLine`."""
        return {
            "approved_rate": self.hourly_amount,
            "previous_rate": self.previous_amount,
            "rate_notified_on": self.notified_on,
            "rate_began_on": self.began_on,
        }


class RateFacts(TypedDict):
    """The rates of a `GuidelineLine`, and their days."""

    approved_rate: Decimal | None
    previous_rate: Decimal | None
    rate_notified_on: date | None
    rate_began_on: date | None


NOT_APPROVED = ApprovedRate(None, None, None, None)


class RateCard:
    """Rates in dollars an hour, looked up by date of work, most special first.

    The order: carrier + timekeeper, carrier + classification, the firm's own by timekeeper, by classification.
    Where spans overlap, the one that began last counts.
    """

    def __init__(self, rates: Collection[tuple[_Key, _Span]]) -> None:
        spans: dict[_Key, list[_Span]] = defaultdict(list)
        for key, span in rates:
            spans[key].append(span)
        self._spans = {
            key: sorted(found, key=lambda span: span.effective_from, reverse=True) for key, found in spans.items()
        }
        self._known: dict[RatedHour, Decimal | None] = {}
        self._approved: dict[RatedHour, ApprovedRate] = {}

    def find(self, hour: RatedHour) -> Decimal | None:
        """Return the rate to bill, or None: a missing rate blocks the line."""
        if hour not in self._known:
            self._known[hour] = self._first(hour, _every_key(hour))
        return self._known[hour]

    def approved(self, hour: RatedHour) -> Decimal | None:
        """Return the rate the carrier itself has approved, or None where it has none on file."""
        return self.approval(hour).hourly_amount

    def approval(self, hour: RatedHour) -> ApprovedRate:
        """Return the approved rate with what went before it: the rate of the day before it began, if there was one."""
        if hour not in self._approved:
            self._approved[hour] = self._approval(hour)
        return self._approved[hour]

    def _approval(self, hour: RatedHour) -> ApprovedRate:
        span = self._span(hour, _carrier_keys(hour))
        if span is None:
            return NOT_APPROVED
        day_before = replace(hour, worked_on=span.effective_from - timedelta(days=1))
        before = self._span(day_before, _carrier_keys(hour))
        return ApprovedRate(
            span.hourly_amount, before.hourly_amount if before else None, span.notified_on, span.effective_from
        )

    def _first(self, hour: RatedHour, keys: tuple[_Key, ...]) -> Decimal | None:
        span = self._span(hour, keys)
        return None if span is None else span.hourly_amount

    def _span(self, hour: RatedHour, keys: tuple[_Key, ...]) -> _Span | None:
        spans = (span for key in keys for span in self._spans.get(key, ()))
        return next((span for span in spans if span.covers(hour.worked_on)), None)


def load_rates(
    session: Session, carrier_ids: Collection[int], *, timekeeper_ids: Collection[int] | None = None
) -> RateCard:
    """Return the cards of these carriers and the firm's own, in one query; of some timekeepers only, if named."""
    asked = {"carrier_ids": list(carrier_ids)}
    if timekeeper_ids is not None:
        asked["timekeeper_ids"] = list(timekeeper_ids)
    rows = session.execute(_cards(timekeeper_ids is not None), asked)
    return RateCard(
        [
            (_key(carrier_id, timekeeper_id, classification), _Span(*span))
            for carrier_id, timekeeper_id, classification, *span in rows
        ]
    )


# Asked at every edit, so it is built once.
@cache
def _cards(of_some: bool) -> Select[*tuple[Any, ...]]:  # noqa: FBT001 -- a cache's key
    rate = table_of(Rate).c

    def firms_or(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
        return column.is_(None) | column.in_(bindparam(name, expanding=True))

    statement = select(
        rate.carrier_id,
        rate.timekeeper_id,
        rate.classification,
        rate.effective_from,
        rate.effective_to,
        rate.hourly_amount,
        rate.notified_on,
    ).where(firms_or(rate.carrier_id, "carrier_ids"))
    return statement.where(firms_or(rate.timekeeper_id, "timekeeper_ids")) if of_some else statement


def _key(carrier_id: int | None, timekeeper_id: int | None, classification: str | None) -> _Key:
    return (carrier_id, timekeeper_id, None if timekeeper_id is not None else classification)


def _carrier_keys(hour: RatedHour) -> tuple[_Key, ...]:
    return ((hour.carrier_id, hour.timekeeper_id, None), (hour.carrier_id, None, hour.classification))


def _every_key(hour: RatedHour) -> tuple[_Key, ...]:
    return (*_carrier_keys(hour), (None, hour.timekeeper_id, None), (None, None, hour.classification))
