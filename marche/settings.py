"""Settings: every value that differs between two cities comes from the environment, and is read here.

`.env.example` explains each variable; a test keeps the two in step.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from oscar.defaults import *  # noqa: F403  (Oscar's documented way: its defaults, then ours)

from marche.installed import INSTALLED_APPS  # noqa: F401  (read by Django)
from marche.schedule import CELERY_BEAT_SCHEDULE  # noqa: F401  (read by Celery)

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- Where we are ---------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
SITE_URL = env.str("SITE_URL").rstrip("/")  # no trailing slash; mails and QR codes need it absolute
SITE_NAME = env.str("SITE_NAME", default="Marché")  # on every page; the market's name where there is one market
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[environ.urlparse(SITE_URL).hostname or "localhost"])
HTTPS = env.bool("HTTPS", default=True)
MAINTENANCE = env.bool("MAINTENANCE", default=False)

ROOT_URLCONF = "marche.urls"
WSGI_APPLICATION = "marche.wsgi.application"
SITE_ID = 1

# --- Apps -----------------------------------------------------------------------------------------
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"  # Oscar's own migrations read it: never change it
MIGRATION_MODULES = {"order": "oscar.apps.order.migrations"}

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "marche.middleware.MaintenanceMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "marche.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "marche.context.site",
            ],
        },
    }
]

# --- Data -----------------------------------------------------------------------------------------
DATABASES = {
    "default": {
        **env.db_url("DATABASE_URL"),
        "ATOMIC_REQUESTS": False,  # each verb opens its own durable transaction
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
        # PostgreSQL plans a statement that comes a third time once and for all: planning was most of its work.
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 3},
    }
}
CACHES = {"default": env.cache_url("CACHE_URL")}
if CACHES["default"]["BACKEND"].endswith("RedisCache"):
    CACHES["default"]["BACKEND"] = "marche.common.cache.ForgivingCache"
    # Seconds. A cache that hangs must not hold a page: what it would have kept is made again.
    CACHES["default"].setdefault("OPTIONS", {}).update(socket_connect_timeout=1, socket_timeout=1)

# --- Language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
PHONENUMBER_DEFAULT_REGION = "FR"
PHONENUMBER_DB_FORMAT = "E164"

# --- Files ----------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "var" / "static"))
STATICFILES_DIRS = [BASE_DIR / "marche" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(BASE_DIR / "var" / "media"))
ERASURES_LOG = env.path("ERASURES_LOG", default=str(BASE_DIR / "var" / "erasures.log"))

# --- People ---------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["marche.accounts.backends.EmailBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "staff-home"
LOGOUT_REDIRECT_URL = "home"
RESIDENT_SESSION_SECONDS = 60 * 86_400
STAFF_SESSION_SECONDS = 12 * 3600
# Whether producers, managers and administrators need a second factor beside their password.
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", default=not DEBUG)
ACCOUNT_ADAPTER = "marche.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # no page signs up: it says that staff have passwords
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address is proven by our code
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_SESSION_COOKIE_AGE = STAFF_SESSION_SECONDS
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900  # seconds
# Per address of the network, for a whole town hall or mobile network may share one; per account ("key"). None looks
# further back than five minutes, which the page of refusal promises. How often a code is sent to an address, and how
# often one may be tried, is counted in the database (marche/accounts/).
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "30/5m/ip,5/5m/key",
    "request_login_code": "60/5m/ip",
    "reauthenticate": "10/5m/user",
}
MFA_ADAPTER = "marche.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds: the clocks of telephones
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
# How many proxies stand before the application and write X-Forwarded-For: the visitor's address is the last but these.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=1 if HTTPS else 0)

# --- Payment by card --------------------------------------------------------------------------------
# By till, the name under which a market's platform account is known here: several towns may share an installation.
# Without a key there is no payment by card, and everything is paid at the stalls.
STRIPE_SECRET_KEYS = env.dict("STRIPE_SECRET_KEYS", default={})
STRIPE_WEBHOOK_SECRETS = env.dict("STRIPE_WEBHOOK_SECRETS", default={})  # of a till: the new one | the old one
STRIPE_CONNECT_SECRETS = env.dict("STRIPE_CONNECT_SECRETS", default={})
STRIPE_API = env.str("STRIPE_API", default="https://api.stripe.com").rstrip("/")
STRIPE_TIMEOUT = env.float("STRIPE_TIMEOUT", default=12)  # seconds for an answer; LEASE in payments/locks.py is longer
CARD_CORRECTION_HOURS = env.float("CARD_CORRECTION_HOURS", default=0)  # after a market day; then the card is charged
STRIPE_API_VERSION = "2026-10-28.endive"  # what marche/payments/ is written for; the SDK is pinned with it
# Where a form of ours may end up: the page on which a resident pays, and the one that asks a producer questions.
STRIPE_PAGES = ["https://checkout.stripe.com", "https://connect.stripe.com"] if STRIPE_SECRET_KEYS else []
if STRIPE_SECRET_KEYS and not STRIPE_API.startswith("https:"):
    STRIPE_PAGES.append(STRIPE_API)  # a Stripe of ours on this machine, see marche/payments/tills.py

# --- Security -------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *STRIPE_PAGES],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
_cookie_prefix = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_cookie_prefix}session"
CSRF_COOKIE_NAME = f"{_cookie_prefix}csrf"
BASKET_COOKIE_NAME = f"{_cookie_prefix}basket"
LANGUAGE_COOKIE_NAME = f"{_cookie_prefix}language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "marche.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^sante/$"]  # the health check of the container speaks plain HTTP
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"  # a ticket's link is its secret: it never leaves in a Referer
# Bytes. Far more than any form needs, so that a text that is much too long comes back with a sentence and nothing lost.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

# --- Mail -----------------------------------------------------------------------------------------
vars().update(env.email_url("EMAIL_URL"))
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("FROM_EMAIL")
OUTBOX_LEASE_SECONDS = env.int("OUTBOX_LEASE_SECONDS", default=300)

# --- Law ------------------------------------------------------------------------------------------
TERMS_VERSION = env.str("TERMS_VERSION", default="2026-12")  # kept with each order; change it with the text

# --- Tasks ----------------------------------------------------------------------------------------
CELERY_BROKER_URL = env.str("BROKER_URL")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600  # seconds
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A broker that is down must not hold a resident's order: what it would have hurried, the sweep does.
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 2, "socket_timeout": 20, "max_retries": 0}
CELERY_TASK_PUBLISH_RETRY = False

# --- Oscar ----------------------------------------------------------------------------------------
OSCAR_DEFAULT_CURRENCY = "EUR"
OSCAR_INITIAL_ORDER_STATUS = "placed"
OSCAR_ORDER_STATUS_PIPELINE = {
    "pending-payment": ("placed", "cancelled"),
    "placed": ("cancelled",),
    "cancelled": (),
}

# --- Logs: one line per event on standard error, no personal data ----------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "fontTools": {"level": "WARNING"},
        "stripe": {"level": "WARNING"},
    },
}
