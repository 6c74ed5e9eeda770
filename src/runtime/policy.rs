//! What the bot does when a part of it fails: one table.
//!
//! A part that is down holds entries back as an operator's pause would, under the part's own name; exits and
//! everything else go on, and the pause ends when the part is back. One that stays down is told every minute.
//! Nothing here is remembered but what was told: the pauses themselves stand in the engine, survive a restart and
//! are compared with how the parts are.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use momentum_control::state::{Health, Service};
use momentum_core::event::{Command, Commanded};
use momentum_core::trader::state::{Held, Hold};

/// A part of the bot, and how long it may be down before that is critical.
struct Rule {
    service: &'static str,
    critical_after: Duration,
}

const RULES: [Rule; 3] = [
    Rule { service: "store", critical_after: Duration::from_secs(60) },
    Rule { service: "rpc", critical_after: Duration::from_secs(60) },
    Rule { service: "stream", critical_after: Duration::from_secs(300) },
];

/// Time between two words about a part that stays down.
const REMIND_EVERY: Duration = Duration::from_secs(60);

/// The policy, with since when each part is down and when that was last told.
#[derive(Debug, Default)]
pub struct Policy {
    down: BTreeMap<&'static str, (Instant, Instant)>,
}

impl Policy {
    /// Commands that make the engine's pauses agree with how its parts are.
    pub fn apply(&mut self, services: &[Service], holds: &[Held]) -> Vec<Commanded> {
        let now = Instant::now();
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
            if down {
                let (since, told) = self.down.entry(rule.service).or_insert((now, now));
                if now.duration_since(*since) >= rule.critical_after
                    && now.duration_since(*told) >= REMIND_EVERY
                {
                    *told = now;
                    let seconds = now.duration_since(*since).as_secs();
                    tracing::error!(
                        service = rule.service,
                        seconds,
                        "critical: it stays down: {}",
                        service.why
                    );
                }
            } else {
                self.down.remove(rule.service);
            }
        }
        commands
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use momentum_core::time::Timestamp;

    fn service(name: &str, health: Health) -> Service {
        Service { name: name.to_owned(), health, why: "why".to_owned(), since: Timestamp(0) }
    }

    fn pause(who: &str) -> Held {
        let (who, why) = (who.to_owned(), String::new());
        Held { hold: Hold::Pause, who, why, since: Timestamp(0), until: None }
    }

    fn told(services: &[Service], holds: &[Held]) -> Vec<(String, Command)> {
        let commands = Policy::default().apply(services, holds);
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
}
