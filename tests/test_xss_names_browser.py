"""Attacks in names of people, topics, offices, places and files, in Chromium with the policy switched off.

Every column of text that the site has no markup for holds one, past the forms; then every page of the office, and
every page that readers have, is opened.
"""

from datetime import timedelta
from itertools import cycle

import pytest
from django.contrib.auth.models import Group, User
from django.db.models import CharField, TextField
from django.test import Client
from django.urls import reverse
from lxml import etree

from consular.models import ContactInfo, EmailAddress, Facts, Notice, Phone, Service
from embassy import clock
from embassy.models import AuditRecord, Passkey
from press.acts import Seen
from press.bin import put_in
from press.models import Edition, Kind, Message, Signatory, StoredFile, Topic
from press.release import release
from press.remarks import remark
from press.sharing import share
from press.withdraw import withdraw
from tests.attacks import OFFICE, READERS, faults, generated, in_a_line, published
from tests.consular.factory import publish, show_notice
from tests.press.factory import change, make_correction, make_live, make_message, make_officer
from tests.press.uploads_factory import add_attachment, add_photo, make_document, make_picture
from tests.test_roles import office

pytest_plugins = ["tests.browser", "tests.attacked"]
pytestmark = [pytest.mark.browser, pytest.mark.prove]

EACH = 8
CORPORA = {"published": published, "generated": generated}


class Texts:
    """Attacks in turn, as columns of text can hold them."""

    def __init__(self, attacks):
        # No two topics have the same name, whatever its capitals.
        self.lines = list({line.lower(): line for line in map(in_a_line, attacks)}.values())
        self.turn, self.given = cycle(self.lines), set()

    def line(self, longest):
        """The next one that fits."""
        text = next(line for line in self.turn if len(line) <= longest)
        self.given.add(text)
        return text

    def of(self, model, *but):
        """{name: attack} for the columns of plain text of a model, `but` for those that mean something."""
        columns = [field for field in model._meta.concrete_fields if type(field) in {CharField, TextField}]
        free = [field for field in columns if not field.choices and field.name not in but]
        return {field.name: self.line(field.max_length or 190) for field in free}


@pytest.fixture(params=CORPORA)
def texts(request):
    """The attacks of a corpus."""
    return Texts(CORPORA[request.param]())


@pytest.fixture
def site(transactional_db, texts):
    """{section: the number of something in it} of a site in which nobody and nothing has a decent name."""
    officers = [make_officer() for _number in range(EACH)]
    for officer in officers:
        User.objects.filter(pk=officer.pk).update(**texts.of(User, "password"))
        officer.refresh_from_db()
    key = {"credential_id": b"1", "public_key": b"1", "added_at": clock.database_now()}
    Passkey.objects.create(user=officers[1], name=texts.line(64), **key)
    group = Group.objects.create(name=texts.line(150))
    officers[0].groups.add(group)
    topics = [Topic.objects.create(slug=f"topic-{at}", **texts.of(Topic, "slug")) for at in range(EACH)]
    messages = [_message(kind, officers, topics, texts) for kind in Kind for _number in range(EACH)]
    _fates(messages, officers, texts)
    at = clock.whole_minute_from(clock.now() + timedelta(days=1))
    notices = [Notice.objects.create(changed_at=clock.database_now(), ends_at=at, **texts.of(Notice)) for _ in "12"]
    contact = _office(texts)
    publish()
    show_notice(notices[0])
    drafts = {kind: make_message(kind, by=officers[0], title=texts.line(190), topics=topics) for kind in Kind}
    return {
        "pressrelease": drafts[Kind.PRESS_RELEASE].pk,
        "statement": messages[EACH].pk,
        "qanda": drafts[Kind.Q_AND_A].pk,
        "contactinfo": contact.pk,
        "user": officers[1].pk,
        "group": group.pk,
        "facts": Facts.objects.current().pk,
        "notice": notices[1].pk,
        "topic": topics[0].pk,
        "auditrecord": AuditRecord.objects.first().pk,
        "storedfile": StoredFile.objects.first().pk,
        "binnedmessage": Message.everything.exclude(binned_at=None).get().pk,
    }


def _message(kind, officers, topics, texts):
    """A live message with pictures, a document and topics."""
    by, number = officers[len(texts.given) % EACH], len(texts.given)
    title, teaser = texts.line(190), texts.line(190)
    message = make_message(kind, by=by, title=title, teaser=teaser, topics=topics, body="<p>Its text.</p>")
    if kind == Kind.STATEMENT:
        Message.objects.filter(pk=message.pk).update(signed_in=texts.line(100))
        for position in range(EACH):
            Signatory.objects.create(message=message, position=position, **texts.of(Signatory))
    if kind == Kind.Q_AND_A:
        message.exchanges.create(question="Why?", answer="<p>So.</p>")
    if kind == Kind.PRESS_RELEASE:
        picture = make_picture(f"picture-{number}.jpg", by)
        document = make_document(f"document-{number}.pdf", by, Author=texts.line(190), Subject=texts.line(190))
        for file in (picture, document):
            StoredFile.objects.filter(pk=file.pk).update(name=texts.line(140) + ".pdf")
            file.refresh_from_db()
        alt, caption, credit = texts.line(190), texts.line(190), texts.line(150)
        add_photo(message, picture, alt=alt, caption=caption, credit=credit, is_lead=True)
        add_attachment(message, document, title=texts.line(190), note=texts.line(190))
    remark(message, by, texts.line(190))
    message.refresh_from_db()
    change(message, title=texts.line(190))
    release(message, Seen.of(message), by)
    return message


def _fates(messages, officers, texts):
    """One is corrected, one withdrawn, one in the bin, one changed, one shown to somebody."""
    make_correction(messages[0], note=texts.line(190), title=texts.line(190))
    gone = make_live(title=texts.line(190), by=officers[0])
    withdraw(gone, Seen.of(gone), officers[0], texts.line(190))
    binned = make_message(title=texts.line(190), by=officers[1])
    put_in(binned, Seen.of(binned), officers[1])
    draft = change(messages[EACH], title=texts.line(190), teaser=texts.line(190), signed_in=texts.line(100))
    share(draft, officers[2], texts.line(100), timedelta(days=1))


def _office(texts):
    """A primary office with everything that one has."""
    office = ContactInfo.objects.create(primary=True, languages=["en"], **texts.of(ContactInfo))
    Phone.objects.create(contact=office, number="+442079460120", **texts.of(Phone, "number"))
    EmailAddress.objects.create(contact=office, address="consular@example.org", **texts.of(EmailAddress))
    Service.objects.create(contact=office, **texts.of(Service, "currency"))
    tomorrow = clock.host_date(clock.now()) + timedelta(days=1)
    office.exceptions.create(date=tomorrow, reason_en=texts.line(100), reason_ru=texts.line(100))
    return office


def public_pages():
    """The pages that readers have of it."""
    pages = ["/", "/messages/", "/messages/?page=2", "/messages/topics/", "/messages/statements/", "/search/?q=text"]
    pages += [f"/messages/topics/{slug}/" for slug in Topic.objects.values_list("slug", flat=True)]
    pages += ["/consular/", "/ru/consular/", "/ru/", "/ru/messages/topics/", "/nothing-here/"]
    return pages + [edition.get_absolute_url() for edition in Edition.objects.order_by("pk")]


def shown(client, paths):
    """Those of `paths` that are pages."""
    answers = {path: client.get(path) for path in paths}
    return [
        path
        for path, answer in answers.items()
        if answer.status_code in {200, 404} and answer.headers["Content-Type"].startswith("text/html")
    ]


def test_attacks_in_names_run_nowhere(visited, texts, site):
    client = Client()
    client.force_login(User.objects.get(username="administrator"))
    paths = shown(client, [path for _address, path in office(site)])

    found = {path: wrong for path in public_pages() if (wrong := faults(visited, path, READERS))}
    # Previews, and what is not there, have the frame that readers know.
    found |= {path: wrong for path in paths if (wrong := faults(visited, path, OFFICE, READERS))}

    assert found == {}
    assert len(paths) > 80
    assert len(texts.given) > 200
    machines = ["/feeds/atom.xml", "/feeds/rss.xml", "/sitemap.xml", "/messages/topics/topic-0/feeds/atom.xml"]
    for path in machines:
        feed = etree.fromstring(client.get(path).content)
        assert not [element for element in feed.iter() if etree.QName(element).localname == "script"], path


def test_attacks_in_names_are_there(site, texts):
    client = Client()
    client.force_login(User.objects.create_superuser("administrator"))
    lists = ["auth_user", "press_topic", "press_storedfile", "press_statement", "consular_notice"]
    pages = [client.get(reverse(f"admin:{name}_changelist")).text for name in lists]
    pages += [client.get(path).text for path in public_pages()]

    assert [page for page in pages if "&lt;" not in page and "/nothing-here/" not in page] == []
