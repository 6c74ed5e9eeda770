//! The database with real data on real servers: everything here runs on SQLite and on a throw-away PostgreSQL.

#![allow(clippy::unwrap_used, reason = "where a test unwraps, a panic is its finding")]

#[path = "database/asked.rs"]
mod asked;
#[path = "database/book.rs"]
mod book;
#[path = "database/damage.rs"]
mod damage;
#[path = "database/faults.rs"]
mod faults;
#[path = "database/place.rs"]
mod place;
#[path = "database/played.rs"]
mod played;
#[path = "database/postgres.rs"]
mod postgres;
