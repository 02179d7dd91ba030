"""What the labels amount to: versioned views that can always be computed again."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from annotation.models.campaign import Campaign
from annotation.models.label import Population
from annotation.models.task import Task


class TaskState(models.TextChoices):
    OPEN = "open", _("Open")
    CONSENSUS = "consensus", _("Consensus")
    MIXED = "mixed", _("Mixed")
    AMBIGUOUS = "ambiguous", _("Ambiguous")
    NEEDS_CONTEXT = "needs-context", _("Needs context")
    NEEDS_EXPERT = "needs-expert", _("Needs an expert")
    UNRATEABLE = "unrateable", _("Cannot be rated")


class ConsensusQuerySet(models.QuerySet["Consensus"]):
    def consented(self) -> Self:
        """Rows about clips whose people allow the campaign's purpose, now."""
        return self.filter(task__cleared_until__gt=timezone.now())

    def most_ambiguous_first(self) -> Self:
        return self.order_by("-entropy", "pk")


class Fit(models.Model):
    """One full fit of the aggregators to the labels of one population in a campaign."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="fits")
    population = models.CharField(max_length=10, choices=Population.choices)
    version = models.CharField(max_length=40)
    # Empty where the scheme asks for no categories: the summaries then say all there is.
    aggregator = models.CharField(max_length=40, blank=True)
    # Held-out log-likelihood per label of every aggregator that was tried.
    scores = models.JSONField(default=dict)
    reason = models.CharField(max_length=60, blank=True)
    # What the fit learnt, and the annotators it numbered, for incremental updates.
    parameters = models.JSONField(default=dict)
    annotators = models.JSONField(default=list)
    n_labels = models.PositiveIntegerField()
    n_tasks = models.PositiveIntegerField()
    # The newest label in this fit.
    last_label = models.BigIntegerField(default=0)
    # Labels stored before this moment are in the consensus, by this fit or by updates after it.
    seen_at = models.DateTimeField()
    alpha = models.FloatField(null=True)
    alpha_low = models.FloatField(null=True)
    alpha_high = models.FloatField(null=True)
    # The level of measurement that alpha stands on, and alpha of each category against the rest.
    agreement = models.JSONField(default=dict)
    # The mean weight of each group of annotators, where a campaign asks for groups.
    groups = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-pk"]
        get_latest_by = "pk"

    def __str__(self) -> str:
        return f"{self.aggregator} on {self.n_labels} labels"


class Consensus(models.Model):
    """The distribution over the options that a task's labels add up to."""

    fit = models.ForeignKey(Fit, on_delete=models.CASCADE, related_name="consensuses")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="consensuses")
    population = models.CharField(max_length=10, choices=Population.choices)
    distribution = models.JSONField()
    # The weight of each label, by the label's key.
    weights = models.JSONField()
    n_labels = models.PositiveIntegerField()
    effective_n = models.FloatField()
    entropy = models.FloatField()
    divergence = models.FloatField(null=True)
    information = models.FloatField()
    state = models.CharField(max_length=16, choices=TaskState.choices, db_index=True)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = ConsensusQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task", "population"], name="one_consensus_a_task_and_population"
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} on task {self.task_id}"


class GroupConsensusQuerySet(models.QuerySet["GroupConsensus"]):
    def consented(self) -> Self:
        """Rows about clips whose people allow the campaign's purpose, now."""
        return self.filter(task__cleared_until__gt=timezone.now())


class GroupConsensus(models.Model):
    """What the labels of one group of annotators add up to, where their readings stand apart."""

    fit = models.ForeignKey(Fit, on_delete=models.CASCADE, related_name="group_consensuses")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="group_consensuses")
    group = models.CharField(max_length=60)
    distribution = models.JSONField()
    n_labels = models.PositiveIntegerField()

    objects = GroupConsensusQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fit", "task", "group"], name="one_consensus_a_group_and_task"
            )
        ]

    def __str__(self) -> str:
        return f"{self.group} on task {self.task_id}"


class SummaryQuerySet(models.QuerySet["Summary"]):
    def consented(self) -> Self:
        """Rows about clips whose people allow the campaign's purpose, now."""
        return self.filter(task__cleared_until__gt=timezone.now())


class Summary(models.Model):
    """What the answers to one question about a task add up to, as its instrument says it."""

    fit = models.ForeignKey(Fit, on_delete=models.CASCADE, related_name="summaries")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="summaries")
    population = models.CharField(max_length=10, choices=Population.choices)
    question = models.CharField(max_length=40)
    value = models.JSONField()
    updated_at = models.DateTimeField(default=timezone.now)

    objects = SummaryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task", "population", "question"], name="one_summary_a_question"
            )
        ]

    def __str__(self) -> str:
        return f"{self.question} of task {self.task_id}"


class Reliability(models.Model):
    """How much of what an annotator says is about the clip, with an interval."""

    fit = models.ForeignKey(Fit, on_delete=models.CASCADE, related_name="reliabilities")
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="reliabilities")
    annotator = models.ForeignKey(User, on_delete=models.CASCADE, related_name="reliabilities")
    population = models.CharField(max_length=10, choices=Population.choices)
    value = models.FloatField()
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    mean_weight = models.FloatField()
    n_labels = models.PositiveIntegerField()
    # The newest label that is in these figures, by the fit or by updates after it.
    last_label = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "annotator", "population"], name="one_reliability_an_annotator"
            )
        ]

    def __str__(self) -> str:
        return f"{self.annotator}: {self.value:.2f}"
