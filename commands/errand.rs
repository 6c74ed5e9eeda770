//! What a command does by itself where no bot does it: a bot that does not answer is ended, its book is taken, and
//! the errand is done from here.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::thread;
use std::time::{Duration, Instant};

use momentum_control::client::ClientError;
use momentum_control::operator::this_user;
use momentum_control::problem::Problem;
use momentum_control::request::{Done, Wish};
use momentum_core::action::Effects;
use momentum_core::codes::{ErrorCode, Exit};
use momentum_core::engine::Engine;
use momentum_core::event::{Envelope, Mode, OnExit, Side};
use momentum_core::fact::{AttemptEnd, Fact, PositionClosed, Refused};
use momentum_core::ids::{Mint, Wallet};
use momentum_core::trader::positions::{Phase, Position};
use momentum_core::trader::state::Hold;
use momentum_core::units::{Lamports, LamportsDelta, TokenAmount};
use momentum_runtime::bot::{self, Ended, Errand, Origin, Plan, TRADING, Task};
use momentum_runtime::play::Audience;
use momentum_runtime::source::Choice;
use momentum_sim::driver::Driver;
use momentum_sim::market::Speed;
use momentum_store::book::{Book, Holder, Network};
use momentum_store::record::Sol;
use serde_json::{Value, json};

use crate::book::{Bot, no_bot};
use crate::columns::{Column, Kind};
use crate::failure::Failure;
use crate::global::{Global, assign};
use crate::output::Out;
use crate::run::screen::Screen;
use crate::stored::Stored;
use crate::{database, stop};

/// How long a bot may take to answer before it counts as hung.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);
/// How long the system may take to end a process.
const ENDS_WITHIN: Duration = Duration::from_secs(10);
/// Between two looks at a book that somebody holds.
const LOOK: Duration = Duration::from_millis(20);

/// Who does what was wished.
pub(crate) enum Reached {
    /// The bot: it is done, or under way.
    Bot(Box<Bot>, Done),
    /// The bot, which says what is wrong.
    Unheard(Failure),
    /// Nobody yet: no bot runs, or none any more.
    Nobody {
        /// Who held the book and was killed for its silence.
        killed: Option<Holder>,
    },
}

/// Tells the bot of `book`, if there is one. One that does not answer is killed where `kills` says so; who takes the
/// book then, as a supervisor's next bot may, is asked in turn.
pub(crate) fn reach(
    book: &Book,
    global: &Global,
    (wish, why): (&Wish, &str),
    kills: bool,
    out: &Out,
) -> Result<Reached, Failure> {
    let patience = if kills { PATIENCE.min(global.timeout) } else { global.timeout };
    let (mut began, mut killed) = (Instant::now(), None);
    loop {
        let left = patience.saturating_sub(began.elapsed()).max(LOOK);
        let Some(bot) = Bot::within(book, left)? else { return Ok(Reached::Nobody { killed }) };
        let told = bot.try_command(wish, why);
        let silent = began.elapsed() >= patience;
        match told {
            Ok(done) => return Ok(Reached::Bot(Box::new(bot), done)),
            // A word that comes when the patience is over is that of a bot whose loop hangs.
            Err(ClientError::Problem(problem)) if !silent => return Ok(Reached::Unheard(problem.into())),
            Err(ClientError::NoBot(_) | ClientError::Garbled(_)) if !silent => thread::sleep(LOOK),
            Err(garbled @ ClientError::Garbled(_)) => {
                return Ok(Reached::Unheard(garbled.problem(true).into()));
            }
            Err(_) if !silent => {}
            Err(_) => {
                let holder = bot.holder().clone();
                if !kills {
                    let message = format!("{holder} holds the book {} and does not answer", book.name());
                    return Err(Failure::new(ErrorCode::BookHeld, message)
                        .hint("give the command again with --urgent: a bot that hangs is ended then"));
                }
                end(book, &holder, out)?;
                (began, killed) = (Instant::now(), Some(holder));
            }
        }
    }
}

/// Ends a bot that hangs, and waits until its book is free.
fn end(book: &Book, holder: &Holder, out: &Out) -> Result<(), Failure> {
    let held = |what: &str| {
        let message = format!("{holder} holds the book {}, does not answer, and {what}", book.name());
        Failure::new(ErrorCode::BookHeld, message)
    };
    let names = [TRADING, "killswitch flatten", "trade sell", "positions reconcile", "positions sweep"];
    if !names.contains(&holder.command.as_str()) {
        return Err(held("is no bot: it is left alone").hint("wait for its end, then give the command again"));
    }
    let process = holder.here().ok_or_else(|| {
        held("cannot be ended from here").hint("end it on its machine, then give the command again there")
    })?;
    out.say(&format!("{holder} does not answer: it is killed"));
    process.kill().map_err(|error| held(&format!("cannot be killed: {error}")))?;
    let began = Instant::now();
    while book.holder()?.is_some_and(|found| found.process == Some(process)) {
        if began.elapsed() >= ENDS_WITHIN {
            return Err(held("is not gone though it was killed"));
        }
        thread::sleep(LOOK);
    }
    Ok(())
}

/// An errand, as a command wants it.
pub(crate) struct Wanted<'a> {
    pub(crate) book: &'a Book,
    pub(crate) task: Task,
    pub(crate) why: &'a str,
    /// How long to go on.
    pub(crate) wait: Duration,
    /// Who was killed before.
    pub(crate) killed: Option<Holder>,
}

/// Does it. What came of it is the exit status: 0 where all is done.
pub(crate) fn carry_out(global: &Global, wanted: &Wanted<'_>, out: &mut Out) -> Result<(), Failure> {
    let book = wanted.book;
    let stored = Stored::find(book, global)?;
    let in_play = stored.map(|stored| stored.in_play()).transpose()?.unwrap_or_default();
    match wanted.task {
        Task::Sell { mint, .. } if !in_play.contains(&mint) => {
            let none = if book.folder().is_dir() {
                Failure::new(ErrorCode::NotFound, format!("there is no position in {mint}"))
            } else {
                no_bot(book)
            };
            return Err(none);
        }
        Task::Flatten if in_play.is_empty() || book.name().mode == Mode::DryRun => {
            return Told { wanted, sold: Vec::new(), left: Vec::new(), flying: Vec::new() }
                .print("nothing is held", out);
        }
        _ => {}
    }
    let (ended, sales) = run(global, wanted, out).inspect_err(|_| {
        let mints: Vec<_> = in_play.iter().map(ToString::to_string).collect();
        out.say(&format!("NOTHING IS SOLD, and something of ours is in {}", mints.join(", ")));
    })?;
    settle(wanted, &ended, &sales, out)
}

/// The errand alone: how it ended, and what was told meanwhile.
pub(crate) fn run(global: &Global, wanted: &Wanted<'_>, out: &Out) -> Result<(Ended, Sales), Failure> {
    let book = wanted.book;
    let sim = book.name().network == Network::Sim;
    // A book of the embedded market is one of its seed, whatever the settings say.
    let seed = bot::seed_of(book).filter(|_| sim).map(|seed| assign("the book", "sim.seed", &seed));
    let settings = global.settings(seed.into_iter().collect())?;
    let address = database::address_by(global, book, &settings)?;
    let talk = out.talk();
    let errand = Errand {
        task: wanted.task.clone(),
        who: this_user(),
        why: wanted.why.to_owned(),
        until: Instant::now() + wanted.wait,
    };
    let plan = Plan {
        settings: &settings,
        mode: book.name().mode,
        origin: if sim { Origin::Made(Choice::Sim) } else { Origin::Live },
        until: None,
        speed: Speed::Max,
        on_exit: OnExit::Hold,
        record: None,
        book: Some((book.clone(), address)),
        errand: Some(errand),
        say: &|line| talk.say(line),
    };
    let stop = stop::on_interrupt();
    let (name, seconds) = (book.name(), wanted.wait.as_secs());
    out.say(&format!("no bot runs on {name}: this command does it itself, for {seconds} s at most"));
    let (ended, sales) = bot::run(&plan, &stop, None, |_| Sales {
        screen: Screen::of_sales(out),
        sold: BTreeMap::new(),
        foreign: Vec::new(),
        closed: Vec::new(),
        unsent: BTreeMap::new(),
        refused: None,
    })?;
    sales.screen.clear();
    Ok((ended, sales))
}

/// What is told of an errand while it is done, and what its sales brought.
pub(crate) struct Sales {
    screen: Screen,
    sold: BTreeMap<Mint, Sold>,
    /// Lamports that came or went without an order of ours.
    pub(crate) foreign: Vec<(Wallet, LamportsDelta)>,
    /// Positions that are over.
    pub(crate) closed: Vec<PositionClosed>,
    /// Why the newest try of a token never left, where it did not.
    unsent: BTreeMap<Mint, String>,
    /// Why a sale that was asked for is not made.
    refused: Option<Refused>,
}

/// What was sold of a token.
#[derive(Clone, Copy, Debug, Default)]
struct Sold {
    tokens: TokenAmount,
    proceeds: Lamports,
    /// Network fees of all attempts, the failed ones too.
    network: Lamports,
}

impl Audience<Engine> for Sales {
    fn see(&mut self, envelope: &Envelope, effects: &Effects) {
        self.screen.see(envelope, effects);
        for fact in &effects.facts {
            match fact {
                Fact::Filled { mint, fill, .. } if fill.side == Side::Sell => {
                    let sold = self.sold.entry(*mint).or_default();
                    sold.tokens += fill.tokens;
                    sold.proceeds += fill.lamports;
                    sold.network += fill.costs.total();
                }
                Fact::OrderOpened(order) => drop(self.unsent.remove(&order.mint)),
                Fact::AttemptEnded { mint, end: AttemptEnd::Refused { why }, .. } => {
                    self.unsent.insert(*mint, why.clone());
                }
                Fact::AttemptEnded { mint, costs, .. } if costs.total() > Lamports::ZERO => {
                    self.sold.entry(*mint).or_default().network += costs.total();
                }
                Fact::ForeignMoney { wallet, change } => self.foreign.push((*wallet, *change)),
                Fact::PositionClosed(closed) => self.closed.push(closed.clone()),
                Fact::Refused(told) if told.side == Side::Sell => self.refused = Some(told.clone()),
                _ => {}
            }
        }
    }

    fn after(&mut self, driver: &Driver<Engine>) -> ControlFlow<()> {
        let trader = driver.processor().trader();
        self.screen.show(|| {
            let (left, flying) = (trader.positions().count(), trader.unended().count());
            format!("{left} positions left, {flying} attempts in flight")
        });
        ControlFlow::Continue(())
    }
}

/// What came of it.
struct Told<'a, 'b> {
    wanted: &'a Wanted<'b>,
    sold: Vec<Value>,
    left: Vec<Value>,
    flying: Vec<Value>,
}

/// Says what came of it, and ends with its status.
fn settle(wanted: &Wanted<'_>, ended: &Ended, sales: &Sales, out: &mut Out) -> Result<(), Failure> {
    if let (Task::Sell { .. }, Some(refused)) = (&wanted.task, &sales.refused) {
        return Err(Problem::refused(refused).into());
    }
    let trader = ended.engine.trader();
    let of_it = |mint: &Mint| match wanted.task {
        Task::Sell { mint: wanted, .. } => wanted == *mint,
        Task::Flatten | Task::Reconcile | Task::Sweep(_) => true,
    };
    // Of a part that was sold the rest is left as it was wished.
    let part = matches!(wanted.task, Task::Sell { tokens: Some(_), .. }) && ended.finished;
    let kept = part || !wanted.task.sells();
    let left: Vec<_> = trader
        .positions()
        .filter(|position| of_it(&position.mint) && !kept)
        .map(|position| of_position(position, sales.unsent.get(&position.mint)))
        .collect();
    let flying: Vec<_> = trader
        .unended()
        .filter(|attempt| of_it(&attempt.order.mint))
        .map(|attempt| {
            let order = &attempt.order;
            json!({"attempt": order.attempt.to_string(), "mint": order.mint, "side": order.swap.side(), "state": attempt.state})
        })
        .collect();
    let sold = sales.sold.iter().map(|(mint, sold)| {
        json!({
            "mint": mint, "tokens": sold.tokens.to_string(),
            "proceeds_lamports": sold.proceeds.0.to_string(), "proceeds_sol": Sol::from(sold.proceeds),
            "network_lamports": sold.network.0.to_string(), "network_sol": Sol::from(sold.network),
        })
    });
    let locked = trader.view().holds.iter().any(|held| held.hold == Hold::Lock);
    let (outcome, status) = if locked && !left.is_empty() {
        ("an operator has locked it: nothing leaves", Exit::HALTED)
    } else if !flying.is_empty() {
        ("attempts are in flight that the chain has not ended", Exit::OUTCOME_UNKNOWN)
    } else if !left.is_empty() {
        ("not all is sold", Exit::PARTIAL)
    } else {
        ("done", Exit::OK)
    };
    Told { wanted, sold: sold.collect(), left, flying }.print(outcome, out)?;
    out.flush()?;
    if !ended.durable {
        return Err(Failure::new(ErrorCode::CannotWrite, "the last of it is not in the database"));
    }
    if status == Exit::OK { Ok(()) } else { Err(Failure::Status(status)) }
}

/// A position that is left, with why and what to do.
fn of_position(position: &Position, unsent: Option<&String>) -> Value {
    let mint = position.mint;
    let stuck = [&position.whole, &position.part].into_iter().flatten().any(|sale| sale.stuck.is_some());
    let (why, next) = if matches!(position.phase, Phase::Graduating { .. }) {
        (
            "its curve is sold out and its pool is not open: it trades nowhere".to_owned(),
            "give the command again once its pool is open".to_owned(),
        )
    } else if let Some(why) = unsent {
        (
            format!("its last try never left: {why}"),
            "mend what is named and give the command again; a transaction that momentum itself does not sign is a \
             fault of momentum: report it"
                .to_owned(),
        )
    } else if stuck {
        (
            "it was not sold at the widest bound either".to_owned(),
            format!("give the command again, or book it as lost: momentum positions write-off {mint}"),
        )
    } else {
        (
            "it was not sold in the time that was given".to_owned(),
            "give the command again: it goes on where this one ended".to_owned(),
        )
    };
    json!({
        "mint": mint, "tokens": position.remaining().to_string(),
        "mark_sol": Sol::from(position.mark.of(position.remaining())), "why": why, "next": next,
    })
}

impl Told<'_, '_> {
    fn print(&self, outcome: &str, out: &mut Out) -> Result<(), Failure> {
        let Self { wanted, sold, left, flying } = self;
        let verb = wanted.task.name();
        let killed = wanted.killed.as_ref().map(ToString::to_string);
        if !out.for_people_by_default() {
            let record = json!({
                "schema": "momentum.errand.v1", "verb": verb, "book": wanted.book.name().to_string(),
                "killed": killed, "outcome": outcome, "sold": sold, "left": left, "in_flight": flying,
            });
            return out.one(&[Column::new("verb", "verb", Kind::Text)], &record);
        }
        out.text(&format!("{verb} {}: {outcome}\n", wanted.book.name()))?;
        if !sold.is_empty() {
            let columns = [
                Column::new("SOLD", "mint", Kind::Key),
                Column::new("TOKENS", "tokens", Kind::Number),
                Column::new("BROUGHT (SOL)", "proceeds_sol", Kind::Number),
                Column::new("NETWORK FEES (SOL)", "network_sol", Kind::Number),
            ];
            out.list(&columns, sold)?;
        }
        if wanted.task == Task::Flatten {
            out.text("nothing is bought until `momentum killswitch reset flatten`\n")?;
        }
        let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
        for row in left {
            let (mint, tokens, mark) = (text(row, "mint"), text(row, "tokens"), text(row, "mark_sol"));
            out.text(&format!("LEFT  {mint}: {tokens} tokens, worth {mark} SOL: {}\n", text(row, "why")))?;
            out.text(&format!("      {}\n", text(row, "next")))?;
        }
        for row in flying {
            let (side, mint) = (text(row, "side"), text(row, "mint"));
            out.text(&format!(
                "IN FLIGHT  a {side} of {mint} ({}): do not trade it by hand; give the command again\n",
                text(row, "state")
            ))?;
        }
        Ok(())
    }
}
