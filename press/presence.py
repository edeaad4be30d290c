"""Who has a message open: said on top of the form, so that two do not write at once unawares."""

from datetime import timedelta

from django.db.models import Q
from django.utils.timesince import timesince
from django.utils.translation import gettext

from embassy import clock
from press.models import Presence

# Without a script the opening alone counts, and somebody may write for long.
COUNTS_FOR = timedelta(minutes=30)
JUST_NOW = timedelta(minutes=1)


def opened(message, officer):
    """`officer` has opened the form of `message`."""
    now = clock.database_now()
    # In one statement: every opening of a form pays for it.
    Presence.objects.bulk_create(
        [Presence(message_id=message.pk, officer=officer, opened_at=now, seen_at=now)],
        update_conflicts=True,
        unique_fields=["message", "officer"],
        update_fields=["opened_at", "seen_at", "typed_at"],
    )


def seen(message, officer, typed=False):
    """The form of `officer` is still open, and was written in if it was `typed` in."""
    now = clock.database_now()
    news = {"seen_at": now, **({"typed_at": now} if typed else {})}
    Presence.objects.update_or_create(
        message=message, officer=officer, defaults=news, create_defaults={"opened_at": now, **news}
    )


def left(message, officer):
    """`officer` has saved or closed the form. Who was here so long ago that it counts no more is forgotten too."""
    over = Q(seen_at__lte=clock.database_now() - COUNTS_FOR)
    Presence.objects.filter(Q(message=message, officer=officer) | over).delete()


def others(message, officer, at):
    """Sentences on the colleagues of `officer` who have `message` open at the aware moment `at`."""
    found = Presence.objects.filter(message=message, seen_at__gt=at - COUNTS_FOR).exclude(officer=officer)
    return [_sentence(presence, at) for presence in found.select_related("officer").order_by("-seen_at", "-pk")]


def _sentence(presence, at):
    who = presence.officer.get_full_name() or presence.officer.get_username()
    moment = presence.typed_at or presence.opened_at
    if at - moment < JUST_NOW:
        text = (
            gettext("%(who)s is writing in this now.")
            if presence.typed_at
            else gettext("%(who)s opened this just now.")
        )
        return text % {"who": who}
    text = (
        gettext("%(who)s wrote in this %(time)s ago.")
        if presence.typed_at
        else gettext("%(who)s opened this %(time)s ago.")
    )
    return text % {"who": who, "time": timesince(moment, at, depth=1)}
