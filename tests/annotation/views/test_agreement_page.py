from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from annotation import consensus, reports, reports_agreement
from annotation.models import Campaign, Fit, Task
from annotation.reports_agreement import Agreement, Part
from consent import review
from tests import factories
from tests.annotation.views.agreeing import labelled_campaign


@pytest.fixture
def labelled(client: Client, db: None) -> Campaign:
    campaign = labelled_campaign()
    client.force_login(campaign.owner)
    return campaign


def page(client: Client, campaign: Campaign) -> str:
    return client.get(reverse("annotation:agreement", args=[campaign.pk])).content.decode()


def found_in(campaign: Campaign) -> Agreement:
    cache.clear()
    found = reports_agreement.agreement_of(campaign, reports.latest_fit(campaign))
    assert found
    return found


def part(found: Agreement, group: str, name: str) -> Part:
    return next(p for p in found.parts if (p.group, p.name) == (group, name))


def test_the_figures_are_shown_to_who_manages_the_campaign(
    labelled: Campaign, client: Client
) -> None:
    html = page(client, labelled)

    assert "Which answers meet on the same clip" in html
    assert "What one more label per clip would buy" in html


@pytest.mark.parametrize("name", ["agreement", "annotators", "ambiguity"])
@pytest.mark.parametrize(
    ("make", "status"),
    [
        (factories.make_annotator, 404),
        (factories.make_researcher, 404),
        (factories.make_reviewer, 404),
        (factories.make_administrator, 200),
        (None, 302),
    ],
)
def test_a_page_is_there_for_managers_alone(
    name: str, make: object, status: int, labelled: Campaign, client: Client
) -> None:
    client.logout()
    if callable(make):
        client.force_login(make())

    answer = client.get(reverse(f"annotation:{name}", args=[labelled.pk]))

    assert answer.status_code == status


def test_every_fit_is_a_point_of_the_curve(labelled: Campaign, client: Client) -> None:
    factories.make_label(labelled.tasks.earliest("pk"), value="calm")
    consensus.refresh(labelled, settle=True)

    rows = reports_agreement.history(labelled)

    assert [row["n_labels"] for row in rows] == [36, 37]
    assert 'aria-label="Alpha over the labels' in page(client, labelled)


def test_of_many_fits_as_many_are_drawn_as_can_be_told_apart(labelled: Campaign) -> None:
    last = labelled.fits.get()
    for number in range(200):
        last.pk = None
        last.n_labels = 37 + number
        last.save(force_insert=True)

    rows = reports_agreement.history(labelled)

    assert len(rows) == reports_agreement.MOST_FITS
    assert (rows[0]["n_labels"], rows[-1]["n_labels"]) == (36, 236)


def test_a_part_is_measured_on_its_own(labelled: Campaign) -> None:
    for number, clip in enumerate(labelled.collection.clips.order_by("pk")):
        clip.attributes = {"light": "dim" if number < 10 else "bright"}
        clip.save()

    dim = part(found_in(labelled), "=light", "dim")

    assert (dim.n_labels, dim.n_tasks) == (30, 10)
    assert dim.alpha is not None


def test_a_part_with_few_clips_has_no_alpha(labelled: Campaign, client: Client) -> None:
    for number, clip in enumerate(labelled.collection.clips.order_by("pk")):
        clip.attributes = {"light": "dim" if number < 10 else "bright"}
        clip.save()

    assert part(found_in(labelled), "=light", "bright").alpha is None
    assert "too few labels" in page(client, labelled)


def test_clips_picked_by_chance_stand_apart_from_those_the_learner_picked(
    labelled: Campaign,
) -> None:
    picked = labelled.tasks.earliest("pk")
    Task.objects.filter(pk=picked.pk).update(reason="informative")
    picked.refresh_from_db()
    for _ in range(2):
        factories.make_label(picked, value="calm")

    assert part(found_in(labelled), "picked", "chance").n_labels == 36
    assert part(found_in(labelled), "picked", "learner").n_labels == 2


def test_a_clip_whose_consent_was_withdrawn_leaves_at_once(labelled: Campaign) -> None:
    before = reports_agreement.agreement_of(labelled, reports.latest_fit(labelled))
    for consent in labelled.tasks.earliest("pk").clip.participants.get().consents.all():
        review.withdraw(consent, None)

    after = reports_agreement.agreement_of(labelled, reports.latest_fit(labelled))

    assert before
    assert after
    assert sum(before.confusion.observed.flat) == pytest.approx(36)
    assert sum(after.confusion.observed.flat) == pytest.approx(27)


def test_more_labels_are_counted_for_open_clips_and_for_those_done(labelled: Campaign) -> None:
    found = found_in(labelled)

    sizes = [gains[1].cost for gains in (found.still_open, found.done) if gains]

    assert sum(sizes) == 12


def test_an_anchor_of_the_same_modality_is_shown(labelled: Campaign, client: Client) -> None:
    html = page(client, labelled)

    assert "FER+" in html
    assert "CREMA-D" not in html


def test_the_number_of_labels_needed_is_that_of_spearman_and_brown(
    labelled: Campaign, client: Client
) -> None:
    Fit.objects.filter(campaign=labelled).update(alpha=0.5, alpha_low=-0.1, alpha_high=0.6)

    html = page(client, labelled)

    assert '<td class="number">4.0</td>' in html
    assert "2.7 or more" in html


def test_campaigns_without_labels_say_so(client: Client, db: None) -> None:
    campaign = factories.make_campaign()
    client.force_login(campaign.owner)

    assert "No labels yet" in page(client, campaign)


def test_comparisons_say_that_there_is_no_alpha(client: Client, db: None) -> None:
    campaign = factories.make_comparison()
    client.force_login(campaign.owner)

    assert "compares clips, so there is no alpha" in page(client, campaign)


def test_a_campaign_without_categories_says_so(client: Client, db: None) -> None:
    asked = {
        "name": "words",
        "instrument": "free-text",
        "prompt": "What do you see?",
        "required": True,
    }
    campaign = factories.make_campaign(questions=[asked])
    client.force_login(campaign.owner)

    assert "No question of this campaign has categories" in page(client, campaign)


def test_the_number_of_queries_does_not_grow_with_the_clips(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries, db: None
) -> None:
    taken = []
    for clips in (4, 16):
        campaign = labelled_campaign(clips=clips)
        client.force_login(campaign.owner)
        cache.clear()
        with django_assert_max_num_queries(25) as seen:
            page(client, campaign)
        taken.append(len(seen.captured_queries))

    assert taken[0] == taken[1]
