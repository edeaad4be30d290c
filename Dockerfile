# Two images from one build: `web`, the application, and `proxy`, nginx with the static files.

FROM python:3.13-slim AS build
ENV PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /srv/press
COPY requirements/production.txt requirements/
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements/production.txt \
 && /opt/venv/bin/pip uninstall --yes pip
COPY . .
# Settings need values to be read at all; these are for this line only and decide nothing in the files.
RUN SECRET_KEY=build ALLOWED_HOSTS=build SITE_URL=http://build DATABASE_URL=postgres://build/build \
    /opt/venv/bin/python manage.py collectstatic --noinput --verbosity 0
RUN /opt/venv/bin/python -m compileall -q /opt/venv manage.py consular embassy press \
 && cp -r staticfiles /srv/static \
 && find /srv/static -name '*.br' -delete \
 && rm /srv/static/staticfiles.json

FROM nginx:1.28 AS proxy
# The entry point writes there, as nginx: into the memory that compose mounts over it.
RUN rm -f /etc/nginx/conf.d/* && chmod 1777 /etc/nginx/conf.d
COPY deploy/nginx/nginx.conf /etc/nginx/nginx.conf
COPY deploy/nginx/site.conf.template /etc/nginx/templates/
COPY deploy/nginx/tls-on.conf deploy/nginx/tls-off.conf deploy/nginx/healthcheck /srv/nginx/
COPY --from=build /srv/static /srv/static
USER nginx
EXPOSE 8080 8443
HEALTHCHECK --interval=10s --timeout=5s --start-period=5s CMD ["sh", "/srv/nginx/healthcheck"]

FROM python:3.13-slim AS web
# pg_dump, pg_restore and psql, for backups; of the version of compose's `db`.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends postgresql-client-17 \
 && rm -rf /var/lib/apt/lists/*
ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 MEDIA_ROOT=/srv/media
RUN groupadd --system --gid 10001 press \
 && useradd --system --uid 10001 --gid press --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin press \
 && install --directory --owner=press --group=press /srv/media \
 && install --directory --owner=press --group=press --mode=700 /srv/backups
WORKDIR /srv/press
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/press /srv/press
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["python", "deploy/healthcheck.py"]
CMD ["sh", "deploy/start"]
