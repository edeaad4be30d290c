"""What a release would make: for previews and confirmation pages. Nothing is locked, nothing is written."""

from embassy.chain import Act
from press.carrying import files_of
from press.models import Address
from press.release import compose_text, kept_address, parts_of, wanted_slug
from press.slugs import numbered


def propose(message, at, begins=None):
    """The edition that releasing or correcting `message` would make, seen from the aware moment `at`.

    It begins at `begins`, or at `at`; a scheduled edition counts as recalled. It is not stored, and
    neither is its address if that is a new one.
    """
    earlier = list(message.editions.filter(live_from__lte=at).select_related("address").order_by("number"))
    act = Act.CORRECT if earlier and earlier[-1].has_text else Act.RELEASE
    edition = compose_text(message, *parts_of(message), earlier, act, begins or at)
    edition.address = kept_address(message, earlier) or _free_address(message, edition.published_on)
    edition.carry(files_of(message))
    return edition


def _free_address(message, date):
    """The address `message` would get on `date`; its own one if it has it already."""
    addresses = (
        Address.objects.filter(language=message.language, date=date, slug=slug).first()
        or Address(message=message, language=message.language, date=date, slug=slug)
        for slug in numbered(wanted_slug(message))
    )
    return next(address for address in addresses if address.message_id == message.pk)
