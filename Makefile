# relance_graduee: every command sets up what it needs first (see dev/README.md).
#
# Variables: T (what make test runs), SERVE=0 and PORT (make demo), ODOO_SOURCE (an
# Odoo 19 of your own), PGHOST PGPORT PGUSER (a PostgreSQL of your own), RELANCE_CACHE.

PYTHON ?= python3
DEV = $(PYTHON) -m dev
.DEFAULT_GOAL = help
.PHONY: help setup demo test lint format update shell serve i18n bench test-odoo security-doc requirements stop clean-env

help: ## list the commands
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1|/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "make %-14s %s\n", $$1, $$2}'

demo: ## a French company, today's reminder run, its PDFs, http://localhost:8069 (SERVE=0: do not serve)
	@$(DEV) demo

test: ## lint and every test; T=relance_graduee/tests/test_x.py[::Class[::test]] runs one thing quickly
	@$(DEV) test $(T)

setup: ## only set up the environment
	@$(DEV) setup

lint: ## ruff and pylint-odoo
	@$(DEV) lint

format: ## let ruff mend and format
	@$(DEV) format

update: ## install or upgrade our add-ons in the developer's database
	@$(DEV) update

shell: ## Odoo's shell on the developer's database
	@$(DEV) shell

serve: ## serve the demonstration's database
	@$(DEV) serve

i18n: ## export the terms, merge fr.po, count what is left to translate
	@$(DEV) i18n

bench: ## the benchmarks beside the peers
	@$(DEV) bench $(B)

test-odoo: ## Odoo's own tests without and with our add-ons, and the difference (M="sale stock": these)
	@$(DEV) test-odoo $(M)

security-doc: ## write into docs/SECURITY.md who may what, as the registry says
	@$(DEV) security-doc

requirements: ## fix the versions of dev/requirements.in anew
	@$(DEV) requirements

stop: ## stop the embedded PostgreSQL
	@$(DEV) stop

clean-env: ## remove the whole environment from the cache folder
	@$(DEV) clean-env
