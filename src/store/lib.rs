//! What is written and read again: the database, records, summaries.

pub mod address;
pub mod backup;
pub mod db;
pub mod error;
pub mod journal;
pub mod keys;
pub mod metrics;
pub mod migrations;
pub mod queries;
pub mod record;
pub mod restore;
pub mod summary;
pub mod table;
pub mod tables;
pub mod verify;
mod witness;
