"""System checks: the fence around django-ckeditor stands (docs/decisions/django-ckeditor.md)."""

import os

from ckeditor.fields import RichTextField
from django.apps import apps
from django.conf import settings
from django.core.checks import Error

from press import editor, richtext

# Plugins that read or send files, show raw HTML or a page of their own.
NEVER_LOADED = frozenset({"exportpdf", "filebrowser", "iframe", "image", "preview", "sourcearea", "uploadimage", "wsc"})


def check_uploader(app_configs, **kwargs):
    """press.E001: the uploader, which lets any member of staff publish any file, is not installed."""
    if not any(name.startswith("ckeditor_uploader") for name in settings.INSTALLED_APPS):
        return []
    return [
        Error(
            "ckeditor_uploader is installed: every member of staff, and every page they visit, can publish any file.",
            hint="Remove it from INSTALLED_APPS. Pictures and files belong to models of their own.",
            id="press.E001",
        )
    ]


def check_offers(app_configs, **kwargs):
    """press.E002: each configuration of the editor lets through a part of the allow-list, and nothing else."""
    offers = [*editor.BLOCK_OFFERS.values(), editor.INLINE_OFFER]
    return [
        Error(
            f"The editor's configuration is not fenced in: {fault}.",
            hint="Write it from the allow-list, as press.editor.Offer does.",
            id="press.E002",
        )
        for offer in offers
        for fault in faults_of(offer.config, offer.tags)
    ]


def faults_of(config, tags):
    """What is wrong with a configuration of CKEditor for a field that may hold `tags`, in words."""
    if not tags <= richtext.TAGS:
        yield f"it offers {', '.join(sorted(tags - richtext.TAGS))}, which cleaning removes"
    if config.get("allowedContent") != editor.allowed_content(tags):
        yield "allowedContent is not the allow-list"
    if {"extraAllowedContent", "fullPage", "protectedSource"} & config.keys():
        yield "extraAllowedContent, fullPage or protectedSource opens another way in"
    if config.get("versionCheck") is not False:
        yield "versionCheck asks another server"
    if missing := NEVER_LOADED - set(config.get("removePlugins", "").split(",")):
        yield f"removePlugins does not name {', '.join(sorted(missing))}"


def check_settings(app_configs, **kwargs):
    """press.E003: no configuration in the settings, where no allow-list binds it."""
    return [
        Error(
            f"The setting {name} configures an editor outside press.editor.",
            hint="Remove the setting and use press.editor.RichTextFormField.",
            id="press.E003",
        )
        for name in dir(settings)
        if name.startswith("CKEDITOR_")
    ]


def check_fields(app_configs, **kwargs):
    """press.E004: no model field of django-ckeditor's own, which stores whatever is posted."""
    return [
        Error(
            "This field stores whatever is posted.",
            hint="Use a field that cleans, with press.editor.RichTextFormField in its form.",
            obj=field,
            id="press.E004",
        )
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, RichTextField)
    ]


def check_house_style(app_configs, **kwargs):
    """press.E005: the office's own house style can be read."""
    return [
        Error(
            f"HOUSE_STYLE names {path}, which cannot be read.",
            hint="Give files of HTML in UTF-8, one in each language (.env.example), or nothing.",
            id="press.E005",
        )
        for path in dict.fromkeys(settings.HOUSE_STYLE.values())
        if path and not os.access(path, os.R_OK)
    ]


CHECKS = (check_uploader, check_offers, check_settings, check_fields, check_house_style)
