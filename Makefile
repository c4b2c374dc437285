# Targets for people and for CI; `make help` lists them.
PYTHON ?= python3
PORT ?= 8399
SERVE ?= 1
COUNT ?= 200
BIN := .venv/bin
DEMO := HWDB_DATABASE_URL=sqlite:///.demo/hwdb.sqlite3 $(BIN)/hwdb
APT := apt-get install -y -q --no-install-recommends
CLIENT := dist/hwdb-submit.pyz

.DEFAULT_GOAL := help
.PHONY: help venv dev browser lab lab-fuzz submitter demo serve test check format audit migration constraints clean

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

venv: .venv/.installed ## make .venv with the service in it

.venv/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "hwdb needs Python 3.11 or later; name one with make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get update -q && $(APT) python3-venv; \
		else echo "Python's venv module is missing; install python3-venv" >&2; exit 1; fi; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e '.[server]'
	@touch $@

dev: .venv/.developing ## add what tests and checks need to .venv

.venv/.developing: .venv/.installed
	$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e '.[server,dev]'
	@touch $@

browser: ## install Chromium for the browser tests, when root
	@command -v chromium >/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get update -q && $(APT) chromium fonts-dejavu-core; \
		else echo "Chromium is missing, so the browser tests will be skipped; install the package chromium to run them."; fi; }

lab: ## install QEMU for the lab tests, when root
	@{ command -v qemu-system-x86_64 && apt-cache show linux-image-amd64; } >/dev/null 2>&1 || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get update -q && $(APT) qemu-system-x86; \
		else echo "QEMU is missing, so the lab tests will be skipped; install the package qemu-system-x86 to run them."; fi; }

lab-fuzz: dev lab ## hold predicted groups against a real kernel on COUNT random machines, from SEED on
	@$(BIN)/python -m tests.lab.fuzz --count $(COUNT) $(if $(SEED),--seed $(SEED))

submitter: ## build the client's single file, dist/hwdb-submit.pyz
	@$(PYTHON) -m submitter.bundle $(CLIENT)

demo: venv submitter ## import the starter set, answer for a board, serve it (SERVE=0 stops before serving)
	@mkdir -p .demo
	@$(DEMO) import hwdb/starter
	@HWDB_DATABASE_URL=sqlite:///.demo/hwdb.sqlite3 $(BIN)/python -m tests.starter.counts
	@echo
	@$(DEMO) query --limit 1 "X399 Taichi"
	@echo
	@echo "The same on a page: http://127.0.0.1:$(PORT)/boards/asrock/x399-taichi"
	@if [ "$(SERVE)" != 0 ]; then exec env HWDB_DATABASE_URL=sqlite:///.demo/hwdb.sqlite3 $(BIN)/hwdb serve --port $(PORT); fi

serve: venv submitter ## serve the configured database
	@exec $(BIN)/hwdb serve --port $(PORT)

test: dev browser lab ## run all tests
	$(BIN)/python -m pytest -n auto --dist loadgroup --no-loadscope-reorder $(TESTS)

check: dev ## lint, types, import rules, oldest Python of the client, dependencies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vermin -q -t=3.9- --no-tips --violations $$($(BIN)/python -m submitter.bundle --list)
	$(BIN)/pip check --disable-pip-version-check

format: dev ## format the code and mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

audit: dev ## look dependencies up in the public list of vulnerabilities (needs the network)
	$(BIN)/pip-audit --local --progress-spinner off

migration: dev ## draft a migration from the models: make migration NAME="what it does"
	@test -n "$(NAME)" || { echo 'make migration NAME="what it does"' >&2; exit 2; }
	@draft=$$(mktemp -d) && HWDB_DATABASE_URL=sqlite:///$$draft/hwdb.sqlite3 && export HWDB_DATABASE_URL && \
		$(BIN)/alembic upgrade head && $(BIN)/alembic revision --autogenerate -m "$(NAME)"; rm -r $$draft

constraints: dev ## write down the versions installed now
	@{ echo "# The versions hwdb was last tested with: pip install -c constraints.txt -e '.[server,dev]'"; \
		$(BIN)/pip freeze --exclude-editable | grep -v ' @ '; } > constraints.txt

clean: ## remove what these targets made
	rm -rf .venv .demo build dist screenshots lab-transcripts *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
