"""Where leases meet the database."""

from __future__ import annotations

from adapters.bootstrap import App
from adapters.leases.keeping import Kept, keeping
from adapters.leases.store import Lease, LeaseLost, Leases, Standing, guard, new_holder

__all__ = ["Kept", "Lease", "LeaseLost", "Leases", "Standing", "guard", "keeping", "leases_of"]
__all__ += ["new_holder"]


def leases_of(app: App) -> Leases:
    """The leases of the app's database."""
    return Leases(app.reading, app.writing)
