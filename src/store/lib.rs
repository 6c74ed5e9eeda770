//! What is written and read again: records and summaries.

pub mod record;
pub mod summary;
