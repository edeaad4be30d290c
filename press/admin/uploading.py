"""Uploads of the office: many in one form, or one by one from a script that shows how far it has come."""

from django.http import JsonResponse
from django.utils.translation import gettext

from press.intake.refusal import Unfit
from press.intake.wording import sentence
from press.uploads import take_in


def taken(request):
    """The files that came with a form: those taken in, and sentences about the others."""
    files, refusals = [], []
    for upload in request.FILES.getlist("uploads"):
        try:
            files.append(take_in(upload, request.user))
        except Unfit as unfit:
            refusals.append(gettext("%(name)s: %(why)s") % {"name": upload.name, "why": sentence(unfit)})
    return files, refusals


def answer_script(request):
    """The answer to a script that sent one file: its hash, or a sentence."""
    files, refusals = taken(request)
    if not files:
        return JsonResponse({"refused": (refusals or [gettext("No file came with it.")])[0]}, status=400)
    return JsonResponse({"sha256": files[0].sha256, "name": files[0].name})
