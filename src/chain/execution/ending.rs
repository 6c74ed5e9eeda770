//! What ends an attempt that may have left: not time, and no error, but what the chain itself says of it.
//!
//! An endpoint testifies in this order: its own finalized block height, then whether it knows the signature, its
//! history included. Past the last height at which the bytes could land, a signature that it does not know then can
//! never land on the chain that it sees. Two endpoints that say so end the attempt. Where only one speaks at all it
//! must say so in three looks over half a minute, from a height that is well past. One endpoint that knows the
//! signature takes back all that was said before: then the attempt is on the chain, or was, and everybody is asked
//! anew.

use std::collections::BTreeMap;
use std::time::Duration;

/// Blocks past the last valid height from which a single endpoint is believed.
const SINGLE_MARGIN: u64 = 32;
/// Looks in which it must say so.
const SINGLE_LOOKS: u32 = 3;
/// Time over which they must be spread.
const SINGLE_SPAN: Duration = Duration::from_secs(30);
/// An endpoint that said nothing for so long does not speak any more.
const SILENT_AFTER: Duration = Duration::from_secs(60);

/// What one endpoint said of one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Testimony {
    /// Which endpoint.
    pub endpoint: usize,
    /// When, by a clock that never goes back.
    pub at: Duration,
    /// Its finalized block height, read before it was asked for the signature.
    pub finalized: u64,
    /// Whether it knows the signature.
    pub known: bool,
}

/// Who saw that an attempt can never land.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Witnesses {
    /// Two endpoints.
    Two,
    /// One alone: to be logged.
    Single,
}

/// What all testimonies come to. `None`: it may still land, or has.
pub type Verdict = Option<Witnesses>;

/// The testimonies of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inquest {
    last_valid_height: u64,
    said: BTreeMap<usize, Said>,
}

/// What one endpoint said since it, or another one, knew the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Said {
    at: Duration,
    /// Its last word was that it does not know it, from past the last valid height.
    gone: bool,
    /// Looks running in which it said so from well past, and the first of them.
    well_past: Option<(u32, Duration)>,
}

impl Inquest {
    /// Of an attempt that may land up to this block height.
    #[must_use]
    pub const fn new(last_valid_height: u64) -> Self {
        Self { last_valid_height, said: BTreeMap::new() }
    }

    /// Hears one testimony, and says what all of them come to.
    pub fn hear(&mut self, testimony: Testimony) -> Verdict {
        let Testimony { endpoint, at, finalized, known } = testimony;
        if known {
            self.said.clear();
            return None;
        }
        let before = self.said.get(&endpoint).and_then(|said| said.well_past);
        let well_past = (finalized > self.last_valid_height.saturating_add(SINGLE_MARGIN)).then(|| {
            let (looks, first) = before.unwrap_or((0, at));
            (looks.saturating_add(1), first)
        });
        let gone = finalized > self.last_valid_height;
        self.said.insert(endpoint, Said { at, gone, well_past });
        self.verdict(at)
    }

    fn verdict(&self, now: Duration) -> Verdict {
        let gone: Vec<_> = self.said.values().filter(|said| said.gone).collect();
        let alone = match gone[..] {
            [] => return None,
            [alone] => alone,
            _ => return Some(Witnesses::Two),
        };
        let speaks = |said: &&Said| now.saturating_sub(said.at) <= SILENT_AFTER;
        let nobody_else = !self.said.values().filter(speaks).any(|said| !said.gone);
        let (looks, first) = alone.well_past?;
        let believed = looks >= SINGLE_LOOKS && alone.at.saturating_sub(first) >= SINGLE_SPAN;
        (nobody_else && believed).then_some(Witnesses::Single)
    }
}

#[cfg(test)]
mod tests;
