"""Topics in the office: what messages may be about."""

from django import forms
from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from press.models import Topic
from press.plain_text import one_line


class TopicForm(forms.ModelForm):
    """A topic, its names on one line each."""

    def clean_name_en(self):
        return one_line(self.cleaned_data["name_en"])

    def clean_name_ru(self):
        return one_line(self.cleaned_data["name_ru"])


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin):
    """A new topic is seen by nobody until a text that has it is live; another name is seen by everybody at once."""

    form = TopicForm
    # The one of the application is for messages.
    change_form_template = "admin/change_form.html"
    fields = ["name_en", "name_ru", "slug", "position"]
    list_display = ["title", "slug", "position", "drafts", "editions"]
    search_fields = ["name_en", "name_ru", "slug"]
    # A topic goes one by one, after its own page has told what that means.
    actions = None

    def get_queryset(self, request):
        """With what the list counts."""
        counts = {"message_count": "message_topics", "edition_count": "edition_topics"}
        return super().get_queryset(request).annotate(**{name: Count(of, distinct=True) for name, of in counts.items()})

    @admin.display(description=_("topic"))
    def title(self, topic):
        """Its name in the officer's language."""
        return topic.name

    @admin.display(description=_("drafts"), ordering="message_count")
    def drafts(self, topic):
        """How many working copies have it."""
        return topic.message_count

    @admin.display(description=_("editions"), ordering="edition_count")
    def editions(self, topic):
        """How many editions have it."""
        return topic.edition_count

    def get_readonly_fields(self, request, obj=None):
        """The address is for ever once an edition has it; the database keeps it, too."""
        return ["slug"] if obj and obj.edition_count else []

    def get_prepopulated_fields(self, request, obj=None):
        """The address is made from the English name, until it is there."""
        return {} if obj else {"slug": ["name_en"]}

    def has_delete_permission(self, request, obj=None):
        """Only what nothing uses."""
        return super().has_delete_permission(request, obj) and not (obj and (obj.message_count or obj.edition_count))
