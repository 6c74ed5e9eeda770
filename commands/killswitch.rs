//! `momentum killswitch`: stops buying, sells everything, or stops all; with the bot up, hung or dead.

use std::time::{Duration, Instant};

use clap::{Args, Subcommand, ValueEnum};
use momentum_control::operator::this_user;
use momentum_control::request::Wish;
use momentum_core::codes::{ErrorCode, Exit};
use momentum_core::event::Commanded;
use momentum_core::time::Timestamp;
use momentum_core::trader::state::{Held, Hold};
use momentum_store::book::{Book, wall_clock};
use momentum_store::holds;
use momentum_store::kill::{Ended, Halt, HaltKind, KillFile, KillFileError};
use serde_json::{Value, json};

use crate::book::{BookArgs, Bot, no_bot};
use crate::columns::{Column, Kind};
use crate::confirm;
use crate::failure::Failure;
use crate::global::{Global, span};
use crate::output::Out;
use crate::stored::Stored;

/// What `momentum killswitch` can do.
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  momentum killswitch pause --for 30min            no buys; exits go on
  momentum killswitch flatten --why 'going home'   no buys, and sell everything now
  momentum killswitch lock                         nothing leaves any more, sells included
  momentum killswitch status                       who holds what back, and until when
  momentum killswitch reset lock --confirm lock    end it")]
pub(crate) enum Command {
    /// Who holds what back, and until when.
    #[command(after_help = "\
Examples:
  momentum killswitch status
  momentum killswitch status --network mainnet --mode live --json")]
    Status(BookArgs),
    /// No buys; exits go on. Ends by resume, or after --for.
    #[command(after_help = "\
Examples:
  momentum killswitch pause
  momentum killswitch pause --for 30min --why 'new settings'")]
    Pause(Pause),
    /// Ends your own pause.
    #[command(after_help = "\
Examples:
  momentum killswitch resume")]
    Resume(Plain),
    /// No buys, and everything is sold now. Ends by reset.
    #[command(after_help = "\
Examples:
  momentum killswitch flatten --why 'going home'")]
    Flatten(Plain),
    /// Nothing leaves any more, sells included; no bot starts. Ends by reset.
    #[command(after_help = "\
Examples:
  momentum killswitch lock --why 'keys may be stolen'")]
    Lock(Plain),
    /// Ends what holds trading back, whoever set it: its name must be typed.
    #[command(after_help = "\
Examples:
  momentum killswitch reset flatten
  momentum killswitch reset daily-loss --confirm daily-loss --why 'it was a fault of the stream'
  momentum killswitch reset file --confirm file      a kill file that cannot be read")]
    Reset(Reset),
}

/// Which book, and why.
#[derive(Args, Debug)]
pub(crate) struct Plain {
    /// Why, for the audit
    #[arg(long, value_name = "TEXT", default_value = "by hand")]
    why: String,
    #[command(flatten)]
    book: BookArgs,
}

/// A pause.
#[derive(Args, Debug)]
pub(crate) struct Pause {
    /// It ends by itself after this time
    #[arg(long = "for", value_name = "DUR", value_parser = span)]
    span: Option<Duration>,
    #[command(flatten)]
    plain: Plain,
}

/// What to end.
#[derive(Args, Debug)]
pub(crate) struct Reset {
    /// What holds trading back
    #[arg(value_enum)]
    hold: HoldWord,
    #[command(flatten)]
    plain: Plain,
}

/// A hold, as the command line has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum HoldWord {
    /// All pauses, those of others too
    Pause,
    /// An operator's flatten
    Flatten,
    /// An operator's lock
    Lock,
    /// The daily loss limit
    DailyLoss,
    /// The drawdown limit
    Drawdown,
    /// The fees of the day
    DailyFees,
    /// A broken invariant
    Invariant,
    /// A part that stayed down, for which everything was sold
    Outage,
    /// The kill file, whatever is in it
    File,
}

impl HoldWord {
    /// The engine's name of it; none for what only the file has.
    const fn hold(self) -> Option<Hold> {
        match self {
            Self::Pause => Some(Hold::Pause),
            Self::Flatten => Some(Hold::Flatten),
            Self::Lock => Some(Hold::Lock),
            Self::DailyLoss => Some(Hold::DailyLoss),
            Self::Drawdown => Some(Hold::Drawdown),
            Self::DailyFees => Some(Hold::DailyFees),
            Self::Invariant => Some(Hold::Invariant),
            Self::Outage => Some(Hold::Outage),
            Self::File => None,
        }
    }

    /// What of it is in the kill file.
    const fn ended(self) -> Option<Ended> {
        match self {
            Self::Pause => Some(Ended::Kind(HaltKind::Pause)),
            Self::Flatten => Some(Ended::Kind(HaltKind::Flatten)),
            Self::Lock => Some(Ended::Kind(HaltKind::Lock)),
            Self::File => Some(Ended::All),
            Self::DailyLoss | Self::Drawdown | Self::DailyFees | Self::Invariant | Self::Outage => None,
        }
    }

    fn word(self) -> String {
        self.to_possible_value().map(|word| word.get_name().to_owned()).unwrap_or_default()
    }
}

/// Runs it.
pub(crate) fn run(global: &Global, command: Command, out: &mut Out) -> Result<(), Failure> {
    match command {
        Command::Status(book) => status(global, &book, out),
        Command::Pause(Pause { span, plain }) => {
            let seconds = span.map(|span| span.as_secs().max(1));
            stop(global, &plain, HaltKind::Pause, span, &Wish::Pause { seconds }, out)
        }
        Command::Flatten(plain) => stop(global, &plain, HaltKind::Flatten, None, &Wish::Flatten {}, out),
        Command::Lock(plain) => stop(global, &plain, HaltKind::Lock, None, &Wish::Lock {}, out),
        Command::Resume(plain) => {
            let book = plain.book.book(global)?;
            let ended = Ended::PauseOf(this_user());
            go_on(global, &book, Some(&ended), Some(&Wish::Resume {}), &plain.why, out)
        }
        Command::Reset(Reset { hold, plain }) => {
            let book = plain.book.book(global)?;
            let question =
                format!("This ends `{}` on the book {}, whoever set it.", hold.word(), book.name());
            confirm::typed(global, &question, &hold.word())?;
            let wish = hold.hold().map(|hold| Wish::Reset { hold });
            go_on(global, &book, hold.ended().as_ref(), wish.as_ref(), &plain.why, out)
        }
    }
}

/// The file first: then it holds, whatever becomes of the rest.
fn stop(
    global: &Global,
    plain: &Plain,
    kind: HaltKind,
    span: Option<Duration>,
    wish: &Wish,
    out: &mut Out,
) -> Result<(), Failure> {
    let book = plain.book.book(global)?;
    book.create()?;
    let since = wall_clock();
    let (who, why) = (this_user(), plain.why.clone());
    let halt = Halt { kind, who, why, since, until: span.map(|span| since + span) };
    KillFile::of(&book).order(halt).map_err(|error| unwritten(&error))?;
    told(global, &book, wish, &plain.why, "in the kill file", out)
}

fn go_on(
    global: &Global,
    book: &Book,
    ended: Option<&Ended>,
    wish: Option<&Wish>,
    why: &str,
    out: &mut Out,
) -> Result<(), Failure> {
    if !book.folder().is_dir() {
        return Err(no_bot(book));
    }
    if let Some(ended) = ended {
        KillFile::of(book).end(ended).map_err(|error| unwritten(&error))?;
    }
    match wish {
        Some(wish) if ended.is_some() => told(global, book, wish, why, "out of the kill file", out),
        Some(wish) => match Bot::of(book, global)? {
            Some(bot) => {
                bot.command(wish, why)?;
                say(book, wish.verb(), "ended", Some(true), out)
            }
            None => match end_row(global, book, wish, why)? {
                None => Err(no_bot(book)),
                Some(true) => say(book, wish.verb(), "out of the database; no bot runs", None, out),
                Some(false) => say(book, wish.verb(), "nothing was held; no bot runs", None, out),
            },
        },
        None => say(book, "reset", "the kill file is gone", None, out),
    }
}

/// Tells the bot, if there is one. One that does not answer is no reason to fail: the file is read before
/// every send. But it is said, by the status too.
fn told(
    global: &Global,
    book: &Book,
    wish: &Wish,
    why: &str,
    file: &str,
    out: &mut Out,
) -> Result<(), Failure> {
    let Some(bot) = Bot::of(book, global)? else {
        let row = end_row(global, book, wish, why)?.unwrap_or(false);
        let row = if row { " and out of the database" } else { "" };
        return say(book, wish.verb(), &format!("{file}{row}; no bot runs"), None, out);
    };
    let asked = Instant::now();
    match bot.command(wish, why) {
        Ok(_) => {
            let took = asked.elapsed().as_millis();
            say(book, wish.verb(), &format!("{file}; acknowledged by the bot in {took} ms"), Some(true), out)
        }
        Err(failure) => {
            out.say(&failure.message());
            let holds = format!("{file}, which the bot reads before every send; NOT acknowledged by the bot");
            say(book, wish.verb(), &holds, Some(false), out)?;
            out.flush()?;
            Err(Failure::Status(Exit::PARTIAL))
        }
    }
}

/// Ends by hand what the bot that ran last had written into its book: it would hold the next one back. Whether
/// anything was held there; none where there is no database. What stops something needs no row: the next bot
/// reads the file.
fn end_row(global: &Global, book: &Book, wish: &Wish, why: &str) -> Result<Option<bool>, Failure> {
    if !matches!(wish, Wish::Resume {} | Wish::Reset { .. }) {
        return Ok(None);
    }
    let Some(stored) = Stored::find(book, global)? else { return Ok(None) };
    let _lock = book.lock("momentum killswitch")?;
    let now = wall_clock();
    let told = Commanded { who: this_user(), why: why.to_owned(), command: wish.command(now) };
    stored.write(async |db| holds::end(db, &told, now).await).map(Some)
}

fn say(book: &Book, verb: &str, how: &str, acknowledged: Option<bool>, out: &mut Out) -> Result<(), Failure> {
    if out.for_people_by_default() {
        return out.text(&format!("{verb} {}: {how}\n", book.name()));
    }
    let record = json!({
        "schema": "momentum.killed.v1", "verb": verb, "book": book.name().to_string(), "how": how,
        "acknowledged": acknowledged,
    });
    out.one(&[Column::new("verb", "verb", Kind::Text)], &record)
}

fn status(global: &Global, args: &BookArgs, out: &mut Out) -> Result<(), Failure> {
    let book = args.book(global)?;
    let mut rows = Vec::new();
    if book.folder().is_dir() {
        match KillFile::of(&book).read() {
            Ok(halts) => rows.extend(halts.iter().filter(|halt| halt.stands(wall_clock())).map(of_file)),
            Err(error) => rows.push(json!({
                "where": "file", "hold": "unreadable", "allows": "exits_only", "who": "", "why": error.to_string(),
            })),
        }
    }
    match Bot::of(&book, global)? {
        Some(bot) => rows.extend(bot.state()?.trading.holds.iter().map(|held| held_by("bot", held))),
        // The next bot would be held back by it.
        None => {
            if let Some(stored) = Stored::find(&book, global)? {
                match stored.read(async |db| holds::holds(db).await) {
                    Ok(held) => rows.extend(held.iter().map(|held| held_by("database", held))),
                    Err(failure) => out.say(&failure.message()),
                }
            }
        }
    }
    if rows.is_empty() && out.for_people_by_default() {
        return out.text(&format!("{}: nothing is held back\n", book.name()));
    }
    let columns = [
        Column::new("WHERE", "where", Kind::Text),
        Column::new("WHAT", "hold", Kind::Text),
        Column::new("ALLOWS", "allows", Kind::State),
        Column::new("WHO", "who", Kind::Text),
        Column::new("WHY", "why", Kind::Text),
        Column::new("SINCE", "since", Kind::Text),
        Column::new("UNTIL", "until", Kind::Text),
    ];
    out.list(&columns, &rows)
}

fn of_file(halt: &Halt) -> Value {
    let allows = if halt.kind == HaltKind::Lock { "stopped" } else { "exits_only" };
    row("file", halt.kind.name(), allows, (&halt.who, &halt.why), (halt.since, halt.until))
}

fn held_by(place: &str, held: &Held) -> Value {
    let allows = held.hold.allows().name();
    row(place, held.hold.name(), allows, (&held.who, &held.why), (held.since, held.until))
}

fn row(
    place: &str,
    hold: &str,
    allows: &str,
    (who, why): (&str, &str),
    (since, until): (Timestamp, Option<Timestamp>),
) -> Value {
    json!({"where": place, "hold": hold, "allows": allows, "who": who, "why": why, "since": since, "until": until})
}

fn unwritten(error: &KillFileError) -> Failure {
    let failure = Failure::new(ErrorCode::CannotWrite, format!("the kill file: {error}"));
    match error {
        KillFileError::Garbage { .. } => failure.hint("look at it, then `momentum killswitch reset file`"),
        KillFileError::Io { .. } | KillFileError::Busy(_) => failure,
    }
}
