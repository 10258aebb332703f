"""A Connectee's network: one Connector, the first hop, the second, as a picture and as a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.accounts.models import Centre
from takeroot.connections.enums import MatchState, ReferralState
from takeroot.connections.figures import ideal_network
from takeroot.connections.models import Connectee, Match, Referral
from takeroot.connections.selectors import matches_visible_to, referrals_visible_to

OPEN = (ReferralState.AGREED, ReferralState.MET)
WIDTH, ROW, TOP = 760, 54, 40
COLUMNS = (70, 250, 440, 620)


@dataclass
class Node:
    """One person in the picture. `hop` 0 is the Connector."""

    key: UUID
    name: str
    detail: str
    hop: int
    reached: bool
    # Whose node it is; a person who stands here already counts once.
    who: UUID
    again: bool = False
    ended: bool = False
    x: float = 0
    y: float = 0
    referral: Referral | None = None
    children: list[Node] = field(default_factory=list)

    @property
    def leaves(self) -> int:
        return sum(child.leaves for child in self.children) or 1


@dataclass(frozen=True)
class Hop:
    """How many doors of one hop are open, of how many there could be."""

    number: int
    reached: int
    ideal: int


@dataclass(frozen=True)
class Network:
    """Everything the page shows: matches with their trees, counts, picture size."""

    connectee: Connectee
    roots: list[Node]
    hops: list[Hop]
    people: int
    ideal: int
    height: int
    me: tuple[float, float]

    @property
    def nodes(self) -> list[Node]:
        return list(_walk(self.roots))

    @property
    def edges(self) -> list[tuple[tuple[float, float], Node]]:
        """(start, node) of every line, from whoever opened the door."""
        found = [(self.me, root) for root in self.roots]
        found += [((node.x, node.y), child) for node in self.nodes for child in node.children]
        return found


def _walk(nodes: Iterable[Node]) -> Iterable[Node]:
    for node in nodes:
        yield node
        yield from _walk(node.children)


def network_of(*, actor: Actor, connectee: Connectee, centre: Centre) -> Network:
    """The network as the referrals tell it. Two queries, however large it is."""
    matches = list(
        matches_visible_to(actor)
        .filter(connectee=connectee, state__in=(MatchState.INTRODUCED, MatchState.ENDED))
        # A match that ended before its letters were sent introduced nobody.
        .filter(meeting__isnull=False)
        .select_related("meeting")
        .order_by("created_at", "pk")
    )
    referrals = list(referrals_visible_to(actor).filter(connectee=connectee))
    roots = [_root(match) for match in matches]
    by_match = {match.pk: root for match, root in zip(matches, roots, strict=True)}
    nodes = {row.pk: _node(row) for row in referrals}
    for row in referrals:
        above = nodes.get(row.parent_id) if row.parent_id else by_match.get(row.match_id)
        if above is not None:
            above.children.append(nodes[row.pk])
    _mark_again(roots)
    height = _place(roots)
    return Network(
        connectee=connectee,
        roots=roots,
        hops=_count(roots, centre),
        people=sum(node.reached and not node.again for node in _walk(roots)),
        ideal=ideal_network(centre),
        height=height,
        me=(COLUMNS[0], height / 2),
    )


def _root(match: Match) -> Node:
    meeting = getattr(match, "meeting", None)
    met = bool(meeting and meeting.held_on)
    return Node(
        key=match.pk,
        name=match.connector.person.party.name,
        detail=meeting.get_state_display() if meeting else match.get_state_display(),
        hop=0,
        reached=met,
        who=match.connector.person.party.whole.pk,
        ended=match.state == MatchState.ENDED,
    )


def _node(row: Referral) -> Node:
    detail = row.get_outcome_display() if row.outcome else row.get_state_display()
    party = row.contact.party.whole
    return Node(
        key=row.pk,
        name=party.name,
        detail=detail,
        hop=row.hop,
        reached=row.state in OPEN,
        who=party.pk,
        referral=row,
    )


def _mark_again(roots: list[Node]) -> None:
    """The same person asked twice for one Connectee (the two files were merged since)."""
    seen: set[UUID] = set()
    for node in sorted(_walk(roots), key=lambda node: (node.hop, not node.reached)):
        node.again = node.who in seen
        seen.add(node.who)
        if node.again:
            node.detail = _("%(state)s – the same person as above, counted once") % {
                "state": node.detail
            }


def _place(roots: list[Node]) -> int:
    """Give each node a place: a column for its hop, a row for each leaf. Returns the height."""
    row = 0

    def lay(node: Node) -> None:
        nonlocal row
        node.x = COLUMNS[min(node.hop + 1, len(COLUMNS) - 1)]
        if not node.children:
            node.y = TOP + row * ROW
            row += 1
            return
        for child in node.children:
            lay(child)
        node.y = (node.children[0].y + node.children[-1].y) / 2

    for root in roots:
        lay(root)
    return TOP * 2 + max(0, row - 1) * ROW


def _count(roots: list[Node], centre: Centre) -> list[Hop]:
    found = []
    for number in range(centre.hops + 1):
        reached = sum(
            node.reached and not node.again for node in _walk(roots) if node.hop == number
        )
        found.append(Hop(number, reached, centre.referrals_asked**number))
    return found
