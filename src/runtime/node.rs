//! The node: what the loop hands every event to, and what it asks before anything leaves.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use momentum_control::reload::Reading;
use momentum_control::request::{Reply, Request};
use momentum_control::state::Published;
use momentum_core::action::{Action, Effects};
use momentum_core::config::Config;
use momentum_core::engine::Engine;
use momentum_core::event::{Envelope, Event, MarketKind};
use momentum_core::fact::Fact;
use momentum_core::ids::{AttemptId, Seq, Wallet};
use momentum_core::time::Timestamp;
use momentum_core::units::LamportsDelta;
use momentum_sim::driver::{Driver, Outlet};
use momentum_store::metrics::Metrics;
use momentum_store::recording::Recorder;

use crate::asking::Asking;
use crate::gate::Gate;
use crate::logs;
use crate::play::Audience;
use crate::window::Window;

/// How long an operator waits for a command to be durable.
const DURABLE_WITHIN: Duration = Duration::from_secs(4);

/// Everything around the engine that one event concerns.
pub struct Node<'a, A> {
    audience: &'a mut A,
    /// None where state is kept in memory only.
    pub gate: Option<Gate>,
    /// None once it ended, or where nothing is recorded.
    recorder: Option<Recorder>,
    asking: Asking,
    /// Scores and measures, for those who ask later; none where nothing is kept.
    metrics: Option<Metrics>,
    /// None where nobody can look in.
    window: Option<Window>,
    /// Facts of the command that is being answered.
    told: Option<(Envelope, Vec<Fact>)>,
    /// Money or tokens that left wallets by another hand, and that nobody was told of yet.
    taken: BTreeMap<Wallet, String>,
}

/// What a node is made of.
pub struct Parts {
    /// What is durable before anything leaves.
    pub gate: Option<Gate>,
    /// Records every event.
    pub recorder: Option<Recorder>,
    /// Keeps scores and measures.
    pub metrics: Option<Metrics>,
    /// Who answers questions about tokens.
    pub asking: Asking,
    /// Where its state is shown.
    pub window: Option<Window>,
}

impl<'a, A: Audience<Engine>> Node<'a, A> {
    /// A node with these parts.
    pub fn new(parts: Parts, audience: &'a mut A) -> Self {
        let Parts { gate, recorder, metrics, asking, window } = parts;
        Self { audience, gate, recorder, metrics, asking, window, told: None, taken: BTreeMap::new() }
    }

    /// Other settings are in force, or all lamports may go to a cold address, or no longer.
    pub fn limit(&self, config: &Config, cold: Option<Wallet>) {
        self.asking.limit(config, cold);
    }

    /// What left our wallets by another hand since this was asked last.
    pub fn taken(&mut self) -> BTreeMap<Wallet, String> {
        std::mem::take(&mut self.taken)
    }

    /// Who watches.
    pub const fn audience(&mut self) -> &mut A {
        self.audience
    }

    /// The run is ending.
    pub const fn ends(&mut self) {
        if let Some(window) = &mut self.window {
            window.ending();
        }
    }

    /// Does what an operator asks, at a time between two events.
    pub fn obey(&mut self, request: Request, now: Timestamp, driver: &mut Driver<Engine>) {
        match request {
            Request::Question { question, reply } => {
                // Who asked may have gone: then nobody waits for the answer.
                if reply.send(question.answer(driver.processor())).is_err() {
                    tracing::debug!("a question was given up before it was answered");
                }
            }
            // Settings are the loop's: it takes such a wish out before.
            Request::Reload { reply, .. } => drop(reply),
            Request::Command { commanded, reply } => {
                tracing::info!(who = %commanded.who, why = %commanded.why, command = ?commanded.command, "command");
                self.told = None;
                self.told_from_here();
                driver.feed(now, Event::Command(commanded), self);
                let Some((envelope, facts)) = self.told.take() else { return };
                self.publish(driver, true);
                if let Some(gate) = &mut self.gate
                    && let Err(why) = gate.flush(DURABLE_WITHIN)
                {
                    // No reply: the outcome of what is not durable is not known.
                    tracing::error!("a command is not durable: {why}");
                    return;
                }
                let reply_of = Reply { seq: envelope.seq, now: envelope.now, facts };
                if reply.send(reply_of).is_err() {
                    tracing::debug!("a command was done after its caller had given up");
                }
            }
        }
    }

    fn told_from_here(&mut self) {
        let nothing = Envelope { seq: Seq(0), now: Timestamp(0), event: Event::Tick };
        self.told = Some((nothing, Vec::new()));
    }

    /// Shows the state, at most ten times a second unless it must be now.
    pub fn publish(&mut self, driver: &Driver<Engine>, at_once: bool) {
        if let Some(window) = &mut self.window {
            window.show(driver, self.gate.as_ref().map(Gate::journal), at_once);
        }
    }

    /// The settings were read again.
    pub fn read_again(&mut self, reading: Reading) {
        if let Some(window) = &mut self.window {
            window.read_again(reading);
        }
    }

    /// What was shown last.
    pub fn shown(&self) -> Option<Arc<Published>> {
        self.window.as_ref().map(Window::shown)
    }

    /// Ends the recording and gives the gate back, whose journal is closed last.
    pub fn end(self) -> Option<Gate> {
        if let Some(Err(error)) = self.recorder.map(Recorder::finish) {
            tracing::error!("the recording was not sealed: {error}");
        }
        if let Some(metrics) = self.metrics {
            if metrics.dropped() > 0 {
                tracing::warn!(dropped = metrics.dropped(), "measures that found no room in their queue");
            }
            metrics.close();
        }
        self.gate
    }
}

impl<A: Audience<Engine>> Outlet for Node<'_, A> {
    fn see(&mut self, envelope: &Envelope, effects: &Effects) {
        if let Some(recorder) = &mut self.recorder
            && let Err(error) = recorder.append(envelope, &effects.facts)
        {
            tracing::error!("the run goes on without a recording: {error}");
            self.recorder = None;
        }
        if let Some(gate) = &mut self.gate {
            gate.see(envelope, effects);
        }
        if let Some(metrics) = &self.metrics {
            metrics.append(&effects.facts);
        }
        if let Event::Market(event) = &envelope.event
            && let MarketKind::Launched(launched) = &event.kind
        {
            self.asking.launched(event.mint, launched);
        }
        for fact in &effects.facts {
            logs::tell(envelope.now, fact);
            if let Fact::OrderOpened(order) = fact {
                self.asking.ordered(order);
            }
            if let (Event::Wallet(_), Some((wallet, lost))) = (&envelope.event, lost(fact)) {
                self.taken.insert(wallet, lost);
            }
        }
        if let Some(window) = &mut self.window {
            window.see(envelope, effects);
        }
        if let Some((of, facts)) = &mut self.told
            && matches!(envelope.event, Event::Command(_))
        {
            *of = envelope.clone();
            facts.extend(effects.facts.iter().cloned());
        }
        self.audience.see(envelope, effects);
    }

    fn may_leave(&mut self, attempt: AttemptId) -> bool {
        self.gate.as_mut().is_none_or(|gate| gate.may_leave(attempt))
    }

    fn ask(&mut self, now: Timestamp, action: &Action) {
        self.asking.ask(now, action);
    }
}

/// What left a wallet without an order of ours, where that is what a fact tells.
fn lost(fact: &Fact) -> Option<(Wallet, String)> {
    match fact {
        Fact::ForeignMoney { wallet, change: LamportsDelta(lost @ ..0) } => {
            Some((*wallet, format!("{wallet} lost {} lamports by another hand", lost.unsigned_abs())))
        }
        Fact::TokensLeft { wallet, mint, tokens } => {
            Some((*wallet, format!("{wallet} lost {tokens} tokens of {mint} by another hand")))
        }
        _ => None,
    }
}
