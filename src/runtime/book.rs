//! What a run on paper starts from: its name, its wallet, its first event.

use std::sync::Arc;

use momentum_core::config::Effect;
use momentum_core::event::{Event, Mode, RunEvent, Started};
use momentum_core::ids::{Hash, Pubkey, Wallet};
use momentum_core::time::Timestamp;
use momentum_store::record;
use momentum_store::recording::About;
use sha2::{Digest, Sha256};

use crate::settings::Settings;
use crate::source::Source;

/// The wallet of every paper book: bytes that spell what it is. No key can sign for it.
pub const PAPER_WALLET: Wallet = Wallet(Pubkey(*b"momentum paper wallet, no key..."));

/// The name of a run: what it decides follows from mode, source, seed and settings, so the same run has the
/// same name wherever it is made.
#[must_use]
pub fn run_id(settings: &Settings, mode: Mode, source: &Source) -> String {
    let told = (mode, source.kind, source.seed, source.begins, settings.hash());
    let digest = Sha256::digest(format!("{told:?}"));
    Hash(digest.into()).to_string()[..16].to_owned()
}

/// The first event of a run on paper.
#[must_use]
pub fn started(settings: &Settings, run_id: &str, mode: Mode, warm_until: Option<Timestamp>) -> Event {
    Event::Run(RunEvent::Started(Box::new(Started {
        run_id: run_id.to_owned(),
        mode,
        config: Arc::new(settings.engine.clone()),
        wallets: vec![(PAPER_WALLET, settings.paper.capital)],
        warm_until,
    })))
}

/// What a recording says of the run: of its settings those that analyse and decide, so that no secret is among
/// them.
#[must_use]
pub fn about(settings: &Settings, run_id: &str, mode: Mode, source: &Source) -> About {
    let decides = settings.effective.iter().filter(|effective| effective.key.effect != Effect::Neither);
    About {
        run_id: run_id.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        mode,
        network: (source.kind == record::Source::Sim).then(|| "sim".to_owned()),
        source: source.kind,
        seed: source.seed,
        config: decides
            .map(|effective| (effective.key.path.to_owned(), effective.said.value.to_string()))
            .collect(),
        config_hash: settings.hash(),
    }
}
