"""Version 1 of the views for SQL users, column by column (migration 0014 makes them)."""

from __future__ import annotations

from collections.abc import Mapping

from projections.reporting import View, columns

ORDERS = View(
    name="rpt_orders_v1",
    version=1,
    meaning="One row per order as it stands. "
    "Always size = matched + remaining + cancelled + lapsed + voided.",
    key=("order_key",),
    follows=("orders",),
    columns=columns("""
order_key            text    The order's stable id; every other view leads here by it.
venue                text    Which venue.
account              text    Whose order, at that venue.
venue_order_id       text    The venue's id, as soon as it is known.
client_order_id      text    The reference that we sent.
user_ref             text    What a user called it.
market               text    Market, instrument or game.
selection            text    What is bet on within the market.
side                 text    BUY (back) or SELL (lay).
price                exact   The limit, in the venue's own format.
price_format         text    decimal, american, probability or plain.
currency             text    What its amounts are in, where the venue says so.
size                 exact   The whole order.
matched              exact   Of it, what was matched.
remaining            exact   Of it, what is still on the book.
cancelled            exact   Of it, what a cancel took off the book.
lapsed               exact   Of it, what a market event or the end of its time took off.
voided               exact   Of it, what was voided or taken back for good.
status               text    FIX OrdStatus in words: NEW, PARTIALLY_FILLED, FILLED, CANCELLED, …
cancel_pending       truth   A cancel of ours is on its way and not answered.
replace_pending      truth   A change of ours is on its way and not answered.
closed_by            text    What took it off the book, once it is off.
certain              truth   False while the outcome of something that we sent is unknown.
remaining_min        exact   What is live at least.
remaining_max        exact   What may be live at most.
uncertain_because    text    Why it is not certain, in words; null when it is.
placed_at            moment  When it was placed, as far as anyone told.
first_seen_at        moment  When this side first sent or saw anything of it.
updated_at           moment  When this side last sent or saw anything of it.
last_position        whole   The log position of its last event.
day                  day     The UTC day of placed_at; where nobody told it, of first_seen_at.
"""),
)

FILLS = View(
    name="rpt_fills_v1",
    version=1,
    meaning="One row per match as it stands, voided and replaced ones too. The sizes of an order's "
    "rows sum to what it has matched (more where it was matched beyond its own size).",
    key=("order_key", "fill_id"),
    follows=("fills", "orders"),
    columns=columns("""
order_key            text    The order that was matched.
fill_id              text    The venue's id of the match; of an inferred one, what implies it.
venue                text    Which venue.
account              text    Whose order, at that venue.
venue_order_id       text    The order's id at the venue.
client_order_id      text    The order's reference of ours.
user_ref             text    What a user called the order.
market               text    Market, instrument or game.
selection            text    What is bet on within the market.
side                 text    BUY (back) or SELL (lay).
currency             text    What size is in, where the venue says so.
source               text    recorded: the venue told it. inferred: only a total implies it.
state                text    standing, provisional, voided, settled, replaced (by a record).
size                 exact   What stands of it, after corrections and voids; 0 when nothing does.
price                exact   Its price after corrections, in the venue's format.
price_format         text    decimal, american, probability or plain.
turnover             exact   size × price; null without a price and for American odds.
told_size            exact   Its size as first told.
told_price           exact   Its price as first told.
voided               exact   What was taken back of it.
returned             truth   What was taken back went back on the book.
corrected_by         text    The id of the correction that counts, when it was corrected.
fee                  exact   What the venue charged for the match.
against_order_key    text    The order of ours on the other side, when it was one of ours.
settled              truth   The match, or its order as a whole, was settled.
result               text    won, lost, half_won, half_lost, push, void or cashed_out.
raw_result           text    The venue's own word for it.
profit               exact   What this match won or lost, where the venue tells that.
payout               exact   What came back of it, stake included, where the venue tells that.
settlement_fee       exact   What the venue charged on settling it.
settlement_currency  text    What profit, payout and settlement_fee are in.
settled_at           moment  When the venue settled it.
occurred_at          moment  When it matched, by the venue's clock, where the venue says.
observed_at          moment  When this side saw it.
position             whole   The log position of the event that told of it first.
last_position        whole   The log position of the last event that changed it.
day                  day     The UTC day of occurred_at, else of observed_at.
"""),
)

CANCELS = View(
    name="rpt_cancels_v1",
    version=1,
    meaning="One row per cancel request and order (or id) in it; a request that names no order has "
    "one row without an outcome.",
    key=("cancel_id", "order_key", "asked", "venue_order_id", "entry"),
    follows=("cancels",),
    columns=columns("""
cancel_id            text    The request's stable id.
venue                text    Which venue.
account              text    Whose orders, at that venue.
requested_by         text    Who asked.
why                  text    Why.
scope                text    What was asked for, as JSON: kind and values, or a list of them.
requested_at         moment  When the request was sent.
answered_at          moment  When its answer came.
latency_ms           whole   The time between, in milliseconds.
status               text    open, answered, unknown, not_sent or refused: the whole request.
request_reason       text    Why the whole request was refused.
request_raw_reason   text    The venue's own words for that.
entry                whole   The place in the answer; null where only the order's history tells.
asked                text    The id or reference as asked.
order_key            text    The order; null where the id leads to none that is known.
venue_order_id       text    The order's id at the venue.
outcome              text    cancelled, rejected, unknown, not_mentioned or unrequested.
reason               text    Why this order was not cancelled, of our closed set of reasons.
raw_reason           text    The venue's own words for that.
cancelled            exact   What the cancel took off the book.
matched_before       exact   What had matched before the request was sent.
matched_in_flight    exact   What matched between request and answer.
matched_after        exact   What matched after the answer.
took_off_at          moment  When the order was taken off the book.
last_position        whole   The log position of the request's own last event.
day                  day     The UTC day of requested_at, else of the answer.
"""),
)

BREAKS = View(
    name="rpt_breaks_v1",
    version=1,
    meaning="One row per flag that has shown itself, open and closed, judged as of the newest time "
    "that the log has seen; with what the desk decided.",
    key=("break_id",),
    follows=("breaks", "desk"),
    columns=columns("""
break_id             text    The flag's stable id.
code                 text    Its code, such as CXL-02.
name                 text    What the code means, in a few words.
severity             text    How bad, by the catalogue; settings raise it in the program alone.
kind                 text    break: somebody must work it. note: it annotates.
order_key            text    The order that it is about, if it is about one.
venue                text    Which venue.
account              text    Whose.
opened_at            moment  Since when.
closed_at            moment  When the evidence closed it; null while it stands.
status               text    open, acknowledged, awaiting_approval, accepted, force_closed, …
owner                text    Who works it.
decided_by           text    Who made the decision that status tells.
decided_at           moment  When.
reason               text    Why.
approved_by          text    Who approved it, where two were needed.
comments             whole   How many comments the desk made.
worked_at            moment  When the desk last did anything about it.
ours                 text    What our books say.
theirs               text    What the venue says.
difference           text    What lies between, as an exact number where it is one.
exposed              exact   What may have been live at worst when it opened.
witness              text    The log positions that prove it, as JSON.
clears_when          text    What closes it.
note                 text    What is special about this one.
rule_version         whole   The version of the rules that found it.
last_position        whole   The last log position that proves it or that the desk added.
day                  day     The UTC day of opened_at.
"""),
)

DAILY = View(
    name="rpt_daily_v1",
    version=1,
    meaning="One row per UTC day, venue and account on which anything of this happened. "
    "cancels_asked = done + rejected + unknown + open.",
    key=("day", "venue", "account"),
    follows=("orders", "fills", "cancels", "breaks", "desk"),
    columns=columns("""
day                  day     The UTC day.
venue                text    Which venue.
account              text    Whose.
orders_placed        whole   Orders of that day (the day of rpt_orders_v1).
fills                whole   Matches of that day that stand.
matched              exact   Their size; null when in several currencies (by_currency has each).
turnover             exact   The sum of size × price, as far as prices are told; null likewise.
unpriced             exact   The matched size without a turnover; null likewise.
currency             text    The one currency of these amounts; null when none was told, or several.
by_currency          text    The same amounts per currency, as JSON; null without a match.
cancel_requests      whole   Cancel requests sent that day.
cancels_asked        whole   Orders and ids that these asked for.
cancels_done         whole   Of them, cancelled.
cancels_rejected     whole   Of them, refused.
cancels_unknown      whole   Of them, unknown or not mentioned in the answer.
cancels_open         whole   Of them, without an answer so far.
cancels_unrequested  whole   Orders in their answers that nobody had asked for.
breaks_opened        whole   Breaks that opened that day (notes not counted).
breaks_closed        whole   Breaks that the evidence closed that day.
"""),
)

VIEWS: Mapping[str, View] = {view.dataset: view for view in (ORDERS, FILLS, CANCELS, BREAKS, DAILY)}
"""Every view, by what it is about."""
