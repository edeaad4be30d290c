"""How templates write telephone numbers."""

import phonenumbers
from django import template

register = template.Library()


@register.filter
def international(number):
    """An E.164 number as people read it: +442079460100 becomes +44 20 7946 0100. Others stay as they are."""
    try:
        parsed = phonenumbers.parse(str(number))
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
