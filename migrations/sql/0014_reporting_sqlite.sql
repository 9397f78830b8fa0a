-- The views for SQL users, version 1, on SQLite. A contract: what must change becomes version 2.
-- SQLite has no exact decimals: amounts are text, and so are times (RFC 3339, UTC).

CREATE VIEW rpt_orders_v1 AS
SELECT
    order_key, venue, account, venue_order_id, client_order_id, user_ref, market, selection, side,
    price, price_format, currency,
    size, matched, remaining, cancelled, lapsed, voided,
    status, cancel_pending, replace_pending, closed_by,
    certain, remaining_min, remaining_max, why AS uncertain_because,
    placed_at, first_seen_at, updated_at, last_position,
    substr(coalesce(placed_at, first_seen_at, updated_at), 1, 10) AS day
FROM orders;

CREATE VIEW rpt_fills_v1 AS
SELECT
    f.order_key, f.fill_id, f.venue, f.account,
    o.venue_order_id, o.client_order_id, o.user_ref, o.market, o.selection, o.side,
    f.currency, f.source, f.state,
    f.size, f.price, f.price_format, f.turnover,
    f.told_size, f.told_price, f.voided, f.returned, f.corrected_by,
    f.fee, f.against_order_key,
    f.settled, f.result, f.raw_result, f.profit, f.payout,
    f.settlement_fee, f.settlement_currency, f.settled_at,
    f.occurred_at, f.observed_at, f.position, f.last_position,
    f.day AS day
FROM fills f
LEFT JOIN orders o ON o.order_key = f.order_key;

-- What the answer of a cancel told, entry by entry, beside what each order's own history says.
CREATE VIEW rpt_cancels_v1 AS
WITH told AS (
    SELECT
        c.cancel_id,
        j.key + 1 AS entry,
        json_extract(j.value, '$.asked') AS asked,
        json_extract(j.value, '$.order_key') AS order_key,
        json_extract(j.value, '$.venue_order_id') AS venue_order_id,
        json_extract(j.value, '$.outcome') AS outcome,
        json_extract(j.value, '$.reason') AS reason,
        json_extract(j.value, '$.raw_reason') AS raw_reason,
        json_extract(j.value, '$.cancelled') AS cancelled
    FROM cancels c
    JOIN json_each(c.outcomes) j
), line AS (
    SELECT
        t.cancel_id, t.entry,
        coalesce(t.asked, l.asked) AS asked,
        CASE WHEN l.order_key IS NULL AND t.outcome IS NULL THEN NULL ELSE t.order_key END
            AS order_key,
        coalesce(t.venue_order_id, l.venue_order_id) AS venue_order_id,
        CASE WHEN l.outcome IN ('cancelled', 'rejected')
              AND t.outcome IN ('unknown', 'not_mentioned')
             THEN l.outcome ELSE coalesce(t.outcome, l.outcome) END AS outcome,
        CASE WHEN l.outcome IN ('cancelled', 'rejected')
              AND t.outcome IN ('unknown', 'not_mentioned')
             THEN l.reason ELSE coalesce(t.reason, l.reason) END AS reason,
        CASE WHEN l.outcome IN ('cancelled', 'rejected')
              AND t.outcome IN ('unknown', 'not_mentioned')
             THEN l.raw_reason ELSE coalesce(t.raw_reason, l.raw_reason) END AS raw_reason,
        coalesce(l.cancelled, t.cancelled) AS cancelled,
        l.matched_before, l.matched_in_flight, l.matched_after, l.took_off_at
    FROM told t
    LEFT JOIN cancel_links l ON l.cancel_id = t.cancel_id AND l.order_key = t.order_key
    -- An order that was merged since tells under the key of the one that stayed.
    WHERE NOT (
        t.order_key IS NOT NULL AND t.outcome IS NULL AND l.order_key IS NULL
        AND (t.asked IS NULL OR EXISTS (
            SELECT 1 FROM cancel_links m WHERE m.cancel_id = t.cancel_id AND m.asked = t.asked
        ))
    )
    UNION ALL
    SELECT
        l.cancel_id, NULL, l.asked, l.order_key, l.venue_order_id, l.outcome, l.reason,
        l.raw_reason, l.cancelled, l.matched_before, l.matched_in_flight, l.matched_after,
        l.took_off_at
    FROM cancel_links l
    LEFT JOIN told t ON t.cancel_id = l.cancel_id AND t.order_key = l.order_key
    WHERE t.cancel_id IS NULL
)
SELECT
    c.cancel_id, c.venue, c.account, c.requested_by, c.why, c.scope,
    c.requested_at, c.answered_at, c.latency_ms, c.status,
    c.reason AS request_reason, c.raw_reason AS request_raw_reason,
    l.entry, l.asked, l.order_key, l.venue_order_id, l.outcome, l.reason, l.raw_reason,
    l.cancelled, l.matched_before, l.matched_in_flight, l.matched_after, l.took_off_at,
    c.last_position,
    substr(coalesce(c.requested_at, c.answered_at, l.took_off_at), 1, 10) AS day
FROM cancels c
LEFT JOIN line l ON l.cancel_id = c.cancel_id;

-- A decision holds as long as it is about the break as it is now (docs/adr/0050).
CREATE VIEW rpt_breaks_v1 AS
WITH seen AS (
    SELECT
        b.break_id, b.code, b.name, b.severity, b.kind, b.order_key, b.venue, b.account,
        b.opened_at,
        CASE WHEN b.closed_at <= p.newest_observed_at THEN b.closed_at END AS closed_at,
        b.ours, b.theirs, b.difference, b.exposed, b.witness, b.clears_when, b.note,
        b.rule_version,
        d.owner, coalesce(d.comments, 0) AS comments, d.acts, d.worked_at, d.worked_position,
        coalesce((SELECT max(w.value) FROM json_each(b.witness) w), 0) AS proven_at
    FROM breaks b
    JOIN projection_positions p ON p.name = 'breaks' AND b.opened_at <= p.newest_observed_at
    LEFT JOIN desk d ON d.break_id = b.break_id
), judged AS (
    SELECT
        s.*,
        (json_extract(s.acts, '$.proposed.evidence') IS NOT NULL
            AND s.ours IS json_extract(s.acts, '$.proposed.evidence.ours')
            AND s.theirs IS json_extract(s.acts, '$.proposed.evidence.theirs')
            AND s.difference IS json_extract(s.acts, '$.proposed.evidence.difference')) AS proposed_on_these_figures,
        (s.opened_at <= json_extract(s.acts, '$.proposed.evidence.as_of')) AS proposed_on_this_occurrence,
        json_extract(acts, '$.proposed.work') AS proposed_work,
        (json_extract(s.acts, '$.standing.evidence') IS NOT NULL
            AND s.ours IS json_extract(s.acts, '$.standing.evidence.ours')
            AND s.theirs IS json_extract(s.acts, '$.standing.evidence.theirs')
            AND s.difference IS json_extract(s.acts, '$.standing.evidence.difference')) AS decided_on_these_figures,
        (s.opened_at <= json_extract(s.acts, '$.standing.evidence.as_of')) AS decided_on_this_occurrence,
        json_extract(acts, '$.standing.work') AS decided_work,
        (s.proven_at <= json_extract(s.acts, '$.standing.evidence.log_position')) AS decided_on_this_proof,
        (s.opened_at <= json_extract(s.acts, '$.acknowledged.evidence.as_of')) AS acknowledged_this_occurrence
    FROM seen s
), told AS (
    SELECT
        j.*,
        CASE
            WHEN j.closed_at IS NOT NULL THEN 'closed'
            WHEN j.proposed_on_these_figures
             AND (j.proposed_work = 'force_closed' OR j.proposed_on_this_occurrence)
                THEN 'awaiting_approval'
            WHEN j.decided_on_these_figures
             AND (j.decided_work = 'force_closed'
                  OR j.decided_on_this_occurrence
                     AND (j.decided_work <> 'resolved' OR j.decided_on_this_proof))
                THEN j.decided_work
            WHEN j.acknowledged_this_occurrence THEN 'acknowledged'
            ELSE 'open'
        END AS status
    FROM judged j
)
SELECT
    break_id, code, name, severity, kind, order_key, venue, account, opened_at, closed_at, status,
    owner,
    CASE status WHEN 'acknowledged' THEN json_extract(acts, '$.acknowledged.by')
                WHEN 'awaiting_approval' THEN json_extract(acts, '$.proposed.by')
                WHEN 'open' THEN NULL WHEN 'closed' THEN NULL
                ELSE json_extract(acts, '$.standing.by') END AS decided_by,
    CASE status WHEN 'acknowledged' THEN json_extract(acts, '$.acknowledged.at')
                WHEN 'awaiting_approval' THEN json_extract(acts, '$.proposed.at')
                WHEN 'open' THEN NULL WHEN 'closed' THEN NULL
                ELSE json_extract(acts, '$.standing.at') END AS decided_at,
    CASE status WHEN 'awaiting_approval' THEN json_extract(acts, '$.proposed.reason')
                WHEN 'open' THEN NULL WHEN 'closed' THEN NULL WHEN 'acknowledged' THEN NULL
                ELSE json_extract(acts, '$.standing.reason') END AS reason,
    CASE status WHEN 'awaiting_approval' THEN json_extract(acts, '$.proposed.approved_by')
                WHEN 'open' THEN NULL WHEN 'closed' THEN NULL WHEN 'acknowledged' THEN NULL
                ELSE json_extract(acts, '$.standing.approved_by') END AS approved_by,
    comments, worked_at,
    ours, theirs, difference, exposed, witness, clears_when, note, rule_version,
    max(proven_at, coalesce(worked_position, 0)) AS last_position,
    substr(opened_at, 1, 10) AS day
FROM told;

CREATE VIEW rpt_daily_v1 AS
WITH part AS (
    SELECT day, venue, account, count(*) AS orders_placed,
        0 AS cancel_requests, 0 AS cancels_asked, 0 AS cancels_done, 0 AS cancels_rejected,
        0 AS cancels_unknown, 0 AS cancels_open, 0 AS cancels_unrequested,
        0 AS breaks_opened, 0 AS breaks_closed
    FROM rpt_orders_v1 GROUP BY day, venue, account
    UNION ALL
    SELECT day, venue, account, 0, count(DISTINCT cancel_id),
        sum(CASE WHEN coalesce(order_key, asked) IS NULL OR outcome = 'unrequested'
                 THEN 0 ELSE 1 END),
        sum(CASE WHEN outcome = 'cancelled' THEN 1 ELSE 0 END),
        sum(CASE WHEN outcome = 'rejected' THEN 1 ELSE 0 END),
        sum(CASE WHEN outcome IN ('unknown', 'not_mentioned') THEN 1 ELSE 0 END),
        sum(CASE WHEN coalesce(order_key, asked) IS NOT NULL AND outcome IS NULL
                 THEN 1 ELSE 0 END),
        sum(CASE WHEN outcome = 'unrequested' THEN 1 ELSE 0 END),
        0, 0
    FROM rpt_cancels_v1 GROUP BY day, venue, account
    UNION ALL
    SELECT day, venue, account, 0, 0, 0, 0, 0, 0, 0, 0, count(*), 0
    FROM rpt_breaks_v1 WHERE kind = 'break' GROUP BY day, venue, account
    UNION ALL
    SELECT substr(closed_at, 1, 10), venue, account, 0, 0, 0, 0, 0, 0, 0, 0, 0, count(*)
    FROM rpt_breaks_v1 WHERE kind = 'break' AND closed_at IS NOT NULL
    GROUP BY substr(closed_at, 1, 10), venue, account
    UNION ALL
    SELECT day, venue, account, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    FROM fill_days
), counted AS (
    SELECT day, venue, account,
        sum(orders_placed) AS orders_placed,
        sum(cancel_requests) AS cancel_requests,
        sum(cancels_asked) AS cancels_asked,
        sum(cancels_done) AS cancels_done,
        sum(cancels_rejected) AS cancels_rejected,
        sum(cancels_unknown) AS cancels_unknown,
        sum(cancels_open) AS cancels_open,
        sum(cancels_unrequested) AS cancels_unrequested,
        sum(breaks_opened) AS breaks_opened,
        sum(breaks_closed) AS breaks_closed
    FROM part GROUP BY day, venue, account
)
SELECT
    c.day, c.venue, c.account, c.orders_placed,
    coalesce(f.fills, 0) AS fills,
    CASE WHEN f.day IS NULL THEN '0' ELSE f.matched END AS matched,
    CASE WHEN f.day IS NULL THEN '0' ELSE f.turnover END AS turnover,
    CASE WHEN f.day IS NULL THEN '0' ELSE f.unpriced END AS unpriced,
    f.currency, f.by_currency,
    c.cancel_requests, c.cancels_asked, c.cancels_done, c.cancels_rejected, c.cancels_unknown,
    c.cancels_open, c.cancels_unrequested, c.breaks_opened, c.breaks_closed
FROM counted c
LEFT JOIN fill_days f
    ON f.day = c.day AND f.venue = c.venue AND f.account = c.account;
