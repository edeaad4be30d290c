"""Every address of the site (docs and tests name them: they are for ever)."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from embassy import health, robots, site_state, two_clocks
from press import api, editor
from press.admin import sharing

handler500 = "embassy.failure.server_error"

urlpatterns = [
    # First, because old messages are what is looked up most; no other address is like one of these.
    *i18n_patterns(
        path("consular/", include("consular.urls")),
        path("", include("press.urls")),
        prefix_default_language=False,
    ),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("robots.txt", robots.robots, name="robots"),
    path(".well-known/security.txt", robots.security, name="security"),
    path("favicon.ico", robots.favicon, name="favicon"),
    path("", include("press.sitemap_urls")),
    path("api/messages/", api.messages, name="api_messages"),
    path("api/messages/<int:number>/", api.message, name="api_message"),
    path("api/<path:rest>", api.unknown, name="api_unknown"),
    path(f"{settings.ADMIN_PATH}second-factor/", include("embassy.second_factor_pages")),
    path(f"{settings.ADMIN_PATH}second-factor/", include("embassy.passkey_pages")),
    # The office's, though below a path that everybody can reach: a stranger opens it with a link.
    path("shared/<str:token>/", sharing.shared_preview, name="shared_preview"),
    path("shared/<str:token>/files/", include("press.shared_file_urls")),
    path(f"{settings.ADMIN_PATH}password_reset/", include("embassy.password_reset")),
    path(f"{settings.ADMIN_PATH}two-clocks/", admin.site.admin_view(two_clocks.two_clocks), name="two_clocks"),
    path(f"{settings.ADMIN_PATH}state/", admin.site.admin_view(site_state.state), name="site_state"),
    path(f"{settings.ADMIN_PATH}paste/", admin.site.admin_view(editor.paste), name="paste"),
    path(settings.ADMIN_PATH, admin.site.urls),
    path("files/", include("press.file_urls")),
]
