//! Settings of recordings.

use std::time::Duration;

use momentum_core::section;

section!(
    /// `[record]`: what is recorded, and how long it is kept. None of it changes a decision.
    RecordKeys in "record" {
        /// Whether runs on a real source are recorded without being asked.
        enabled: bool = restart neither no;
        /// Where they go; empty for the folder `recordings` of the book.
        folder: String = restart neither no;
        /// Rows after which a segment is sealed.
        segment_rows: u64 = restart neither no ["1000", "10000000"];
        /// Megabytes of the open segment after which it is sealed.
        segment_megabytes: u64 = restart neither no ["1", "4000"];
        /// Time after which a segment is sealed.
        segment_time: Duration = restart neither no ["1 min", "7 d"];
        /// Sessions that ended longer ago are removed.
        keep_time: Duration = restart neither no ["1 h", "3650 d"];
        /// Megabytes of all sessions together, above which the oldest are removed.
        keep_megabytes: u64 = restart neither no ["1", "100000000"];
    }
);

impl RecordKeys {
    /// Bytes of the open segment after which it is sealed.
    pub(super) const fn segment_bytes(&self) -> u64 {
        self.segment_megabytes.saturating_mul(1_000_000)
    }

    /// Bytes of all sessions together, above which the oldest are removed.
    pub(super) const fn keep_bytes(&self) -> u64 {
        self.keep_megabytes.saturating_mul(1_000_000)
    }
}
