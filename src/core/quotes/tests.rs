//! Golden vectors, edges and properties of the quotes.

use proptest::prelude::*;

use super::*;
use crate::event::{Quote, Side, TradeFees};
use crate::ids::{Mint, PoolId, Pubkey, Wallet};
use crate::units::TokenAmount;

const PUMP: Rates = Rates::bps(0, 95, 30);
const OPENING: Pool = Pool::new(206_900_000_000_000, 67_405_853_790, 17_584_505_294);
const SOL: u64 = 1_000_000_000;

// ---- golden vectors

#[test]
fn one_sol_buys_what_the_real_program_gave() {
    let bought = Curve::FRESH.buy_exact_quote(SOL, &PUMP).unwrap();
    assert_eq!(bought.net, 987_654_320);
    assert_eq!(bought.tokens, 34_199_203_120_618);
    assert_eq!(bought.total, SOL);
    let after = Curve::FRESH.after_buy(&bought);
    assert_eq!(after.virtual_token, 1_038_800_796_879_382);
    assert_eq!(after.virtual_quote, 30_987_654_320);
    assert_eq!(bought.fees.creator, 2_962_963);
    // The program books 4_691_359 of it on the curve: the other half, floored, buys back.
    assert_eq!(bought.fees.protocol - bought.fees.protocol / 2, 4_691_359);

    let sold = after.sell(17_099_601_560_309, &PUMP).unwrap();
    assert_eq!(after.after_sell(&sold).virtual_quote, 30_485_829_960);
}

#[test]
fn the_whole_curve_costs_85_sol() {
    let bought = Curve::FRESH.buy_exact_tokens(Curve::FRESH.real_token, &Rates::bps(0, 100, 50)).unwrap();
    assert_eq!(bought.net, 85_005_359_057);
    assert_eq!(bought.fees, Fees { lp: 0, protocol: 850_053_591, creator: 425_026_796 });
    let completed = Curve::FRESH.completed().unwrap();
    assert_eq!(completed.real_quote, 85_005_359_057);
    assert_eq!((completed.real_token, completed.virtual_token), (0, 279_900_000_000_000));
}

#[test]
fn a_buy_of_more_than_is_left_takes_the_rest() {
    let rates = Rates::bps(0, 100, 50);
    let rest = Curve::FRESH.real_token;
    assert_eq!(
        Curve::FRESH.buy_exact_tokens(800_000_000_000_000, &rates),
        Curve::FRESH.buy_exact_tokens(rest, &rates)
    );
    let bought = Curve::FRESH.buy_exact_quote(100 * SOL, &rates).unwrap();
    assert_eq!((bought.tokens, bought.total), (rest, 86_280_439_444));
}

#[test]
fn the_excess_of_the_fees_is_shaved_off_the_net() {
    let bought = Curve::FRESH.buy_exact_quote(2002, &Rates::bps(0, 5, 0)).unwrap();
    assert_eq!((bought.tokens, bought.total), (71_497_561, 2001));
    assert_eq!(Curve::FRESH.buy_exact_quote(1, &Rates::bps(0, 5, 0)), None);
}

#[test]
fn a_budget_of_all_there_is_parts_like_any_other() {
    let (net, fees) = Rates::bps(16, 70, 249).split(u64::MAX).unwrap();
    assert_eq!(u128::from(net) + u128::from(fees.total().unwrap()), u128::from(u64::MAX));
}

#[test]
fn pool_quotes_match_the_published_vectors() {
    let pool = Pool::new(1_000_000, 2_000_000, 0);
    let rates = Rates::bps(30, 20, 0);
    let bought = pool.buy_exact_tokens(10_000, &rates).unwrap();
    assert_eq!(bought.total, 20_305);
    assert_eq!(slippage_max(bought.total, Bps(100)), 20_508);
    let sold = pool.sell(50_000, &rates).unwrap();
    assert_eq!(sold.out, 94_761);
    assert_eq!(slippage_min(sold.out, Bps(100)), 93_813);
}

#[test]
fn slippage_bounds_are_floored() {
    assert_eq!((slippage_min(100, Bps(250)), slippage_max(100, Bps(250))), (97, 102));
    assert_eq!(slippage_min(100, Bps(u16::MAX)), 0);
    assert_eq!(slippage_max(u64::MAX, Bps(1)), u64::MAX);
}

// ---- past the end

const END: PastEnd =
    PastEnd { base_account: 1_000_000_000_000_000, migration_fee: 0, mayhem: false, cashback: false };

#[test]
fn a_v3_buy_past_the_end_goes_on_in_the_pool_to_be() {
    let rates = Rates::bps(0, 100, 50);
    let by_tokens = Curve::FRESH.buy_exact_tokens_v3(800_000_000_000_000, &rates, &END).unwrap();
    assert_eq!((by_tokens.tokens(), by_tokens.total()), (800_000_000_000_000, 89_257_114_606));
    let by_quote = Curve::FRESH.buy_exact_quote_v3(100 * SOL, &rates, &END).unwrap();
    assert_eq!((by_quote.tokens(), by_quote.total()), (821_485_770_786_056, 100 * SOL));
    assert_eq!(by_quote.fees(), by_quote.on_curve.fees.and(&by_quote.past_end.unwrap().fees));
}

#[test]
fn a_v3_buy_before_the_end_is_a_plain_one() {
    let bought = Curve::FRESH.buy_exact_quote_v3(SOL, &PUMP, &END).unwrap();
    assert_eq!(Some(bought.on_curve), Curve::FRESH.buy_exact_quote(SOL, &PUMP));
    assert_eq!(bought.past_end, None);
}

#[test]
fn a_v3_buy_of_a_mayhem_coin_stops_at_the_rest_and_of_a_cashback_coin_is_refused() {
    let mayhem = PastEnd { mayhem: true, ..END };
    let rest = Curve::FRESH.buy_exact_tokens(Curve::FRESH.real_token, &PUMP);
    for bought in [
        Curve::FRESH.buy_exact_quote_v3(100 * SOL, &PUMP, &mayhem),
        Curve::FRESH.buy_exact_tokens_v3(u64::MAX, &PUMP, &mayhem),
    ] {
        assert_eq!(bought.map(|bought| (Some(bought.on_curve), bought.past_end)), Some((rest, None)));
    }
    let cashback = PastEnd { cashback: true, ..END };
    assert_eq!(Curve::FRESH.buy_exact_quote_v3(SOL, &PUMP, &cashback), None);
    assert_eq!(Curve::FRESH.buy_exact_tokens_v3(SOL, &PUMP, &cashback), None);
}

#[test]
fn the_migration_fee_makes_the_pool_to_be_cheaper() {
    let with_fee = PastEnd { migration_fee: 15_000_001, ..END };
    let paid = |end| Curve::FRESH.buy_exact_tokens_v3(800_000_000_000_000, &PUMP, end).unwrap();
    assert!(paid(&with_fee).past_end.unwrap().net < paid(&END).past_end.unwrap().net);
    let more_than_raised = PastEnd { migration_fee: u64::MAX, ..END };
    assert_eq!(Curve::FRESH.buy_exact_tokens_v3(800_000_000_000_000, &PUMP, &more_than_raised), None);
}

// ---- refusals

#[test]
fn what_the_programs_refuse_has_no_quote() {
    let empty = Curve::default();
    assert_eq!(empty.buy_exact_quote(SOL, &PUMP), None);
    assert_eq!(empty.buy_exact_tokens(1, &PUMP), None);
    assert_eq!(empty.sell(1, &PUMP), None);
    assert_eq!(Curve::FRESH.buy_exact_tokens(0, &PUMP), None);
    assert_eq!(OPENING.sell(0, &PUMP), None);
    assert_eq!(OPENING.buy_exact_tokens(OPENING.base, &PUMP), None);
    let small = Pool::new(1_000_000, 2_000_000, 0);
    assert_eq!(small.buy_exact_tokens(1_000_000, &PUMP), None);
    assert_eq!(small.buy_exact_tokens(999_999, &PUMP).map(|bought| bought.net), Some(1_999_998_000_000));
    assert_eq!(Pool::new(1, 1, -2).sell(1, &PUMP), None);
}

#[test]
fn a_curve_pays_no_more_than_it_really_holds() {
    let after = Curve::FRESH.after_buy(&Curve::FRESH.buy_exact_quote(SOL, &PUMP).unwrap());
    let sold = 34_199_203_120_618;
    assert!(after.sell(sold, &PUMP).is_some());
    let drained = Curve { real_quote: after.sell(sold, &PUMP).unwrap().gross - 1, ..after };
    assert_eq!(drained.sell(sold, &PUMP), None);
}

#[test]
fn the_virtual_quote_of_a_pool_prices_but_does_not_pay() {
    let rates = Rates::bps(20, 5, 95);
    let pool = Pool::new(1_000_000, 500_000, 1_000_000);
    let gross = 500_000 + 999; // its lp fee of 0.2 %, 1_002, stays: 499_997 leave
    let tokens = 1_000_000 * gross / (1_500_000 - gross);
    let sold = pool.sell(tokens, &rates).unwrap();
    let leaves = sold.gross - sold.fees.lp;
    assert!(leaves <= pool.quote_vault);
    let exact = pool.less_unswept(pool.quote_vault - leaves).unwrap();
    assert_eq!((exact.quote_vault, exact.quote()), (leaves, pool.quote()));
    assert_eq!(exact.sell(tokens, &rates), Some(sold));
    assert_eq!(exact.less_unswept(1).unwrap().sell(tokens, &rates), None);
    assert_eq!(pool.less_unswept(pool.quote_vault + 1), None);
    let negative = Pool::new(1_000_000, 2_000_000, -500_000);
    assert_eq!(negative.quote(), Some(1_500_000));
    assert_eq!(negative.sell(tokens, &rates).unwrap().gross, sold.gross);
}

// ---- rates

fn schedules() -> Schedules {
    Schedules::of_2026_10_10()
}

#[test]
fn a_pool_opens_in_the_first_tier_and_leaves_it_at_420_sol() {
    let pool = Liquidity::Pool(OPENING);
    assert_eq!(pool.market_cap(1_000_000_000_000_000).unwrap() / 100_000_000, 4107);
    let rates = |cap: u128| schedules().pool.rates(QuoteKind::Sol, cap).unwrap();
    assert_eq!(rates(0), Rates::bps(2, 93, 30));
    assert_eq!(rates(420_000_000_000 - 1), Rates::bps(2, 93, 30));
    assert_eq!(rates(420_000_000_000), Rates::bps(20, 5, 95));
    assert_eq!(rates(98_240_000_000_000), Rates::bps(20, 5, 5));
    assert_eq!(rates(u128::MAX), Rates::bps(20, 5, 5));
}

#[test]
fn each_kind_of_quote_has_its_schedule() {
    let pool = schedules().pool;
    assert_eq!(USDC.to_string(), "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v");
    assert_eq!(QuoteKind::from(Quote::Other(USDC)), QuoteKind::Stable);
    assert_eq!(QuoteKind::from(Quote::Other(Mint::default())), QuoteKind::Exotic);
    assert_eq!(pool.rates(QuoteKind::Stable, 59_000_000_000), Some(Rates::bps(20, 5, 95)));
    assert_eq!(pool.rates(QuoteKind::Stable, 58_999_999_999), Some(Rates::bps(2, 93, 30)));
    assert_eq!(pool.rates(QuoteKind::Exotic, 0), Some(Rates::bps(20, 5, 5)));
    let unset = FeeSchedule { exotic: Rates::default(), ..pool.clone() };
    assert_eq!(unset.rates(QuoteKind::Exotic, 0), Some(pool.flat));
    let no_tiers = FeeSchedule { tiers: Vec::new(), ..pool.clone() };
    assert_eq!(no_tiers.rates(QuoteKind::Sol, 0), None);
    let late = FeeSchedule { tiers: pool.tiers[1..].to_vec(), ..pool };
    assert_eq!(late.rates(QuoteKind::Sol, 0), Some(Rates::bps(20, 5, 95)));
}

#[test]
fn a_coins_own_rate_replaces_the_scheduled_one_while_the_gate_is_on() {
    let curve = Liquidity::Curve(Curve::FRESH);
    let creator = |schedules: &Schedules, rate| {
        schedules.rates(&curve, 1_000_000_000_000_000, QuoteKind::Sol, rate).unwrap().creator
    };
    let on = schedules();
    let off = Schedules { creator_fee_configurable: false, ..schedules() };
    assert_eq!(creator(&on, CreatorRate::Scheduled), Bps(30));
    assert_eq!(creator(&on, CreatorRate::Own(Bps(200))), Bps(200));
    assert_eq!(creator(&on, CreatorRate::Own(Bps(0))), Bps(30));
    assert_eq!(creator(&off, CreatorRate::Own(Bps(200))), Bps(30));
    assert_eq!(creator(&off, CreatorRate::Seen(Bps(200))), Bps(200));
    assert_eq!(creator(&on, CreatorRate::Seen(Bps(0))), Bps(0));
}

// ---- progress, completion, moves

#[test]
fn progress_is_the_share_sold_floored() {
    let initial = Curve::FRESH.real_token;
    let left = |real_token| Curve { real_token, ..Curve::FRESH }.progress(initial);
    assert_eq!(left(initial), Some(Bps(0)));
    assert_eq!(left(initial - 1), Some(Bps(0)));
    assert_eq!(left(initial / 10_000), Some(Bps(9_999)));
    assert_eq!(left(0), Some(Bps(10_000)));
    assert_eq!(left(initial + 1), None);
    assert_eq!(Curve::default().progress(0), None);
}

#[test]
fn the_curve_ends_at_the_multiples_that_the_strategy_names() {
    let initial = Curve::FRESH.real_token;
    let end = Liquidity::Curve(Curve::FRESH.completed().unwrap()).spot().unwrap().0;
    for (progress, multiple) in [(7_000, 342), (8_000, 245), (9_000, 165)] {
        let curve = Curve::FRESH.at_progress(initial, Bps(progress)).unwrap();
        assert_eq!(curve.progress(initial), Some(Bps(progress)));
        let spot = Liquidity::Curve(curve).spot().unwrap().0;
        assert_eq!((end * 1_000 / spot + 5) / 10, multiple, "from {progress} bps");
    }
    // An ordinary curve holds 60 SOL at 90.2 %.
    let at = |progress| Curve::FRESH.at_progress(initial, Bps(progress)).unwrap().real_quote / SOL;
    assert_eq!((at(9_019), at(9_021)), (59, 60));
    assert_eq!(Curve::FRESH.at_progress(initial, Bps(10_001)), None);
}

#[test]
fn a_curve_goes_back_to_an_earlier_progress_too() {
    let initial = Curve::FRESH.real_token;
    let late = Curve::FRESH.at_progress(initial, Bps(9_000)).unwrap();
    let back = late.at_progress(initial, Bps(2_000)).unwrap();
    assert_eq!(back.progress(initial), Some(Bps(2_000)));
    assert_eq!(back.virtual_quote - back.real_quote, 30 * SOL);
    assert_eq!(back.virtual_token - back.real_token, 279_900_000_000_000);
    assert_eq!(late.at_progress(initial, Bps(9_000)), Some(late));
}

#[test]
fn a_move_never_adds_to_what_can_be_taken() {
    let stream = Curve::FRESH.at_progress(Curve::FRESH.real_token, Bps(8_000)).unwrap();
    let bought = stream.buy_exact_quote(SOL, &PUMP).unwrap();
    let after_ours = stream.moved(bought.impact());
    assert_eq!(after_ours.virtual_quote, stream.virtual_quote + bought.net);
    assert_eq!(after_ours.real_quote, stream.real_quote);
    assert_eq!(after_ours.real_token, stream.real_token - bought.tokens);
    let sold = after_ours.sell(bought.tokens, &PUMP).unwrap();
    let back = stream.moved(bought.impact() + sold.impact());
    assert_eq!((back.virtual_token, back.real_token), (stream.virtual_token, stream.real_token));
    assert!(back.virtual_quote - stream.virtual_quote <= 1);
    // The others left less than we took: what is left of it is taken, no more.
    let emptied = stream.moved(Impact { quote: i64::MIN, tokens: i64::MIN });
    assert_eq!((emptied.real_quote, emptied.real_token), (0, 0));
    assert_eq!(emptied.virtual_quote, stream.virtual_quote - stream.real_quote);
    assert_eq!(emptied.virtual_token, stream.virtual_token - stream.real_token);
}

#[test]
fn a_moved_pool_prices_as_after_the_trade_and_pays_from_the_streams_vault() {
    let rates = Rates::bps(2, 93, 30);
    let bought = OPENING.buy_exact_quote(SOL, &rates).unwrap();
    let (after, moved) = (OPENING.after_buy(&bought), OPENING.moved(bought.impact()));
    assert_eq!((moved.base, moved.quote()), (after.base, after.quote()));
    assert_eq!(moved.quote_vault, OPENING.quote_vault);
    let sold = OPENING.sell(SOL * 1_000, &rates).unwrap();
    assert_eq!(OPENING.moved(sold.impact()), OPENING.after_sell(&sold));
    let emptied = OPENING.moved(Impact { quote: i64::MIN, tokens: i64::MIN });
    assert_eq!((emptied.base, emptied.quote_vault), (0, 0));
}

#[test]
fn a_pools_trade_of_the_stream_leaves_its_lp_fee_behind() {
    let rates = Rates::bps(2, 93, 30);
    let bought = OPENING.buy_exact_quote(SOL, &rates).unwrap();
    let traded = Traded {
        user: Wallet(Pubkey::default()),
        side: Side::Buy,
        quote: Quote::Sol,
        quote_amount: bought.net,
        tokens: TokenAmount(bought.tokens),
        reserves: Reserves::Pool { pool: PoolId::default(), before: OPENING },
        fees: TradeFees { lp: bought.fees.lp, ..TradeFees::default() },
        creator: None,
        creator_rate: None,
        mayhem: false,
    };
    let after = Liquidity::after(&traded);
    assert_eq!(after, Liquidity::Pool(OPENING.after_buy(&bought)));
    let Liquidity::Pool(pool) = after else { unreachable!() };
    assert_eq!(pool.quote().unwrap(), OPENING.quote().unwrap() + bought.net + bought.fees.lp);
    assert_eq!(pool.base, OPENING.base - bought.tokens);
}

#[test]
fn a_round_trip_costs_its_fees_and_the_curves_last_token_has_no_way_back() {
    let curve = Curve::FRESH.at_progress(Curve::FRESH.real_token, Bps(8_000)).unwrap();
    let trip = Liquidity::Curve(curve).round_trip(SOL / 2, &PUMP).unwrap();
    assert_eq!(trip.back.tokens, trip.bought.tokens);
    assert_eq!(trip.cost_bps, Bps(247));
    assert_eq!(Liquidity::Curve(curve).round_trip(100 * SOL, &PUMP), None);
    let pool = Liquidity::Pool(OPENING).round_trip(SOL / 2, &Rates::bps(2, 93, 30)).unwrap();
    assert_eq!(pool.cost_bps, Bps(247));
}

// ---- properties

prop_compose! {
    /// A curve somewhere between its launch and its end, of ordinary or odd beginnings.
    fn curves()(
        quote_offset in 1..=u64::MAX / 8, token_offset in 1..=u64::MAX / 8,
        real_quote in 0..=u64::MAX / 8, real_token in 0..=u64::MAX / 8, shift in 0u32..40,
    ) -> Curve {
        let of = |amount: u64| amount >> shift;
        Curve {
            virtual_quote: of(quote_offset) + of(real_quote) + 1,
            virtual_token: of(token_offset) + of(real_token) + 1,
            real_quote: of(real_quote),
            real_token: of(real_token),
        }
    }
}

prop_compose! {
    fn pools()(base in 1..=u64::MAX / 8, vault in 1..=u64::MAX / 8, bend in -4i128..8, shift in 0u32..40) -> Pool {
        let vault = (vault >> shift).max(1);
        Pool::new((base >> shift).max(1), vault, i128::from(vault) * bend / 8)
    }
}

fn places() -> impl Strategy<Value = Liquidity> {
    prop_oneof![curves().prop_map(Liquidity::Curve), pools().prop_map(Liquidity::Pool)]
}

fn rates() -> impl Strategy<Value = Rates> {
    (0..=25u16, 0..=100u16, 0..=300u16).prop_map(|(lp, protocol, creator)| Rates::bps(lp, protocol, creator))
}

fn amounts() -> impl Strategy<Value = u64> {
    (any::<u64>(), 0u32..64).prop_map(|(amount, shift)| amount >> shift)
}

proptest! {
    #[test]
    fn no_numbers_make_a_quote_panic(
        a in any::<u64>(), b in any::<u64>(), c in any::<u64>(), d in any::<u64>(), v in any::<i128>(),
        amount in amounts(), bps in any::<[u16; 4]>(), impact in any::<(i64, i64)>(),
    ) {
        let rates = Rates::bps(bps[0], bps[1], bps[2]);
        let curve = Curve { virtual_quote: a, virtual_token: b, real_quote: c, real_token: d };
        let pool = Pool::new(a, b, v);
        let pool = pool.less_unswept(d).unwrap_or(pool);
        let end = PastEnd { base_account: amount, migration_fee: c, mayhem: false, cashback: false };
        for place in [Liquidity::Curve(curve), Liquidity::Pool(pool)] {
            let place = place.moved(Impact { quote: impact.0, tokens: impact.1 });
            let bought = [place.buy_exact_quote(amount, &rates), place.buy_exact_tokens(amount, &rates)];
            for bought in bought.into_iter().flatten() {
                prop_assert_eq!(Some(bought.total), bought.fees.total().and_then(|fees| fees.checked_add(bought.net)));
                prop_assert!(place.after_buy(&bought).moved(bought.impact()).spot().is_some() || bought.tokens > 0);
            }
            if let Some(sold) = place.sell(amount, &rates) {
                prop_assert_eq!(Some(sold.gross), sold.fees.total().and_then(|fees| fees.checked_add(sold.out)));
                prop_assert!(place.after_sell(&sold).moved(sold.impact()).spot().is_some());
            }
            if let Some(trip) = place.round_trip(amount, &rates) {
                prop_assert!(trip.bought.total <= amount);
            }
            if let Some(cap) = place.market_cap(amount) {
                prop_assert_eq!(schedules().pool.rates(QuoteKind::Sol, cap).map(|rates| rates.lp.0 >= 2), Some(true));
            }
        }
        for bought in [curve.buy_exact_quote_v3(amount, &rates, &end), curve.buy_exact_tokens_v3(amount, &rates, &end)] {
            prop_assert!(bought.is_none_or(|bought| bought.tokens() >= bought.on_curve.tokens));
        }
        prop_assert!(curve.at_progress(d, Bps(bps[3])).is_none_or(|at| at.real_token <= d));
        prop_assert!(curve.progress(a).is_none_or(|progress| progress <= Bps::WHOLE));
    }

    #[test]
    fn a_round_trip_never_profits(place in places(), spend in amounts(), rates in rates()) {
        if let Some(bought) = place.buy_exact_quote(spend, &rates) {
            prop_assert!(bought.total <= spend);
            if let Some(back) = place.after_buy(&bought).sell(bought.tokens, &rates) {
                prop_assert!(back.out <= bought.total);
            }
        }
    }

    #[test]
    fn a_sale_bought_back_never_profits(place in places(), tokens in amounts(), rates in rates()) {
        if let Some(sold) = place.sell(tokens, &rates)
            && let Some(back) = place.after_sell(&sold).buy_exact_tokens(tokens, &rates)
        {
            prop_assert!(back.total >= sold.out);
        }
    }

    #[test]
    fn more_money_never_buys_less(place in places(), spend in amounts(), more in amounts(), rates in rates()) {
        let (less, more) = (spend.min(more), spend.max(more));
        if let (Some(a), Some(b)) = (place.buy_exact_quote(less, &rates), place.buy_exact_quote(more, &rates)) {
            prop_assert!(a.tokens <= b.tokens);
        }
    }

    #[test]
    fn more_tokens_never_bring_less(place in places(), tokens in amounts(), more in amounts()) {
        let (less, more) = (tokens.min(more), tokens.max(more));
        let free = Rates::default();
        if let (Some(a), Some(b)) = (place.sell(less, &free), place.sell(more, &free)) {
            prop_assert!(a.out <= b.out);
        }
        if let (Some(a), Some(b)) = (place.buy_exact_tokens(less, &free), place.buy_exact_tokens(more, &free)) {
            prop_assert!(a.total <= b.total);
        }
    }

    #[test]
    fn no_trade_takes_more_than_is_there(place in places(), amount in amounts(), rates in rates()) {
        let (tokens, quote) = match place {
            Liquidity::Curve(curve) => (curve.real_token, curve.real_quote),
            Liquidity::Pool(pool) => (pool.base - 1, pool.quote_vault),
        };
        for bought in [place.buy_exact_quote(amount, &rates), place.buy_exact_tokens(amount, &rates)] {
            prop_assert!(bought.is_none_or(|bought| bought.tokens <= tokens));
        }
        prop_assert!(place.sell(amount, &rates).is_none_or(|sold| sold.gross - sold.fees.lp <= quote));
    }

    #[test]
    fn fees_are_rounded_up(amount in any::<u64>(), rate in 0..=10_000u16) {
        let (amount_wide, rate_wide) = (u128::from(amount), u128::from(rate));
        let fee = u128::from(ceil_bps(amount, Bps(rate)));
        prop_assert!(fee * 10_000 >= amount_wide * rate_wide);
        prop_assert!(fee * 10_000 < amount_wide * rate_wide + 10_000);
    }

    #[test]
    fn a_trade_never_lowers_the_product_of_the_reserves(place in places(), amount in amounts(), rates in rates()) {
        let product = |place: &Liquidity| match place {
            Liquidity::Curve(curve) => u128::from(curve.virtual_quote) * u128::from(curve.virtual_token),
            Liquidity::Pool(pool) => u128::from(pool.quote().unwrap()) * u128::from(pool.base),
        };
        for bought in [place.buy_exact_quote(amount, &rates), place.buy_exact_tokens(amount, &rates)] {
            prop_assert!(bought.is_none_or(|bought| product(&place.after_buy(&bought)) >= product(&place)));
        }
        let sold = place.sell(amount, &rates);
        prop_assert!(sold.is_none_or(|sold| product(&place.after_sell(&sold)) >= product(&place)));
    }
}
