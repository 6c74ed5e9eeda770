//! A recording as a source.

use std::vec;

use momentum_core::event::{Event, RunEvent};
use momentum_core::time::Timestamp;
use momentum_store::recording::{Damaged, Envelopes, Recording, Session};

use super::{ReplayError, Skipped};

/// Plays the sessions of a recording one after another, and keeps what a source tells: executions, commands and
/// ticks are made anew.
#[derive(Debug)]
pub(super) struct Sessions {
    sessions: vec::IntoIter<Session>,
    playing: Option<Envelopes>,
    warm_until: Option<Timestamp>,
    now: Timestamp,
}

impl Sessions {
    /// Opens all sessions; what a crash took of one is among what is left out.
    pub(super) fn open(recording: &Recording) -> Result<(Self, Vec<Skipped>), Damaged> {
        let sessions = recording.sessions().iter().cloned().collect::<Result<Vec<_>, _>>()?;
        let mut skipped = Vec::new();
        for session in &sessions {
            if let Some(cut) = session.cut()? {
                skipped.push(Skipped { name: session.name(), why: cut.to_string() });
            }
        }
        let first = sessions.first().and_then(|session| session.envelopes().next()).transpose()?;
        let warm_until = first.and_then(|envelope| match envelope.event {
            Event::Run(RunEvent::Started(started)) => started.warm_until,
            _ => None,
        });
        let sessions = sessions.into_iter();
        Ok((Self { sessions, playing: None, warm_until, now: Timestamp(i64::MIN) }, skipped))
    }

    pub(super) const fn warm_until(&self) -> Option<Timestamp> {
        self.warm_until
    }
}

impl Iterator for Sessions {
    type Item = Result<(Timestamp, Event), ReplayError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let playing = match &mut self.playing {
                Some(playing) => playing,
                None => self.playing.insert(self.sessions.next()?.envelopes()),
            };
            match playing.next() {
                Some(Ok(envelope)) => {
                    if matches!(envelope.event, Event::Market(_) | Event::Enriched(_) | Event::Feed(_)) {
                        self.now = self.now.max(envelope.now);
                        return Some(Ok((self.now, envelope.event)));
                    }
                }
                Some(Err(damaged)) => {
                    (self.playing, self.sessions) = (None, Vec::new().into_iter());
                    return Some(Err(damaged.into()));
                }
                None => self.playing = None,
            }
        }
    }
}
