//! What the bot does when a part of it fails: one table.
//!
//! A part that is down holds entries back as an operator's pause would, under the part's own name; exits and
//! everything else go on, and the pause ends when the part is back. One that stays down is told every minute, and
//! everything is sold where `run.critical_policy` says so: whoever cannot see, write or ask for so long does not
//! want to hold anything. Nothing here is remembered but what was told: pauses and outages stand in the engine,
//! survive a restart and are compared with how the parts are.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use momentum_control::state::{Health, Service};
use momentum_core::action::Swap;
use momentum_core::config::Config;
use momentum_core::event::{Command, Commanded};
use momentum_core::ids::Wallet;
use momentum_core::section;
use momentum_core::trader::Trader;
use momentum_core::trader::state::{Held, Hold};
use momentum_core::units::Lamports;
use momentum_core::words;
use serde::{Deserialize, Serialize};

use crate::planted;

/// What becomes of positions when a part of the bot stays down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CriticalPolicy {
    /// All are sold.
    #[default]
    Flatten,
    /// They are kept, with all their exits.
    Hold,
}

words!(CriticalPolicy { "flatten" => Flatten, "hold" => Hold });

section!(
    /// `[run]`: how the bot behaves as a service.
    RunKeys in "run" {
        /// What becomes of positions when database or RPC nodes are down for a minute, or the stream for five, or when
        /// lamports or tokens left a wallet by another hand.
        critical_policy: CriticalPolicy = now neither any;
    }
);

/// A part of the bot, how long it may be down before that is critical, and whether everything may be sold then:
/// nobody sells into programs that have changed for no other reason.
struct Rule {
    service: &'static str,
    critical_after: Duration,
    sells: bool,
}

const RULES: [Rule; 5] = [
    Rule { service: "store", critical_after: Duration::from_secs(60), sells: true },
    Rule { service: "rpc", critical_after: Duration::from_secs(60), sells: true },
    Rule { service: "stream", critical_after: Duration::from_secs(300), sells: true },
    Rule { service: "curves", critical_after: Duration::from_secs(60), sells: false },
    Rule { service: "pools", critical_after: Duration::from_secs(60), sells: false },
];

/// Who finds what no part can end by coming back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finder {
    /// Money, or tokens of a position, left this wallet by a transaction that we did not sign: whoever else has the key may take the rest.
    Wallet(Wallet),
    /// A task dies again and again.
    Tasks,
}

impl Finder {
    /// What its holds are named by.
    fn name(self) -> String {
        match self {
            Self::Wallet(wallet) => Held::thief_of(wallet),
            Self::Tasks => TASKS.to_owned(),
        }
    }

    /// Whose holds have this name.
    fn of(who: &str) -> Option<Self> {
        match who.strip_prefix(ANY_WALLET).and_then(|of| of.strip_prefix(' ')) {
            Some(wallet) => wallet.parse().ok().map(Self::Wallet),
            None => (who == TASKS).then_some(Self::Tasks),
        }
    }

    /// Whether holds of this name are about something that was found.
    fn found(who: &str) -> bool {
        who == ANY_WALLET || Self::of(who).is_some()
    }
}

/// Begins the names of holds that are about a wallet, and is the whole name in books from before they had one each.
const ANY_WALLET: &str = "wallet";
/// The name of those that are about tasks.
const TASKS: &str = "tasks";

/// Time between two words about what stays as bad as it is.
const REMIND_EVERY: Duration = Duration::from_secs(60);
/// Time between the first two tries to bring a wallet's lamports away: one that could not be signed needs a new reading
/// of them.
const WITHDRAW_EVERY: Duration = Duration::from_secs(2);
/// Longest time between two tries to bring away the same lamports.
const WITHDRAW_EVERY_MAX: Duration = Duration::from_secs(60);

/// The policy, with how long each part is down.
#[derive(Debug)]
pub struct Policy {
    critical: CriticalPolicy,
    /// Where lamports go whose key somebody else has; nowhere, if none.
    cold: Option<Wallet>,
    /// The wallets whose key we have.
    wallets: Vec<Wallet>,
    /// The last try to empty each wallet.
    tries: BTreeMap<Wallet, Try>,
    down: BTreeMap<&'static str, Down>,
    /// When what was found was told last.
    reminded: Option<Instant>,
}

/// A try to bring a wallet's lamports away.
#[derive(Clone, Copy, Debug)]
struct Try {
    at: Instant,
    lamports: Lamports,
    /// Before another of the same lamports.
    pause: Duration,
}

impl Try {
    /// The try of now, where one is due behind the last one.
    fn due(last: Option<Self>, now: Instant, lamports: Lamports) -> Option<Self> {
        let first = Self { at: now, lamports, pause: WITHDRAW_EVERY };
        let Some(last) = last else { return Some(first) };
        let waited = now.saturating_duration_since(last.at);
        if lamports != last.lamports {
            return (waited >= WITHDRAW_EVERY).then_some(first);
        }
        let pause = (last.pause * 2).min(WITHDRAW_EVERY_MAX);
        (waited >= last.pause).then_some(Self { pause, ..first })
    }
}

/// A part that is down.
#[derive(Debug)]
struct Down {
    since: Instant,
    told: Option<Instant>,
}

impl Policy {
    /// The policy of these settings, for a bot with the keys of these wallets.
    #[must_use]
    pub const fn new(keys: &RunKeys, cold: Option<Wallet>, wallets: Vec<Wallet>) -> Self {
        Self {
            critical: keys.critical_policy,
            cold,
            wallets,
            tries: BTreeMap::new(),
            down: BTreeMap::new(),
            reminded: None,
        }
    }

    /// What was found does not end by itself: entries end, and all is sold where that is wanted, until an operator
    /// ends it.
    pub fn found(&self, finder: Finder, what: &str) -> Commanded {
        tracing::error!("critical: {what}");
        let command = match self.critical {
            CriticalPolicy::Flatten => Command::Outage,
            CriticalPolicy::Hold => Command::Pause { until: None },
        };
        Commanded { who: finder.name(), why: what.to_owned(), command }
    }

    /// The cold address, as long as everything is to be sold because somebody else has the key of a wallet of ours.
    #[must_use]
    pub fn refuge(&self, trader: &Trader) -> Option<Wallet> {
        let robbed = || robbed(trader).any(|(_, wallet)| self.wallets.contains(&wallet));
        self.cold.filter(|_| self.critical == CriticalPolicy::Flatten && robbed())
    }

    /// Brings what each such wallet has left to the cold address, once nothing of ours that can be sold is in it any more.
    pub fn withdraw(&mut self, trader: &Trader, config: &Config, now: Instant) -> Vec<Commanded> {
        let Some(to) = self.refuge(trader) else { return Vec::new() };
        let mut commands = Vec::new();
        for (held, wallet) in robbed(trader).filter(|(_, wallet)| self.wallets.contains(wallet)) {
            let Some(lamports) = trader.withdrawable(wallet, config) else { continue };
            let Some(due) = Try::due(self.tries.get(&wallet).copied(), now, lamports) else { continue };
            self.tries.insert(wallet, due);
            tracing::error!("critical: {wallet} is sold out, its last {lamports} go to {to}");
            let (who, why) = (held.who.clone(), held.why.clone());
            commands.push(Commanded { who, why, command: Command::Withdraw { wallet, to } });
        }
        commands
    }

    /// Whether something is on its way to the cold address, or about to be: a run does not end before.
    #[must_use]
    pub fn withdraws(&self, trader: &Trader, config: &Config) -> bool {
        let flying = trader.unended().any(|attempt| matches!(attempt.order.swap, Swap::Withdraw { .. }));
        let left = |wallet| self.wallets.contains(&wallet) && trader.withdrawable(wallet, config).is_some();
        flying || (self.refuge(trader).is_some() && robbed(trader).any(|(_, wallet)| left(wallet)))
    }

    /// Says again what was found and no operator has ended, in whatever process it was found.
    fn remind(&mut self, now: Instant, holds: &[Held]) {
        if self.reminded.is_some_and(|told| now.duration_since(told) < REMIND_EVERY) {
            return;
        }
        // A new process, or a new finding, has been told already.
        let told = self.reminded.replace(now).is_some();
        for held in holds.iter().filter(|held| told && Finder::found(&held.who)) {
            let (who, why) = (&held.who, &held.why);
            tracing::error!(who, "critical, until an operator ends it: {why}");
        }
    }

    /// Goes on by other settings; what is down stays told.
    pub const fn follow(&mut self, critical: CriticalPolicy) {
        self.critical = critical;
    }

    /// Commands that make the engine's pauses agree with how its parts are.
    pub fn apply(&mut self, services: &[Service], holds: &[Held]) -> Vec<Commanded> {
        let now = Instant::now();
        self.remind(now, holds);
        let mut commands = Vec::new();
        for rule in &RULES {
            let Some(service) = services.iter().find(|service| service.name == rule.service) else {
                continue;
            };
            let paused = holds.iter().any(|held| held.hold == Hold::Pause && held.who == rule.service);
            let down = service.health == Health::Down;
            let commanded =
                |why: &str, command| Commanded { who: rule.service.to_owned(), why: why.to_owned(), command };
            match (down, paused) {
                (true, false) => commands.push(commanded(&service.why, Command::Pause { until: None })),
                (false, true) => commands.push(commanded("it is back", Command::Resume)),
                _ => {}
            }
            let outage = holds.iter().any(|held| held.hold == Hold::Outage && held.who == rule.service);
            if !down {
                self.down.remove(rule.service);
                if outage {
                    commands.push(commanded("it is back", Command::Recovered));
                }
                continue;
            }
            let part = self.down.entry(rule.service).or_insert(Down { since: now, told: None });
            let lasted = now.duration_since(part.since);
            if lasted < planted::critical_after(rule.critical_after) {
                continue;
            }
            // Once for each time that it is down: an operator may end the outage, and it does not come again.
            let sells = rule.sells && self.critical == CriticalPolicy::Flatten;
            if part.told.is_none() && !outage && sells {
                commands.push(commanded(&service.why, Command::Outage));
            }
            if part.told.is_none_or(|told| now.duration_since(told) >= REMIND_EVERY) {
                part.told = Some(now);
                let (service, seconds, why) = (rule.service, lasted.as_secs(), &service.why);
                let positions = if sells { "sold" } else { "kept" };
                tracing::error!(service, seconds, positions, "critical: it stays down: {why}");
            }
        }
        commands
    }
}

/// The wallets whose key somebody else has, and the outage that says so.
fn robbed(trader: &Trader) -> impl Iterator<Item = (&Held, Wallet)> {
    trader.holds().filter(|held| held.hold == Hold::Outage).filter_map(|held| match Finder::of(&held.who)? {
        Finder::Wallet(wallet) => Some((held, wallet)),
        Finder::Tasks => None,
    })
}

#[cfg(test)]
mod tests {
    use std::ops::Range;
    use std::sync::Arc;

    use super::*;
    use momentum_core::action::Effects;
    use momentum_core::engine::Engine;
    use momentum_core::event::{Envelope, Event, Mode, RunEvent, Started, WalletEvent};
    use momentum_core::ids::{Pubkey, Seq, Slot};
    use momentum_core::time::Timestamp;

    fn policy(critical_policy: CriticalPolicy) -> Policy {
        Policy::new(&RunKeys { critical_policy }, None, Vec::new())
    }

    fn service(name: &str, health: Health) -> Service {
        Service { name: name.to_owned(), health, why: "why".to_owned(), since: Timestamp(0) }
    }

    fn pause(who: &str) -> Held {
        let (who, why) = (who.to_owned(), String::new());
        Held { hold: Hold::Pause, who, why, since: Timestamp(0), until: None }
    }

    fn told(services: &[Service], holds: &[Held]) -> Vec<(String, Command)> {
        said(policy(CriticalPolicy::Flatten), services, holds)
    }

    fn said(mut policy: Policy, services: &[Service], holds: &[Held]) -> Vec<(String, Command)> {
        let commands = policy.apply(services, holds);
        commands.into_iter().map(|commanded| (commanded.who, commanded.command)).collect()
    }

    #[test]
    fn a_part_that_is_down_pauses_under_its_own_name_once() {
        let down =
            [service("store", Health::Down), service("rpc", Health::Ok), service("stream", Health::Off)];
        assert_eq!(told(&down, &[]), [("store".to_owned(), Command::Pause { until: None })]);
        assert_eq!(told(&down, &[pause("store")]), []);
    }

    #[test]
    fn a_part_that_is_back_ends_its_own_pause_and_nobody_elses() {
        let back = [service("store", Health::Degraded), service("rpc", Health::Down)];
        let holds = [pause("store"), pause("rpc"), pause("ann")];
        assert_eq!(told(&back, &holds), [("store".to_owned(), Command::Resume)]);
    }

    #[test]
    fn what_was_found_is_no_outage_that_ends_by_itself() {
        let mut holding = policy(CriticalPolicy::Hold);
        let found = holding.found(Finder::Tasks, "stream died 3 times in a minute: no reason");
        assert_eq!((found.who.as_str(), found.command), ("tasks", Command::Pause { until: None }));
        assert_eq!(holding.apply(&[service("stream", Health::Ok)], &[pause("tasks")]), []);
        let robbed = Finder::Wallet(Wallet(Pubkey([9; 32])));
        let found = policy(CriticalPolicy::Flatten).found(robbed, "1 lamport is gone");
        assert_eq!((Finder::of(&found.who), found.command), (Some(robbed), Command::Outage));
        assert_eq!(["store", "wallet", "wallet x", "ann"].map(Finder::of), [None; 4]);
        let told_again = ["wallet", "tasks", found.who.as_str(), "store", "ann"].map(Finder::found);
        assert_eq!(told_again, [true, true, true, false, false], "older books name no wallet");
    }

    #[test]
    fn what_cannot_be_brought_away_is_tried_ever_more_rarely_until_its_wallet_holds_another_sum() {
        let [ours, of_another_run, cold] = [1, 2, 3].map(|byte| Wallet(Pubkey([byte; 32])));
        let (mut engine, mut seq) = (Engine::default(), 0);
        let mut feed = |engine: &mut Engine, event| {
            seq += 1;
            let envelope = Envelope { seq: Seq(seq), now: Timestamp(0), event };
            engine.on_event(&envelope, &mut Effects::default());
        };
        let started = Started {
            run_id: "test".to_owned(),
            mode: Mode::Live,
            config: Arc::default(),
            wallets: [ours, of_another_run].map(|wallet| (wallet, Lamports::sol(1))).to_vec(),
            warm_until: None,
        };
        feed(&mut engine, Event::Run(RunEvent::Started(Box::new(started))));
        for wallet in [ours, of_another_run] {
            let (who, why) = (Held::thief_of(wallet), "test".to_owned());
            let commanded = Commanded { who, why, command: Command::Outage };
            feed(&mut engine, Event::Command(Box::new(commanded)));
        }
        let keys = RunKeys { critical_policy: CriticalPolicy::Flatten };
        let mut policy = Policy::new(&keys, Some(cold), vec![ours]);
        let began = Instant::now();
        let mut tried = |engine: &Engine, seconds: Range<u64>| {
            let mut tried = Vec::new();
            for second in seconds {
                let now = began + Duration::from_secs(second);
                for commanded in policy.withdraw(engine.trader(), engine.config(), now) {
                    assert_eq!(commanded.command, Command::Withdraw { wallet: ours, to: cold });
                    tried.push(second);
                }
            }
            tried
        };
        assert_eq!(tried(&engine, 0..200), [0, 2, 6, 14, 30, 62, 122, 182]);
        let reading = WalletEvent::Balance { wallet: ours, lamports: Lamports::sol(2), slot: Slot(1) };
        feed(&mut engine, Event::Wallet(reading));
        assert_eq!(tried(&engine, 200..206), [200, 202], "it holds another sum");
    }

    #[test]
    fn programs_that_stay_unproven_hold_entries_back_and_sell_nothing() {
        let down = [service("curves", Health::Down)];
        let pause = [pause("curves")];
        assert_eq!(told(&down, &[]), [("curves".to_owned(), Command::Pause { until: None })]);
        let long_ago = Instant::now().checked_sub(Duration::from_secs(61)).unwrap();
        let mut policy = policy(CriticalPolicy::Flatten);
        policy.down.insert("curves", Down { since: long_ago, told: None });
        assert_eq!(policy.apply(&down, &pause), []);
        assert!(policy.down["curves"].told.is_some(), "it is told");
        let back = said(policy, &[service("curves", Health::Ok)], &pause);
        assert_eq!(back, [("curves".to_owned(), Command::Resume)]);
    }

    #[test]
    fn a_part_that_stays_down_sells_everything_once_where_that_is_wanted() {
        let down = [service("store", Health::Down)];
        let long_ago = Instant::now().checked_sub(Duration::from_secs(61)).unwrap();
        let policy = |critical_policy| {
            let mut policy = policy(critical_policy);
            policy.down.insert("store", Down { since: long_ago, told: None });
            policy
        };
        let paused = [pause("store")];
        assert_eq!(said(policy(CriticalPolicy::Hold), &down, &paused), []);
        let mut flatten = policy(CriticalPolicy::Flatten);
        let first = flatten.apply(&down, &paused);
        assert_eq!(first[0].command, Command::Outage);
        assert_eq!(flatten.apply(&down, &paused), [], "an operator ended it: it does not come again");
        let outage = Held { hold: Hold::Outage, ..pause("store") };
        let back = said(flatten, &[service("store", Health::Ok)], &[outage]);
        assert_eq!(back, [("store".to_owned(), Command::Recovered)]);
    }
}
