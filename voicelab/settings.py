"""All settings, driven by the environment; without any, VoiceLab runs from a clone.

Each variable has a line in README.md, section "Settings".
"""

from __future__ import annotations

import os
import secrets
from importlib.util import find_spec
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


def env_bool(name: str, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value == "":
        return default
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off"):
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}; write yes or no.")


def env_int(name: str, default: int, *, minimum: int = 0) -> int:
    value = os.environ.get(name, "").strip()
    if value == "":
        return default
    if not value.isascii() or not value.isdigit() or int(value) < minimum:
        raise ImproperlyConfigured(f"{name} is {value!r}; write a whole number, {minimum} or more.")
    return int(value)


def env_list(name: str, default: list[str]) -> list[str]:
    value = os.environ.get(name, "").strip()
    return [part.strip() for part in value.split(",") if part.strip()] if value else default


VAR = Path(os.environ.get("VOICELAB_VAR") or BASE_DIR / "var").resolve()


def secret_key() -> str:
    """VOICELAB_SECRET_KEY, else a key made once and kept in var/, readable by its owner only."""
    if value := os.environ.get("VOICELAB_SECRET_KEY"):
        return value
    path = VAR / "secret_key"
    try:
        VAR.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            return path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"Cannot use {path} ({error.strerror}). Point VOICELAB_VAR at a folder of your own."
        ) from error
    key = secrets.token_urlsafe(50)
    with os.fdopen(handle, "w") as file:
        file.write(key)
    return key


SECRET_KEY = secret_key()
DEBUG = env_bool("VOICELAB_DEBUG", False)
ALLOWED_HOSTS = env_list("VOICELAB_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env_list("VOICELAB_ORIGINS", [])
HOST = os.environ.get("VOICELAB_HOST", "127.0.0.1")
PORT = env_int("VOICELAB_PORT", 8000, minimum=1)
WEB_THREADS = env_int("VOICELAB_WEB_THREADS", 8, minimum=1)

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

DATABASE_URL = os.environ.get("DATABASE_URL") or f"sqlite:///{VAR / 'voicelab.sqlite3'}"
try:
    DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True)}
except ValueError as error:
    raise ImproperlyConfigured("DATABASE_URL names no database; write postgres://user:password@host/name.") from error
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

EMAIL_HOST = os.environ.get("VOICELAB_EMAIL_HOST", "")
EMAIL_PORT = env_int("VOICELAB_EMAIL_PORT", 587, minimum=1)
EMAIL_HOST_USER = os.environ.get("VOICELAB_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("VOICELAB_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = env_bool("VOICELAB_EMAIL_TLS", True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("VOICELAB_EMAIL_FROM", "VoiceLab <voicelab@localhost>")
if not EMAIL_HOST:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(VAR / "mail")

LANGUAGE_CODE = "en-gb"
TIME_ZONE = os.environ.get("VOICELAB_TIME_ZONE", "UTC")
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
REDIS_URL = os.environ.get("REDIS_URL", "") or f"unix://{VAR / 'redis' / 'redis.sock'}"
# "stub" keeps messages in the process; tests set it.
BROKER = "redis"
MODELS = VAR / "models"
SNAPSHOTS = VAR / "snapshots"
WORK = VAR / "work"
BASE_MODEL = os.environ.get("VOICELAB_BASE_MODEL", "") or "voicelab-starter"
TEST_BRIEFS = env_int("VOICELAB_TEST_BRIEFS", 24, minimum=4)
TRAINING_THREADS = env_int("VOICELAB_TRAINING_THREADS", 0)
WORKER_PROCESSES = env_int("VOICELAB_WORKERS", 1, minimum=1)
# Called as (run) in the transaction that ends a finished run: how reviews hears of it without training importing it.
ON_RUN_FINISHED = "reviews.rounds.open_rounds"
RUN_LEASE_SECONDS = env_int("VOICELAB_RUN_LEASE_SECONDS", 15, minimum=3)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"voicelab": {"level": "INFO"}, "training": {"level": "INFO"}, "reviews": {"level": "INFO"}},
}
