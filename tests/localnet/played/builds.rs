//! Older builds of the programs: what of a coin's life they know, and at which price.

use momentum_localnet::chain::{Chain, Coin, Options, Way};
use momentum_localnet::programs::Build;

use crate::life::{SOL, buy, sell, succeeded};

#[test]
fn trades_of_every_build_that_is_to_be_had_cost_what_our_quotes_say() {
    for build in Build::at_hand() {
        let chain = Chain::new(Options { build, ..Options::default() });
        let agent = chain.agent();
        let (mint, launched) = agent.launch(&Coin::default());
        succeeded(&agent.done(launched));
        for way in [Way::V3, Way::V2, Way::Legacy] {
            let bought = buy(&chain, &agent, &mint, SOL, way);
            sell(&chain, &agent, &mint, bought.tokens / 2, way);
        }
        // Curves' accounts have grown once.
        let length = if build == Build::V0_2_0 { 141 } else { 166 };
        assert_eq!(chain.curve_bytes(&mint).len(), length, "{build:?}");
    }
}
