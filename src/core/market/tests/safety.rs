//! Flags' sources and every hard fail, at the boundary and one unit to each side.

use super::stage::{CREATOR, SOL, Stage, key, wallet};
use crate::analysis::HardFail;
use crate::event::{Answer, MarketKind, MintFacts, Reserves, Side, Unknown};
use crate::ids::Mint;
use crate::quotes::Curve;
use crate::units::{Bps, TokenAmount};

const FINE: MintFacts = MintFacts {
    mint_authority: false,
    freeze_authority: false,
    foreign_extension: false,
    supply: TokenAmount(1_000_000_000_000_000),
};

/// A token that was seen first by a trade, whose mint account says this.
fn read(facts: MintFacts) -> Option<HardFail> {
    let mut stage = Stage::new();
    stage.buy(wallet(1), SOL);
    stage.answer(Answer::Mint(Ok(facts)));
    stage.view().hard_fail
}

#[test]
fn authorities_and_foreign_extensions_are_hard_fails() {
    assert_eq!(read(FINE), None);
    assert_eq!(read(MintFacts { mint_authority: true, ..FINE }), Some(HardFail::MintAuthority));
    assert_eq!(read(MintFacts { freeze_authority: true, ..FINE }), Some(HardFail::FreezeAuthority));
    assert_eq!(read(MintFacts { foreign_extension: true, ..FINE }), Some(HardFail::ForeignExtension));
}

#[test]
fn an_absence_is_no_hard_fail() {
    let mut stage = Stage::new();
    stage.buy(wallet(1), SOL);
    assert_eq!(stage.view().hard_fail, None);
    stage.answer(Answer::Mint(Err(Unknown::Failed)));
    assert_eq!(stage.view().hard_fail, None);
}

#[test]
fn the_create_event_proves_authorities_and_extensions() {
    let mut stage = Stage::new();
    stage.launch();
    assert_eq!(stage.analysis().metrics.mint, Ok(FINE));
}

#[test]
fn a_mint_and_a_creator_can_be_blacklisted_and_let_off() {
    for (listed, fail) in [(key(7), HardFail::BlacklistedMint), (key(CREATOR), HardFail::BlacklistedCreator)]
    {
        let mut stage = Stage::new();
        stage.launch();
        stage.blacklist(listed, true);
        assert_eq!(stage.view().hard_fail, Some(fail));
        stage.blacklist(listed, false);
        assert_eq!(stage.view().hard_fail, None);
    }
}

#[test]
fn a_creator_who_sold_one_unit_more_than_half_of_the_most_they_held_is_a_hard_fail() {
    for (sold, fails) in [(499_999, false), (500_000, false), (500_001, true)] {
        let mut stage = Stage::new();
        stage.launch();
        stage.trade_tokens(wallet(CREATOR), Side::Buy, 1_000_000);
        stage.trade_tokens(wallet(CREATOR), Side::Sell, sold);
        let expected = fails.then_some(HardFail::CreatorSold);
        assert_eq!(stage.view().hard_fail, expected, "{sold}");
        // What others sell is theirs.
        stage.trade_tokens(wallet(1), Side::Buy, 1_000_000);
        stage.trade_tokens(wallet(1), Side::Sell, 1_000_000);
        assert_eq!(stage.view().hard_fail, expected, "{sold}");
    }
}

#[test]
fn every_creator_counts_the_signer_and_whoever_came_later() {
    let mut stage = Stage::new();
    let mut launched = stage.launched();
    launched.user = wallet(1);
    stage.happen(MarketKind::Launched(Box::new(launched)));
    stage.trade_tokens(wallet(2), Side::Buy, 1_000_000);
    let mut renamed = stage.traded_tokens(wallet(3), Side::Buy, 1_000);
    renamed.creator = Some(wallet(2));
    stage.happen(MarketKind::Traded(renamed));
    assert_eq!(stage.view().creator, Ok(wallet(2)));
    for seller in [1, 2] {
        assert_eq!(stage.view().hard_fail, None);
        stage.trade_tokens(wallet(seller), Side::Buy, 1_000);
        let all = if seller == 2 { 1_001_000 } else { 501 };
        stage.trade_tokens(wallet(seller), Side::Sell, all);
        assert_eq!(stage.view().hard_fail, Some(HardFail::CreatorSold), "{seller}");
        // The next seller is judged on a stage where the first one behaved.
        stage.config.safety.creator_sold_max = Bps(if seller == 1 { 9_000 } else { 5_000 });
    }
}

/// A trade that leaves the price at so many lamports for 2⁵⁰ base units, which is exact as a spot price.
fn trade_at(stage: &mut Stage, user: u64, side: Side, tokens: u64, price: u64) {
    let mut trade = stage.traded_tokens(wallet(user), Side::Buy, 1_000);
    (trade.side, trade.tokens) = (side, TokenAmount(tokens));
    let priced = Curve { virtual_quote: price, virtual_token: 1 << 50, ..stage.curve };
    trade.reserves = Reserves::Curve(priced);
    stage.happen(MarketKind::Traded(trade));
}

/// A token of the creator, who sells `sold` of a million; its price falls from 10,000 to `low` within so many
/// seconds.
fn rise_and_fall(stage: &mut Stage, mint: u64, sold: u64, low: u64, seconds: i64) {
    stage.mint = Mint(key(mint));
    stage.launch();
    trade_at(stage, CREATOR, Side::Buy, 1_000_000, 9_000);
    trade_at(stage, 1, Side::Buy, 1_000_000, 10_000);
    for _ in 0..seconds / 600 {
        stage.wait(600);
        // The price stays away from both ends while time goes by.
        trade_at(stage, 2, Side::Buy, 1_000, 6_000);
    }
    stage.wait(seconds % 600);
    trade_at(stage, CREATOR, Side::Sell, sold, 6_000);
    trade_at(stage, 1, Side::Sell, 1_000_000, low);
}

/// What the creator's next token is worth after two such falls.
fn after_two(sold: u64, low: u64, seconds: i64) -> Option<HardFail> {
    let mut stage = Stage::new();
    rise_and_fall(&mut stage, 11, sold, low, seconds);
    stage.mint = Mint(key(20));
    stage.launch();
    assert_eq!(stage.view().hard_fail, None);
    rise_and_fall(&mut stage, 12, sold, low, seconds);
    // A token that is there already is judged anew, like one that comes.
    let mut fails = vec![];
    for mint in [20, 21] {
        stage.mint = Mint(key(mint));
        if mint == 21 || seconds > 1_000 {
            stage.launch();
        }
        fails.push(stage.view().hard_fail);
    }
    assert_eq!(fails[0], fails[1]);
    fails[0]
}

#[test]
fn a_creator_of_two_rugs_is_known_and_of_one_is_not() {
    assert_eq!(after_two(500_001, 1_999, 60), Some(HardFail::KnownRugger));
    let mut stage = Stage::new();
    rise_and_fall(&mut stage, 11, 1_000_000, 1, 60);
    // One token is one rug, however often its price falls.
    trade_at(&mut stage, 1, Side::Sell, 1, 1);
    stage.mint = Mint(key(21));
    stage.launch();
    assert_eq!(stage.view().hard_fail, None);
}

#[test]
fn a_rug_is_a_creator_who_sold_more_than_half_and_a_price_that_fell_more_than_four_fifths_in_an_hour() {
    assert_eq!(after_two(500_000, 1_999, 60), None);
    assert_eq!(after_two(500_001, 2_000, 60), None);
    assert_eq!(after_two(500_001, 1_999, 3_590), Some(HardFail::KnownRugger));
    assert_eq!(after_two(500_001, 1_999, 3_610), None);
}
