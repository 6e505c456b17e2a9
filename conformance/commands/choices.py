"""What options of several commands may say."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"


class ManagementAuth(StrEnum):
    NONE = "none"
    BEARER = "bearer"
    ENTRA = "entra"


class Auth(StrEnum):
    NONE = "none"
    SHARED_KEY = "shared-key"
    ENTRA = "entra"


class Clock(StrEnum):
    WORLD = "world"
    REQUESTS = "requests"
