"""Who is held out: whole groups, once and for all, and as many as asked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from active_learning import splitting

people = st.sets(st.integers(0, 200), min_size=1, max_size=60)


@given(people, st.data())
def test_nobody_shares_a_clip_with_somebody_on_the_other_side(
    everybody: set[int], data: st.DataObject
) -> None:
    shown = st.sets(st.sampled_from(sorted(everybody)), min_size=2, max_size=3)
    together = data.draw(st.lists(shown, max_size=20)) if len(everybody) > 2 else []

    sides = splitting.draw(splitting.groups(everybody, together), 0.3, "seed")

    assert all(len({sides[person] for person in persons}) == 1 for persons in together)


@given(people, st.floats(0.05, 0.5))
def test_people_alone_in_their_clips_are_held_out_at_the_share_asked(
    everybody: set[int], share: float
) -> None:
    sides = splitting.draw(splitting.groups(everybody, []), share, "seed")

    assert sum(sides.values()) == max(1, round(share * len(everybody)))


def test_a_group_of_most_people_is_never_held_out() -> None:
    group_of = dict.fromkeys(range(8), 0) | {8: 8, 9: 9}

    for seed in "abcdefgh":
        assert not splitting.draw(group_of, 0.2, seed)[0]


def test_who_comes_later_goes_to_the_side_of_those_they_share_clips_with() -> None:
    sides = {1: True, 2: False}

    later = splitting.join({1: 1, 2: 2, 3: 1, 4: 2}, sides, 0.2, "seed")

    assert later == {3: True, 4: False}


def test_strangers_who_come_later_are_drawn_at_the_same_share() -> None:
    later = splitting.join({person: person for person in range(2000)}, {}, 0.2, "seed")

    assert 340 < sum(later.values()) < 460
