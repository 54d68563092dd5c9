"""Every setting of the portal. What a deployment may change comes from the environment: see `.env.example`.

With no environment at all the portal runs in its embedded form: SQLite, a Valkey of its own, mail kept as files.
"""

import secrets
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import environ

from psp_portal.running.sockets import socket_path

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))


def _own_secret() -> str:
    """The embedded form makes a secret once and keeps it beside its database; production must bring its own."""
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    kept = VAR_DIR / "secret.key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(50))
    return kept.read_text().strip()


EMBEDDED = "DATABASE_URL" not in env.ENVIRON
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = _own_secret() if EMBEDDED and "SECRET_KEY" not in env.ENVIRON else env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# Every link in a mail or a PDF starts with SITE_URL; no request decides it.
PORT = env.int("PORT", default=8000)
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
SITE_NAME = env.str("SITE_NAME", default="PSP portal")
_HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[urlsplit(SITE_URL).hostname or "127.0.0.1", "127.0.0.1", "localhost"]
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "psp_portal.apps.PortalConfig",
    "procurement",
    "lessons",
    "pilots",
    "partnerships",
    "accounts",
    "foundation.audit",
    "foundation.delivery",
    "foundation.drawing",
    "foundation.files",
    "foundation.forms",
    "foundation.heartbeats",
    "foundation.policy",
    "foundation.rendering",
    "foundation.webhooks",
    "foundation.workdays",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "foundation.audit.middleware.RequestMiddleware",
    "foundation.policy.middleware.PolicyMiddleware",
]

ROOT_URLCONF = "psp_portal.urls"
WSGI_APPLICATION = "psp_portal.wsgi.application"
POLICY_TABLE = "psp_portal.policy.TABLE"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "psp_portal.context.site",
            ],
            "builtins": [
                "django.templatetags.static",
                "foundation.forms.templatetags.cards",
                "foundation.forms.templatetags.page",
                "partnerships.templatetags.badges",
            ],
        },
    },
]
FORM_RENDERER = "foundation.forms.renderer.QuickRenderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = "sgds"
CRISPY_TEMPLATE_PACK = "sgds"
CRISPY_FAIL_SILENTLY = False  # a layout that names no field is a mistake, not a missing input
# The template pack gives each widget its class; crispy's own extra class names would be noise.
CRISPY_CLASS_CONVERTERS: dict[str, str] = dict.fromkeys(
    [
        "textinput", "urlinput", "numberinput", "emailinput", "dateinput", "datetimeinput", "passwordinput",
        "textarea", "select", "selectmultiple", "checkboxinput", "radioselect", "fileinput", "clearablefileinput",
    ],
    "",
)  # fmt: skip

# Quoted, because a folder's name may hold a space or a "#".
_SQLITE = f"sqlite:///{quote(str(VAR_DIR / 'portal.sqlite3'))}"
DATABASES: dict[str, Any] = {"default": env.db_url("DATABASE_URL", default=_SQLITE)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        # Deferred transactions fail as "locked" under two writers (305 to 426 of 480 measured); immediate ones wait.
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;PRAGMA recursive_triggers=ON;"
        ),
    }
# Opening a connection for each page costs PostgreSQL three times the CPU, and SQLite 2 of a list's 16 ms (measured).
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

BROKER_SOCKET = socket_path(VAR_DIR)
BROKER_URL = env.str("BROKER_URL", default=f"redis+socket://{quote(str(BROKER_SOCKET))}")
CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_TIME_LIMIT = 300
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# The bell must never make a page wait: one try, and the sweep finds what it missed. Both lines are needed: without
# max_retries a missing broker held every bell for 6 to 7 s (measured), with it for none.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 3, "max_retries": 0}
CELERY_TIMEZONE = "Europe/London"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "timetable")

CACHES = {
    "default": env.cache_url("CACHE_URL", default="locmemcache://"),
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_NAME = "__Host-session" if _HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "psp_portal.views.errors.csrf_failure"
SECURE_SSL_REDIRECT = _HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["accounts.backend.PersonBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address is proved by following its invitation; nobody signs up uninvited
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a stranger's mailbox is not ours to write to
ACCOUNT_FORMS = {
    "login": "accounts.forms.sign_in.SignInForm",
    "reset_password": "accounts.forms.sign_in.ForgottenPasswordForm",
    "reset_password_from_key": "accounts.forms.sign_in.NewPasswordForm",
    "change_password": "accounts.forms.sign_in.PasswordChangeForm",
}
# Django's own token: allauth's writes rows of its e-mail table while it looks at one.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
PASSWORD_RESET_TIMEOUT = 2 * 60 * 60
# Failed sign-ins count per network address, never per person: nobody can lock somebody else out (docs/adr/0007).
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "10/m/ip,60/h/ip",
    "reset_password": "20/m/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
}
# Who is calling, when proxies stand in front: without this all visitors would share one address and one limit.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=int(env.bool("BEHIND_PROXY", default=False)))

# Ideas sent through public pages: how many a day from one network address, how long the form takes a person at least,
# and after how many days the name and address of one that nobody has answered are deleted.
IDEAS_A_DAY = env.int("IDEAS_A_DAY", default=5)
IDEA_LEAST_SECONDS = 4
IDEA_DETAILS_DAYS = env.int("IDEA_DETAILS_DAYS", default=365)

# What 360Giving gave the publisher of the grants: each grant's identifier begins with it. The demo has the example's.
GRANTS_PUBLISHER_PREFIX = env.str("GRANTS_PUBLISHER_PREFIX", default="360G-example" if EMBEDDED else "")

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = False
USE_TZ = True
FORMAT_MODULE_PATH = "psp_portal.formats"

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Uploads and rendered documents: outside every address, read only through views that ask who is asking.
FILES_DIR = Path(env.str("FILES_DIR", default=str(VAR_DIR / "files")))
MAX_UPLOAD_BYTES = env.int("MAX_UPLOAD_BYTES", default=20 * 1024 * 1024)
# No file is kept when less than this would be left on the disk.
MIN_FREE_BYTES = env.int("MIN_FREE_BYTES", default=500 * 1024 * 1024)
# What all files of one partnership may take up together.
PARTNERSHIP_QUOTA_BYTES = env.int("PARTNERSHIP_QUOTA_BYTES", default=500 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = MAX_UPLOAD_BYTES

# The page of braille files: UK readers ask for 40 cells by 25 lines; A4 in an embosser is often about 30 by 27.
BRAILLE_CELLS = env.int("BRAILLE_CELLS", default=40)
BRAILLE_LINES = env.int("BRAILLE_LINES", default=25)

# “auto” is the search of the database; otherwise the path of a class (`lessons.search.elsewhere`).
LESSON_SEARCH = env.str("LESSON_SEARCH", default="auto")

# smtp://user:password@host:587/?tls=true sends; "file" keeps each mail as a file under VAR_DIR/mail.
MAIL_URL = env.str("MAIL_URL", default="file")
MAIL_LEASE_SECONDS = env.int("MAIL_LEASE_SECONDS", default=120)  # then a process that took a mail counts as dead
# How many mails a day one person gets each by itself; more than that become one. 0: every mail by itself, however many.
MAILS_A_DAY = env.int("MAILS_A_DAY", default=5)
MAIL_TIMEOUT_SECONDS = env.int("MAIL_TIMEOUT_SECONDS", default=30)  # for each answer of the mail server
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="PSP portal <no-reply@psp-portal.example>")

# The portal calls nobody unless this says so: webhooks (docs/adr/0008). Then only the named hosts, and only by https;
# the last one is for a trial on one machine, where a receiver without https on its own addresses is allowed too.
WEBHOOKS = env.bool("WEBHOOKS", default=False)
WEBHOOK_HOSTS = env.list("WEBHOOK_HOSTS", default=[])
WEBHOOKS_ON_LOOPBACK = env.bool("WEBHOOKS_ON_LOOPBACK", default=False)

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # WeasyPrint and fontTools narrate every font they subset.
    "loggers": {name: {"level": "WARNING"} for name in ("weasyprint", "fontTools")},
}
TEST_RUNNER = "django.test.runner.DiscoverRunner"
