# One image for web processes, migrations and operators. The States' root keys are compiled into the pages, so they
# are needed here: the file named by ROOTS, beside this one (docs/operations.md).
FROM python:3.11-slim AS rulebook
WORKDIR /build
COPY requirements/base.txt requirements/base.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/base.txt
COPY requests_mla requests_mla
RUN mkdir -p frontend/src/rules && python -m requests_mla.rulebook.build

FROM node:20-slim AS pages
WORKDIR /build/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --ignore-scripts
COPY frontend ./
COPY --from=rulebook /build/frontend/src/rules/rulebook.json src/rules/rulebook.json
COPY casehub/accounts/data/rules-of-use.json /build/casehub/accounts/data/rules-of-use.json
COPY casehub/core/errors.json /build/casehub/core/errors.json
COPY casehub/directory/data/fingerprint-words.json /build/casehub/directory/data/fingerprint-words.json
ARG ROOTS=roots.json
COPY ${ROOTS} /build/roots.json
# Whose keys are believed of the public log, if anybody's: a COPY has to have something to bring.
ARG LOG_POLICY=
COPY ${LOG_POLICY:-${ROOTS}} /build/log-policy
RUN npm run patch \
    && CASEHUB_ROOTS=/build/roots.json CASEHUB_LOG_POLICY="${LOG_POLICY:+/build/log-policy}" npm run build

# Of Debian 13, which has PostgreSQL's client programs of the server's version: backups are made and restored by them.
FROM python:3.11-slim-trixie
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/*
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
RUN useradd --system --no-create-home --uid 10001 casehub \
    && install -d -o 10001 /srv/anchor /srv/attachments /srv/backups /srv/config /srv/exports /srv/promises /srv/signing
WORKDIR /srv/casehub
COPY requirements/base.txt requirements/objects.txt requirements/traces.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/base.txt
# What not every region has: `objects`, for CASEHUB_OBJECTS; `traces`, for CASEHUB_TRACES.
ARG EXTRAS=
RUN for one in ${EXTRAS}; do \
        pip install --no-cache-dir --require-hashes -r "requirements/$one.txt" || exit 1; \
    done
COPY manage.py ./
COPY audit audit
COPY casehub casehub
COPY messaging messaging
COPY --from=rulebook /build/requests_mla requests_mla
# The demo's keys, to be known and refused.
COPY frontend/demo-roots.json frontend/demo-roots.json
COPY --from=pages /build/frontend/dist frontend/dist
COPY --from=pages /build/roots.json roots.json
RUN python -m whitenoise.compress --quiet frontend/dist
ENV CASEHUB_ROOTS=/srv/casehub/roots.json CASEHUB_DATA=/tmp/casehub
USER 10001
EXPOSE 8000
CMD ["python", "manage.py", "serve", "--host", "0.0.0.0"]
