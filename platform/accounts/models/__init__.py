"""People, the tokens their scripts carry and the invitations that let them in."""

from accounts.models.invitation import Invitation
from accounts.models.token import ApiToken
from accounts.models.user import Role, User

__all__ = ["ApiToken", "Invitation", "Role", "User"]
