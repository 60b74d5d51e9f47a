"""What gunicorn serves of the stock Oscar; DJANGO_SETTINGS_MODULE names settings.py beside this file."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
