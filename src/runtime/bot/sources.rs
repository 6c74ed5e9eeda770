//! Steps 9 and 10: where events come from, and who answers questions about them.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use momentum_chain::backfill;
use momentum_chain::endpoints::Rpc;
use momentum_chain::enrich::Enricher;
use momentum_chain::execution::{SimulationHandle, Simulator};
use momentum_chain::stream::{self, Filler, StreamKeys};
use momentum_core::event::{Event, Mode};
use momentum_core::ids::Slot;
use momentum_sim::driver::Answers;
use momentum_sim::market::BEGINNING;
use momentum_store::book::{Network, wall_clock};
use momentum_store::record;
use momentum_store::recording::{Patience, Recorder, retain};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;

use super::restoring::Restored;
use super::{Open, Origin, Plan, StartError, Steps};
use crate::asking::Asking;
use crate::book::{self, Begun};
use crate::embedded::Embedded;
use crate::inbox::Inbox;
use crate::live::{self, Around};
use crate::pace::Pace;
use crate::planted::{self, When};
use crate::services::Services;
use crate::source::{Choice, Source, Until};
use crate::timeline::{Made, Script, Timeline, Wall};

/// Answers of enrichment that may wait for the inbox.
const ANSWERS: usize = 4_096;
/// Events that are handed over at a time.
const BATCH: usize = 256;

/// Opens the source of the plan, behind what was restored.
pub(super) fn open(
    plan: &Plan<'_>,
    restored: &Restored,
    around: &Around<'_>,
    services: &mut Services,
    steps: &mut Steps<'_>,
) -> Result<(Timeline<'static>, Asking, Begun), StartError> {
    let simulates = plan.mode == Mode::Paper && plan.settings.paper.simulate_as.is_some();
    if simulates && matches!(plan.origin, Origin::Made(_)) {
        steps.say("paper.simulate_as: nothing is simulated, for what is traded here is on no chain");
    }
    match &plan.origin {
        Origin::Made(Choice::Sim) => {
            embedded(plan, restored).map(|(timeline, begun)| (timeline, Asking::default(), begun))
        }
        Origin::Made(choice) => {
            replay(plan, choice, steps).map(|(timeline, begun)| (timeline, Asking::default(), begun))
        }
        Origin::Live if plan.errand.is_some() => {
            let rpc = nodes(plan, around, steps)?;
            services.rpc.clone_from(&rpc);
            let enrich = Some(enricher(plan, rpc, around)?);
            let begun = begun_live(plan, restored);
            let asking = Asking { enrich, ..Asking::default() };
            Ok((Timeline::Wall(Wall::new(begun.begins)), asking, begun))
        }
        Origin::Live => live(plan, restored, around, services, steps),
    }
}

fn embedded(plan: &Plan<'_>, restored: &Restored) -> Result<(Timeline<'static>, Begun), StartError> {
    let sim = &plan.settings.sim;
    let warm_until = BEGINNING + sim.warm_up;
    let market = restored.embedded.clone();
    let market = market.unwrap_or_else(|| Box::new(Embedded::new(sim.seed, sim)));
    let end = plan.until.map(|until| match until {
        Until::At(end) => end,
        Until::After(span) => BEGINNING + span,
    });
    if let (Some(end), Some(now)) = (end, restored.now)
        && end <= now
    {
        let book = plan.book.as_ref().map(|(book, _)| book.name().to_string()).unwrap_or_default();
        return Err(StartError::Past { book, now: now.to_string() });
    }
    let begun = Begun {
        run_id: book::run_id_by(
            plan.settings,
            plan.mode,
            record::Source::Sim,
            Some(sim.seed),
            Some(BEGINNING),
        ),
        mode: plan.mode,
        kind: record::Source::Sim,
        network: Some("sim".to_owned()),
        seed: Some(sim.seed),
        begins: BEGINNING,
        warm_until: Some(warm_until),
        answers: Answers::NotConfigured,
        resumed: restored.now.is_some(),
        failed: None,
    };
    let made = Made::new(Script::Embedded(market, end), Pace::new(plan.speed, Some(warm_until)));
    Ok((Timeline::Made(made), begun))
}

fn replay(
    plan: &Plan<'_>,
    choice: &Choice,
    steps: &Steps<'_>,
) -> Result<(Timeline<'static>, Begun), StartError> {
    let source = Source::open(choice, &plan.settings.sim)?;
    for line in &source.skipped {
        steps.say(&format!("skipped: {line}"));
    }
    let begun = Begun {
        run_id: book::run_id(plan.settings, plan.mode, &source),
        mode: plan.mode,
        kind: source.kind,
        network: None,
        seed: source.seed,
        begins: source.begins.unwrap_or_default(),
        warm_until: source.warm_until,
        answers: source.answers,
        resumed: false,
        failed: Some(source.failed()),
    };
    let pace = Pace::new(plan.speed, source.warm_until);
    let events: Box<dyn Iterator<Item = _>> = source.events(plan.until);
    Ok((Timeline::Made(Made::new(Script::Events(events.peekable()), pace)), begun))
}

/// A live stream, with RPC nodes and enrichment where they are configured.
fn live(
    plan: &Plan<'_>,
    restored: &Restored,
    around: &Around<'_>,
    services: &mut Services,
    steps: &mut Steps<'_>,
) -> Result<(Timeline<'static>, Asking, Begun), StartError> {
    let settings = plan.settings;
    let Around { runtime, inbox, tasks, cancel, .. } = *around;
    if !settings.endpoints.has_stream() {
        return Err(StartError::NoStream);
    }
    // A token's metadata name the host: off a local network they could name one behind our own door.
    let local = plan.book.as_ref().is_some_and(|(book, _)| book.name().network == Network::Localnet);
    if settings.enrich.allow_private && !local {
        return Err(StartError::PrivateHosts);
    }
    let _guard = runtime.enter();
    let rpc = nodes(plan, around, steps)?;
    if rpc.is_none() {
        steps.say(
            "no RPC node is configured: of tokens whose launch the stream missed nothing more can be known, and \
             holders and metadata of none",
        );
    }
    let simulations = simulations(plan, rpc.as_ref(), around)?;
    let enrich = enricher(plan, rpc.clone(), around)?;
    let filler = rpc.clone().map(|rpc| {
        let filler = Arc::new(backfill::Filler::new(rpc, &settings.rpc));
        let fill = move |from: Slot, to: Slot| {
            let filler = Arc::clone(&filler);
            let filling: futures_util::future::BoxFuture<'static, stream::Filling> =
                Box::pin(async move { filler.fill(from, to).await.map_err(Into::into) });
            filling
        };
        Arc::new(fill) as Filler
    });
    let opened = stream::open(
        settings.endpoints.streams()?,
        StreamKeys { source: settings.source.clone(), grpc: settings.grpc.clone() },
        filler,
        restored.slot,
        tasks,
        cancel,
    );
    services.stream = Some(opened.health.clone());
    services.rpc = rpc;
    hand_over(opened.events, Arc::clone(inbox), runtime);
    steps.done("stream");
    let begun = begun_live(plan, restored);
    let asking = Asking { enrich: Some(enrich), follow: Some(opened.follow), execution: None, simulations };
    Ok((Timeline::Wall(Wall::new(begun.begins)), asking, begun))
}

/// The RPC nodes of the settings, watched from here on; none where none is configured.
fn nodes(plan: &Plan<'_>, around: &Around<'_>, steps: &mut Steps<'_>) -> Result<Option<Rpc>, StartError> {
    let Around { runtime, tasks, cancel, .. } = *around;
    let nodes = plan.settings.endpoints.nodes()?;
    if nodes.is_empty() {
        return Ok(None);
    }
    let network = plan.book.as_ref().map(|(book, _)| book.name().network);
    let rpc = live::rpc(nodes, &plan.settings.rpc, network)?;
    let (watched, cancel) = (rpc.clone(), cancel.clone());
    runtime.spawn(tasks.clone().keep("rpc", move || {
        let (watched, cancel) = (watched.clone(), cancel.clone());
        async move { watched.watch(cancel).await }
    }));
    steps.done("RPC");
    Ok(Some(rpc))
}

/// A run by the wall's time begins now, behind all that was.
fn begun_live(plan: &Plan<'_>, restored: &Restored) -> Begun {
    let now = wall_clock();
    Begun {
        run_id: book::run_id_by(plan.settings, plan.mode, record::Source::Grpc, None, Some(now)),
        mode: plan.mode,
        kind: record::Source::Grpc,
        network: plan.book.as_ref().map(|(book, _)| book.name().network.to_string()),
        seed: None,
        begins: restored.now.unwrap_or(now).max(now),
        warm_until: None,
        answers: Answers::FromSource,
        resumed: restored.now.is_some(),
        failed: None,
    }
}

fn enricher(
    plan: &Plan<'_>,
    rpc: Option<Rpc>,
    around: &Around<'_>,
) -> Result<momentum_chain::enrich::EnrichHandle, StartError> {
    let Around { runtime, inbox, tasks, cancel, .. } = *around;
    let _guard = runtime.enter();
    let (out, answers) = mpsc::channel(ANSWERS);
    let telegram = plan.settings.endpoints.telegram()?;
    let handle = Enricher::start(rpc, &plan.settings.enrich, telegram, out, tasks.clone(), cancel.clone())
        .map_err(|_| StartError::Chain("TLS cannot be set up".to_owned()))?;
    hand_answers(answers, inbox, runtime);
    Ok(handle)
}

/// Who runs buys on paper on the chain, where that is wished.
fn simulations(
    plan: &Plan<'_>,
    rpc: Option<&Rpc>,
    around: &Around<'_>,
) -> Result<Option<SimulationHandle>, StartError> {
    let Around { runtime, inbox, tasks, cancel, .. } = *around;
    let Some(wallet) = plan.settings.paper.simulate_as.filter(|_| plan.mode == Mode::Paper) else {
        return Ok(None);
    };
    let rpc = rpc.ok_or(StartError::NothingSimulates)?;
    let (out, answers) = mpsc::channel(ANSWERS);
    let handle = Simulator::start(rpc.clone(), wallet, &plan.settings.live, out, tasks, cancel.clone());
    hand_answers(answers, inbox, runtime);
    Ok(Some(handle))
}

/// Hands answers to the inbox; where it has no room for now, they wait.
pub(crate) fn hand_answers(mut answers: mpsc::Receiver<Event>, inbox: &Arc<Inbox>, runtime: &Runtime) {
    let inbox = Arc::clone(inbox);
    runtime.spawn(async move {
        while let Some(answer) = answers.recv().await {
            planted::answered(When::Before, &answer);
            while !inbox.answer(answer.clone()) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            planted::answered(When::After, &answer);
        }
    });
}

/// Hands the stream's events to the inbox.
fn hand_over(mut events: mpsc::Receiver<Event>, inbox: Arc<Inbox>, runtime: &Runtime) {
    runtime.spawn(async move {
        let mut batch = Vec::with_capacity(BATCH);
        while events.recv_many(&mut batch, BATCH).await > 0 {
            inbox.market(batch.drain(..));
        }
    });
}

/// The recording: where it is wished, and by itself for real sources.
pub(super) fn recorder(
    plan: &Plan<'_>,
    restored: &Restored,
    begun: &Begun,
    open: Option<&Open>,
) -> Result<Option<Recorder>, StartError> {
    let keys = &plan.settings.record;
    let by_itself = open.filter(|_| plan.origin == Origin::Live && plan.errand.is_none() && keys.enabled);
    let folder = match (&plan.record, by_itself) {
        (Some(folder), _) => folder.clone(),
        (None, Some(_)) if !keys.folder.is_empty() => PathBuf::from(&keys.folder),
        (None, Some(open)) => open.book.recordings(),
        (None, None) => return Ok(None),
    };
    let patience = match plan.origin {
        Origin::Live => Patience::AtMost(Duration::from_millis(100)),
        Origin::Made(_) => Patience::Endless,
    };
    let state = (restored.seq > momentum_core::ids::Seq(0)).then(|| restored.engine.snapshot()).transpose();
    let state = state.map_err(|error| StartError::Chain(error.to_string()))?;
    let recorder =
        Recorder::create(&folder, book::about(plan.settings, begun), state.as_deref(), keys, patience)?;
    (plan.say)(&format!("recording to {}", recorder.session().display()));
    match retain(&folder, keys, SystemTime::now()) {
        Ok(removed) => {
            for removed in removed {
                let session = removed.session.display();
                (plan.say)(&format!("removed by record.keep_time or record.keep_megabytes: {session}"));
            }
        }
        Err(error) => (plan.say)(&format!("old recordings stay: {error}")),
    }
    Ok(Some(recorder))
}
