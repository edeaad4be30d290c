"""The consular box in the header of every page."""

from dataclasses import dataclass

from django.utils.functional import SimpleLazyObject

from consular.offices import Office, primary_office


@dataclass(frozen=True)
class ConsularBox:
    """How to reach the primary office: every text is empty where nothing is known."""

    name: str
    phone_display: str = ""
    phone_uri: str = ""
    email: str = ""
    email_uri: str = ""
    status: str = ""
    is_open: bool = False

    @classmethod
    def of(cls, office: Office):
        """The box of an office, in the active language."""
        phone = next(iter(office.ordinary_phones), None)
        email = next(iter(office.emails), None)
        return cls(
            name=office.name,
            phone_display=phone.display if phone else "",
            phone_uri=phone.uri if phone else "",
            email=email.address if email else "",
            email_uri=email.uri if email else "",
            status=office.status,
            is_open=bool(office.opening_status and office.opening_status.open),
        )


def consular_box(request):
    """The primary office's box at the request's moment, or None: one query, on pages that show it."""

    def box():
        office = primary_office(request.at)
        return office and ConsularBox.of(office)

    # The admin's pages never ask for it, so it costs them nothing.
    return {"consular_box": SimpleLazyObject(box)}
