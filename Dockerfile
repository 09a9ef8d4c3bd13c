# One image for all processes: what runs is told by the command (see Procfile).
#   web      python -m bot                                                        the default
#   worker   python -m jobs
#   release  sh -c "python -m alembic upgrade head && python -m core.library sync library"
# It holds the product and its locked dependencies, and none of the servers and stand-ins of development.

FROM python:3.13-slim AS build
WORKDIR /build
COPY requirements.lock ./
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes --only-binary=:all: --requirement requirements.lock \
    && rm -rf /venv/lib/python3.13/site-packages/pip /venv/lib/python3.13/site-packages/pip-*

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin agent
COPY --from=build /venv /venv
WORKDIR /app
COPY alembic.ini ./
COPY storage storage
COPY core core
COPY bot bot
COPY jobs jobs
COPY migrations migrations
COPY library library
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 \
    PORT=8080
RUN python -m compileall -q storage core bot jobs migrations
USER 10001
EXPOSE 8080
# Of the web process. A worker is looked at on WORKER_METRICS_PORT where that is set, and by its platform elsewhere.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/healthz\", timeout=4)"]
CMD ["python", "-m", "bot"]
