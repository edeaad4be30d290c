"""What the consular section knows of itself (embassy.signs)."""

from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _

from consular.freshness import stale_facts
from consular.models import BrokenGlass, ConsularEdition
from embassy.moments import in_both_cities
from embassy.signs import Sign, register


@register
def signs(at):
    """What is live, what goes live next, what waits to be signed off, and what nobody has checked for long."""
    live = ConsularEdition.objects.live(at).count()
    label = _("Live consular facts and notices")
    yield Sign("live_editions", "consular", live, "Editions that readers can read", label, str(live))
    first = ConsularEdition.objects.scheduled(at).aggregate(first=Min("live_from"))["first"]
    yield Sign(
        "next_release_seconds",
        "consular",
        (first - at).total_seconds() if first else None,
        "Seconds until the next scheduled edition goes live",
        _("Next scheduled release of the consular section"),
        in_both_cities(first) if first else _("none"),
    )
    overdue = BrokenGlass.objects.aggregate(count=Count("pk", filter=Q(signed_off_at=None)))["count"]
    yield Sign(
        "overdue_sign_offs",
        "consular",
        overdue,
        "Releases without approval that nobody has signed off",
        _("Consular facts released without approval, to be signed off"),
        str(overdue),
        overdue > 0,
    )
    stale = len(list(stale_facts(at)))
    yield Sign(
        "stale_facts",
        "consular",
        stale,
        "Numbers and addresses that nobody has checked for long",
        _("Consular facts that nobody has checked for long"),
        str(stale),
        stale > 0,
    )
