"""Addresses of the API that annotation answers."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import DefaultRouter

from annotation.api.alarms import AlarmsView, RulingsView
from annotation.api.campaigns import CampaignViewSet
from annotation.api.care import CareView
from annotation.api.collections import ClipViewSet, CollectionViewSet
from annotation.api.consents import ConsentFormViewSet, ConsentViewSet, ParticipantViewSet
from annotation.api.exports import CampaignExportsView, ExportFileView, ExportView
from annotation.api.gold import GoldView, KnownClipView
from annotation.api.labelling import BatchView, LabelView, NextView, RenewView, SkipView
from annotation.api.members import MembersView

router = DefaultRouter(use_regex_path=False)
router.include_root_view = False
router.include_format_suffixes = False
router.register("campaigns", CampaignViewSet, basename="campaign")
router.register("collections", CollectionViewSet, basename="collection")
router.register("clips", ClipViewSet, basename="clip")
router.register("participants", ParticipantViewSet, basename="participant")
router.register("consent-forms", ConsentFormViewSet, basename="consent-form")
router.register("consents", ConsentViewSet, basename="consent")

urlpatterns: list[URLPattern | URLResolver] = [
    path("campaigns/<int:campaign>/next/", NextView.as_view(), name="api-next"),
    path("campaigns/<int:campaign>/batch/", BatchView.as_view(), name="api-batch"),
    path("campaigns/<int:campaign>/exports/", CampaignExportsView.as_view(), name="api-exports"),
    path("campaigns/<int:campaign>/members/", MembersView.as_view(), name="api-members"),
    path("campaigns/<int:campaign>/gold/", GoldView.as_view(), name="api-gold"),
    path(
        "campaigns/<int:campaign>/gold/<int:task>/", KnownClipView.as_view(), name="api-known-clip"
    ),
    path("campaigns/<int:campaign>/alarms/", AlarmsView.as_view(), name="api-alarms"),
    path(
        "campaigns/<int:campaign>/alarms/<int:alarm>/rulings/",
        RulingsView.as_view(),
        name="api-rulings",
    ),
    path("assignments/<int:assignment>/label/", LabelView.as_view(), name="api-label"),
    path("assignments/<int:assignment>/skip/", SkipView.as_view(), name="api-skip"),
    path("assignments/<int:assignment>/renew/", RenewView.as_view(), name="api-renew"),
    path("care/", CareView.as_view(), name="api-care"),
    path("exports/<int:export>/", ExportView.as_view(), name="api-export"),
    path("exports/<int:export>/file/", ExportFileView.as_view(), name="api-export-file"),
    path("", include(router.urls)),
]
