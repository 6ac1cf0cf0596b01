"""Whom a carrier approved to work for it, and at what rate: a part of its profile, as plain data."""

from datetime import date
from decimal import Decimal
from typing import Self

from pydantic import Field, model_validator

from carriers.steps import Part


class ApprovedRate(Part):
    """One person's rate in dollars an hour, from one day of work to another; `timekeeper` is the firm's code.

    `notified_on` is the day on which the carrier was told of it, where that is known.
    """

    timekeeper: str = Field(min_length=1, max_length=20)
    rate: Decimal = Field(gt=0, max_digits=9, decimal_places=4)
    effective_from: date
    effective_to: date | None = None
    notified_on: date | None = None

    @model_validator(mode="after")
    def _ends_later(self) -> Self:
        if self.effective_to is not None and self.effective_to < self.effective_from:
            message = f"{self.timekeeper} ends on {self.effective_to}, before it begins"
            raise ValueError(message)
        return self
