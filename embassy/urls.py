"""Every address of the site (docs and tests name them: they are for ever)."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from embassy import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    *i18n_patterns(
        path("consular/", include("consular.urls")),
        path("", include("press.urls")),
        prefix_default_language=False,
    ),
]
