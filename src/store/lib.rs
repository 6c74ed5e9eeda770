//! What is written and read again: the database, records, summaries.

pub mod address;
pub mod db;
pub mod error;
pub mod migrations;
pub mod record;
pub mod summary;
pub mod table;
pub mod tables;
