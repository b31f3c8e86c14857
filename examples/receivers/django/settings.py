import os
from pathlib import Path

WEBHOOK_SECRET = os.environ["WEBHOOK_SECRET"]

# Nothing here is signed by Django: no sessions, no forms.
SECRET_KEY = "unused"
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
INSTALLED_APPS = ["webhooks"]
ROOT_URLCONF = "webhooks.urls"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("INBOX", Path(__file__).with_name("inbox.sqlite3")),
    }
}
USE_TZ = True
