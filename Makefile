# Takeroot: one command each. `make run` starts it, `make test` proves it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.run-installed
DEV_STAMP := $(VENV)/.dev-installed
PIP := $(BIN)/python -m pip install --disable-pip-version-check --quiet

.PHONY: run test check setup dev bench format lock messages facts clean
.DEFAULT_GOAL := run

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Takeroot needs Python 3.11 or newer; '$(PYTHON)' is older. Try: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(RUN_STAMP): requirements.txt pyproject.toml | $(BIN)/python
	@echo "Installing what Takeroot needs, each file checked by its hash ..."
	$(PIP) --require-hashes -r requirements.txt
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_STAMP): requirements-dev.txt $(RUN_STAMP)
	@echo "Installing what the tests and checks need ..."
	$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@

setup: $(RUN_STAMP)

dev: $(DEV_STAMP)

run: $(RUN_STAMP)
	@exec $(BIN)/takeroot serve --demo

test: $(DEV_STAMP)
	@$(BIN)/python scripts/ensure_browser.py
	$(BIN)/python -m pytest -n 2 --dist loadgroup

check: $(DEV_STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python scripts/check_messages.py
	$(BIN)/python scripts/check_repository.py
	$(BIN)/python scripts/check_migrations.py

bench: $(DEV_STAMP)
	$(BIN)/python benchmarks/run.py

format: $(DEV_STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: $(DEV_STAMP)
	$(BIN)/python scripts/check_messages.py --update

lock: $(DEV_STAMP)
	uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 --group build pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 --group dev pyproject.toml -c requirements.txt -o requirements-dev.txt
