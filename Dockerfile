# One image for every part of the site: web (the default), worker, migrate, or any command of manage.py.

# Pinned: raise both lines together, and build again.
FROM python:3.13.7-slim-bookworm AS build
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never
RUN pip install --no-cache-dir --root-user-action=ignore uv
WORKDIR /app
# The packages first: they change less often than the site, so this layer is usually cached.
COPY pyproject.toml uv.lock .python-version ./
RUN uv sync --locked --no-dev --no-cache
COPY . .
RUN .venv/bin/python manage.py compilemessages && \
    .venv/bin/python manage.py collectstatic --no-input --verbosity 0 && \
    rm -rf var && mkdir var


FROM python:3.13.7-slim-bookworm
RUN useradd --uid 1000 --home-dir /app --no-create-home pxp
WORKDIR /app
COPY --from=build /app /app
# What the site writes: the database, if it is SQLite, and backups. Everything else may be read-only.
RUN chown pxp var && install --directory --owner=pxp --mode=700 /backups
VOLUME ["/app/var", "/backups"]
USER pxp
# MALLOC_ARENA_MAX: otherwise each of the 32 threads gets its own malloc arena, and keeps most of it after a crowd.
ENV PATH=/app/.venv/bin:$PATH PORT=8000 PYTHONUNBUFFERED=1 MALLOC_ARENA_MAX=2
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]
ENTRYPOINT ["python", "-m", "pxp"]
CMD ["web"]
