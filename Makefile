# Everything is done by scripts/dev.py; `make` gives the commands short names. All that is made lies in .local/.
PYTHON ?= python3
DEV = $(PYTHON) scripts/dev.py
PORT ?= 8069
HOST ?= 127.0.0.1
WORKERS ?= 0
DATABASE ?= order_management
DEMO ?= 1
DATA ?=
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run shell test test-unit test-addons test-e2e test-core lint format pot setup pins image-check clean

help: ## Show this list
	@sed -n 's/^\([a-z%-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

run: ## Serve Odoo with both add-ons and demo data (PORT= HOST= WORKERS= DATABASE= DEMO=0)
	@$(DEV) run --port $(PORT) --interface $(HOST) --workers $(WORKERS) --database $(DATABASE) $(if $(filter 0,$(DEMO)),--without-demo) $(ARGS)

shell: ## A Python prompt inside Odoo, on the database of `make run`
	@$(DEV) shell $(DATABASE)

test: ## Lint, then all tests
	@$(DEV) test $(ARGS)

test-unit: ## Tests without a database (ARGS= for pytest)
	@$(DEV) test-unit $(ARGS)

test-addons: ## The add-ons' own tests, inside Odoo (ARGS= for pytest)
	@$(DEV) test-addons $(ARGS)

test-e2e: ## Tests on a served Odoo: RPC clients, browser, faults (ARGS= for pytest)
	@$(DEV) test-e2e $(ARGS)

test-core: ## Odoo's own tests with our add-ons installed (about 30 minutes; ARGS=--bare renews the list of known failures)
	@$(DEV) test-core $(ARGS)

lint: ## Style and sanity of Python, JavaScript, XML and translations
	@$(DEV) lint $(ARGS)

format: ## Bring Python, JavaScript and style sheets into form
	@$(DEV) format

bench-%: ## One benchmark, e.g. make bench-import DATA=orders.xlsx
	@$(DEV) bench $* --data "$(DATA)" $(ARGS)

pot: ## Write i18n/*.pot anew
	@$(DEV) pot

setup: ## Get everything that the tests need, run nothing
	@$(DEV) setup

pins: ## Write requirements/constraints.txt from what is installed
	@$(DEV) pins

image-check: ## Build the Dockerfile without a Docker daemon, start it, log in
	@$(DEV) image-check $(ARGS)

clean: ## Remove all that was made here, the database of `make run` included
	@$(DEV) clean $(ARGS)
