//! Older builds of the programs: what of a coin's life they know, and at which price.

use momentum_localnet::chain::{Chain, Coin, Options, Way};
use momentum_localnet::programs::Build;

use crate::life::{SOL, buy, sell, succeeded};

#[test]
fn trades_of_every_build_that_is_to_be_had_cost_what_our_quotes_say() {
    // Older vintages of the curve's account, and its length in bytes.
    let lengths = [141, 166, 166, 166];
    for (build, length) in Build::ALL.into_iter().zip(lengths) {
        if let Err(missing) = build.artifacts() {
            // Only the newest must be there.
            assert_ne!(build, Build::default(), "{missing}");
            eprintln!("{missing}");
            continue;
        }
        let chain = Chain::new(Options { build, ..Options::default() });
        let agent = chain.agent();
        let (mint, launched) = agent.launch(&Coin::default());
        succeeded(&agent.done(launched));
        for way in [Way::V3, Way::V2, Way::Legacy] {
            let bought = buy(&chain, &agent, &mint, SOL, way);
            sell(&chain, &agent, &mint, bought.tokens / 2, way);
        }
        assert_eq!(chain.curve_bytes(&mint).len(), length, "{build:?}");
    }
}
