"""The web entry: gunicorn serves `voicelab.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voicelab.settings")

application = get_wsgi_application()
