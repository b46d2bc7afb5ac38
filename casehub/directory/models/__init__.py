"""States, offices, people, their signed statements and devices; what is told and shown of them."""

from .contacts import Change, Competence, Contact, ContactOpening, Hours
from .notices import Notice, NoticeAnswer, NoticesAnswer
from .people import Device, DeviceRequest, Office, Person, SignedStatement, State
from .stops import Stop

__all__ = [
    "Change",
    "Competence",
    "Contact",
    "ContactOpening",
    "Device",
    "DeviceRequest",
    "Hours",
    "Notice",
    "NoticeAnswer",
    "NoticesAnswer",
    "Office",
    "Person",
    "SignedStatement",
    "State",
    "Stop",
]
