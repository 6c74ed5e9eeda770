//! `momentum monitor`: what happens on chain, as records. The first stage of the pipe.

use std::ops::ControlFlow;

use clap::Args;
use momentum_core::action::Effects;
use momentum_core::event::{Envelope, Mode};
use momentum_runtime::book;
use momentum_runtime::pace::Pace;
use momentum_runtime::play::{Audience, play};
use momentum_sim::driver::{Driver, Processor};
use momentum_store::record::{RecordWriter, Stage};

use crate::failure::Failure;
use crate::global::Global;
use crate::output::Out;
use crate::source::{SourceArgs, unreadable};
use crate::stop;

/// What to watch.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  momentum monitor                                            the embedded market, as it happens
  momentum monitor --speed max --until 3h -o jsonl > day.jsonl
  momentum monitor --replay transactions/ --raw               the programs' own events
  momentum monitor --speed max --until 6h | momentum score - | momentum trade from -")]
pub(crate) struct Monitor {
    #[command(flatten)]
    source: SourceArgs,
    /// The programs' own events, every field as it is on chain (needs --replay of transactions)
    #[arg(long, requires = "replay")]
    raw: bool,
}
