"""The addresses of a draft's files, below the link to a shared preview."""

from django.urls import path

from press import converters  # noqa: F401 — the converters are known once it is imported
from press.admin import sharing

urlpatterns = [path("<sha256:sha256>/<filename:name>", sharing.shared_file, name="shared_file")]
