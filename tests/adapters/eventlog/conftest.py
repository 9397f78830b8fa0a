"""What the log's tests share."""

from __future__ import annotations

import sys

from eventsourcing import cryptography

# The library's test cases import its pycryptodome cipher. Its `cryptography` one has the same
# interface, is seventeen times faster, and is the one that `breakwater[encryption]` brings.
sys.modules.setdefault("eventsourcing.cipher", cryptography)
