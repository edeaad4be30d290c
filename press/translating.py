"""Link messages that say the same in different languages, and take such a link back."""

from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from embassy import clock
from press.acts import Refused
from press.history import record
from press.models import Event, Message, Translation


@transaction.atomic
def link(message, other, by):
    """Let `by` say that `message` and `other` are the same text in two languages.

    Readers are told as long as both are live, at once if they are. What is linked with one of them belongs to both.
    Raises Refused: they are in one language, linked already, or have a translation in the other's language.
    """
    locked = Message.objects.select_for_update().filter(pk__in=[message.pk, other.pk]).in_bulk()
    if len(locked) < len({message.pk, other.pk}):
        raise Refused(_("One of them has been moved to the bin. Take it out first."))
    message, other = locked[message.pk], locked[other.pk]
    if message.language == other.language:
        raise Refused(_("Both are in the same language. A translation is in another one."))
    found = Translation.objects.filter(message__in=[message, other])
    if len(found) > len({each.group for each in found}):
        raise Refused(_("They are linked already."))
    members = list(Translation.objects.filter(group__in=[each.group for each in found]))
    new = [each for each in (message, other) if each.pk not in {member.message_id for member in members}]
    languages = [each.language for each in (*members, *new)]
    if len(set(languages)) < len(languages):
        raise Refused(_("There is a translation in that language already. Take that link back first."))
    group = uuid4()
    Translation.objects.filter(pk__in=[member.pk for member in members]).update(group=group)
    Translation.objects.bulk_create(Translation(message=each, language=each.language, group=group) for each in new)
    now = clock.database_now()
    record(message, Event.What.LINKED, by, now, now, str(other))
    record(other, Event.What.LINKED, by, now, now, str(message))


@transaction.atomic
def unlink(message, by):
    """Let `by` say that `message` is no translation of the others. Raises Refused: it is none."""
    message = Message.objects.select_for_update().get(pk=message.pk)
    own = Translation.objects.filter(message=message).first()
    if own is None:
        raise Refused(_("This message is not linked with a translation."))
    others = list(Translation.objects.filter(group=own.group).exclude(pk=own.pk).select_related("message"))
    # One alone is no translation of anything.
    gone = [own, *others] if len(others) < 2 else [own]
    Translation.objects.filter(pk__in=[each.pk for each in gone]).delete()
    now = clock.database_now()
    for other in others:
        record(message, Event.What.UNLINKED, by, now, now, str(other.message))
        record(other.message, Event.What.UNLINKED, by, now, now, str(message))
