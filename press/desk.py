"""What an officer's index page shows: what is his to do, and what readers will see next."""

from datetime import timedelta

from django.db.models import Exists, F, OuterRef

from embassy.chain import ACTS_WITH_TEXT
from press.models import Approval, BrokenGlass, Edition, Message
from press.models.edition import LONG_COLUMNS

SHOWN = 10
WEEK = timedelta(days=7)


def unreleased():
    """Messages whose working copy says something that is neither live, nor scheduled, nor was."""
    of_this_version = Edition.objects.filter(
        message=OuterRef("pk"), draft_version=OuterRef("version"), act__in=ACTS_WITH_TEXT
    )
    return Message.objects.filter(~Exists(of_this_version)).defer("body").select_related("changed_by")


def waiting():
    """Submitted messages that nobody has approved."""
    approved = Approval.objects.filter(message=OuterRef("pk"), version=OuterRef("version"))
    return unreleased().filter(~Exists(approved), submitted_version=F("version"))


def desk_of(user, at):
    """What `user` needs to see at the aware moment `at`: lists of messages, editions and broken glass, cut to ten."""
    editions = Edition.objects.select_related("message", "releaser").defer(*LONG_COLUMNS, "message__body")
    overdue = (
        BrokenGlass.objects.filter(signed_off_at=None)
        .select_related("message", "by")
        .defer("message__body")
        .order_by("at")
    )
    return {
        "drafts": unreleased().filter(changed_by=user)[:SHOWN],
        "waiting": waiting().exclude(changed_by=user)[:SHOWN] if user.has_perm("press.approve_message") else None,
        "scheduled": editions.scheduled(at).order_by("live_from", "pk")[:SHOWN],
        "live": editions.live(at).filter(live_from__gt=at - WEEK).order_by("-live_from", "-pk")[:SHOWN],
        "overdue": overdue[:SHOWN],
    }
