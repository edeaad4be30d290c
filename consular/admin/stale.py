"""A save that comes too late: what a colleague has saved meanwhile is not overwritten, both texts are shown."""

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from consular import form_texts
from embassy import canonical
from embassy.reopened import reopened_form, reopened_formset
from embassy.two_texts import KEEP, TwoTexts

# What belongs to the page of both texts, and to this sending alone.
NOT_CARRIED = frozenset({"csrfmiddlewaretoken", "seen"})


def two_texts(request, mine, theirs):
    """The TwoTexts of a posted form and of the same form as it would be shown now.

    None: nobody saved it meanwhile, or both say the same.
    """
    opened = form_texts.unsigned(request.POST.get("opened"))
    saved = form_texts.values_of(theirs)
    clashes = [] if opened == saved else form_texts.clashes_of(mine, theirs, opened)
    posted = request.POST if "seen" in request.POST else {}
    return TwoTexts(clashes, canonical.sha256(saved), posted) if clashes else None


def saver_of(document):
    """Who was the last to save `document`, and when: the pair is empty where that was nobody in the office."""
    kind = ContentType.objects.get_for_model(document)
    entries = LogEntry.objects.filter(content_type=kind, object_id=str(document.pk)).select_related("user")
    entry = entries.order_by("-action_time", "-pk").first()
    return (entry.user, entry.action_time) if entry else (None, None)


def carried(request):
    """What was posted, as pairs of names and values, to come back from the page of both texts."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in NOT_CARRIED and not name.startswith(KEEP)
    ]


class StaleSaves:
    """For the admin of what several officers write: the form carries what it said when it was opened."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """As Django; of what was opened before somebody else saved, both texts are shown."""
        if request.method != "POST" or not object_id:
            return super().changeform_view(request, object_id, form_url, extra_context)
        # The lock goes on to the save.
        with transaction.atomic():
            document = self.locked(request, object_id)
            answer = None
            if document and self.has_change_permission(request, document):
                answer = self._refusal(request, document)
            return answer or super().changeform_view(request, object_id, form_url, extra_context)

    def locked(self, request, object_id):
        """The document, or None; two who save it follow each other. Call it in a transaction."""
        document = self.get_object(request, object_id)
        if document:
            list(self.model.objects.filter(pk=document.pk).select_for_update().values_list("pk"))
            document.refresh_from_db()
        return document

    def _refusal(self, request, document):
        """The page of both texts if the form is stale, or None; what was chosen there is put together."""
        theirs = self._saved_texts(request, document)
        mine = self._posted_texts(request, document, theirs)
        texts = two_texts(request, mine, theirs)
        if texts is None:
            return None
        if not texts.is_decided:
            change_url = self.address_of("change", document)
            return texts.page(self, request, document, change_url, saver_of(document), carried(request))
        request.POST = request.put_together = self._put_together(request, mine, theirs, texts.theirs)
        return None

    def _saved_texts(self, request, document):
        form = self.get_form(request, document, change=True)(instance=document)
        formsets = [
            formset_class(instance=document, queryset=inline.get_queryset(request))
            for formset_class, inline in self.get_formsets_with_inlines(request, document)
        ]
        return _texts_of(form, formsets)

    def _posted_texts(self, request, document, theirs):
        form = self.get_form(request, document, change=True)(request.POST, instance=document)
        texts = {field.name: form_texts.text_of_field(field) for field in form}
        for formset_class, _inline in self.get_formsets_with_inlines(request, document):
            rows = form_texts.posted_rows(formset_class, request.POST)
            name = formset_class.get_default_prefix()
            if rows is not None:
                texts[name] = form_texts.text_of_rows(theirs[name].label, rows)
        return texts

    def _put_together(self, request, mine, theirs, taken):
        """The posted form with what was chosen, to be opened on top of what is saved now; `taken` name the saved."""
        fields = request.POST.copy()
        for name, text in mine.items():
            value = (theirs if name in taken or text.value == theirs[name].value else mine)[name].value
            if isinstance(value, str):
                fields[name] = value
            else:
                form_texts.write_rows(fields, name, value, theirs[name].value)
        fields["opened"] = form_texts.signed(form_texts.values_of(theirs))
        return fields

    def get_form(self, request, obj=None, change=False, **kwargs):
        """The form's class; for what was put together one that only shows it."""
        form_class = super().get_form(request, obj, change=change, **kwargs)
        fields = getattr(request, "put_together", None)
        return form_class if fields is None else reopened_form(form_class, fields)

    def get_formsets_with_inlines(self, request, obj=None):
        """The formsets' classes; for what was put together such as only show it."""
        for formset_class, inline in super().get_formsets_with_inlines(request, obj):
            is_shown = getattr(request, "put_together", None) is not None
            yield (reopened_formset(formset_class) if is_shown else formset_class), inline

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """With what the form says now, to be compared when it is saved."""
        if obj and request.method == "POST":
            context["opened"] = request.POST.get("opened", "")
        elif obj and self.has_change_permission(request, obj):
            formsets = [inline.formset for inline in context["inline_admin_formsets"]]
            texts = _texts_of(context["adminform"].form, formsets)
            context["opened"] = form_texts.signed(form_texts.values_of(texts))
        context["is_put_together"] = hasattr(request, "put_together")
        return super().render_change_form(request, context, add, change, form_url, obj)


def _texts_of(form, formsets):
    """The texts of a form that is shown, with those of its inlines."""
    texts = {field.name: form_texts.text_of_field(field) for field in form}
    for formset in formsets:
        label = str(formset.model._meta.verbose_name_plural)
        texts[formset.prefix] = form_texts.text_of_rows(label, formset.initial_forms)
    return texts
