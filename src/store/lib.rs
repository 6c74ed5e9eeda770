//! What is on disk: records, replays.

pub mod record;
