//! How the parts of the bot are, for every surface.

use std::collections::BTreeMap;

use momentum_chain::endpoints::Rpc;
use momentum_chain::execution::{Standing, Venue};
use momentum_chain::stream::{StreamHealth, StreamState};
use momentum_control::state::{Health, Service};
use momentum_core::ids::Slot;
use momentum_core::time::Timestamp;
use momentum_store::book::wall_clock;
use momentum_store::journal::{self, Journal};
use tokio::sync::watch;

/// What the parts are called that the programs of curves and of pools are.
pub const VENUES: [(&str, Venue); 2] = [("curves", Venue::Curve), ("pools", Venue::Pool)];

/// The venue whose programs are the part of this name.
#[must_use]
pub fn venue_of(service: &str) -> Option<Venue> {
    VENUES.iter().find(|(name, _)| *name == service).map(|(_, venue)| *venue)
}

/// The parts whose health is watched.
#[derive(Default)]
pub struct Services {
    /// The live stream; none for virtual sources.
    pub stream: Option<watch::Receiver<StreamHealth>>,
    /// RPC nodes; none where none is configured.
    pub rpc: Option<Rpc>,
    /// The programs that real orders go through; none but in live.
    pub programs: Option<watch::Receiver<Standing>>,
    /// Whether real orders go through them: then two are wanted.
    pub live: bool,
    /// Since when each is as it is.
    since: BTreeMap<&'static str, (Health, Timestamp)>,
}

impl Services {
    /// Every part as it is now, where the stream has come to `slot`: RPC nodes are measured by it. A change is
    /// logged once.
    pub fn now(&mut self, journal: Option<&Journal>, slot: Option<Slot>) -> Vec<Service> {
        if let (Some(rpc), Some(slot)) = (&self.rpc, slot) {
            rpc.saw(slot);
        }
        let mut services =
            vec![self.service("store", journal.map_or((Health::Off, String::new()), of_store))];
        let stream = self.stream.as_ref().map(|stream| of_stream(&stream.borrow()));
        services.push(self.service("stream", stream.unwrap_or((Health::Off, String::new()))));
        let rpc = self.rpc.as_ref().map(|rpc| of_rpc(rpc, self.live));
        services.push(self.service("rpc", rpc.unwrap_or((Health::Off, String::new()))));
        for (name, venue) in VENUES {
            let programs = self.programs.as_ref().map(|programs| of_programs(&programs.borrow(), venue));
            services.push(self.service(name, programs.unwrap_or((Health::Off, String::new()))));
        }
        services
    }

    fn service(&mut self, name: &'static str, (health, why): (Health, String)) -> Service {
        let now = wall_clock();
        let known = self.since.get(name).copied();
        let since = match known {
            Some((before, since)) if before == health => since,
            _ => {
                if known.is_some() || !matches!(health, Health::Ok | Health::Off) {
                    tracing::warn!(service = name, ?health, "{why}");
                }
                self.since.insert(name, (health, now));
                now
            }
        };
        Service { name: name.to_owned(), health, why, since }
    }
}

fn of_store(journal: &Journal) -> (Health, String) {
    match journal.watch().health() {
        journal::Health::Ok => (Health::Ok, String::new()),
        journal::Health::Slow(took) => {
            (Health::Degraded, format!("the last commit took {} ms", took.as_millis()))
        }
        journal::Health::Failing { why, .. } => (Health::Down, why.to_string()),
        journal::Health::Stopped(why) => (Health::Down, format!("it has stopped: {why}")),
    }
}

fn of_stream(health: &StreamHealth) -> (Health, String) {
    let why = health.lost.as_ref().map(ToString::to_string).unwrap_or_default();
    match health.state {
        StreamState::Live if health.endpoint == 0 => (Health::Ok, String::new()),
        StreamState::Live => {
            (Health::Degraded, format!("on {}, not on the first endpoint: {why}", health.name))
        }
        StreamState::Connecting | StreamState::Pausing | StreamState::Stopped => (Health::Down, why),
    }
}

fn of_programs(standing: &Standing, venue: Venue) -> (Health, String) {
    standing.get(&venue).map_or((Health::Ok, String::new()), |why| (Health::Down, why.clone()))
}

fn of_rpc(rpc: &Rpc, live: bool) -> (Health, String) {
    let all = rpc.health();
    let working = all.iter().filter(|endpoint| endpoint.usable).count();
    match working {
        0 => (Health::Down, "no RPC node answers".to_owned()),
        _ if working < all.len() => {
            (Health::Degraded, format!("{working} of {} RPC nodes answer", all.len()))
        }
        1 if live => {
            let why = "single_witness: one RPC node alone says what became of attempts".to_owned();
            (Health::Degraded, why)
        }
        _ => (Health::Ok, String::new()),
    }
}
