"""Writing: the sections' forms and lists."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from press.acts import Seen
from press.models import Edition, Kind, Message
from press.withdraw import withdraw
from tests.press.admin.desk import act, content, errors_of, fields_of, page_of, told
from tests.press.factory import change, make_correction, make_live, make_message, make_officer

NOON = datetime(2026, 5, 12, 12, 0, tzinfo=UTC)


def add(section):
    return reverse(f"admin:press_{section}_add")


def post(desk, address, data):
    response = desk.post(address, data)
    assert response.status_code == 302, errors_of(response)
    return response


def test_press_release_is_entered(desk, officer, freeze):
    freeze(NOON)

    post(desk, add("pressrelease"), content(title="New hours", teaser="Longer.", slug="hours"))

    message = Message.objects.get()
    assert (message.kind, message.title, message.slug, message.teaser) == (
        Kind.PRESS_RELEASE,
        "New hours",
        "hours",
        "Longer.",
    )
    assert (message.author, message.changed_by, message.created_at, message.changed_at) == (
        officer,
        officer,
        NOON,
        NOON,
    )
    assert (message.version, message.body, message.published_on) == (1, "<p>Its text.</p>", None)


def test_statement_is_entered_with_its_signatories_in_order(desk):
    rows = [
        {"place": "", "on_behalf_of": "The Host Ministry", "name": "", "office": ""},
        {"place": "1", "on_behalf_of": "The Embassy", "name": "A. Orlova", "office": "Ambassador"},
    ]

    post(
        desk, add("statement"), content("signatories", rows, signed_in="London", signed_on="2026-05-12", language="ru")
    )

    message = Message.objects.get()
    assert (message.kind, message.language, message.signed_in) == (Kind.STATEMENT, "ru", "London")
    assert list(message.signatories.values_list("on_behalf_of", "office")) == [
        ("The Embassy", "Ambassador"),
        ("The Host Ministry", ""),
    ]


def test_q_and_a_is_entered_with_its_exchanges(desk):
    rows = [
        {"place": "", "question": "Why <em>now</em>?", "answer": "<h2>Because</h2><p>It is time.</p>"},
        {"place": "", "question": "And then?", "answer": "<p>We shall see.</p>"},
    ]

    post(desk, add("qanda"), content("exchanges", rows))

    message = Message.objects.get()
    assert message.kind == Kind.Q_AND_A
    assert list(message.exchanges.values_list("question", "answer")) == [
        ("Why <em>now</em>?", "<h3>Because</h3>\n<p>It is time.</p>"),
        ("And then?", "<p>We shall see.</p>"),
    ]


def test_dirty_html_is_cleaned_before_it_is_stored(desk):
    rows = [{"place": "", "question": "<p>Why<script>x</script>?</p>", "answer": '<p onclick="x">So.</p>'}]

    post(desk, add("qanda"), content("exchanges", rows, body='<p style="color:red">Text<img src=x></p>'))

    message = Message.objects.get()
    assert message.body == "<p>Text</p>"
    assert message.exchanges.values_list("question", "answer").get() == ("Why?", "<p>So.</p>")


def test_title_is_required(desk):
    assert errors_of(desk.post(add("pressrelease"), content(title=" "))) == ["This field is required."]
    assert not Message.objects.exists()


def test_section_does_not_show_other_kinds(desk):
    statement = make_message(Kind.STATEMENT)

    assert desk.get(reverse("admin:press_pressrelease_change", args=[statement.pk])).status_code == 302
    assert desk.get(reverse("admin:press_statement_change", args=[statement.pk])).status_code == 200


# Saving


def test_change_grows_the_version(desk, officer, freeze):
    freeze(NOON)
    message = make_message(by=make_officer())
    data = fields_of(desk.get(page_of(message)))
    freeze(NOON + timedelta(minutes=5))

    post(desk, page_of(message), data | {"title": "Another title"})

    message.refresh_from_db()
    assert (message.title, message.version, message.changed_by) == ("Another title", 2, officer)
    assert (message.created_at, message.changed_at) == (NOON, NOON + timedelta(minutes=5))
    assert message.author != officer
    assert str(LogEntry.objects.get().get_change_message()) == "Changed Title."


@pytest.mark.parametrize("kind", list(Kind))
def test_unchanged_form_changes_nothing(desk, kind):
    message = make_message(
        kind,
        teaser="Two\nlines.",
        questions=[("Why?", "<h3>So</h3>\n<p>It is.</p>"), ("When?", "<p>Now.</p>")] if kind == Kind.Q_AND_A else (),
        signatories=["One", "Two"] if kind == Kind.STATEMENT else (),
        signed_in="London",
    )
    before = list(Message.objects.values())

    post(desk, page_of(message), fields_of(desk.get(page_of(message))))

    assert list(Message.objects.values()) == before
    assert not LogEntry.objects.exists()


def test_change_of_a_part_alone_grows_the_version(desk):
    message = make_message(Kind.Q_AND_A, questions=[("Why?", "<p>So.</p>")])
    data = fields_of(desk.get(page_of(message)))

    post(desk, page_of(message), data | {"exchanges-0-answer": "<p>Otherwise.</p>"})

    message.refresh_from_db()
    assert message.version == 2
    assert message.exchanges.get().answer == "<p>Otherwise.</p>"


@pytest.mark.parametrize(
    ("moved", "place", "order"),
    [(2, 1, "CABD"), (0, 3, "BCAD"), (3, 2, "ADBC"), (0, 99, "BCDA"), (1, 2, "ABCD"), (2, "", "ABCD")],
)
def test_parts_are_moved_by_their_places(desk, moved, place, order):
    message = make_message(Kind.STATEMENT, signatories="ABCD")
    data = fields_of(desk.get(page_of(message)))

    post(desk, page_of(message), data | {f"signatories-{moved}-place": place})

    message.refresh_from_db()
    assert "".join(message.signatories.values_list("on_behalf_of", flat=True)) == order
    assert message.version == (1 if order == "ABCD" else 2)


def test_part_is_deleted_and_another_added(desk):
    message = make_message(Kind.STATEMENT, signatories="AB")
    data = fields_of(desk.get(page_of(message)))
    new = {"signatories-TOTAL_FORMS": 3, "signatories-2-on_behalf_of": "C", "signatories-0-DELETE": "on"}

    post(desk, page_of(message), data | new)

    assert list(message.signatories.values_list("on_behalf_of", "position")) == [("B", 0), ("C", 1)]


def test_stale_form_is_refused_and_loses_nothing(desk):
    message = make_message(Kind.Q_AND_A, questions=[("One?", "<p>1</p>"), ("Two?", "<p>2</p>")])
    data = fields_of(desk.get(page_of(message)))
    colleague = make_officer(first_name="Boris", last_name="Petrov")
    change(message, title="Theirs", changed_by=colleague)
    # A colleague may even have deleted what was being worked on.
    message.exchanges.first().delete()
    typed = {
        "title": "Mine",
        "body": "<p>My text.</p>",
        "exchanges-0-answer": "<p>My one.</p>",
        "exchanges-1-answer": "<p>My two.</p>",
    }

    response = desk.post(page_of(message), data | typed, follow=True)

    assert "Boris Petrov saved this on " in response.content.decode()
    (unsaved,) = desk.get(page_of(message)).context["offers"]
    html = desk.get(f"{page_of(message)}?unsaved={unsaved.token}").content.decode()
    assert all(text in html for text in ("Mine", "My text.", "My one.", "My two."))
    message.refresh_from_db()
    assert (message.title, message.version) == ("Theirs", 2)
    assert [exchange.answer for exchange in message.exchanges.all()] == ["<p>2</p>"]


@pytest.mark.parametrize("version", ["", "0", "x"])
def test_form_without_its_version_is_refused(desk, version):
    message = make_message()
    data = fields_of(desk.get(page_of(message)))

    errors_of(desk.post(page_of(message), data | {"opened_version": version, "title": "Blind"}))

    message.refresh_from_db()
    assert message.title != "Blind"


def test_language_is_fixed_once_there_is_an_edition(desk):
    draft, live = make_message(), make_live()

    assert "language" in fields_of(desk.get(page_of(draft)))
    data = fields_of(desk.get(page_of(live)))
    assert "language" not in data
    post(desk, page_of(live), data | {"language": "ru", "title": "Changed"})
    live.refresh_from_db()
    assert (live.language, live.title) == ("en", "Changed")


# Deleting


def test_draft_is_deleted(desk):
    message = make_message(Kind.Q_AND_A, questions=[("Why?", "<p>So.</p>")])
    assert "deletelink" in desk.get(page_of(message)).content.decode()

    act(desk, message, "delete")

    assert not Message.objects.exists()


@pytest.mark.parametrize("at", [None, NOON + timedelta(days=1)])
def test_message_with_an_edition_is_never_deleted(desk, freeze, at):
    freeze(NOON)
    message = make_live(at=at)
    assert "deletelink" not in desk.get(page_of(message)).content.decode()

    response = desk.post(page_of(message, "delete"), {"post": "yes"}, follow=True)

    assert told(response) == ["A message that is released or scheduled is never deleted. Recall or withdraw it."]
    assert Message.objects.filter(pk=message.pk).exists()


def test_list_has_no_actions(desk):
    message = make_message()

    desk.post(
        reverse("admin:press_pressrelease_changelist"),
        {"action": "delete_selected", "_selected_action": message.pk, "post": "yes"},
    )

    assert Message.objects.get() == message


# The list


def listed(desk, section="pressrelease", **query):
    response = desk.get(reverse(f"admin:press_{section}_changelist"), query)
    assert response.status_code == 200
    return response.context["cl"].result_list


def test_list_shows_the_states(desk, freeze):
    freeze(NOON)
    make_message(title="Draft")
    make_live(title="Scheduled", at=NOON + timedelta(hours=2))
    live, newer, corrected, withdrawn = (
        make_live(title=title) for title in ("Live", "Newer", "Corrected", "Withdrawn")
    )
    freeze(NOON + timedelta(hours=1))
    change(newer, body="<p>More.</p>")
    make_correction(corrected, at=NOON + timedelta(days=1), title="Corrected")
    withdraw(withdrawn, Seen.of(withdrawn), live.author, "Wrong.")

    response = desk.get(reverse("admin:press_pressrelease_changelist"))

    assert {message.title: message.state.words for message in response.context["cl"].result_list} == {
        "Draft": "Draft",
        "Scheduled": "Scheduled for 12 May 2026, 15:00",
        "Live": "Live since 12 May 2026, 13:00",
        "Newer": "Live since 12 May 2026, 13:00; newer draft",
        "Corrected": "Live since 12 May 2026, 13:00; correction scheduled for 13 May 2026, 13:00",
        "Withdrawn": "Withdrawn on 12 May 2026, 14:00",
    }
    assert "Live since 12 May 2026, 13:00; newer draft" in response.content.decode()


@pytest.mark.parametrize(
    ("state", "titles"),
    [
        ("draft", {"Draft"}),
        ("scheduled", {"Scheduled", "Corrected"}),
        ("live", {"Live", "Newer", "Corrected"}),
        ("newer", {"Newer", "Corrected"}),
        ("withdrawn", {"Withdrawn"}),
        ("nonsense", {"Draft", "Scheduled", "Live", "Newer", "Corrected", "Withdrawn"}),
    ],
)
def test_list_is_filtered_by_state(desk, freeze, state, titles):
    freeze(NOON)
    make_message(title="Draft")
    make_live(title="Scheduled", at=NOON + timedelta(hours=2))
    live, newer, corrected, withdrawn = (
        make_live(title=title) for title in ("Live", "Newer", "Corrected", "Withdrawn")
    )
    freeze(NOON + timedelta(hours=1))
    change(newer, body="<p>More.</p>")
    make_correction(corrected, at=NOON + timedelta(days=1), title="Corrected")
    withdraw(withdrawn, Seen.of(withdrawn), live.author, "Wrong.")

    assert {message.title for message in listed(desk, state=state)} == titles


def test_list_is_filtered_by_language_and_author(desk, officer):
    mine, theirs = make_message(by=officer), make_message(language="ru", by=make_officer())

    assert [message.pk for message in listed(desk, language__exact="ru")] == [theirs.pk]
    assert [message.pk for message in listed(desk, author=officer.pk)] == [mine.pk]
    assert listed(desk, author="nobody") == []
    response = desk.get(reverse("admin:press_pressrelease_changelist"))
    assert "Anna Orlova" in response.content.decode()


def test_list_tells_how_many_each_filter_would_leave(desk, officer):
    make_message(by=officer)
    make_message(language="ru", by=officer)

    response = desk.get(reverse("admin:press_pressrelease_changelist"), {"_facets": "True"})

    changelist = response.context["cl"]
    told = {spec.title: [choice["display"] for choice in spec.choices(changelist)] for spec in changelist.filter_specs}
    assert told["author"] == ["All", "Anna Orlova (2)"]
    assert told["state"][:2] == ["All", "Draft (2)"]
    assert told["language"] == ["All", "English (1)", "Russian (1)"]


def test_list_is_searched(desk):
    found = make_message(body="<p>About a Zeppelin.</p>")
    make_message(body="<p>About a ship.</p>")
    answered = make_message(Kind.Q_AND_A, questions=[("Where is the zeppelin?", "<p>Up.</p>"), ("A zeppelin?", "")])

    assert [message.pk for message in listed(desk, q="zeppelin")] == [found.pk]
    assert [message.pk for message in listed(desk, "qanda", q="zeppelin")] == [answered.pk]
    assert desk.get(reverse("admin:press_pressrelease_changelist"), {"q": "zep\x00pelin"}).status_code == 400


def test_list_has_a_date_hierarchy_of_readers_dates(desk, freeze):
    freeze(NOON)
    in_may = make_live()
    freeze(NOON + timedelta(days=30))
    make_live()

    assert [message.pk for message in listed(desk, published_on__year=2026, published_on__month=5)] == [in_may.pk]


@pytest.mark.parametrize("count", [1, 30, 120])
def test_list_costs_the_same_at_any_length(desk, officer, django_assert_num_queries, count):
    for number in range(count):
        make_live(title=f"Title {number}", by=officer)

    with django_assert_num_queries(11):
        rows = listed(desk)

    assert len(rows) == min(count, 50)


# The page


def test_page_lists_the_editions(desk, freeze):
    freeze(NOON)
    message = make_live(title="First")
    freeze(NOON + timedelta(hours=1))
    make_correction(message, note="The hour was wrong.", title="Second")

    html = desk.get(page_of(message)).content.decode()

    assert "The hour was wrong." in html
    assert "12 May 2026, 13:00" in html
    assert html.count(Edition.objects.get(number=2).get_absolute_url()) == 2


ENDING = ["Withdraw…", "Published in error…", "Replace…"]


def test_page_shows_the_buttons_of_the_state(desk, freeze):
    freeze(NOON)
    draft, live, scheduled = make_message(), make_live(), make_live(at=NOON + timedelta(hours=1))
    newer = change(make_live(), body="<p>More.</p>")

    def buttons(message):
        return [str(label) for label, _url in desk.get(page_of(message)).context["tools"]]

    always = ["Preview", "Pictures and files (0)…"]
    recalling = ["Release…", "Reschedule…", "Recall…"]
    assert buttons(draft) == [*always, "Release…", "Translation…", "Share the draft…"]
    assert buttons(live) == [*always, *ENDING, "Feature on home…", "Translation…"]
    assert buttons(newer) == [*always, "Correct…", *ENDING, "Feature on home…", "Translation…", "Share the draft…"]
    assert buttons(scheduled) == [*always, *recalling, "Feature on home…", "Translation…", "Share the draft…"]


def test_page_links_to_the_site_only_what_stands_there(desk, freeze):
    freeze(NOON)
    draft, live, scheduled = make_message(), make_live(), make_live(at=NOON + timedelta(hours=1))

    assert [desk.get(page_of(message)).context["has_absolute_url"] for message in (draft, live, scheduled)] == [
        False,
        True,
        False,
    ]


def test_sections_need_their_rights(client, officer):
    message = make_message()
    officer.groups.clear()
    client.force_login(officer)

    for page in ("change", "preview", "release", "delete"):
        assert client.get(page_of(message, page)).status_code == 403
    client.logout()
    assert client.get(page_of(message, "preview")).status_code == 302


def test_released_by_its_page(desk):
    message = make_message()

    response = act(desk, message, "release")

    assert response.redirect_chain[0][0] == page_of(message)
    assert Edition.objects.get().message_id == message.pk


def test_only_forms_get_the_looser_policy_and_the_editor(desk):
    message = make_message()
    forms = {page_of(message), add("qanda")}
    others = {reverse("admin:index"), reverse("admin:press_pressrelease_changelist"), page_of(message, "history")}
    others |= {page_of(message, "release"), page_of(message, "delete")}

    loose = {address for address in forms | others if "unsafe-inline" in policy(desk, address)}
    editing = {address for address in forms | others if "ckeditor" in desk.get(address).content.decode()}

    assert loose == forms
    assert editing == forms


def policy(desk, address):
    return desk.get(address).headers["Content-Security-Policy"]
