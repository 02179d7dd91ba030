"""Addresses of this app's pages."""

from django.urls import URLPattern, URLResolver, include, path

from annotation.views import (
    agreement,
    alarms,
    ambiguity,
    annotators,
    campaigns,
    care,
    cases,
    collections,
    exports,
    gold,
    joining,
    label,
    lesson,
)
from annotation.views import standing as standings
from annotation.views.home import home
from annotation.views.media import MediaView

pages: list[URLPattern | URLResolver] = [
    path("campaigns/", campaigns.campaigns, name="campaigns"),
    path("campaigns/new/", campaigns.launch, name="launch"),
    path("campaigns/new/preview/", campaigns.launch_preview, name="launch-preview"),
    path("campaigns/<int:pk>/", campaigns.campaign, name="campaign"),
    path("campaigns/<int:pk>/figures/", campaigns.campaign_figures, name="figures"),
    path("campaigns/<int:pk>/state/", campaigns.campaign_state, name="campaign-state"),
    path("campaigns/<int:pk>/exports/", exports.export_create, name="export-create"),
    path("campaigns/<int:pk>/invite/", joining.invite, name="invite"),
    path("campaigns/<int:pk>/join/", joining.join, name="join"),
    path("campaigns/<int:pk>/label/", label.label, name="label"),
    path("campaigns/<int:pk>/agreement/", agreement.agreement, name="agreement"),
    path("campaigns/<int:pk>/ambiguity/", ambiguity.ambiguity, name="ambiguity"),
    path("campaigns/<int:pk>/annotators/", annotators.annotators, name="annotators"),
    path("campaigns/<int:pk>/annotators/<int:user_pk>/", annotators.annotator, name="annotator"),
    path("campaigns/<int:pk>/lessons/<int:label_pk>/", lesson.lesson, name="lesson"),
    path("campaigns/<int:pk>/standing/", standings.standing, name="standing"),
    path("campaigns/<int:pk>/cases/", cases.cases, name="cases"),
    path("campaigns/<int:pk>/cases/<int:task_pk>/", cases.case, name="case"),
    path("campaigns/<int:pk>/gold/", gold.gold, name="gold"),
    path("campaigns/<int:pk>/gold/<int:task_pk>/", gold.unmark, name="gold-unmark"),
    path("campaigns/<int:pk>/alarms/", alarms.alarms, name="alarms"),
    path("campaigns/<int:pk>/alarms/<int:alarm_pk>/", alarms.alarm, name="alarm"),
    path("care/", care.mine, name="care"),
    path("care/<int:pk>/group/", care.my_group, name="my-group"),
    path("clips/<int:pk>/flags/", care.clip_flags, name="clip-flags"),
    path("exports/<int:pk>/file/", exports.export_file, name="export-file"),
    path("collections/", collections.collections, name="collections"),
    path("collections/<int:pk>/", collections.collection, name="collection"),
    path("collections/<int:pk>/upload/", collections.upload, name="upload"),
    path("imports/<int:pk>/", collections.clip_import, name="import"),
    path("media/<str:token>/", MediaView.as_view(), name="media"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("", include((pages, "annotation"))),
]
