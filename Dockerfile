# The same image runs web, worker and beat; docker-compose.yml gives each its command.

FROM python:3.13.5-slim-bookworm AS build
ENV PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
COPY requirements/run.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/run.txt
WORKDIR /app
COPY . .
# Building needs the settings, but none of these values goes into the image or is ever used.
ARG SECRET_KEY=build SITE_URL=https://build.invalid FROM_EMAIL=build@build.invalid EMAIL_URL=dummymail:// \
    DATABASE_URL=postgres:///build BROKER_URL=redis://build.invalid CACHE_URL=dummycache:// STATIC_ROOT=/app/static
RUN python -m dev.compile_messages
RUN python manage.py collectstatic --no-input
RUN rm -r dev

FROM python:3.13.5-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /app marche && install -d -o marche /media /journal
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 STATIC_ROOT=/app/static MEDIA_ROOT=/media ERASURES_LOG=/journal/erasures.log
USER marche
VOLUME /media /journal
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:8000/sante/', headers={'Host': os.environ['SITE_URL'].split('/')[2]}), timeout=4)"]
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--preload", "--max-requests", "5000", "--max-requests-jitter", "500", "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "marche.wsgi"]
