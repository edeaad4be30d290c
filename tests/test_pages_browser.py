"""Every public page in Chromium, axe-core and the Nu HTML checker (targets: measured pages, WCAG 2.2 AA)."""

import gzip
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import TransactionTestCase
from playwright.sync_api import Error
from pytest_django.live_server_helper import LiveServer

from embassy import clock
from tests.conftest import hang_up
from tests.public_site import make_site
from tests.visitor import DESK, PHONE, sources, visitor

pytest_plugins = ["tests.browser"]
# Each test looks at what `site` has committed for all of them.
pytestmark = [pytest.mark.browser, pytest.mark.django_db]

VNU = Path(settings.BASE_DIR / ".local/tools/node_modules/vnu-jar/build/dist/vnu.jar")
READER = Path(settings.BASE_DIR / ".local/tools/node_modules/@mozilla/readability/Readability.js")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The AAA rule asks all that the AA rule does (7:1 for 4.5:1), so the slow measuring is done once.
RULES = {"color-contrast": {"enabled": False}, "color-contrast-enhanced": {"enabled": True}}
OPTIONS = {"runOnly": TAGS, "rules": RULES, "resultTypes": ["violations"]}
RUN_AXE = """options => axe.run(document, options).then(results => results.violations.map(
    fault => `${fault.id}: ${fault.nodes.map(node => node.target.join(" ")).join(", ")}`))"""
# WCAG 1.4.12.
SPACING = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
        * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
        p { margin-bottom: 2em !important }`);
    document.adoptedStyleSheets = [sheet];
}"""
# What Firefox's reading view makes of the page, and what the page says itself: letters only, as spaces are layout.
READ = """() => {
    const letters = text => text.replace(/\\s+/g, "");
    const read = new Readability(document.cloneNode(true)).parse();
    const whole = letters(document.querySelector(".e-content").textContent);
    const faults = [];
    if (read.title !== document.querySelector("h1").textContent) faults.push(`title: ${read.title}`);
    if (read.publishedTime !== document.querySelector("[property='article:published_time']").content)
        faults.push(`published: ${read.publishedTime}`);
    if (read.lang !== document.documentElement.lang) faults.push(`language: ${read.lang}`);
    if (!letters(read.textContent).includes(whole)) faults.push(`not the whole text: ${read.textContent}`);
    return faults;
}"""
# KiB, compressed.
LIMITS = {"document": 12, "stylesheet": 5, "script": 1, "font": 30, "image": 3, "other": 3}
WIDTH = "document.documentElement.scrollWidth"
BAD_PAGE = """<!DOCTYPE html><html><head><title>Bad</title><link rel="stylesheet" href="/static/css/site.css"></head>
<body><img src="https://example.org/x.png"><script>alert(1)</script><p style="color: red">Pale</p>
<p class="date"><font color="#666">Pale</font></p><main><p><div></div><pre>%s</pre></main></body></html>
""" % ("wide " * 99)


# Of messages: each kind, with pictures and documents, a table, signatories.
SHAPES = ("release", "statement", "joint", "q-and-a", "table")


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, tmp_path_factory):
    """The public site, committed for the whole module."""
    with django_db_blocker.unblock():
        yield make_site(tmp_path_factory.mktemp("site"))
        TransactionTestCase("__init__")._fixture_teardown()


@pytest.fixture(scope="module")
def base(site):
    """The address of a server of the site."""
    server = LiveServer("localhost")
    yield server.url
    server.stop()
    hang_up()


def of_language(site, language):
    """Half of the pages, so that two workers share the work: those in Russian or the others."""
    return {name: path for name, path in site.paths.items() if name.endswith(" ru") == (language == "ru")}


def kept(faults):
    """Only the pages that have faults."""
    return {name: found for name, found in faults.items() if found}


def axe(page):
    """What axe-core finds on `page`, a line for each rule broken."""
    page.evaluate(Axe().axe_script)
    return page.evaluate(RUN_AXE, OPTIONS)


def axe_by_day_and_night(page):
    """What axe finds on a desk by day and on a telephone by night.

    No colour depends on the width, and nothing but colours on the scheme, so that is all there is.
    """
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme="light")
    on_desk = axe(page)
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="dark")
    return on_desk + axe(page)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_pages_are_accessible_and_make_no_complaint(browser, site, base, language):
    faults = {}
    with visitor(browser, base, site) as reader:
        for name, path in of_language(site, language).items():
            found = axe_by_day_and_night(reader.visit(path))
            faults[name] = found + reader.taken_faults()

    assert kept(faults) == {}


def main_text(page):
    return page.locator("main").inner_text()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_pages_need_no_script_and_no_font_and_never_scroll_sideways(browser, site, base, language):
    faults = {}
    with (
        visitor(browser, base, site, viewport=PHONE) as ours,
        visitor(browser, base, site, viewport=PHONE, java_script_enabled=False) as theirs,
    ):
        theirs.page.context.route("**/*.woff2", lambda way: way.abort())
        for name, path in of_language(site, language).items():
            widths = {
                "with fonts": ours.visit(path).evaluate(WIDTH),
                "without fonts": theirs.visit(path).evaluate(WIDTH),
            }
            same = main_text(ours.page) == main_text(theirs.page)
            for reader, fonts in ((ours, "with fonts"), (theirs, "without fonts")):
                reader.page.evaluate(SPACING)
                widths[f"spaced, {fonts}"] = reader.page.evaluate(WIDTH)
            wide = [f"{width} px {how}" for how, width in widths.items() if width > PHONE["width"]]
            faults[name] = wide if same else [*wide, "another text without the script"]

    assert kept(faults) == {}


def test_checkers_find_the_faults_of_a_bad_page(browser, site, base):
    bad = replace(site, canned={"/bad/": BAD_PAGE})
    with visitor(browser, base, bad, viewport=PHONE) as reader:
        found = axe(reader.visit("/bad/"))
        width = reader.page.evaluate(WIDTH)
        with pytest.raises(Error):
            reader.page.goto("http://elsewhere.invalid/")
        reader.page.context.add_cookies([{"name": "seen", "value": "1", "url": base}])
        complaints = reader.taken_faults()

    assert {fault.split(":")[0] for fault in found} >= {"html-has-lang", "image-alt", "color-contrast-enhanced"}
    assert width > PHONE["width"]
    assert [complaint for complaint in complaints if "Content Security Policy" in complaint]
    assert "wanted http://elsewhere.invalid/" in complaints
    assert "cookie seen" in complaints


def nu_faults(folder, pages):
    """{name: lines of the Nu HTML checker}; `pages` is {name: HTML}, `folder` is for their files."""
    if not (shutil.which("java") and VNU.exists()):
        pytest.skip(f"the Nu HTML checker needs java and {VNU.relative_to(settings.BASE_DIR)} (.ci/run installs both)")
    files = {name: folder / f"page-{number}-.html" for number, name in enumerate(pages)}
    for name, file in files.items():
        file.write_text(pages[name])
    command = ["java", "-jar", VNU, "--Werror", "--format", "gnu", *files.values()]
    found = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False).stderr.splitlines()
    return {
        name: [line.rpartition(f'{file.name}":')[2] for line in found if file.name in line]
        for name, file in files.items()
    }


def test_pages_are_valid_html(site, tmp_path):
    faults = kept(nu_faults(tmp_path, sources(site) | {"bad": BAD_PAGE}))

    assert faults.pop("bad")
    assert faults == {}


def test_keyboard_reaches_the_skip_link_first_and_it_leads_to_the_text(browser, site, base):
    faults = {}
    with visitor(browser, base, site) as reader:
        for name in ("home", "list ru", "q-and-a", "consular", "404"):
            page = reader.visit(site.paths[name])
            page.keyboard.press("Tab")
            first = page.evaluate("document.activeElement.getAttribute('href')")
            seen = page.locator(".skip").bounding_box()["y"] >= 0
            page.keyboard.press("Enter")
            then = page.evaluate("document.activeElement.id")
            faults[name] = [] if (first, seen, then) == ("#main", True, "main") else [first, seen, then]

    assert kept(faults) == {}


def test_clocks_stay_right_and_tell_the_date_where_the_cities_differ(browser, site, base):
    seen = []
    with visitor(browser, base, site, timezone_id="America/New_York") as reader:
        reader.page.clock.install(time="2026-11-24T10:59:30Z")
        page = reader.visit("/ru/")
        seen.append(clocks(page))
        page.clock.fast_forward(40_000)
        seen.append(clocks(page))
        page.clock.fast_forward("09:59:00")
        seen.append(clocks(page))
        page.clock.fast_forward(61_000)
        seen.append(clocks(page))
        page.clock.fast_forward("03:00:00")
        seen.append(clocks(page))

    assert seen == [
        "24 ноября 2026 Москва: 13:59 Лондон: 10:59",
        "24 ноября 2026 Москва: 14:00 Лондон: 11:00",
        "24 ноября 2026 Москва: 23:59 Лондон: 20:59",
        "Москва: 00:00 25 ноября 2026 Лондон: 21:00 24 ноября 2026",
        "25 ноября 2026 Москва: 03:00 Лондон: 00:00",
    ]


def clocks(page):
    """What the header's clocks say to a reader."""
    return " ".join(page.locator(".clocks").inner_text().split()).replace(" :", ":")


@pytest.mark.parametrize("hour", [12, 21])
def test_clock_script_says_what_the_server_said(browser, site, base, monkeypatch, hour):
    at = datetime(2026, 11, 24, hour, 30, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: at)
    with visitor(browser, base, site) as scripted, visitor(browser, base, site, java_script_enabled=False) as plain:
        scripted.page.clock.set_fixed_time(at)
        pairs = [(clocks(scripted.visit(path)), clocks(plain.visit(path))) for path in ("/", "/ru/")]

    assert [ours for ours, _served in pairs] == [served for _ours, served in pairs]


def test_joint_statement_prints_on_a4_without_navigation_and_with_signatories_side_by_side(
    browser, site, base, tmp_path
):
    for tool in ("pdfinfo", "pdftotext"):
        if not shutil.which(tool):
            pytest.skip(f"{tool} is not installed (poppler-utils)")
    paper = tmp_path / "joint.pdf"
    with visitor(browser, base, site) as reader:
        page = reader.visit(site.paths["joint"])
        links = page.locator("nav a").all_inner_texts()
        page.pdf(path=paper, prefer_css_page_size=True)
    info = subprocess.run(["pdfinfo", paper], capture_output=True, text=True, check=True).stdout
    boxes = subprocess.run(["pdftotext", "-bbox", paper, "-"], capture_output=True, text=True, check=True).stdout
    words = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)".*>(.*)</word>', boxes)
    text = " ".join(word for _x, _y, word in words)
    north, south = (
        [(float(x), float(y)) for x, y, word in words if word == side] for side in ("Northgarden", "Southgarden")
    )

    assert "(A4)" in info
    assert [link for link in links if link in text] == []
    assert north[0][1] == south[0][1]
    assert south[0][0] > north[0][0] + 100


@pytest.mark.parametrize("language", ["en", "ru"])
def test_reading_view_has_title_date_and_whole_text(browser, site, base, language):
    if not READER.exists():
        pytest.skip(f"the reading view needs {READER.relative_to(settings.BASE_DIR)} (.ci/run installs it)")
    names = [name for name in of_language(site, language) if name.split()[0] in SHAPES]
    faults = {}
    with visitor(browser, base, site) as reader:
        for name in names:
            page = reader.visit(site.paths[name])
            page.evaluate(f"{READER.read_text()}; globalThis.Readability = Readability; true")
            faults[name] = page.evaluate(READ)

    assert len(names) == len(SHAPES)
    assert kept(faults) == {}


@pytest.mark.parametrize("path", ["/consular/", "/ru/consular/"])
def test_emergency_line_is_on_the_first_screen_of_a_telephone(browser, site, base, path):
    with visitor(browser, base, site, viewport={"width": 360, "height": 740}) as reader:
        number = reader.visit(path).locator(".emergency a").first.bounding_box()

    assert number["y"] + number["height"] <= 600


@pytest.mark.parametrize("path", ["/consular/", "/ru/consular/"])
def test_consular_section_prints_on_one_sheet(browser, site, base, tmp_path, path):
    if not shutil.which("pdfinfo"):
        pytest.skip("pdfinfo is not installed (poppler-utils)")
    paper = tmp_path / "consular.pdf"
    with visitor(browser, base, site) as reader:
        reader.visit(path).pdf(path=paper, prefer_css_page_size=True)
    info = subprocess.run(["pdfinfo", paper], capture_output=True, text=True, check=True).stdout

    assert re.search(r"^Pages: +1$", info, re.MULTILINE)
    assert "(A4)" in info


@pytest.mark.parametrize("path", ["/consular/", "/ru/consular/"])
def test_wide_tables_scroll_in_their_own_region_with_the_keyboard(browser, site, base, path):
    with visitor(browser, base, site, viewport=PHONE) as reader:
        page = reader.visit(path)
        region = page.locator(".scrolled:has(.services)").first
        region.focus()
        page.keyboard.press("ArrowRight")
        # A function: an expression would be evaluated anew each time, which the page's policy forbids.
        page.wait_for_function("() => document.querySelector('.scrolled:has(.services)').scrollLeft > 0")
        width = page.evaluate(WIDTH)

    assert width <= PHONE["width"]


@pytest.mark.parametrize("path", ["/", "/ru/", "/consular/", "/ru/consular/"])
def test_first_view_is_small(browser, site, base, path):
    with visitor(browser, base, site) as reader:
        answers = []
        reader.page.on("response", lambda answer: answers.append(answer))
        reader.visit(path).wait_for_load_state("networkidle")
        sizes = {}
        for answer in answers:
            kind = answer.request.resource_type
            sizes[kind] = sizes.get(kind, 0) + compressed(answer)

    assert {kind: size for kind, size in sizes.items() if size > LIMITS.get(kind, 0) * 1024} == {}
    assert sum(sizes.values()) <= 45 * 1024
    assert len(answers) <= 8


def compressed(answer):
    """The bytes of an answer as nginx would send it; fonts and pictures are compressed in themselves."""
    body = answer.body()
    return len(body) if answer.request.resource_type in {"font", "image"} else len(gzip.compress(body))
