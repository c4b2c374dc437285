"""Groups as trees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwdb.analysis.groups import Group, Member
from web.pages.trees import tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from web.pages.trees import Node


def group(number: int, *members: tuple[str, str | None]) -> Group:
    made = tuple(Member(address, None, "USB", None, None, None, "p" in address, behind) for address, behind in members)
    return Group(number, tuple(address for address, _ in members), "observed", (), made)


def outline(nodes: Sequence[Node]) -> list[object]:
    return [(node.member.address, node.own, outline(node.below)) for node in nodes]


def test_members_hang_below_the_bridges_above_them() -> None:
    shared = group(13, ("p1", "p0"), ("p2", "p1"), ("usb", "p2"), ("sata", "p1"))
    assert outline(tree(shared, [shared, group(1, ("p0", None))])) == [
        ("p0", False, [("p1", True, [("p2", True, [("usb", True, [])]), ("sata", True, [])])])
    ]


def test_without_known_places_the_list_is_flat() -> None:
    flat = group(3, ("a", None), ("b", None))
    assert outline(tree(flat, [flat])) == [("a", True, []), ("b", True, [])]


def test_a_bridge_that_is_nowhere_shown_is_not_made_up() -> None:
    alone = group(3, ("a", "p9"))
    assert outline(tree(alone, [alone])) == [("a", True, [])]


def test_no_member_is_lost_where_a_report_goes_in_circles_or_too_deep() -> None:
    circle = group(3, ("p1", "p2"), ("p2", "p1"), ("a", "p1"))
    assert [node.member.address for node in tree(circle, [circle])] == ["p1", "p2", "a"]
    deep = group(4, ("p0", None), *((f"p{at}", f"p{at - 1}") for at in range(1, 2000)))
    assert [node.below for node in tree(deep, [deep])] == [[]] * 2000
