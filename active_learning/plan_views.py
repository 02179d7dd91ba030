"""Pages of plans: asking what a campaign would reach and cost, and the answer."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from accounts.models import User
from active_learning import plan_forms, plan_tables, plan_words
from active_learning.models import Plan
from active_learning.plan_forms import PlanForm
from active_learning.plan_serializers import ask
from annotation.models import Collection
from annotation.views.access import researcher

PAGE_SIZE = 20


@login_required
@never_cache
def plans_page(request: HttpRequest) -> HttpResponse:
    """List the person's plans; ask for one."""
    user = researcher(request)
    form = PlanForm(request.POST or None, user=user, initial=_initial(request, user))
    if request.method == "POST" and form.is_valid():
        plan = ask(form.cleaned_data["asked"], user)
        return redirect("active_learning:plan", plan.pk)
    rows = Plan.objects.visible_to(user).select_related("collection", "job")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    for plan in page:
        vars(plan)["told"] = plan_words.ways(plan)
    return render(request, "active_learning/plans.html", {"form": form, "page": page})


@login_required
@never_cache
def plan_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a plan; the part that changes alone for htmx while a job is at it."""
    mine = Plan.objects.visible_to(researcher(request))
    plan = get_object_or_404(mine.select_related("collection", "pilot", "job"), pk=pk)
    context = {
        "plan": plan,
        "step": plan_words.step(plan.job),
        "told": plan_words.ways(plan),
        **(plan_tables.described(plan) if plan.result else {}),
    }
    partial = bool(request.headers.get("HX-Request"))
    name = "active_learning/_plan.html" if partial else "active_learning/plan.html"
    return render(request, name, context)


def _initial(request: HttpRequest, user: User) -> dict[str, Any]:
    like = _of(Plan.objects.visible_to(user), request.GET.get("like"))
    collection = _of(Collection.objects.all(), request.GET.get("collection"))
    return plan_forms.initial(collection, like)


def _of(rows: Any, key: str | None) -> Any:
    return rows.filter(pk=key).first() if key and key.isdecimal() and len(key) < 18 else None
