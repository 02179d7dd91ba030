"""A campaign: a collection, a question, and the people who are asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from annotation.models.clip import Clip, Collection, Kind
from annotation.models.scheme import LabelScheme
from consent import gate
from consent.models import Purpose


def seldom(every: int) -> None:
    """Refuse probes so frequent that little of what people meet is work."""
    if 0 < every < SELDOM:
        raise ValidationError(_("Give 0 for never, or at least %(n)d.") % {"n": SELDOM})


SELDOM = 5
EVERY: list[Callable[[Any], None]] = [seldom, MaxValueValidator(1000)]
SHARE = [MinValueValidator(0.0), MaxValueValidator(1.0)]


def blind_only() -> list[str]:
    return ["blind"]


class CampaignState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    FINISHED = "finished", _("Finished")


class Audience(models.TextChoices):
    CROWD = "crowd", _("Every annotator")
    EXPERT = "expert", _("Experts")
    INVITED = "invited", _("Invited annotators only")


class Veil(models.TextChoices):
    """How a flagged clip is shown at first, until the annotator chooses to see it."""

    BLUR = "blur", _("Blurred")
    GREY = "grey", _("Grey")
    MUTE = "mute", _("Without sound")
    NONE = "none", _("As it is")


class Standing(models.TextChoices):
    """Whether an annotator is served in a campaign."""

    WORKING = "working", _("Working")
    PAUSED = "paused", _("Paused until somebody has looked")
    STOPPED = "stopped", _("Gets no more clips")


class Learner(models.TextChoices):
    """What learns from the labels; `active_learning.learners` knows how."""

    LOGISTIC = "logistic", _("Logistic regression")
    BOOSTING = "boosting", _("Boosted trees")
    NETWORK = "network", _("Small neural network")
    COMMITTEE = "committee", _("Committee of all three")


class Strategy(models.TextChoices):
    """What makes a clip worth asking about; `active_learning.strategies` knows how."""

    MARGIN = "margin", _("Narrow margin between the two likeliest answers")
    LEAST_CONFIDENCE = "least-confidence", _("Least confidence in the likeliest answer")
    ENTROPY = "entropy", _("Entropy of the prediction")
    VOTE_ENTROPY = "vote-entropy", _("Committee: split votes")
    KL_DIVERGENCE = "kl-divergence", _("Committee: distance from their mean")
    MUTUAL_INFORMATION = "mutual-information", _("Committee: what a label would tell")
    DENSITY_WEIGHTED = "density-weighted", _("What a label would tell, of typical clips")
    RANKED_BATCH = "ranked-batch", _("Doubtful and unlike the rest of the batch")
    K_CENTRE = "k-centre", _("As far from all labelled clips as can be")
    RANDOM = "random", _("By chance alone")


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def running(self) -> Self:
        return self.filter(state=CampaignState.RUNNING)

    def managed_by(self, user: User) -> Self:
        """Campaigns whose settings and figures `user` may see and change."""
        if user.is_administrator:
            return self.all()
        return self.filter(owner=user) if user.is_researcher else self.none()

    def open_to(self, user: User) -> Self:
        """Campaigns that ask for the labels of somebody like `user`."""
        if not user.is_annotator:
            return self.none()
        begun = self.exclude(state=CampaignState.DRAFT)
        invited = Q(pk__in=Member.objects.filter(user=user).values("campaign"))
        if user.role == Role.EXPERT:
            return begun.filter(~Q(audience=Audience.INVITED) | invited)
        return begun.filter(Q(audience=Audience.CROWD) | invited)

    def visible_to(self, user: User) -> Self:
        """Campaigns that `user` manages or labels in."""
        return self.managed_by(user) | self.open_to(user)


class Campaign(models.Model):
    name = models.CharField(_("name"), max_length=120, unique=True)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="campaigns")
    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="campaigns")
    scheme = models.ForeignKey(LabelScheme, on_delete=models.PROTECT, related_name="campaigns")
    instructions = models.TextField(_("instructions"), blank=True)
    purpose = models.CharField(_("purpose"), max_length=80, choices=Purpose.choices)
    audience = models.CharField(
        _("audience"), max_length=10, choices=Audience.choices, default=Audience.CROWD
    )
    redundancy = models.PositiveSmallIntegerField(
        _("labels per clip"), default=3, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    most_labels = models.PositiveSmallIntegerField(
        _("labels at most"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Where people differ. Empty: as many for every clip."),
    )
    audit_share = models.FloatField(
        _("random audit share"),
        default=0.15,
        validators=[MinValueValidator(0.05), MaxValueValidator(1.0)],
    )
    lease_seconds = models.PositiveIntegerField(
        _("seconds a clip is reserved"),
        default=900,
        validators=[MinValueValidator(30), MaxValueValidator(24 * 3600)],
    )
    round_every = models.PositiveIntegerField(
        _("labels between learning rounds"), default=200, help_text=_("0: by hand only")
    )
    warm_up = models.PositiveIntegerField(
        _("labels of each answer before the learner may choose"), default=50
    )
    round_hours = models.PositiveIntegerField(
        _("hours between learning rounds"),
        default=0,
        validators=[MaxValueValidator(24 * 366)],
        help_text=_("0: not by the clock"),
    )
    learner = models.CharField(
        _("learner"), max_length=12, choices=Learner.choices, default=Learner.LOGISTIC
    )
    strategy = models.CharField(
        _("what is asked first"), max_length=20, choices=Strategy.choices, default=Strategy.MARGIN
    )
    vectors = models.CharField(
        _("own vectors"),
        max_length=80,
        blank=True,
        help_text=_("A set of vectors of the collection, by its name. Empty: our own features."),
    )
    test_share = models.FloatField(
        _("share of people kept for judging the learner"),
        default=0.2,
        validators=[MinValueValidator(0.0), MaxValueValidator(0.5)],
    )
    stages = models.JSONField(
        _("stages"), default=blind_only, help_text=_("blind, then context, then assisted")
    )
    layers = models.JSONField(_("layers of context"), default=list, blank=True)
    context_first_share = models.FloatField(
        _("share that sees the context first"), default=0.2, validators=SHARE
    )
    never_suggested_share = models.FloatField(
        _("share that never sees a suggestion"), default=0.1, validators=SHARE
    )
    undo_seconds = models.PositiveIntegerField(
        _("seconds in which an answer may be changed"),
        default=60,
        validators=[MaxValueValidator(3600)],
    )
    full_view = models.BooleanField(_("an answer needs a full view"), default=True)
    captions = models.BooleanField(_("captions from the start"), default=False)
    comparisons_per_clip = models.PositiveSmallIntegerField(
        _("comparisons of each clip"),
        null=True,
        blank=True,
        validators=[MinValueValidator(2), MaxValueValidator(100)],
        help_text=_("Only where clips are compared. Empty: 6 in pairs, 8 in fours."),
    )
    veil = models.CharField(
        _("flagged clips are first shown"), max_length=5, choices=Veil.choices, default=Veil.BLUR
    )
    # Limits on what one person is asked to bear; 0 is no limit.
    session_minutes = models.PositiveIntegerField(_("minutes on end"), default=20)
    daily_minutes = models.PositiveIntegerField(_("minutes in 24 hours"), default=60)
    flagged_before_break = models.PositiveIntegerField(_("flagged clips before a break"), default=3)
    break_minutes = models.PositiveIntegerField(
        _("minutes of a break"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(24 * 60)],
    )
    support_url = models.CharField(
        _("link to support"),
        max_length=200,
        blank=True,
        validators=[URLValidator(schemes=["https", "http"])],
    )
    support_text = models.CharField(_("words about support"), max_length=300, blank=True)
    # Probes: how often annotators meet clips that show whether they look; 0 is never.
    training_clips = models.PositiveSmallIntegerField(
        _("clips with feedback first"), default=0, validators=[MaxValueValidator(50)]
    )
    entry_checks = models.PositiveSmallIntegerField(
        _("clips of known reading first"), default=8, validators=[MaxValueValidator(50)]
    )
    check_every = models.PositiveSmallIntegerField(
        _("then one of known reading in"), default=15, validators=EVERY
    )
    repeat_every = models.PositiveSmallIntegerField(
        _("a clip met before, one in"), default=0, validators=EVERY
    )
    attention_every = models.PositiveSmallIntegerField(
        _("an instruction to follow, one in"), default=0, validators=EVERY
    )
    n_gold = models.PositiveIntegerField(default=0, editable=False)
    n_teaching = models.PositiveIntegerField(default=0, editable=False)
    # A question about the annotators themselves, which nobody has to answer.
    group_prompt = models.CharField(_("question about the annotator"), max_length=300, blank=True)
    group_options = models.JSONField(_("its answers"), default=list, blank=True)
    # The flags of all its clips together: what annotators are told of before they begin.
    flags = models.PositiveIntegerField(default=0, editable=False)
    seed = models.PositiveIntegerField(default=0)
    n_tasks = models.PositiveIntegerField(default=0, editable=False)
    state = models.CharField(
        max_length=10, choices=CampaignState.choices, default=CampaignState.DRAFT, db_index=True
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(redundancy__gte=1, redundancy__lte=100), name="redundancy_1_to_100"
            ),
            models.CheckConstraint(
                condition=Q(most_labels=None)
                | Q(most_labels__gte=F("redundancy"), most_labels__lte=100),
                name="most_labels_from_redundancy_to_100",
            ),
            models.CheckConstraint(
                condition=Q(audit_share__gte=0.05, audit_share__lte=1), name="audit_share_in_range"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.most_labels is not None and self.most_labels < self.redundancy:
            least = {"n": self.redundancy}
            error = _("Give at least as many as every clip gets: %(n)d.") % least
            raise ValidationError({"most_labels": error})

    def is_managed_by(self, user: User) -> bool:
        """Return what `managed_by` asks of the database, of this one campaign."""
        return user.is_administrator or (user.is_researcher and self.owner_id == user.pk)

    def layers_of(self, clip: Clip) -> list[str]:
        """Return the layers of the clip's context that are revealed here, in order."""
        there = clip.layer_names
        return [name for name in self.layers if name in there] if self.layers else there

    def may_show(self, clip: Clip) -> bool:
        """Return whether everybody in a clip allows this campaign's purpose, now."""
        return gate.allows(clip.participants.all(), self.purpose)

    def veil_over(self, kind: str) -> str:
        """Return how a flagged clip of this kind is shown at first; "" where it is not veiled.

        Whatever the veil, it hides something: a sound has no picture to blur, a picture no sound.
        """
        if self.veil == Veil.NONE:
            return ""
        if kind == Kind.AUDIO:
            return Veil.MUTE
        return Veil.BLUR if kind == Kind.IMAGE and self.veil == Veil.MUTE else self.veil

    @property
    def is_running(self) -> bool:
        return self.state == CampaignState.RUNNING


class Member(models.Model):
    """An annotator's seat in a campaign: made by an invitation, or when they first enter.

    Serving locks it, so that two requests of one annotator come one after the other, and keeps
    its counters here, so that nothing has to be counted.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    served = models.PositiveIntegerField(default=0)
    labelled = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    # How many probes of a kind were served.
    trained = models.PositiveIntegerField(default=0)
    tested = models.PositiveIntegerField(default=0)
    standing = models.CharField(
        max_length=10, choices=Standing.choices, default=Standing.WORKING, db_index=True
    )
    # Whether the labels count; somebody decided so, with reasons, where they do not.
    heard = models.BooleanField(default=True)
    # The flags of the campaign's clips that the annotator was told of.
    told_flags = models.PositiveIntegerField(default=0)
    # What they said of themselves, empty where they did not, and whether they were asked.
    group = models.CharField(max_length=60, blank=True)
    group_asked = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "user"], name="member_once_in_a_campaign")
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.campaign}"

    @property
    def credited(self) -> int:
        """Clips that count as work done, for pay and progress: a skip or a stop like a label."""
        return self.labelled + self.skipped
