//! Fees that change: trades cost what the programs' fee accounts say from then on.

use momentum_chain::yellowstone::StreamedTransaction;
use momentum_core::event::{MarketKind, TradeFees};
use momentum_core::quotes::{Fees, Rates};
use momentum_localnet::chain::{Chain, Coin, Landed, Options, Way};
use momentum_pump::decode::{Outcome, decode};

use crate::life::{SOL, succeeded};

/// What the programs themselves say that the trade of a transaction cost.
fn said(landed: &Landed) -> Fees {
    let update = landed.update();
    let mut said = None;
    let transaction = StreamedTransaction::new(&update, Some(landed.time)).unwrap();
    decode(
        &transaction,
        |_| None,
        |outcome| {
            if let Outcome::Decoded(event) = outcome
                && let MarketKind::Traded(traded) = event.kind
            {
                said = Some(traded.fees);
            }
        },
    );
    let TradeFees { lp, protocol, creator, .. } = said.unwrap();
    Fees { lp, protocol, creator }
}

#[test]
fn trades_on_curve_and_pool_cost_what_the_fee_accounts_say_since_they_changed() {
    let chain = Chain::new(Options::default());
    let agent = chain.agent();
    let (mint, launched) = agent.launch(&Coin::default());
    succeeded(&agent.done(launched));

    chain.set_curve_fees(400, 100);
    let curve = chain.curve(&mint).unwrap().curve;
    let quoted = curve.buy_exact_quote(SOL, &Rates::bps(0, 400, 100)).unwrap();
    let bought = agent.done(agent.buy(&mint, SOL, Way::V3));
    succeeded(&bought);
    assert_eq!((agent.tokens(&mint), said(&bought)), (quoted.tokens, quoted.fees));
    assert_eq!(chain.curve(&mint).unwrap().curve, curve.after_buy(&quoted));

    succeeded(&agent.done(agent.buy(&mint, 100 * SOL, Way::V3)));
    succeeded(&agent.done(agent.migrate(&mint)));
    chain.set_pool_fees(30, 200, 70);
    let (pool, held) = (chain.pool(&mint).unwrap(), agent.tokens(&mint));
    let quoted = pool.buy_exact_quote(SOL, &Rates::bps(30, 200, 70)).unwrap();
    let bought = agent.done(agent.buy_on_pool(&mint, SOL));
    succeeded(&bought);
    assert_eq!((agent.tokens(&mint) - held, said(&bought)), (quoted.tokens, quoted.fees));
    let (told, after) = (chain.pool(&mint).unwrap(), pool.after_buy(&quoted));
    assert_eq!((told.base, told.quote()), (after.base, after.quote()));
}
