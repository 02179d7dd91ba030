"""Pages of collections: what is in them, and bringing clips in."""

from __future__ import annotations

import secrets
from pathlib import Path, PurePath
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from accounts.models import User
from annotation.models import STOPS, Assignment, ClipImport, Collection, Kind
from annotation.views.access import researcher
from annotation.views.forms import CollectionForm, UploadForm
from audit.log import record
from consent.models import Consent, Participant, State
from jobs.models import Job
from jobs.queue import enqueue

PAGE_SIZE = 50


@login_required
def collections(request: HttpRequest) -> HttpResponse:
    """List the collections; make one."""
    user = researcher(request)
    form = CollectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.instance.owner = user
            made = form.save()
            record(user, "collection.created", made)
        return redirect("annotation:upload", made.pk)
    rows = Collection.objects.annotate(
        n_clips=Count("clips", distinct=True), newest=Max("clips__created_at")
    ).order_by("name")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "annotation/collections.html", {"form": form, "page": page})


@login_required
def collection(request: HttpRequest, pk: int) -> HttpResponse:
    """List the clips of a collection with who is in them and what they allow; no media."""
    researcher(request)
    found = get_object_or_404(Collection, pk=pk)
    people = Prefetch("participants", Participant.objects.annotate(**_consent_facts()))
    stopped = _people_who_stopped()
    clips = found.clips.prefetch_related(people).annotate(stopped=stopped).order_by("external_id")
    context = {
        "collection": found,
        "page": Paginator(clips, PAGE_SIZE).get_page(request.GET.get("page")),
        "kinds": _kinds(found),
        "people": _people(found),
        "imports": found.imports.all()[:5],
    }
    return render(request, "annotation/collection.html", context)


def _people_who_stopped() -> Subquery:
    stops = Assignment.objects.filter(task__clip=OuterRef("pk"), skip_reason__in=STOPS).order_by()
    people = stops.values("task__clip").annotate(n=Count("annotator", distinct=True))
    return Subquery(people.values("n"))


def _consent_facts() -> dict[str, Exists]:
    consents = Consent.objects.filter(participant=OuterRef("pk"))
    return {
        "in_force": Exists(consents.in_force()),
        "is_waiting": Exists(consents.filter(state=State.PENDING)),
    }


def _kinds(found: Collection) -> list[tuple[str, int]]:
    counted = found.clips.order_by().values_list("kind").annotate(n=Count("pk"))
    return [(str(Kind(kind).label), n) for kind, n in counted]


def _people(found: Collection) -> dict[str, int]:
    seen = found.clips.order_by().values("participants")
    people = Participant.objects.filter(pk__in=seen)
    in_force, waiting = _consent_facts().values()
    return {
        "everybody": people.count(),
        "in_force": people.filter(in_force).count(),
        "waiting": people.filter(waiting).exclude(in_force).count(),
    }


@login_required
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Take clips and a manifest, and have a job bring them in."""
    user = researcher(request)
    found = get_object_or_404(Collection, pk=pk)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        report = _store(found, form.cleaned_data, user)
        return redirect("annotation:import", report.pk)
    return render(request, "annotation/upload.html", {"collection": found, "form": form})


def _store(found: Collection, sent: dict[str, Any], user: User) -> ClipImport:
    folder = Path(settings.UPLOAD_ROOT) / secrets.token_hex(16)
    clips = folder / "clips"
    clips.mkdir(parents=True)
    for file in sent["clips"]:
        _write(file, clips / _plain_name(file))
    source = clips
    if manifest := sent["manifest"]:
        source = folder / f"manifest{PurePath(_plain_name(manifest)).suffix or '.csv'}"
        _write(manifest, source)
    options = {
        "folder": str(folder),
        "source": str(source),
        "media_root": str(clips),
        "participant": sent["participant"].strip(),
        "language": get_language(),
    }
    with transaction.atomic():
        report = ClipImport.objects.create(
            collection=found, created_by=user, source=_told(sent), options=options
        )
        record(user, "import.requested", report, files=len(sent["clips"]))
        enqueue("ingest", key=f"ingest:{report.pk}", report=report.pk)
    return report


def _write(file: UploadedFile[Any], path: Path) -> None:
    with path.open("wb") as target:
        for chunk in file.chunks():
            target.write(chunk)


def _plain_name(file: UploadedFile[Any]) -> str:
    """Return the name the browser gave, without folders and not hidden."""
    return PurePath((file.name or "").replace("\\", "/")).name.lstrip(".")[:150] or "unnamed"


def _told(sent: dict[str, Any]) -> str:
    names = [_plain_name(file) for file in sent["clips"]]
    manifest = sent["manifest"]
    return _plain_name(manifest) if manifest else ", ".join(names)[:300]


@login_required
@never_cache
def clip_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how an import goes and what was refused; the part that moves alone for htmx."""
    researcher(request)
    report = get_object_or_404(ClipImport.objects.select_related("collection"), pk=pk)
    job = Job.objects.filter(dedupe_key=f"ingest:{report.pk}").order_by("-pk").first()
    context = {
        "report": report,
        "job": job,
        "is_over": report.finished_at is not None or (job is not None and job.is_over),
        "now": timezone.now(),
    }
    partial = bool(request.headers.get("HX-Request"))
    return render(
        request, "annotation/_import.html" if partial else "annotation/import.html", context
    )
