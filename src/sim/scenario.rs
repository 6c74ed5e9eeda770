//! Scenario texts: a small readable language in which a market, an operator and a venue do things, and facts of
//! the engine are expected.
//!
//! ```text
//! launch A by dev                              # these lines open every scenario of the file
//! ramp A to 85 % over 12 min by 60 wallets
//!
//! scenario a stop fires once when the price crosses it
//! guards Stop
//! signal A strong_buy 90
//! after 2 s
//! => opened A
//! drive A to stop +1                           # one lamport above it
//! => no exit A
//! drive A to stop
//! => exactly 1 exit A stop
//! after 2 s
//! => closed A stop loss
//! ```
//!
//! The real engine, venue and loop play it: virtual time begins at 2026-01-01T12:00:00Z, with a tick each
//! quarter of a second and a slot each 400 ms whenever time passes. Nothing is drawn: an attempt lands after a
//! second unless `send` says otherwise. Trades move exact reserves; strangers are wallets that never traded.
//!
//! A scenario `guards` one protection or several: each expectation must hold with all of them on, and the
//! scenario must fail when any one of those it guards is off. A broken rule of the engine fails it too.
//! Also in force from its beginning, wherever they stand in it: `with PATH VALUE` (a setting that differs from
//! the defaults), `mode paper|live|dry-run`, `signals own|fed` (by the engine's own evaluations, or by `signal` alone),
//! `warm-up TIME`.
//!
//! Names of tokens begin with a capital, those of wallets with a small letter. `#` begins a comment.
//!
//! | statement | what happens |
//! |---|---|
//! | `set PATH VALUE` | a reconfiguration |
//! | `launch T by W [buying SOL] [mayhem\|foreign\|unseen]` | a coin (`A,B`: several); `foreign` is priced in USDC, of an `unseen` one the stream missed the launch |
//! | `buy T SOL by W`, `buy T tokens N by W` | a trade |
//! | `sell T SHARE by W`, `sell T all by W`, `sell T tokens N by W` | a trade |
//! | `ramp T to SHARE over TIME by N wallets` | N strangers buy (of `A,B` each), evenly, up to this progress |
//! | `drive T to SHARE [±N]` | a stranger buys, or the largest holders sell, up to this progress, N base units more or less |
//! | `drive T to stop [±N]`, `… to mark SOL [±N]`, `… to SHARE of entry [±N]` | the same up to a mark of our position, N lamports more or less |
//! | `complete T`, `migrate T` | the rest is bought; the pool opens |
//! | `after TIME`, `until HH:MM:SS`, `silent TIME` | time passes; in silence without slots |
//! | `feed up\|down\|gap N\|filled\|dead\|behind N` | what becomes of the stream; `dead` is the slot of the last trade |
//! | `tell T mint renounced\|mintable\|freezable\|extended`, `tell T curve\|holders`, `tell T links\|members N`, `tell T WHAT unknown` | an answer; of curve and holders the truth |
//! | `signal T buy\|strong_buy SCORE [safety N] [velocity N] [aged TIME] [foreign]` | an entry signal from outside |
//! | `we pause [for TIME]\|resume\|flatten\|lock\|reset HOLD` | a command |
//! | `we buy T SOL`, `we close T [SHARE] [urgent]`, `we adjust T stop SOL`, `we hold\|release\|write-off T`, `we blacklist\|unlist NAME` | a command |
//! | `send lost\|lands TIME\|fails TIME` | what becomes of the next send that nothing is said of |
//! | `stop holding\|flattening` | the run ends |
//! | `foreign in\|out SOL` | money that no order of ours explains |
//! | `=> [no\|exactly N] WORDS` | among the facts since the last other statement, one at least (none, N) begins so |
//!
//! An expectation is the beginning of the line that the runner makes of a fact, word by word; `*` stands for any
//! word, `<N` `<=N` `>N` `>=N` for a number. The lines are: `score T N complete|incomplete safety N`,
//! `signal T LEVEL SCORE progress SHARE safety N velocity N`, `refused T CODE …`, `BUY T SOL`, `SELL T REASON whole|part urgent|calm bound SHARE
//! tokens N`, `sent|failed|expired SIDE T NUMBER …`, `filled SIDE T SOL tokens N`, `order T filled|unfilled`,
//! `opened T SOL stop SOL`, `stop T SOL`, `exit T REASON SOL tokens N`, `stuck T REASON`, `closed T REASON
//! profit|even|loss SOL`, `state STATE HOLD WHO WHY`, and a few more that a failure shows.

mod expectation;
mod header;
mod lines;
mod settings;
mod stage;
mod statement;
mod words;
mod world;

#[cfg(test)]
mod tests;

use std::fmt;

use momentum_core::engine::Engine;
use momentum_core::protections::{Protection, Protections};

use crate::driver::Processor;
use expectation::Expectation;
use header::Header;
use stage::Stage;
use statement::Statement;
use words::Words;

/// Most facts that a failure shows.
const SHOWN: usize = 40;

/// What is wrong with a scenario text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct Misread {
    /// Number of the line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
}

/// One scenario of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// What it shows, as a sentence.
    pub title: String,
    header: Header,
    statements: Vec<(usize, String, Statement)>,
}

/// Where and how a scenario did not go as it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Number of the line in its text, from 1.
    pub line: usize,
    /// The line.
    pub text: String,
    /// What was wrong.
    pub message: String,
    /// The facts that it was compared with, the last ones of many.
    pub seen: Vec<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: `{}`: {}", self.line, self.text, self.message)?;
        self.seen.iter().try_for_each(|line| write!(f, "\n    {line}"))
    }
}

/// Reads the scenarios of a text. What stands before the first one opens each of them.
///
/// # Errors
/// Every line that is wrong.
pub fn parse(text: &str) -> Result<Vec<Scenario>, Vec<Misread>> {
    let mut opening = Scenario { title: String::new(), header: Header::default(), statements: Vec::new() };
    let mut scenarios: Vec<Scenario> = Vec::new();
    let mut misread = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        let mut words = Words::of(text);
        let Some(verb) = words.next() else { continue };
        if verb == "scenario" {
            scenarios.push(Scenario { title: words.rest(), ..opening.clone() });
            continue;
        }
        let scenario = scenarios.last_mut().unwrap_or(&mut opening);
        let read = scenario.header.read(verb, &words).unwrap_or_else(|| {
            let statement = Statement::read(verb, words)?;
            scenario.statements.push((line, text.trim().to_owned(), statement));
            Ok(())
        });
        misread.extend(read.err().map(|message| Misread { line, message }));
    }
    if misread.is_empty() { Ok(scenarios) } else { Err(misread) }
}

impl Scenario {
    /// The protections without which it must fail.
    #[must_use]
    pub fn guards(&self) -> &[Protection] {
        &self.header.guards
    }

    /// Plays it; what the engine told, line by line with its time of day.
    ///
    /// # Errors
    /// The first line that did not go as it says.
    pub fn play(&self, protections: Protections) -> Result<Vec<String>, Failure> {
        self.play_with(Engine::new(self.header.signals, protections))
    }

    fn play_with(&self, engine: impl Processor) -> Result<Vec<String>, Failure> {
        let failed = |(line, text): (usize, &str), message: String, mut seen: Vec<String>| {
            seen.drain(..seen.len().saturating_sub(SHOWN));
            Failure { line, text: text.to_owned(), message, seen }
        };
        let begun = Stage::begin(engine, &self.header);
        let mut stage = begun.map_err(|message| failed((0, self.title.as_str()), message, Vec::new()))?;
        // Expectations that follow each other read the same facts: those since the statements before them.
        let (mut since, mut expecting) = (0, false);
        for (line, text, statement) in &self.statements {
            let place = (*line, text.as_str());
            if let Statement::Expect(expectation) = statement {
                expecting = true;
                check(expectation, &stage, since).map_err(|(message, seen)| failed(place, message, seen))?;
                continue;
            }
            if std::mem::take(&mut expecting) {
                since = stage.position();
            }
            let played = stage.play(statement);
            played.map_err(|message| failed(place, message, shown(&stage, since)))?;
            if let Some(what) = stage.broken() {
                return Err(failed(
                    place,
                    format!("a rule of the engine broke: {what}"),
                    shown(&stage, since),
                ));
            }
        }
        Ok(shown(&stage, 0))
    }
}

fn check<P: Processor>(
    expectation: &Expectation,
    stage: &Stage<P>,
    since: usize,
) -> Result<(), (String, Vec<String>)> {
    let met = expectation.met(stage.lines(since).iter().map(|(_, line)| line.as_str()));
    if met { Ok(()) } else { Err(("not so; the facts since then:".to_owned(), shown(stage, since))) }
}

/// Lines with their time of day.
fn shown<P: Processor>(stage: &Stage<P>, since: usize) -> Vec<String> {
    stage.lines(since).iter().map(|(now, line)| format!("{}  {line}", &now.to_string()[11..23])).collect()
}
