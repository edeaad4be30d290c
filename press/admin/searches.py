"""What readers looked for, and what they did not find: to be read, never changed."""

from datetime import timedelta

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils.translation import gettext as _

from embassy import clock
from press.models import SearchCount
from press.search_counts import most_wanted, not_found

SPANS = (7, 30, 365)
USUAL_SPAN = 30


@admin.register(SearchCount)
class SearchCountAdmin(admin.ModelAdmin):
    """One page for everybody who may see messages."""

    def has_add_permission(self, request):
        """Never: readers' searches are counted, not written."""
        return False

    def has_change_permission(self, request, obj=None):
        """Never."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Never: old counts go by themselves."""
        return False

    def has_view_permission(self, request, obj=None):
        """Whoever may see messages."""
        return request.user.has_perm("press.view_message")

    def has_module_permission(self, request):
        """As for the page."""
        return self.has_view_permission(request)

    def changelist_view(self, request, extra_context=None):
        """What was looked for in the last days, the most frequent first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = request.GET.get("days", "")
        days = int(asked) if asked in map(str, SPANS) else USUAL_SPAN
        since = clock.host_date(request.at) - timedelta(days=days - 1)
        context = {
            **self.admin_site.each_context(request),
            "title": _("What readers look for"),
            "opts": self.opts,
            "spans": SPANS,
            "days": days,
            "since": since,
            "missing": not_found(since),
            "wanted": most_wanted(since),
        }
        return render(request, "admin/press/searchcount/change_list.html", context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """There is nothing to see of one count alone."""
        raise PermissionDenied
