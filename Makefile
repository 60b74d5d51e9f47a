# The commands of Marché. All of them need only Python 3.11 or later, and make.

PORT ?= 8000
ORDERS ?= 230
PAY ?=
PYTEST ?=
BENCH ?=
PYTHON := .venv/bin/python
# A command in the surroundings of a test: embedded services, the tests' settings.
WITH := $(PYTHON) -m dev.command $(PYTHON)
TEMPLATES := templates
# Folders that `make test-fast` need not even read.
QUICK := --ignore=tests/journeys --ignore=tests/faults --ignore=tests/races --ignore=tests/deployment

export PORT ORDERS PAY

.PHONY: help install run reset test test-fast lint format rehearsal bench messages

help: ## This list
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' Makefile | expand -t 18

install: ## Create .venv and install the locked requirements
	@for python in $(PYTHON3) python3 python3.14 python3.13 python3.12 python3.11; do \
	    if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	        exec "$$python" dev/install.py; \
	    fi; \
	done; \
	echo "Marché needs Python 3.11 or later: install it, or name it: make PYTHON3=/path/to/python3" >&2; exit 1

run: install ## Everything on this machine, until Ctrl-C (PORT=8000)
	@exec $(PYTHON) dev/child.py $$PPID SIGTERM - "$$PWD/$(PYTHON)" -m dev.run

reset: install ## Forget the data of `make run`
	@$(PYTHON) -m dev.run --reset

test: install ## The whole suite (PYTEST="-k basket" for a part)
	@$(PYTHON) -m dev.browser
	$(PYTHON) -m pytest -n 2 --dist worksteal $(PYTEST)

test-fast: install ## A quick part of it: no browser, no processes, one case of each test
	$(PYTHON) -m pytest -n 2 --dist worksteal --fast $(QUICK) $(PYTEST)

lint: install ## Style, types, import contracts, migrations, translations (needs GNU gettext)
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m djlint --lint --quiet $(TEMPLATES)
	.venv/bin/lint-imports
	$(WITH) -m mypy
	$(WITH) manage.py makemigrations --check --dry-run
	$(PYTHON) -m dev.compile_messages --check
	$(WITH) -m dev.collect_messages --check

format: install ## Put the code into shape (of templates, `make lint` says what is wrong)
	$(PYTHON) -m ruff check --fix-only --quiet .
	$(PYTHON) -m ruff format .

rehearsal: install ## A whole market week over HTTP, then an audit of the books (ORDERS=230, PAY=online)
	@$(PYTHON) -m dev.rehearsal

bench: install ## Pages and orders beside a stock Oscar and a bare view (BENCH="--quick")
	@$(PYTHON) -m dev.bench $(BENCH)

messages: install ## Collect new texts into locale/ (needs GNU gettext)
	$(WITH) -m dev.collect_messages
