# Attune's commands. `make demo` and `make test` need Python 3.11+, make and a package index.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help demo test check fix messages up replay-real lock clean

help:  ## Say what can be done
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(VENV)/base  ## A running site with clips, consents and annotators at work
	@$(BIN)/python manage.py demo --port $(PORT)

test: $(VENV)/dev  ## All tests that need no server
	@echo "Tests ..."
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m "not servers and not browser"

check: $(VENV)/dev  ## Linters, types, import rules, templates, migrations
	@echo "Lint ..." && $(BIN)/ruff check && $(BIN)/ruff format --check --quiet
	@echo "Types ..." && $(BIN)/mypy
	@echo "Imports ..." && $(BIN)/lint-imports --no-logo
	@echo "Templates ..." && $(BIN)/djlint templates --lint --quiet && $(BIN)/djade --target-version 5.2 --check $$(git ls-files 'templates/*.html')
	@echo "Migrations ..." && $(BIN)/python manage.py makemigrations --check --dry-run
	@echo "API schema ..." && $(BIN)/python manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml && git diff --exit-code --stat docs/openapi.yaml

fix: $(VENV)/dev  ## Let the formatters do their work
	@$(BIN)/ruff check --fix --quiet; $(BIN)/ruff format --quiet; $(BIN)/djade --target-version 5.2 $$(git ls-files 'templates/*.html'); true

messages: $(VENV)/dev  ## Read the texts for translation anew, and compile the catalogues
	@DJANGO_SETTINGS_MODULE=config.settings $(BIN)/python -m tests.catalogues

up: $(VENV)/base  ## The site: web, worker and scheduler
	@$(BIN)/python manage.py up --port $(PORT)

replay-real: $(VENV)/dev  ## Real photographs, real answers, through the whole loop
	@$(BIN)/python -m benchmarks.replay_real

lock: $(VENV)/dev  ## Pin the dependencies anew
	@$(BIN)/uv pip compile --universal --python-version 3.11 --no-emit-index-url --generate-hashes --no-header --quiet \
		pyproject.toml requirements/build.in --output-file requirements/base.txt
	@$(BIN)/uv pip compile --universal --python-version 3.11 --no-emit-index-url --generate-hashes --no-header --quiet \
		pyproject.toml requirements/build.in --extra dev --constraint requirements/base.txt --output-file requirements/dev.txt

clean:  ## Forget the environment and all data
	@rm -rf $(VENV) var

$(VENV)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 ..."; exit 1; }
	@echo "Environment: $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/base: $(VENV)/python requirements/base.txt pyproject.toml
	@echo "Dependencies (about two minutes the first time) ..."
	@$(PIP) install --require-hashes --requirement requirements/base.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev: $(VENV)/base requirements/dev.txt requirements/peers.txt
	@echo "Dependencies of the tests ..."
	@$(PIP) install --require-hashes --requirement requirements/dev.txt
	@$(PIP) install --no-deps --require-hashes --requirement requirements/peers.txt
	@touch $@
