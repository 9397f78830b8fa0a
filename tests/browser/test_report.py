"""The incident report in a real browser: nothing fetched, nothing run, readable by everybody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.bootstrap import EXAMPLES, open_files
from adapters.bootstrap_report import incident_of, page
from adapters.bootstrap_timeline import scope_timeline, sequence
from projections.queries import Only
from tests.browser import chromium
from tests.feeding import Feed, desk, feed

MARKET = "FEDMAR26-BIN-017"
SERIOUS = frozenset({"serious", "critical"})
EVIL = "</td><script>document.title='owned'</script><img src=http://x.invalid onerror=alert(1)>"


@pytest.fixture(scope="module", autouse=True)
def present() -> None:
    """Say loudly what is left out, and leave nothing out where it must run."""
    lack = chromium.lacking()
    if lack is not None and chromium.required():
        pytest.fail(lack)
    if lack is not None:
        pytest.skip(lack)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a market of the examples, its diagram, and one about words that attack."""
    directory: Path = tmp_path_factory.mktemp("report")
    with desk(f"sqlite:///{directory}/log.db") as app:
        app.ingest(open_files([str(path) for path in sorted(EXAMPLES.glob("*.ndjson"))]))
        story = Feed(account=f"me{EVIL}"[:190]).place("X", instrument=EVIL)
        story.report("Rejected", "O1", "X", exec_id="r", reason=EVIL, ord_status="Rejected")
        feed(app, story)
        for name, only in (("market", Only(market=MARKET)), ("evil", Only(market=EVIL))):
            told = scope_timeline(app, f"market {only.market}", only)
            found = incident_of(app, told, "breakwater timeline")
            assert found is not None
            (directory / f"{name}.html").write_text(page(found), encoding="utf-8")
            (directory / f"{name}.svg").write_text(sequence(told), encoding="utf-8")
    return directory


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory, present: None) -> Iterator[chromium.Page]:
    del present
    with chromium.browser(tmp_path_factory.mktemp("chromium")) as page:
        yield page


def findings(shown: chromium.Page) -> list[dict[str, Any]]:
    """What axe-core finds that keeps somebody out."""
    shown.run(chromium.AXE.read_text(encoding="utf-8"))
    told = shown.run("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations)")
    return [
        {"id": found["id"], "where": [node["target"] for node in found["nodes"][:3]]}
        for found in told
        if found["impact"] in SERIOUS
    ]


def test_the_gate_sees(tmp_path: Path, shown: chromium.Page) -> None:
    bad = '<!doctype html><html><title>x</title><p style="color:#ccc;background:#fff">faint</p>'
    (tmp_path / "bad.html").write_text(bad)
    shown.media("screen", "light")
    shown.show(tmp_path / "bad.html", 1400, 900)
    assert {found["id"] for found in findings(shown)} == {"color-contrast", "html-has-lang"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 390])
def test_nobody_is_kept_out(place: Path, shown: chromium.Page, width: int, scheme: str) -> None:
    shown.media("screen", scheme)
    shown.show(place / "market.html", width, 900)
    assert findings(shown) == []


def test_the_page_asks_for_nothing_but_itself(place: Path, shown: chromium.Page) -> None:
    shown.asked_for.clear()
    shown.show(place / "market.html", 1400, 900)
    assert shown.asked_for == [(place / "market.html").as_uri()]


def test_its_policy_lets_in_its_own_style(place: Path, shown: chromium.Page) -> None:
    shown.media("screen", "light")
    shown.show(place / "market.html", 1400, 900)
    assert shown.run("getComputedStyle(document.querySelector('.card')).borderRadius") == "8px"
    assert shown.run("document.scripts.length") == 0


@pytest.mark.parametrize("name", ["evil.html", "evil.svg"])
def test_words_that_attack_are_words(place: Path, shown: chromium.Page, name: str) -> None:
    shown.asked_for.clear()
    shown.show(place / name, 1400, 900)
    assert shown.asked_for == [(place / name).as_uri()]
    assert shown.run("document.title") != "owned"
    assert shown.run("document.querySelectorAll('script, img').length") == 0
    assert "alert(1)" in shown.run("document.documentElement.textContent")


@pytest.mark.parametrize("width", [1400, 390])
def test_only_pictures_and_tables_are_scrolled_sideways(
    place: Path, shown: chromium.Page, width: int
) -> None:
    shown.media("screen", "light")
    shown.show(place / "market.html", width, 900)
    assert shown.run("document.documentElement.scrollWidth") <= width


def test_no_word_of_a_diagram_leaves_it_or_stands_on_another(
    place: Path, shown: chromium.Page
) -> None:
    shown.show(place / "market.svg", 1300, 900)
    overlaps = shown.run(
        """(() => {
          const boxes = [...document.querySelectorAll('text')].filter(t => t.textContent)
            .map(t => [t.textContent, t.getBBox()]);
          const found = [];
          for (const [words, box] of boxes) {
            if (box.x < 0 || box.x + box.width > 1300) found.push(['outside', words]);
          }
          boxes.sort((a, b) => a[1].y - b[1].y);
          for (let i = 0; i < boxes.length; i++) {
            for (let j = i + 1; j < boxes.length && boxes[j][1].y < boxes[i][1].y + 40; j++) {
              const [a, b] = [boxes[i][1], boxes[j][1]];
              const w = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
              const h = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
              if (w > 1 && h > 4) found.push([boxes[i][0], boxes[j][0]]);
            }
          }
          return found;
        })()"""
    )
    assert overlaps == []
