"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from embassy.bodies import read_out
from embassy.metrics import measured
from embassy.page_cache.gate import in_front_of

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "embassy.settings")

application = read_out(measured(in_front_of(get_wsgi_application())))
