"""The library: everything that was uploaded, where it is used, and how what nobody uses is removed."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from embassy.moments import in_host_city
from press import converters  # noqa: F401 — the addresses below are written with them
from press.admin.files import give_addresses
from press.admin.uploading import answer_script, taken
from press.files_form import UploadForm
from press.intake.wording import told_in_words
from press.models import Message, Rendition, StoredFile
from press.serving import NEVER_KEEP, respond
from press.uploads import remove


class UseFilter(admin.SimpleListFilter):
    """Whether anything refers to it."""

    title = _("use")
    parameter_name = "use"

    def lookups(self, request, model_admin):
        """The choices."""
        return [("none", _("Used nowhere"))]

    def queryset(self, request, queryset):
        """Those that nothing refers to."""
        return queryset.unused() if self.value() == "none" else queryset


class KindFilter(admin.SimpleListFilter):
    """Pictures, or documents."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        """The choices."""
        return [("pictures", _("Pictures")), ("documents", _("Documents"))]

    def queryset(self, request, queryset):
        """Those of the kind."""
        return {"pictures": queryset.pictures, "documents": queryset.documents}.get(self.value(), queryset.all)()


@admin.register(StoredFile)
class StoredFileAdmin(admin.ModelAdmin):
    """Pictures and files; they are uploaded, looked at and removed, never changed."""

    list_display = ["look", "name", "kind_in_words", "dimensions", "uses", "uploader", "uploaded"]
    list_display_links = ["name"]
    list_filter = [UseFilter, KindFilter]
    list_select_related = ["uploaded_by"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["name", "photos__alt", "photos__caption", "photos__credit", "attachments__title"]
    change_form_template = "admin/press/stored_file.html"

    def get_queryset(self, request):
        """With what the list shows of each, counted in the same query."""
        used = {
            "photo_count": Count("photos", distinct=True),
            "attachment_count": Count("attachments", distinct=True),
            "edition_count": Count("edition_files", distinct=True),
        }
        return super().get_queryset(request).annotate(**used).prefetch_related("renditions")

    @admin.display(description=_("picture"))
    def look(self, file):
        """A small picture."""
        small = give_addresses(file).small
        if not small:
            return "–"
        return format_html('<img class="small-picture" src="{}" alt="" loading="lazy">', small["url"])

    @admin.display(description=_("kind"), ordering="media_type")
    def kind_in_words(self, file):
        """Its kind and size."""
        return f"{file.kind.name}, {filesizeformat(file.size)}"

    @admin.display(description=_("pixels"))
    def dimensions(self, file):
        """Width and height."""
        return f"{file.width} × {file.height}" if file.width else "–"

    @admin.display(description=_("used in"))
    def uses(self, file):
        """How often."""
        drafts, editions = file.photo_count + file.attachment_count, file.edition_count
        if not drafts and not editions:
            return gettext("nothing")
        return gettext("%(drafts)s drafts, %(editions)s editions") % {"drafts": drafts, "editions": editions}

    @admin.display(description=_("uploaded by"), ordering="uploaded_by__username")
    def uploader(self, file):
        """By name."""
        return file.uploaded_by.get_full_name() or file.uploaded_by.get_username()

    @admin.display(description=_("uploaded"), ordering="uploaded_at")
    def uploaded(self, file):
        """In the host city's time."""
        return in_host_city(file.uploaded_at)

    def has_change_permission(self, request, obj=None):
        """Nobody: a file is what it is."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Only what nothing refers to."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or StoredFile.objects.unused().filter(pk=obj.pk).exists())

    def get_deleted_objects(self, objs, request):
        """What is removed with it; in the bulk action what is in use stands among the protected."""
        unused = set(StoredFile.objects.unused().filter(pk__in=[file.pk for file in objs]).values_list("pk", flat=True))
        names = [str(file) for file in objs if file.pk in unused]
        return (
            names,
            {self.opts.verbose_name_plural: len(names)},
            set(),
            [str(file) for file in objs if file.pk not in unused],
        )

    def delete_model(self, request, obj):
        """Remove the row and what the storage has of it."""
        remove([obj.pk])

    def delete_queryset(self, request, queryset):
        """Remove each, and what the storage has of it."""
        remove(list(queryset.values_list("pk", flat=True)))

    def get_urls(self):
        """The pages of uploads and of the files themselves, before Django's own."""
        return [
            path("add/", self.admin_site.admin_view(self.upload_page), name="press_storedfile_add"),
            path("upload/", self.admin_site.admin_view(require_POST(self.upload_one)), name="press_storedfile_upload"),
            path(
                "content/<sha256:sha256>/<filename:name>",
                self.admin_site.admin_view(require_safe(self.content)),
                name="press_storedfile_content",
            ),
            *super().get_urls(),
        ]

    def upload_page(self, request):
        """Upload into the library. Raises PermissionDenied."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        refusals = []
        if request.method == "POST":
            files, refusals = taken(request)
            for file in files:
                self.message_user(request, gettext("“%s” is in the library.") % file, messages.SUCCESS)
            if request.POST.getlist("add") or (files and not refusals):
                return redirect("admin:press_storedfile_changelist")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Upload pictures and files"),
            "upload_form": UploadForm(),
            "upload_url": reverse("admin:press_storedfile_upload"),
            "refusals": refusals,
        }
        return TemplateResponse(request, "admin/press/upload.html", context)

    def upload_one(self, request):
        """One file, from the script. Raises PermissionDenied."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return answer_script(request)

    def content(self, request, sha256, name):
        """A stored file, released or not, for those who may see the library. Raises PermissionDenied, Http404."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rendition = Rendition.objects.filter(sha256=sha256).first()
        if rendition is None:
            raise Http404
        return respond(request, rendition, name, NEVER_KEEP)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """What it is, what readers can find out from it, where it is used."""
        file = self.get_object(request, unquote(object_id))
        context = {"file": give_addresses(file), "told": told_in_words(file.told), **_uses(file)} if file else {}
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})


def _uses(file):
    """The messages whose drafts, and the editions, that refer to a file."""
    drafts = Message.objects.filter(pk__in=file.photos.values("message")) | Message.objects.filter(
        pk__in=file.attachments.values("message")
    )
    editions = file.edition_files.select_related("edition__message").order_by("-edition__live_from", "-edition__pk")
    return {"drafts": drafts.defer("body").order_by("-changed_at"), "edition_files": editions}
