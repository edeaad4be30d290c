"""Lighthouse over the pages of a running site: `make lighthouse SITE=http://127.0.0.1:8000`.

Every sort of page, in each language, as a phone and as a desktop computer sees it. Prints a table (and
writes it to `.local/bench/lighthouse.md`), names what keeps a page from its targets, and ends with
status 1 if there is anything. A page is opened before it is measured, so that it is kept, as pages are when
many read them. A busy machine adds to every time and never takes away, so a page has three attempts, and
the best counts.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from math import inf
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urljoin
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".local" / "tools"
LIGHTHOUSE = TOOLS / "node_modules" / "lighthouse" / "cli" / "index.js"
RELEASE = "lighthouse@12.8.2"
RESULTS = ROOT / ".local" / "bench" / "lighthouse.md"
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
# The default slows a processor down that is slow enough here, and is noise on a busy one.
COMMON = ["--quiet", "--output=json", "--throttling.cpuSlowdownMultiplier=1", f"--chrome-flags={FLAGS}"]
PRESETS = {"mobile": [], "desktop": ["--preset=desktop"]}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
# Lighthouse's simulated network: milliseconds, none, milliseconds.
LIMITS = {"largest-contentful-paint": 1500, "cumulative-layout-shift": 0, "total-blocking-time": 50}
ATTEMPTS = 3
PATHS = {
    "home": "",
    "list": "messages/",
    "search that finds": "search/?q=embassy+or+%D0%BF%D0%BE%D1%81%D0%BE%D0%BB%D1%8C%D1%81%D1%82%D0%B2%D0%BE",
    "search that finds nothing": "search/?q=zzzz",
    "consular section": "consular/",
    "archive": "messages/archive/",
}
# Searches are not to be found by search engines (a meta element says so), which Lighthouse holds against them.
MEANT = {"search that finds": "is-crawlable", "search that finds nothing": "is-crawlable"}
# The first of a list whose page has this.
MESSAGES = {
    "press release": ("messages/press-releases/", ""),
    "joint statement": ("messages/statements/", 'class="signatories'),
    "Q&A": ("messages/q-and-a/", ""),
}
MESSAGE = re.compile(r'href="((?:/ru)?/messages/\d{4}/\d\d/\d\d/[^"]+)"')


@dataclass
class Result:
    """What Lighthouse says of one page."""

    scores: list
    figures: list
    faults: list

    @property
    def rank(self):
        """The better one is the smaller."""
        return len(self.faults), -sum(self.scores), self.figures


def read(url):
    """The text of a page, of an error's too."""
    try:
        with urlopen(url) as response:  # noqa: S310 — the address the caller gave
            return response.read().decode()
    except HTTPError as error:
        return error.read().decode()


def pages(site):
    """The address of every page that is measured, by name."""
    found = {}
    for prefix, language in (("/", "en"), ("/ru/", "ru")):
        for name, path in PATHS.items():
            found[f"{name}, {language}"] = urljoin(site, prefix + path)
        for name, (path, mark) in MESSAGES.items():
            links = dict.fromkeys(MESSAGE.findall(read(urljoin(site, prefix + path))))
            urls = (urljoin(site, link) for link in links)
            url = next((url for url in urls if mark in read(url)), None)
            if url is None:
                sys.exit(f"There is no {name} in {language} at {site}{prefix}{path}: the demo has one.")
            found[f"{name}, {language}"] = url
    return found


def installed():
    """Install Lighthouse where it is not; leave with a sentence where that cannot be."""
    for command in ("node", "npm", CHROMIUM):
        if shutil.which(command) is None:
            sys.exit(f"Lighthouse needs {command}, which is not installed.")
    if not LIGHTHOUSE.exists():
        options = ["--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(TOOLS)]
        subprocess.run(["npm", "install", *options, RELEASE], check=True)  # noqa: S603, S607 — ours


def measured(url, preset, without=""):
    """The Result of one run of Lighthouse, `without` an audit (its name)."""
    options = [*PRESETS[preset], *([f"--skip-audits={without}"] if without else [])]
    ran = subprocess.run(  # noqa: S603 — ours
        ["node", str(LIGHTHOUSE), url, *COMMON, *options],  # noqa: S607 — ours
        env=os.environ | {"CHROME_PATH": CHROMIUM},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if ran.returncode:
        return Result([0] * len(CATEGORIES), [inf] * len(LIMITS), [f"Lighthouse failed: {ran.stderr.strip()[-300:]}"])
    return result_of(json.loads(ran.stdout))


def result_of(report):
    """The Result that Lighthouse's report (its JSON) tells of."""
    audits, categories = report["audits"], report["categories"]
    scores = [round(100 * (categories[name]["score"] or 0)) for name in CATEGORIES]
    figures = [audits[name]["numericValue"] for name in LIMITS]
    faults = [
        f"{name}: {figure:.3g}" for (name, limit), figure in zip(LIMITS.items(), figures, strict=True) if figure > limit
    ]
    for name, score in zip(CATEGORIES, scores, strict=True):
        if score < 100:
            weighty = [each["id"] for each in categories[name]["auditRefs"] if each["weight"]]
            judged = {each: audits[each]["score"] for each in weighty if each in audits}
            lost = [f"{each} {point}" for each, point in judged.items() if point is not None and point < 1]
            faults.append(f"{name} {score}: {', '.join(lost)}")
    return Result(scores, figures, faults)


def best(url, preset, without=""):
    """The best Result of at most three, `without` an audit."""
    read(url)
    results = []
    for _attempt in range(ATTEMPTS):
        results.append(measured(url, preset, without))
        if not results[-1].faults:
            break
    return min(results, key=lambda result: result.rank)


def row(name, preset, result):
    """The result as a line of the table."""
    lcp, cls, tbt = result.figures
    scores = " / ".join(map(str, result.scores))
    return f"| {name} | {preset} | {scores} | {lcp / 1000:.2f} s | {cls:.3g} | {tbt:.0f} ms |"


def main(site):
    """Measure every page; returns the exit status."""
    installed()
    lines = [
        "| page | as | performance / accessibility / best practices / SEO | LCP | CLS | TBT |",
        "| --- | --- | --- | ---: | ---: | ---: |",
    ]
    print("\n".join(lines), flush=True)
    faults = []
    for name, url in pages(site).items():
        for preset in PRESETS:
            result = best(url, preset, MEANT.get(name.partition(",")[0], ""))
            lines.append(row(name, preset, result))
            print(lines[-1], flush=True)
            faults += [f"{name} ({preset}): {fault}" for fault in result.faults]
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text("\n".join(lines) + "\n")
    print("\n".join(["", *faults] if faults else ["", "Every page meets its targets."]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
