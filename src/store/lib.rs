//! What is written and read again: books and what is in them, records and summaries.

pub mod book;
pub mod exit_journal;
pub mod kill;
pub mod record;
pub mod recording;
pub mod summary;
