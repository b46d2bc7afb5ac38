"""Sets Django up for this one application, makes its rooms, and serves."""

from __future__ import annotations

import os
import sys

import django
import environ
from django.conf import settings

HOST = "127.0.0.1"


def configure() -> None:
    """Set Django up; nothing of the product is loaded."""
    database = environ.Env.db_url_config(os.environ["DATABASE_URL"])
    database["CONN_MAX_AGE"] = None
    layer = {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": [os.environ["REDIS_URL"]], "capacity": 10_000},
    }
    settings.configure(
        INSTALLED_APPS=["channels"],
        DATABASES={"default": database},
        CHANNEL_LAYERS={"default": layer},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()


def main(port: int, rooms: list[int]) -> None:
    """Make the tables and rooms of so many people each, and serve."""
    from daphne.server import Server  # noqa: PLC0415 - Django is set up only now
    from django.db import connection  # noqa: PLC0415

    from .consumer import Consumer  # noqa: PLC0415
    from .models import Act, Member, Message, Room  # noqa: PLC0415

    with connection.schema_editor() as editor:
        for model in (Member, Room, Message, Act):
            editor.create_model(model)
    person = 0
    for number, size in enumerate(rooms):
        Room.objects.create(id=number)
        people = range(person, person + size)
        Member.objects.bulk_create(Member(room=number, person=one) for one in people)
        person += size
    print("ready", flush=True)
    endpoint = f"tcp:{port}:interface={HOST}:backlog=512"
    Server(Consumer.as_asgi(), endpoints=[endpoint]).run()


if __name__ == "__main__":
    configure()
    main(int(sys.argv[1]), [int(size) for size in sys.argv[2:]])
