"""What the frame of every public page shows of the consular section: the box and the notice, in one query."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.conf import settings
from django.utils.translation import get_language, gettext

from consular.languages import spoken
from consular.models import ConsularEdition, Document, Level
from consular.offices import Office
from consular.wording import day_and_month, spans_in_words
from embassy.page_cache.memo import once


@dataclass(frozen=True)
class Notice:
    """A notice as it is shown: its level, its text, a link to read more, and the line for emergencies."""

    level: str
    text: str
    url: str = ""
    phone: dict | None = None


class Frame:
    """The released facts' header and the live notices at the aware moment `at`."""

    def __init__(self, at: datetime):
        self.at = at

    @cached_property
    def _editions(self):
        return list(ConsularEdition.objects.live(self.at).defer("content").order_by("-live_from", "-pk"))

    @cached_property
    def header(self):
        """The header of the facts, in the active language; {} where none are released."""
        facts = (edition for edition in self._editions if edition.kind == Document.Kind.FACTS)
        return spoken(next((edition.header for edition in facts), {}))

    @cached_property
    def office(self):
        """The primary Office, as far as the header knows it, or None."""
        return Office(self.header["office"], self.at) if self.header.get("office") else None

    @cached_property
    def notice(self):
        """The urgent Notice that is live, or None: of several the gravest, and of those the one released last."""
        live = [edition for edition in self._editions if edition.kind == Document.Kind.NOTICE]
        gravest = min(live, key=lambda edition: Level.values.index(edition.header["level"]), default=None)
        if gravest is None:
            return None
        said = spoken(gravest.header)
        return Notice(said["level"], said["text"], said["url"])

    @cached_property
    def closure_notice(self):
        """The Notice of the days on which the primary office will be closed, or open at other hours, soon; or None."""
        if self.office is None:
            return None
        last = self.office.today + timedelta(days=settings.CLOSURE_NOTICE_DAYS)
        soon = [day for day in self.office.days if day.date <= last]
        if not soon:
            return None
        sentences = filter(None, (self._closed(soon), *self._other_hours(soon)))
        return Notice("closure", f"{self.office.name}: {' '.join(sentences)}", phone=self.header["emergency"])

    def _closed(self, days):
        closed = [f"{day_and_month(day.date)} ({day.reason})" for day in days if not day.spans and day.channel is None]
        return gettext("Closed on %s.") % ", ".join(closed) if closed else ""

    def _other_hours(self, days):
        for day in days:
            if not day.spans and day.channel is None:
                continue
            words = {
                "date": day_and_month(day.date),
                "hours": spans_in_words(day.spans) or gettext("closed"),
                "reason": day.reason,
                "what": day.channel.label if day.channel is not None else "",
            }
            if day.channel is None:
                yield gettext("Other hours on %(date)s: %(hours)s (%(reason)s).") % words
            else:
                yield gettext("%(what)s on %(date)s: %(hours)s (%(reason)s).") % words


def frame_of(request):
    """The Frame at the request's moment: one for all pages of its minute, else one for the request."""
    if not hasattr(request, "consular_frame"):
        key = "consular frame", get_language()
        request.consular_frame = once(request, key, lambda: Frame(request.at))
    return request.consular_frame
