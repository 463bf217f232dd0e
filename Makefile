# make demo       try the whole site on this machine; needs no configuration
# make test       every check and test, on SQLite and on PostgreSQL
# make test-fast  on SQLite, only tests that were quick last time
# make check      style, layers and types; takes a few seconds
# make install    installs what all of them need into .venv
# make install-server  installs only what the site needs, for a server

.PHONY: demo test test-fast install install-server check

# If a shell sets it, every start of Python compiles two thousand files first.
unexport PYTHONDONTWRITEBYTECODE

demo:
	@sh .ci/install --without-static-files
	@exec .venv/bin/python manage.py demo

install:
	@sh .ci/install

install-server:
	@sh .ci/install --for-a-server

check: install
	@echo "Checking how the code is written ..."
	@.venv/bin/ruff check --quiet . && .venv/bin/ruff format --quiet --check .
	@sh .ci/format-templates --check
	@.venv/bin/lint-imports --no-logo >.cache/layers.log || { cat .cache/layers.log; exit 1; }
	@DEBUG=1 .venv/bin/mypy --no-error-summary

test: install check
	@sh .ci/install-test-tools
	@echo "Testing on SQLite ..."
	@.venv/bin/pytest --quiet --numprocesses 2 --dist loadfile --no-loadscope-reorder
	@echo "Testing on PostgreSQL ..."
	@.venv/bin/pytest --quiet --numprocesses 2 --dist loadfile --no-loadscope-reorder --database=postgresql

test-fast: install
	@.venv/bin/pytest --quiet --fast --numprocesses 2 --dist loadfile --no-loadscope-reorder

# How fast is the site? Writes docs/performance.md; takes two hours on a machine that does nothing else.
# One program alone: .venv/bin/python tests/load/bench.py NAME
.PHONY: bench
bench: install
	@sh .ci/install-test-tools
	@sh .ci/install-load-tools
	@.venv/bin/python tests/load/bench.py

# What is left after web processes, workers and PostgreSQL are killed 100 times each, the disk is full, and the database
# goes away. Takes a quarter of an hour; `make bench` includes it.
.PHONY: chaos
chaos: install
	@sh .ci/install-test-tools
	@.venv/bin/python tests/load/chaos.py
	@.venv/bin/python tests/load/outage.py

# Known vulnerabilities in the packages that the site runs on.
.PHONY: audit
audit: install
	@sh .ci/audit

# Formats Python and templates. Break template lines over 120 characters by hand.
.PHONY: format
format: install
	@.venv/bin/ruff format --quiet .
	@sh .ci/format-templates

# Draws every page at three widths, light and dark, into var/screenshots/.
.PHONY: screenshots
screenshots: install
	@sh .ci/install-test-tools
	@.venv/bin/pytest --quiet tests/browser/screenshots.py
	@echo "Look at var/screenshots/."

# Draws the pictures of the organisers' handbook into static/organisers/help/.
.PHONY: handbook
handbook: install
	@sh .ci/install-test-tools
	@.venv/bin/pytest --quiet tests/browser/handbook_pictures.py

# Tests the main pages in Firefox and in WebKitGTK (Safari's engine), and what the screen reader Orca says.
.PHONY: test-browsers
test-browsers: install
	@sh .ci/install-test-tools
	@sh .ci/install-engines
	@echo "Testing in Firefox and WebKitGTK, and with Orca ..."
	@.venv/bin/pytest --quiet tests/engines/journey.py tests/engines/offline.py tests/engines/orca.py
	@echo "Look at var/engines/."
