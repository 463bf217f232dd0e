# make demo     try the whole site on this machine; needs no configuration
# make test     every check and test, on SQLite and on PostgreSQL
# make install  what both need, into .venv

.PHONY: demo test install

demo: install
	@exec .venv/bin/python manage.py demo

install:
	@sh .ci/install

test: install
	@sh .ci/install-test-tools
	@echo "Checking how the code is written ..."
	@.venv/bin/ruff check --quiet . && .venv/bin/ruff format --quiet --check .
	@echo "Testing on SQLite ..."
	@.venv/bin/pytest --quiet
	@echo "Testing on PostgreSQL ..."
	@.venv/bin/pytest --quiet --database=postgresql

# Draws every page at three widths, light and dark, into var/screenshots/.
.PHONY: screenshots
screenshots: install
	@sh .ci/install-test-tools
	@.venv/bin/pytest --quiet tests/browser/screenshots.py
	@echo "Look at var/screenshots/."
