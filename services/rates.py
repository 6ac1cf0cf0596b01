"""What an hour costs on the day it was worked: rate cards loaded once, resolved in memory for any number of lines."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from models import Rate

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

    def covers(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


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
        self._approved: dict[RatedHour, Decimal | None] = {}

    def find(self, hour: RatedHour) -> Decimal | None:
        """Return the rate to bill, or None: a missing rate blocks the line."""
        if hour not in self._known:
            self._known[hour] = self._first(hour, _every_key(hour))
        return self._known[hour]

    def approved(self, hour: RatedHour) -> Decimal | None:
        """Return the rate the carrier itself has approved, or None where it has none on file."""
        if hour not in self._approved:
            self._approved[hour] = self._first(hour, _carrier_keys(hour))
        return self._approved[hour]

    def _first(self, hour: RatedHour, keys: tuple[_Key, ...]) -> Decimal | None:
        for key in keys:
            for span in self._spans.get(key, ()):
                if span.covers(hour.worked_on):
                    return span.hourly_amount
        return None


def load_rates(session: Session, carrier_ids: Collection[int]) -> RateCard:
    """Return the cards of these carriers and the firm's own, in one query."""
    statement = select(
        col(Rate.carrier_id),
        col(Rate.timekeeper_id),
        col(Rate.classification),
        col(Rate.effective_from),
        col(Rate.effective_to),
        col(Rate.hourly_amount),
    ).where(col(Rate.carrier_id).is_(None) | col(Rate.carrier_id).in_(carrier_ids))
    return RateCard(
        [
            (_key(carrier_id, timekeeper_id, classification), _Span(start, end, amount))
            for carrier_id, timekeeper_id, classification, start, end, amount in session.execute(statement)
        ]
    )


def _key(carrier_id: int | None, timekeeper_id: int | None, classification: str | None) -> _Key:
    return (carrier_id, timekeeper_id, None if timekeeper_id is not None else classification)


def _carrier_keys(hour: RatedHour) -> tuple[_Key, ...]:
    return ((hour.carrier_id, hour.timekeeper_id, None), (hour.carrier_id, None, hour.classification))


def _every_key(hour: RatedHour) -> tuple[_Key, ...]:
    return (*_carrier_keys(hour), (None, hour.timekeeper_id, None), (None, None, hour.classification))
