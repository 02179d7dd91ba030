"""A person who signs in, by e-mail, with one role."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    ANNOTATOR = "annotator", _("Annotator")
    EXPERT = "expert", _("Expert")
    RESEARCHER = "researcher", _("Researcher")
    REVIEWER = "consent_reviewer", _("Consent reviewer")
    ADMINISTRATOR = "administrator", _("Administrator")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, role=Role.ADMINISTRATOR, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    role = models.CharField(
        _("role"), max_length=20, choices=Role.choices, default=Role.ANNOTATOR, db_index=True
    )
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_ignoring_case")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_annotator(self) -> bool:
        """Whether the person labels clips, as one of the crowd or as an expert."""
        return self.role in (Role.ANNOTATOR, Role.EXPERT)

    @property
    def is_expert(self) -> bool:
        return self.role == Role.EXPERT

    @property
    def is_researcher(self) -> bool:
        """Whether the person may launch campaigns; an administrator may."""
        return self.role in (Role.RESEARCHER, Role.ADMINISTRATOR)

    @property
    def is_consent_reviewer(self) -> bool:
        """Whether the person may decide on consent; an administrator may."""
        return self.role in (Role.REVIEWER, Role.ADMINISTRATOR)

    @property
    def is_administrator(self) -> bool:
        return self.role == Role.ADMINISTRATOR

    @property
    def is_staff(self) -> bool:
        return self.is_administrator
