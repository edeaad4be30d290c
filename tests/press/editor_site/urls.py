"""The addresses of the small admin, beside the site's own (which the frame of every page names)."""

from django import forms
from django.contrib import admin
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import User
from django.urls import path

from embassy import urls as embassy_urls
from press.editor import EditorAdminMixin, RichTextFormField


class TextForm(forms.ModelForm):
    """A message: one text."""

    change_message = RichTextFormField(label="Body")

    class Meta:
        model = LogEntry
        fields = ("change_message",)


class ExchangeForm(forms.ModelForm):
    """A question and its answer."""

    object_id = RichTextFormField(label="Question", inline=True)
    change_message = RichTextFormField(label="Answer", top_heading=3)

    class Meta:
        model = LogEntry
        fields = ("object_id", "change_message")

    def save(self, commit=True):
        self.instance.action_flag = ADDITION
        return super().save(commit)


class ExchangeInline(admin.StackedInline):
    model = LogEntry
    form = ExchangeForm
    extra = 0


class TextAdmin(EditorAdminMixin, admin.ModelAdmin):
    form = TextForm


class QuestionsAdmin(EditorAdminMixin, admin.ModelAdmin):
    fields = ("first_name",)
    inlines = (ExchangeInline,)


site = admin.AdminSite(name="small")
site.register(LogEntry, TextAdmin)
site.register(User, QuestionsAdmin)
urlpatterns = [path("admin/small/", site.urls), *embassy_urls.urlpatterns]
