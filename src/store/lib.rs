//! What is written and read again: records, recordings and summaries.

pub mod record;
pub mod recording;
pub mod summary;
