"""Rooms, who is in them, what was said, who did it."""

from django.db import models

APP = "peers_naive"


class Member(models.Model):  # noqa: DJ008 - nobody looks at one
    """Who is in a room."""

    person = models.IntegerField(db_index=True)
    room = models.IntegerField()

    class Meta:
        app_label = APP
        unique_together = [("room", "person")]


class Room(models.Model):  # noqa: DJ008 - as above
    """A room and its newest number."""

    head = models.BigIntegerField(default=0)

    class Meta:
        app_label = APP


class Message(models.Model):  # noqa: DJ008 - as above
    """A message."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE)
    seq = models.BigIntegerField()
    sender = models.IntegerField()
    number = models.BigIntegerField()
    body = models.TextField()

    class Meta:
        app_label = APP
        unique_together = [("room", "seq")]


class Act(models.Model):  # noqa: DJ008 - as above
    """Who did what."""

    actor = models.IntegerField()
    what = models.CharField(max_length=40)
    about = models.CharField(max_length=80)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = APP
