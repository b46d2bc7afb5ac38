"""The tests' settings, with what the log is compared to, and one connection a writer."""

from tests.settings import *  # noqa: F403 - all of them
from tests.settings import DATABASES, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "auditlog"]
DATABASES["default"]["OPTIONS"].pop("pool", None)
