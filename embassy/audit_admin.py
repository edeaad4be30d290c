"""The audit log in the office: administrators read it, nobody writes it."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from embassy.models import AuditRecord
from embassy.moments import in_host_city


@admin.register(AuditRecord)
class AuditRecordAdmin(admin.ModelAdmin):
    """A list, and each record whole; for superusers."""

    list_display = ["moment", "what", "who", "account", "address", "in_words"]
    list_filter = ["what"]
    list_select_related = ["by", "about"]
    list_per_page = 100
    show_full_result_count = False
    search_fields = ["by__username", "about__username", "address", "request_id"]
    fields = ["moment", "what", "by", "about", "address", "in_words", "request_id"]
    readonly_fields = fields
    actions = None

    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_module_permission(self, request):
        return request.user.is_superuser

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("when"), ordering="pk")
    def moment(self, record):
        """When, in the host city's time."""
        return in_host_city(record.at)

    @admin.display(description=_("who"), ordering="by__username")
    def who(self, record):
        """Who did it."""
        return record.by

    @admin.display(description=_("whose account"), ordering="about__username")
    def account(self, record):
        """Whose account it was about."""
        return record.about

    @admin.display(description=_("details"))
    def in_words(self, record):
        """The details, as name: value."""
        return "; ".join(f"{name}: {_shown(value)}" for name, value in record.details.items())


def _shown(value):
    return ", ".join(map(str, value)) if isinstance(value, list) else value
