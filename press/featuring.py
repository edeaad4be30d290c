"""Featuring: choose what the home page shows in full, always with an end."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from embassy import clock
from embassy.moments import in_both_cities
from press.acts import Refused
from press.history import record
from press.models import Event, Feature, Message
from press.state import state_of

LONGEST = timedelta(days=60)
USUAL = timedelta(days=14)


@transaction.atomic
def feature(message, by, until):
    """Show `message` in full on home from now until the aware moment `until`; `by` is the officer.

    It takes the place of an earlier choice of the same message. A scheduled message stands there
    as soon as it is live. Returns the feature. Raises Refused: neither live nor scheduled, or
    `until` is not within the next 60 days.
    """
    message = Message.objects.select_for_update().get(pk=message.pk)
    now = clock.database_now()
    if not state_of(message, now).is_featurable:
        raise Refused(_("Only a message that is live or scheduled can stand on home."))
    if not now < until <= now + LONGEST:
        raise Refused(_("Choose an end within the next 60 days."))
    for earlier in message.features.holding(now):
        _end(earlier, now)
    record(message, Event.What.FEATURED, by, now, now, in_both_cities(until))
    return Feature.objects.create(message=message, starts_at=now, ends_at=until, set_by=by)


@transaction.atomic
def end(feature_id, by):
    """Let `by` end a feature now. Returns it, or None where there is none that holds."""
    now = clock.database_now()
    found = Feature.objects.holding(now).select_for_update().filter(pk=feature_id).first()
    if found:
        _end(found, now)
        record(found.message, Event.What.UNFEATURED, by, now, now)
    return found


def _end(feature, now):
    if feature.starts_at == now:
        # Chosen in this very moment: there is no span to keep.
        feature.delete()
    else:
        feature.ends_at = now
        feature.save(update_fields=["ends_at"])
