"""The catalogue of flags: what each code is called, how bad it is, and what clears it.

Taken from the desk's list of anomalies; a code keeps its meaning for ever. A *break* must be
worked by somebody, a *note* annotates: informative codes, and those that nothing clears because
they only measure, are notes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One code of the catalogue."""

    code: str
    name: str
    severity: str
    break_class: str
    clears_when: str

    @property
    def kind(self) -> str:
        """`break` when somebody must work it, else `note`."""
        informative = "info" in {self.severity, self.break_class}
        return "note" if informative or self.clears_when.startswith("n/a") else "break"


_ENTRIES = (
    Entry("CXL-01", "partial_fill_on_cancel", "info", "info", "never a break by itself; becomes CXL-02/QTY-01 if the sums do not close"),
    Entry("CXL-02", "fill_implied_by_cancel_ack", "high", "quantity", "a Filled with real id arrives for that amount (late report) or the venue snapshot shows M'"),
    Entry("CXL-03", "late_fill_report", "medium", "timing", "auto: apply fill, restate X, keep terminal"),
    Entry("CXL-04", "fill_after_cancel", "critical", "status", "only by human or by venue void of f"),
    Entry("CXL-05", "too_late_to_cancel", "info", "info", "immediately"),
    Entry("CXL-06", "too_late_unexplained", "high", "status", "Filled/Cancelled/Lapsed/Voided events or snapshot make R=0, or snapshot shows R'=R"),
    Entry("CXL-07", "cancel_unknown_order", "high", "existence", "snapshot confirms terminal state, or confirms order live (then reject was false)"),
    Entry("CXL-08", "cancel_unknown_unacked", "medium", "timing", "re-request after accept, or accept arrives and order is cancelled"),
    Entry("CXL-09", "cancel_already_pending", "low", "protocol", "first request resolves"),
    Entry("CXL-10", "stuck_cancel", "high", "timing", "any response or positive terminal evidence"),
    Entry("CXL-11", "cancel_outcome_unknown", "high", "protocol", "positive evidence from stream, snapshot or targeted query"),
    Entry("CXL-12", "late_cancel_response", "low", "timing", "on arrival"),
    Entry("CXL-13", "duplicate_cancel_ack", "low", "protocol", "dedupe rule recorded"),
    Entry("CXL-14", "conflicting_cancel_outcome", "critical", "protocol", "snapshot decides; losing event marked superseded by a human or rule"),
    Entry("CXL-15", "unsolicited_cancel", "medium", "info", "reason mapped to an expected class (market closed, limits, STP)"),
    Entry("CXL-16", "ack_without_request", "high", "identity", "request found (late log merge) or marked external"),
    Entry("CXL-17", "partial_cancel", "info", "info", "immediately"),
    Entry("CXL-18", "short_cancel", "high", "quantity", "fills/lapses explain the gap"),
    Entry("CXL-19", "over_cancel", "high", "quantity", "void/correct of a fill explains it"),
    Entry("CXL-20", "cancelled_count_mismatch", "medium", "protocol", "late events arrive"),
    Entry("CXL-21", "missing_in_bulk_reply", "high", "protocol", "per-order evidence"),
    Entry("CXL-22", "unexpected_in_bulk_reply", "high", "identity", "request scope found to include it"),
    Entry("CXL-23", "cancel_scope_blowout", "critical", "protocol", "human only"),
    Entry("CXL-24", "cancel_after_reject", "medium", "status", "explained as unsolicited or as late ack"),
    Entry("CXL-25", "phantom_cancel", "critical", "status", "order truly terminal at venue, or local state re-opened by a Reopened event"),
    Entry("CXL-26", "cancel_on_terminal", "low", "protocol", "n/a (client defect counter)"),
    Entry("CXL-27", "cancel_storm", "medium", "protocol", "loop ends"),
    Entry("CXL-28", "cancel_during_replace", "medium", "sequence", "both resolved"),
    Entry("CXL-29", "replace_half_done", "high", "existence", "new order placed, or intent withdrawn"),
    Entry("CXL-30", "replace_double_live", "critical", "existence", "one becomes terminal"),
    Entry("CXL-31", "lapse", "low", "info", "immediately when reason is in the venue's expected table"),
    Entry("CXL-32", "expiry_reported_as_cancel", "low", "status", "reclassified to Expired by rule, original kept"),
    Entry("CXL-33", "cancel_sla_breach", "low", "timing", "n/a (metric)"),
    Entry("CXL-34", "cancel_reason_unmapped", "medium", "protocol", "mapping added; replay re-classifies"),
    Entry("FIL-01", "duplicate_fill", "medium", "protocol", "dedupe recorded"),
    Entry("FIL-02", "duplicate_fill_new_id", "high", "quantity", "venue figures confirm one"),
    Entry("FIL-03", "overfill", "critical", "quantity", "void/correct, or S restated up"),
    Entry("FIL-04", "out_of_order_fill", "medium", "sequence", "older message identified and discarded with trace"),
    Entry("FIL-05", "missing_fill", "high", "quantity", "missing Filled arrives or inferred fill posted (FIL-06)"),
    Entry("FIL-06", "inferred_fill_open", "medium", "quantity", "real fill arrives and replaces it"),
    Entry("FIL-07", "fill_before_ack", "low", "sequence", "accept arrives"),
    Entry("FIL-08", "orphan_fill", "critical", "existence", "order appears (late) or adopted as external"),
    Entry("FIL-09", "limit_price_violation", "critical", "price", "restatement of price, reduction factor, venue correction"),
    Entry("FIL-10", "price_improvement", "info", "info", "n/a"),
    Entry("FIL-11", "avg_price_mismatch", "medium", "price", "fills corrected"),
    Entry("FIL-12", "fill_side_or_selection_mismatch", "critical", "identity", "venue correction"),
    Entry("FIL-13", "fill_voided", "high", "economic", "acknowledged by finance"),
    Entry("FIL-14", "fill_corrected", "high", "economic", "acknowledged"),
    Entry("FIL-15", "void_unknown_fill", "high", "existence", "the fill arrives"),
    Entry("FIL-16", "provisional_fill_stale", "high", "status", "confirmed or failed"),
    Entry("FIL-17", "provisional_fill_failed", "critical", "economic", "voided fully and exposure restated"),
    Entry("FIL-18", "fee_mismatch", "medium", "economic", "fee rule corrected"),
    Entry("FIL-19", "dust_remainder", "low", "quantity", "auto-accept by rule"),
    Entry("FIL-20", "fill_after_close", "high", "timing", "market status corrected"),
    Entry("FIL-21", "self_match", "high", "economic", "STP report"),
    Entry("QTY-01", "quantity_identity_broken", "critical", "quantity", "next report closes, else human"),
    Entry("QTY-02", "remaining_mismatch", "high", "quantity", "late event explains"),
    Entry("QTY-03", "matched_mismatch", "high", "quantity", "FIL-05 resolved"),
    Entry("QTY-04", "bucket_mismatch", "medium", "status", "venue later re-buckets"),
    Entry("QTY-05", "size_mismatch", "high", "quantity", "OrderRestated recorded"),
    Entry("QTY-06", "price_mismatch", "high", "price", "OrderRestated (e.g. reduction factor) recorded"),
    Entry("QTY-07", "status_mismatch", "high", "status", "late event explains"),
    Entry("QTY-08", "status_regression", "high", "sequence", "older message recognised"),
    Entry("QTY-09", "illegal_transition", "medium", "protocol", "event reclassified"),
    Entry("QTY-10", "filled_with_partial_qty", "high", "status", "status or size corrected"),
    Entry("QTY-11", "terminal_with_remaining", "high", "quantity", "-"),
    Entry("QTY-12", "live_with_zero_remaining", "medium", "status", "terminal update arrives"),
    Entry("QTY-13", "resurrected_order", "critical", "status", "explained by void (J.1.a) or accepted increase (C.1.c)"),
    Entry("QTY-14", "tif_or_persistence_mismatch", "medium", "identity", "update recorded"),
    Entry("EXI-01", "orphan_at_venue", "critical", "existence", "adopted by human (OrderAdopted) or cancelled"),
    Entry("EXI-02", "external_order", "info", "existence", "claimed or ignored by rule"),
    Entry("EXI-03", "missing_at_venue", "critical", "existence", "closed-order evidence"),
    Entry("EXI-04", "missing_in_open_list", "medium", "existence", "EXI-03 or terminal evidence"),
    Entry("EXI-05", "unacked_order", "high", "timing", "ack or positive absence"),
    Entry("EXI-06", "ghost_order", "critical", "existence", "adopted/cancelled"),
    Entry("EXI-07", "rejected_then_live", "critical", "status", "human"),
    Entry("EXI-08", "duplicate_client_ref", "critical", "identity", "PossResend confirmed as same order"),
    Entry("EXI-09", "id_remap_unresolved", "medium", "identity", "link event arrives"),
    Entry("EXI-10", "lost_tracking", "critical", "integrity", "terminal evidence"),
    Entry("EXI-11", "wrong_account_or_market", "critical", "identity", "correction"),
    Entry("STR-01", "sequence_gap", "high", "sequence", "replay/resend or full snapshot covers it"),
    Entry("STR-02", "unrecoverable_gap", "high", "sequence", "full snapshot + fills query cover the window"),
    Entry("STR-03", "duplicate_message", "info", "protocol", "dedupe"),
    Entry("STR-04", "stale_snapshot", "medium", "timing", "newer snapshot"),
    Entry("STR-05", "incomplete_snapshot", "high", "protocol", "full page set"),
    Entry("STR-06", "source_disagreement", "high", "status", "they converge"),
    Entry("STR-07", "clock_skew", "medium", "timing", "offset estimated"),
    Entry("STR-08", "late_event", "low", "timing", "n/a (metric)"),
    Entry("STR-09", "feed_silence", "critical", "timing", "feed back and STR-02 closed"),
    Entry("STR-10", "unknown_field_or_enum", "medium", "protocol", "table updated, replay re-reads raw"),
    Entry("STR-11", "missed_deadline_feed", "high", "timing", "arrives"),
    Entry("ECO-01", "exposure_mismatch", "critical", "economic", "fills explained"),
    Entry("ECO-02", "funds_not_released", "high", "economic", "reserve drops"),
    Entry("ECO-03", "open_after_settlement", "high", "status", "lapse recorded"),
    Entry("ECO-04", "settlement_mismatch", "critical", "economic", "dead heat / rule 4 / void applied"),
    Entry("ECO-05", "restated_by_event", "medium", "price", "rule reproduces the change"),
    Entry("ECO-06", "unresolved_exposure", "high", "economic", "ambiguity resolved"),
    Entry("INT-01", "projection_divergence", "critical", "integrity", "rebuild"),
    Entry("INT-02", "log_tamper", "critical", "integrity", "restore"),
    Entry("INT-03", "nondeterministic_replay", "high", "integrity", "bug fixed"),
    Entry("INT-04", "rule_change_effect", "medium", "integrity", "accepted diff"),
    Entry("INT-05", "reported_then_changed", "high", "integrity", "corrected line issued"),
    Entry("INT-06", "manual_override_open", "medium", "integrity", "override revoked or confirmed by second person"),
    Entry("INT-07", "unlinked_event", "medium", "identity", "parent arrives"),
)

CATALOGUE: Mapping[str, Entry] = {entry.code: entry for entry in _ENTRIES}
"""Every code that the desk knows, whether or not a rule finds it yet."""
