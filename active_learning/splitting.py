"""Who is held out, so that nobody is on both sides; pure.

Everything is drawn by a hash of the seed and a number: a draw can be repeated, does not depend on
the order in which people come, and an early one is not touched by a later.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

# With fewer groups, what a handful of people happen to be like would pass for how good the
# learner is; cross-fitting over all of them tells more.
LEAST_GROUPS = 8


def groups(people: Iterable[int], together: Iterable[Collection[int]]) -> dict[int, int]:
    """Return the group of each person, named by its smallest: people who share clips, and so on.

    Args:
        people: everybody.
        together: of each clip that shows several, those whom it shows.

    >>> groups([1, 2, 3, 4], [{3, 2}, {4, 3}])
    {1: 1, 2: 2, 3: 2, 4: 2}
    """
    parent = {person: person for person in people}

    def root(person: int) -> int:
        while parent[person] != person:
            parent[person] = parent[parent[person]]
            person = parent[person]
        return person

    for persons in together:
        roots = {root(person) for person in persons}
        parent.update(dict.fromkeys(roots, min(roots)))
    return {person: root(person) for person in parent}


def draw(group_of: Mapping[int, int], share: float, seed: str) -> dict[int, bool]:
    """Return of each person whether they are held out, whole groups at a time.

    Groups are taken in random order as long as they fit into `share` of all people, at least
    one person: a group greater than that is never held out.

    >>> sum(draw({person: person for person in range(10)}, 0.2, "seed").values())
    2
    """
    members = defaultdict(list)
    for person, group in group_of.items():
        members[group].append(person)
    room = max(1, round(share * len(group_of)))
    held_out: set[int] = set()
    for group in sorted(members, key=lambda group: (chance(seed, "group", group), group)):
        if len(held_out) + len(members[group]) <= room:
            held_out.update(members[group])
    return {person: person in held_out for person in group_of}


def join(
    group_of: Mapping[int, int], sides: Mapping[int, bool], share: float, seed: str
) -> dict[int, bool]:
    """Return the sides of people who came after the draw.

    Who shares clips with somebody held out is held out; who shares clips with others alone is
    not; the rest are drawn at the same share, group by group.
    """
    known: dict[int, bool] = {}
    for person, held_out in sides.items():
        if person in group_of:
            group = group_of[person]
            known[group] = known.get(group, False) or held_out
    return {
        person: known[group] if group in known else chance(seed, "group", group) < share
        for person, group in group_of.items()
        if person not in sides
    }


def chance(seed: str, kind: str, number: int) -> float:
    """Return a number in [0, 1), always the same and as if drawn evenly."""
    told = hashlib.sha256(f"{seed}:{kind}:{number}".encode()).digest()
    return int.from_bytes(told[:6]) / 2**48
