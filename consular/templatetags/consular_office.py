"""What the office's templates ask for."""

from django import template
from django.urls import reverse

from consular import desk
from consular.models import Document

register = template.Library()


@register.simple_tag(takes_context=True)
def consular_desk(context):
    """The index page's lists for the officer who asks; None for who may not see offices."""
    request = context["request"]
    return desk.consular_desk(request.user, request.at) if request.user.has_perm("consular.view_contactinfo") else None


@register.filter
def document_url(document):
    """The address of a document's page in the office."""
    section = "notice" if document.kind == Document.Kind.NOTICE else "facts"
    return reverse(f"admin:consular_{section}_change", args=[document.pk])
