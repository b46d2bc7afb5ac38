"""Settings, by environment; `variables` has the table. A wrong value refuses to start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import environ

from casehub import buckets, startup
from casehub.core import connections
from casehub.variables import text, value

BASE_DIR = Path(__file__).resolve().parent.parent
DEMO: bool = value("CASEHUB_DEMO")
DEBUG: bool = value("CASEHUB_DEBUG")
DATA_DIR = Path(text("CASEHUB_DATA", BASE_DIR / "var")).resolve()
PORT: int = value("PORT")
PROCESSES: int = value("CASEHUB_PROCESSES")
REDIS_URL = text("REDIS_URL")
# Where figures are told, as HOST:PORT on a network of our own; empty: nowhere.
METRICS = text("CASEHUB_METRICS")
# Which collector is told spans, and of how many traces in a hundred; empty: none.
TRACES = text("CASEHUB_TRACES")
TRACES_SHARE: int = value("CASEHUB_TRACES_SHARE")
OPERATOR = text("CASEHUB_OPERATOR")

# Exact origins, scheme and port included: a host name alone would let in another port.
ORIGINS: list[str] = value("CASEHUB_ORIGINS") or startup.local_origins(PORT)
SECRET_KEY = text("CASEHUB_SECRET_KEY") or startup.demo_secret(DATA_DIR, demo=DEMO)
SECRET_KEY_FALLBACKS: list[str] = value("CASEHUB_SECRET_KEY_FALLBACKS") or []
startup.refuse_unsafe(
    demo=DEMO,
    debug=DEBUG,
    secret_key=SECRET_KEY,
    origins=ORIGINS,
    processes=PROCESSES,
    redis_url=REDIS_URL,
)
SECURE = all(origin.startswith("https://") for origin in ORIGINS)
ALLOWED_HOSTS = sorted({startup.host_of(origin) for origin in ORIGINS})
CSRF_TRUSTED_ORIGINS = ORIGINS

INSTALLED_APPS = [
    "daphne",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
    "channels",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django_otp_webauthn",
    "axes",
    "audit",
    "casehub.core",
    "casehub.calendars",
    "casehub.accounts",
    "casehub.directory",
    "casehub.cases",
    "casehub.designations",
    "casehub.notes",
    "messaging",
    "requests_mla",
    "casehub.custody",
    "casehub.oversight",
    "casehub.deadlines",
    "casehub.digests",
    "casehub.indicators",
    "casehub.papers",
    "casehub.backups",
    "casehub.demo",
    "casehub.edge",
    "casehub.reference",
]
MIDDLEWARE = [
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "casehub.core.http.files_alone",
    "casehub.core.http.counted",
    "casehub.accounts.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "casehub.accounts.middleware.ActorMiddleware",
    "axes.middleware.AxesMiddleware",
    "casehub.core.http.promising",
]
ROOT_URLCONF = "casehub.urls"
ASGI_APPLICATION = "casehub.asgi.application"
TEMPLATES: list[dict[str, object]] = []
APPEND_SLASH = False

DATABASES = {
    "default": environ.Env.db_url_config(
        text("DATABASE_URL", f"sqlite:///{DATA_DIR / 'casehub.sqlite3'}")
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "factory": startup.PrivateFile,
        # FULL: what was acknowledged survives a power cut. recursive_triggers: without it INSERT
        # OR REPLACE would delete a log row past its trigger. secure_delete: what was deleted is
        # overwritten in the file, and not only forgotten.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        " PRAGMA recursive_triggers=ON; PRAGMA secure_delete=ON;",
    }
    # A connection is a thread's, which is used again: a new one reads all tables' definitions anew.
    DATABASES["default"]["CONN_MAX_AGE"] = None
else:
    DATABASES["default"]["OPTIONS"] = connections.options(DATABASES["default"].get("OPTIONS", {}))

CHANNEL_LAYERS: dict[str, dict[str, object]] = {
    "default": {
        "BACKEND": "casehub.core.layer.OverRedis",
        "CONFIG": {"url": REDIS_URL, "prefix": "casehub"},
    }
    if REDIS_URL
    else {
        "BACKEND": "channels.layers.InMemoryChannelLayer",
        "CONFIG": {"capacity": 10_000, "group_expiry": 10 * 365 * 86400},
    }
}

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
# The eleven States' root keys: a file beside the code, never a row in the database.
DEMO_ROOTS = BASE_DIR / "frontend" / "demo-roots.json"
ROOTS_FILE = Path(text("CASEHUB_ROOTS", DEMO_ROOTS if DEMO else ""))
CASEHUB_ROOTS: dict[str, str] = startup.read_roots(ROOTS_FILE)
startup.refuse_demo_roots(CASEHUB_ROOTS, startup.demo_roots(DEMO_ROOTS), demo=DEMO)
# The log: its name in the world, what seals its events, what signs it, and the memory of what was
# signed, which has to outlive every restored database.
LOG_HOST = text("CASEHUB_LOG_HOST", startup.host_of(ORIGINS[0]))
EVENTS_SECRET = startup.read_events_key(
    text("CASEHUB_EVENTS_KEY") or startup.demo_events_key(DATA_DIR, demo=DEMO)
)
SIGNING = Path(text("CASEHUB_SIGNING", DATA_DIR / "log-keys"))
# The key of promises, which every web process holds: whoever steals it can promise, never sign.
PROMISES = Path(text("CASEHUB_PROMISES", SIGNING))
#  Returns the statements that events of the directory's log name, for its exports.
NAMED_IN_THE_DIRECTORY = "casehub.directory.queries.named_statements"
ANCHOR = Path(text("CASEHUB_ANCHOR", DATA_DIR / "anchor"))
# So many events may wait for their places in the log; then acts that change something are refused.
LOG_QUEUE: int = value("CASEHUB_LOG_QUEUE")
# Whose cosignatures the log needs before others may rely on it: a C2SP tlog-policy file, or "none".
# The demo runs three witnesses by itself.
_WITNESSES = text("CASEHUB_WITNESSES")
CASEHUB_COMPANIONS = "casehub.demo.witnesses.start" if DEMO and not _WITNESSES else ""
WITNESSES: Path | None = Path(_WITNESSES or DATA_DIR / "witnesses" / "policy")
if _WITNESSES == "none" or not (_WITNESSES or DEMO):
    WITNESSES = None
CASEHUB_ACTOR_PROVIDER = "casehub.directory.queries.actor_behind"
CASEHUB_NOBODY_PROVIDER = "casehub.directory.queries.why_nobody"
CASEHUB_CARD_PROVIDER = "casehub.directory.queries.card_of"
CASEHUB_AWAITS_ROOT = "casehub.designations.queries.enrolling.awaits_root"
CASEHUB_UNCONFIRMED = "casehub.designations.queries.standing.unconfirmed"
CASEHUB_CUT_OFFS = [
    "messaging.services.stopping.cut_off",
    "requests_mla.services.stopping.cut_off",
]
ERASING: bool = value("CASEHUB_ERASING")  # off after a restore: docs/operations.md
CASEHUB_ERASERS = [
    "messaging.services.erasing.erase",
    "requests_mla.services.erasing.erase",
    "casehub.custody.services.erasing.erase",
]
#  Of what a case is not closed before, by the numbers that its people know it by: of each case.
CASEHUB_UNDER_WAY = ["requests_mla.queries.closing.under_way"]
#  Until which days what was placed in cases has to be kept: of each case, by State.
CASEHUB_KEEPERS = ["requests_mla.queries.closing.kept_until"]
CASEHUB_INSTRUMENTS_PROVIDER = "requests_mla.screening.instruments"
CASEHUB_FAREWELL = "casehub.cases.circles.tell_of_leaving"
CASEHUB_PROXIES: int = value("CASEHUB_PROXIES")

# Encrypted files, in pieces: where every process of the web finds them. In a store, if it is named.
ATTACHMENTS = Path(text("CASEHUB_ATTACHMENTS", DATA_DIR / "attachments"))
OBJECTS: buckets.Bucket | None = value("CASEHUB_OBJECTS")
STORAGES: dict[str, dict[str, Any]] = {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "attachments": {
        "BACKEND": "casehub.core.piecestore.DurableFiles",
        "OPTIONS": {"location": str(ATTACHMENTS), "file_permissions_mode": 0o600},
    }
    if OBJECTS is None
    else buckets.storage(
        OBJECTS, key=text("CASEHUB_OBJECTS_KEY"), secret=text("CASEHUB_OBJECTS_SECRET")
    ),
}

# The daily e-mail of counts: by a mail server, or the demo's into a folder; without either, none.
MAIL_HOST = "" if DEMO else text("CASEHUB_MAIL_HOST")
MAIL_TLS = text("CASEHUB_MAIL_TLS")
MAIL_NAME: str = startup.host_of(ORIGINS[0])
MAIL_FROM = text("CASEHUB_MAIL_FROM", f"CaseHub <casehub@{MAIL_NAME}>")
MAIL_ABLE = DEMO or bool(MAIL_HOST)
EMAIL_BACKEND = "casehub.digests.mailing." + ("Relay" if MAIL_HOST else "Kept")
EMAIL_HOST = MAIL_HOST
EMAIL_PORT: int = value("CASEHUB_MAIL_PORT") or (465 if MAIL_TLS == "tls" else 587)
EMAIL_HOST_USER = text("CASEHUB_MAIL_USER")
EMAIL_HOST_PASSWORD = text("CASEHUB_MAIL_PASSWORD")
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL_TLS == "starttls", MAIL_TLS == "tls"
EMAIL_TIMEOUT = 10  # seconds, of each step
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
# The demo says where its e-mails lie.
MAIL_FOLDER_SAID: str = startup.said_path(Path(EMAIL_FILE_PATH), BASE_DIR) if DEMO else ""

IDLE_SECONDS = 15 * 60
ABSOLUTE_SECONDS = 12 * 3600
STEP_UP_SECONDS = 5 * 60
TOTP_OFFER_SECONDS = 10 * 60
TICKET_SECONDS = 30
# Of whoever's key is vouched for the first time; the demo offers the second and asks for none.
PASSKEYS_NEEDED = 1 if DEMO else 2
SESSION_ENGINE = "casehub.accounts.sessions"
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
SESSION_COOKIE_NAME = "__Host-casehub" if SECURE else "casehub"
SESSION_COOKIE_AGE = ABSOLUTE_SECONDS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "__Host-csrftoken" if SECURE else "csrftoken"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "casehub.urls.csrf_failure"

# Lockout: by account and network together, so that guessing from one network locks that
# network out of that account, and never the person's own passkey.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "casehub.accounts.network.network_of"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_FORM_FIELD = "username"
AXES_LOCKOUT_CALLABLE = None

OTP_TOTP_ISSUER = "CaseHub"
OTP_TOTP_THROTTLE_FACTOR = 1
OTP_STATIC_THROTTLE_FACTOR = 1
OTP_WEBAUTHN_RP_NAME = "CaseHub"
OTP_WEBAUTHN_RP_ID = startup.host_of(ORIGINS[0])
# A passkey belongs to a name, never to a bare address: 127.0.0.1 signs in with a code.
OTP_WEBAUTHN_ALLOWED_ORIGINS = [o for o in ORIGINS if startup.host_of(o) == OTP_WEBAUTHN_RP_ID]
OTP_WEBAUTHN_ALLOW_PASSWORDLESS_LOGIN = True
OTP_WEBAUTHN_TIMEOUT_SECONDS = 300

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 50
BODY_LIMIT = 64 * 1024  # bytes; the doors that need more say so in casehub.edge.limits
FRAME_LIMIT = 64 * 1024

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "es"
USE_I18N = False
FRONTEND_DIST = Path(text("CASEHUB_FRONTEND", BASE_DIR / "frontend" / "dist"))
STATIC_URL = "/static/"
STATICFILES_DIRS = [("app", str(FRONTEND_DIST))] if FRONTEND_DIST.is_dir() else []
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LOGS = text("CASEHUB_LOGS", "lines" if DEMO else "json")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "lines": {
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
            # Of the demo's fictional people a failure may say everything.
            "class": "logging.Formatter" if DEMO else "casehub.edge.logs.Withholding",
        },
        "json": {"()": "casehub.edge.logs.AsJson"},
    },
    "filters": {"without-path": {"()": "casehub.edge.logs.WithoutPath"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOGS}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # django.request would log the path of every 4xx, and with it ids of foreign cases.
    "loggers": {
        "django.request": {"level": "ERROR", "filters": ["without-path"]},
        # These would log the path of every forged POST, and what stood in a wrong Host header.
        "django.security": {"level": "CRITICAL"},
        "django.security.csrf": {"level": "CRITICAL"},
        "axes": {"level": "CRITICAL"},
        # Of an object store: hosts, names of pieces, and what it says itself.
        **{one: {"level": "CRITICAL"} for one in ("boto3", "botocore", "s3transfer", "urllib3")},
        "casehub": {"level": "INFO"},
    },
}
# Of SecurityMiddleware and XFrameOptionsMiddleware: casehub.edge.headers does what they do, for
# sockets and the server's own refusals too; the edge leads to TLS whoever comes without.
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W001", "security.W002"]
