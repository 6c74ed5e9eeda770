//! Builds of the programs: what of a coin's life each knows, and at which price.

use momentum_localnet::chain::{Chain, Coin, Options, Way};
use momentum_localnet::programs::Build;

use crate::life::{SOL, buy, sell, succeeded, trade_on_pool};

#[test]
fn a_coin_of_every_build_that_is_to_be_had_lives_to_its_pool_as_our_quotes_say() {
    for build in Build::at_hand() {
        // Where it fails, this says with which.
        println!("programs of {}", build.version());
        let chain = Chain::new(Options { build, ..Options::default() });
        let agent = chain.agent();
        for legacy in [false, true] {
            let (mint, launched) = agent.launch(&Coin { legacy, ..Coin::default() });
            succeeded(&agent.done(launched));
            for way in [Way::V3, Way::V2, Way::Legacy] {
                let bought = buy(&chain, &agent, &mint, SOL, way);
                sell(&chain, &agent, &mint, bought.tokens / 2, way);
            }
            // Curves' accounts have grown once.
            let length = if build == Build::V0_2_0 { 141 } else { 166 };
            assert_eq!(chain.curve_bytes(&mint).len(), length);
            // All that is left and no more: that is the one last buy that no build refuses.
            let left = chain.curve(&mint).unwrap().curve.real_token;
            succeeded(&agent.done(agent.buy_tokens(&mint, left)));
            assert!(chain.curve(&mint).unwrap().complete);
            succeeded(&agent.done(agent.migrate(&mint)));
            trade_on_pool(&chain, &agent, &mint);
        }
    }
}
