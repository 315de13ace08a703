# Works with GNU make 3.81 (macOS) and later, and needs nothing but Python 3.11 or newer.
# Another interpreter: make test PYTHON=python3.12. Arguments for the build: make report ARGS="--as-of 2026-07-04".

SHELL   := /bin/bash
VENV    := .venv
PY      := $(VENV)/bin/python
PIP     := $(PY) -m pip install -qq --disable-pip-version-check --constraint constraints.txt
READY   := $(VENV)/.ready
DEV     := $(VENV)/.ready-dev
PINNED  := pyproject.toml constraints.txt
ARGS    ?=
PYTHON  ?=

# An interpreter asked for by name makes an environment built with another one stale.
ifneq ($(PYTHON),)
ifneq ($(PYTHON),$(shell cat $(VENV)/.python 2>/dev/null))
ASKED := asked
endif
endif

.DEFAULT_GOAL := help
.PHONY: help report test check format test-matrix pins bench clean asked

help: ## Say what the targets do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

report: $(READY) ## Build the ledger, the charts and the report; the last lines say where they are
	@$(VENV)/bin/wareconomy build $(ARGS)

test: $(DEV) ## Run the whole test suite
	@$(PY) -m pytest $(ARGS)

check: $(DEV) ## Lint, formatting, types and the import contract
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	@# Cached graphs outlive a deleted module, so the contract is read afresh.
	$(VENV)/bin/lint-imports --no-cache --no-logo

format: $(DEV) ## Format the code and mend what the linter can mend
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

test-matrix: ## Smoke tests on the newest Python, and on the oldest with the oldest DuckDB
	@scripts/test-matrix.sh

pins: $(DEV) ## Write constraints.txt anew: the newest versions that fit, for every platform
	$(PIP) uv
	{ echo '# Every version in one file, for Python 3.11 and newer on Linux and macOS. Written by: make pins'; \
	  $(VENV)/bin/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
	    --no-emit-index-url --no-header --no-annotate --quiet; } > constraints.txt.new
	@# Unchanged pins keep their date, so the environment is not made again for nothing.
	if cmp -s constraints.txt.new constraints.txt; then rm constraints.txt.new; else mv constraints.txt.new constraints.txt; fi

bench: $(DEV) ## Time what people wait for
	@$(PY) benchmarks/run.py $(ARGS)

clean: ## Remove the environment and the caches; data and reports stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): $(PINNED) $(ASKED)
	@echo "Making $(VENV) from the pinned versions ..."
	@set -e; python="$(PYTHON)"; \
	if [ -z "$$python" ]; then python=$$(scripts/find-python.sh); fi; \
	rm -rf $(VENV); "$$python" -m venv $(VENV)
	@$(PIP) --editable '.[pdf,maps,text]'
	@echo "$(PYTHON)" > $(VENV)/.python
	@touch $@

$(DEV): $(READY)
	@echo "Adding what the tests and checks use ..."
	@$(PIP) --editable '.[dev]'
	@touch $@
