# The portal's front door. `make` lists what it can do.
# Needs Python 3.11 or newer and make. `uv` makes it faster where it is on the PATH.

SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PORT ?= 8000
JOBS ?= 3
export PORT
# An empty value is Python's default: keep compiled files, so that every start after the first is quick.
export PYTHONDONTWRITEBYTECODE :=

VENV := .venv
BIN := $(VENV)/bin
PYTHON := $(BIN)/python
PYTEST := $(BIN)/pytest
SOURCES := accounts foundation lessons partnerships pilots procurement psp_portal
FORMATTED := $(SOURCES) tests scripts benchmarks manage.py
SUITE := $(PYTEST) -n $(JOBS) --dist loadfile --no-loadscope-reorder -m "not faults" $(ARGS)

##@ Run it

.PHONY: help
help: ## list these commands
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' Makefile

.PHONY: demo
demo: $(VENV)/.runtime system-runtime ## run the portal with demonstration data (PORT=8000)
	@exec $(PYTHON) manage.py demo

##@ Prove it

.PHONY: test
test: $(VENV)/.dev system-tests ## run every test on SQLite, in three processes (JOBS=3) (ARGS="-k word")
	@$(SUITE)

.PHONY: test-services
test-services: $(VENV)/.dev system-tests ## the same tests on PostgreSQL and Redis, found or started
	@$(PYTHON) scripts/services.py sh -c '$(SUITE)'

.PHONY: faults
faults: $(VENV)/.dev system-tests ## kill processes at bad moments and see that nothing is lost (slow)
	@$(PYTEST) -m faults -n 2 --dist loadfile -rP
	@$(PYTHON) -m tests.faults.runner $(ARGS)

.PHONY: bench
bench: $(VENV)/.dev ## measure the pages against the goals
	@$(PYTHON) -m benchmarks $(ARGS)

.PHONY: bench-mails
bench-mails: $(VENV)/.dev ## measure mails a second against a plain Django process
	@$(PYTHON) -m benchmarks.mails $(ARGS)

.PHONY: validate
validate: $(VENV)/.dev system-runtime ## ask independent checkers of every file of the demo library (slow; ARGS="--keep FOLDER")
	@$(PYTHON) scripts/validate_library.py $(ARGS)

.PHONY: check
check: $(VENV)/.dev ## formats, lints, types, floors, migrations, deployment, locks and generated pages
	@sh scripts/check.sh

##@ Work on it

.PHONY: fmt
fmt: $(VENV)/.dev ## format the code and the templates
	@$(BIN)/ruff check -q --select I --fix $(FORMATTED)
	@$(BIN)/ruff format $(FORMATTED)
	@find templates -name '*.html' -exec $(BIN)/djade --target-version 5.2 {} + || \
		find templates -name '*.html' -exec $(BIN)/djade --target-version 5.2 {} + # ends with 1 when it changed something

.PHONY: docs
docs: $(VENV)/.dev ## write the pages of docs/ that come from the code
	@$(PYTHON) manage.py docs

.PHONY: screenshots
screenshots: $(VENV)/.dev system-tests ## take the pictures of docs/img/ from a running demo
	@$(PYTHON) scripts/screenshots.py $(ARGS)

.PHONY: lock
lock: $(VENV)/.dev ## resolve pyproject.toml into the lock files (needs uv; ARGS=--upgrade)
	@$(PYTHON) scripts/lock.py $(ARGS)

.PHONY: clean
clean: ## forget the environment and every collected or cached file; var/ stays
	rm -rf $(VENV) staticfiles .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find $(FORMATTED) -name __pycache__ -prune -exec rm -rf {} +

# What the targets above stand on.

$(VENV)/.runtime: requirements.lock scripts/install.sh
	@sh scripts/install.sh requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock scripts/install.sh
	@sh scripts/install.sh requirements-dev.lock
	@touch $(VENV)/.runtime $@

.PHONY: system-runtime system-tests
system-runtime:
	@sh scripts/system_packages.sh pdf 'formats?'
system-tests:
	@sh scripts/system_packages.sh pdf browser formats
