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
	@touch $@

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

# the models that come with gomtin, from pipelines/classify/labelled.jsonl
model: setup
	$(BIN)/gomtin train --ship pipelines/classify/model.npz

clean:
	rm -rf .venv build *.egg-info
