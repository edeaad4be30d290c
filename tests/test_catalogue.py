"""The Russian catalogue: complete, current, compiled, and nothing else on the Russian pages."""

import re
import shutil
import subprocess
from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from lxml import html

from consular.wording import OPENS_ON_WEEKDAY
from press import paging
from press.acts import Seen
from press.models import Kind
from press.withdraw import retract, withdraw
from tests.consular.factory import make_office, publish
from tests.press.factory import make_correction, make_live, make_officer

CATALOGUE = settings.BASE_DIR / "locale" / "ru" / "LC_MESSAGES" / "django.po"
# What `make messages` leaves out, and what holds no texts of the interface.
NOT_SEARCHED = shutil.ignore_patterns(
    ".*", "node_modules", "tests", "bench", "locale", "media", "static", "staticfiles", "__pycache__"
)
NOON = datetime(2026, 5, 12, 11, 0, tzinfo=UTC)
STATUSES = {"404": 404, "published in error": 410}
SPEECH = ["aria-label", "alt", "title", "placeholder"]

needs_gettext = pytest.mark.skipif(shutil.which("msgfmt") is None, reason="gettext is not installed")


def gettext_tool(*command):
    """What one of gettext's tools says."""
    return subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout


def entries(catalogue):
    """The (context and source, translation) pairs of a catalogue, as its file writes them."""
    text = gettext_tool("msgcat", "--no-wrap", "--no-location", str(catalogue))
    pairs = re.findall(r"^((?:msgctxt|msgid) .*?)^(msgstr.*?)(?:^$|\Z)", text, re.MULTILINE | re.DOTALL)
    return dict(pairs[1:])


@pytest.fixture
def extracted(tmp_path, monkeypatch):
    """A new catalogue of all that the sources have to translate now."""
    copy = tmp_path / "sources"
    shutil.copytree(settings.BASE_DIR, copy, ignore=NOT_SEARCHED)
    (copy / "locale").mkdir()
    monkeypatch.chdir(copy)
    monkeypatch.setattr(settings, "LOCALE_PATHS", [])
    call_command("makemessages", locale=["ru"], no_location=True, verbosity=0)
    return copy / CATALOGUE.relative_to(settings.BASE_DIR)


@needs_gettext
def test_catalogue_holds_what_the_sources_say_and_nothing_else(extracted):
    wanted, held = entries(extracted).keys(), entries(CATALOGUE).keys()

    assert len(wanted) > 300
    assert wanted - held == set(), "run `make messages` and translate"
    assert held - wanted == set(), "run `make messages`"


@needs_gettext
@pytest.mark.parametrize("lack", ["--untranslated", "--only-fuzzy", "--only-obsolete"])
def test_catalogue_lacks_nothing(lack):
    assert gettext_tool("msgattrib", lack, "--no-wrap", str(CATALOGUE)) == ""


@needs_gettext
def test_catalogue_passes_the_checks_of_gettext(tmp_path):
    gettext_tool("msgfmt", "--check", "--output-file", str(tmp_path / "checked.mo"), str(CATALOGUE))


@needs_gettext
def test_compiled_catalogue_is_that_of_the_text(tmp_path):
    compiled = tmp_path / "django.mo"
    gettext_tool("msgfmt", "--output-file", str(compiled), str(CATALOGUE))

    committed = gettext_tool("msgunfmt", "--no-wrap", str(CATALOGUE.with_suffix(".mo")))

    assert "Пресс-релизы" in committed
    assert committed == gettext_tool("msgunfmt", "--no-wrap", str(compiled))


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "1\xa0материал"),
        (2, "2\xa0материала"),
        (5, "5\xa0материалов"),
        (11, "11\xa0материалов"),
        (21, "21\xa0материал"),
        (22, "22\xa0материала"),
        (111, "111\xa0материалов"),
    ],
)
def test_catalogue_counts_messages_in_the_right_form(count, words):
    with translation.override("ru"):
        counted = ngettext("%(counter)s message", "%(counter)s messages", count)

    assert counted % {"counter": count} == words


def test_catalogue_names_days_in_the_case_of_the_sentence():
    with translation.override("ru"):
        sentences = [str(sentence) % {"time": "9:00"} for sentence in OPENS_ON_WEEKDAY]

    assert sentences == [
        f"Закрыто. Откроется {day} в\xa09:00"
        for day in (
            "в\xa0понедельник",
            "во\xa0вторник",
            "в\xa0среду",
            "в\xa0четверг",
            "в\xa0пятницу",
            "в\xa0субботу",
            "в\xa0воскресенье",
        )
    ]


def test_catalogue_goes_before_djangos():
    with translation.override("ru"):
        assert gettext("Home") == "Главная"
        assert date_format(date(2018, 10, 15), "j E Y") == "15 октября 2018"


# The Russian pages


def ended(messages, by):
    """The addresses of two messages, one withdrawn and one published in error."""
    withdrawn, retracted = messages
    withdraw(withdrawn, Seen.of(withdrawn), by, "Причина.")
    retract(retracted, Seen.of(retracted), by)
    return [message.editions.last().get_absolute_url() for message in messages]


@pytest.fixture
def pages(freeze, monkeypatch):
    """The addresses of Russian pages by what they are; their content is Russian throughout."""
    monkeypatch.setattr(paging, "PER_PAGE", 3)
    freeze(NOON)
    by = make_officer()
    make_office(hours=[(0, "09:00", "12:30"), (1, "09:00", "12:30")], closures=[("2026-06-12", "День")])
    publish()
    news = [make_live(title=f"Новость {number}", language="ru", body="<p>Текст.</p>", by=by) for number in range(3)]
    release = make_live(title="Пресса", body="<p>Текст.</p>", language="ru", by=by)
    freeze(NOON.replace(minute=1))
    make_correction(release, note="Уточнение.", body="<p>Другой текст.</p>")
    joint = make_live(
        kind=Kind.STATEMENT, title="Дружба", body="", language="ru", by=by, signatories=["Сад", "Музей"], signed_in="Я"
    )
    questions = [(f"Вопрос {number}?", "<p>Ответ.</p>") for number in range(4)]
    q_and_a = make_live(kind=Kind.Q_AND_A, title="Беседа", body="", language="ru", by=by, questions=questions)
    withdrawn, retracted = ended(news[:2], by)
    return {
        "home": "/ru/",
        "list": "/ru/messages/",
        "second page": "/ru/messages/?page=2",
        "month of a kind": "/ru/messages/statements/2026/05/",
        "press release": release.editions.last().get_absolute_url(),
        "joint statement": joint.editions.get().get_absolute_url(),
        "Q&A": q_and_a.editions.get().get_absolute_url(),
        "withdrawn": withdrawn,
        "published in error": retracted,
        "consular": "/ru/consular/",
        "accessibility": "/ru/accessibility/",
        "privacy": "/ru/privacy/",
        "404": "/ru/there-is-none/",
    }


def latin_words(text):
    """The words in Latin letters; addresses and telephone numbers are none."""
    return set(re.findall(r"[A-Za-z][A-Za-z-]+", re.sub(r"\S+@\S+|\w+://\S+|%\(\w+\)s|\\n", " ", text)))


def read_aloud(page):
    """All that readers see or hear of a page, but what is marked as being in English, and code, which is in none."""
    for element in page.xpath("//*[@lang='en'] | //script | //style | //code"):
        element.drop_tree()
    spoken = [text for name in SPEECH for text in page.xpath(f"//@{name}")]
    return " ".join([*page.itertext(), *spoken, *page.xpath("//meta[@name='description']/@content")])


@needs_gettext
def test_russian_pages_have_no_english_word(client, pages):
    meant = latin_words(" ".join(entries(CATALOGUE).values()))

    answers = {name: client.get(address) for name, address in pages.items()}
    texts = {name: read_aloud(html.fromstring(answer.content)) for name, answer in answers.items()}

    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code != 200} == STATUSES
    assert [name for name, text in texts.items() if "Консульский отдел" not in text] == []
    assert {name: words for name, text in texts.items() if (words := latin_words(text) - meant)} == {}
