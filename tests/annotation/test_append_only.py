"""Labels are only ever added to."""

import pytest
from django.db import DatabaseError, transaction

from annotation.models import Campaign, Label
from tests.factories import make_label


@pytest.fixture
def label(campaign: Campaign) -> Label:
    return make_label(campaign.tasks.earliest("pk"))


def test_the_database_refuses_to_change_a_label(label: Label) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Label.objects.filter(pk=label.pk).update(value={"emotion": "anger"})


def test_the_database_refuses_to_delete_a_label(label: Label) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Label.objects.filter(pk=label.pk)._raw_delete("default")


def test_a_revision_is_a_label_of_its_own(label: Label) -> None:
    fields = {f.attname: getattr(label, f.attname) for f in Label._meta.concrete_fields}
    del fields["id"]

    revised = Label.objects.create(
        **fields | {"client_id": "0" * 32, "value": {"emotion": "calm"}, "supersedes_id": label.pk}
    )

    assert list(Label.objects.standing()) == [revised]
