# One image for every process of the portal: web, worker, timetable and relay differ by command only.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    VAR_DIR=/srv/portal/var \
    XDG_CACHE_HOME=/tmp/cache

# Pango, HarfBuzz and a font for the PDFs. Debian's stable release fixes their versions, and security updates must come.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
        liblouis-bin espeak-ng lame \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /srv/portal --shell /usr/sbin/nologin portal

WORKDIR /srv/portal
COPY requirements.lock ./
RUN pip install --require-hashes --requirement requirements.lock

COPY . .
# Collecting needs settings, not secrets: it runs in the embedded form, in a folder that is thrown away.
RUN VAR_DIR=/tmp/build python manage.py collectstatic --no-input --verbosity 0 \
    && rm -rf /tmp/build \
    && python -m compileall -q accounts foundation lessons partnerships pilots procurement psp_portal \
    && mkdir var && chown portal: var

USER 10001
VOLUME /srv/portal/var
EXPOSE 8000
# WEB_CONCURRENCY, gunicorn's own variable, sets the number of processes.
CMD ["gunicorn", "psp_portal.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--threads", "4", \
     "--preload", "--max-requests", "2000", "--max-requests-jitter", "200", "--worker-tmp-dir", "/dev/shm", \
     "--no-control-socket", "--access-logfile", "-"]
