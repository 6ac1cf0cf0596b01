"""A segment of a LEDES XML file while it is read: its values, and where each stands."""

from typing import Final, NamedTuple

from ledes.xml.elements import Spec

WHITESPACE: Final = " \t\r\n"


class Place(NamedTuple):
    """Where an element begins: row and column as an editor counts them, and the byte from 0."""

    row: int
    column: int
    offset: int


NOWHERE: Final = Place(0, 0, -1)


class Node:
    """One segment or structure.

    Attributes:
        values: texts by element, without the white space around them; blank ones are left out.
        places: where each element stands, blank ones too.
        children: segments and structures inside by name; lines are not kept.
        item: its file_item_nbr in plain digits, '' when it has none.
        last: order of the last element met.
    """

    __slots__ = ("children", "item", "last", "parent", "place", "places", "spec", "values")

    def __init__(self, spec: Spec, place: Place, parent: "Node | None" = None) -> None:
        self.spec = spec
        self.place = place
        self.parent = parent
        self.values: dict[str, str] = {}
        self.places: dict[str, Place] = {}
        self.children: dict[str, list[Node]] = {}
        self.item = ""
        self.last = 0

    def value(self, name: str) -> str:
        """Return an element's text, '' when it is blank or not there."""
        return self.values.get(name, "")

    def place_of(self, name: str) -> Place:
        """Return where an element stands, or the segment when it is not there."""
        return self.places.get(name, self.place)

    def part(self, name: str) -> "Node":
        """Return a structure inside, an empty one when it is not there."""
        found = self.children.get(name)
        known = self.spec.known[name].spec
        return found[0] if found else Node(known or self.spec, self.place, self)

    def above(self, name: str) -> "Node":
        """Return the segment of that name around this one.

        Raises:
            LookupError: when there is none.
        """
        node: Node | None = self
        while node is not None and node.spec.name != name:
            node = node.parent
        if node is None:
            raise LookupError(name)
        return node
