"""A group's members as the tree they hang in, where their places are known. Pure functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hwdb.topology.machine import DEEPEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hwdb.analysis.groups import Group, Member


class Node(NamedTuple):
    """A member and those of its group that are below it.

    Attributes:
        member: The function.
        own: Whether it is in the group; a bridge right above a member is shown although it is not.
        group: Number of the group it is in, None when that is not known.
        below: What hangs from it.
    """

    member: Member
    own: bool
    group: int | None
    below: list[Node]


def tree(group: Group, groups: Sequence[Group]) -> list[Node]:
    """Return the members of a group, each below the bridge above it.

    A bridge of another group stands above the members it leads to, once. Members whose place is not known stand beside
    each other, as do those on a root bus.

    Args:
        group: The group.
        groups: All groups of the machine, among which bridges are looked up.
    """
    where = {member.address: (member, other.group) for other in groups for member in other.members}
    nodes = {member.address: Node(member, True, group.group, []) for member in group.members}
    roots: list[Node] = []
    above: dict[str, Node] = {}
    for member in group.members:
        _hang(nodes[member.address], nodes, where, above, roots)
    return roots if _holds(roots, len(nodes)) else list(_flat(group))


def _flat(group: Group) -> Iterator[Node]:
    return (Node(member, True, group.group, []) for member in group.members)


def _holds(roots: Sequence[Node], members: int) -> bool:
    """Whether a tree has all members and no more levels than a real one: a made-up report may go round in circles."""
    level, found = list(roots), 0
    for _ in range(DEEPEST):
        found += sum(node.own for node in level)
        level = [child for node in level for child in node.below]
        if not level:
            return found == members
    return False


def _hang(
    node: Node,
    nodes: Mapping[str, Node],
    where: Mapping[str, tuple[Member, int | None]],
    above: dict[str, Node],
    roots: list[Node],
) -> None:
    behind = node.member.behind
    if behind is None or behind == node.member.address:
        roots.append(node)
    elif behind in nodes:
        nodes[behind].below.append(node)
    elif behind in where:
        if behind not in above:
            bridge, number = where[behind]
            above[behind] = Node(bridge, False, number, [])
            roots.append(above[behind])
        above[behind].below.append(node)
    else:
        roots.append(node)
