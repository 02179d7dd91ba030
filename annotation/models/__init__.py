"""Rows of the annotation app: what is shown, to whom, and what they said."""

from annotation.models.assignment import Assignment
from annotation.models.campaign import Audience, Campaign, CampaignState, Member
from annotation.models.clip import Clip, ClipImport, Collection, Kind
from annotation.models.consensus import Consensus, Fit, Reliability, Summary, TaskState
from annotation.models.export import Export
from annotation.models.label import Label, Population, Stage
from annotation.models.scheme import LabelScheme, Perspective
from annotation.models.task import Reason, Task

__all__ = [
    "Assignment",
    "Audience",
    "Campaign",
    "CampaignState",
    "Clip",
    "ClipImport",
    "Collection",
    "Consensus",
    "Export",
    "Fit",
    "Kind",
    "Label",
    "LabelScheme",
    "Member",
    "Perspective",
    "Population",
    "Reason",
    "Reliability",
    "Stage",
    "Summary",
    "Task",
    "TaskState",
]
