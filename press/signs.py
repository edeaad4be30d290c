"""What the press office knows of itself (embassy.signs)."""

from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _

from embassy.moments import in_both_cities
from embassy.signs import Sign, register
from press.models import BrokenGlass, Edition


@register
def signs(at):
    """Live editions, what goes live next, and what waits to be signed off: two queries."""
    live = Edition.objects.live(at).count()
    yield Sign("live_editions", "press", live, "Editions that readers can read", _("Live messages"), str(live))
    scheduled = Edition.objects.scheduled(at).aggregate(first=Min("live_from"), count=Count("pk"))
    first = scheduled["first"]
    yield Sign(
        "next_release_seconds",
        "press",
        (first - at).total_seconds() if first else None,
        "Seconds until the next scheduled edition goes live",
        _("Next scheduled release of a message"),
        in_both_cities(first) if first else _("none"),
    )
    words = str(scheduled["count"])
    yield Sign("scheduled", "press", scheduled["count"], "Scheduled editions", _("Scheduled messages"), words)
    overdue = BrokenGlass.objects.aggregate(count=Count("pk", filter=Q(signed_off_at=None)))["count"]
    yield Sign(
        "overdue_sign_offs",
        "press",
        overdue,
        "Releases without approval that nobody has signed off",
        _("Messages released without approval, to be signed off"),
        str(overdue),
        overdue > 0,
    )
