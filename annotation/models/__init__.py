"""Rows of the annotation app: what is shown, to whom, and what they said."""

from annotation.models.adjudication import Adjudication
from annotation.models.alarm import Alarm, AlarmKind, AlarmState, Outcome, Ruling
from annotation.models.assignment import STOPS, Assignment, Probe
from annotation.models.campaign import (
    Audience,
    Campaign,
    CampaignState,
    Learner,
    Member,
    Standing,
    Strategy,
    Veil,
)
from annotation.models.care import Break, Care
from annotation.models.clip import Clip, ClipImport, Collection, Kind
from annotation.models.consensus import (
    Consensus,
    Fit,
    GroupConsensus,
    Reliability,
    Summary,
    TaskState,
)
from annotation.models.export import Export
from annotation.models.gold import Gold, GoldSource
from annotation.models.label import Label, Population, Stage
from annotation.models.scheme import LabelScheme, Perspective
from annotation.models.score import Score
from annotation.models.task import Need, Reason, Task, TaskClip

__all__ = [
    "STOPS",
    "Adjudication",
    "Alarm",
    "AlarmKind",
    "AlarmState",
    "Assignment",
    "Audience",
    "Break",
    "Campaign",
    "CampaignState",
    "Care",
    "Clip",
    "ClipImport",
    "Collection",
    "Consensus",
    "Export",
    "Fit",
    "Gold",
    "GoldSource",
    "GroupConsensus",
    "Kind",
    "Label",
    "LabelScheme",
    "Learner",
    "Member",
    "Need",
    "Outcome",
    "Perspective",
    "Population",
    "Probe",
    "Reason",
    "Reliability",
    "Ruling",
    "Score",
    "Stage",
    "Standing",
    "Strategy",
    "Summary",
    "Task",
    "TaskClip",
    "TaskState",
    "Veil",
]
