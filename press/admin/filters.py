"""What officers narrow their lists by."""

from django.contrib.admin import SimpleListFilter
from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from press.models import Edition


class StateFilter(SimpleListFilter):
    """By where a message stands at the request's moment; the words are those of press.state."""

    title = _("state")
    parameter_name = "state"

    def __init__(self, request, *args):
        self.at = request.at
        super().__init__(request, *args)

    def lookups(self, request, model_admin):
        return [
            ("draft", _("Draft")),
            ("scheduled", _("Scheduled")),
            ("live", _("Live")),
            ("newer", _("Live, newer draft")),
            ("withdrawn", _("Withdrawn")),
        ]

    def queryset(self, request, queryset):
        choose = {
            # The date, which comes with the first edition, is what the index knows.
            "draft": lambda: Q(published_on=None) & ~Q(Exists(self._of_message(Edition.objects.all()))),
            "scheduled": lambda: Exists(self._of_message(Edition.objects.scheduled(self.at))),
            "live": lambda: Exists(self._of_message(self._live)),
            "newer": lambda: Exists(self._of_message(self._live.filter(draft_version__lt=OuterRef("version")))),
            "withdrawn": lambda: self._withdrawn,
        }.get(self.value())
        return queryset.filter(choose()) if choose else queryset

    @property
    def _live(self):
        return Edition.objects.live(self.at)

    @property
    def _withdrawn(self):
        standing = self._of_message(Edition.objects.standing(self.at))
        return Q(Exists(standing)) & ~Q(Exists(self._of_message(self._live)))

    @staticmethod
    def _of_message(editions):
        return editions.filter(message=OuterRef("pk"))


class AuthorFilter(SimpleListFilter):
    """By who began a message, by full names."""

    title = _("author")
    parameter_name = "author"

    def lookups(self, request, model_admin):
        officers = get_user_model().objects.filter(is_staff=True)
        named = ((str(user.pk), user.get_full_name() or user.get_username()) for user in officers)
        return sorted(named, key=lambda option: option[1])

    def queryset(self, request, queryset):
        # What the address names is text; no key is longer.
        value = self.value()
        if value is None:
            return queryset
        return queryset.filter(author=int(value)) if value.isdecimal() and len(value) < 19 else queryset.none()
