# Build stage: psycopg2 from source against Debian's libpq, the other packages as wheels.
FROM python:3.11-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends libpq-dev gcc && rm -rf /var/lib/apt/lists/*
COPY requirements.txt /src/
RUN python -m venv /venv \
 && PIP_NO_BINARY=psycopg2-binary /venv/bin/pip install --no-cache-dir --disable-pip-version-check -r /src/requirements.txt

FROM python:3.11-slim-bookworm
RUN apt-get update && apt-get install -y --no-install-recommends libpq5 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home /app akim && mkdir /data && chown akim /data
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
COPY --from=build /venv /venv
COPY . /app
WORKDIR /app
RUN STATIC_ROOT=/app/static-collected VAR_DIR=/tmp/build SECRET_KEY=build python manage.py collectstatic --no-input -v 0 \
 && rm -rf /tmp/build
ENV STATIC_ROOT=/app/static-collected
USER akim
EXPOSE 8000
CMD ["gunicorn", "akim_meetings.wsgi", "--bind", "0.0.0.0:8000", "--workers", "4", "--threads", "4", "--no-control-socket"]
