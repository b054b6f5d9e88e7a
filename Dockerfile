# One image for every role; the command says which (see docker-compose.yml).
FROM python:3.13-slim AS build
RUN python3 -m venv /opt/gomtin
ENV PATH=/opt/gomtin/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
COPY requirements.lock .
RUN pip install -q --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY config config
COPY pipelines pipelines
COPY crawler crawler
COPY workers workers
COPY console console
COPY cli cli
COPY demo demo
RUN pip install -q --no-deps --no-build-isolation . && python -m compileall -q /opt/gomtin/lib

# what the image is made of, in CycloneDX; its tool stays out of the image
COPY requirements-sbom.lock .
RUN python3 -m venv /opt/sbom \
    && /opt/sbom/bin/pip install -q --require-hashes -r requirements-sbom.lock \
    && /opt/sbom/bin/cyclonedx-py environment --of JSON -o /opt/gomtin/sbom.json /opt/gomtin/bin/python

FROM python:3.13-slim
RUN groupadd --gid 10001 gomtin \
    && useradd --uid 10001 --gid gomtin --home-dir /data --no-create-home --shell /usr/sbin/nologin gomtin \
    && mkdir /data /snapshots && chown gomtin:gomtin /data /snapshots
COPY --from=build /opt/gomtin /opt/gomtin
ENV PATH=/opt/gomtin/bin:$PATH PYTHONUNBUFFERED=1 GOMTIN_DATA=/data GOMTIN_SNAPSHOTS=/snapshots
USER gomtin
WORKDIR /data
VOLUME ["/data", "/snapshots"]
CMD ["gomtin", "--help"]
