"""`Authorization: Bearer …`: the user whose token a script carries."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import ApiToken, User
from accounts.models.token import PREFIX, fingerprint


class TokenAuthentication(BaseAuthentication):
    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _space, secret = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != self.keyword.lower():
            return None
        token = (
            ApiToken.objects.select_related("user").filter(hash=fingerprint(secret.strip())).first()
        )
        if token is None or not secret.startswith(PREFIX):
            raise AuthenticationFailed(_("This token is not known. Make one with create_token."))
        self._refuse_spent(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return self.keyword

    def _refuse_spent(self, token: ApiToken) -> None:
        if token.revoked_at or not token.user.is_active:
            raise AuthenticationFailed(_("This token was revoked. Make a new one."))
        if token.expires_at <= timezone.now():
            raise AuthenticationFailed(
                _("This token expired on %(day)s. Make a new one.")
                % {"day": token.expires_at.date().isoformat()}
            )


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "accounts.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
