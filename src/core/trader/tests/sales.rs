//! sales.
