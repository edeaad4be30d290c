"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from embassy.metrics import measured
from embassy.page_cache.gate import in_front_of

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "embassy.settings")

application = measured(in_front_of(get_wsgi_application()))
