"""What the office's templates ask for."""

from django import template
from django.urls import reverse

from embassy.difference import summary
from embassy.moments import in_both_cities, in_host_city
from press.admin.long_lists import dates_of
from press.checklist import findings
from press.desk import desk_of
from press.house_style import house_style
from press.models import Kind

register = template.Library()

SECTIONS = {Kind.PRESS_RELEASE: "pressrelease", Kind.STATEMENT: "statement", Kind.Q_AND_A: "qanda"}


@register.simple_tag(takes_context=True)
def desk(context):
    """The index page's lists for the officer who asks; None for who may not see messages."""
    request = context["request"]
    return desk_of(request.user, request.at) if request.user.has_perm("press.view_message") else None


@register.simple_tag(takes_context=True)
def checklist(context, message):
    """What there is to look at before the stored `message` is released now."""
    return findings(message, context["request"].at)


@register.filter
def office_url(message):
    """The address of a message's form."""
    return reverse(f"admin:press_{SECTIONS[message.kind]}_change", args=[message.pk])


@register.filter
def version_name(version):
    """A version as lists name it: its number, its moment, its writer."""
    who = version.by.get_full_name() or version.by.get_username()
    return f"{version.number}: {in_host_city(version.at)}, {who}"


register.filter("both_cities", in_both_cities)
register.inclusion_tag("admin/date_hierarchy.html", name="reader_dates")(dates_of)
register.simple_tag(house_style)
register.filter("summary", summary)
