//! What Market asks about a token, and when: by rules that read events and settings only, so that every
//! stage of a pipe and every replay ask the same.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::measure::Reading;
use super::table::Place;
use super::token::Token;
use crate::action::{Action, Effects};
use crate::config::HoldersCheck;
use crate::event::{Known, Quote, Unknown, What};
use crate::fact::Fact;
use crate::time::Timestamp;
use crate::units::Points;

/// Every question there is, in the order in which they are asked.
const ALL: [What; 6] = [What::Curve, What::Pool, What::Mint, What::Holders, What::Metadata, What::Members];

/// When which question is to be looked at again.
pub(super) type Agenda = BTreeSet<(Timestamp, Place, What)>;

/// The questions about one token; most tokens are never asked about.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Asked(Option<Box<[Option<Question>; ALL.len()]>>);

/// One question, asked at least once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Question {
    /// When last.
    asked: Timestamp,
    /// When it is looked at again; an older entry of the agenda is void.
    due: Timestamp,
    /// How often without an answer.
    tries: u8,
    awaited: bool,
    /// There is nobody who could answer.
    closed: bool,
}

impl Asked {
    /// Whether an answer is still to come.
    pub(super) fn awaits(&self, what: What) -> bool {
        self.of(what).is_some_and(|question| question.awaited)
    }

    fn of(&self, what: What) -> Option<Question> {
        self.0.as_ref().and_then(|questions| questions[what as usize])
    }

    fn set(&mut self, what: What, question: Option<Question>) {
        if self.0.is_some() || question.is_some() {
            self.0.get_or_insert_default()[what as usize] = question;
        }
    }
}

/// How often a question is to be asked now; none where its answer is known well enough.
fn wanted(token: &Token, what: What, reading: &Reading<'_>) -> Option<Duration> {
    let (keys, once) = (&reading.config.questions, reading.config.questions.retry);
    let score = token.standing.map_or(Points::default(), |(score, _)| score);
    if token.mayhem || token.quote != Quote::Sol {
        // Never entered, so nothing that is asked could matter.
        return None;
    }
    let stale = reading.stale(token) && score > keys.check_above;
    let whole = token.launched.is_some();
    match what {
        What::Curve => {
            let unknown = token.creator.is_err() || token.liquidity.is_none();
            (!token.graduated() && (unknown || stale)).then_some(once)
        }
        What::Pool if token.graduated() => (token.liquidity.is_none() || stale).then_some(once),
        What::Pool => (token.complete && !whole).then_some(once),
        What::Mint => token.mint_facts.is_err().then_some(once),
        What::Holders => {
            let enough = reading.config.safety.holders_check == HoldersCheck::Prefer;
            if enough && reading.holders_whole(token).is_ok() {
                None
            } else if score >= keys.check_close_from {
                Some(keys.check_close_every)
            } else if score > keys.check_above {
                Some(keys.check_every)
            } else {
                (!whole && token.largest.is_err()).then_some(once)
            }
        }
        What::Metadata => (token.links.is_err() && score >= keys.social_from).then_some(once),
        What::Members => {
            let group = token.links.is_ok_and(|links| links.telegram);
            (group && token.members.is_err() && score >= keys.social_from).then_some(once)
        }
    }
}

/// Asks about one token.
pub(super) struct Inquirer<'a> {
    pub(super) reading: Reading<'a>,
    pub(super) agenda: &'a mut Agenda,
    pub(super) effects: &'a mut Effects,
}

impl Inquirer<'_> {
    /// Asks whatever is to be asked of a token now.
    pub(super) fn ask_all(&mut self, token: &mut Token, place: Place) {
        for what in ALL {
            self.consider(token, place, what);
        }
    }

    /// Takes note of an answer: its value is the token's matter.
    pub(super) fn answered(&mut self, token: &mut Token, place: Place, what: What, answer: Known<()>) {
        if let Some(question) = token.asked.of(what) {
            let mut question = Question { awaited: false, ..question };
            match answer {
                Ok(()) => question.tries = 0,
                Err(Unknown::NotConfigured) => question.closed = true,
                // The pause before the next try runs since it was asked.
                Err(_) => {}
            }
            token.asked.set(what, Some(question));
        }
        // An answer can raise further questions: a Telegram link, a curve that is complete.
        self.ask_all(token, place);
    }

    /// Looks again at a question whose time has come.
    pub(super) fn due(&mut self, token: &mut Token, place: Place, what: What, due: Timestamp) {
        if token.asked.of(what).is_none_or(|question| question.due != due || question.closed) {
            return;
        }
        let active = self.reading.now.since(token.lively()) <= self.reading.config.score.active;
        if active && wanted(token, what, &self.reading).is_some() {
            self.ask(token, place, what);
        } else {
            token.asked.set(what, None);
        }
    }

    fn consider(&mut self, token: &mut Token, place: Place, what: What) {
        let Some(period) = wanted(token, what, &self.reading) else { return };
        let Some(question) = token.asked.of(what) else { return self.ask(token, place, what) };
        if question.closed || question.awaited {
            return;
        }
        let pause = if question.tries == 0 { period } else { self.pause(question.tries).max(period) };
        let next = question.asked + pause;
        if next <= self.reading.now {
            self.ask(token, place, what);
        } else if next != question.due {
            token.asked.set(what, Some(Question { due: next, ..question }));
            self.agenda.insert((next, place, what));
        }
    }

    fn ask(&mut self, token: &mut Token, place: Place, what: What) {
        let now = self.reading.now;
        let tries = token.asked.of(what).map_or(0, |question| question.tries).saturating_add(1);
        let due = now + self.pause(tries);
        token.asked.set(what, Some(Question { asked: now, due, tries, awaited: true, closed: false }));
        self.agenda.insert((due, place, what));
        self.effects.actions.push(Action::Enrich(token.mint, what));
        self.effects.facts.push(Fact::Asked { mint: token.mint, what });
    }

    /// The pause after so many tries without an answer: doubles each time, up to its most.
    fn pause(&self, tries: u8) -> Duration {
        let keys = &self.reading.config.questions;
        let doublings = u32::from(tries.saturating_sub(1)).min(20);
        keys.retry.saturating_mul(1 << doublings).min(keys.retry_max)
    }
}
