# The commands of the project. Each works on a fresh clone: it first makes what it needs, and skips what is there.
PYTHON ?= python3
SHELL := /bin/bash
VENV := .venv/bin
ARGS ?=
.PHONY: run test lint bench lock clean help
.DEFAULT_GOAL := help

help:
	@echo "make run     démarre SantéSurvey (PORT=8000)"
	@echo "make test    vérifie tout (ARGS=\"tests/surveys -k code\" pour une partie)"
	@echo "make lint    vérifie le style, les types et les dépendances"
	@echo "make bench   mesure les performances"
	@echo "make lock    refait les listes figées de bibliothèques"
	@echo "make clean   efface ce qui est fabriqué, sauf les données"

run:
	@command -v $(PYTHON) >/dev/null || { echo "Python manque : installez Python 3.11 ou plus récent."; exit 1; }
	@$(PYTHON) bin/prepare.py run
	@exec $(VENV)/python -m santesurvey.run

test:
	@$(PYTHON) bin/prepare.py test
	@exec $(VENV)/python bin/check.py all $(ARGS)

lint:
	@$(PYTHON) bin/prepare.py test
	@exec $(VENV)/python bin/check.py lint

bench:
	@$(PYTHON) bin/prepare.py test
	@exec $(VENV)/python -m bench $(ARGS)

# The order matters: the tests' packages are held to the versions that run in production.
COMPILE := UV_CUSTOM_COMPILE_COMMAND="make lock" $(VENV)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --upgrade
lock:
	@$(PYTHON) bin/prepare.py test
	$(COMPILE) requirements.in --output-file requirements.txt
	$(COMPILE) requirements-dev.in --output-file requirements-dev.txt
	$(COMPILE) requirements-bootstrap.in --output-file requirements-bootstrap.txt
	$(COMPILE) requirements-node.in --output-file requirements-node.txt
	cd frontend && npm install --package-lock-only

clean:
	rm -rf .venv .make build frontend/node_modules frontend/dist .mypy_cache .ruff_cache .pytest_cache \
		.import_linter_cache .hypothesis test-results
	find . -name __pycache__ -not -path './.data/*' -prune -exec rm -rf {} +
