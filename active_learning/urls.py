"""Addresses of this app's pages."""

from django.urls import URLPattern, URLResolver, path

from active_learning import plan_views, proposal_views, round_views, views

app_name = "active_learning"
urlpatterns: list[URLPattern | URLResolver] = [
    path("campaigns/<int:pk>/rounds/", views.rounds, name="rounds"),
    path("campaigns/<int:pk>/rounds/<int:number>/", round_views.round_page, name="round"),
    path("campaigns/<int:pk>/rounds/<int:number>/card/", round_views.card_page, name="card"),
    path("campaigns/<int:pk>/rounds/<int:number>/card.md", round_views.card_file, name="card-file"),
    path("campaigns/<int:pk>/proposals/<int:key>/", proposal_views.decide, name="proposal"),
    path("plans/", plan_views.plans_page, name="plans"),
    path("plans/<int:pk>/", plan_views.plan_page, name="plan"),
]
