//! What a run starts from: its name, its wallet, its first event.

use std::sync::Arc;

use momentum_core::config::Effect;
use momentum_core::event::{Command, Commanded, Event, Mode, RunEvent, Started};
use momentum_core::ids::{Hash, Pubkey, Wallet};
use momentum_core::time::Timestamp;
use momentum_core::units::Lamports;
use momentum_sim::driver::Answers;
use momentum_store::record;
use momentum_store::recording::About;
use sha2::{Digest, Sha256};

use crate::settings::Settings;
use crate::source::{Failed, Source};

/// The wallet of every paper book: bytes that spell what it is. No key can sign for it.
pub const PAPER_WALLET: Wallet = Wallet(Pubkey(*b"momentum paper wallet, no key..."));

/// What is known of a run before its first event.
#[derive(Clone, Debug)]
pub struct Begun {
    /// Its name.
    pub run_id: String,
    /// Paper or dry run.
    pub mode: Mode,
    /// Where its events come from, as records name it.
    pub kind: record::Source,
    /// The network, where it is one.
    pub network: Option<String>,
    /// The seed of the embedded market.
    pub seed: Option<u64>,
    /// Time of its first event.
    pub begins: Timestamp,
    /// No entry signals before.
    pub warm_until: Option<Timestamp>,
    /// Who answers questions about tokens.
    pub answers: Answers,
    /// It goes on behind what an earlier process left.
    pub resumed: bool,
    /// What will have ended a replay before its time.
    pub failed: Option<Failed>,
}

/// The name of a run: what it decides follows from mode, source, seed and settings, so the same run has the
/// same name wherever it is made. A live stream is never the same twice: it begins at its own moment.
#[must_use]
pub fn run_id_by(
    settings: &Settings,
    mode: Mode,
    kind: record::Source,
    seed: Option<u64>,
    begins: Option<Timestamp>,
) -> String {
    let told = (mode, kind, seed, begins, settings.hash());
    let digest = Sha256::digest(format!("{told:?}"));
    Hash(digest.into()).to_string()[..16].to_owned()
}

/// The same, of an opened source.
#[must_use]
pub fn run_id(settings: &Settings, mode: Mode, source: &Source) -> String {
    run_id_by(settings, mode, source.kind, source.seed, source.begins)
}

/// The first event of a run on paper.
#[must_use]
pub fn started(settings: &Settings, run_id: &str, mode: Mode, warm_until: Option<Timestamp>) -> Event {
    started_with(settings, run_id, mode, warm_until, vec![(PAPER_WALLET, settings.paper.capital)])
}

/// The first event of a run with these wallets.
#[must_use]
pub fn started_with(
    settings: &Settings,
    run_id: &str,
    mode: Mode,
    warm_until: Option<Timestamp>,
    wallets: Vec<(Wallet, Lamports)>,
) -> Event {
    Event::Run(RunEvent::Started(Box::new(Started {
        run_id: run_id.to_owned(),
        mode,
        config: Arc::new(settings.engine.clone()),
        wallets,
        warm_until,
    })))
}

/// A mint or creator that the store knows as never to be entered.
#[must_use]
pub fn listed(key: Pubkey) -> Event {
    let (who, why) = ("store".to_owned(), "it is on the book's blacklist".to_owned());
    Event::Command(Box::new(Commanded { who, why, command: Command::Blacklist { key, listed: true } }))
}

/// What a recording says of the run: of its settings those that analyse and decide, so that no secret is among
/// them.
#[must_use]
pub fn about(settings: &Settings, begun: &Begun) -> About {
    let decides = settings.effective.iter().filter(|effective| effective.key.effect != Effect::Neither);
    About {
        run_id: begun.run_id.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        mode: begun.mode,
        network: begun.network.clone(),
        source: begun.kind,
        seed: begun.seed,
        config: decides
            .map(|effective| (effective.key.path.to_owned(), effective.said.value.to_string()))
            .collect(),
        config_hash: settings.hash(),
    }
}
