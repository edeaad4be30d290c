"""Who may come in: accounts are deactivated, never deleted, and nobody makes himself more than he is."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User

# Whoever could set these for himself could do everything.
POWERS = frozenset({"is_superuser", "groups", "user_permissions"})

admin.site.unregister(User)


@admin.register(User)
class OfficeUserAdmin(UserAdmin):
    """Accounts. Powers are given by superusers only, and superusers are changed by superusers only."""

    def get_fieldsets(self, request, obj=None):
        """Without the powers, for those who may not give them: what is not in the form is not saved."""
        fieldsets = super().get_fieldsets(request, obj)
        if request.user.is_superuser:
            return fieldsets
        return [(name, {**options, "fields": _without_powers(options["fields"])}) for name, options in fieldsets]

    def has_change_permission(self, request, obj=None):
        """Nobody else changes a superuser: whoever sets the password has the account."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (request.user.is_superuser or not (obj and obj.is_superuser))

    def has_delete_permission(self, request, obj=None):
        """Never: editions keep who wrote and who released them."""
        return False


def _without_powers(fields):
    return tuple(field for field in fields if field not in POWERS)
