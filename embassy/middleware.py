"""What every request and every answer gets."""

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.utils import translation
from django.utils.translation.trans_real import get_language_from_path

from embassy import clock
from embassy.page_cache.shelf import FAILURE, MOMENT


def moment(get_response):
    """Give the request one moment, `request.at`: everything on a page is true at the same time."""

    def middleware(request):
        if error := request.environ.get(FAILURE):
            # The database does not answer; a view would wait for it once more.
            raise error
        # The page cache has chosen it, where it stands in front.
        request.at = request.environ.get(MOMENT) or clock.now()
        return get_response(request)

    return middleware


def language_of_address(get_response):
    """Activate the language the address names, the site's first where it names none.

    Django's LocaleMiddleware would look at cookies and Accept-Language too, and vary by them.
    """

    def middleware(request):
        language = get_language_from_path(request.path_info, strict=True) or settings.LANGUAGE_CODE
        with translation.override(language):
            # As Django writes it, however the address did: /RU/ names Russian too.
            language = request.LANGUAGE_CODE = translation.get_language()
            response = get_response(request)
            response.headers.setdefault("Content-Language", language)
        return response

    return middleware


# What no page here asks of the browser, and no script that got in may ask for either.
REFUSED = (
    *("accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "idle-detection"),
    *("local-fonts", "magnetometer", "microphone", "midi", "payment", "screen-wake-lock", "serial", "usb"),
    "xr-spatial-tracking",
)
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in REFUSED)


def headers_of_a_file(headers, path, url):
    """Give a static file (whitenoise) what a page has, and nothing to do if it is opened as one."""
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = PERMISSIONS_POLICY
    headers["Content-Security-Policy"] = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; sandbox"


def headers(get_response):
    """Tell the browser what no page here needs, that nobody else may embed our answers, and to ask again."""

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # Without it browsers keep a permanent redirect for ever; ours may lead elsewhere tomorrow.
        response.headers.setdefault("Cache-Control", "max-age=0, must-revalidate")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response

    return middleware


def usual_policy(get_response):
    """Give an answer the site's Content-Security-Policy, where it has none: csp.middleware for unchanged policies."""
    policy = build_policy()

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault(HEADER, policy)
        return response

    return middleware
