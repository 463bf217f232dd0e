"""How gunicorn serves the site: `gunicorn -c python:pxp.gunicorn pxp.wsgi`; PORT and WEB_CONCURRENCY move it."""

import gc
import os
import shutil
import tempfile
from pathlib import Path

import pxp.settings  # noqa: F401 - a missing setting stops the start here, once, and not in each worker

# Threads, because two slow phones stop two single-threaded workers dead. Waiting costs a thread nearly nothing.
worker_class = "pxp.worker_class.OwnWordsWorker"  # gthread with our own pages for what gunicorn itself refuses
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 32
# Loaded once, before the processes part: they share most of what they hold. A new version needs a new start, not a HUP.
preload_app = True


def pre_fork(arbiter, worker):
    """Keep the collector's hands off what is loaded: its marks would make each process copy what all share."""
    gc.collect()
    gc.freeze()


timeout = 60  # seconds until a worker that hangs is replaced
graceful_timeout = 20  # seconds for people's requests to end after "stop"
memory = Path("/dev/shm")  # noqa: S108 - gunicorn makes a nameless file there
worker_tmp_dir = str(memory) if os.access(memory, os.W_OK) else None  # a slow disk must not look like a hung worker

forwarder_headers = ""  # nobody says where the site is mounted: a proxy passes on what a stranger wrote

control_socket_disable = True  # it would lie in the home folder, and nothing here uses it
accesslog = None  # addresses of pages hold people's keys: the proxy in front may count visits without them
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "pxp.logs.make_formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": os.environ.get("GUNICORN_LOG_LEVEL", "INFO")},
    "loggers": {"gunicorn.error": {"level": "NOTSET"}, "gunicorn.access": {"level": "NOTSET"}},
}

if os.environ.get("WATCH_TOKEN"):
    # Where the web processes put their counts together (pxp/operations/metrics.py).
    counts = tempfile.mkdtemp(prefix="pxp-metrics-", dir=worker_tmp_dir)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = counts

    def child_exit(server, worker):
        """Take a web process that ended out of what counts as alive."""
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)

    def on_exit(server):
        """Leave nothing behind."""
        shutil.rmtree(counts, ignore_errors=True)
