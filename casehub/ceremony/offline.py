"""
Settings of where a State makes its keys: no database, no network, nothing to configure.

It is a machine that never had either; `manage.py ceremony` and `manage.py backup_key` use these by
themselves.
"""

import secrets

SECRET_KEY = secrets.token_urlsafe(48)
INSTALLED_APPS = ["casehub.backups", "casehub.ceremony"]
DATABASES: dict[str, object] = {}
USE_TZ = True
