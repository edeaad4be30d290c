"""The site's addresses, and beside them one for each way in which a page could tell that something is scheduled."""

import hashlib

from django.http import Http404, HttpResponse
from django.urls import path

from embassy import urls
from press import converters  # noqa: F401 — the converters are known once it is imported
from press.models import Address, Edition, StoredFile

handler500 = "embassy.failure.server_error"


def scheduled(request):
    return Edition.objects.scheduled(request.at).order_by("pk")


def words(request):
    return HttpResponse(", ".join(edition.title for edition in scheduled(request)))


def count(request):
    return HttpResponse(f"{scheduled(request).count()} more to come")


def validator(request):
    return HttpResponse(headers={"ETag": f'"{scheduled(request).count()}"'})


def lifetime(request):
    soon = scheduled(request).first()
    return HttpResponse(headers={"Cache-Control": f"max-age={9 if soon else 60}"})


def effort(request):
    for edition in scheduled(request):
        edition.files.count()
    return HttpResponse()


def refusal(request, slug):
    if not Address.objects.filter(slug=slug).exists():
        raise Http404
    return HttpResponse(status=403)


def stored(request, sha256):
    known = StoredFile.objects.filter(pk=sha256).exists() and f'"{sha256}"' in request.headers.get("If-None-Match", "")
    return HttpResponse(status=304 if known else 404)


def method(request, number):
    known = request.method == "OPTIONS" and Edition.objects.filter(message=number).exists()
    return HttpResponse(status=405 if known else 404)


def compressed(request):
    best = request.headers.get("Accept-Encoding") == "br" and scheduled(request).exists()
    return HttpResponse(hashlib.sha256(str(best).encode()).hexdigest())


def failure(request):
    raise ValueError if scheduled(request).exists() else Http404


def once(request):
    """Something that an officer did just then: it changes a page, and is no leak."""
    seen.append(request.path)
    return HttpResponse("before" if len(seen) == 1 else "after")


seen = []
urlpatterns = [
    path("leaks/once/", once),
    path("leaks/words/", words),
    path("leaks/count/", count),
    path("leaks/validator/", validator),
    path("leaks/lifetime/", lifetime),
    path("leaks/effort/", effort),
    path("leaks/refusal/<slug:anything>/", lambda request, anything: refusal(request, anything)),
    path("leaks/stored/<sha256:sha256>/", stored),
    path("leaks/method/<int:pk>/", lambda request, pk: method(request, pk)),
    path("leaks/compressed/", compressed),
    path("leaks/failure/", failure),
    *urls.urlpatterns,
]
