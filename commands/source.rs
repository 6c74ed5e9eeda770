//! The flags that say where events come from, and how fast: shared by `run`, `monitor` and `backtest`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};
use momentum_core::codes::ErrorCode;
use momentum_core::config::{Setting, Value};
use momentum_core::time::Timestamp;
use momentum_runtime::bot::Origin;
use momentum_runtime::replay::ReplayError;
use momentum_runtime::settings::{Assignment, Settings};
use momentum_runtime::source::{Choice, Source, Until};
use momentum_sim::market::Speed;

use crate::failure::Failure;
use crate::global::assign;
use crate::output::Out;

/// Where events come from.
#[derive(Args, Debug)]
#[command(next_help_heading = "Source")]
pub(crate) struct SourceArgs {
    /// The embedded market (SIMULATED), or a recording (needs --replay)
    #[arg(long, value_enum)]
    source: Option<Kind>,
    /// A recording, recorded transactions or event records: a file, or a folder
    #[arg(long, value_name = "PATH")]
    replay: Option<PathBuf>,
    /// Names the embedded market's stream: the same seed gives the same stream
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Market seconds per second, or max [default: sim.speed in the embedded market, max in a replay]
    #[arg(long, value_name = "X|max", value_parser = speed)]
    speed: Option<Speed>,
    /// End after so much market time (90min, 24h; warm-up included) or at a time (2026-01-01T06:00:00Z)
    #[arg(long, value_name = "DUR|TIME", value_parser = until)]
    until: Option<Until>,
}

/// A kind of source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// A live stream: Yellowstone gRPC, with the WebSocket behind it
    Grpc,
    /// A live stream: a node's WebSocket only
    Ws,
    /// The embedded market
    Sim,
    /// A recording
    Replay,
}

fn speed(text: &str) -> Result<Speed, String> {
    Speed::parse(&Value::Text(text.to_owned()))
}

fn until(text: &str) -> Result<Until, String> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(Until::At(time));
    }
    Duration::parse(&Value::Text(text.to_owned())).map(Until::After).map_err(|_| {
        format!("`{text}` is neither a span like 90min or 24h nor a time like 2026-01-01T06:00:00Z")
    })
}

impl SourceArgs {
    /// The flags that stand for settings.
    pub(crate) fn assignments(&self) -> Vec<Assignment> {
        let seed = self.seed.map(|seed| assign("--seed", "sim.seed", &seed));
        let speed = self.speed.map(|speed| match speed.show() {
            Value::Text(text) => assign("--speed", "sim.speed", &text),
            other => assign("--speed", "sim.speed", &other),
        });
        let ws_only = (self.source == Some(Kind::Ws)).then(|| assign("--source ws", "endpoints.grpc", &"[]"));
        seed.into_iter().chain(speed).chain(ws_only).collect()
    }

    /// The end that was asked for.
    pub(crate) const fn until(&self) -> Option<Until> {
        self.until
    }

    /// The recording, where one is named.
    pub(crate) fn replay(&self) -> Option<&Path> {
        self.replay.as_deref()
    }

    /// How fast market time passes: a replay as fast as it can unless told otherwise.
    pub(crate) fn speed(&self, settings: &Settings) -> Speed {
        if self.replay.is_some() { self.speed.unwrap_or(Speed::Max) } else { settings.sim.speed }
    }

    /// Where events come from: live streams too.
    pub(crate) fn origin(&self) -> Result<Origin, Failure> {
        match (self.source, &self.replay) {
            (Some(Kind::Sim | Kind::Grpc | Kind::Ws), Some(_)) => {
                Err(Failure::new(ErrorCode::Usage, "another --source and --replay contradict each other")
                    .hint("leave --source away: --replay says enough"))
            }
            (Some(Kind::Replay), None) => {
                Err(Failure::new(ErrorCode::Usage, "--source replay needs --replay PATH")
                    .hint("add --replay with a folder of recorded transactions or a file of event records"))
            }
            (_, Some(path)) => Ok(Origin::Made(Choice::Replay(path.clone()))),
            (Some(Kind::Grpc | Kind::Ws), None) => Ok(Origin::Live),
            (_, None) => Ok(Origin::Made(Choice::Sim)),
        }
    }

    /// Opens a source whose time is made, and says what of a recording was left out.
    pub(crate) fn open(&self, settings: &Settings, out: &Out) -> Result<Source, Failure> {
        let Origin::Made(choice) = self.origin()? else {
            return Err(Failure::new(
                ErrorCode::Usage,
                "this works on the embedded market or on a recording",
            )
            .hint(
                "record a live stream with `momentum run --record DIR`, then name the folder: --replay DIR",
            ));
        };
        let source = Source::open(&choice, &settings.sim).map_err(|error| unreadable(&error))?;
        for line in &source.skipped {
            out.say(&format!("skipped: {line}"));
        }
        Ok(source)
    }
}

/// What a replay that cannot be opened comes to.
pub(crate) fn unreadable(error: &ReplayError) -> Failure {
    let code = match error {
        ReplayError::Damaged(_) => ErrorCode::DamagedRecording,
        error if error.is_not_found() => ErrorCode::NoSuchFile,
        _ => ErrorCode::UnreadableInput,
    };
    Failure::new(code, error.to_string())
}
