"""Ids and names of pools that should be refused and are not, or the other way round; limits that are off by one."""

from __future__ import annotations

from conformance.defects.leniency import has_member, refuses
from conformance.defects.model import Defect
from conformance.defects.poolparts import made_up
from conformance.defects.tolerance import takes

_NEW = "POST /pools"
_LONGEST = 64


def _allowed(name: str) -> bool:
    return all(letter.isascii() and (letter.isalnum() or letter in "-_") for letter in name)


DEFECTS = (
    Defect(
        "pool-id-any-characters",
        "The id of a pool may have any characters.",
        "limits",
        ("pools.add.id-charset-refused",),
        "A pattern that is only in the description.",
        takes(_NEW, "id", lambda name: not _allowed(name), lambda name: "".join(filter(_allowed, name)) + "-x"),
        consequences=("protocol.errors.outside-limits",),
    ),
    Defect(
        "pool-id-empty",
        "A pool may have an empty id.",
        "limits",
        ("pools.add.id-empty-refused",),
        "Required is taken for present.",
        takes(_NEW, "id", lambda name: name == "", lambda name: "nameless"),
        consequences=("protocol.errors.outside-limits",),
    ),
    Defect(
        "pool-id-invented",
        "A pool without id gets one.",
        "limits",
        ("pools.add.id-required",),
        "A database gives every row a key.",
        made_up(_NEW, "id", "pool-1"),
        consequences=("protocol.errors.missing-property",),
    ),
    Defect(
        "pool-id-63",
        "A pool id may have no more than 63 characters.",
        "limits",
        ("pools.add.id-64-accepted",),
        "Off by one, on the other side; 63 is the limit of names in a DNS.",
        refuses(_NEW, has_member("id", lambda name: len(name) == _LONGEST)),
    ),
    Defect(
        "pool-id-without-underscore",
        "A pool id may not have an underscore.",
        "limits",
        ("pools.add.id-charset-accepted",),
        "The pattern of names in a DNS.",
        refuses(_NEW, has_member("id", lambda name: "_" in name)),
    ),
)
