//! `momentum run` on live streams: a chain on loopback that tells what a made-up market does, by the real protocols,
//! with an RPC node and a web host that answer what the bot asks about its tokens.

mod chain;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use momentum_control::state::{BotState, Health};
use momentum_core::engine::Decision;
use momentum_core::event::{Answer, Event, FeedEvent, Side};
use momentum_core::ids::{Mint, Signature, Slot};
use momentum_store::book::Network;
use momentum_store::recording::Recording;

use crate::running::{Bot, LIVELY, Place};
pub(crate) use chain::Chain;
use chain::TOKEN;

/// Blocks of half an hour: velocity and range need history.
const HISTORY: usize = 4_500;

/// Starts a bot on the chain: gRPC, and where it is wished WebSocket behind it.
fn start(place: &Place, chain: &Chain, websocket: bool, more: &[&str]) -> Bot {
    place.secret("grpc.url", &format!("http://{}\n{TOKEN}\n", chain.line.address), 0o600);
    place.secret("rpc.url", &format!("{}?token={TOKEN}\n", chain.node.url()), 0o600);
    place.secret("ws.url", &format!("{}/?token={TOKEN}\n", chain.pubsub.url()), 0o600);
    let sets: Vec<&str> = LIVELY.iter().filter(|set| !set.starts_with("sim.")).copied().collect();
    let mut sets = [&sets[..], more].concat();
    sets.extend([
        "paper.capital=1000SOL",
        // A lost transaction would be waited for at the end: a minute of everybody's time.
        "paper.lost=0%",
        "score.every=2s",
        "enrich.allow_private=true",
        "enrich.hosts=[\"127.0.0.1\"]",
        "enrich.retry=1s",
        "source.pause_max=1s",
        "source.return_every=1s",
        "endpoints.grpc=[\"grpc.url\"]",
        "endpoints.rpc=[\"rpc.url\"]",
    ]);
    if websocket {
        sets.push("endpoints.websocket=\"ws.url\"");
    }
    let sets: Vec<&str> = sets.iter().flat_map(|set| ["--set", *set]).collect();
    let bot = place.launch(&[&["--source", "grpc", "--network", "localnet"], &sets[..]].concat());
    bot.until("the stream is well", |state| stream(state) == Health::Ok);
    bot
}

/// A chain and a bot on it that has bought something.
pub(crate) fn trading(place: &Place) -> (Chain, Bot) {
    let chain = Chain::start(10_000);
    let bot = start(place, &chain, false, &["rpc.timeout=500ms", "rpc.deadline=1s"]);
    chain.grow(HISTORY);
    grow_until(&chain, &bot, "something is bought", |state| state.open_positions > 0);
    (chain, bot)
}

fn stream(state: &BotState) -> Health {
    let stream = state.services.iter().find(|service| service.name == "stream");
    stream.map_or(Health::Down, |stream| stream.health)
}

/// Lets the chain grow, twenty times as fast as a real one, until the bot is as wished.
fn grow_until(chain: &Chain, bot: &Bot, what: &str, wished: impl Fn(&BotState) -> bool) -> BotState {
    bot.until(what, |state| {
        chain.grow(1);
        thread::sleep(Duration::from_millis(15));
        wished(state)
    })
}

/// Waits until the bot has seen all that there is.
fn caught_up(chain: &Chain, bot: &Bot) {
    let newest = chain.newest();
    bot.until("it has seen all", |state| state.slot == Some(Slot(newest)));
}

/// Every event that the bot saw, by its own recording.
fn seen(place: &Place) -> Vec<Event> {
    let recording = Recording::open(&place.book().recordings()).unwrap();
    let sessions = recording.sessions().iter().map(|session| session.as_ref().unwrap());
    sessions
        .flat_map(|session| session.envelopes().map(|envelope| envelope.unwrap().event).collect::<Vec<_>>())
        .collect()
}

/// How often each market event was seen.
fn counts(events: &[Event]) -> BTreeMap<(Signature, u16), usize> {
    let mut counts = BTreeMap::new();
    for event in events {
        if let Event::Market(event) = event {
            *counts.entry((event.signature, event.ordinal)).or_default() += 1;
        }
    }
    counts
}

/// Every file of the place that is no secret's own holds nothing of it.
fn assert_nowhere(folder: &Path, secret: &str) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            assert_nowhere(&path, secret);
        } else if path.extension().is_none_or(|extension| extension != "url") && path.is_file() {
            let bytes = fs::read(&path).unwrap();
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "a secret is in {}", path.display());
        }
    }
}

#[test]
fn a_bot_on_a_grpc_stream_trades_on_paper_loses_nothing_over_a_cut_and_tells_no_secret() {
    let place = Place::on("grpc", Network::Localnet);
    let chain = Chain::start(10_000);
    let bot = start(&place, &chain, false, &[]);
    chain.grow(HISTORY);
    grow_until(&chain, &bot, "something is bought", |state| state.open_positions > 0);
    let quick = || place.run(&["health", "--quick", "--network", "localnet"]);
    assert_eq!(quick().status, 0, "{:?}", quick());

    // The line is cut and refused while the chain goes on.
    chain.line.refuse(true);
    chain.line.cut();
    let down = grow_until(&chain, &bot, "the stream is lost", |state| stream(state) == Health::Down);
    assert!(down.open_positions > 0 || down.trades > 0);
    let told = quick();
    assert!(told.status == 10 || told.status == 11, "{told:?}");
    assert!(told.stdout.contains("stream"), "{told:?}");
    chain.grow(50);
    chain.line.refuse(false);
    bot.until("the stream is back", |state| stream(state) == Health::Ok);
    assert_eq!(place.run(&["health", "--wait", "60s", "--network", "localnet"]).status, 0);
    // What was bought before can be sold behind it.
    for row in bot.ask(|client| client.positions()) {
        let mint = row.mint.to_string();
        let closed = place.run(&["positions", "close", &mint, "--urgent", "--network", "localnet"]);
        assert!(closed.status == 0 || closed.status == 66, "{closed:?}");
    }
    grow_until(&chain, &bot, "it sells", |state| state.trades > 0);
    caught_up(&chain, &bot);

    let state = bot.runtime.block_on(bot.client.state()).unwrap();
    assert!(!serde_json::to_string(&state).unwrap().contains(TOKEN));
    let argv = fs::read(format!("/proc/{}/cmdline", bot.pid())).unwrap();
    assert!(!String::from_utf8_lossy(&argv).contains(TOKEN));
    let summary = bot.stop();
    assert!(summary["fills"].as_u64().unwrap() > 0, "{summary}");
    assert!(
        chain.node.asked().iter().any(|method| method == "getMultipleAccounts" || method == "getAccountInfo")
    );

    let events = seen(&place);
    assert!(
        !events
            .iter()
            .any(|event| matches!(event, Event::Feed(FeedEvent::Gap { .. } | FeedEvent::Dropped(_))))
    );
    let told = chain.told();
    let counts = counts(&events);
    let missing = told.iter().filter(|key| !counts.contains_key(key)).count();
    let doubled = counts.values().filter(|count| **count > 1).count();
    assert_eq!((missing, doubled), (0, 0), "missing and doubled of {}", told.len());
    let answered = |is: fn(&Answer) -> bool| {
        events.iter().any(|event| matches!(event, Event::Enriched(enriched) if is(&enriched.answer)))
    };
    assert!(answered(|answer| matches!(answer, Answer::Mint(Ok(_)))), "mints are read");
    assert!(answered(|answer| matches!(answer, Answer::Metadata(Ok(_)))), "metadata are read");
    assert!(events.iter().all(|event| !format!("{event:?}").contains(TOKEN)));
    assert_nowhere(place.folder(), TOKEN);
}

#[test]
fn past_the_window_a_gap_is_told_and_nothing_is_entered_on_what_is_not_known_since() {
    let place = Place::on("gap", Network::Localnet);
    let chain = Chain::start(20);
    // No gap is small enough to be filled.
    let bot = start(&place, &chain, false, &["rpc.fill_slots_max=1"]);
    chain.grow(HISTORY);
    caught_up(&chain, &bot);
    chain.line.refuse(true);
    chain.line.cut();
    bot.until("the stream is lost", |state| stream(state) == Health::Down);
    chain.grow(400);
    chain.line.refuse(false);
    bot.until("the stream is back", |state| stream(state) == Health::Ok);
    grow_until(&chain, &bot, "it goes on", |state| {
        state.slot.is_some_and(|slot| slot.0 + 5 >= chain.newest())
    });
    grow_until(&chain, &bot, "it trades again", |state| state.open_positions > 0 || state.trades > 0);
    bot.stop();

    let recording = Recording::open(&place.book().recordings()).unwrap();
    let session = recording.sessions()[0].as_ref().unwrap();
    // When each token was heard of last, and which orders came behind the gap.
    let (mut gap, mut heard) = (None, BTreeMap::<Mint, u64>::new());
    for envelope in session.envelopes() {
        let envelope = envelope.unwrap();
        match &envelope.event {
            Event::Feed(FeedEvent::Gap { from, to }) => {
                assert!(to.0 - from.0 > 300, "{from:?} to {to:?}");
                gap = Some(envelope.seq.0);
            }
            Event::Market(event) => {
                heard.insert(event.mint, envelope.seq.0);
            }
            Event::Enriched(enriched)
                if matches!(enriched.answer, Answer::Curve(Ok(_)) | Answer::Pool(Ok(_))) =>
            {
                heard.insert(enriched.mint, envelope.seq.0);
            }
            _ => {}
        }
    }
    let gap = gap.expect("a gap was told");
    for decision in session.decisions() {
        let decision = decision.unwrap();
        let Decision { kind, side, mint, .. } = &decision.decision;
        if kind == "order_opened" && *side == Side::Buy && decision.seq.0 > gap {
            assert!(heard[mint] > gap, "{mint} was entered on what was known before the gap");
        }
    }
}

#[test]
fn without_grpc_the_bot_goes_on_by_websocket_and_returns() {
    let place = Place::on("websocket", Network::Localnet);
    let chain = Chain::start(10_000);
    let bot = start(&place, &chain, true, &[]);
    chain.grow(HISTORY);
    caught_up(&chain, &bot);
    chain.line.refuse(true);
    chain.line.cut();
    let fallen =
        grow_until(&chain, &bot, "it is on the WebSocket", |state| stream(state) == Health::Degraded);
    let why = &fallen.services.iter().find(|service| service.name == "stream").unwrap().why;
    assert!(why.contains("not on the first endpoint"), "{why}");
    let before = fallen.slot.unwrap().0;
    grow_until(&chain, &bot, "it hears of trades there", |state| state.slot.unwrap().0 > before + 20);
    chain.line.refuse(false);
    grow_until(&chain, &bot, "it is back on gRPC", |state| stream(state) == Health::Ok);
    bot.stop();
    assert_nowhere(place.folder(), TOKEN);
}

#[test]
fn a_secret_that_others_may_read_is_refused_before_anything_is_connected() {
    let place = Place::on("secret", Network::Localnet);
    place.secret("grpc.url", &format!("http://127.0.0.1:1\n{TOKEN}\n"), 0o644);
    let set = "endpoints.grpc=[\"grpc.url\"]";
    let run = place.run(&["run", "--source", "grpc", "--network", "localnet", "--json", "--set", set]);
    assert_eq!((run.status, run.error().as_str()), (77, "not_private"), "{run:?}");
    assert!(run.stderr.contains("chmod 600") && !run.stderr.contains(TOKEN), "{run:?}");
}
