"""A zone of any shape: named places, and ways between them that may be walked in one direction only."""

from dataclasses import dataclass, field
from functools import cached_property

from .graph_ways import GraphError, check_ways, shortest_ways, walk_length

Point = tuple[float, float]


@dataclass(frozen=True)
class NodeStop:
    """A place to pick at."""

    node: str


@dataclass(frozen=True)
class Graph:
    """``places`` by name, ``ways`` as ``(from, to, metres)``, one per direction.

    A walk begins at one of ``begins`` and ends at one of ``ends``, whichever makes it shortest.
    """

    places: dict[str, Point]
    ways: tuple[tuple[str, str, float], ...]
    begins: tuple[str, ...]
    ends: tuple[str, ...] = field(default=())

    def __post_init__(self):
        if not self.begins:
            raise GraphError("No place is marked as one where a walk begins.")
        unknown = {end for way in self.ways for end in way[:2]} | {*self.begins, *self.goals}
        if unknown - set(self.places):
            raise GraphError(f"A way leads to a place that is not there: {min(unknown - set(self.places))}.")

    @property
    def goals(self):
        """Where a walk may end: where it may begin, if nothing else is said."""
        return self.ends or self.begins

    start = property(lambda self: self.begins[0])
    goal = property(lambda self: self.goals[0])

    def place(self, stop: NodeStop) -> str:
        return stop.node

    def points(self, nodes) -> tuple[Point, ...]:
        return tuple(self.places[node] for node in nodes)

    def check_reach(self, nodes) -> None:
        """A :class:`GraphError` names the first of ``nodes`` that no walk can visit."""
        check_ways(self._trees, self.begins, self.goals, nodes)

    def leg(self, one: str, other: str) -> float:
        return self._trees[one].get(other, float("inf"))

    def quick_length(self, stops) -> float:
        """Length of a good walk, found at once: always to the nearest place that is left."""
        nodes = [stop.node for stop in stops]
        return walk_length(self._trees, self.begins, self.goals, nodes)

    @cached_property
    def _trees(self):
        return shortest_ways(self.ways, self.places)
