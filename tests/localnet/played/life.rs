//! The life of coins, from the launch to the pool, with every trade compared with our quotes to the unit.

use momentum_core::event::Quote;
use momentum_core::ids::Pubkey;
use momentum_core::quotes::{Bought, CreatorRate, Curve, Liquidity, QuoteKind, Rates, Schedules, Sold};
use momentum_localnet::chain::{Agent, Chain, Coin, Landed, Options, Way};
use momentum_pump::address::{associated_token, bonding_curve, creator_vault, user_volume_accumulator};
use momentum_pump::programs::{Program, TOKEN, TOKEN_2022};

pub(crate) const SOL: u64 = 1_000_000_000;
/// Rent of an account without data.
const VAULT_RENT: i64 = 890_880;
const SUPPLY: u64 = 1_000_000_000_000_000;

fn rates(liquidity: &Liquidity) -> Rates {
    Schedules::of_2026_10_10()
        .rates(liquidity, SUPPLY, QuoteKind::from(Quote::Sol), CreatorRate::Scheduled)
        .unwrap()
}

fn curve(chain: &Chain, mint: &Pubkey) -> Curve {
    chain.curve(mint).unwrap().curve
}

pub(crate) fn succeeded(landed: &Landed) {
    assert_eq!(landed.error, None, "{:#?}", landed.logs);
}

/// What a trade cost its payer beside the network's fee and the rent of accounts of the payer that it opened.
fn paid(landed: &Landed, payer: &Pubkey, mint: &Pubkey) -> i64 {
    let mut theirs = [Program::Pump, Program::PumpSwap].map(|of| user_volume_accumulator(of, payer)).to_vec();
    theirs.extend([TOKEN, TOKEN_2022].map(|program| associated_token(payer, mint, &program)));
    let rent: i64 = theirs.iter().map(|account| landed.change(account)).sum();
    // The first fee that a creator's vault takes would not keep it alive: the trader pays that on top.
    let opened = |program| {
        let vault = creator_vault(program, payer);
        landed
            .keys()
            .iter()
            .position(|key| *key == vault)
            .is_some_and(|at| landed.before[at] == 0 && landed.after[at] > 0)
    };
    let vaults = if opened(Program::Pump) { VAULT_RENT } else { 0 };
    -landed.change(payer) - i64::try_from(landed.fee).unwrap() - rent - vaults
}

/// Buys on the curve and compares with the quote.
pub(crate) fn buy(chain: &Chain, agent: &Agent, mint: &Pubkey, spend: u64, way: Way) -> Bought {
    let (before, held) = (curve(chain, mint), agent.tokens(mint));
    let quoted = before.buy_exact_quote(spend, &rates(&Liquidity::Curve(before))).unwrap();
    let landed = agent.done(agent.buy(mint, spend, way));
    succeeded(&landed);
    assert_eq!(agent.tokens(mint) - held, quoted.tokens, "{way:?}");
    assert_eq!(curve(chain, mint), before.after_buy(&quoted), "{way:?}");
    assert_eq!(paid(&landed, &agent.address(), mint), i64::try_from(quoted.total).unwrap(), "{way:?}");
    quoted
}

/// Sells on the curve and compares with the quote.
pub(crate) fn sell(chain: &Chain, agent: &Agent, mint: &Pubkey, tokens: u64, way: Way) -> Sold {
    let before = curve(chain, mint);
    let quoted = before.sell(tokens, &rates(&Liquidity::Curve(before))).unwrap();
    let landed = agent.done(agent.sell(mint, tokens, way));
    succeeded(&landed);
    assert_eq!(curve(chain, mint), before.after_sell(&quoted), "{way:?}");
    assert_eq!(paid(&landed, &agent.address(), mint), -i64::try_from(quoted.out).unwrap(), "{way:?}");
    quoted
}

/// Buys on the pool, sells that again, and compares both with the quotes.
pub(crate) fn trade_on_pool(chain: &Chain, agent: &Agent, mint: &Pubkey) {
    let pool = chain.pool(mint).unwrap();
    let quoted = pool.buy_exact_quote(SOL, &rates(&Liquidity::Pool(pool))).unwrap();
    let held = agent.tokens(mint);
    let bought = agent.done(agent.buy_on_pool(mint, SOL));
    succeeded(&bought);
    assert_eq!(agent.tokens(mint) - held, quoted.tokens);
    assert_eq!(paid(&bought, &agent.address(), mint), i64::try_from(quoted.total).unwrap());
    let pool = pool.after_buy(&quoted);
    let told = chain.pool(mint).unwrap();
    assert_eq!((told.base, told.quote()), (pool.base, pool.quote()));
    let quoted = pool.sell(quoted.tokens, &rates(&Liquidity::Pool(pool))).unwrap();
    let sold = agent.done(agent.sell_on_pool(mint, quoted.tokens));
    succeeded(&sold);
    assert_eq!(paid(&sold, &agent.address(), mint), -i64::try_from(quoted.out).unwrap());
    assert_eq!(chain.pool(mint).unwrap().quote(), pool.after_sell(&quoted).quote());
}

#[test]
fn the_golden_vector_comes_out_of_the_real_program() {
    let chain = Chain::new(Options::default());
    let agent = chain.agent();
    let (mint, launched) = agent.launch(&Coin::default());
    succeeded(&agent.done(launched));
    assert_eq!(curve(&chain, &mint), Curve::FRESH);
    let bought = buy(&chain, &agent, &mint, SOL, Way::V3);
    assert_eq!((bought.net, bought.tokens), (987_654_320, 34_199_203_120_618));
    let after = curve(&chain, &mint);
    assert_eq!((after.virtual_token, after.virtual_quote), (1_038_800_796_879_382, 30_987_654_320));
    sell(&chain, &agent, &mint, 17_099_601_560_309, Way::V3);
    assert_eq!(curve(&chain, &mint).virtual_quote, 30_485_829_960);
}

#[test]
fn a_coin_lives_from_its_launch_to_its_pool_as_our_quotes_say() {
    let chain = Chain::new(Options::default());
    let agent = chain.agent();
    for legacy in [false, true] {
        let (mint, launched) = agent.launch(&Coin { legacy, ..Coin::default() });
        succeeded(&agent.done(launched));
        for way in [Way::V3, Way::V2, Way::Legacy] {
            let bought = buy(&chain, &agent, &mint, 2 * SOL + 7, way);
            sell(&chain, &agent, &mint, bought.tokens / 3, way);
        }
        // Past the end of the curve: the rest of the budget stays with the buyer, or buys what the pool will.
        let last = agent.done(agent.buy(&mint, 90 * SOL, Way::V3));
        succeeded(&last);
        assert!(chain.curve(&mint).unwrap().complete);
        let migrated = agent.done(agent.migrate(&mint));
        succeeded(&migrated);
        trade_on_pool(&chain, &agent, &mint);
    }
}

#[test]
fn a_transaction_lands_once_and_pays_when_it_fails() {
    let chain = Chain::new(Options::default());
    let agent = chain.agent();
    let (mint, launched) = agent.launch(&Coin::default());
    succeeded(&agent.done(launched));
    // Nothing held, nothing to sell.
    let account = associated_token(&agent.address(), &mint, &TOKEN_2022);
    assert_eq!(chain.account(&account), None);
    let before = chain.balance(&agent.address());
    let failed = agent.done(agent.sell(&mint, 5, Way::V3));
    assert!(failed.error.is_some());
    assert_eq!(before - chain.balance(&agent.address()), failed.fee);
    assert_eq!(failed.change(&bonding_curve(&mint)), 0);
}
