"""
Settings of the ceremony: no database, no network, nothing to configure.

It runs on a machine that never had either; `manage.py ceremony` uses these by itself.
"""

import secrets

SECRET_KEY = secrets.token_urlsafe(48)
INSTALLED_APPS = ["casehub.ceremony"]
DATABASES: dict[str, object] = {}
USE_TZ = True
