"""An office as a card for the address book (vCard 3.0, RFC 2426, which every telephone reads)."""

import vobject


def office_card(office, url):
    """The card of an Office, in the active language; `url` is its page. Bytes."""
    card = vobject.vCard()
    card.add("n").value = vobject.vcard.Name(family=office.name)
    card.add("fn").value = office.name
    card.add("org").value = [office.name]
    for phone in [*office.ordinary_phones, *office.emergency_phones]:
        line = card.add("tel")
        line.value, line.type_param = phone["number"], ["WORK", "VOICE"]
        _label(card, line, phone["purpose"])
    for email in office.emails:
        line = card.add("email")
        line.value, line.type_param = email["address"], ["INTERNET", "WORK"]
        _label(card, line, email["purpose"])
    if office.facts["address"]:
        street = ", ".join(office.facts["address"].splitlines())
        address = card.add("adr")
        address.value, address.type_param = vobject.vcard.Address(street=street), ["WORK"]
    card.add("url").value = url
    card.add("rev").value = office.at.strftime("%Y-%m-%dT%H:%M:00Z")
    return card.serialize().encode()


def _label(card, line, text):
    """What the line is for, as address books show it: by a group and the label that Apple began with."""
    line.group = f"item{sum(1 for other in card.getChildren() if other.group) + 1}"
    label = card.add("x-ablabel")
    label.group, label.value = line.group, text
