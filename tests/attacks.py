"""Attacks by script: published ones and generated ones, and what a browser is asked to find out what they did.

The published ones are brs-kb's. The others hypothesis makes from a grammar: elements of HTML, SVG and
MathML with handlers, addresses that are programs, spellings that only a browser reads, and nesting that only
a browser mends. The same seed makes the same ones.
"""

import base64
from functools import cache

import brs_kb
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

COUNT, SEED = 600, 20261126
LONGEST = 190

# In every frame: what attacks call to show that they ran.
HOOKS = """
  top.ran ||= [];
  // What the admin's own button "No, take me back" does.
  history.back = () => {};
  for (const name of ["alert", "confirm", "prompt", "print", "open"])
    window[name] = (...given) => { top.ran.push(`${name} ${given}`.slice(0, 80)); };
"""
# What only happens when somebody points, clicks or types. Made so, a click does not follow a link.
PROVOKE = """(given) => {
  const page = given ?? document;
  for (const element of page.querySelectorAll("*"))
    for (const type of ["mouseover", "mouseenter", "pointerover", "focus", "click", "keydown", "load", "error"])
      element.dispatchEvent(new Event(type));
}"""
# What of a page could run: scripts that are not files of ours, handlers, addresses that are programs, foreign frames.
LIVE = """(given) => {
  const page = given ?? document;
  const foreign = (address) => new URL(address, location).origin !== location.origin;
  const runs = ({ name, value }) => /^on/i.test(name)
    || (/^(href|src|action|formaction|data|xlink:href)$/i.test(name)
      && /^[\\s\\x00-\\x1f]*(javascript|vbscript|data):/i.test(value));
  const suspects = [
    ...[...page.scripts].filter(({ src, type }) => !/json$/.test(type) && (!src || foreign(src))),
    ...[...page.querySelectorAll("*")].filter((element) => [...element.attributes].some(runs)),
    ...[...page.querySelectorAll("iframe")].filter(({ src, srcdoc }) => srcdoc || foreign(src)),
    ...page.querySelectorAll("body object, body embed, body base, body meta, body style, body math"),
  ];
  // The editor's own surface; what is written in it lies in a page of its own.
  const own = page === document ? "[class^=cke]" : "html:not(:root)";
  return suspects.filter((element) => !element.closest(own)).map((it) => it.outerHTML.slice(0, 120));
}"""
# What each page has once, if nothing in it was taken for markup.
READERS = ("body > header.masthead", "body > nav.site-nav", "body > .page > main", "body > footer.site-foot")
OFFICE = ("#container > header", "#container > #main > main", "#container > #footer")


@cache
def published():
    """COUNT published payloads, of all sorts evenly: printable, and short enough for a title."""
    known = sorted({entry["payload"] for entry in brs_kb.get_all_payloads().values()})
    usable = [payload for payload in known if "<" in payload and len(payload) <= LONGEST and payload.isprintable()]
    step = len(usable) // COUNT
    return usable[::step][:COUNT]


@cache
def generated(count=COUNT):
    """`count` payloads of the grammar, no two the same, and the same ones in every run."""
    found = {}

    @seed(SEED)
    @settings(database=None, max_examples=4 * count, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(ATTACKS)
    def collect(attack):
        if len(attack) <= LONGEST and attack == attack.strip():
            found[attack] = None

    collect()
    return list(found)[:count]


def in_a_line(attack):
    """`attack` as a name or a title can hold it: without line breaks."""
    return " ".join(attack.split())


def faults(page, path, *frames):
    """What ran or could run on the page at `path`, or that it has each part of none of the `frames` exactly once."""
    page.goto(path)
    # A function: without a policy an expression would do, but the office's pages are tested with one elsewhere.
    page.evaluate(PROVOKE)
    found = [("ran", what) for what in page.evaluate("() => top.ran")]
    found += [("could run", what) for what in page.evaluate(LIVE)]
    if not any(all(page.locator(part).count() == 1 for part in frame) for frame in frames):
        found.append(("broken", [part for part in frames[0] if page.locator(part).count() != 1]))
    if not page.url.endswith(path):
        found.append(("led away", page.url))
    return found


# The grammar

TAGS = """
    a abbr animate audio b base body br button canvas caption details dialog div embed em font form frameset h1 h2
    iframe image img input isindex keygen li link map marquee math meta mglyph mtext noscript object ol option p
    picture pre script select set source span strong style sub summary svg table tbody td template textarea th title
    tr track u ul use video x-y xmp
""".split()  # noqa: SIM905 — words in lines read better than a column of strings
# Elements that load, or fail to, without anybody's doing.
RESTLESS = ("<img src=x{}>", "<svg{}>", "<video><source{}></video>", "<details open{}>", "<audio src=x{}>")
EVENTS = ("error", "load", "toggle", "click", "focus", "mouseover", "pointerover", "keydown", "begin", "animationstart")
CALLS = (
    "alert(1)", "alert`1`", "(alert)(2)", "top['al'+'ert'](3)", "[4].map(alert)", "confirm(5)", "prompt`6`", "print()",
    "window['\\x61lert'](7)", "\\u0061lert(8)", "self[/al/.source+'ert'](9)", "eval('ale'+'rt(10)')", "open()",
    "new Function`alert\\`11\\``()", "setTimeout`alert\\x2812\\x29`", "top.ran.push(13)", "a=alert,a(14)",
)  # fmt: skip
GAPS = (" ", "/", "\n", "\t", "  ", "/ ", " x ", ' x="1"', " x='>'")
QUOTES = ("{}", '"{}"', "'{}'", '" {}', "`{}`", "'{}", "{} ", '"{}"x')
EQUALS = ("=", " = ", "=\n", "\t=")


def _decimal(text):
    return "".join(f"&#{ord(character)};" for character in text)


def _without_ends(text):
    return "".join(f"&#x{ord(character):x}" for character in text)


def _every_third(text):
    return "".join(f"&#{ord(it):07};" if at % 3 == 1 else it for at, it in enumerate(text))


def _by_name(text):
    names = {"(": "&lpar;", ")": "&rpar;", ":": "&colon;", "'": "&apos;", "`": "&grave;"}
    return "".join(names.get(character, character) for character in text)


SPELLINGS = (str, str, _every_third, _by_name, _decimal, _without_ends)
SCHEMES = (
    "javascript:", "JaVaScRiPt:", "java\tscript:", "java\nscript:", "java&Tab;script&colon;", "java&NewLine;script:",
    "&#1;javascript:", " javascript:", "&#x6a;avascript:", "javascript&#58;", "vbscript:", "javascript://%0a",
    "feed:javascript:", "view-source:javascript:",
)  # fmt: skip
PLACES = ("href", "src", "action", "formaction", "data", "xlink:href", "poster", "background", "to", "values", "lowsrc")
BROKEN = (
    "{}", "{}", "{}", "<{}", "</p>{}", "<p><div>{}", '"><{}', "'>{}", "-->{}", "<!--{}-->", "<!-->{}-->",
    "<!--><!---{}",     "]]>{}", "<![CDATA[{}]]>", "</title>{}", "</textarea>{}", "<title>{}</title>",
    "<textarea>{}", "<style>{}</style>",
    '<style><a title="</style>{}">', '<noscript><p title="</noscript>{}">', "<svg></p><style><g id='</style>{}'>",
    "<math><mtext><table><mglyph><style><!--</style>{}", "<math><mi><table><mglyph><style><math>{}",
    "<svg><desc>{}</desc>", "<svg><foreignObject>{}", "<table>{}<tr>", "<table><caption>{}", "<select>{}</select>",
    "<select><option>{}", "<template>{}</template>", "<form><math><mtext></form><form><mglyph><style></math>{}",
    "<xmp>{}</xmp>", "<iframe>{}</iframe>", "<noembed>{}", "<plaintext>{}", "<li><blockquote><h2>{}<br>", "&lt;{}",
    "<a href='https://example.org'>{}</a>", "<b><p></b>{}</p>", "%3C{}", "<?xml {}?>", "<!DOCTYPE {}>", "</{}>", "{}<",
    "<scr<script>ipt>{}</scr</script>ipt>", "<a href=\"{}", "<img alt='{}", "<p lang=\"{}\">",
    '<span lang="{}" dir=ltr>', "<ol start='{}'><li>", '<th scope="{}">', "</script>{}", "</script><script>{}",
    "\\u003c{}", "<!--StartFragment-->{}",
)  # fmt: skip


@st.composite
def _elements(draw):
    """An element with a handler, an address that is a program, a page of its own, or a script in it."""
    call = draw(st.sampled_from(CALLS))
    spelled = draw(st.sampled_from(SPELLINGS))(call)
    gap, equals, quoted = (draw(st.sampled_from(choices)) for choices in (GAPS, EQUALS, QUOTES))
    event = f"{gap}{_cased(draw, 'on' + draw(st.sampled_from(EVENTS)))}{equals}{quoted.format(spelled)}"
    tag = _cased(draw, draw(st.sampled_from(TAGS)))
    address = quoted.format(draw(st.sampled_from(SCHEMES)) + spelled)
    page = base64.b64encode(f"<script>{call}</script>".encode()).decode()
    return draw(
        st.sampled_from(
            [
                f"<{tag}{event}>x</{tag}>",
                f"<{tag}{event}{draw(st.sampled_from(GAPS))}tabindex=1 autofocus",
                f"<{tag}{gap}{draw(st.sampled_from(PLACES))}{equals}{address}>x</{tag}>",
                draw(st.sampled_from(RESTLESS)).format(event),
                draw(st.sampled_from(RESTLESS)).format(event),
                f"<{_cased(draw, 'script')}{gap}>{call}</{_cased(draw, 'script')}{gap}>",
                f"<iframe srcdoc='&lt;script&gt;{spelled}&lt;/script&gt;'>",
                f"<svg><animate onbegin={quoted.format(spelled)} attributeName=x dur=1s>",
                f"<svg><a><animate attributeName=href values={address} /><text>x",
                f"<{tag} style='animation:x 1s'{event}><style>@keyframes x{{}}</style>",
                f"<object data=data:text/html;base64,{page}>",
                f"<meta http-equiv=refresh content='0;url={draw(st.sampled_from(SCHEMES))}{spelled}'>",
                f"<math><mtext href={address}>x",
                f"<form action={address}><button formaction={address}>x",
            ]
        )
    )


def _cased(draw, text):
    """`text` in small letters, capitals, or both."""
    return draw(st.sampled_from([str.lower, str.lower, str.upper, str.title]))(text)


def _within(inner):
    broken = st.sampled_from(BROKEN)
    return st.one_of(
        st.builds(lambda outer, attack: outer.replace("{}", attack), broken, inner),
        st.builds(str.__add__, inner, inner),
    )


ATTACKS = st.recursive(_elements(), _within, max_leaves=3)
