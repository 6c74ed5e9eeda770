//! The recorded data that tests read where it is present: never copied into the project.

#![allow(clippy::disallowed_methods, reason = "tests read files; the crate does not")]

use std::path::PathBuf;

use serde_json::Value;

/// A recorded file as text; `None` (and why, printed) where the recordings are absent, which fails in CI.
pub(crate) fn text(path: &str) -> Option<String> {
    let folder = std::env::var_os("MOMENTUM_TEST_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/pumpfun")),
        PathBuf::from,
    );
    match std::fs::read_to_string(folder.join(path)) {
        Ok(text) => Some(text),
        Err(why) => {
            assert!(std::env::var_os("CI").is_none(), "{path}: {why}; CI needs the recordings");
            println!("skipped: {path} is not in {}: {why}", folder.display());
            None
        }
    }
}

/// A recorded JSON file.
pub(crate) fn json(path: &str) -> Option<Value> {
    text(path).map(|text| serde_json::from_str(&text).expect("a recording is JSON"))
}
