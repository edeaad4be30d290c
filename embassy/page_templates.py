"""What the templates of public pages are written in: Jinja, with Django's words (docs/decisions/jinja-for-readers.md).

An application adds words of its own with a Jinja extension, which the settings name.
"""

from datetime import datetime
from functools import cache, lru_cache

import phonenumbers
from django.template import defaultfilters
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.dateformat import format as written
from django.utils.timezone import get_default_timezone
from django.utils.translation import get_language
from jinja2 import Environment
from jinja2.compiler import CodeGenerator
from markupsafe import Markup, escape

from embassy.page_cache import memo

# Dates stand in many rows; a year has as many in each language and form.
MOST_DATES = 4096
MOST_ADDRESSES = 1024
MOST_NUMBERS = 256
MOST_TEXTS = 1024


def escaped(value):
    """What `value` is in HTML, as markupsafe.escape; text without anything to escape is given back as it is.

    To look costs a tenth of what it takes to make a Markup, and hardly any title or address has something.
    """
    if type(value) is str and not (
        "&" in value or "<" in value or ">" in value or '"' in value or "'" in value  # Five looks are the fastest way.
    ):
        return value
    return value if type(value) is Markup else escape(value)


class Generator(CodeGenerator):
    """Jinja's compiler, whose templates escape what they write with `escaped`."""

    def _output_child_pre(self, node, frame, finalize):
        # Whatever a template writes is joined as text: nobody asks it whether it is safe any more.
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.escaped(")
        else:
            super()._output_child_pre(node, frame, finalize)


class OneEnvironment(Environment):
    """Its templates share its globals."""

    code_generator_class = Generator
    escaped = staticmethod(escaped)

    def make_globals(self, d):
        """Those of the environment: templates have none of their own, and a chain of both is slow to copy."""
        return self.globals


def environment(**options):
    """The environment of the public pages; `options` are Django's and those of the settings."""
    made = OneEnvironment(trim_blocks=True, lstrip_blocks=True, **options)
    made.install_gettext_callables(
        gettext,
        translation.ngettext,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    # Jinja's own asks the context for it first.
    made.globals["_"] = gettext
    made.globals.update(each_for_ever=each_for_ever, once=once, static=static, url=url)
    made.filters.update(
        date=date,
        filesizeformat=defaultfilters.filesizeformat,
        floatformat=defaultfilters.floatformat,
        international=international,
        iso_date=iso_date,
        iso_minute=iso_minute,
        linebreaksbr=defaultfilters.linebreaksbr,
        moment=moment,
        time=defaultfilters.time,
        urlencode=defaultfilters.urlencode,
    )
    return made


def macro(environment, template, name):
    """The macro `name` of a `template`, for the globals of an `environment`: importing it costs each page anew."""

    @cache
    def found():
        return getattr(environment.get_template(template).module, name)

    return lambda *args, **kwargs: found()(*args, **kwargs)


def gettext(message):
    """A `message` in the active language."""
    return _gettext(message, get_language())


@lru_cache(maxsize=MOST_TEXTS)
def _gettext(message, _language):
    return translation.gettext(message)


def url(name, *args):
    """The path of the page `name`, in the active language."""
    return _url(name, args, get_language())


@lru_cache(maxsize=MOST_ADDRESSES)
def _url(name, args, _language):
    return reverse(name, args=args)


def once(request, *key, caller):
    """`{% call once(request, "name", …) %}`: rendered once for a language, a minute, a version and the `key`.

    What stands in it must depend on nothing else.
    """
    return memo.once(request, (_language(request), *key), caller)


def each_for_ever(request, things, *key, caller):
    """`{% call(edition) each_for_ever(request, editions, "name", …) %}`: rendered once for each of what never changes.

    What stands in it must depend on nothing but the thing, the language and the `key`. `things` are as the page
    cache's memo wants them.
    """
    return Markup("").join(memo.each_for_ever(request, (_language(request), *key), things, caller))


def _language(request):
    # The middleware has set it; asking Django for the active one takes many times as long.
    return getattr(request, "LANGUAGE_CODE", None) or get_language()


def date(when, form):
    """A date, or an aware moment in the host city's time, in a form of Django's `date` filter."""
    if isinstance(when, datetime):
        return written(_here(when), form)
    return _date(when, form, get_language())


@lru_cache(maxsize=MOST_DATES)
def _date(day, form, _language):
    return written(day, form)


def moment(when):
    """An aware moment in the host city's time, to the minute: 15 October 2018, 13:44."""
    here = _here(when)
    return f"{date(here.date(), 'j E Y')}, {here:%H:%M}"


def iso_date(day):
    """A date as machines read it."""
    return day.isoformat()


def iso_minute(moment):
    """An aware moment as machines read it, in the host city's time: 2018-10-15T13:44+0100."""
    return _here(moment).strftime("%Y-%m-%dT%H:%M%z")


def _here(moment):
    return moment.astimezone(get_default_timezone())


@lru_cache(maxsize=MOST_NUMBERS)
def international(number):
    """An E.164 number as people read it: +442079460100 becomes +44 20 7946 0100. Others stay as they are."""
    try:
        parsed = phonenumbers.parse(str(number))
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
