"""The app's own settings, with a data folder of the test run's own and quick password hashes."""

import os
import tempfile

os.environ.setdefault("VOICELAB_VAR", tempfile.mkdtemp(prefix="voicelab-test-"))
os.environ.setdefault("VOICELAB_SECRET_KEY", "for-tests-only-never-for-people-to-use-000000000000")

from voicelab.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
BROKER = "stub"
