"""The socket."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.db import transaction

from .models import Act, Member, Message, Room


class Consumer(AsyncJsonWebsocketConsumer):
    """One person."""

    async def connect(self) -> None:
        """Join a group for each room."""
        self.person = int(parse_qs(self.scope["query_string"].decode())["p"][0])
        self.rooms = await self.mine()
        for room in self.rooms:
            await self.channel_layer.group_add(f"room.{room}", self.channel_name)
        await self.accept()
        await self.send_json({"type": "hello"})

    async def disconnect(self, code: int) -> None:
        """Leave them."""
        del code
        for room in self.rooms:
            await self.channel_layer.group_discard(f"room.{room}", self.channel_name)

    async def receive_json(self, content: Any, **_: Any) -> None:
        """Store a message and tell everybody, or answer with history."""
        if content["type"] == "read":
            await self.send_json({"type": "history", "entries": await self.history(content)})
            return
        seq = await self.store(content["room"], content["id"], content["body"])
        event = {"type": "message", "id": content["id"], "seq": seq, "body": content["body"]}
        event |= {"room": content["room"], "from": self.person}
        await self.channel_layer.group_send(f"room.{content['room']}", event)
        await self.send_json({"type": "accepted", "id": content["id"], "seq": seq})

    async def message(self, event: dict[str, Any]) -> None:
        """Pass on what came through the layer."""
        await self.send_json(event)

    @database_sync_to_async
    def mine(self) -> list[int]:
        """Return the person's rooms."""
        return list(Member.objects.filter(person=self.person).values_list("room", flat=True))

    @database_sync_to_async
    def store(self, room: int, number: int, body: str) -> int:
        """Store one message and say who did it, in one transaction."""
        with transaction.atomic():
            Member.objects.get(room=room, person=self.person)
            held = Room.objects.select_for_update().get(id=room)
            held.head += 1
            held.save(update_fields=["head"])
            Message.objects.create(
                room=held, seq=held.head, sender=self.person, number=number, body=body
            )
            Act.objects.create(actor=self.person, what="message.sent", about=f"{room}/{number}")
        return held.head

    @database_sync_to_async
    def history(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the newest messages."""
        Member.objects.get(room=asked["room"], person=self.person)
        after = Room.objects.get(id=asked["room"]).head - asked["limit"]
        rows = Message.objects.filter(room=asked["room"], seq__gt=after).order_by("seq")
        return [
            {"seq": r.seq, "id": r.number, "from": r.sender, "body": r.body}
            for r in rows[: asked["limit"]]
        ]
