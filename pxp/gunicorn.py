"""How gunicorn serves the site: `gunicorn -c python:pxp.gunicorn pxp.wsgi`; PORT and WEB_CONCURRENCY move it."""

import gc
import os
import shutil
import tempfile
from pathlib import Path

import pxp.settings  # noqa: F401 - a missing setting stops the start here, once, instead of in each worker

# Threads, because two slow phones would block two single-threaded workers. A waiting thread costs almost nothing.
worker_class = "pxp.worker_class.OwnWordsWorker"  # gthread with our own pages for what gunicorn itself refuses
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 32
# Loaded once, before the fork, so processes share most of their memory. A new version needs a restart, not a HUP.
preload_app = True


def pre_fork(arbiter, worker):
    """Freeze the garbage collector's view of what is loaded: its marks would make each process copy shared memory."""
    gc.collect()
    gc.freeze()


timeout = 60  # seconds until a worker that hangs is replaced
graceful_timeout = 20  # seconds for people's requests to end after "stop"
memory = Path("/dev/shm")  # noqa: S108 - gunicorn makes a nameless file there
worker_tmp_dir = str(memory) if os.access(memory, os.W_OK) else None  # so a slow disk does not look like a hung worker

forwarder_headers = ""  # trust no header about the path of the site: a proxy passes on what a stranger sent

control_socket_disable = True  # it would create a socket in the home folder that nothing here uses
accesslog = None  # URLs contain people's tokens: the proxy in front can count visits without them
log_level = os.environ.get("GUNICORN_LOG_LEVEL", "INFO")
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "pxp.logs.make_formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": log_level},
    "loggers": {
        # gunicorn keeps these from the root; without a handler Python prints them as they are, people's keys included.
        "gunicorn.error": {"level": log_level, "propagate": True},
        "gunicorn.access": {"level": "CRITICAL"},  # a dictionary of ours turns it on
    },
}

if os.environ.get("WATCH_TOKEN"):
    # Where the web processes put their counts together (pxp/operations/metrics.py).
    counts = tempfile.mkdtemp(prefix="pxp-metrics-", dir=worker_tmp_dir)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = counts

    def child_exit(server, worker):
        """Stop counting a web process that ended."""
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)

    def on_exit(server):
        """Delete the folder of metrics."""
        shutil.rmtree(counts, ignore_errors=True)
