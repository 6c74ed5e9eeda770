//! A running bot on the embedded market, steered by its operator: by commands beside it, by signals, and with
//! the bot dead.

mod races;

use std::fs;
use std::path::Path;
use std::time::Duration;

use momentum_control::operator::this_user;
use momentum_control::state::{Status, Verdict};
use momentum_core::event::{Event, ExecutionKind};
use momentum_core::ids::{Mint, Seq};
use momentum_core::trader::state::{Hold, TradingState};
use momentum_store::recording::Recording;
use rustix::process::Signal;
use serde_json::Value;

use crate::running::{Bot, Place};

/// Waits until something is open; its mint.
fn position(bot: &Bot) -> Mint {
    // It may be closed again by the time it is asked for: then the next one is waited for.
    loop {
        bot.until("a position is open", |state| state.open_positions > 0);
        if let Some(open) = bot.ask(|client| client.positions()).first() {
            return open.mint;
        }
    }
}

/// The seqs at which attempts were given to the venue, by the recording alone.
fn sent(recordings: &Path) -> Vec<Seq> {
    let recording = Recording::open(recordings).unwrap();
    let mut sent = Vec::new();
    for session in recording.sessions() {
        for envelope in session.as_ref().unwrap().envelopes() {
            let envelope = envelope.unwrap();
            if let Event::Execution(told) = &envelope.event
                && matches!(told.kind, ExecutionKind::Sent { .. })
            {
                sent.push(envelope.seq);
            }
        }
    }
    sent
}

#[test]
fn a_second_bot_on_a_book_is_status_75_and_names_the_first() {
    let place = Place::of("second");
    let bot = place.start(&["--speed", "200"]);
    let second = place.run(&["run", "--json"]);
    assert_eq!((second.status, second.error().as_str()), (75, "book_held"), "{second:?}");
    assert!(second.stderr.contains(&format!("run (pid {}, since ", bot.pid())), "{second:?}");
    assert_eq!(place.run(&["migrate", "up", "--json"]).status, 75);
    // The first was not disturbed.
    assert_eq!(place.run(&["health", "--quick"]).stdout, "ok (running, open)\n");
    bot.stop();
}

#[test]
fn a_pause_is_in_file_and_row_and_survives_kill_9() {
    let place = Place::of("pause");
    let quick = || {
        let quick = place.run(&["health", "--quick"]);
        (quick.status, quick.stdout)
    };
    let bot = place.start(&["--speed", "200"]);
    let pause = place.run(&["killswitch", "pause", "--why", "night"]);
    assert!(
        pause.stdout.starts_with("pause sim-paper: in the kill file; acknowledged by the bot in "),
        "{pause:?}"
    );
    let paused = (10, format!("degraded (running, exits_only): pause by {}: night\n", this_user()));
    assert_eq!(quick(), paused);
    bot.kill();
    let places = || {
        let status = place.run(&["killswitch", "status", "--json"]).json();
        status
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["where"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(places(), ["file", "database"]);

    let bot = place.start(&["--speed", "200"]);
    assert_eq!(quick(), paused);
    assert_eq!(bot.state().trading.holds.len(), 1, "it is held once, not once by each");
    bot.kill();
    // Each of the two is enough.
    fs::remove_file(place.book().kill_file()).unwrap();
    let bot = place.start(&["--speed", "200"]);
    assert_eq!(quick(), paused);
    assert_eq!(places(), ["bot"]);
    assert_eq!(place.run(&["killswitch", "resume"]).status, 0);
    assert_eq!(quick(), (0, "ok (running, open)\n".to_owned()));
    bot.kill();
    assert_eq!(place.run(&["killswitch", "status"]).stdout, "sim-paper: nothing is held back\n");
    let bot = place.start(&["--speed", "200"]);
    assert_eq!(bot.state().trading.state, TradingState::Open);
    bot.stop();
}

#[test]
fn what_the_kill_file_says_holds_before_a_bot_answers() {
    let place = Place::of("ordered-before");
    place.book().create().unwrap();
    assert_eq!(place.run(&["killswitch", "flatten"]).status, 0);
    let bot = place.launch(&["--seed", "7"]);
    assert_eq!(bot.state().trading.held.map(|held| held.hold), Some(Hold::Flatten));
    bot.kill();
}

#[test]
fn a_lock_keeps_a_dead_bot_dead_until_it_is_reset_by_hand() {
    let place = Place::of("lock-dead");
    let bot = place.start(&["--speed", "200"]);
    assert_eq!(place.run(&["killswitch", "lock", "--why", "keys may be stolen"]).status, 0);
    assert_eq!(place.run(&["health", "--quick"]).status, 21);
    bot.kill();
    let refused = || {
        let run = place.run(&["run", "--seed", "7", "--json"]);
        assert_eq!((run.status, run.error().as_str()), (21, "halted"), "{run:?}");
        assert!(run.stderr.contains(&format!("locked by {}: keys may be stolen", this_user())), "{run:?}");
    };
    refused();
    fs::remove_file(place.book().kill_file()).unwrap();
    refused();
    let reset = place.run(&["killswitch", "reset", "lock", "--confirm", "lock"]);
    assert_eq!(
        (reset.status, reset.stdout.as_str()),
        (0, "reset sim-paper: out of the database; no bot runs\n"),
        "{reset:?}"
    );
    let bot = place.start(&["--speed", "200"]);
    assert_eq!(bot.state().trading.state, TradingState::Open);
    let told = bot.ask(|client| client.history(momentum_control::client::History::Events, 20));
    assert!(told.iter().any(|row| row["body"].to_string().contains("Reset")), "the audit tells it: {told:?}");
    bot.stop();
}

#[test]
fn flatten_sells_everything_and_nothing_is_bought_until_it_is_reset() {
    let place = Place::of("flatten");
    let bot = place.start(&["--speed", "200"]);
    position(&bot);
    let flatten = place.run(&["killswitch", "flatten", "--why", "going home"]);
    assert_eq!(flatten.status, 0, "{flatten:?}");
    let sold = bot.until("everything is sold", |state| state.open_positions == 0 && state.in_flight == 0);
    assert_eq!(sold.trading.held.unwrap().hold, Hold::Flatten);
    assert_eq!(place.run(&["positions", "list"]).stdout, "no position is open\n");
    // Signals go on, and each is refused.
    let refused = sold.refusals_today;
    let still = bot.until("a signal is refused", |state| state.refusals_today > refused);
    assert_eq!((still.open_positions, still.in_flight), (0, 0));
    assert_eq!(place.run(&["killswitch", "resume"]).status, 0, "a resume ends one's own pause");
    assert_eq!(bot.state().trading.held.unwrap().hold, Hold::Flatten, "and no flatten");
    assert_eq!(place.run(&["killswitch", "reset", "flatten", "--confirm", "flatten"]).status, 0);
    position(&bot);
    let summary = bot.stop();
    assert!(summary["exits"]["kill"].as_u64().unwrap() > 0, "{summary}");
}

#[test]
fn under_a_lock_nothing_leaves_not_even_a_sale() {
    let place = Place::of("lock");
    let recordings = place.folder().join("recordings");
    let bot = place.start(&["--speed", "200", "--record", recordings.to_str().unwrap()]);
    let mint = position(&bot).to_string();
    let lock = place.run(&["killswitch", "lock", "--json"]).json();
    assert_eq!(lock["acknowledged"], true);
    let locked = bot.state().now;
    let held = place.run(&["positions", "close", &mint]);
    assert!(held.status == 21 && held.stdout.contains("NOTHING IS SOLD: lock by "), "{held:?}");
    // Market time goes on, and so do the reasons to sell.
    let later = bot.until("ten minutes pass", |state| state.now.since(locked).as_secs() > 600);
    assert_eq!(later.verdict, Verdict::Halted);
    assert_eq!(place.run(&["killswitch", "reset", "lock", "--confirm", "lock"]).status, 0);
    bot.until("it trades again", |state| state.trading.state == TradingState::Open);
    bot.until("what was held is sold", |state| state.trades > later.trades);
    bot.stop();

    // The file is obeyed too, and may be seen to change before the command beside it is heard: the first counts.
    let told = commands(&recordings);
    let first = |what: &str| &told.iter().find(|(_, command)| command.starts_with(what)).unwrap().0;
    let (lock, reset) = (first("Lock"), first("Reset"));
    let left: Vec<_> = sent(&recordings).into_iter().filter(|seq| seq > lock && seq < reset).collect();
    assert_eq!(left, [], "sent between {lock} and {reset}");
}

/// The commands of a recording, with their seqs.
fn commands(recordings: &Path) -> Vec<(Seq, String)> {
    let recording = Recording::open(recordings).unwrap();
    let of_session = |session: &momentum_store::recording::Session| {
        let commands = session.envelopes().map(Result::unwrap).filter_map(|envelope| match &envelope.event {
            Event::Command(told) => Some((envelope.seq, format!("{:?}", told.command))),
            _ => None,
        });
        commands.collect::<Vec<_>>()
    };
    recording.sessions().iter().flat_map(|session| of_session(session.as_ref().unwrap())).collect()
}

#[test]
fn a_position_is_bought_listed_and_sold_by_hand() {
    let place = Place::of("by-hand");
    // No signal is strong enough here: only the operator buys.
    let bot = place.start(&[
        "--speed",
        "200",
        "--set",
        "signals.strong_buy_score=100",
        "--set",
        "exits.time_stop=10h",
    ]);
    let mint = position(&bot).to_string();
    let listed = place.run(&["positions", "list", "-o", "name"]);
    assert!(listed.stdout.lines().any(|line| line == mint), "{listed:?}");
    let again = place.run(&["trade", "buy", &mint, "0.1SOL", "--json"]);
    assert_eq!((again.status, again.error().as_str()), (20, "position_open"), "{again:?}");
    let shown = place.run(&["positions", "show", &mint, "--json"]).json();
    let left = shown["bought"].as_str().unwrap().parse::<u64>().unwrap()
        - shown["sold"].as_str().unwrap().parse::<u64>().unwrap();
    let score = place.run(&["score", &mint, "--explain"]);
    assert!(score.status == 0 && score.stdout.contains("liquidity"), "{score:?}");
    let quote = place.run(&["trade", "quote", "sell", "1tokens", &mint, "--json"]).json();
    assert_eq!(quote["mint"], mint.as_str());

    // A part, and then the rest.
    let part = (left / 2_000_000).to_string();
    let sold = place.run(&["trade", "sell", &mint, &part]);
    assert!(sold.status == 0 && sold.stdout.contains("(manual)"), "{sold:?}");
    let less =
        |rows: &[momentum_control::state::PositionRow]| !rows.iter().any(|row| row.mint.to_string() == mint);
    bot.until("a part is sold", |state| state.in_flight == 0);
    if !less(&bot.ask(|client| client.positions())) {
        let closed = place.run(&["positions", "close", &mint, "--urgent"]);
        assert!(closed.status == 0 || closed.status == 66, "{closed:?}");
    }
    bot.until("it is sold", |_| less(&bot.ask(|client| client.positions())));
    let story = place.run(&["positions", "show", &mint, "--timeline"]);
    assert!(story.status == 0 && story.stdout.contains("closed"), "{story:?}");
    assert!(place.run(&["positions", "export", "-o", "csv"]).stdout.contains(&mint));
    bot.stop();
}

#[test]
fn sigterm_ends_a_bot_in_order_with_its_positions_held_or_sold() {
    let place = Place::of("sigterm");
    let bot = place.start(&["--speed", "200"]);
    position(&bot);
    let summary = bot.stop();
    let held = summary["open_positions"].as_u64().unwrap();
    let listed = place.run(&["positions", "list", "--json"]);
    assert_eq!(listed.json().as_array().unwrap().len() as u64, held);
    assert!(listed.stderr.starts_with("no bot runs; as stored at 2026-01-01T00:"), "{listed:?}");

    // One that is sold before the bot hears of its end is no sale of the end: then it is done again.
    loop {
        let bot = place.start(&["--speed", "200", "--on-exit", "flatten"]);
        position(&bot);
        let summary = bot.stop();
        assert_eq!(summary["open_positions"], 0, "{summary}");
        if summary["exits"]["shutdown"].as_u64().is_some_and(|sold| sold > 0) {
            break;
        }
    }
    assert_eq!(place.run(&["positions", "list", "--json"]).json(), Value::Array(Vec::new()));
}

#[test]
fn a_second_interrupt_leaves_at_once_and_the_next_bot_has_everything() {
    let place = Place::of("interrupts");
    // At the market's own speed a sale takes a second of everybody's time. A position that was quicker than the
    // death of its bot leaves nothing to sell: then the next one is waited for.
    let bot = loop {
        let bot = place.start(&["--speed", "200"]);
        position(&bot);
        bot.kill();
        let bot = place.start(&["--speed", "1", "--on-exit", "flatten"]);
        if !bot.ask(|client| client.positions()).is_empty() {
            break bot;
        }
        bot.kill();
    };
    bot.signal(Signal::INT);
    bot.until("it ends", |state| state.status == Status::ShuttingDown);
    bot.signal(Signal::INT);
    let done = bot.ended();
    assert_eq!(done.status, 130, "{done:?}");

    let bot = place.start(&["--speed", "200"]);
    bot.until("it trades", |state| state.verdict == Verdict::Ok);
    let summary = bot.stop();
    assert_eq!(summary["schema"], "momentum.summary.v1");
}

#[test]
fn without_a_bot_the_store_answers_with_its_age_and_the_rest_says_that_no_bot_runs() {
    let place = Place::of("no-bot");
    let nothing = place.run(&["positions", "list", "--json"]);
    assert_eq!((nothing.status, nothing.error().as_str()), (69, "no_bot"), "{nothing:?}");
    // A bot that dies between the sight of a position and its end, a score of it kept: scores are made each half
    // minute and written late. One whose position has ended by then is started again.
    let mint = loop {
        let bot = place.start(&["--speed", "200"]);
        position(&bot);
        let scored = bot.state().now + Duration::from_secs(90);
        bot.until("the token is scored", |state| state.now > scored);
        bot.kill();
        let listed = place.run(&["positions", "list", "--json"]).json();
        if let Some(mint) = listed[0]["mint"].as_str()
            && place.run(&["score", mint, "--json"]).status == 0
        {
            break mint.to_owned();
        }
    };
    let stored = place.run(&["positions", "list"]);
    assert!(stored.stderr.starts_with("no bot runs; as stored at 2026-01-01T"), "{stored:?}");
    let shown = place.run(&["positions", "show", &mint, "--json"]).json();
    assert_eq!(shown["mint"], mint.as_str());
    assert!(place.run(&["score", &mint, "--json"]).json()["age_seconds"].is_number());
    for arguments in [&["health"][..], &["positions", "hold", &mint], &["trade", "buy", &mint, "0.1SOL"]] {
        let run = place.run(&[arguments, &["--json"]].concat());
        assert_eq!((run.status, run.error().as_str()), (69, "no_bot"), "{run:?}");
    }
}
