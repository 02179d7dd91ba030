"""A round: the labels it learned from, the learner it made, and the order it gave the queue."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from annotation.models import Campaign, Collection, Task
from consent.models import Participant
from jobs.models import Job


class RoundState(models.TextChoices):
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Trigger(models.TextChoices):
    LABELS = "labels", _("Enough new labels")
    SCHEDULE = "schedule", _("So many hours since the round before, and a new label")
    HAND = "hand", _("Asked for by hand")
    CONSENT = "consent", _("A consent was withdrawn during the round before")


class Step(models.TextChoices):
    """Where a round is; each step can be done again without harm."""

    SNAPSHOT = "snapshot", _("Writing down labels and candidates")
    FEATURES = "features", _("Looking at the clips")
    FIT = "fit", _("Fitting the learner")
    EVALUATE = "evaluate", _("Checking the learner")
    PREDICT = "predict", _("Predicting the queue")
    RANK = "rank", _("Ordering the queue")
    DONE = "done", _("Done")


class RoundQuerySet(models.QuerySet["Round"]):
    def done(self) -> Self:
        return self.filter(state=RoundState.DONE)

    def running(self) -> Self:
        return self.filter(state=RoundState.RUNNING)


class Round(models.Model):
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=RoundState.choices, default=RoundState.RUNNING)
    trigger = models.CharField(max_length=20, choices=Trigger.choices)
    step = models.CharField(max_length=20, choices=Step.choices, default=Step.SNAPSHOT)
    # Who runs it, or ran it last: only the job's holder may go on with a running round.
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    seed = models.PositiveIntegerField()
    n_labels = models.PositiveIntegerField(default=0)
    last_label_id = models.BigIntegerField(default=0)
    # What the learner saw, in short: counts, purpose, versions, the file with every label's key
    # and weight and that file's hash; and the batch that was drawn.
    manifest = models.JSONField(default=dict)
    learner = models.CharField(max_length=200, blank=True)
    learner_sha256 = models.CharField(max_length=64, blank=True)
    output_sha256 = models.CharField(max_length=64, blank=True)
    metrics = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        get_latest_by = "number"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="round_number_once"),
            models.UniqueConstraint(
                fields=["campaign"],
                condition=Q(state=RoundState.RUNNING),
                name="one_round_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"round {self.number} of {self.campaign}"


class Split(models.Model):
    """How a campaign's people were divided, for good: to learn from, and to judge by."""

    campaign = models.OneToOneField(Campaign, on_delete=models.PROTECT, related_name="split")
    # The share of people held out, and of their clips the share that is asked to the end.
    share = models.FloatField()
    clip_share = models.FloatField()
    drawn_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"split of {self.campaign}"


class Side(models.Model):
    """On which side of its campaign's split a person is; never changes."""

    split = models.ForeignKey(Split, on_delete=models.CASCADE, related_name="sides")
    person = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")
    held_out = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["split", "person"], name="person_once_in_a_split")
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.split}"


class VectorSet(models.Model):
    """Vectors that a researcher brought for a collection's clips; the numbers are in a file."""

    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="vector_sets")
    name = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    dimension = models.PositiveIntegerField()
    n = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "name", "version"], name="version_of_vectors_once"
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """What rounds call it."""
        return f"{self.name}-{self.version}"


class ProposalState(models.TextChoices):
    WAITING = "waiting", _("Waits for a decision")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    TAKEN_BACK = "taken-back", _("Taken back")
    REPLACED = "replaced", _("Replaced by a newer one")


class Proposal(models.Model):
    """That one person be asked about clips of which a round's learner is sure; people decide."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="proposals")
    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="proposal")
    state = models.CharField(
        max_length=10, choices=ProposalState.choices, default=ProposalState.WAITING
    )
    # What speaks for it: see `sureness.Sure`.
    evidence = models.JSONField()
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign"],
                condition=Q(state=ProposalState.WAITING),
                name="one_proposal_waits",
            ),
        ]

    def __str__(self) -> str:
        return f"proposal of {self.round}"


class ProposedTask(models.Model):
    """A task of a proposal; what is `kept` is labelled in full all the same, to check it."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="tasks")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="+")
    foretold = models.CharField(max_length=200)
    confidence = models.FloatField()
    kept = models.BooleanField()
    # Whether one person alone was asked when the proposal was accepted.
    lowered = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "task"], name="task_once_in_a_proposal")
        ]

    def __str__(self) -> str:
        return f"{self.task} in {self.proposal}"


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, user: User) -> Self:
        """A researcher's own plans, and for administrators all."""
        if user.is_administrator:
            return self.all()
        return self.filter(owner=user) if user.is_researcher else self.none()


class Plan(models.Model):
    """What somebody asked of a campaign before it begins, and what came of simulating it."""

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="plans")
    collection = models.ForeignKey(
        Collection, on_delete=models.SET_NULL, null=True, blank=True, related_name="plans"
    )
    # Whose labels stand for what people say of such clips.
    pilot = models.ForeignKey(
        Campaign, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    question = models.JSONField()
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    result = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"plan {self.pk}"

    @property
    def state(self) -> str:
        """`done`, or how the job stands that is to answer; one that is gone has failed."""
        if self.result is not None:
            return Job.State.DONE.value
        if self.job is None or self.job.is_over:
            return Job.State.FAILED.value
        return str(self.job.state)
