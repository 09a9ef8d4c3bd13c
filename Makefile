# Needs GNU make, git and Python 3.11 or newer; everything else is installed into .venv.
# ARGS is handed on: make test ARGS="tests/core -k runs", make run ARGS="--chat-port 9000".

VENV := .venv
PYTHON := $(VENV)/bin/python
INSTALLED := $(VENV)/installed.lock

.DEFAULT_GOAL := help
.PHONY: help run key test lint bench lock reset clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' Makefile

run: $(INSTALLED) ## Run everything on this machine until Ctrl-C; the chat is on port 8000, or the next free one
	@$(PYTHON) -m local $(ARGS)

key: $(INSTALLED) ## Print an API key for what runs
	@$(PYTHON) -m local --key $(ARGS)

test: $(INSTALLED) ## Run all tests, three at once: much of a test is waiting
	@$(PYTHON) -m pytest --numprocesses 3 --dist worksteal $(ARGS)

lint: $(INSTALLED) ## Check style, types, who imports whom, and the library
	@$(VENV)/bin/ruff check
	@$(VENV)/bin/ruff format --check
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports
	@$(PYTHON) -m core.library check

bench: $(INSTALLED) ## Measure, each figure as a ratio to its floor
	@$(PYTHON) -m bench $(ARGS)

LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --quiet $(ARGS)

lock: ## Resolve the dependencies anew, with uv; ARGS=--upgrade takes newer versions
	@command -v uv > /dev/null || { echo "make lock needs uv: https://docs.astral.sh/uv/" >&2; exit 1; }
	@$(LOCK) --output-file requirements.lock
	@$(LOCK) --extra dev --constraints requirements.lock --output-file requirements-dev.lock

reset: ## Forget all local data
	@if [ -x $(PYTHON) ]; then $(PYTHON) -m local --reset; else rm -rf .local; fi

clean: reset ## Forget all local data, the installation and the caches
	@rm -rf $(VENV) .local .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What is installed is a copy of the lock, so that a new checkout of the same lock installs nothing.
$(INSTALLED): requirements-dev.lock
	@cmp -s requirements-dev.lock $@ || { $(MAKE) --no-print-directory install; }
	@cp requirements-dev.lock $@

.PHONY: install
install: $(PYTHON)
	@echo "Installing requirements-dev.lock into $(VENV); this takes a minute or two ..."
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock

$(PYTHON):
	@for python in python3.13 python3.12 python3.11 python3; do \
	    if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then \
	        $$python -m venv --clear $(VENV) && exit; \
	        rm -rf $(VENV); exit 1; \
	    fi; \
	done; \
	echo "No Python 3.11 or newer found: https://www.python.org/downloads/" >&2; exit 1
