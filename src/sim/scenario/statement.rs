//! What a scenario may say: one statement a line. The grammar is in the module above.

use std::time::Duration;

use momentum_core::event::{Answer, Links, MintFacts, OnExit, Side, Unknown};
use momentum_core::trader::signals::Level;
use momentum_core::trader::state::Hold;
use momentum_core::units::{Bps, Lamports, LamportsDelta, Points, Thousandths, TokenAmount};

use super::expectation::Expectation;
use super::words::{Misread, Words};
use super::world::SUPPLY;
use crate::venue::Fate;

/// One line of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Statement {
    Set { path: String, value: String },
    Launch { tokens: Vec<String>, by: String, buying: Option<Lamports>, kind: Kind },
    Trade { token: String, side: Side, amount: Amount, by: String },
    Ramp { tokens: Vec<String>, to: Bps, over: Duration, wallets: u16 },
    Drive { token: String, to: Target, offset: i64 },
    Complete(String),
    Migrate(String),
    After(Duration),
    Until(Duration),
    Silent(Duration),
    Feed(Feed),
    Tell { token: String, told: Told },
    We(Wish),
    Signal(Signal),
    Send(Fate),
    Stop(OnExit),
    Foreign(LamportsDelta),
    Expect(Expectation),
}

/// What kind of coin is launched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// By `create_v2`, in SOL.
    #[default]
    Ordinary,
    /// An agent trades outside the curve's formula.
    Mayhem,
    /// Priced in another token.
    Foreign,
    /// Its launch was missed: the stream begins with its first trade.
    Unseen,
}

/// What is told of a token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Told {
    /// What the text says.
    Answer(Answer),
    /// What its curve account says.
    Curve,
    /// Who holds it.
    Holders,
}

/// How much is traded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Amount {
    /// So much SOL, fees included.
    Sol(Lamports),
    /// So many tokens.
    Tokens(TokenAmount),
    /// A share of what the wallet holds.
    Share(Bps),
}

/// Where a token's price is driven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A progress of the curve.
    Progress(Bps),
    /// A mark of our whole position.
    Mark(Lamports),
    /// The position's stop.
    Stop,
    /// So much of what the position cost, by the token.
    Entry(Bps),
}

/// What happens to the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Feed {
    Up,
    Down,
    /// So many slots go missing now.
    Gap(u64),
    /// The last gap was filled.
    Filled,
    /// The slot of the last trade is not on the chain.
    Dead,
    /// The chain is known to be so many slots ahead of the stream.
    Behind(u64),
}

/// What the operator wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    Pause(Option<Duration>),
    Resume,
    Flatten,
    Lock,
    Reset(Hold),
    Buy {
        token: String,
        spend: Lamports,
    },
    Close {
        token: String,
        share: Option<Bps>,
        urgent: bool,
    },
    Adjust {
        token: String,
        stop: Lamports,
    },
    Hold(String),
    Release(String),
    WriteOff(String),
    /// A token or a wallet.
    Blacklist {
        name: String,
        listed: bool,
    },
}

/// An entry signal from outside.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Signal {
    pub(super) token: String,
    pub(super) level: Level,
    pub(super) score: Points,
    pub(super) safety: Points,
    pub(super) velocity: Thousandths,
    /// How long before it is heard it was made.
    pub(super) age: Duration,
    /// It was made under other settings than ours.
    pub(super) other_settings: bool,
}

impl Statement {
    /// Reads the line that begins with `verb`.
    pub(super) fn read(verb: &str, mut words: Words<'_>) -> Result<Self, Misread> {
        let words = &mut words;
        let statement = match verb {
            "=>" => return Expectation::read(words.clone()).map(Self::Expect),
            "set" => {
                let path = words.need("a setting")?.to_owned();
                let value = words.clone().rest();
                return Ok(Self::Set { path, value });
            }
            "launch" => Self::launch(words)?,
            "buy" | "sell" => Self::trade(verb, words)?,
            "ramp" => Self::ramp(words)?,
            "drive" => Self::drive(words)?,
            "complete" => Self::Complete(words.token()?),
            "migrate" => Self::Migrate(words.token()?),
            "after" => Self::After(words.measure()?),
            "until" => Self::Until(time_of_day(words.need("a time of day")?)?),
            "silent" => Self::Silent(words.measure()?),
            "feed" => Self::Feed(Feed::read(words)?),
            "tell" => Self::Tell { token: words.token()?, told: told(words)? },
            "we" => Self::We(Wish::read(words)?),
            "signal" => Self::Signal(Signal::read(words)?),
            "send" => Self::Send(fate(words)?),
            "stop" => {
                Self::Stop(words.choice(&[("holding", OnExit::Hold), ("flattening", OnExit::Flatten)])?)
            }
            "foreign" => Self::foreign(words)?,
            other => return Err(format!("`{other}` begins no statement")),
        };
        words.clone().end()?;
        Ok(statement)
    }

    fn launch(words: &mut Words<'_>) -> Result<Self, Misread> {
        let tokens = words.token_list()?;
        words.expect("by")?;
        let by = words.wallet()?;
        let buying = words.take("buying").then(|| words.measure()).transpose()?;
        let kind = match words.next() {
            None => Kind::Ordinary,
            Some("mayhem") => Kind::Mayhem,
            Some("foreign") => Kind::Foreign,
            Some("unseen") => Kind::Unseen,
            Some(other) => return Err(format!("`{other}` is no kind of coin: mayhem, foreign or unseen")),
        };
        Ok(Self::Launch { tokens, by, buying, kind })
    }

    fn trade(verb: &str, words: &mut Words<'_>) -> Result<Self, Misread> {
        let side = if verb == "buy" { Side::Buy } else { Side::Sell };
        let token = words.token()?;
        let amount = if words.take("all") {
            Amount::Share(Bps::WHOLE)
        } else if words.take("tokens") {
            Amount::Tokens(words.tokens()?)
        } else if side == Side::Buy {
            Amount::Sol(words.measure()?)
        } else {
            Amount::Share(words.measure()?)
        };
        words.expect("by")?;
        Ok(Self::Trade { token, side, amount, by: words.wallet()? })
    }

    fn ramp(words: &mut Words<'_>) -> Result<Self, Misread> {
        let tokens = words.token_list()?;
        words.expect("to")?;
        let to = words.measure()?;
        words.expect("over")?;
        let over = words.measure()?;
        words.expect("by")?;
        let wallets = words.number()?;
        words.expect("wallets")?;
        Ok(Self::Ramp { tokens, to, over, wallets })
    }

    fn drive(words: &mut Words<'_>) -> Result<Self, Misread> {
        let token = words.token()?;
        words.expect("to")?;
        let to = if words.take("stop") {
            Target::Stop
        } else if words.take("mark") {
            Target::Mark(words.measure()?)
        } else {
            let share = words.measure()?;
            if words.take("of") {
                words.expect("entry")?;
                Target::Entry(share)
            } else {
                Target::Progress(share)
            }
        };
        Ok(Self::Drive { token, to, offset: words.offset().unwrap_or(0) })
    }

    fn foreign(words: &mut Words<'_>) -> Result<Self, Misread> {
        let gone = words.take("out");
        if !gone {
            words.expect("in")?;
        }
        let sum: Lamports = words.measure()?;
        let sum = i64::try_from(sum.0).map_err(|_| "more than there is".to_owned())?;
        Ok(Self::Foreign(LamportsDelta(if gone { -sum } else { sum })))
    }
}

impl Feed {
    fn read(words: &mut Words<'_>) -> Result<Self, Misread> {
        Ok(match words.need("what the feed does")? {
            "up" => Self::Up,
            "down" => Self::Down,
            "gap" => Self::Gap(words.number()?),
            "filled" => Self::Filled,
            "dead" => Self::Dead,
            "behind" => Self::Behind(words.number()?),
            other => return Err(format!("`{other}`: up, down, gap N, filled, dead or behind N")),
        })
    }
}

impl Wish {
    fn read(words: &mut Words<'_>) -> Result<Self, Misread> {
        Ok(match words.need("what we want")? {
            "pause" => Self::Pause(words.take("for").then(|| words.measure()).transpose()?),
            "resume" => Self::Resume,
            "flatten" => Self::Flatten,
            "lock" => Self::Lock,
            "reset" => Self::Reset(words.choice(&[
                ("pause", Hold::Pause),
                ("flatten", Hold::Flatten),
                ("lock", Hold::Lock),
                ("daily-loss", Hold::DailyLoss),
                ("drawdown", Hold::Drawdown),
                ("daily-fees", Hold::DailyFees),
                ("invariant", Hold::Invariant),
                ("outage", Hold::Outage),
            ])?),
            "buy" => Self::Buy { token: words.token()?, spend: words.measure()? },
            "close" => {
                let token = words.token()?;
                let mut rest = words.clone();
                let share = rest.measure().ok();
                if share.is_some() {
                    *words = rest;
                }
                Self::Close { token, share, urgent: words.take("urgent") }
            }
            "adjust" => {
                let token = words.token()?;
                words.expect("stop")?;
                Self::Adjust { token, stop: words.measure()? }
            }
            "hold" => Self::Hold(words.token()?),
            "release" => Self::Release(words.token()?),
            "write-off" => Self::WriteOff(words.token()?),
            "blacklist" => Self::Blacklist { name: words.need("a name")?.to_owned(), listed: true },
            "unlist" => Self::Blacklist { name: words.need("a name")?.to_owned(), listed: false },
            other => return Err(format!("`{other}` is nothing that an operator can want")),
        })
    }
}

impl Signal {
    fn read(words: &mut Words<'_>) -> Result<Self, Misread> {
        let token = words.token()?;
        let level = words.choice(&[("buy", Level::Buy), ("strong_buy", Level::StrongBuy)])?;
        let mut signal = Self {
            token,
            level,
            score: words.number()?,
            safety: Points::whole(10),
            velocity: Thousandths(2_000),
            age: Duration::ZERO,
            other_settings: false,
        };
        while let Some(word) = words.next() {
            match word {
                "safety" => signal.safety = words.number()?,
                "velocity" => signal.velocity = words.number()?,
                "aged" => signal.age = words.measure()?,
                "foreign" => signal.other_settings = true,
                other => return Err(format!("`{other}`: safety N, velocity N, aged TIME or foreign")),
            }
        }
        Ok(signal)
    }
}

/// What becomes of a send: `lost`, `lands TIME`, `fails TIME`.
fn fate(words: &mut Words<'_>) -> Result<Fate, Misread> {
    Ok(match words.need("an outcome")? {
        "lost" => Fate::Lost,
        "lands" => Fate::Lands(words.measure()?),
        "fails" => Fate::Fails(words.measure()?),
        other => return Err(format!("`{other}`: lost, lands TIME or fails TIME")),
    })
}

fn told(words: &mut Words<'_>) -> Result<Told, Misread> {
    let what = words.need("what is told")?;
    let unknown = words.take("unknown").then_some(Unknown::Failed);
    Ok(Told::Answer(match (what, unknown) {
        ("curve", None) => return Ok(Told::Curve),
        ("holders", None) => return Ok(Told::Holders),
        ("curve", Some(why)) => Answer::Curve(Err(why)),
        ("holders", Some(why)) => Answer::Holders(Err(why)),
        ("mint", Some(why)) => Answer::Mint(Err(why)),
        ("links", Some(why)) => Answer::Metadata(Err(why)),
        ("members", Some(why)) => Answer::Members(Err(why)),
        ("mint", None) => Answer::Mint(Ok(mint_facts(words)?)),
        ("links", None) => {
            let number: u16 = words.number()?;
            Answer::Metadata(Ok(Links { website: number > 0, twitter: number > 1, telegram: number > 2 }))
        }
        ("members", None) => Answer::Members(Ok(words.number()?)),
        (other, _) => return Err(format!("`{other}`: mint, curve, holders, links or members")),
    }))
}

fn mint_facts(words: &mut Words<'_>) -> Result<MintFacts, Misread> {
    let mut facts = MintFacts {
        mint_authority: false,
        freeze_authority: false,
        foreign_extension: false,
        supply: TokenAmount(SUPPLY),
    };
    match words.need("what the mint is")? {
        "renounced" => {}
        "mintable" => facts.mint_authority = true,
        "freezable" => facts.freeze_authority = true,
        "extended" => facts.foreign_extension = true,
        other => return Err(format!("`{other}`: renounced, mintable, freezable or extended")),
    }
    Ok(facts)
}

/// `23:59:50` as the time since midnight.
fn time_of_day(text: &str) -> Result<Duration, Misread> {
    let parts: Option<Vec<u64>> = text.split(':').map(|part| part.parse().ok()).collect();
    match parts.as_deref() {
        Some([h, m, s]) if *h < 24 && *m < 60 && *s < 60 => Ok(Duration::from_secs(h * 3_600 + m * 60 + s)),
        _ => Err(format!("`{text}` is no time of day like 23:59:50")),
    }
}
