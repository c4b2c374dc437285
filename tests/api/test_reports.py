"""Reports through the API: submitted, acknowledged, read back."""

from __future__ import annotations
