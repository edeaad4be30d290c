"""How old the released facts are: when each number and address was last checked, by whom it is kept, who is mailed."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Max
from django.template.loader import render_to_string
from django.utils.translation import gettext

from consular.languages import spoken
from consular.models import Confirmation, ConsularEdition, ContactInfo, Document, EmailAddress, Phone, Reminder
from consular.models.checks import What
from embassy import clock, mail

# A reminder that nobody heeded is sent again after this.
REMIND_AGAIN = timedelta(days=7)


@dataclass(frozen=True)
class Fact:
    """A number or an address that readers see, with when it was checked and who answers for it."""

    what: What
    value: str
    label: str
    office: str
    checked_on: date | None
    owner: object = None

    def age(self, today):
        """The days since it was checked."""
        return (today - self.checked_on).days if self.checked_on else None

    def is_stale(self, today):
        """Whether nobody has checked it for longer than the setting CHECK_AFTER_DAYS."""
        return is_stale(self.checked_on, today)


def is_stale(checked_on, today):
    """Whether a fact last `checked_on` that date (None: never) is too old on the date `today`."""
    return checked_on is None or (today - checked_on).days > settings.CHECK_AFTER_DAYS


def values_of(content):
    """Every (what, value) that released facts hold, with its label and its office: the values that are checked."""
    for office in content["offices"]:
        for phone in office["phones"]:
            yield What.PHONE, phone["number"], phone["purpose"], office["name"]
        for email in office["emails"]:
            yield What.EMAIL, email["address"], email["purpose"], office["name"]
        if address := address_value(office):
            yield What.ADDRESS, address, office["address"], office["name"]


def address_value(office):
    """An address as it is checked: in the site's first language."""
    return office["address"][settings.LANGUAGE_CODE]


def confirm(what, value, by, today):
    """Keep that `by` checked the fact on the date `today`."""
    return Confirmation.objects.create(what=what, value=value, by=by, checked_on=today)


def confirm_new(content, by, today):
    """Whoever releases a number for the first time has looked at it: that is its first check."""
    known = set(Confirmation.objects.values_list("what", "value"))
    fresh = dict.fromkeys((what, value) for what, value, _label, _office in values_of(content))
    Confirmation.objects.bulk_create(
        Confirmation(what=what, value=value, by=by, checked_on=today)
        for what, value in fresh
        if (what, value) not in known
    )


def facts_at(at):
    """Every Fact that readers see at the aware moment `at`, with its owner."""
    edition = ConsularEdition.objects.live(at).filter(kind=Document.Kind.FACTS).first()
    if edition is None:
        return []
    checked = _last_checks()
    owners = _owners()
    return [
        Fact(what, value, spoken(label), spoken(office), checked.get((what, value)), owners.get((what, value)))
        for what, value, label, office in values_of(edition.content)
    ]


def stale_facts(at):
    """Those that nobody has checked for too long, as of the aware moment `at`."""
    today = clock.host_date(at)
    return [fact for fact in facts_at(at) if fact.is_stale(today)]


@transaction.atomic
def remind_owners(at):
    """Mail each owner the facts that are too old, at most once in REMIND_AGAIN; returns how many mails went out.

    Safe to call as often as one likes, and from several places at once.
    """
    today = clock.host_date(at)
    stale = [fact for fact in stale_facts(at) if fact.owner and fact.owner.is_active and fact.owner.email]
    if not stale:
        return 0
    # Of two that come at once the later one sees what the earlier has noted.
    Document.objects.select_for_update().filter(kind=Document.Kind.FACTS).first()
    told = set(Reminder.objects.filter(sent_on__gt=today - REMIND_AGAIN).values_list("what", "value"))
    due = {}
    for fact in stale:
        if (fact.what, fact.value) not in told:
            due.setdefault(fact.owner, []).append(fact)
    Reminder.objects.bulk_create(
        [
            Reminder(what=fact.what, value=fact.value, sent_on=today)
            for fact in {(fact.what, fact.value): fact for facts in due.values() for fact in facts}.values()
        ],
        ignore_conflicts=True,
    )
    for owner, facts in due.items():
        _remind(owner, facts)
    return len(due)


def _remind(owner, facts):
    context = {"owner": owner, "facts": facts, "days": settings.CHECK_AFTER_DAYS, "site_url": settings.SITE_URL}
    text = render_to_string("admin/consular/reminder.txt", context)
    message = EmailMessage(gettext("Please check: consular telephone numbers and addresses"), text, to=[owner.email])
    transaction.on_commit(lambda: mail.send(message))


def _last_checks():
    """{(what, value): date of the last check}."""
    rows = Confirmation.objects.order_by().values("what", "value").annotate(last=Max("checked_on"))
    return {(row["what"], row["value"]): row["last"] for row in rows}


def _owners():
    """{(what, value): owner}, from the working copy."""
    found = {}
    for phone in Phone.objects.select_related("owner").exclude(owner=None):
        found[What.PHONE, str(phone.number)] = phone.owner
    for email in EmailAddress.objects.select_related("owner").exclude(owner=None):
        found[What.EMAIL, email.address] = email.owner
    column = f"address_{settings.LANGUAGE_CODE}"
    for office in ContactInfo.objects.select_related("address_owner").exclude(address_owner=None):
        found[What.ADDRESS, getattr(office, column).replace("\r\n", "\n")] = office.address_owner
    return found
