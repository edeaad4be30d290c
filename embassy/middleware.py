"""What every request and every answer gets."""

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


def headers(get_response):
    """Tell the browser what no page here needs, that nobody else may embed our answers, and to ask again."""

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # Without it browsers keep a permanent redirect for ever; ours may lead elsewhere tomorrow.
        response.headers.setdefault("Cache-Control", "max-age=0, must-revalidate")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        return response

    return middleware
