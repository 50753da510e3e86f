# The same commands for people and for CI. `make` alone lists them.
PYTHON ?= python3
PORT ?= 8000
N ?= 60
SEED ?= 1
VENV := .venv
BIN := $(VENV)/bin
export PORT

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run code test faults check messages bench clean

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(VENV)/ready: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed.")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what the program needs (once) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/ready-dev: requirements-dev.txt $(VENV)/ready
	@echo "Installing what tests need (once) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

setup: $(VENV)/ready ## make the virtual environment
setup-dev: $(VENV)/ready-dev

run: setup ## start the whole program with demonstration data on http://127.0.0.1:8000 (PORT=…)
	@exec $(BIN)/python manage.py serve --port $(PORT)

code: setup ## the second factor's six digits of a demonstration account (WHO=approver@…)
	@DEMO=1 $(BIN)/python manage.py demo_code $(WHO)

test: setup-dev ## all tests: SQLite always; PostgreSQL, Redis and Chromium where they are found
	@exec $(BIN)/python -m tests.run

faults: setup-dev ## servers and workers killed, frozen, refused while work goes on; a judge looks (N=60 SEED=1)
	@exec $(BIN)/python -m tests.faults --count $(N) --seed $(SEED)

check: setup-dev ## lint, types, direction of imports, migrations, translations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	DEBUG=0 $(BIN)/python manage.py check --settings tests.settings
	$(BIN)/python manage.py makemigrations --check --dry-run --settings tests.settings
	$(BIN)/python -m tests.translations

messages: setup-dev ## collect strings into the catalogues and compile them (needs gettext)
	$(BIN)/python manage.py makemessages -l kk -l ru --no-obsolete --no-wrap --add-location file --ignore $(VENV) --ignore var --ignore tests --settings tests.settings
	$(BIN)/python manage.py compilemessages --ignore $(VENV) --settings tests.settings

bench: setup-dev ## the figures of docs/figures.md, on PostgreSQL (DATABASE_URL=…)
	$(BIN)/python -m benchmarks

clean: ## forget the demonstration: database, mail, files
	rm -rf var
