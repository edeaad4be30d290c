"""The site behind a page cache that keeps and shares no page: every answer is the first rendering of its page.

What pages share is there, as it is when somebody opens an old message on an ordinary day.
"""

import os

from django.core.wsgi import get_wsgi_application

from embassy.page_cache.gate import PageCache
from embassy.page_cache.pages import Pages
from embassy.page_cache.shelf import Shelf

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "embassy.settings")


class Alone:
    """In the place of the page cache's flights: nobody gets a rendering that another one waits for."""

    def share(self, _key, render):
        """What `render()` returns."""
        return render()


application = PageCache(get_wsgi_application(), Shelf(0), pages=Pages())
application.flights = Alone()
