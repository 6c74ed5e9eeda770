//! Market as a whole: events in, facts and views out.

mod determinism;
mod lifecycle;
mod measures;
mod questions;
mod safety;
mod stage;
mod streams;
