"""Brings clips in: each normalised, linked to the people in it, or refused with a reason."""

from __future__ import annotations

import hashlib
import secrets
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from annotation import care
from annotation.manifest import Entries
from annotation.media import Limits, Media, UnreadableMedia, normalise
from annotation.models import Clip, ClipImport, Collection, Task
from annotation.rows import InvalidRow, Row
from annotation.saying import said
from audit.log import record
from consent import gate, recording, review
from consent.models import Participant, State

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Options:
    """Who is in the clips of a folder, and who answers for the import."""

    participant: str = ""
    actor: User | None = None
    may_approve: bool = False


def import_clips(
    entries: Entries, report: ClipImport, options: Options, progress: Progress = lambda *_: None
) -> ClipImport:
    """Import every clip listed; what is there already is left alone, so it can be repeated."""
    importer = _Importer(report.collection, options)
    for number, (name, row) in enumerate(entries, start=1):
        try:
            added = importer.add(row)
        except (InvalidRow, UnreadableMedia) as error:
            report.refused.append({"file": name, "reason": said(error)})
            what = _("refused: %(reason)s") % {"reason": said(error)}
        else:
            report.accepted += added
            report.already_there += not added
            what = _("imported") if added else _("there already")
        progress(number, len(entries), f"{name}: {what}")
    report.refused += importer.link_baselines()
    report.finished_at = timezone.now()
    report.save()
    return report


class _Importer:
    def __init__(self, collection: Collection, options: Options) -> None:
        self.collection = collection
        self.options = options
        self.limits = Limits(bytes=settings.CLIP_MAX_BYTES, duration=settings.CLIP_MAX_SECONDS)
        known = collection.clips.values_list("external_id", "sha256")
        self.sha256_of = dict(known)
        self.id_of = {sha256: external_id for external_id, sha256 in known}
        self.baselines: dict[str, str] = {}

    def add(self, row: Row | InvalidRow) -> bool:
        """Import one clip; False where it was there already."""
        if isinstance(row, InvalidRow):
            raise row
        if row.baseline:
            self.baselines[row.external_id] = row.baseline
        sha256 = _sha256(row.path)
        grant = self._grant(row)
        if self._is_known(row, sha256):
            self._complete(row, grant)
            self._flag(row)
            return False
        Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=settings.MEDIA_ROOT, prefix=".import-") as folder:
            media = normalise(row.path, Path(folder), self.limits)
            self._store(row, media, grant)
        self.sha256_of[row.external_id] = sha256
        self.id_of[sha256] = row.external_id
        return True

    def link_baselines(self) -> list[dict[str, str]]:
        """Link each clip to its neutral one, wherever that stood; return what could not be."""
        refused = []
        for name, other in self.baselines.items():
            clip = self.collection.clips.filter(external_id=name).first()
            if clip is None:
                continue
            baseline = self.collection.clips.filter(external_id=other).exclude(pk=clip.pk).first()
            if baseline is None:
                reason = InvalidRow("baseline: there is no clip {other}.", other=repr(other))
                refused.append({"file": name, "reason": said(reason)})
            elif not baseline.participants.filter(pk__in=clip.participants.all()).exists():
                reason = InvalidRow(
                    "baseline: {other} shows none of the people in this clip.", other=repr(other)
                )
                refused.append({"file": name, "reason": said(reason)})
            else:
                Clip.objects.filter(pk=clip.pk).update(baseline=baseline)
        return refused

    def _is_known(self, row: Row, sha256: str) -> bool:
        if self.sha256_of.get(row.external_id) == sha256:
            return True
        if row.external_id in self.sha256_of:
            raise InvalidRow("external_id: another clip of the collection has it. Use a new one.")
        if sha256 in self.id_of:
            raise InvalidRow(
                "The same file is in the collection, as {name}.", name=repr(self.id_of[sha256])
            )
        return False

    def _grant(self, row: Row) -> recording.Grant | None:
        if not row.consent:
            return None
        try:
            form = recording.find_form(row.consent_form)
        except recording.UnknownFormError as error:
            raise InvalidRow("consent_form: {problem}", problem=str(error)) from error
        purposes = row.consent_purposes or form.purposes
        beyond = [purpose for purpose in purposes if purpose not in form.purposes]
        if beyond:
            raise InvalidRow(
                "consent_purposes: the form does not offer {given}.", given=repr(beyond[0])
            )
        expires_at = row.consent_expires or timezone.now() + recording.LIFETIME
        if expires_at <= timezone.now():
            raise InvalidRow("consent_expires: the date has passed; ask the person again.")
        return recording.Grant(form, purposes, expires_at, row.evidence)

    @transaction.atomic
    def _complete(self, row: Row, grant: recording.Grant | None) -> None:
        """Add the people and consents that an earlier import of the clip did not name."""
        if not self._codes(row):
            return
        clip = self.collection.clips.get(external_id=row.external_id)
        people = self._people(row, grant)
        new = [person for person in people if not clip.participants.contains(person)]
        if new:
            clip.participants.add(*new)
            gate.refresh(Task.objects.with_any_of([clip.pk]))
            codes = sorted(person.code for person in new)
            record(self.options.actor, "clip.participants-added", clip, participants=codes)

    def _flag(self, row: Row) -> None:
        """Give the clip the flags that the row speaks of, if it does."""
        if row.flags is not None:
            clip = self.collection.clips.get(external_id=row.external_id)
            care.flag(clip, row.flags, self.options.actor)

    def _store(self, row: Row, media: Media, grant: recording.Grant | None) -> None:
        files: list[Path] = []
        try:
            with transaction.atomic():
                clip = self._clip(row, media, files)
                people = self._people(row, grant)
                clip.participants.set(people)
                record(self.options.actor, "clip.imported", clip, sha256=media.sha256)
        except BaseException as error:
            for file in files:
                file.unlink(missing_ok=True)
            if isinstance(error, IntegrityError):
                raise InvalidRow("Another import brought this clip in meanwhile.") from error
            raise

    def _clip(self, row: Row, media: Media, files: list[Path]) -> Clip:
        return Clip.objects.create(
            collection=self.collection,
            external_id=row.external_id,
            kind=media.kind,
            sha256=media.sha256,
            media=_keep(media.file, files),
            poster=_keep(media.poster, files) if media.poster else "",
            mime=media.mime,
            duration=media.duration or None,
            width=media.width or None,
            height=media.height or None,
            waveform=list(media.waveform),
            layers=row.layers,
            attributes=row.attributes,
            flags=list(row.flags or ()),
        )

    def _people(self, row: Row, grant: recording.Grant | None) -> list[Participant]:
        codes = self._codes(row)
        people = [Participant.objects.get_or_create(code=code)[0] for code in codes]
        if grant is None:
            return people
        for person in people:
            if recording.was_refused(person, grant.form):
                # An old list must not bring back what a person, or a reviewer, took away.
                continue
            consent = recording.give(person, grant, self.options.actor)
            wanted = row.consent == "approved" and self.options.may_approve
            if wanted and consent.state == State.PENDING:
                review.approve(consent, self.options.actor, "Approved at import.")
        return people

    def _codes(self, row: Row) -> tuple[str, ...]:
        return row.participants or tuple(filter(None, [self.options.participant]))


def _keep(path: Path, files: list[Path]) -> str:
    """Move a file to a name that nobody can guess and return it, relative to the media folder."""
    token = secrets.token_hex(16)
    name = f"clips/{token[:2]}/{token}{path.suffix}"
    target = Path(settings.MEDIA_ROOT) / name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(path, target)
    files.append(target)
    return name


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InvalidRow(
            "file: it cannot be read ({problem}).", problem=str(error.strerror)
        ) from error
