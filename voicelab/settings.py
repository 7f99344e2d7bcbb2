"""All settings, driven by the environment; without any, VoiceLab runs from a clone.

Each variable has a line in README.md, section "Settings".
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from csp.constants import NONE, SELF

from voicelab.environment import (
    env_bool,
    env_database,
    env_hosts,
    env_int,
    env_origins,
    env_redis,
    env_secret_key,
    env_sender,
    env_text,
    env_zone,
)

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(env_text("VOICELAB_VAR", str(BASE_DIR / "var"))).resolve()

SECRET_KEY = env_secret_key("VOICELAB_SECRET_KEY", VAR)
DEBUG = env_bool("VOICELAB_DEBUG", False)
ALLOWED_HOSTS = env_hosts("VOICELAB_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env_origins("VOICELAB_ORIGINS", [])
HOST = env_text("VOICELAB_HOST", "127.0.0.1")
PORT = env_int("VOICELAB_PORT", 8000, minimum=1, maximum=65535)
WEB_THREADS = env_int("VOICELAB_WEB_THREADS", 8, minimum=1, maximum=1000)

INSTALLED_APPS = [
    "voicelab.apps.VoiceLabConfig",
    "training",
    "reviews",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "template_partials",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "voicelab.urls"
WSGI_APPLICATION = "voicelab.wsgi.application"

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
                "reviews.access.navigation",
            ],
        },
    },
]

DATABASES = {"default": env_database("DATABASE_URL", f"sqlite:///{VAR / 'voicelab.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Writers queue for the lock when they begin, so a read that turns into a write cannot fail half-way.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600

EMAIL_HOST = env_text("VOICELAB_EMAIL_HOST", "")
EMAIL_PORT = env_int("VOICELAB_EMAIL_PORT", 587, minimum=1, maximum=65535)
EMAIL_HOST_USER = env_text("VOICELAB_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env_text("VOICELAB_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = env_bool("VOICELAB_EMAIL_TLS", True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env_sender("VOICELAB_EMAIL_FROM", "VoiceLab <voicelab@localhost>")
if not EMAIL_HOST:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(VAR / "mail")

LANGUAGE_CODE = "en-gb"
TIME_ZONE = env_zone("VOICELAB_TIME_ZONE", "UTC")
USE_I18N = False
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
# Plotly's own script comes with the Python package; importing the package here would cost every start.
PLOTLY = Path(str(find_spec("plotly").submodule_search_locations[0])) / "package_data"  # type: ignore[union-attr,index]
STATICFILES_DIRS = [BASE_DIR / "static", ("plotly", PLOTLY)]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = VAR / "media"
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 2000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 14 * 24 * 3600
HTTPS = env_bool("VOICELAB_HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
# A load balancer asks within the house, without HTTPS.
SECURE_REDIRECT_EXEMPT = [r"^healthz/$"]
BEHIND_PROXY = env_bool("VOICELAB_BEHIND_PROXY", False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# What machines do. The names of files under MODELS are never in the database as absolute paths.
REDIS_URL = env_redis("REDIS_URL") or f"unix://{VAR / 'redis' / 'redis.sock'}"
# "stub" keeps messages in the process; tests set it.
BROKER = "redis"
MODELS = VAR / "models"
SNAPSHOTS = VAR / "snapshots"
WORK = VAR / "work"
IMPORTS = VAR / "imports"
BASE_MODEL = env_text("VOICELAB_BASE_MODEL", "voicelab-starter")
TEST_BRIEFS = env_int("VOICELAB_TEST_BRIEFS", 24, minimum=4, maximum=1000)
PRACTICE_BRIEFS = env_int("VOICELAB_PRACTICE_BRIEFS", 12, minimum=3, maximum=1000)
TRAINING_THREADS = env_int("VOICELAB_TRAINING_THREADS", 0, maximum=1000)
WORKER_PROCESSES = env_int("VOICELAB_WORKERS", 1, minimum=1, maximum=100)
# Called as (run) in the transaction that ends a finished run: how reviews hears of it without training importing it.
ON_RUN_FINISHED = "reviews.rounds.open_rounds"
# Called as (import) in the transaction that ends it, and when the command line was stopped in the middle of one.
ON_COPY_IMPORTED = "reviews.imports.log_import"
# Called as (data set job) in the transaction that ends an import of a data set, however it ended.
ON_DATA_IMPORTED = "reviews.datasets.log_job"
FETCH_PRIVATE = env_bool("VOICELAB_FETCH_PRIVATE", False)
RUN_LEASE_SECONDS = env_int("VOICELAB_RUN_LEASE_SECONDS", 15, minimum=3, maximum=3600)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"voicelab": {"level": "INFO"}, "training": {"level": "INFO"}, "reviews": {"level": "INFO"}},
}
