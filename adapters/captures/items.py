"""What reading a recording gives: messages, and pieces that had to be set aside."""

from __future__ import annotations

from domain.wire import Item, Read, SetAside

__all__ = ["Item", "Read", "SetAside"]
