"""How a scenario is named, and what it may say when it does not apply."""

from __future__ import annotations

from collections.abc import Callable

from adapters.venuekit.bench import Bench

Scenario = Callable[[Bench], None]


class DoesNotApply(Exception):
    """The venue has no such thing (no feed, no socket): the text says what."""


class Scenarios(dict[str, Scenario]):
    """The scenarios of one module, by name."""

    def called(
        self, name: str, *given: object
    ) -> Callable[[Callable[..., None]], Callable[..., None]]:
        """Keep a scenario under a name; `given` is what it is told beside the bench."""

        def kept(scenario: Callable[..., None]) -> Callable[..., None]:
            assert name not in self, f"two scenarios are called {name!r}"

            def ran(bench: Bench) -> None:
                scenario(bench, *given)

            ran.__doc__ = scenario.__doc__
            self[name] = ran
            return scenario

        return kept
