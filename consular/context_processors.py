"""The consular box in the header of every page, and the notice below it."""

from dataclasses import dataclass

from django.utils.functional import SimpleLazyObject

from consular.frame import frame_of
from consular.offices import Office

HOME = "press:home"


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
        phone, email = office.facts["phone"] or {}, office.facts["email"] or {}
        return cls(
            name=office.name,
            phone_display=phone.get("display", ""),
            phone_uri=phone.get("uri", ""),
            email=email.get("address", ""),
            email_uri=email.get("uri", ""),
            status=office.status,
            is_open=bool(office.opening_status and office.opening_status.open),
        )


def consular(request):
    """The primary office's box and the notice at the request's moment, or None: one query, on pages that show them."""

    def box():
        office = frame_of(request).office
        return office and ConsularBox.of(office)

    def notice():
        frame = frame_of(request)
        is_home = request.resolver_match is not None and request.resolver_match.view_name == HOME
        return frame.notice or (frame.closure_notice if is_home else None)

    # The admin's pages never ask for them, so they cost them nothing.
    return {"consular_box": SimpleLazyObject(box), "notice": SimpleLazyObject(notice)}
