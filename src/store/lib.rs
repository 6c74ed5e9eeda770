//! What is written and read again: records.

pub mod record;
pub mod summary;
