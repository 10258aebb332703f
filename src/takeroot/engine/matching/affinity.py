"""How well two people may suit each other: whole scores 0 to 1000, the sum of named parts.

Two lists of profiles in, one matrix of scores out, with a cause wherever a pair is not allowed.
Everything is computed from small tables (occupation by occupation, place by place, mode by mode)
that are then looked up for all pairs at once, so 5,000 x 2,000 pairs take about a second and 3
bytes a pair. ``parts`` tells for one pair what each point is for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .affinity_tables import (
    OCCUPATION_SHARE,
    coded,
    digits_in_common,
    distances,
    incidence,
    overlap,
    pairs_matrix,
    table,
    teer_apart,
    union,
)
from .problem import DenseScores
from .profiles import (
    CAUSES,
    MODES,
    MODES_DIFFER,
    NO_CAPACITY,
    NO_COMMON_LANGUAGE,
    NOT_WITH,
    OFFICIAL,
    SAME_PERSON,
    TOO_FAR,
    Mode,
    Profile,
    Settings,
    Weights,
    meeting,
)

_BLOCK = 1000


@dataclass(frozen=True)
class PairParts:
    """What is behind one pair's score. ``points`` sums to the score.

    occupation_digits  leading digits of NOC 2021 in common, 0 to 5; None if one is unknown
    teer_apart         how many TEER levels apart, None if unknown
    languages          (code, the lower of the two levels or None), usable ones, best first
    distance_km        None if a place is unknown
    meeting            how they can meet
    """

    agent: int
    host: int
    points: dict[str, int]
    cause: str
    occupation_digits: int | None
    teer_apart: int | None
    same_industry: bool
    wanted: bool
    interests: tuple[str, ...]
    languages: tuple[tuple[str, int | None], ...]
    distance_km: float | None
    meeting: Mode

    @property
    def score(self) -> int:
        return sum(self.points.values())


class Affinity:
    """Scores of every agent with every host.

    ``scores`` is what an AssignmentProblem takes: ``values`` int16, ``causes`` numbers of CAUSES.
    """

    def __init__(
        self,
        agents: tuple[Profile, ...],
        hosts: tuple[Profile, ...],
        settings: Settings | None = None,
    ) -> None:
        self.agents, self.hosts = agents, hosts
        self.settings = settings or Settings()
        self._tables = Tables(agents, hosts, self.settings)
        shape = (len(agents), len(hosts))
        values, causes = np.zeros(shape, np.int16), np.zeros(shape, np.uint8)
        for start in range(0, len(agents), _BLOCK):
            rows = np.arange(start, min(start + _BLOCK, len(agents)))
            points, cause = self._tables.block(rows, np.arange(len(hosts)))
            for part in points.values():
                values[rows] += part
            causes[rows] = cause
        self.scores = DenseScores(values, causes, CAUSES)

    def parts(self, i: int, j: int) -> PairParts:
        """What the score of agent ``i`` with host ``j`` (positions) is made of."""
        agent, host = self.agents[i], self.hosts[j]
        languages = _shared_languages(agent, host, self.settings)
        cause = 0 if self.scores.causes is None else int(self.scores.causes[i, j])
        codes = (agent.occupation, host.occupation)
        return PairParts(
            agent=i,
            host=j,
            points=self._tables.points(i, j, agent, host),
            cause=CAUSES[cause - 1] if cause else "",
            occupation_digits=_compare(digits_in_common, *codes),
            teer_apart=_compare(teer_apart, *codes),
            same_industry=bool(agent.industry) and agent.industry == host.industry,
            wanted=host.organization is not None and host.organization in agent.wanted,
            interests=tuple(sorted(agent.interests & host.interests)),
            languages=languages,
            distance_km=self._tables.distance(i, j),
            meeting=meeting(agent.mode, host.mode) or "either",
        )


class Tables:
    """Small tables, and where each profile stands in them."""

    def __init__(
        self, agents: tuple[Profile, ...], hosts: tuple[Profile, ...], settings: Settings
    ) -> None:
        self.settings = settings
        w = settings.weights
        codes_a, self.occ_a = coded([p.occupation for p in agents])
        codes_h, self.occ_h = coded([p.occupation for p in hosts])
        self.occupation = table(codes_a, codes_h, lambda a, b: _occupation_points(a, b, w))
        self.teer = table(codes_a, codes_h, lambda a, b: _teer_points(a, b, w))
        fields_a, self.ind_a = coded([p.industry for p in agents])
        fields_h, self.ind_h = coded([p.industry for p in hosts])
        share = w.background - w.background * 6 // 10
        self.industry = table(fields_a, fields_h, lambda a, b: share if a and a == b else 0)
        self._place(agents, hosts)
        self.modes_a = np.array([MODES.index(p.mode) for p in agents], np.int64)
        self.modes_h = np.array([MODES.index(p.mode) for p in hosts], np.int64)
        self._words(agents, hosts)
        self._talk(agents, hosts)
        wait = np.array([p.waiting_days for p in agents], np.int64)
        longest = settings.longest_wait
        self.waiting = (w.waiting * np.clip(wait, 0, longest) // longest).astype(np.int16)
        asked = [w.lived // 2 if p.prefers_lived is False else w.lived for p in agents]
        self.lived_a = np.array(asked, np.int16)
        self.lived_h = np.array([p.lived for p in hosts], np.int16)
        self.full = np.array([p.capacity <= 0 for p in hosts], bool)
        self._conflicts(agents, hosts)

    def _place(self, agents: tuple[Profile, ...], hosts: tuple[Profile, ...]) -> None:
        spots_a, self.spot_a = coded([p.location for p in agents])
        spots_h, self.spot_h = coded([p.location for p in hosts])
        self.km = distances(spots_a, spots_h)  # NaN where unknown
        weight, radius = self.settings.weights.proximity, self.settings.radius_km
        near = np.nan_to_num(weight * np.clip(1 - self.km / radius, 0, 1), nan=0.0)
        face = np.floor(near).astype(np.int16)
        remote = np.int16(weight * 3 // 8)  # a video call is as near as this everywhere
        # By how they can meet: in person, video, either.
        self.proximity = np.stack([face, np.full_like(face, remote), np.maximum(face, remote)])
        self.meeting = np.array(
            [[-1 if (m := meeting(a, b)) is None else MODES.index(m) for b in MODES] for a in MODES]
        )
        self.far = np.nan_to_num(self.km, nan=0.0) > radius

    def _words(self, agents: tuple[Profile, ...], hosts: tuple[Profile, ...]) -> None:
        common = sorted(union(p.interests for p in agents) & union(p.interests for p in hosts))
        self.likes_a = incidence([p.interests for p in agents], common)
        self.likes_h = incidence([p.interests for p in hosts], common).T.tocsr()
        employers = {p.organization for p in hosts if p.organization}
        wanted = sorted(union(p.wanted for p in agents) & employers)
        self.wants = incidence([p.wanted for p in agents], wanted)
        self.works = incidence(
            [frozenset([p.organization] if p.organization else []) for p in hosts], wanted
        ).T.tocsr()

    def _talk(self, agents: tuple[Profile, ...], hosts: tuple[Profile, ...]) -> None:
        usable = self.settings.usable_level
        self.level_a = {c: _levels(agents, c, usable) for c in OFFICIAL}
        self.level_h = {c: _levels(hosts, c, usable) for c in OFFICIAL}
        sets_a = [_others(p, usable) for p in agents]
        sets_h = [_others(p, usable) for p in hosts]
        common = sorted(union(sets_a) & union(sets_h))
        self.others_a = incidence(sets_a, common)
        self.others_h = incidence(sets_h, common).T.tocsr()

    def _conflicts(self, agents: tuple[Profile, ...], hosts: tuple[Profile, ...]) -> None:
        at_a = {p.id: i for i, p in enumerate(agents)}
        at_h = {p.id: j for j, p in enumerate(hosts)}
        pairs = [(i, at_h[o]) for i, p in enumerate(agents) for o in p.not_with if o in at_h]
        pairs += [(at_a[o], j) for j, p in enumerate(hosts) for o in p.not_with if o in at_a]
        self.apart = pairs_matrix(pairs, len(agents), len(hosts))
        who = {p.person: i for i, p in enumerate(agents) if p.person}
        same = [(who[p.person], j) for j, p in enumerate(hosts) if p.person in who]
        self.same = pairs_matrix(same, len(agents), len(hosts))

    def block(
        self, rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64]
    ) -> tuple[dict[str, npt.NDArray[np.int16]], npt.NDArray[np.uint8]]:
        """Points of each part and number of the cause, for these agents and hosts."""
        s, w = self.settings, self.settings.weights
        grid = np.ix_
        occ = grid(self.occ_a[rows], self.occ_h[columns])
        shared = overlap(self.likes_a[rows], self.likes_h[:, columns])
        wanted = overlap(self.wants[rows], self.works[:, columns])
        official = self._official(rows, columns)
        other = overlap(self.others_a[rows], self.others_h[:, columns])
        modes = self.meeting[grid(self.modes_a[rows], self.modes_h[columns])]
        spots = grid(self.spot_a[rows], self.spot_h[columns])
        ones = np.ones((len(rows), len(columns)), np.int16)
        best = w.languages * 3 // 4
        talk = best * np.minimum(official, s.full_level) // s.full_level
        few = np.minimum(shared, s.shared_interests)
        industry = self.industry[grid(self.ind_a[rows], self.ind_h[columns])]
        points = {
            "occupation": self.occupation[occ],
            "background": self.teer[occ] + industry,
            "organization": (w.organization * np.minimum(wanted, 1)).astype(np.int16),
            "interests": (w.interests * few // s.shared_interests).astype(np.int16),
            "languages": (talk + (w.languages - best) * np.minimum(other, 1)).astype(np.int16),
            "proximity": self._near(modes, spots),
            "waiting": self.waiting[rows][:, None] * ones,
            "lived": self.lived_a[rows][:, None] * self.lived_h[columns][None, :],
        }
        cause = np.zeros((len(rows), len(columns)), np.uint8)
        in_person = modes == MODES.index("in_person")
        held: dict[str, npt.NDArray[np.bool_]] = {
            TOO_FAR: in_person & self.far[spots],
            MODES_DIFFER: modes < 0,
            NO_COMMON_LANGUAGE: (official == 0) & (other == 0),
            NO_CAPACITY: np.broadcast_to(self.full[columns], cause.shape),
            NOT_WITH: self.apart[rows][:, columns].toarray() > 0,
            SAME_PERSON: self.same[rows][:, columns].toarray() > 0,
        }
        for name in reversed(CAUSES):
            cause[held[name]] = CAUSES.index(name) + 1
        return points, cause

    def points(self, i: int, j: int, agent: Profile, host: Profile) -> dict[str, int]:
        """The points of ``block`` for one pair, without a matrix: a few microseconds."""
        s, w = self.settings, self.settings.weights
        shared = min(len(agent.interests & host.interests), s.shared_interests)
        level = max(min(self.level_a[c][i], self.level_h[c][j]) for c in OFFICIAL)
        other = _others(agent, s.usable_level) & _others(host, s.usable_level)
        best = w.languages * 3 // 4
        mode = self.meeting[self.modes_a[i], self.modes_h[j]]
        teer = self.teer[self.occ_a[i], self.occ_h[j]]
        near = self.proximity[mode, self.spot_a[i], self.spot_h[j]] if mode >= 0 else 0
        talk = best * min(int(level), s.full_level) // s.full_level
        return {
            "occupation": int(self.occupation[self.occ_a[i], self.occ_h[j]]),
            "background": int(teer) + int(self.industry[self.ind_a[i], self.ind_h[j]]),
            "organization": w.organization if host.organization in agent.wanted else 0,
            "interests": w.interests * shared // s.shared_interests,
            "languages": talk + (w.languages - best if other else 0),
            "proximity": int(near),
            "waiting": int(self.waiting[i]),
            "lived": int(self.lived_a[i] * self.lived_h[j]),
        }

    def _near(
        self, modes: npt.NDArray[np.int64], spots: tuple[npt.NDArray[np.int64], ...]
    ) -> npt.NDArray[np.int16]:
        near = np.zeros(modes.shape, np.int16)
        for number in range(len(MODES)):
            at = modes == number
            if at.any():
                near[at] = self.proximity[number][spots][at]
        return near

    def _official(
        self, rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.int16]:
        """The better official language: the lower of the two levels, 0 if none is usable."""
        found = np.zeros((len(rows), len(columns)), np.int16)
        for code in OFFICIAL:
            a, h = self.level_a[code][rows], self.level_h[code][columns]
            found = np.maximum(found, np.minimum(a[:, None], h[None, :]))
        return found

    def distance(self, i: int, j: int) -> float | None:
        km = float(self.km[self.spot_a[i], self.spot_h[j]])
        return None if np.isnan(km) else km


def _compare(how: Callable[[str, str], int], one: str | None, other: str | None) -> int | None:
    return how(one, other) if one and other else None


def _occupation_points(one: str | None, other: str | None, weights: Weights) -> int:
    digits = _compare(digits_in_common, one, other) or 0
    return weights.occupation * OCCUPATION_SHARE[digits] // 100


def _teer_points(one: str | None, other: str | None, weights: Weights) -> int:
    """Same TEER 60 % of the background part, neighbouring TEER 30 %; the rest is the industry."""
    apart = _compare(teer_apart, one, other)
    return weights.background * {0: 6, 1: 3}.get(9 if apart is None else apart, 0) // 10


def _effective(level: int | None, usable: int) -> int:
    """A level not stated counts as just usable; one below usable counts as none."""
    if level is None:
        return usable
    return level if level >= usable else 0


def _levels(people: tuple[Profile, ...], code: str, usable: int) -> npt.NDArray[np.int16]:
    return np.array([_effective(dict(p.languages).get(code, 0), usable) for p in people], np.int16)


def _others(person: Profile, usable: int) -> frozenset[str]:
    """Usable languages other than the official ones."""
    return frozenset(
        code
        for code, level in person.languages
        if code not in OFFICIAL and _effective(level, usable)
    )


def _shared_languages(
    agent: Profile, host: Profile, settings: Settings
) -> tuple[tuple[str, int | None], ...]:
    """Usable common languages: official first, then by level, then by code."""
    theirs = dict(host.languages)
    found = []
    for code, level in agent.languages:
        if code not in theirs:
            continue
        levels = (level, theirs[code])
        if all(_effective(each, settings.usable_level) for each in levels):
            stated = [each for each in levels if each is not None]
            found.append((code, min(stated) if len(stated) == 2 else None))
    return tuple(sorted(found, key=lambda f: (f[0] not in OFFICIAL, -(f[1] or 0), f[0])))
