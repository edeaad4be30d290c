"""The addresses of released files; they are for ever, and the same in every language."""

from django.urls import path

from press import converters, file_views  # noqa: F401 — the converters are known once it is imported

urlpatterns = [path("<sha256:sha256>/<filename:name>", file_views.file, name="file")]
