"""What the templates of public pages write."""

from datetime import UTC, datetime

import pytest
from django.utils import translation
from django.utils.functional import lazystr
from django.utils.safestring import mark_safe
from markupsafe import Markup, escape

from embassy.page_templates import environment, escaped, international, moment

MARKED = "<b>&amp;</b>"


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("+442079460100", "+44 20 7946 0100"),
        ("+74955550101", "+7 495 555-01-01"),
        ("ask at the gate", "ask at the gate"),
        ("", ""),
    ],
)
def test_international_writes_e164_as_people_read_it_and_leaves_the_rest(number, written):
    assert international(number) == written


@pytest.mark.parametrize(
    ("at", "language", "written"),
    [
        (datetime(2018, 10, 15, 12, 4, 59, tzinfo=UTC), "en", "15 October 2018, 13:04"),
        (datetime(2018, 7, 1, 23, 30, tzinfo=UTC), "en", "2 July 2018, 00:30"),
        (datetime(2018, 1, 5, 9, 0, tzinfo=UTC), "ru", "5 января 2018, 09:00"),
    ],
)
def test_moment_is_written_in_the_host_citys_time_and_the_readers_language(at, language, written):
    with translation.override(language):
        assert moment(at) == written


class Shouting(str):
    """Text whose look is another than it says."""

    def __str__(self):
        return self.upper()


@pytest.mark.parametrize(
    "value",
    [
        *("", "plain", "Тёплый приём", "a & b", "a < b", "a > b", 'a "b"', "it's", MARKED, None, 7, 1.5, ["<"]),
        *(Markup(MARKED), mark_safe(MARKED), lazystr("lazy & <safe>"), Shouting("<b>")),
    ],
)
def test_escaped_is_what_markupsafe_makes_of_it(value):
    assert str(escaped(value)) == str(escape(value))


def test_templates_escape_everything_that_is_not_marked_as_safe():
    made = environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    made.globals["marked"] = Markup(MARKED)
    source = (
        '{% macro each(x) %}{{ x }}|{{ x ~ "<i>" }}|{% endmacro %}{% set block %}{{ x }}{% endset %}'
        "{{ each(x) }}{{ block }}|{{ marked }}|{{ x|safe }}{% for one in [x] %}|{{ one }}{% endfor %}"
    )

    assert made.from_string(source).render(x="<b>") == (
        "&lt;b&gt;|&lt;b&gt;&lt;i&gt;|&lt;b&gt;|<b>&amp;</b>|<b>|&lt;b&gt;"
    )


def test_template_without_escaping_writes_text_as_it_is():
    assert environment(autoescape=False, extensions=["jinja2.ext.i18n"]).from_string("{{ x }}").render(x="<b>") == "<b>"
