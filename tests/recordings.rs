//! Where the recordings of real chain data lie. They are other people's captures and no part of this project.

use std::path::{Path, PathBuf};

/// The project's own folder, from whichever package this is compiled into.
fn project() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.ancestors().find(|folder| folder.join("Cargo.lock").is_file()).unwrap_or(package)
}

/// The folder of recordings: `MOMENTUM_TEST_DATA`, else `../shared/pumpfun` beside the project. `None` where it
/// is absent: then the caller returns, and why is printed.
///
/// # Panics
/// Where it is absent and `CI` is set.
pub(crate) fn folder() -> Option<PathBuf> {
    let beside = || project().join("../shared/pumpfun");
    let folder = std::env::var_os("MOMENTUM_TEST_DATA").map_or_else(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "no recordings at {}, which CI must have", folder.display());
    eprintln!("skipped: no recordings at {} (set MOMENTUM_TEST_DATA)", folder.display());
    None
}
