"""Grades of timekeepers behind their classifications, old and of 2014, from the most senior down."""

from enum import StrEnum


class Grade(StrEnum):
    """How senior a timekeeper is."""

    PARTNER = "partner"
    COUNSEL = "counsel"
    ASSOCIATE = "associate"
    PARALEGAL = "paralegal"
    OTHER = "other"


_GRADES = {
    "PT": Grade.PARTNER,
    "PARTNR": Grade.PARTNER,
    "OC": Grade.COUNSEL,
    "OFCOUN": Grade.COUNSEL,
    "AS": Grade.ASSOCIATE,
    "ASSOC": Grade.ASSOCIATE,
    "STFATT": Grade.ASSOCIATE,
    "TEMPAT": Grade.ASSOCIATE,
    "DSCATT": Grade.ASSOCIATE,
    "LA": Grade.PARALEGAL,
    "PARALG": Grade.PARALEGAL,
    "LGLAST": Grade.PARALEGAL,
}
_RANKS = {grade: rank for rank, grade in enumerate(Grade)}


def grade_of(classification: str) -> Grade:
    """Return the grade behind a classification; OTHER for one that is not known."""
    return _GRADES.get(classification, Grade.OTHER)


def rank_of(classification: str) -> int:
    """Return 0 for a partner, and more the more junior."""
    return _RANKS[grade_of(classification)]
