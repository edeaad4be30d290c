"""A whole public site for tests: the demo content, the shapes it lacks, and the pages that are no addresses."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.management import call_command
from django.template.loader import render_to_string
from django.test import Client

from consular.models import ContactInfo
from embassy import clock
from press.acts import Seen
from press.models import Edition
from press.withdraw import withdraw
from tests.consular.factory import add_exception, publish
from tests.press.factory import make_correction
from tests.press.uploads_factory import add_attachment, add_photo, make_picture

DEMO = settings.BASE_DIR / "press" / "demo" / "messages.jsonl"
# 121 messages below one kind make seven pages: the middle one has a gap on either side.
MANY = 121
FIRST = datetime(2019, 3, 4, 9, tzinfo=UTC)
UNBROKEN = {
    "en": "Memorandum_of_understanding_" + "donaudampfschifffahrtsgesellschaft" * 5 + "!!",
    "ru": "Достопримечательность" * 9 + "-и-прочее!!",
}
TEXT = {
    "en": "The winter garden opens at ten and closes at six, and every visitor is given a map of the paths. ",
    "ru": "Зимний сад открывается в десять и закрывается в шесть, и каждый посетитель получает план дорожек. ",
}
TABLE = (
    "<table><caption>{0}</caption><thead><tr><th scope='col'>{0}</th><th scope='col'>{1}</th>"
    "<th scope='col'>{1} 2</th><th scope='col'>{1} 3</th></tr></thead><tbody><tr><th scope='row'>{2}</th>"
    "<td>1 234</td><td>{3}</td><td>98,7 %</td></tr></tbody></table>"
)
CELLS = {
    "en": ("Department", "Administration", "Correspondence", "Cooperation agreements"),
    "ru": ("Подразделение", "Администрация", "Делопроизводство", "Соглашения о сотрудничестве"),
}


@dataclass(frozen=True)
class Site:
    """Its pages: {name: path}, and those that are served from text: {path: HTML}."""

    paths: dict
    canned: dict


def lines(language):
    """The shapes of messages that the checks need, by name, as lines of an import file."""
    text, table = f"<p>{TEXT[language] * 6}</p>", TABLE.format(*CELLS[language])
    rich = (
        f"<h2>{TEXT[language]}</h2>{text}<h3>{TEXT[language]}</h3><ul><li>{TEXT[language]}</li><li>H<sub>2</sub>O</li>"
        f"</ul><blockquote><p>{TEXT[language]}</p></blockquote><h4>{TEXT[language]}</h4><ol><li>{TEXT[language]}</li></ol>"
        f'<p><a href="https://example.org/{"a" * 90}">https://example.org/{"a" * 90}</a> 1<sup>st</sup></p>'
    )
    sides = [{"on_behalf_of": side, "name": "A. Name", "office": "Director"} for side in ("Northgarden", "Southgarden")]
    return {
        "release": {
            "kind": "press-release",
            "body": rich * 3,
            "topics": [{"slug": "shapes", "name_en": UNBROKEN["en"][:80], "name_ru": UNBROKEN["ru"][:80]}],
            "translations": "release",
        },
        "statement": {"kind": "statement", "body": text, "signed_in": "London", "signed_on": "2022-05-02"},
        "joint": {
            "kind": "statement",
            "body": text,
            "signed_in": "London",
            "signed_on": "2022-05-02",
            "signatories": sides,
        },
        "q-and-a": {
            "kind": "q-and-a",
            "body": text,
            "questions": [{"question": f"<p>{TEXT[language]} {n}?</p>", "answer": text + table} for n in range(5)],
        },
        "table": {"kind": "press-release", "body": table + text},
        # New enough to stand on home.
        "unbroken": {
            "kind": "press-release",
            "title": UNBROKEN[language],
            "published_at": "2026-11-20T08:00:00Z",
            "body": f"<p>{UNBROKEN[language]}</p>",
        },
        "withdrawn": {"kind": "press-release", "body": text},
    }


def written(folder):
    """An import file of many short messages and, in each language, one of every shape."""
    many = [
        {
            "kind": "press-release",
            "language": "en",
            "title": f"A message in the middle of many {number}",
            "published_at": (FIRST + timedelta(days=3 * number)).isoformat(),
            "body": f"<p>{TEXT['en']}</p>",
        }
        for number in range(MANY)
    ]
    shapes = [
        {
            "language": language,
            "title": f"{TEXT[language].split(',')[0]}, {name}",
            "published_at": datetime(2022, 5, 2, 8, tzinfo=UTC).isoformat(),
            "slug": f"{name}-shape",
            **line,
        }
        for language in ("en", "ru")
        for name, line in lines(language).items()
    ]
    path = folder / "messages.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in many + shapes))
    return path


def make_site(folder):
    """Fill the empty database, and tell where the pages are; `folder` is for what must be a file."""
    empty = {name: Client().get(path) for name, path in {"empty home": "/", "empty consular": "/consular/"}.items()}
    call_command("import_messages", DEMO, verbosity=0)
    call_command("import_messages", written(folder), verbosity=0)
    shapes = {
        (edition.language, edition.address.slug.removesuffix("-shape")): edition
        for edition in Edition.objects.filter(address__slug__endswith="-shape").select_related("address", "message")
    }
    for language in ("en", "ru"):
        updated, withdrawn = shapes[language, "release"].message, shapes[language, "withdrawn"].message
        add_photo(updated, is_lead=True, caption=TEXT[language], credit="A. Name")
        add_photo(updated, make_picture("second.png", kind="PNG", size=(60, 1300)), is_decorative=True)
        add_attachment(updated, title=UNBROKEN[language], language="ru", note=TEXT[language])
        make_correction(updated, note="The opening hours were corrected.", title=updated.title + " (2)")
        withdraw(withdrawn, Seen.of(withdrawn), withdrawn.author, "The programme has changed.")
    _open_consular_section()
    canned = {f"/{name.replace(' ', '-')}/": response.content.decode() for name, response in empty.items()}
    canned["/500/"] = render_to_string("500.html")
    messages = {
        f"{name} {language}".removesuffix(" en"): edition.get_absolute_url()
        for (language, name), edition in shapes.items()
    }
    return Site(_paths() | messages | {path.strip("/").replace("-", " "): path for path in canned}, canned)


def _open_consular_section():
    """The demo's offices, closed on days that home tells of."""
    call_command("loaddata", "demo_contacts", verbosity=0)
    today = clock.host_date(clock.now())
    for days in (3, 8):
        day = (today + timedelta(days=days)).isoformat()
        office = ContactInfo.objects.get(primary=True)
        office.exceptions.filter(date=day).delete()
        add_exception(office, day, "A holiday", "10:00–12:00" if days == 8 else "")
    publish()


def _paths():
    english = {
        "home": "/",
        "list": "/messages/",
        "list in the middle": "/messages/press-releases/?page=4",
        "kind": "/messages/statements/",
        "year": f"/messages/{FIRST.year}/",
        "month": "/messages/2022/05/",
        "empty month": "/messages/2023/08/",
        "archive": "/messages/archive/",
        "topics": "/messages/topics/",
        "topic": "/messages/topics/shapes/",
        "search": "/search/",
        "search that finds": "/search/?q=embassy+or+посольство",
        "search that finds nothing": "/search/?q=zzzz&year=2024",
        "consular": "/consular/",
        "accessibility": "/accessibility/",
        "privacy": "/privacy/",
        "404": "/nothing/here/",
    }
    no_counterpart = {"list in the middle", "year"}
    russian = {f"{name} ru": f"/ru{path}" for name, path in english.items() if name not in no_counterpart}
    return english | russian
