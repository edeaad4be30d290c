"""The history of a message, the difference of any two versions of it, and the way back to one."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from embassy.moments import in_host_city
from press.admin.act_page import ActPage
from press.content import as_data, content_of
from press.difference import differences
from press.forms import PlainForm
from press.models import Event
from press.versions import restore

# The events that made a version.
WRITING = (Event.What.WRITTEN, Event.What.CHANGED, Event.What.RESTORED, Event.What.IMPORTED)


def number_of(text):
    """The number of a version in a request; 0 where there is none. No request names a version too large to be one."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 0


class VersionPages:
    """For the admin of a kind: its messages' history and differences."""

    def get_urls(self):
        """The page of differences, before Django's own."""
        name = f"press_{self.opts.model_name}_difference"
        view = self.admin_site.admin_view(self.difference_view)
        return [path("<int:object_id>/difference/", view, name=name), *super().get_urls()]

    def history_view(self, request, object_id, extra_context=None):
        """Every act and every version: who, when, what."""
        message = self.message_or_none(request, object_id) if number_of(object_id) else None
        if message is None:
            return self.not_there(request, object_id)
        versions = list(message.versions.select_related("by").defer("content"))
        may_write = self.has_change_permission(request, message)
        context = {
            "title": gettext("History"),
            "rows": self._rows(message, {version.number for version in versions}, may_write),
            "versions": versions,
            "difference_url": self.address_of("difference", message),
        }
        return self._version_page(request, message, "admin/press/history.html", context)

    def difference_view(self, request, object_id):
        """What version `to` says otherwise than version `from`, in words; without `from` everything is new."""
        message = self.message_or_none(request, object_id)
        if message is None:
            return self.not_there(request, object_id)
        new = self._version_or_404(message, number_of(request.GET.get("to")))
        earlier = number_of(request.GET.get("from"))
        old = self._version_or_404(message, earlier) if earlier else None
        context = {
            "title": gettext("Difference"),
            "old": old,
            "new": new,
            "differences": differences(old.content if old else _nothing(new.content), new.content),
            "versions": list(message.versions.select_related("by").defer("content")),
            "difference_url": self.address_of("difference", message),
        }
        return self._version_page(request, message, "admin/press/difference.html", context)

    def _version_or_404(self, message, number):
        version = message.versions.select_related("by").filter(number=number).first()
        if version is None:
            raise Http404
        return version

    def _rows(self, message, kept, may_write):
        """The events, each with the addresses of what can be done with the version that it made."""
        rows = []
        for event in message.events.select_related("by"):
            row = {"event": event, "difference": "", "restore": ""}
            if event.what in WRITING and event.version in kept:
                before = f"from={event.version - 1}&" if event.version - 1 in kept else ""
                row["difference"] = f"{self.address_of('difference', message)}?{before}to={event.version}"
                if may_write and event.version != message.version:
                    row["restore"] = f"{self.address_of('restore', message)}?version={event.version}"
            rows.append(row)
        return rows

    def _version_page(self, request, message, template, context):
        request.current_app = self.admin_site.name
        frame = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": message,
            "subtitle": str(message),
            "change_url": self.address_of("change", message),
            "history_url": self.address_of("history", message),
        }
        return TemplateResponse(request, template, {**frame, **context})


def _nothing(content):
    """A content of the same fields and parts that says nothing; the kind is not news."""
    empty = {name: [] if isinstance(value, list) else "" for name, value in content.items()}
    return {**empty, "kind": content.get("kind")}


class RestorePage(ActPage):
    """Make an earlier version the draft again."""

    name = "restore"
    button = _("Restore an earlier version")
    form_class = PlainForm

    def __init__(self, section, request, document):
        super().__init__(section, request, document)
        wanted = number_of(request.POST.get("version") or request.GET.get("version"))
        self.version = self.message.versions.select_related("by").filter(number=wanted).first()

    @staticmethod
    def is_open(state):
        """Always: what readers see is not touched."""
        return True

    @classmethod
    def is_allowed(cls, section, request, message):
        """Who may write may bring back what was written."""
        return section.has_change_permission(request, message)

    def respond(self):
        """As any act; without such a version there is nothing to confirm. Raises PermissionDenied, Http404."""
        if not self.is_allowed(self.section, self.request, self.message):
            raise PermissionDenied
        if self.version is None:
            raise Http404
        return super().respond()

    def sentence(self, moment):
        return gettext("The message will say again what it said as version %(number)s (%(who)s, %(when)s).") % {
            "number": self.version.number,
            "who": self.version.by.get_full_name() or self.version.by.get_username(),
            "when": in_host_city(self.version.at),
        }

    def further(self, moment):
        return [gettext("This makes a new version of the draft, which needs an approval of its own."), self._reach()]

    def _reach(self):
        if self.state.live or self.state.scheduled:
            return gettext("What is live or scheduled stays as it is.")
        return gettext("No version is lost: you can come back to the present one.")

    def more_context(self):
        present = as_data(content_of(self.message))
        return {
            **super().more_context(),
            "differences": differences(present, self.version.content),
            "differences_heading": gettext("What changes, in words"),
            "hidden": {"version": self.version.number},
        }

    def confirmation(self, moment):
        return gettext("Restore version %s") % self.version.number

    def perform(self, seen, asked, moment):
        restore(self.message, seen, self.request.user, self.version.number)

    def report(self, edition, moment):
        return gettext("Version %s restored.") % self.version.number
