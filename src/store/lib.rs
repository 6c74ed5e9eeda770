//! What is written and read again: books and what is in them, the database, recordings, records, summaries.

pub mod address;
pub mod backup;
pub mod book;
pub mod db;
pub mod error;
pub mod exit_journal;
pub mod holds;
pub mod journal;
pub mod keys;
pub mod kill;
pub mod metrics;
pub mod migrations;
pub mod queries;
pub mod record;
pub mod recording;
pub mod restore;
pub mod summary;
pub mod table;
pub mod tables;
pub mod verify;
pub mod witness;
