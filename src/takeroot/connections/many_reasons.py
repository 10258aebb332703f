"""Reasons of millions of pairs: the sentences of `reasons`, each put in words once.

What is said of a pair falls into groups, and a group reads little of either person (their work,
their languages, where they live). People alike in what a group reads are of one class; the words
of two classes are kept, and a pair is a matter of looking seven of them up and putting them in
order. The text is that of `reasons.sentences`, to the letter.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field

from takeroot.connections.adapters import Affinity, Profile
from takeroot.connections.reasons import GROUPS, Known, Sentence

# Words of this many pairs of classes are kept for each group; then they are forgotten.
KEPT = 400_000

# A sentence with its place among all of its pair: numbers sort faster than what they stand for.
Placed = tuple[tuple[int, str], ...]
Reads = Callable[[Profile, Known], Hashable]


@dataclass
class _Classes:
    """One group of reasons: the class of each person, and the words of classes met so far."""

    group: str
    one: list[int]
    other: list[int]
    kept: dict[Hashable, Placed] = field(default_factory=dict)


class ManyReasons:
    """Lines of reasons for the pairs of one round, by positions, in the active language."""

    def __init__(self, affinity: Affinity, one: Sequence[Known], other: Sequence[Known]) -> None:
        self._affinity, self._one, self._other = affinity, one, other
        agents = list(zip(affinity.agents, one, strict=True))
        hosts = list(zip(affinity.hosts, other, strict=True))
        self._by_class = [
            _Classes(group, _numbered(agents, reads), _numbered(hosts, reads))
            for group, reads in _READS.items()
        ]
        self._organization: dict[Hashable, Placed] = {}
        self._lived: dict[Hashable, Placed] = {}
        self._interests: dict[Hashable, Placed] = {}
        self._waiting: Placed = ()
        self._row = -1

    def line(self, i: int, j: int) -> str:
        """All reasons of one pair: the strongest first, the weak ones last."""
        if i != self._row:
            self._begin(i, j)
        found = list(self._waiting)
        for classes in self._by_class:
            key = classes.one[i], classes.other[j]
            found += classes.kept.get(key) or self._keep(classes.kept, key, classes.group, i, j)
        agent, host = self._affinity.agents[i], self._affinity.hosts[j]
        if host.organization in agent.wanted:
            kept = self._organization
            found += kept.get(j) or self._keep(kept, j, "organization", i, j)
        if host.lived:
            at = j, agent.prefers_lived
            found += self._lived.get(at) or self._keep(self._lived, at, "lived", i, j)
        if shared := agent.interests & host.interests:
            kept = self._interests
            found += kept.get(shared) or self._keep(kept, shared, "interests", i, j)
        found.sort()
        return " ".join([text for _place, text in found])

    def _begin(self, i: int, j: int) -> None:
        """Another Connectee: what was worded for the one before is of no more use."""
        self._row = i
        self._waiting = self._place("waiting", i, j)
        self._interests.clear()

    def _keep(
        self, kept: dict[Hashable, Placed], key: Hashable, group: str, i: int, j: int
    ) -> Placed:
        if len(kept) >= KEPT:
            kept.clear()
        placed = kept[key] = self._place(group, i, j)
        return placed

    def _place(self, group: str, i: int, j: int) -> Placed:
        said = GROUPS[group](self._affinity.parts(i, j), self._one[i], self._other[j])
        first = _ORDER[group]
        return tuple((_rank(s) + first + turn, s.text) for turn, s in enumerate(said))


_WIDTH = 10**4  # more sentences than a group ever has
_ORDER = {group: turn * _WIDTH for turn, group in enumerate(GROUPS)}


def _rank(sentence: Sentence) -> int:
    """Smaller stands first: what is not weak, then more points, then the order of the groups."""
    return ((10**6 if sentence.weak else 0) - sentence.points) * _WIDTH * len(GROUPS)


def _numbered(people: Sequence[tuple[Profile, Known]], reads: Reads) -> list[int]:
    seen: dict[Hashable, int] = {}
    return [seen.setdefault(reads(*person), len(seen)) for person in people]


def _work(profile: Profile, known: Known) -> Hashable:
    # Whose occupation is not known is named in the sentence.
    return profile.occupation, profile.industry, "" if profile.occupation else known.name


def _talk(profile: Profile, _known: Known) -> Hashable:
    return profile.languages


def _home(profile: Profile, known: Known) -> Hashable:
    name = "" if profile.location and known.community else known.name
    return profile.location, known.community, profile.mode, name


# What a group reads of a person. The others are said of few pairs, or of one person alone.
_READS: dict[str, Reads] = {"work": _work, "languages": _talk, "distance": _home}
