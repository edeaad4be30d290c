"""Remarks between colleagues, and who hears of them."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from embassy import clock, mail
from press.acts import Refused
from press.models import Message, Remark
from press.models.remark import REMARK_LENGTH
from press.review import approval_of


@transaction.atomic
def remark(message, by, text):
    """Add a remark of the officer `by` to `message`, and mail those concerned. Returns it. Raises Refused: no text.

    A remark is about the message as it is; it is no change of it, and stops nobody.
    """
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        raise Refused(_("Write the remark first."))
    if len(text) > REMARK_LENGTH:
        raise Refused(_("A remark has at most %s characters.") % REMARK_LENGTH)
    made = Remark.objects.create(message=message, text=text, by=by, at=clock.database_now(), version=message.version)
    transaction.on_commit(lambda: _tell(made))
    return made


def concerned(message, but):
    """The active officers whom a remark on `message` concerns, without the officer `but`.

    These are who began it, who changed it last, who remarked on it, and who approved it as it is.
    """
    approval = approval_of(message)
    people = Q(pk__in=[message.author_id, message.changed_by_id, *([approval.approver_id] if approval else [])])
    people |= Q(pk__in=message.remarks.values("by"))
    return get_user_model().objects.filter(people, is_active=True).exclude(pk=but.pk).order_by("pk")


def _tell(made):
    """Mail those concerned; a mail that fails is logged and holds nobody up."""
    message = Message.objects.filter(pk=made.message_id).first()
    to = [user.email for user in concerned(message, made.by) if user.email] if message else []
    if to:
        context = {"message": message, "remark": made, "site_url": settings.SITE_URL}
        text = render_to_string("admin/press/remark.txt", context)
        subject = gettext("Remark on: %s") % message.title
        mail.send(EmailMessage(subject, text, to=[settings.DEFAULT_FROM_EMAIL], bcc=to))
