"""The addresses of the press office; they are for ever."""

from django.urls import include, path
from django.views.generic import TemplateView

from press import archive, converters, feeds, search_views, topic_views, views  # noqa: F401 — converters are known then

app_name = "press"

kind_patterns = [
    path("", views.message_list, name="kind"),
    path("<yyyy:year>/", views.message_list, name="kind_year"),
    path("<yyyy:year>/<two:month>/", views.message_list, name="kind_month"),
    path("feeds/atom.xml", feeds.feed, {"form": "atom"}, name="kind_atom"),
    path("feeds/rss.xml", feeds.feed, {"form": "rss"}, name="kind_rss"),
    path("feeds/feed.json", feeds.feed, {"form": "json"}, name="kind_json"),
]

topic_patterns = [
    path("", topic_views.topic, name="topic"),
    path("feeds/atom.xml", feeds.topic_feed, {"form": "atom"}, name="topic_atom"),
    path("feeds/rss.xml", feeds.topic_feed, {"form": "rss"}, name="topic_rss"),
    path("feeds/feed.json", feeds.topic_feed, {"form": "json"}, name="topic_json"),
]

urlpatterns = [
    # First for the same reason as in embassy.urls.
    path("messages/<yyyy:year>/<two:month>/<two:day>/<slug:slug>/", views.message, name="message"),
    path("", views.home, name="home"),
    path("messages/", views.message_list, name="list"),
    path("messages/archive/", archive.archive, name="archive"),
    path("messages/topics/", topic_views.topic_list, name="topics"),
    path("messages/topics/<slug:slug>/", include(topic_patterns)),
    path("messages/<yyyy:year>/", views.message_list, name="year"),
    path("messages/<yyyy:year>/<two:month>/", views.message_list, name="month"),
    path("messages/<kind:kind>/", include(kind_patterns)),
    path("search/", search_views.search, name="search"),
    path("feeds/atom.xml", feeds.feed, {"form": "atom"}, name="atom"),
    path("feeds/rss.xml", feeds.feed, {"form": "rss"}, name="rss"),
    path("feeds/feed.json", feeds.feed, {"form": "json"}, name="json"),
    path("api/", views.api, name="api"),
    path("accessibility/", TemplateView.as_view(template_name="press/accessibility.html"), name="accessibility"),
    path("privacy/", TemplateView.as_view(template_name="press/privacy.html"), name="privacy"),
]
