"""What a consular document says: the working copy as plain data, for approvals, editions and differences.

A text that exists in every language of the site is a dict of them; `consular.languages.spoken`
takes the active one. Times are written 09:00, dates in ISO 8601.
"""

from datetime import date

from django.conf import settings

from consular.models import ContactInfo, Document, Notice
from embassy import canonical

OFFICE = ("name", "address", "way_in", "access", "transport", "before", "can", "cannot")


def content_of(document):
    """All that the stored `document` says, to be compared with that of another moment."""
    if document.kind == Document.Kind.FACTS:
        return facts_content()
    # A notice is itself a document, and what it keeps of itself as its notice may be older.
    return notice_content(document if isinstance(document, Notice) else document.notice)


def content_sha256(document):
    """The SHA-256 of the content: what an approval is bound to."""
    return canonical.sha256(content_of(document))


def notice_content(notice):
    """What a notice says, but for when it begins: whoever releases it confirms that."""
    ends = notice.ends_at.isoformat()
    return {"level": notice.level, "text": texts(notice)["text"], "url": notice.url, "ends_at": ends}


def facts_content():
    """What is said of all offices, past exceptions included."""
    offices = ContactInfo.objects.prefetch_related("phones", "emails", "hours", "exceptions", "services")
    return {"offices": [_office(office) for office in offices]}


def without_past(content, today):
    """The facts without exceptional days before the date `today`: what an edition of that day needs."""
    return {
        "offices": [
            {
                **office,
                "exceptions": [day for day in office["exceptions"] if date.fromisoformat(day["date"]) >= today],
            }
            for office in content["offices"]
        ]
    }


def header_of(content):
    """What every page shows: the primary office, and the first emergency line there is."""
    lines = [phone for office in content["offices"] for phone in office["phones"] if phone["is_emergency"]]
    primary = next((office for office in content["offices"] if office["primary"]), None)
    return {
        "emergency": next((_link(phone) for phone in lines if phone["uri"]), None),
        "office": primary
        and {
            **{name: primary[name] for name in ("id", "name", "hours", "exceptions")},
            "phone": next((_link(phone) for phone in primary["phones"] if not phone["is_emergency"]), None),
            "email": next(({"address": mail["address"], "uri": mail["uri"]} for mail in primary["emails"]), None),
        },
    }


def texts(instance):
    """The texts of `instance` in every language: {name: {language: text}}, line ends as Unix writes them."""
    return {
        text.name: {
            code: getattr(instance, f"{text.name}_{code}").replace("\r\n", "\n") for code, _name in settings.LANGUAGES
        }
        for text in instance.per_language()
    }


def _link(phone):
    return {name: phone[name] for name in ("number", "display", "uri")}


def _office(office):
    return {
        "id": office.pk,
        "kind": office.kind,
        "primary": office.primary,
        "languages": list(office.languages),
        **texts(office),
        "phones": [_phone(phone) for phone in office.phones.all()],
        "emails": [
            {"id": mail.pk, "address": mail.address, "uri": mail.uri, **texts(mail)} for mail in office.emails.all()
        ],
        "hours": [
            {
                "channel": span.channel,
                "weekday": span.weekday,
                "opens": f"{span.opens:%H:%M}",
                "closes": f"{span.closes:%H:%M}",
            }
            for span in office.hours.all()
        ],
        "exceptions": [_exception(day) for day in office.exceptions.all()],
        "services": [_service(service) for service in office.services.all()],
    }


def _phone(phone):
    return {
        "id": phone.pk,
        "number": str(phone.number),
        "display": phone.display,
        "uri": phone.uri,
        "is_emergency": phone.is_emergency,
        **texts(phone),
    }


def _exception(day):
    return {
        "date": day.date.isoformat(),
        "channel": day.channel,
        "spans": [[f"{opens:%H:%M}", f"{closes:%H:%M}"] for opens, closes in day.spans],
        **texts(day),
    }


def _service(service):
    return {
        "id": service.pk,
        "fee": None if service.fee is None else f"{service.fee:.2f}",
        "currency": service.currency,
        "appointment": service.appointment,
        "booking_url": service.booking_url,
        **texts(service),
    }
