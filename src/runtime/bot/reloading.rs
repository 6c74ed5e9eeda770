//! Other settings: taken over between two events, all of them or none.

use std::time::Duration;

use momentum_control::problem::Problem;
use momentum_control::reload::{Flaw, Reading, Reloaded};
use momentum_core::engine::Engine;
use momentum_core::event::{Command, Commanded, Event};
use momentum_store::book::wall_clock;

use super::turning::Loop;
use crate::play::Audience;
use crate::reload::{Followed, Read, Wish};
use crate::settings::{self, Change, Changed, Problems};

/// How long whoever wished it waits for the change to be durable.
const DURABLE_WITHIN: Duration = Duration::from_secs(4);

/// Problems that the bot's state shows; the log has all.
const SHOWN: usize = 50;

impl<A: Audience<Engine>> Loop<'_, '_, A> {
    /// Takes over what was read meanwhile, and has read what is wished.
    pub(super) fn reload(&mut self) {
        let Some(Read { wishes, settings }) = self.readings.next() else { return };
        let change = settings.and_then(|read| self.settings.turned_into(&read));
        match change.and_then(|change| self.permitted(change)) {
            Ok(change) => self.take_over(wishes, change),
            Err(problems) => self.keep(wishes, &problems),
        }
    }

    /// With real money no limit is loosened at work: an arming was given under those that were in force.
    fn permitted(&self, change: Change) -> Result<Change, Problems> {
        let looser = |changed: &&Changed| self.arming.is_some() && changed.loosens() && !changed.waits();
        let problem = |changed: &Changed| settings::Problem {
            place: changed.to.place.clone(),
            key: changed.key.path.to_owned(),
            message: format!("would loosen a limit of live trading, which is {}", changed.from.plain()),
            mend: "tighten it; or end the bot, arm it anew and start it".to_owned(),
        };
        let problems: Vec<_> = change.changed.iter().filter(looser).map(problem).collect();
        if problems.is_empty() { Ok(change) } else { Err(Problems(problems)) }
    }

    /// One event for the engine; what the loop itself follows changes with it.
    fn take_over(&mut self, wishes: Vec<Wish>, change: Change) {
        let Change { settings, changed, masked, warnings } = change;
        let who = wishes.first().map(|wish| wish.who.clone()).unwrap_or_default();
        let why = wishes.first().map(|wish| wish.why.clone()).unwrap_or_default();
        tracing::info!(who, why, changed = changed.len(), "the settings were read again");
        for changed in &changed {
            if changed.loosens() || changed.waits() {
                tracing::warn!("{changed}");
            } else {
                tracing::info!("{changed}");
            }
        }
        for masked in &masked {
            tracing::warn!("{masked}");
        }
        for warning in &warnings {
            tracing::warn!("{}: `{}` {}", warning.place, warning.key, warning.message);
        }
        let reading = Reading {
            at: wall_clock(),
            who: who.clone(),
            changed: changed.iter().map(|changed| changed.key.path.to_owned()).collect(),
            waiting: changed.iter().filter(|c| c.waits()).map(|c| c.key.path.to_owned()).collect(),
            problems: Vec::new(),
        };
        let reloaded = Reloaded {
            schema: "momentum.reload.v1".to_owned(),
            config_hash: settings.hash(),
            changed: changed.iter().map(Into::into).collect(),
            masked: masked.iter().map(Into::into).collect(),
            warnings: warnings.iter().map(Into::into).collect(),
        };
        self.say_reloaded(&reading);
        if settings.engine != self.settings.engine {
            let command = Command::Reconfigure(settings.engine.clone().into());
            let (now, commanded) = (self.now(), Commanded { who, why, command });
            self.driver.feed(now, Event::Command(Box::new(commanded)), &mut self.node);
            self.node.limit(&settings.engine, self.refuge);
        }
        self.follow(Followed::of(&settings));
        if let Some(arming) = &mut self.arming {
            arming.follow(&settings);
        }
        self.settings = settings;
        self.node.read_again(reading);
        self.node.publish(&self.driver, true);
        self.reply(wishes, &Ok(reloaded));
    }

    /// What is read by others than the engine. Every field is named: one that is added must be followed here.
    fn follow(&mut self, followed: Followed) {
        let Followed { speed, level, critical_policy } = followed;
        if speed != self.settings.sim.speed {
            self.timeline.set_speed(speed);
        }
        self.policy.follow(critical_policy);
        if level != self.settings.logs.level
            && let Some(logs) = self.logs
            && let Err(error) = logs.set_level(&level)
        {
            tracing::error!("the system log holds what it held: {error}");
        }
    }

    /// Everything stays as it is, and says why.
    fn keep(&mut self, wishes: Vec<Wish>, problems: &Problems) {
        let who = wishes.first().map(|wish| wish.who.clone()).unwrap_or_default();
        let message = format!("the settings stay as they are: {problems}");
        tracing::error!(who, "{message}");
        for problem in &problems.0 {
            tracing::error!("{}: `{}` {} ({})", problem.place, problem.key, problem.message, problem.mend);
        }
        let flaws: Vec<Flaw> = problems.0.iter().map(Into::into).collect();
        let reading = Reading {
            at: wall_clock(),
            who,
            changed: Vec::new(),
            waiting: Vec::new(),
            problems: flaws.iter().take(SHOWN).cloned().collect(),
        };
        self.say_reloaded(&reading);
        self.node.read_again(reading);
        self.node.publish(&self.driver, true);
        self.reply(wishes, &Err(Problem::flawed(message, flaws)));
    }

    /// The same for whoever sits before it.
    fn say_reloaded(&self, reading: &Reading) {
        let waiting = match reading.waiting.len() {
            0 => String::new(),
            waiting => format!(", {waiting} of them at the next start"),
        };
        match reading.problems.len() {
            0 => (self.say)(&format!("settings read again: {} changed{waiting}", reading.changed.len())),
            _ => {
                (self.say)("the settings stay as they are: what was read is wrong");
                for flaw in &reading.problems {
                    (self.say)(&format!("  {}: {} {}", flaw.place, flaw.key, flaw.message));
                }
            }
        }
    }

    fn reply(&mut self, wishes: Vec<Wish>, outcome: &Result<Reloaded, Problem>) {
        let mut replies = wishes.into_iter().filter_map(|wish| wish.reply).peekable();
        if replies.peek().is_none() {
            return;
        }
        if let Some(gate) = &mut self.node.gate
            && let Err(why) = gate.flush(DURABLE_WITHIN)
        {
            // No reply: the outcome of what is not durable is not known.
            return tracing::error!("a change of the settings is not durable: {why}");
        }
        for reply in replies {
            if reply.send(outcome.clone()).is_err() {
                tracing::debug!("settings were read again after their caller had given up");
            }
        }
    }
}
