# make demo       try the whole site on this machine; needs no configuration
# make test       every check and test, on SQLite and on PostgreSQL
# make test-fast  for the loop, on SQLite: what was quick when it last ran here
# make check      how the code is written: style, layers, types; a few seconds
# make install    what all of them need, into .venv
# make install-server  only what the site runs on, for a server

.PHONY: demo test test-fast install install-server check

# Where a shell forbids them, every start of Python would compile two thousand files first.
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

# How fast is the site? An hour on a machine that does nothing else; writes docs/performance.md.
# One program alone: .venv/bin/python tests/load/bench.py NAME
.PHONY: bench
bench: install
	@sh .ci/install-test-tools
	@sh .ci/install-load-tools
	@.venv/bin/python tests/load/bench.py

# What is left when web processes, workers and PostgreSQL are killed 100 times each, when the disk is full, and when the
# database goes away? Twelve minutes; `make bench` has it too.
.PHONY: chaos
chaos: install
	@sh .ci/install-test-tools
	@.venv/bin/python tests/load/chaos.py
	@.venv/bin/python tests/load/outage.py

# Are there known weaknesses in what the site runs on?
.PHONY: audit
audit: install
	@sh .ci/audit

# Indents the templates and writes their tags in one form. Lines over 120 characters are broken by hand.
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

# Goes through the main pages in Firefox and in WebKitGTK too, Safari's engine, and listens to what Orca says of them.
.PHONY: test-browsers
test-browsers: install
	@sh .ci/install-test-tools
	@sh .ci/install-engines
	@echo "Testing in Firefox and WebKitGTK, and with Orca ..."
	@.venv/bin/pytest --quiet tests/engines/journey.py tests/engines/offline.py tests/engines/orca.py
	@echo "Look at var/engines/."
