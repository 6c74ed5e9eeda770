//! A pause against a buy: whichever comes first, no buy is given to the venue after the acknowledgement.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use momentum_control::client::ClientError;
use momentum_control::request::Wish;
use momentum_core::action::Order;
use momentum_core::event::{Command, Event, ExecutionKind, Side};
use momentum_core::ids::{AttemptId, Mint, Seq};
use momentum_core::units::Lamports;
use momentum_store::recording::Recording;

use crate::running::{Bot, Place};

/// A race: from the acknowledged pause to the acknowledged resume.
struct Race {
    mint: Mint,
    /// How far the bot was before.
    from: Seq,
    paused: Seq,
    resumed: Seq,
    acknowledged_in: Duration,
}

/// Two buys in three come before the pause or with it, one behind it.
const RACES: usize = 200;

/// Tokens that could be bought: those of the ranking that are not ours yet.
fn candidates(bot: &Bot, passed_over: &BTreeSet<Mint>) -> Vec<Mint> {
    let ours: BTreeSet<Mint> = bot.ask(|client| client.positions()).iter().map(|row| row.mint).collect();
    let tried: BTreeSet<Mint> =
        bot.ask(|client| client.orders()).iter().map(|attempt| attempt.order.mint).collect();
    let ranked = bot.ask(|client| client.tokens());
    let free = |mint: &Mint| !ours.contains(mint) && !tried.contains(mint) && !passed_over.contains(mint);
    ranked.iter().map(|ranked| ranked.mint).filter(free).collect()
}

/// Runs one race; none where the buy was refused for another reason than the pause.
fn race(bot: &Bot, nth: usize, mint: Mint, from: Seq) -> Option<Race> {
    let buy = Wish::Buy { mint, lamports: Lamports::sol(1).share(momentum_core::units::Bps(1_000)) };
    let (client, why) = (&bot.client, "a race");
    let (bought, paused, acknowledged_in) = bot.runtime.block_on(async {
        let pause = async {
            let asked = Instant::now();
            let paused = client.command(&Wish::Pause { seconds: None }, why).await;
            (paused, asked.elapsed())
        };
        let buying = client.command(&buy, why);
        match nth % 3 {
            0 => {
                let bought = buying.await;
                let (paused, took) = pause.await;
                (bought, paused, took)
            }
            1 => {
                let (bought, (paused, took)) = tokio::join!(buying, pause);
                (bought, paused, took)
            }
            _ => {
                let ((paused, took), bought) = tokio::join!(pause, buying);
                (bought, paused, took)
            }
        }
    });
    let paused = paused.unwrap().seq;
    let resumed = bot.ask(|client| client.command(&Wish::Resume {}, why)).seq;
    match bought {
        Ok(_) => {}
        Err(ClientError::Problem(problem)) if problem.name == "trading_state" => {}
        Err(ClientError::Problem(problem)) if problem.code == 20 => return None,
        Err(error) => panic!("{error}"),
    }
    Some(Race { mint, from, paused, resumed, acknowledged_in })
}

/// What a recording tells of the races.
#[derive(Default)]
struct Told {
    buys: BTreeMap<AttemptId, Bought>,
    /// A pause may end before its resume is acknowledged: the bot sees by itself that it is out of the kill file.
    resumes: BTreeSet<Seq>,
}

/// The life of a buy, by the recording.
#[derive(Debug, Default)]
struct Bought {
    mint: Mint,
    opened: Seq,
    sent: Option<Seq>,
    ended: Option<Seq>,
}

fn told(recordings: &Path) -> Told {
    let recording = Recording::open(recordings).unwrap();
    let Told { mut buys, mut resumes } = Told::default();
    for session in recording.sessions() {
        for envelope in session.as_ref().unwrap().envelopes() {
            let envelope = envelope.unwrap();
            if let Event::Command(commanded) = &envelope.event
                && commanded.command == Command::Resume
            {
                resumes.insert(envelope.seq);
            }
            let Event::Execution(told) = &envelope.event else { continue };
            if let ExecutionKind::Prepared { raw, .. } = &told.kind {
                let order: Order = serde_json::from_slice(raw).unwrap();
                if order.swap.side() == Side::Buy {
                    let opened = told.attempt.order.seq;
                    buys.insert(told.attempt, Bought { mint: order.mint, opened, ..Bought::default() });
                }
            } else if let Some(buy) = buys.get_mut(&told.attempt) {
                match told.kind {
                    ExecutionKind::Sent { .. } => buy.sent = Some(envelope.seq),
                    _ => buy.ended = Some(envelope.seq),
                }
            }
        }
    }
    Told { buys, resumes }
}

/// Ends what the races bought, so that it may be bought again.
fn sell_some(bot: &Bot) {
    for row in bot.ask(|client| client.positions()) {
        let wish = Wish::Close { mint: row.mint, tokens: None, urgent: true };
        // It may be on its way out already.
        bot.runtime.block_on(bot.client.command(&wish, "a race")).ok();
    }
}

#[test]
fn after_a_pause_is_acknowledged_no_buy_is_given_to_the_venue() {
    let wanted = std::env::var("MOMENTUM_RACES").map_or(RACES, |races| races.parse().unwrap());
    let speed = std::env::var("MOMENTUM_RACES_SPEED").unwrap_or_else(|_| "60".to_owned());
    let place = Place::of("races");
    let recordings = place.folder().join("recordings");
    let bot = place.start(&["--speed", &speed, "--record", recordings.to_str().unwrap()]);
    let (mut races, mut passed_over) = (Vec::new(), BTreeSet::new());
    let until = Instant::now() + Duration::from_secs(600);
    while races.len() < wanted {
        assert!(Instant::now() < until, "{} races in ten minutes: {}", races.len(), bot.said());
        let Some(mint) = candidates(&bot, &passed_over).first().copied() else {
            sell_some(&bot);
            passed_over.clear();
            continue;
        };
        let from = races.last().map_or(Seq(0), |race: &Race| race.resumed);
        match race(&bot, races.len(), mint, from) {
            Some(race) => races.push(race),
            None => {
                passed_over.insert(mint);
            }
        }
    }
    bot.stop();

    let Told { buys, resumes } = told(&recordings);
    let buys: Vec<Bought> = buys.into_values().collect();
    let mut under_way = 0;
    for Race { mint, from, paused, resumed, .. } in &races {
        let resumed = resumes.range(paused..).next().map_or(resumed, |seq| seq.min(resumed));
        for buy in &buys {
            let between = |seq: Seq| seq > *paused && seq < *resumed;
            assert!(!buy.sent.is_some_and(between), "{buy:?} was sent between {paused} and {resumed}");
            assert!(!between(buy.opened), "{buy:?} was ordered between {paused} and {resumed}");
        }
        let raced = |buy: &&Bought| buy.mint == *mint && buy.opened > *from && buy.opened < *paused;
        let open = |buy: &&Bought| buy.ended.is_none_or(|ended| ended > *paused);
        under_way += usize::from(buys.iter().filter(raced).any(|buy| open(&buy)));
    }
    let held_back = buys.iter().filter(|buy| buy.sent.is_none()).count();
    let mut took: Vec<_> = races.iter().map(|race| race.acknowledged_in).collect();
    took.sort_unstable();
    let at = |share: usize| took[(took.len() - 1) * share / 100].as_micros() as f64 / 1_000.0;
    println!(
        "{} races, {under_way} with a buy under way, {held_back} buys held back by the file; acknowledged in ms: \
         p50 {:.1}, p90 {:.1}, p99 {:.1}, most {:.1}",
        races.len(),
        at(50),
        at(90),
        at(99),
        at(100)
    );
    assert!(under_way * 4 >= races.len(), "too few races are any: {under_way}");
}
