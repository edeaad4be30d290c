"""Who may come in: accounts are deactivated, never deleted, and nobody makes himself more than he is."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q

from embassy import audit_admin  # noqa: F401 (Django looks for this module only)

# Whoever could set these for himself could do everything.
POWERS = frozenset({"is_superuser", "groups", "user_permissions"})

admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class OfficeUserAdmin(UserAdmin):
    """Accounts. Powers are given by superusers only, and superusers are changed by superusers only."""

    # Nobody types these; a form would cut their seconds, and refuse the hour that a clock change repeats.
    readonly_fields = ("last_login", "date_joined")

    def get_fieldsets(self, request, obj=None):
        """Without the powers, for those who may not give them: what is not in the form is not saved."""
        fieldsets = super().get_fieldsets(request, obj)
        if request.user.is_superuser:
            return fieldsets
        return [(name, {**options, "fields": _without_powers(options["fields"])}) for name, options in fieldsets]

    def has_change_permission(self, request, obj=None):
        """Only who may do all that the account may do changes it: whoever sets password or e-mail has the account."""
        allowed = super().has_change_permission(request, obj)
        if not allowed or obj is None or request.user.is_superuser:
            return allowed
        return not obj.is_superuser and _powers_of(obj) <= _powers_of(request.user)

    def has_delete_permission(self, request, obj=None):
        """Never: editions keep who wrote and who released them."""
        return False


@admin.register(Group)
class OfficeGroupAdmin(GroupAdmin):
    """Groups are powers: superusers keep them, the others may see them."""

    def has_add_permission(self, request):
        return request.user.is_superuser

    def has_change_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_delete_permission(self, request, obj=None):
        return request.user.is_superuser


def _powers_of(user):
    """What `user` may do, or could if the account were active."""
    return set(Permission.objects.filter(Q(user=user) | Q(group__user=user)).values_list("pk", flat=True))


def _without_powers(fields):
    return tuple(field for field in fields if field not in POWERS)
