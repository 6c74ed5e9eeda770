//! Loopback servers that tests run against.
