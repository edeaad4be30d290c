"""Who may come in: accounts are deactivated, never deleted, and nobody makes himself more than he is."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django_otp.plugins.otp_totp.admin import TOTPDevice

from embassy import audit_admin, second_factor  # noqa: F401 (Django looks for this module only)

# Whoever could set these for himself could do everything.
POWERS = frozenset({"is_superuser", "groups", "user_permissions"})

admin.site.unregister(User)
admin.site.unregister(Group)
# It shows the secrets.
admin.site.unregister(TOTPDevice)


@admin.register(User)
class OfficeUserAdmin(UserAdmin):
    """Accounts. Powers are given by superusers only, and superusers are changed by superusers only."""

    change_form_template = "admin/user_change_form.html"
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

    def get_urls(self):
        """Beside Django's own, the page that takes a second factor away."""
        page = self.admin_site.admin_view(self.second_factor_view)
        return [path("<int:user_id>/second-factor/", page, name="auth_user_second_factor"), *super().get_urls()]

    def second_factor_view(self, request, user_id):
        """Take somebody else's second factor away, for superusers. Raises PermissionDenied and Http404."""
        if not request.user.is_superuser or request.user.pk == user_id:
            raise PermissionDenied
        user = self.get_object(request, str(user_id))
        if user is None:
            raise Http404
        change_url = reverse("admin:auth_user_change", args=[user.pk])
        if request.method == "POST":
            second_factor.reset(user)
            self.message_user(request, _("The second factor of %s is reset.") % user)
            return redirect(change_url)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Second factor"),
            "opts": self.opts,
            "account": user,
            "change_url": change_url,
            "telephone": second_factor.telephone_of(user),
            "passkeys": second_factor.passkeys_of(user),
        }
        return render(request, "admin/second_factor/reset.html", context)


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
