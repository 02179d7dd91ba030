"""The site's own settings, on folders and a database that go away after the tests."""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="attune-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["ATTUNE_VAR"] = _folder
os.environ.setdefault("ATTUNE_LOG", "WARNING")

from config.settings import *  # noqa: E402, F403 - the environment has to be set before

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405
CELERY_BROKER_URL = "memory://"
