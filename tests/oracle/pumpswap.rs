//! PumpSwap pools.

use momentum_core::quotes::{Pool, Rates, Schedules};
use pump_rust_client::math::TransferFee;
use pump_rust_client::math::amm::{
    AmmContext, buy_base_input, buy_base_input_v2, buy_quote_input, buy_quote_input_v2,
    effective_quote_reserve, real_quote_reserve, sell_base_input,
};
use pump_rust_client::state::pump_amm;

use crate::random_states::Random;
use crate::{Difference, STATES, Tally, exact_in_net, overflows, their_config};

/// What both sides are asked about: a pool that pump did not create, whose rates are flat and so any we like.
struct Case {
    ours: Pool,
    /// Both as the package reads them off account and vault; `None` where it refuses the account.
    theirs: Option<(u64, u64)>,
    rates: Rates,
    fee_config: pump_rust_client::state::FeeConfig,
    global_config: pump_amm::GlobalConfig,
}

impl Case {
    fn new(random: &mut Random) -> Self {
        let (pool, rates) = (random.pool(), random.rates());
        let mut account = pump_amm::Pool::default();
        account.virtual_quote_reserves = pool.virtual_quote;
        if random.one_in(3) {
            account.protocol_fees = random.below(pool.quote_vault / 8 + 1);
            account.creator_fees = random.below(pool.quote_vault / 8 + 1);
        }
        let theirs = effective_quote_reserve(&account, pool.quote_vault)
            .and_then(|quote| Ok((quote, real_quote_reserve(&account, pool.quote_vault)?)))
            .ok();
        let ours = pool.less_unswept(account.protocol_fees + account.creator_fees).unwrap();
        let mut schedule = Schedules::of_2026_10_10().pool;
        schedule.flat = rates;
        let fee_config = their_config(&schedule);
        Self { ours, theirs, rates, fee_config, global_config: pump_amm::GlobalConfig::default() }
    }

    fn their_context(&self) -> Option<AmmContext<'_>> {
        let (quote_reserve, real_quote_reserve) = self.theirs?;
        Some(AmmContext {
            global_config: &self.global_config,
            fee_config: &self.fee_config,
            base_mint: &pump_rust_client::pump::ID,
            pool_creator: &pump_rust_client::pump::ID,
            coin_creator: &pump_rust_client::pump::ID,
            quote_mint: &pump_rust_client::constants::NATIVE_MINT,
            creator_fee_bps: 0,
            base_reserve: self.ours.base,
            quote_reserve,
            base_mint_supply: 1_000_000_000_000_000,
            real_quote_reserve,
            quote_transfer_fee: TransferFee::NONE,
            is_mayhem_mode: false,
        })
    }

    /// Whether the quote reserve cannot take this net and its lp fee.
    fn overflows(&self, net: u128) -> bool {
        let lp_fee = (net * u128::from(self.rates.lp.0)).div_ceil(10_000);
        overflows(self.ours.quote().unwrap(), net + lp_fee)
    }
}

#[test]
fn reserves_are_read_alike_off_account_and_vault() {
    let mut random = Random(10);
    for _ in 0..STATES {
        let Case { ours, theirs, .. } = Case::new(&mut random);
        assert_eq!(ours.quote().map(|quote| (quote, ours.quote_vault)), theirs);
    }
}

#[test]
fn pool_buys_of_exact_quote_are_equal() {
    let (mut random, mut tally) = (Random(11), Tally::default());
    for _ in 0..STATES {
        let case = Case::new(&mut random);
        let spend = random.amount(case.ours.quote_vault);
        let theirs = case.their_context().and_then(|context| {
            let v1 = buy_quote_input(&context, spend).ok()?;
            let v2 = buy_quote_input_v2(&context, spend).ok()?;
            assert_eq!(v1.user_quote_amount_in, v2.user_quote_amount_in);
            Some((v1.base_amount_out, v1.effective_quote, v1.user_quote_amount_in))
        });
        let ours = case.ours.buy_exact_quote(spend, &case.rates);
        let ours = ours.map(|bought| (bought.tokens, bought.net, bought.total));
        tally.add((case.ours, case.rates, spend), theirs, ours, |_| {
            case.overflows(exact_in_net(spend, &case.rates)).then_some(Difference::BeyondU64)
        });
    }
    tally.report("PumpSwap, exact quote");
}

#[test]
fn pool_buys_of_exact_tokens_are_equal() {
    let (mut random, mut tally) = (Random(12), Tally::default());
    for _ in 0..STATES {
        let case = Case::new(&mut random);
        let tokens = random.amount(case.ours.base);
        let theirs = case.their_context().and_then(|context| {
            let v1 = buy_base_input(&context, tokens).ok()?;
            let v2 = buy_base_input_v2(&context, tokens).ok()?;
            assert_eq!(v1.total_quote_in, v2.total_quote_in);
            Some((v1.raw_quote_in, v1.total_quote_in))
        });
        let ours = case.ours.buy_exact_tokens(tokens, &case.rates);
        let ours = ours.map(|bought| (bought.net, bought.total));
        tally.add((case.ours, case.rates, tokens), theirs, ours, |(net, _)| {
            if tokens == 0 {
                return Some(Difference::Nothing);
            }
            case.overflows((*net).into()).then_some(Difference::BeyondU64)
        });
    }
    tally.report("PumpSwap, exact tokens");
}

#[test]
fn pool_sales_are_equal_and_refused_alike_where_the_vault_cannot_pay() {
    let (mut random, mut tally) = (Random(13), Tally::default());
    for _ in 0..STATES {
        let case = Case::new(&mut random);
        let tokens = random.amount(case.ours.base);
        let theirs = case.their_context().and_then(|context| sell_base_input(&context, tokens).ok());
        let theirs = theirs.map(|sold| (sold.raw_quote_out, sold.final_quote_out));
        let ours = case.ours.sell(tokens, &case.rates).map(|sold| (sold.gross, sold.out));
        tally.add((case.ours, case.rates, tokens), theirs, ours, |_| {
            if tokens == 0 {
                return Some(Difference::Nothing);
            }
            overflows(case.ours.base, tokens.into()).then_some(Difference::BeyondU64)
        });
    }
    tally.report("PumpSwap, sale");
}
