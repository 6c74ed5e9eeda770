//! `momentum killswitch`: stops buying, sells everything, or stops all; with the bot up, hung or dead.

mod drill;

use std::time::{Duration, Instant};

use clap::{Args, Subcommand, ValueEnum};
use momentum_control::operator::this_user;
use momentum_control::request::Wish;
use momentum_core::codes::{ErrorCode, Exit};
use momentum_core::event::Commanded;
use momentum_core::time::Timestamp;
use momentum_core::trader::state::{Held, Hold};
use momentum_runtime::bot::Task;
use momentum_store::book::{Book, wall_clock};
use momentum_store::holds;
use momentum_store::kill::{Ended, Halt, HaltKind, KillFile, KillFileError};
use serde_json::{Value, json};

use crate::book::{BookArgs, Bot, no_bot, others};
use crate::columns::{Column, Kind};
use crate::confirm;
use crate::errand::{self, Reached, Wanted};
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
  momentum killswitch drill                        what flatten would bring now
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
    /// No buys, and everything is sold now, with the bot up, hung or dead. Ends by reset.
    #[command(after_help = "\
A bot that does not answer for 5 s is killed. Where no bot runs (any more) the command sells by itself:
it takes the book over with all that is in flight, needs keys and RPC nodes but neither a stream nor
an arming, and ends when everything is sold. On paper the simulated venue fills, at what RPC nodes or
the book know last; the embedded market goes on as long as that takes.

Exit status where it sells by itself: 0 all is sold, 24 attempts are in flight, 25 something is left,
21 the book is locked, 69 no RPC node answers, 75 who holds the book cannot be ended from here.

Examples:
  momentum killswitch flatten --why 'going home'
  momentum killswitch flatten -c momentum.toml --network mainnet --mode live --wait 20min")]
    Flatten(Flatten),
    /// What flatten would bring now: simulates the sale of every position, and sends nothing.
    #[command(after_help = "\
Live positions are simulated by an RPC node, without a key, whether the bot runs or not; those on paper
are quoted at the reserves that are known last. Exit status 25 where one could not be sold.

Examples:
  momentum killswitch drill -c momentum.toml --network mainnet --mode live
  momentum killswitch drill --json")]
    Drill(BookArgs),
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

/// A sale of everything.
#[derive(Args, Debug)]
pub(crate) struct Flatten {
    /// How long to go on where no bot does it
    #[arg(long, value_name = "DUR", default_value = "10min", value_parser = span)]
    wait: Duration,
    #[command(flatten)]
    plain: Plain,
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
        Command::Flatten(command) => flatten(global, &command, out),
        Command::Drill(book) => drill::run(global, &book, out),
        Command::Lock(plain) => stop(global, &plain, HaltKind::Lock, None, &Wish::Lock {}, out),
        Command::Resume(plain) => {
            let book = there(&plain.book, global)?;
            let ended = Ended::PauseOf(this_user());
            go_on(global, &book, Some(&ended), Some(&Wish::Resume {}), &plain.why, out)
        }
        Command::Reset(Reset { hold, plain }) => {
            let book = there(&plain.book, global)?;
            let question =
                format!("This ends `{}` on the book {}, whoever set it.", hold.word(), book.name());
            confirm::typed(global, &question, &hold.word())?;
            let wish = hold.hold().map(|hold| Wish::Reset { hold });
            go_on(global, &book, hold.ended().as_ref(), wish.as_ref(), &plain.why, out)
        }
    }
}

fn stop(
    global: &Global,
    plain: &Plain,
    kind: HaltKind,
    span: Option<Duration>,
    wish: &Wish,
    out: &mut Out,
) -> Result<(), Failure> {
    let book = order(global, plain, kind, span)?;
    let file = "in the kill file";
    match Bot::of(&book, global)? {
        Some(bot) => told(&book, &bot, wish, &plain.why, file, out),
        None => {
            say_others(&book, out);
            say(&book, wish.verb(), &format!("{file}; no bot runs"), None, out)
        }
    }
}

/// The file first: then it holds, whatever becomes of the rest. A book that is not there is not made for it: the bot
/// that was meant would trade on.
fn order(global: &Global, plain: &Plain, kind: HaltKind, span: Option<Duration>) -> Result<Book, Failure> {
    let book = there(&plain.book, global)?;
    let since = wall_clock();
    let (who, why) = (this_user(), plain.why.clone());
    let halt = Halt { kind, who, why, since, until: span.map(|span| since + span) };
    KillFile::of(&book).order(halt).map_err(|error| unwritten(&error))?;
    Ok(book)
}

/// The book that is meant, which must be there.
fn there(args: &BookArgs, global: &Global) -> Result<Book, Failure> {
    let book = args.book(global)?;
    if book.folder().is_dir() { Ok(book) } else { Err(no_bot(&book)) }
}

/// Says which other books are worked on, where no bot runs on the one that was named.
fn say_others(book: &Book, out: &Out) {
    if let Some(others) = others(book) {
        out.say(&format!("no bot runs on {}; {others}", book.name()));
    }
}

/// By the bot, or by itself.
fn flatten(global: &Global, flatten: &Flatten, out: &mut Out) -> Result<(), Failure> {
    let Flatten { wait, plain } = flatten;
    let book = order(global, plain, HaltKind::Flatten, None)?;
    let (wish, asked) = (Wish::Flatten {}, Instant::now());
    match errand::reach(&book, global, (&wish, &plain.why), true, out)? {
        Reached::Bot(..) => acknowledged(&book, wish.verb(), "in the kill file", asked, out),
        Reached::Unheard(why) => unheard(&book, wish.verb(), "in the kill file", &why, out),
        Reached::Nobody { killed } => {
            say_others(&book, out);
            let wanted = Wanted { book: &book, task: Task::Flatten, why: &plain.why, wait: *wait, killed };
            errand::carry_out(global, &wanted, out)
        }
    }
}

fn go_on(
    global: &Global,
    book: &Book,
    ended: Option<&Ended>,
    wish: Option<&Wish>,
    why: &str,
    out: &mut Out,
) -> Result<(), Failure> {
    let file = KillFile::of(book);
    let mut was = false;
    if let Some(ended) = ended {
        // What cannot be read is something that is there.
        was = file.read().map_or(true, |halts| halts.iter().any(|halt| ended.is_of(halt)));
        file.end(ended).map_err(|error| unwritten(&error))?;
    }
    let Some(wish) = wish else {
        let how = if was { "the kill file is gone" } else { "there was no kill file" };
        return say(book, "reset", how, None, out);
    };
    let of_file = if was { "out of the kill file" } else { "nothing of it was in the kill file" };
    match Bot::of(book, global)? {
        Some(bot) => {
            if ended.is_some() {
                told(book, &bot, wish, why, of_file, out)?;
            } else {
                let held = bot.state()?.trading.holds;
                let held = held.iter().any(|held| *wish == Wish::Reset { hold: held.hold });
                bot.command(wish, why)?;
                let how = if held { "ended" } else { "nothing of it was held" };
                say(book, wish.verb(), how, Some(true), out)?;
            }
            let left = bot.state()?.trading.holds;
            say_held(left.iter().map(|held| (held.hold.name(), &held.who)), out);
            Ok(())
        }
        None => {
            say_others(book, out);
            let row = end_row(global, book, wish, why)?;
            let how = match (ended, row) {
                (None, None) => return Err(no_bot(book)),
                (None, Some(true)) => "out of the database".to_owned(),
                (None, Some(false)) => "nothing of it was held".to_owned(),
                (Some(_), Some(true)) if was => format!("{of_file} and out of the database"),
                (Some(_), Some(true)) => "out of the database".to_owned(),
                (Some(_), _) => of_file.to_owned(),
            };
            say(book, wish.verb(), &format!("{how}; no bot runs"), None, out)?;
            let left = file.read().unwrap_or_default();
            let standing = left.iter().filter(|halt| halt.stands(wall_clock()));
            say_held(standing.map(|halt| (halt.kind.name(), &halt.who)), out);
            Ok(())
        }
    }
}

/// Says what holds trading back all the same.
fn say_held<'a>(held: impl Iterator<Item = (&'a str, &'a String)>, out: &Out) {
    let held: Vec<_> = held.map(|(what, who)| format!("{what} by {who}")).collect();
    if !held.is_empty() {
        out.say(&format!("still held back: {}", held.join(", ")));
    }
}

/// Tells the bot. One that does not answer is no reason to fail: the file is read before every send. But it is said,
/// by the status too.
fn told(book: &Book, bot: &Bot, wish: &Wish, why: &str, file: &str, out: &mut Out) -> Result<(), Failure> {
    let asked = Instant::now();
    match bot.command(wish, why) {
        Ok(_) => acknowledged(book, wish.verb(), file, asked, out),
        Err(failure) => unheard(book, wish.verb(), file, &failure, out),
    }
}

fn acknowledged(book: &Book, verb: &str, file: &str, asked: Instant, out: &mut Out) -> Result<(), Failure> {
    let took = asked.elapsed().as_millis();
    say(book, verb, &format!("{file}; acknowledged by the bot in {took} ms"), Some(true), out)
}

/// The file holds; the bot has not said so.
fn unheard(book: &Book, verb: &str, file: &str, why: &Failure, out: &mut Out) -> Result<(), Failure> {
    out.say(&why.message());
    let holds = format!("{file}, which the bot reads before every send; NOT acknowledged by the bot");
    say(book, verb, &holds, Some(false), out)?;
    out.flush()?;
    Err(Failure::Status(Exit::PARTIAL))
}

/// Ends by hand what the bot that ran last had written into its book: it would hold the next one back. Whether
/// anything was held there; none where there is no database.
fn end_row(global: &Global, book: &Book, wish: &Wish, why: &str) -> Result<Option<bool>, Failure> {
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
    // The file holds whatever becomes of the rest, so its rows are told first.
    let rest = held_beside_the_file(&book, global);
    if let Ok(held) = &rest {
        rows.extend_from_slice(held);
    } else if rows.is_empty() {
        return rest.map(drop);
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
    out.list(&columns, &rows)?;
    out.flush()?;
    rest.map(drop)
}

/// What the bot holds back, or where none runs what the next one would. That the last one was ending is no hold.
fn held_beside_the_file(book: &Book, global: &Global) -> Result<Vec<Value>, Failure> {
    let (place, holds) = match Bot::of(book, global)? {
        Some(bot) => ("bot", bot.state()?.trading.holds),
        None => match Stored::find(book, global)? {
            Some(stored) => {
                let mut holds = stored.read(async |db| holds::holds(db).await)?;
                holds.retain(|held| held.hold != Hold::Stopping);
                ("database", holds)
            }
            None => return Ok(Vec::new()),
        },
    };
    Ok(holds.iter().map(|held| held_by(place, held)).collect())
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
