#!/usr/bin/env python3
"""Run one of the project's commands: `python manage.py help` lists them."""

import os
import sys

if __name__ == "__main__":
    # A ministry's machine, on which keys are made, has no database and nothing to configure.
    offline = sys.argv[1:2] in (["ceremony"], ["backup_key"])
    settings = "casehub.ceremony.offline" if offline else "casehub.settings"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings)
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as reason:
        # What speaks against starting is for a person to read, without forty lines of frames.
        sys.exit(str(reason))
