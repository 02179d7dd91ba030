"""A campaign whose labels say something of agreement, and the people who ask for its pages."""

from __future__ import annotations

from annotation import consensus
from annotation.models import Campaign
from tests import factories


def labelled_campaign(*, clips: int = 12, people: int = 3, **settings: object) -> Campaign:
    """Make a campaign on whose every third clip the last annotator says "anger", not "joy"."""
    settings.setdefault("redundancy", people + 2)
    settings.setdefault("collection", factories.make_collection(clips, people=4))
    campaign = factories.make_campaign(**settings)  # type: ignore[arg-type]
    persons = [factories.make_annotator(name=f"reader {n}") for n in range(people)]
    for number, task in enumerate(campaign.tasks.order_by("pk")):
        usual = ["joy", "sadness"][number % 2]
        for place, person in enumerate(persons):
            differs = place == people - 1 and number % 3 == 0
            factories.make_label(task, person, "anger" if differs else usual)
    consensus.refresh(campaign, settle=True)
    return campaign
