//! Every gate at its boundary and one unit to each side, and its order among the others.

use super::*;
use crate::analysis::HardFail;
use crate::ids::Pubkey;
use crate::quotes::Curve;
use crate::trader::state::Hold;
use crate::trader::tests::bench::{A, B, RATES, WALLET, curve_at, token_at};

/// A case that passes every gate, to be spoiled at one place.
struct World {
    config: Config,
    protections: Protections,
    mode: Mode,
    state: TradingState,
    hold: Hold,
    who: &'static str,
    arm: Option<Arm>,
    feed: FeedHealth,
    token: Option<TokenView>,
    positions: u32,
    exposed: Lamports,
    purses: Vec<Purse>,
    equity: Lamports,
    day_base: Lamports,
    peak: Lamports,
    recent_buys: u32,
    proof: Option<Proven>,
    recent_fee: Option<Lamports>,
    wanted: Lamports,
}

const NOW: Timestamp = Timestamp(100_000_000);
const CAPITAL: Lamports = Lamports::sol(10);

fn world() -> World {
    World {
        config: Config::default(),
        protections: Protections::ALL,
        mode: Mode::Paper,
        state: TradingState::Open,
        hold: Hold::Pause,
        who: "ann",
        arm: None,
        feed: FeedHealth {
            up: true,
            slot: Some(Slot(1_000)),
            slot_received: Some(NOW),
            highest: Some(Slot(1_000)),
        },
        token: Some(token_at(8_500)),
        positions: 0,
        exposed: Lamports(0),
        purses: vec![purse(WALLET, CAPITAL)],
        equity: CAPITAL,
        day_base: CAPITAL,
        peak: CAPITAL,
        recent_buys: 0,
        proof: None,
        recent_fee: None,
        wanted: Lamports(450_000_000),
    }
}

fn purse(wallet: Wallet, balance: Lamports) -> Purse {
    Purse { wallet, balance, reserved: Lamports(0), reserve: Lamports(50_000_000) }
}

impl World {
    fn review(&self) -> Result<Approved<Intent>, Refusal> {
        let (who, why) = (self.who.to_owned(), String::new());
        let held = Held { hold: self.hold, who, why, since: NOW, until: None };
        review(
            Intent { mint: A, wanted: self.wanted },
            &Case {
                now: NOW,
                config: &self.config,
                protections: self.protections,
                mode: self.mode,
                state: self.state,
                hold: Some(&held).filter(|_| self.state != TradingState::Open),
                arm: self.arm,
                feed: &self.feed,
                token: self.token.as_ref(),
                impact: Impact::default(),
                positions: self.positions,
                exposed: self.exposed,
                purses: &self.purses,
                equity: self.equity,
                day_base: self.day_base,
                peak: self.peak,
                recent_buys: self.recent_buys,
                proof: self.proof,
                recent_fee: self.recent_fee,
            },
        )
    }
}

/// The gate that refuses a world changed like this; none if all pass.
fn gate(change: impl FnOnce(&mut World)) -> Option<RefusalCode> {
    let mut world = world();
    change(&mut world);
    world.review().err().map(|refusal| refusal.code)
}

/// The same with one protection off.
fn gate_without(protection: Protection, change: impl FnOnce(&mut World)) -> Option<RefusalCode> {
    gate(|world| {
        change(world);
        world.protections = Protections::ALL.without(protection);
    })
}

fn size_of(change: impl FnOnce(&mut World)) -> Lamports {
    let mut world = world();
    change(&mut world);
    world.review().unwrap().spend()
}

#[test]
fn gate_1_only_an_open_state_buys() {
    for state in [TradingState::ExitsOnly, TradingState::Stopped] {
        assert_eq!(gate(|world| world.state = state), Some(RefusalCode::TradingState));
        assert_eq!(gate_without(Protection::TradingState, |world| world.state = state), None);
    }
    assert_eq!(gate(|_| {}), None);
}

#[test]
fn gate_1_names_an_arming_that_ended_as_what_it_is() {
    let ended = |who| {
        gate(|world| {
            world.mode = Mode::Live;
            (world.state, world.hold, world.who) = (TradingState::ExitsOnly, Hold::Arming, who);
        })
    };
    assert_eq!(ended(Held::RISK), Some(RefusalCode::MaxLoss), "though the loss is below its bound again");
    assert_eq!(ended("arming"), Some(RefusalCode::NotArmed));
}

#[test]
fn gate_2_live_needs_an_arming_that_has_not_expired() {
    let arm = |until| Some(Arm { given: Timestamp(0), max_loss: CAPITAL, equity: CAPITAL, until });
    let live = |armed| {
        gate(|world| {
            world.mode = Mode::Live;
            world.arm = armed;
        })
    };
    let passed = Some(RefusalCode::ExitUnproven);
    assert_eq!(live(None), Some(RefusalCode::NotArmed));
    assert_eq!(live(arm(Some(NOW))), Some(RefusalCode::NotArmed));
    assert_eq!(live(arm(Some(Timestamp(NOW.0 + 1)))), passed, "gate 13 is the next that it does not pass");
    assert_eq!(live(arm(None)), passed);
    assert_eq!(gate_without(Protection::Armed, |world| world.mode = Mode::Live), passed);
}

#[test]
fn gate_3_the_stream_is_ten_seconds_and_twenty_five_slots_from_the_chain_at_most() {
    let age = |micros| gate(move |world| world.feed.slot_received = Some(Timestamp(NOW.0 - micros)));
    assert_eq!(age(9_999_999), None);
    assert_eq!(age(10_000_000), None);
    assert_eq!(age(10_000_001), Some(RefusalCode::StreamStale));
    assert_eq!(gate(|world| world.feed.slot = None), Some(RefusalCode::StreamStale));
    let behind = |slots: u64| gate(move |world| world.feed.highest = Some(Slot(1_000 + slots)));
    assert_eq!([24, 25, 26].map(behind), [None, None, Some(RefusalCode::StreamBehind)]);
    let gap = |world: &mut World| world.token.as_mut().unwrap().stale = true;
    assert_eq!(gate(gap), Some(RefusalCode::TokenGap));
    assert_eq!(gate_without(Protection::Stream, gap), None);
}

#[test]
fn gate_4_names_what_is_wrong_with_the_token() {
    let token = |change: fn(&mut TokenView)| gate(move |world| change(world.token.as_mut().unwrap()));
    assert_eq!(gate(|world| world.token = None), Some(RefusalCode::NotTracked));
    assert_eq!(token(|token| token.hard_fail = Some(HardFail::CreatorSold)), Some(RefusalCode::HardFail));
    assert_eq!(token(|token| token.quote = Quote::Other(B)), Some(RefusalCode::NotSol));
    assert_eq!(token(|token| token.mayhem = true), Some(RefusalCode::Mayhem));
    assert_eq!(token(|token| token.complete = true), Some(RefusalCode::CurveComplete));
    assert_eq!(token(|token| token.basis = Err(Unknown::NotSeen)), Some(RefusalCode::FactsUnknown));
    assert_eq!(gate_without(Protection::Token, |world| world.token.as_mut().unwrap().mayhem = true), None);
}

#[test]
fn gate_4_lists_every_fact_that_is_not_known() {
    let mut world = world();
    let missing = vec![(EntryFact::Creator, Unknown::NotSeen), (EntryFact::Top10, Unknown::NotConfigured)];
    world.token.as_mut().unwrap().missing = missing.clone();
    let refusal = world.review().unwrap_err();
    assert_eq!(refusal.code, RefusalCode::FactsUnknown);
    assert_eq!((refusal.figures.as_str(), refusal.unknown), ("creator, top10", missing));
}

#[test]
fn gate_5_the_third_position_passes_and_the_fourth_does_not() {
    assert_eq!(gate(|world| world.positions = 2), None);
    assert_eq!(gate(|world| world.positions = 3), Some(RefusalCode::MaxPositions));
    assert_eq!(gate_without(Protection::Positions, |world| world.positions = 3), None);
}

#[test]
fn gate_6_needs_a_smallest_position_left_of_the_exposure() {
    let left = |lamports: u64| gate(move |world| world.exposed = Lamports(2_000_000_000 - lamports));
    assert_eq!(left(50_000_001), None);
    assert_eq!(left(50_000_000), None);
    assert_eq!(left(49_999_999), Some(RefusalCode::Exposure));
    assert_eq!(gate_without(Protection::Exposure, |world| world.exposed = Lamports::sol(2)), None);
}

#[test]
fn gate_7_takes_the_smallest_cap() {
    assert_eq!(size_of(|_| {}), Lamports(450_000_000), "the formula");
    assert_eq!(size_of(|world| world.wanted = Lamports(500_000_001)), Lamports(500_000_000), "max_position");
    assert_eq!(size_of(|world| world.exposed = Lamports(1_900_000_000)), Lamports(100_000_000), "exposure");
    let capital = size_of(|world| world.purses = vec![purse(WALLET, Lamports(550_000_003))]);
    assert_eq!(capital, Lamports(165_000_000), "33 % of 0.500000003 SOL, floored");
    let wallet = size_of(|world| {
        world.config.risk.capital_share = Bps(10_000);
        world.protections = Protections::ALL.without(Protection::WalletFloor);
        world.purses = vec![purse(WALLET, Lamports(200_000_000)); 3];
    });
    assert_eq!(wallet, Lamports(150_000_000), "what the wallet has available");
}

#[test]
fn gate_7_refuses_a_size_one_lamport_too_small() {
    assert_eq!(gate(|world| world.wanted = Lamports(50_000_000)), None);
    assert_eq!(gate(|world| world.wanted = Lamports(49_999_999)), Some(RefusalCode::Size));
    assert_eq!(gate(|world| world.purses.clear()), Some(RefusalCode::Size));
    let unbounded = |world: &mut World| {
        world.wanted = Lamports::sol(3);
        world.protections = Protections::ALL.without(Protection::Size);
        world.config.risk.round_trip_max = Bps(10_000);
    };
    assert_eq!(size_of(unbounded), Lamports::sol(2), "only the exposure is left to bound it");
}

#[test]
fn gate_7_takes_the_wallet_with_the_most_and_among_equals_the_first() {
    let wallet = |nth| Wallet(Pubkey([nth; 32]));
    let chosen = |balances: [u64; 3]| {
        let mut world = world();
        let purses = [1, 2, 3].into_iter().zip(balances);
        world.purses = purses.map(|(nth, sol)| purse(wallet(nth), Lamports::sol(sol))).collect();
        world.review().unwrap().wallet()
    };
    assert_eq!(chosen([1, 3, 2]), wallet(2));
    assert_eq!(chosen([1, 3, 3]), wallet(2));
}

#[test]
fn gate_8_cuts_a_size_by_what_comes_beside_the_swap_and_refuses_what_is_then_too_small() {
    // Four equal wallets: a third of them all is more than one has, so the size is all that one has available.
    let beside = 5_000 + 10_000 + 10_000 + 2_074_080;
    let poor = |available: u64| {
        move |world: &mut World| {
            let reserve = Lamports(200_000_000 - available);
            world.purses = vec![Purse { reserve, ..purse(WALLET, Lamports(200_000_000)) }; 4];
        }
    };
    assert_eq!(size_of(poor(60_000_000 + beside)), Lamports(60_000_000));
    assert_eq!(size_of(poor(50_000_000 + beside)), Lamports(50_000_000));
    let (all, short) = (poor(60_000_000), poor(50_000_000 + beside - 1));
    assert_eq!(gate(short), Some(RefusalCode::WalletFloor));
    let unguarded = |world: &mut World| {
        all(world);
        world.protections = Protections::ALL.without(Protection::WalletFloor);
    };
    assert_eq!(size_of(unguarded), Lamports(60_000_000), "nothing is left for what comes beside it");
    // In live other accounts may have to be opened too. A proof of what is left is enough for it.
    let basis = token_at(8_500).basis.unwrap();
    let live = |available: u64| {
        gate(|world| {
            poor(available)(world);
            world.mode = Mode::Live;
            world.arm = Some(Arm { given: Timestamp(0), max_loss: CAPITAL, equity: CAPITAL, until: None });
            let size = Lamports(50_000_000);
            let back = basis.liquidity.round_trip(size.0, &basis.rates).unwrap().back.out;
            let creator = Wallet(Pubkey([8; 32]));
            world.proof = Some(Proven { size, proceeds: Lamports(back), slot: Slot(1_000), creator });
        })
    };
    assert_eq!(live(50_000_000 + beside + 3_883_680), None);
    assert_eq!(live(50_000_000 + beside + 3_883_681), Some(RefusalCode::ExitUnproven), "a lamport more");
    assert_eq!(live(50_000_000 + beside + 3_883_679), Some(RefusalCode::WalletFloor));
}

#[test]
fn gate_9_a_tenth_of_the_day_lost_is_too_much() {
    let equity = |lamports: u64| gate(move |world| world.equity = Lamports(lamports));
    assert_eq!(equity(9_000_000_001), None);
    assert_eq!(equity(9_000_000_000), Some(RefusalCode::DailyLoss));
    assert_eq!(equity(8_999_999_999), Some(RefusalCode::DailyLoss));
    assert_eq!(gate_without(Protection::DailyLoss, |world| world.equity = Lamports::sol(9)), None);
}

#[test]
fn gate_9_in_live_the_loss_since_arming_stays_below_its_bound() {
    let lost = |lamports: u64| {
        gate(move |world| {
            world.mode = Mode::Live;
            world.arm =
                Some(Arm { given: Timestamp(0), max_loss: Lamports(1_000), equity: CAPITAL, until: None });
            world.equity = Lamports(CAPITAL.0 - lamports);
        })
    };
    assert_eq!(lost(999), Some(RefusalCode::ExitUnproven));
    assert_eq!(lost(1_000), Some(RefusalCode::MaxLoss));
}

#[test]
fn gate_10_fifteen_hundredths_below_the_peak_are_too_much() {
    let equity = |lamports| {
        move |world: &mut World| {
            world.equity = Lamports(lamports);
            world.day_base = Lamports(lamports);
        }
    };
    assert_eq!(gate(equity(8_500_000_001)), None);
    assert_eq!(gate(equity(8_500_000_000)), Some(RefusalCode::Drawdown));
    assert_eq!(gate_without(Protection::Drawdown, equity(8_500_000_000)), None);
}

#[test]
fn gate_11_the_sixth_buy_of_a_minute_passes_and_the_seventh_does_not() {
    assert_eq!(gate(|world| world.recent_buys = 5), None);
    assert_eq!(gate(|world| world.recent_buys = 6), Some(RefusalCode::BuyRate));
    assert_eq!(gate_without(Protection::BuyRate, |world| world.recent_buys = 6), None);
}

#[test]
fn gate_12_the_round_trip_with_both_transactions_costs_its_share_at_most() {
    let basis = token_at(8_500).basis.unwrap();
    let trip = basis.liquidity.round_trip(450_000_000, &basis.rates).unwrap();
    let cost = trip.bought.total - trip.back.out + 2 * 25_000;
    // The smallest share that covers the cost, and one hundredth of a percent less.
    let share = u16::try_from((cost * 10_000).div_ceil(450_000_000)).unwrap();
    let most = |share| move |world: &mut World| world.config.risk.round_trip_max = Bps(share);
    assert_eq!(gate(most(share)), None);
    assert_eq!(gate(most(share - 1)), Some(RefusalCode::RoundTripCost));
    assert_eq!(gate_without(Protection::RoundTrip, most(share - 1)), None);
    assert_eq!(gate(most(800)), None);
}

#[test]
fn gate_13_refuses_what_would_complete_the_curve_and_so_could_not_be_sold() {
    let end = |left: u64| {
        move |world: &mut World| {
            let curve = Curve { real_token: left, ..curve_at(9_400) };
            world.token.as_mut().unwrap().basis =
                Ok(Basis { liquidity: Liquidity::Curve(curve), rates: RATES });
        }
    };
    let curve = curve_at(9_400);
    let all = curve.buy_exact_quote(450_000_000, &RATES).unwrap().tokens;
    assert_eq!(gate(end(all + 1)), None);
    assert_eq!(gate(end(all)), Some(RefusalCode::ExitUnproven));
    assert_eq!(gate_without(Protection::ProofOfExit, end(all)), None);
}

#[test]
fn gate_13_in_live_wants_a_young_proof_of_this_size_and_creator() {
    let basis = token_at(8_500).basis.unwrap();
    let back = basis.liquidity.round_trip(500_000_000, &basis.rates).unwrap().back.out;
    let creator = Wallet(Pubkey([8; 32]));
    let least = slippage_min(back, Bps(500));
    let live = |size: u64, proceeds: u64, slot: u64, creator: Wallet| {
        gate(move |world| {
            world.mode = Mode::Live;
            world.arm = Some(Arm { given: Timestamp(0), max_loss: CAPITAL, equity: CAPITAL, until: None });
            let (size, proceeds) = (Lamports(size), Lamports(proceeds));
            world.proof = Some(Proven { size, proceeds, slot: Slot(slot), creator });
        })
    };
    let unproven = Some(RefusalCode::ExitUnproven);
    assert_eq!(live(500_000_000, back, 975, creator), None);
    assert_eq!(live(500_000_000, back, 974, creator), unproven, "26 slots old");
    assert_eq!(live(449_999_999, back, 1_000, creator), unproven, "proven for less");
    assert_eq!(live(500_000_000, back, 1_000, WALLET), unproven, "another creator");
    assert_eq!(live(500_000_000, least, 1_000, creator), None);
    assert_eq!(live(500_000_000, least - 1, 1_000, creator), unproven, "brought too little");
}

#[test]
fn a_buy_is_bound_by_its_slippage_or_by_the_curve_at_97_percent_whatever_is_higher() {
    let min_tokens = |bound: u16, protections: Protections| {
        let mut world = world();
        world.token = Some(token_at(9_499));
        world.config.execution.slippage = Bps(bound);
        world.protections = protections;
        match world.review().unwrap().swap() {
            Swap::Buy { min_tokens, .. } => min_tokens.0,
            Swap::Sell { .. } | Swap::Close | Swap::Withdraw { .. } => 0,
        }
    };
    let tokens = curve_at(9_499).buy_exact_quote(450_000_000, &RATES).unwrap().tokens;
    let at_97 = curve_at(9_700).buy_exact_quote(450_000_000, &RATES).unwrap().tokens;
    assert_eq!(min_tokens(500, Protections::ALL), slippage_min(tokens, Bps(500)));
    assert!(slippage_min(tokens, Bps(500)) > at_97, "the slippage bound binds");
    assert_eq!(min_tokens(2_000, Protections::ALL), at_97);
    let off = Protections::ALL.without(Protection::CompletionBound);
    assert_eq!(min_tokens(2_000, off), slippage_min(tokens, Bps(2_000)));
}

#[test]
fn the_first_gate_in_order_speaks() {
    let first = gate(|world| {
        world.recent_buys = 100;
        world.positions = 100;
        world.equity = Lamports(1);
        world.feed.slot = None;
    });
    assert_eq!(first, Some(RefusalCode::StreamStale));
    let codes = [RefusalCode::TradingState, RefusalCode::Size, RefusalCode::ExitUnproven];
    assert!(codes.windows(2).all(|pair| pair[0] < pair[1]), "codes sort as the gates stand");
}
