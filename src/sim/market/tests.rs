//! What the embedded market promises, on some hours of it.

use std::collections::BTreeMap;
use std::time::Duration;

use momentum_core::event::{Answer, Event, FeedEvent, MarketKind, Quote, Reserves, Side, Traded};
use momentum_core::ids::{Mint, Wallet};
use momentum_core::quotes::{CreatorRate, Curve, Liquidity, Schedules};
use momentum_core::time::Timestamp;
use momentum_core::units::{Bps, TokenAmount};
use sha2::{Digest, Sha256};

use super::{BEGINNING, EmbeddedMarket, SLOT_US, Scenario, SimKeys};
use crate::market::names::MAYHEM_AGENT;

/// The shipped values, with an early scenario.
pub(super) fn keys() -> SimKeys {
    SimKeys { scenario_at: Duration::from_hours(1), ..SimKeys::default() }
}

/// What the market prints before so much of its time has passed.
fn until(market: &mut EmbeddedMarket, time: Duration) -> impl Iterator<Item = (Timestamp, Event)> {
    market.take_while(move |(now, _)| *now < BEGINNING + time)
}

/// The hash of what it prints next.
fn hash(market: &mut EmbeddedMarket, events: usize) -> [u8; 32] {
    let mut sha = Sha256::new();
    for _ in 0..events {
        sha.update(postcard::to_stdvec(&market.next().unwrap()).unwrap());
    }
    sha.finalize().into()
}

#[test]
fn a_seed_names_one_stream_and_another_seed_another() {
    let stream = |seed| hash(&mut EmbeddedMarket::new(seed, &keys()), 50_000);
    assert_eq!(stream(7), stream(7));
    assert_ne!(stream(7), stream(8));
}

#[test]
fn a_copy_that_was_put_away_half_way_goes_on_with_the_same_stream() {
    let mut market = EmbeddedMarket::new(7, &keys());
    // Not at the end of a transaction: something printed is still to be taken.
    hash(&mut market, 30_001);
    let stored = postcard::to_stdvec(&market).unwrap();
    let mut restored: EmbeddedMarket = postcard::from_bytes(&stored).unwrap();
    assert_eq!(hash(&mut market, 30_000), hash(&mut restored, 30_000));
}

#[test]
fn time_begins_with_the_year_and_never_goes_back() {
    let mut market = EmbeddedMarket::new(3, &keys());
    assert_eq!(market.next(), Some((BEGINNING, Event::Feed(FeedEvent::Up))));
    assert_eq!(BEGINNING.to_string(), "2026-01-01T00:00:00.000000Z");
    let (mut last, mut at, mut slots, mut slot) = (BEGINNING, BEGINNING.chain(), 0, None);
    for (now, event) in until(&mut market, Duration::from_mins(30)) {
        assert!(now >= last, "{now} after {last}");
        last = now;
        match event {
            Event::Feed(FeedEvent::Slot { slot: seen, at: seen_at }) => {
                assert_eq!(now, Timestamp(BEGINNING.0 + slots * SLOT_US));
                assert_eq!(seen_at, now.chain());
                assert!(slot.is_none_or(|slot| seen.0 == slot + 1), "no slot is left out");
                (slots, slot, at) = (slots + 1, Some(seen.0), seen_at);
            }
            // A transaction lies in the slot that was seen last.
            Event::Market(event) => assert_eq!((event.slot.map(|slot| slot.0), event.at), (slot, at)),
            Event::Enriched(fact) => assert_eq!((fact.asked, fact.as_of.map(|slot| slot.0)), (now, slot)),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(slots, 30 * 150);
}

/// A coin as a reader of the stream follows it.
struct Followed {
    venue: Liquidity,
    quote: Quote,
    rate: CreatorRate,
}

impl Followed {
    /// Asserts that the trade is what the exact quotes say of the reserves before it, and follows it.
    fn check(&mut self, trade: &Traded) {
        let rates = Schedules::of_2026_10_10().rates(
            &self.venue,
            1_000_000_000_000_000,
            self.quote.into(),
            self.rate,
        );
        let (rates, before) = (rates.unwrap(), self.venue);
        let fees = trade.fees.lp + trade.fees.protocol + trade.fees.creator;
        let amounts = (trade.quote_amount, trade.tokens.0, fees);
        let after = if trade.side == Side::Sell {
            let sold = before.sell(trade.tokens.0, &rates).unwrap();
            assert_eq!((sold.gross, sold.tokens, sold.gross - sold.out), amounts);
            before.after_sell(&sold)
        } else {
            // The budget is not in the event; rounding leaves at most three units of it over. A buy of the rest
            // is priced by its tokens.
            let total = trade.quote_amount + fees;
            let by_quote = (total..=total + 3).filter_map(|spend| before.buy_exact_quote(spend, &rates));
            let mut buys = by_quote.chain(before.buy_exact_tokens(trade.tokens.0, &rates));
            let bought = buys.find(|buy| (buy.net, buy.tokens, buy.total - buy.net) == amounts);
            before.after_buy(&bought.unwrap_or_else(|| panic!("{before:?} does not give {trade:?}")))
        };
        match trade.reserves {
            Reserves::Curve(told) => assert_eq!(Liquidity::Curve(told), after),
            Reserves::Pool { before: told, .. } => assert_eq!(Liquidity::Pool(told), before),
        }
        assert_eq!(trade.creator_rate, Some(rates.creator));
        assert_eq!(trade.fees.buyback, trade.fees.protocol / 2);
        self.venue = after;
    }
}

#[test]
fn every_trade_obeys_the_quotes_and_no_wallet_sells_what_it_has_not_bought() {
    let mut market = EmbeddedMarket::new(5, &keys());
    let mut coins: BTreeMap<Mint, Followed> = BTreeMap::new();
    let mut held: BTreeMap<(Mint, Wallet), u64> = BTreeMap::new();
    let (mut on_pools, mut by_agents, mut in_usdc, mut graduated) = (0, 0, 0, 0);
    for (_, event) in until(&mut market, Duration::from_hours(3)) {
        let Event::Market(event) = event else { continue };
        match event.kind {
            MarketKind::Launched(launched) => {
                let venue = Liquidity::Curve(launched.curve.unwrap());
                let rate = launched.creator_rate.map_or(CreatorRate::Scheduled, CreatorRate::Own);
                let coin = Followed { venue, quote: launched.quote, rate };
                assert!(coins.insert(event.mint, coin).is_none(), "launched twice");
                assert!(event.mint.to_string().starts_with("Sim"));
            }
            MarketKind::Traded(trade) => {
                let coin = coins.get_mut(&event.mint).unwrap();
                assert_eq!(trade.quote, coin.quote);
                in_usdc += u32::from(trade.quote != Quote::Sol);
                if trade.user == MAYHEM_AGENT {
                    let Reserves::Curve(after) = trade.reserves else { panic!("an agent on a pool") };
                    assert!(trade.mayhem && trade.fees.protocol == 0);
                    coin.venue = Liquidity::Curve(after);
                    by_agents += 1;
                    continue;
                }
                coin.check(&trade);
                on_pools += u32::from(matches!(trade.reserves, Reserves::Pool { .. }));
                let holding = held.entry((event.mint, trade.user)).or_default();
                match trade.side {
                    Side::Buy => *holding += trade.tokens.0,
                    Side::Sell => {
                        *holding = holding.checked_sub(trade.tokens.0).expect("sold more than held");
                    }
                }
            }
            MarketKind::Completed { .. } => {
                assert!(matches!(coins[&event.mint].venue, Liquidity::Curve(Curve { real_token: 0, .. })));
            }
            MarketKind::PoolOpened { reserves, quote, .. } => {
                let coin = coins.get_mut(&event.mint).unwrap();
                let Liquidity::Curve(curve) = coin.venue else { panic!("a second pool") };
                assert_eq!((curve.real_token, quote), (0, coin.quote));
                let fee = if quote == Quote::Sol { 15_000_001 } else { 0 };
                assert_eq!(reserves.quote(), Some(curve.real_quote - fee));
                if quote == Quote::Sol && ordinary(&curve) {
                    assert_eq!(reserves.virtual_quote, 17_584_505_294);
                    // 85.005359057 SOL is the curve's exact price; every trade rounds a lamport its way.
                    assert!(curve.real_quote.abs_diff(85_005_359_057) < 10_000, "{curve:?}");
                }
                coin.venue = Liquidity::Pool(reserves);
            }
            MarketKind::Migrated { tokens, .. } => {
                assert_eq!(tokens, TokenAmount(206_900_000_000_000));
                graduated += 1;
            }
        }
    }
    assert!(
        on_pools > 500 && by_agents > 50 && in_usdc > 500 && graduated > 5,
        "{on_pools} {by_agents} {in_usdc} {graduated}"
    );
}

/// Whether a curve began with 30 SOL, as all but mayhem coins do.
fn ordinary(curve: &Curve) -> bool {
    curve.virtual_quote - curve.real_quote == Curve::FRESH.virtual_quote
}

#[test]
fn a_day_is_as_the_public_figures_have_it() {
    let mut market = EmbeddedMarket::new(1, &keys());
    let (mut trades, mut graduated) = (BTreeMap::<Mint, u32>::new(), 0);
    for (_, event) in until(&mut market, Duration::from_hours(24)) {
        if let Event::Market(event) = event {
            let coin = trades.entry(event.mint).or_default();
            *coin += u32::from(matches!(event.kind, MarketKind::Traded(_)));
            graduated += usize::from(matches!(event.kind, MarketKind::Migrated { .. }));
        }
    }
    let launches = trades.len();
    let few = trades.values().filter(|trades| **trades < 10).count();
    let all: u32 = trades.values().sum();
    assert!((20_000..=30_000).contains(&launches), "{launches} launches");
    assert!((1_500_000..=2_500_000).contains(&all), "{all} trades");
    // 0.5 to 2 %, and 60 %.
    assert!((launches..=launches * 4).contains(&(graduated * 200)), "{graduated} of {launches} graduated");
    assert!(few * 10 >= launches * 6, "{few} of {launches} under ten trades");
    // What is over is forgotten: a market that ran for months is no larger than one that ran for a day.
    assert!(market.coins.len() < 3_000, "{} coins are alive", market.coins.len());
}

#[test]
fn facts_come_unasked_two_to_twenty_seconds_after_the_launch() {
    let mut market = EmbeddedMarket::new(2, &keys());
    let mut facts: BTreeMap<Mint, (Timestamp, Vec<&str>)> = BTreeMap::new();
    for (now, event) in until(&mut market, Duration::from_mins(40)) {
        match event {
            Event::Market(event) if matches!(event.kind, MarketKind::Launched(_)) => {
                facts.insert(event.mint, (now, Vec::new()));
            }
            Event::Enriched(fact) => {
                let (launched, seen) = facts.get_mut(&fact.mint).unwrap();
                let again = matches!(fact.answer, Answer::Metadata(_)) && seen.contains(&"metadata");
                seen.push(match fact.answer {
                    Answer::Mint(Ok(mint)) if !mint.mint_authority && !mint.freeze_authority => "mint",
                    Answer::Metadata(_) => "metadata",
                    Answer::Members(Ok(_)) => "members",
                    other => panic!("{other:?}"),
                });
                let after = now.since(*launched);
                let (soonest, latest) = if again { (30, 90) } else { (2, 20) };
                let told = Duration::from_secs(soonest)..=Duration::from_secs(latest);
                assert!(told.contains(&after), "{after:?}");
            }
            _ => {}
        }
    }
    // Those of the last seconds are not due yet.
    let old = BEGINNING + Duration::from_mins(38);
    for (_, seen) in facts.values().filter(|(launched, _)| *launched < old) {
        for fact in ["mint", "metadata", "members"] {
            assert!(seen.contains(&fact), "{fact} missing in {seen:?}");
        }
    }
}

#[test]
fn a_crash_turns_the_market_when_it_begins_and_changes_nothing_before() {
    let calm = keys();
    let crash = SimKeys { scenario: Scenario::Crash, ..keys() };
    let hour = |keys: &SimKeys| {
        let mut market = EmbeddedMarket::new(4, keys);
        let before: Vec<_> = until(&mut market, keys.scenario_at).collect();
        let after = until(&mut market, keys.scenario_at + Duration::from_mins(15));
        let sides = after.filter_map(|(_, event)| match event {
            Event::Market(event) => match event.kind {
                MarketKind::Traded(trade) => Some(trade.side),
                _ => None,
            },
            _ => None,
        });
        let (buys, sells): (Vec<_>, Vec<_>) = sides.partition(|side| *side == Side::Buy);
        (before, buys.len(), sells.len())
    };
    let ((before, buys, sells), (before_crash, buys_crash, sells_crash)) = (hour(&calm), hour(&crash));
    assert_eq!(before, before_crash);
    assert!(buys > sells, "{buys} {sells}");
    assert!(sells_crash > 2 * buys_crash, "{buys_crash} {sells_crash}");
}

#[test]
fn a_rug_is_the_creator_of_the_hottest_coin_selling_all_he_holds() {
    let rug = SimKeys { scenario: Scenario::Rug, ..keys() };
    let mut market = EmbeddedMarket::new(4, &rug);
    let before: Vec<_> = until(&mut market, rug.scenario_at).collect();
    assert_eq!(before, until(&mut EmbeddedMarket::new(4, &keys()), rug.scenario_at).collect::<Vec<_>>());
    let (mut creators, mut held) = (BTreeMap::new(), BTreeMap::<Mint, u64>::new());
    let events = before.into_iter().chain(market);
    for (now, event) in events {
        let Event::Market(event) = event else { continue };
        match event.kind {
            MarketKind::Launched(launched) => {
                creators.insert(event.mint, launched.creator);
            }
            MarketKind::Traded(trade) if creators[&event.mint] == trade.user => {
                let held = held.entry(event.mint).or_default();
                match trade.side {
                    Side::Buy => *held += trade.tokens.0,
                    Side::Sell => *held -= trade.tokens.0,
                }
                if trade.side == Side::Sell && now == BEGINNING + rug.scenario_at {
                    assert_eq!(*held, 0);
                    let Reserves::Curve(after) = trade.reserves else { panic!("{trade:?}") };
                    assert!(after.progress(Curve::FRESH.real_token) > Some(Bps(5_000)));
                    return;
                }
            }
            _ => {}
        }
        assert!(now <= BEGINNING + rug.scenario_at, "nobody sold");
    }
}
