"""Every door has a row in roles.yaml, and every row a door."""

from __future__ import annotations

import re
import sys
from typing import get_args

from django.apps import apps
from django.urls import get_resolver

from audit.events import type_registry
from casehub.core import roles
from casehub.urls import api, probes
from messaging import schemas
from messaging.consumers import SIGNALS

TABLE = roles.table()
HTTP = {act: row for act, row in TABLE.items() if not row.door.startswith("SOCKET")}


def doors() -> dict[str, str]:
    """Return every HTTP operation there is, as `METHOD /api/path/{id}` -> act."""
    found = {}
    places = [("/api", *one) for one in api._routers] + [("", *one) for one in probes._routers]
    for mounted, prefix, router in places:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                where = re.sub(r"\{(?:\w+:)?(\w+)\}", r"{\1}", f"{mounted}{prefix}{path}")
                for method in operation.methods:
                    (auth,) = operation.auth_callbacks
                    found[f"{method} {where}"] = auth.act
    return found


class TestTheAddresses:
    def test_have_no_admin_of_the_framework_s_in_production_or_the_demo(self):
        assert not apps.is_installed("django.contrib.admin")
        resolver = get_resolver()
        assert "admin" not in {*resolver.namespace_dict, *resolver.app_dict}
        assert not [one for one in sys.modules if one.startswith("django.contrib.admin.sites")]

    def test_lead_to_our_own_views_alone(self):
        views = {getattr(one, "func", one).__module__ for one in callbacks(get_resolver())}
        assert {name.split(".")[0] for name in views} <= {"casehub", "messaging", "ninja"}


def callbacks(resolver):
    """Return what every address leads to, however deep."""
    for one in resolver.url_patterns:
        if hasattr(one, "url_patterns"):
            yield from callbacks(one)
        else:
            yield one.callback


class TestEveryDoor:
    def test_has_exactly_one_row_and_every_row_has_a_door(self):
        assert doors() == {row.door: act for act, row in HTTP.items()}

    def test_every_socket_frame_has_a_row(self):
        frames = {get_args(c.model_fields["type"].annotation)[0] for c in get_args(schemas.Command)}
        rows = {row.door for row in TABLE.values() if row.door.startswith("SOCKET")}
        assert rows == {f"SOCKET {frame}" for frame in frames}
        assert set(SIGNALS) == frames - {"post"}
        for frame, act in SIGNALS.items():
            assert TABLE[act].door == f"SOCKET {frame}"

    def test_every_act_that_leaves_an_event_names_a_known_kind(self):
        kinds = {row.event for row in TABLE.values() if row.event}
        assert kinds <= set(type_registry)
