"""The page of a message's pictures and files: upload, describe, order, take from the library, remove."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext

from press import enclosing
from press.acts import Refused
from press.admin.uploading import taken
from press.draft_files import office_address
from press.files_form import AttachmentForm, PhotoForm, UploadForm
from press.intake.wording import told_in_words
from press.models import StoredFile
from press.state import state_of

FORMS = {"photos": PhotoForm, "attachments": AttachmentForm}
# Of the library, beside the form; its own page has the rest.
OFFERED = 12
STEPS = {"up": -1, "down": 1}


class FilePages:
    """For the admin of a kind of message: the page of its pictures and files."""

    def get_urls(self):
        """The page, before Django's own."""
        view = self.admin_site.admin_view(self.files_view)
        return [path("<int:object_id>/files/", view, name=f"press_{self.opts.model_name}_files"), *super().get_urls()]

    def files_view(self, request, object_id):
        """The page. Raises PermissionDenied."""
        message = self.message_or_none(request, object_id)
        if message is None:
            return self.not_there(request, object_id)
        if not self.has_change_permission(request, message):
            raise PermissionDenied
        return FilesPage(self, request, message).respond()

    def files_tool(self, request, message):
        """The button that leads there, with their number; for those who may change the message."""
        if not self.has_change_permission(request, message):
            return []
        number = message.photos.values("pk").union(message.attachments.values("pk"), all=True).count()
        return [(gettext("Pictures and files (%s)…") % number, self.address_of("files", message))]


class FilesPage:
    """One request to the page of one message."""

    def __init__(self, section, request, message):
        self.section, self.request, self.message = section, request, message

    def respond(self):
        """The answer."""
        return self.post() if self.request.method == "POST" else self.page(self.forms())

    def forms(self, data=None, **options):
        """A form for each picture and each document, by the name of their part."""
        rows = {name: getattr(self.message, name).select_related("file__uploaded_by") for name in FORMS}
        return {
            name: [
                FORMS[name](data, instance=row, prefix=f"{name}-{row.pk}", **(options if name == "photos" else {}))
                for row in found
            ]
            for name, found in rows.items()
        }

    def post(self):
        """The answer to what was sent: everything in it is kept, whatever button was pressed, or nothing is."""
        what, name, key = self.pressed()
        forms = self.forms(self.request.POST, must_describe=what == "save")
        files, refusals = taken(self.request)
        added = [*self.request.POST.getlist("add"), *(file.sha256 for file in files)]
        if any(form.errors for found in forms.values() for form in found) or (refusals and not added):
            return self.page(forms, added, refusals)
        try:
            enclosing.rewrite(
                self.message,
                self.opened_version(),
                self.request.user,
                lambda message: self.change(message, forms, added),
            )
        except Refused as refusal:
            return self.page(forms, added, [*refusals, str(refusal)])
        for refusal in refusals:
            self.section.message_user(self.request, refusal, messages.ERROR)
        if what == "save":
            self.section.message_user(self.request, gettext("The pictures and files are saved."), messages.SUCCESS)
            return redirect(self.section.address_of("change", self.message))
        return redirect(self.section.address_of("files", self.message) + (f"#{name}-{key}" if key else "#files"))

    def change(self, message, forms, added):
        """Write what was sent to the parts of `message`."""
        for found in forms.values():
            for form in found:
                if form.has_changed():
                    form.save()
        if "lead" in self.request.POST:
            enclosing.lead(message, _key(self.request.POST["lead"]))
        for name in FORMS:
            order = self.request.POST.get(f"order-{name}", "")
            if order:
                enclosing.put_in_order(getattr(message, name), [_key(key) for key in order.split(",")])
        what, name, key = self.pressed()
        if name in FORMS:
            rows = getattr(message, name)
            if what == "remove":
                enclosing.remove(rows, key)
            elif what in STEPS:
                enclosing.move(rows, key, STEPS[what])
        enclosing.add(message, added)

    def pressed(self):
        """The button: what it does, and to which row of which part."""
        what, _dash, rest = self.request.POST.get("do", "add").partition("-")
        name, _dash, key = rest.partition("-")
        return what, name, _key(key)

    def opened_version(self):
        """The version that the page had shown."""
        return _key(self.request.POST.get("opened_version", ""))

    def page(self, forms, added=(), refusals=()):
        """The page, with what was typed."""
        for found in forms.values():
            for form in found:
                give_addresses(form.instance.file)
                form.told = told_in_words(form.instance.file.told)
        looked_for = self.request.GET.get("q", "").strip()
        chosen = [form.instance.file_id for found in forms.values() for form in found]
        library = StoredFile.objects.exclude(pk__in=chosen).prefetch_related("renditions")
        context = {
            **self.section.admin_site.each_context(self.request),
            "opts": self.section.opts,
            "original": self.message,
            "title": gettext("Pictures and files"),
            "subtitle": str(self.message),
            "state": state_of(self.message, self.request.at),
            "forms": forms,
            "has_lead": any(form.instance.is_lead for form in forms["photos"]),
            "has_errors": any(form.errors for found in forms.values() for form in found),
            "upload_form": UploadForm(),
            "added": StoredFile.objects.filter(pk__in=added),
            "refusals": refusals,
            "library": list(map(give_addresses, library.filter(name__icontains=looked_for)[:OFFERED])),
            "looked_for": looked_for,
            "opened_version": self.opened_version() if self.request.method == "POST" else self.message.version,
            "change_url": self.section.address_of("change", self.message),
            "preview_url": self.section.address_of("preview", self.message),
            "upload_url": reverse("admin:press_storedfile_upload"),
        }
        self.request.current_app = self.section.admin_site.name
        return TemplateResponse(self.request, "admin/press/files.html", context)


def give_addresses(file):
    """`file`, which knows now where the office sees the whole and (of a picture) a small one."""
    made = list(file.renditions.all())
    whole = next(each for each in made if each.sha256 == file.sha256)
    small = min((each for each in made if each.purpose == "page"), key=lambda each: each.width, default=None)
    file.whole_url = office_address(whole.sha256, f"file{whole.suffix}")
    file.small = small and {
        "url": office_address(small.sha256, f"small{small.suffix}"),
        "width": small.width,
        "height": small.height,
    }
    return file


def _key(text):
    return int(text) if text.isdecimal() and len(text) < 19 else None
