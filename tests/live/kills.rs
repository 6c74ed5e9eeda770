//! A bot with real orders dies again and again, at random moments and at every point of an order's life: what the
//! chain did and what the store says are the same, and it trades again.

use std::thread;
use std::time::{Duration, Instant};

use momentum_localnet::chain::Fate;

use super::lives::{Lives, MOST, RESTLESS};

/// Kills where nothing says otherwise, and in CI.
const KILLS: [u64; 2] = [12, 100];
/// Coins that are bought in turn.
const COINS: usize = 3;

/// Points of an order's life at which a process dies, right before and right after.
const POINTS: [&str; 12] = [
    "taken over",
    "append",
    "signed",
    "commit",
    "kill file",
    "broadcast",
    "sent",
    "receipt",
    "landed",
    "position opened",
    "exit fired",
    "snapshot",
];

/// Points of a sale, and the fault under which it passes them: with one nothing is committed from its decision on, or
/// from its signing on, and it leaves by the exit journal.
const SALES: [(&str, &str); 9] = [
    ("signed", ""),
    ("commit", ""),
    ("broadcast", ""),
    ("sent", ""),
    ("receipt", ""),
    ("landed", ""),
    ("exit journal", "commits stop"),
    ("exit journal", "commits stop behind decision"),
    ("receipt", "commits stop"),
];

/// Draws that anybody can make again.
struct Draws(u64);

impl Draws {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    /// What becomes of a transaction: half of them land at once.
    fn fate(&mut self) -> Fate {
        match self.below(10) {
            0..5 => Fate::Lands,
            5..8 => Fate::Late(1 + self.below(20)),
            8 => Fate::Fails,
            _ => Fate::Vanishes,
        }
    }
}

/// What kills came to.
#[derive(Default)]
struct Figures {
    kills: u64,
    with_an_open_position: u64,
    inside_a_live_attempt: u64,
    landed: usize,
    ready: Vec<Duration>,
    /// From the start of a process to the bytes of its first own order, where the one before left it a free place.
    trading: Vec<Duration>,
    /// The same where orders in flight of the one before held every place: nothing can be bought until the chain
    /// tells what became of one, at the latest when its blockhash is too old.
    held_up: Vec<Duration>,
}

impl Figures {
    fn with(mut self, other: Self) -> Self {
        self.kills += other.kills;
        self.with_an_open_position += other.with_an_open_position;
        self.inside_a_live_attempt += other.inside_a_live_attempt;
        self.landed += other.landed;
        self.ready.extend(other.ready);
        self.trading.extend(other.trading);
        self.held_up.extend(other.held_up);
        self
    }

    /// One line of JSON, which long checks sum up.
    fn tell(&mut self, seed: u64) -> String {
        let spread = |times: &mut Vec<Duration>| {
            times.sort_unstable();
            let of = |nth: usize| times.get(nth).map_or(0.0, Duration::as_secs_f64);
            (of(times.len() / 2), of(times.len().saturating_sub(1)))
        };
        let (ready, trading) = (spread(&mut self.ready), spread(&mut self.trading));
        let held_up = spread(&mut self.held_up);
        serde_json::json!({
            "what": "live kills",
            "seed": seed,
            "kills": self.kills,
            "with_an_open_position": self.with_an_open_position,
            "inside_a_live_attempt": self.inside_a_live_attempt,
            "landed": self.landed,
            "ready_s_median": ready.0,
            "ready_s_max": ready.1,
            "orders_awaited": self.trading.len(),
            "trading_s_median": trading.0,
            "trading_s_max": trading.1,
            "orders_held_up": self.held_up.len(),
            "held_up_s_median": held_up.0,
            "held_up_s_max": held_up.1,
        })
        .to_string()
    }
}

/// Waits for the moment of a kill: mostly for an order, then up to two seconds more. How long the order took since
/// `began`, where one was awaited.
fn wait_for_a_moment(lives: &Lives, draws: &mut Draws, began: Instant) -> Option<Duration> {
    let mut first = None;
    if draws.below(10) < 8 {
        let before = lives.checker.seen().journaled;
        lives.until("an order", || lives.checker.seen().journaled > before);
        first = Some(began.elapsed());
        // Most of an attempt's life is short: of ten, six die in the half second behind their commit.
        let most = if draws.below(10) < 6 { 10 } else { 40 };
        (0..draws.below(most)).for_each(|_| lives.turn());
    } else {
        (0..draws.below(40)).for_each(|_| lives.turn());
    }
    first
}

fn kill_at_random(seed: u64, kills: u64) -> Figures {
    let mut draws = Draws(seed);
    let mut lives = Lives::new(&format!("killed-{seed}"), &RESTLESS, MOST);
    let mut bot = lives.begin(COINS);
    let (mut figures, mut began, mut places_held) = (Figures::default(), None, false);
    for kill in 1..=kills {
        lives.fates([draws.fate(), draws.fate()]);
        let trading = wait_for_a_moment(&lives, &mut draws, began.unwrap_or_else(Instant::now));
        let waits = if places_held { &mut figures.held_up } else { &mut figures.trading };
        waits.extend(trading.filter(|_| began.is_some()));
        bot.kill();
        let seen = lives.checker.look(&format!("seed {seed}, kill {kill}"));
        figures.kills += 1;
        figures.with_an_open_position += u64::from(seen.open > 0);
        figures.inside_a_live_attempt += u64::from(seen.in_flight > 0);
        places_held = seen.in_flight >= MOST;
        // The chain does not wait for the bot.
        (0..draws.below(5)).for_each(|_| lives.turn());
        began = Some(Instant::now());
        let ready;
        (bot, ready) = lives.start();
        figures.ready.push(ready);
        lives.checker.look(&format!("seed {seed}, started again after kill {kill}"));
    }
    lives.finish(bot);
    figures.landed = lives.checker.landed();
    figures
}

/// A number from the environment: long checks choose seed and count.
fn chosen(name: &str, usual: u64) -> u64 {
    std::env::var(name).map_or(usual, |said| said.parse().unwrap())
}

#[test]
fn no_kill_doubles_or_loses_a_real_order() {
    let usual = KILLS[usize::from(std::env::var_os("CI").is_some())];
    let (kills, seed) = (chosen("LIVE_KILLS", usual), chosen("LIVE_KILLS_SEED", 1));
    // Two bots at a time: most of a life is waiting.
    let halves = [(2 * seed, kills / 2), (2 * seed + 1, kills - kills / 2)];
    let halves = halves.map(|(seed, kills)| thread::spawn(move || kill_at_random(seed, kills)));
    let [one, other] = halves.map(|half| half.join().unwrap());
    let mut figures = one.with(other);
    println!("{}", figures.tell(seed));
    assert_eq!(figures.kills, kills);
    if kills >= 100 {
        let (holding, living) = (figures.with_an_open_position, figures.inside_a_live_attempt);
        assert!(
            holding * 10 >= kills * 3 && living * 10 >= kills * 2,
            "too few kills at moments that matter"
        );
    }
}

#[test]
fn a_bot_that_dies_at_any_point_of_a_real_order_goes_on() {
    let mut lives = Lives::new("points", &RESTLESS, MOST);
    lives.begin(COINS).kill();
    let mut died = 0;
    for point in POINTS {
        for when in ["before", "after"] {
            lives.place.planted("MOMENTUM_FAIL_AT", &format!("{when} {point}"));
            lives.live_to_its_death(&format!("{when} {point}"));
            lives.checker.look(&format!("died {when} {point}"));
            died += 1;
        }
    }
    goes_on(&mut lives, died);
}

#[test]
fn a_bot_that_dies_at_any_point_of_a_real_sale_goes_on_also_where_its_exit_journal_alone_knows_of_it() {
    // One position at a time: what comes behind an exit is of its sale.
    let one = ["risk.max_concurrent_positions=1", "execution.supersede_after=2s"];
    let mut lives = Lives::new("sales", &[&RESTLESS[..], &one].concat(), 1);
    lives.begin(COINS).kill();
    let mut died = 0;
    for (point, fault) in SALES {
        for when in ["before", "after"] {
            let death = format!("{when} {point} behind an exit");
            lives.place.planted("MOMENTUM_PLANTED", fault);
            lives.place.planted("MOMENTUM_FAIL_AT", &death);
            lives.live_to_its_death(&death);
            if !fault.is_empty() {
                // What the exit journal has the store has from the next start on.
                lives.place.planted("MOMENTUM_PLANTED", "");
                lives.place.planted("MOMENTUM_FAIL_AT", "");
                lives.start().0.kill();
            }
            lives.checker.look(&format!("died {death}, {fault}"));
            died += 1;
        }
    }
    goes_on(&mut lives, died);
}

/// Starts what died so often for good: it trades again and ends in order.
fn goes_on(lives: &mut Lives, died: usize) {
    lives.place.planted("MOMENTUM_FAIL_AT", "");
    let (bot, ready) = lives.start();
    let before = lives.checker.seen().journaled;
    lives.until("it trades again", || lives.checker.seen().journaled > before);
    lives.finish(bot);
    let landed = lives.checker.landed();
    println!("{died} deaths, ready in {ready:?}; {landed} transactions landed");
}
