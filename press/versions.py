"""Keep every content a message ever had, and bring one back."""

from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from press.acts import Chain, Refused
from press.content import as_data, content_of, sha256_of, write_content
from press.history import record
from press.models import Edition, Event, Message, StoredFile, Translation, Version


def keep(message):
    """Keep what the stored `message` says as its version; its last changer is who wrote it. Returns the Version."""
    version = version_of(message)
    version.save(force_insert=True)
    return version


def version_of(message, content=None):
    """The version of what `message` says (its `content`, or what the database holds), not yet stored."""
    content = content_of(message) if content is None else content
    return Version(
        message=message,
        number=message.version,
        content=as_data(content),
        content_sha256=sha256_of(content),
        by=message.changed_by,
        at=message.changed_at,
    )


def grown(message, by, at):
    """Let `message`, which says something else now, be a version further: `by` changed it at the moment `at`."""
    message.version += 1
    message.changed_by, message.changed_at = by, at
    message.save(update_fields=["version", "changed_by", "changed_at"])
    keep(message)


@transaction.atomic
def restore(message, seen, by, number):
    """Let `message` say again what it said as version `number`: a new version, and a draft like any other.

    Editions are not touched, an approval is void as after any change; a message that has editions
    or a translation keeps its language. Returns the message. Raises Refused: no such version, or it says that already.
    """
    chain = Chain.lock(message.pk, seen)
    message = chain.message
    kept = message.versions.filter(number=number).first()
    if kept is None:
        raise Refused(_("There is no such version."))
    if not _has_files(kept.content):
        raise Refused(_("A picture or file of that version has been deleted from the library."))
    before = content_of(message)
    content = {**kept.content, **({"language": message.language} if has_fixed_language(message) else {})}
    write_content(message, content)
    message.save()
    message.refresh_from_db()
    if content_of(message) == before:
        raise Refused(_("The message says that already."))
    grown(message, by, chain.now)
    record(message, Event.What.RESTORED, by, chain.now, words=gettext("Version %s") % number)
    return message


def has_fixed_language(message):
    """Whether `message` keeps its language: it has an edition, or is linked with a translation."""
    fixing = (Exists(model.objects.filter(message=OuterRef("pk"))) for model in (Edition, Translation))
    return Message.everything.filter(reduce(or_, fixing), pk=message.pk).exists()


def _has_files(content):
    """Whether all pictures and files that `content` names are still there."""
    files = {row["file"] for name in ("photos", "attachments") for row in content.get(name, [])}
    return StoredFile.objects.filter(pk__in=files).count() == len(files)
