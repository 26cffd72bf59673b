# make demo        the whole office with a made-up population, served on 127.0.0.1:8000
# make test        everything that has to hold
# make help        the rest

SHELL := /bin/bash
PYTHON ?= python3
REGULATIONS ?= ../shared/regulations

BIN := .venv/bin
RUN := $(BIN)/python manage.py
# A worker more than there are cores: tests of servers that stop and of browsers mostly wait. A file's tests stay with one.
PYTEST := $(BIN)/python -m pytest --numprocesses $(shell expr $$(nproc) + 1) --dist loadscope --no-loadscope-reorder
STAMP := .venv/installed.stamp

.DEFAULT_GOAL := help
.PHONY: help install demo demo-once test browser lint types layers migrations-check messages-check system-check \
	pytest test-quick bench bench-engine bench-credits bench-settlements bench-import bench-export bench-simulation bench-pages bench-interface adjudication-document \
	files-document handbook-pictures check-citations messages format lock clean

help:  ## List the targets.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## */\1\t/' | expand -t 18

install: $(STAMP)  ## Make the virtual environment and install what requirements-dev.lock names.

$(STAMP): requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: install it, or name it as in 'make install PYTHON=python3.11'." >&2; exit 1; }
	@test -x $(BIN)/pip || { rm -rf .venv && $(PYTHON) -m venv .venv >/dev/null 2>&1; } \
		|| { rm -rf .venv; echo "Python cannot make a virtual environment: install the package python3-venv." >&2; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

demo: install  ## Load the demonstration data where it is missing and serve the admin on 127.0.0.1:8000.
	$(RUN) demo

demo-once: install  ## The same without serving.
	$(RUN) demo --once

test: install browser lint types layers migrations-check messages-check system-check pytest  ## Check everything.

# The checks run one after another, cheapest first, also under make -j.
.NOTPARALLEL:

browser:  ## Install Chromium, a Chinese font and gettext where this machine lets us, for the tests.
	@tests/install_browser

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:
	$(BIN)/mypy

layers:
	$(BIN)/lint-imports

migrations-check:
	$(RUN) makemigrations --check --dry-run

messages-check:
	$(BIN)/python -m development.messages check

system-check:
	$(RUN) check --fail-level WARNING

pytest:
	$(PYTEST) --durations=10

# The apps that differ from the last commit, with what they stand on left out: those have tests of their own.
CHANGED = $(shell git status --porcelain --untracked-files=all | cut -c4- | sed -n 's|^tests/||; s|/.*||p' | sort -u)
APP ?= $(CHANGED)

test-quick: install lint types layers  ## Check what is quick, and the apps that you have changed: make test-quick APP=claims
	@folders="$(wildcard $(addprefix tests/,$(APP)))"; test -n "$$folders" \
		|| { echo "No app has changed. Name one, as in 'make test-quick APP=claims'." >&2; exit 1; }; \
	echo "pytest $$folders"; $(PYTEST) --exitfirst $$folders

bench: bench-engine bench-credits bench-settlements bench-import bench-export bench-simulation bench-pages bench-interface  ## Measure all of it.

bench-engine: install  ## Measure the engine against the arithmetic it cannot do without.
	$(RUN) migrate --verbosity 0
	$(RUN) load_packs --verbosity 0
	$(BIN)/python -m tests.bench.engine

bench-credits: install  ## Measure a month's credits of a million members: make bench-credits MEMBERS=200000
	$(BIN)/python -m tests.bench.credits $(MEMBERS)

bench-settlements: install  ## Measure a file of settlements: make bench-settlements CLAIMS=10000
	$(BIN)/python -m tests.bench.settlements $(CLAIMS)

bench-import: install  ## Measure a file of a million contributions: make bench-import MEMBERS=200000
	$(BIN)/python -m tests.bench.imports $(MEMBERS)

bench-export: install  ## Measure a long list as a file: make bench-export ROWS=200000
	$(BIN)/python -m tests.bench.exports $(ROWS)

bench-simulation: install  ## Measure a simulation of a year: make bench-simulation CLAIMS=20000
	$(BIN)/python -m tests.bench.simulation $(CLAIMS)

bench-pages: install  ## Measure the pages of a full office: make bench-pages MEMBERS=100000
	$(BIN)/python -m tests.bench.pages $(MEMBERS)

bench-interface: install  ## Measure providers' messages: make bench-interface MESSAGES=1000
	$(BIN)/python -m tests.bench.interface $(MESSAGES)

adjudication-document: install  ## Write the worked claims of docs/adjudication.md as the services calculate them.
	$(RUN) shell --no-imports -c "from tests.claims.adjudication_document import write; write()"

files-document: install  ## Write docs/files.md anew: every kind of file that goes in, and its columns.
	$(RUN) shell --no-imports -c "from tests.files.files_document import write; write()"

handbook-pictures: install  ## Take the handbook's pictures from the demonstration: make handbook-pictures PICTURES="member trial"
	$(BIN)/python -m development.handbook_pictures $(PICTURES)

check-citations: install  ## Find every cited phrase in the regulations' texts: make check-citations REGULATIONS=folder
	$(RUN) check_citations --regulations $(REGULATIONS)

messages: install  ## Collect the strings of the screens into locale/ and compile them.
	$(BIN)/python -m development.messages update

format: install  ## Put the code into the project's format.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: install  ## Write both lock files anew from requirements.txt and requirements-dev.txt.
	for name in requirements requirements-dev; do \
		CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --strip-extras --generate-hashes --allow-unsafe \
			--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file $$name.lock $$name.txt || exit 1; \
	done

clean:  ## Remove the virtual environment and the tools' caches; the data in .local stays.
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache staticfiles
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
