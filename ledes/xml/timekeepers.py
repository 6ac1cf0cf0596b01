"""tk_sum: who worked on a matter, which gives the lines names and classifications."""

from collections.abc import Iterable
from typing import NamedTuple

from ledes.document import LedesLine
from ledes.xml.nodes import Node


class Person(NamedTuple):
    """A timekeeper's name in its two parts, and classification."""

    last_name: str
    first_name: str
    classification: str

    @property
    def name(self) -> str:
        """Return "Last, First", or the one part there is."""
        return f"{self.last_name}, {self.first_name}" if self.first_name else self.last_name


def split_name(line: LedesLine) -> tuple[str, str]:
    """Return last and first name of a line's timekeeper; from "Last, First" where they are not given apart."""
    if line.timekeeper_last_name or line.timekeeper_first_name:
        return line.timekeeper_last_name, line.timekeeper_first_name
    last, _, first = line.timekeeper_name.partition(",")
    return last.strip(), first.strip()


class People:
    """The timekeepers of a matter by id, and by id with classification where one has several."""

    def __init__(self, segments: Iterable[Node]) -> None:
        self._by_id: dict[str, Person] = {}
        self._by_both: dict[tuple[str, str], Person] = {}
        for one in segments:
            person = Person(one.value("tk_lname"), one.value("tk_fname"), one.value("tk_level"))
            self._by_id.setdefault(one.value("tk_id"), person)
            self._by_both.setdefault((one.value("tk_id"), person.classification), person)

    def named(self, line: LedesLine) -> LedesLine:
        """Return the line with its timekeeper's name, and classification where the line has none."""
        if not line.timekeeper_id:
            return line
        both = (line.timekeeper_id, line.timekeeper_classification)
        person = self._by_both.get(both) or self._by_id.get(line.timekeeper_id)
        if person is None:
            return line
        return line._replace(
            timekeeper_name=person.name,
            timekeeper_last_name=person.last_name,
            timekeeper_first_name=person.first_name,
            timekeeper_classification=line.timekeeper_classification or person.classification,
        )
