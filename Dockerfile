# The production image: the site, its worker and its beat, which compose.yaml starts with different commands.
FROM python:3.11-slim-trixie

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1

# pg_dump and pg_restore, for backups; trixie has those of PostgreSQL 17, which serve older servers, too.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/*

RUN useradd --system --uid 10001 --create-home desk \
    && install --directory --owner desk --mode 700 /data/private /data/backups
WORKDIR /srv/desk

COPY requirements.lock .
RUN pip install --require-hashes -r requirements.lock

COPY . .
# The settings refuse to load without values; these exist for this one command and are in no layer.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
    SEARCH_HASH_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
    FIELD_ENCRYPTION_KEYS="$(python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())')" \
    ALLOWED_HOSTS=build.invalid \
    DATABASE_URL=postgresql://build.invalid/build \
    REDIS_URL=redis://build.invalid/0 \
    python manage.py collectstatic --noinput

USER desk
ENV PRIVATE_MEDIA_ROOT=/data/private
EXPOSE 8000
# The access log names the path without its query, because a search may hold a person's name or number.
CMD ["gunicorn", "config.wsgi", "--bind=0.0.0.0:8000", "--workers=3", "--threads=4", "--worker-tmp-dir=/dev/shm", \
     "--no-control-socket", "--access-logfile=-", "--access-logformat=%(t)s %(h)s %(m)s %(U)s %(s)s %(M)sms"]
