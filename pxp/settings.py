"""Settings of the site, read top to bottom; what differs between places comes from the environment."""

import contextlib
import os
import sys
import zoneinfo
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import environ
from django.utils.csp import CSP

from pxp import setting_faults
from pxp.environment import Environment, refuse
from pxp.operations import pools
from registration.addresses import ascii_domain, ascii_sender, ascii_url

# Time zones come only from the tzdata package: Debian's own files are wrong in 2027 for 13 zones, Vancouver among them.
# This must come first, because zones are cached when they are first read.
zoneinfo.reset_tzpath(to=[])
zoneinfo.ZoneInfo.clear_cache()

BASE_DIR = Path(__file__).resolve().parent.parent

# --- What the environment says --------------------------------------------------------------------

env = Environment()
DEBUG = env.bool("DEBUG", default=False)

HOW_TO_SET = {
    "SECRET_KEY": "a long random text that nobody else knows. Make one with:\n"
    "    python3 -c 'import secrets; print(secrets.token_urlsafe(50))'",
    "ALLOWED_HOSTS": "the names of the site, with commas between them, for example:\n    ALLOWED_HOSTS=pxp.example.org",
    "SITE_URL": "the address of the site, for the links in mails, for example:\n    SITE_URL=https://pxp.example.org",
    "EMAIL_URL": "the mail server that sends our mails, for example:\n"
    "    EMAIL_URL=smtp+tls://user:password@mail.example.org:587",
    "DEFAULT_FROM_EMAIL": "who our mails come from, for example:\n    DEFAULT_FROM_EMAIL='PxP <hello@pxp.example.org>'",
}
# These commands do not need a site: they build an image or change the code.
NEEDS_NO_SITE = {"collectstatic", "makemigrations", "makemessages", "compilemessages", "help", "version"}
COMMAND = "".join(sys.argv[1:2])
IS_BEFORE_A_SITE = COMMAND in NEEDS_NO_SITE
IS_A_SITE = not DEBUG and not IS_BEFORE_A_SITE

missing = [name for name in HOW_TO_SET if not env.str(name, default="")]
if missing and IS_A_SITE:
    # A sentence, not a traceback: the person who starts the site may not be a developer.
    raise SystemExit(
        "The site cannot start: a setting is missing.\n"
        + "\n".join(f"Set {name} in the environment: {HOW_TO_SET[name]}" for name in missing)
        + "\nTo try the site without any settings: make demo"
    )


PORT = env.int("PORT", default=8000, least=1)
SECRET_KEY = env.str("SECRET_KEY", default="only-for-debugging-on-one-machine")
# Older keys, comma-separated: links in mails and calendars that were made with them still work.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS")
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
refuse(setting_faults.fault_in_site_url(SITE_URL), f"Set SITE_URL to {HOW_TO_SET['SITE_URL']}")
SITE_URL = ascii_url(SITE_URL)
if IS_A_SITE:
    for name, key in [("SECRET_KEY", SECRET_KEY), *(("SECRET_KEY_FALLBACKS", key) for key in SECRET_KEY_FALLBACKS)]:
        refuse(setting_faults.fault_in_key(name, key), f"Set {name} to {HOW_TO_SET['SECRET_KEY']}")
if DEBUG:
    refuse(setting_faults.fault_in_debugging(SITE_URL))
# Also the machine's own names, for health checks; no link is ever built from the Host header.
refuse(
    setting_faults.fault_in_host_names(env.list("ALLOWED_HOSTS")), f"Set ALLOWED_HOSTS to {HOW_TO_SET['ALLOWED_HOSTS']}"
)
ALLOWED_HOSTS = [*map(ascii_domain, env.list("ALLOWED_HOSTS")), "localhost", "127.0.0.1", "[::1]"]

# --- Applications ---------------------------------------------------------------------------------

INSTALLED_APPS = [
    "pxp.dev",  # manage.py demo
    "pxp.operations",  # manage.py backup, restore, doctor; its run_worker comes before registration's
    "registration",
    "conference",
    "crispy_forms",
    "pxp.apps.OrganisersAdminConfig",  # django.contrib.admin with our own AdminSite
    "django.contrib.auth",
    "allauth.account",  # allauth.mfa needs it; we use its login with a second factor, and none of its accounts
    "allauth.mfa",
    "pxp.accounts",  # after auth: it replaces the admin of accounts
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",  # before staticfiles: runserver then serves static files like production
    "django.contrib.staticfiles",
    "django.forms",  # after ours: otherwise our own field templates are ignored
]

# No LocaleMiddleware: it asks cookies and headers, and "Vary: Accept-Language" would spoil every shared cache.
MIDDLEWARE = [
    "conference.site.compression.compress_pages",
    "django.middleware.http.ConditionalGetMiddleware",  # makes all ETags
    "conference.site.blanks.strip_pages",  # sees every final page, before it gets its ETag and is compressed
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "pxp.headers.add_headers",
    "conference.site.languages.activate_language",  # before all that render pages, also error pages
    "pxp.error_pages.ErrorPagesMiddleware",  # its pages get the headers of those above, and need none below
    "pxp.address_repair.repair_addresses",  # after CommonMiddleware, which adds a missing slash
    "pxp.proxies.warn_of_proxies",
    "pxp.accounts.sessions.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "pxp.origin.OriginMiddleware",  # for all forms; public forms have no other protection, and need no cookie
    "django.middleware.csrf.CsrfViewMiddleware",  # also for organisers' pages
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "pxp.accounts.sessions.slide",
    "pxp.accounts.clock.use_own_clock",
    "django.contrib.messages.middleware.MessageMiddleware",
    "pxp.uploads.accept_uploads",
]
if DEBUG:
    # The demo shows our own 404 page, inside the middleware that repairs URLs and adds headers.
    after = MIDDLEWARE.index("pxp.address_repair.repair_addresses") + 1
    MIDDLEWARE.insert(after, "pxp.dev.not_found.show_own_not_found")

ROOT_URLCONF = "pxp.urls"
WSGI_APPLICATION = "pxp.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "pxp.templates.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "builtins": ["conference.templatetags.script_tags"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",  # for the admin; it is lazy
                "django.contrib.messages.context_processors.messages",
                "conference.site.context_processors.edition",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("pxp",)
CRISPY_TEMPLATE_PACK = "pxp"
CRISPY_FAIL_SILENTLY = False

# --- Database -------------------------------------------------------------------------------------

DATABASE_URL = env.str("DATABASE_URL", default="")
if not DATABASE_URL:
    (BASE_DIR / "var").mkdir(exist_ok=True)
    DATABASE_URL = "sqlite:///var/pxp.sqlite3"
if not DATABASE_URL.startswith(("sqlite://", "postgresql://", "postgres://")):
    raise SystemExit(
        "The site cannot start: DATABASE_URL names a database that it does not know.\n"
        "Use sqlite:///var/pxp.sqlite3 or postgresql://user:password@host:5432/name"
    )


def keep_private(database_file):
    """Make an SQLite file readable only by its owner; creates it if its folder exists. Skips files of other owners."""
    if database_file.parent.is_dir():
        with contextlib.suppress(PermissionError, FileNotFoundError):
            database_file.touch(mode=0o600)
            for file in database_file.parent.glob(f"{database_file.name}*"):
                file.chmod(0o600)


try:
    DATABASES = {"default": environ.Env.db_url_config(DATABASE_URL)}
except ValueError:  # without its words: they hold the password
    DATABASES = {"default": {"NAME": ""}}
if DATABASES["default"]["NAME"] in ("", ":memory:"):
    refuse(
        "DATABASE_URL is not understood.",
        "Write sqlite:///var/pxp.sqlite3 or postgresql://user:password@host:5432/name\n"
        "Characters like @, / or : in the password are written as %40, %2F and %3A.",
    )
database = DATABASES["default"]
if database["ENGINE"] == "django.db.backends.sqlite3":
    database["ENGINE"] = "pxp.sqlite3"  # Django's backend, with one writer at a time per process
    database["NAME"] = str(BASE_DIR / database["NAME"])  # a relative path does not depend on the working directory
    # Stock settings lost 90% of 2,000 sign-ups from 8 processes to "database is locked"; these lost none, and
    # synchronous=FULL keeps confirmed writes after a power failure. pxp/checks.py refuses to run without them.
    database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,  # seconds
        # With secure_delete the data of an erased person is overwritten, not just marked as free.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
    }
    database["CONN_MAX_AGE"] = None  # stays open: each new connection runs init_command again
    # It contains personal data, so only its owner can read it; SQLite gives its -wal and -shm files the same mode.
    if not IS_BEFORE_A_SITE:  # an image is built by another user than the one that runs it
        if COMMAND != "restore":  # it makes the folder
            refuse(setting_faults.fault_in_folder(Path(database["NAME"]).parent), "Make it, or mount its disk.")
        keep_private(Path(database["NAME"]))
else:
    # A pool for each process: 32 threads share 12 connections, so many machines fit one server's usual 100.
    pool = {"min_size": 1, "max_size": 12, "timeout": 10}
    # Do not wait long for a database that is away: cached pages need the threads (pxp/operations/pools.py).
    pool |= {"reconnect_timeout": pools.SECONDS_OF_TRIES, "reconnect_failed": pools.give_up}
    database["OPTIONS"] = {"connect_timeout": 5, "pool": pool} | database.get("OPTIONS", {})
    database["CONN_HEALTH_CHECKS"] = True
    # PgBouncer may give each statement another connection, so no cursor may stay open between statements.
    database["DISABLE_SERVER_SIDE_CURSORS"] = True

# --- Backups --------------------------------------------------------------------------------------

# Where `manage.py backup` writes, and where the worker lists who was erased (registration/services/erased_list.py).
BACKUP_DIR = Path(BASE_DIR, env.str("BACKUP_DIR", default="") or "var/backups")
# The key to a backup: a passphrase, or the private half of this age key (age-encryption.org), kept elsewhere.
BACKUP_PASSPHRASE = env.str("BACKUP_PASSPHRASE", default="")
BACKUP_AGE_KEY = env.str("BACKUP_AGE_KEY", default="").strip()
refuse(
    BACKUP_AGE_KEY and setting_faults.fault_in_age_key(BACKUP_AGE_KEY),
    "Make a pair with age-keygen: docs/operations.md",
)

# Organisers are warned when the newest backup is older than this; 0 if backups are made elsewhere.
BACKUP_EVERY_HOURS = env.int("BACKUP_EVERY_HOURS", default=48)

# --- Watching -------------------------------------------------------------------------------------

# The person who runs the site: gets a mail a day while something is wrong (pxp/operations/watch.py).
OPERATOR_EMAIL = env.str("OPERATOR_EMAIL", default="")
refuse(OPERATOR_EMAIL and setting_faults.fault_in_address("OPERATOR_EMAIL", OPERATOR_EMAIL))
OPERATOR_EMAIL = ascii_sender(OPERATOR_EMAIL)
# Clients that send this as `Authorization: Bearer ...` may read /metrics, and the reasons in /readyz. Empty: nobody.
WATCH_TOKEN = env.str("WATCH_TOKEN", default="")
# Where errors are reported, without data about people (pxp/operations/sentry.py). Empty: nowhere.
SENTRY_DSN = env.str("SENTRY_DSN", default="")

# --- Pages that are ready -------------------------------------------------------------------------

# Public pages are cached, compressed, for a minute or until the next published change (conference/site/page_cache.py).
PAGE_CACHE = env.bool("PAGE_CACHE", default=True)
# Browsers store a copy of the program (conference/site/service_worker.js). 0 removes these copies again.
OFFLINE_COPY = env.bool("OFFLINE_COPY", default=True)

# Per-process memory: it only holds what can be computed again, so any number of processes may run.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- Mail -----------------------------------------------------------------------------------------


def mailer_from_url(url):
    """Return the MAILERS entry for an SMTP server's URL: smtp://, smtp+tls:// (STARTTLS) or smtps://, %-encoded."""
    tls = {"smtp": {}, "smtp+tls": {"use_tls": True}, "submission": {"use_tls": True}}
    tls |= {"smtps": {"use_ssl": True}, "smtp+ssl": {"use_ssl": True}}
    try:
        parts = urlsplit(url)
        options = {
            "host": parts.hostname or "",
            "port": parts.port,
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "timeout": int(parse_qs(parts.query).get("timeout", ["20"])[0]),  # seconds
            **tls[parts.scheme],
        }
    except (KeyError, ValueError):
        options = {"host": ""}
    if not options["host"]:
        raise SystemExit(
            f"The site cannot start: EMAIL_URL is not understood.\nSet EMAIL_URL to {HOW_TO_SET['EMAIL_URL']}"
        )
    refuse(setting_faults.fault_in_login(options["username"] + options["password"]))
    return {"BACKEND": "registration.mail.backend.EmailBackend", "OPTIONS": options}


MAILERS = {"default": mailer_from_url(env.str("EMAIL_URL", default="smtp://127.0.0.1:1025"))}
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="PxP <hello@localhost>")
refuse(setting_faults.fault_in_address("DEFAULT_FROM_EMAIL", DEFAULT_FROM_EMAIL))
SERVER_EMAIL = DEFAULT_FROM_EMAIL = ascii_sender(DEFAULT_FROM_EMAIL)
# Our host name in HELO; empty for the host of SITE_URL.
MAIL_HELO_NAME = env.str("MAIL_HELO_NAME", default="")
# The mail provider's limit for all workers together; 0 for none.
MAIL_PER_MINUTE = env.int("MAIL_PER_MINUTE", default=0)
# The mail provider whose signed reports of bounced mails come to /mail-events/, like "postmark"; empty for none. Its
# keys are those of django-anymail with ANYMAIL_ before the name, like ANYMAIL_WEBHOOK_SECRET.
MAIL_PROVIDER = env.str("MAIL_PROVIDER", default="")
ANYMAIL = {name.removeprefix("ANYMAIL_"): value for name, value in os.environ.items() if name.startswith("ANYMAIL_")}
refuse(setting_faults.fault_in_provider(MAIL_PROVIDER, ANYMAIL))
# How long a worker may hold a mail: longer than any SMTP conversation can last.
MAIL_LEASE_SECONDS = env.int("MAIL_LEASE_SECONDS", default=300, least=1)

# The demo's mailbox, a folder: `manage.py demo` sets it. Its page exists only with DEBUG on.
MAILBOX_DIR = env.str("MAILBOX_DIR", default="")

# --- Security -------------------------------------------------------------------------------------

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "form-action": [CSP.SELF],  # the door has its own (registration/views/join.py)
}
X_FRAME_OPTIONS = "DENY"
# Some URLs contain a person's token, so other sites must not get a Referer.
SECURE_REFERRER_POLICY = "same-origin"

# With an https SITE_URL everything uses https; with http (a trial without a proxy) the site works the same without it.
if SITE_URL.startswith("https://"):
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # health checks come from the same machine, over http
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # set by the proxy that terminates TLS
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    # Other host names under the same domain are not ours (include_subdomains, preload).
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    # Browsers accept a cookie with this prefix only from this host, over https (RFC 6265bis 4.1.3.2).
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    CSRF_TRUSTED_ORIGINS = [SITE_URL]

# How many proxies are in front of the site. Each adds its client to X-Forwarded-For; anyone can forge what is before
# that. With 0, limits use the address of the connection.
PROXY_COUNT = env.int("PROXY_COUNT", default=0)

# How much a request may bring: pxp/gate.py. Files are read for organisers alone: pxp/uploads.py.
FILE_UPLOAD_HANDLERS = []
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # the page of a day with all its sessions has over a thousand

CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "pxp.error_pages.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no cookie of its own
# Seconds without use. Only organisers have a session, and what they see is personal (pxp/accounts/sessions.py).
SESSION_COOKIE_AGE = 3 * 60 * 60
SESSION_ENGINE = "pxp.accounts.session_store"

LOGIN_URL, LOGIN_REDIRECT_URL = "account_login", "admin:index"
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60  # seconds that the link in the mail works
# Accounts that can see people need a second factor on a real site, but not in a trial over http, like the demo.
SECOND_FACTOR_IS_NEEDED = SITE_URL.startswith("https://")
ACCOUNT_ADAPTER = "pxp.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # not needed: nobody can register
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False  # pxp/accounts/tries.py counts for all processes together
MFA_ADAPTER = "pxp.accounts.adapter.SecondFactorAdapter"
ACCOUNT_FORMS = {"reauthenticate": "pxp.accounts.login.PasswordAgainForm"}
MFA_FORMS = {"authenticate": "pxp.accounts.login.CodeForm", "reauthenticate": "pxp.accounts.login.CodeAgainForm"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_TOLERANCE = 1  # times 30 seconds: phones' clocks are not exact
MFA_ALLOW_UNVERIFIED_EMAIL = True  # accounts are made by hand
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECOND_FACTOR_IS_NEEDED  # on localhost

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# --- Words and times ------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
# With their own names. A page's URL determines its language (conference/site/languages.py), and its words are in
# locale/. To add one: docs/languages.md
LANGUAGES = [("en", "English"), ("fr", "Français"), ("es", "Español"), ("ar", "العربية")]
ORGANISER_LANGUAGES = ["en", "fr"]  # the languages of the organisers' pages
LOCALE_PATHS = [BASE_DIR / "locale" / "attendees", BASE_DIR / "locale" / "organisers"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Static files ---------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "pxp.static_files.StyleSheetFinder",
    "pxp.static_files.PlainFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STATIC_ROOT = BASE_DIR / ".cache" / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # A hash in each name, so browsers may cache files permanently. With DEBUG, files are read from where they are.
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "pxp.static_files.SmallStaticFilesStorage",
    },
}
WHITENOISE_ROOT = BASE_DIR / "static" / "root"  # files that clients request at the root, such as /favicon.ico
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site needs our files, and each header costs bytes on a slow connection

# --- Logs -----------------------------------------------------------------------------------------

# To the console, for Docker and systemd. The formatter removes people's tokens and addresses. "json" is for programs
# that collect logs.
LOG_FORMAT = env.str("LOG_FORMAT", default="text")
if LOG_FORMAT not in ("text", "json"):
    refuse(f"LOG_FORMAT is {LOG_FORMAT!r}, and must be text or json.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "pxp.logs.make_formatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
    },
}

if SENTRY_DSN and IS_A_SITE:
    from pxp.operations import sentry  # imported only when needed: it is large

    try:
        sentry.start(SENTRY_DSN)
    except ValueError:  # without its words: the address holds a key
        refuse("SENTRY_DSN is not understood.", "Copy it from Sentry: Settings, Projects, Client Keys (DSN).")
