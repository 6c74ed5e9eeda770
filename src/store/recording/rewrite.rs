//! Rewriting a session: another market with the decisions of the old one, and sums that fit. Tests show with it
//! that a replay finds what no sum can.

use std::fs;
use std::path::Path;

use momentum_core::event::Envelope;

use super::{Damaged, Manifest, Patience, RecordError, RecordKeys, Recorder, Session};

/// Why a session was not rewritten.
#[derive(Debug, thiserror::Error)]
pub enum RewriteError {
    /// It is damaged.
    #[error(transparent)]
    Damaged(#[from] Damaged),
    /// The new one cannot be written.
    #[error(transparent)]
    Record(#[from] RecordError),
}

/// Rewrites the session in `folder`: every envelope as `change` makes it, decisions and state as they were.
///
/// # Errors
/// [`RewriteError`]: the session stays as it is.
pub fn rewrite(
    folder: &Path,
    keys: &RecordKeys,
    mut change: impl FnMut(Envelope) -> Envelope,
) -> Result<Manifest, RewriteError> {
    let session = Session::open(folder)?;
    let beside = folder.with_extension("rewritten");
    let about = session.manifest().about.clone();
    let state = session.restored()?;
    let mut recorder = Recorder::create(&beside, about, state.as_deref(), keys, Patience::Endless)?;
    let mut decisions = session.decisions().peekable();
    for envelope in session.envelopes() {
        let envelope = envelope?;
        while let Some(decided) =
            decisions.next_if(|decided| decided.as_ref().map_or(true, |decided| decided.seq <= envelope.seq))
        {
            recorder.decided(decided?);
        }
        recorder.event(&change(envelope))?;
    }
    let written = recorder.session().to_owned();
    let manifest = recorder.finish()?;
    let placed = fs::remove_dir_all(folder)
        .and_then(|()| fs::rename(&written, folder))
        .and_then(|()| fs::remove_dir_all(&beside));
    placed.map_err(|error| RecordError::io(folder, error))?;
    Ok(manifest)
}
