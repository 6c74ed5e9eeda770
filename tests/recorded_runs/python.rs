//! DuckDB and pandas read the files of a recording as they are.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{RUN, json, session};
use momentum_core::event::{Event, MarketKind};

/// A Python with DuckDB, pandas and pyarrow, made once under the target folder; `None` (and why) where there is
/// no Python or no network, which fails in CI.
fn python() -> Option<PathBuf> {
    let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python-of-recordings");
    let python = venv.join("bin/python");
    let has_all = || {
        let import = Command::new(&python).args(["-c", "import duckdb, pandas, pyarrow"]).output();
        import.is_ok_and(|output| output.status.success())
    };
    if has_all() {
        return Some(python);
    }
    let made = Command::new("python3").args(["-m", "venv"]).arg(&venv).output();
    let pip = ["-m", "pip", "install", "--quiet", "--timeout", "20", "duckdb", "pandas", "pyarrow"];
    let installed = made.and_then(|_| Command::new(&python).args(pip).output());
    if has_all() {
        return Some(python);
    }
    let why = installed.map_or_else(
        |error| error.to_string(),
        |output| String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or_default().to_owned(),
    );
    assert!(std::env::var_os("CI").is_none(), "no DuckDB and pandas here, which CI must have: {why}");
    eprintln!("skipped: no DuckDB and pandas here: {why}");
    None
}

#[test]
fn duckdb_and_pandas_read_a_recording_as_it_is() {
    let Some(python) = python() else { return };
    let session = session(&RUN.0);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recorded_runs/read.py");
    let output = Command::new(python).arg(script).arg(session.folder()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let (mut events, mut trades, mut tokens, mut quote) = (0_u64, 0_u64, 0_u128, 0_u128);
    let mut mints = std::collections::BTreeSet::new();
    for envelope in session.envelopes().map(Result::unwrap) {
        events += 1;
        if let Event::Market(market) = &envelope.event
            && let MarketKind::Traded(traded) = &market.kind
        {
            trades += 1;
            tokens += u128::from(traded.tokens.0);
            quote += u128::from(traded.quote_amount);
            mints.insert(market.mint);
        }
    }
    let decisions = session.decisions().map(Result::unwrap).count();
    let expected = serde_json::json!({
        "events": events,
        "trades": trades,
        "mints": mints.len(),
        "tokens": tokens.to_string(),
        "quote": quote.to_string(),
        "decisions": decisions,
    });
    let told = json(&output.stdout);
    for reader in ["duckdb", "pandas"] {
        assert_eq!(told[reader], expected, "{reader}");
    }
}
