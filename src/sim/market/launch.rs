//! A launch: what is drawn when a coin comes into the world, and what it prints in its first slot.

use std::time::Duration;

use momentum_core::event::{Answer, Launched, Links, MarketKind, MintFacts, Quote, Unknown};
use momentum_core::quotes::{CreatorRate, Curve, Liquidity, USDC};
use momentum_core::time::Timestamp;
use momentum_core::units::{Bps, TokenAmount};
use serde::{Deserialize, Serialize};

use super::coin::{Coin, Leaves, SUPPLY, Wash, fresh};
use super::names::{self, Agent};
use super::tape::Tape;
use super::temper::{BUNDLE_LAMPORTS, CREATOR_LAMPORTS, MEMBERS, Mood, Temper};
use crate::rng::Rng;

/// A fact that the market publishes after a launch, in a form that lies small in the agenda.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Published {
    /// What the mint account says: pump's own mints have no authorities and no foreign extension.
    Mint,
    /// The links in the metadata: website, X, Telegram.
    Links([bool; 3]),
    /// The metadata could not be had.
    NoLinks,
    /// Members of the Telegram group; 0 where there is none.
    Members(u32),
}

impl Published {
    /// The answer that it stands for.
    pub(super) const fn answer(self) -> Answer {
        match self {
            Self::Mint => Answer::Mint(Ok(MintFacts {
                mint_authority: false,
                freeze_authority: false,
                foreign_extension: false,
                supply: TokenAmount(SUPPLY),
            })),
            Self::Links([website, twitter, telegram]) => {
                Answer::Metadata(Ok(Links { website, twitter, telegram }))
            }
            Self::NoLinks => Answer::Metadata(Err(Unknown::Failed)),
            Self::Members(members) => Answer::Members(Ok(members)),
        }
    }
}

/// The `number`th launch of a market, now: prints it with the buys of its creator and his crew, and draws what
/// will be published of it and when.
pub(super) fn launch(number: u64, now: Timestamp, tape: &mut Tape) -> (Coin, Vec<(Timestamp, Published)>) {
    let mut rng = Rng::new(tape.seed, number);
    let temper = Temper::nth(rng.weighted(Temper::shares()));
    let character = temper.character();
    let serial = rng.chance(if matches!(temper, Temper::Dud | Temper::Flash) { 2_500 } else { 800 });
    let creator = Agent::creator(&mut rng, number, serial).wallet(tape.seed);
    let quote = if rng.chance(250) { Quote::Other(USDC) } else { Quote::Sol };
    let mayhem = quote == Quote::Sol && rng.chance(200);
    let own_rate = rng.chance(300).then(|| Bps(*[50, 75, 100, 150].get(rng.index(4)).unwrap_or(&50)));
    let mut curve = fresh(quote);
    if mayhem {
        // Mayhem coins do not begin at 30 SOL (chain.md §0): 38 to 321 were seen.
        curve.virtual_quote = rng.between(38, 321) * 1_000_000_000;
    }
    let mut coin = Coin {
        number,
        mint: names::mint(tape.seed, number),
        creator,
        quote,
        mayhem,
        rate: own_rate.map_or(CreatorRate::Scheduled, CreatorRate::Own),
        venue: Liquidity::Curve(curve),
        temper,
        mood: Mood::Fade,
        until: now,
        wave: 100,
        lean_bps: 0,
        doomed: false,
        slowness: rng.between(character.slowness.0, character.slowness.1),
        size: rng.quantile(&[50, 70, 85, 100, 120, 150, 200]),
        snipers: rng.below(character.snipers + 1),
        holders: Vec::new(),
        stash: 0,
        leaves: Leaves::Never,
        portion: if rng.chance(6_000) { 100 } else { 25 },
        wash: None,
        rng,
    };
    coin.leaves = leaves(&mut coin.rng, temper, now);
    if coin.rng.chance(character.washed_bps) {
        coin.wash = Some(Wash {
            share_bps: coin.rng.between(3_000, 6_500),
            lamports: coin.rng.between(100_000_000, 1_000_000_000),
            holding: None,
            turns: 0,
        });
    }
    coin.enter(character.opening, now);
    print_launch(&mut coin, own_rate, curve, tape);
    let facts = facts(&mut coin.rng, temper, now);
    (coin, facts)
}

/// When the creator means to leave.
fn leaves(rng: &mut Rng, temper: Temper, now: Timestamp) -> Leaves {
    let (weights, patience_s, near): ([u16; 3], u64, (u64, u64)) = match temper {
        Temper::Dud => ([4, 6, 0], 120, (0, 0)),
        Temper::Flash => ([2, 5, 3], 60, (300, 2_500)),
        Temper::Middling => ([4, 3, 3], 600, (1_000, 6_000)),
        Temper::Climber => ([5, 2, 3], 900, (4_000, 9_900)),
        Temper::Rocket | Temper::Graduate => ([4, 2, 4], 300, (4_000, 9_900)),
    };
    match rng.weighted(&weights) {
        0 => Leaves::Never,
        1 => Leaves::At(now + Duration::from_secs(10 + rng.exponential(patience_s))),
        _ => Leaves::Near(rng.between(near.0, near.1)),
    }
}

/// Prints the creation with the creator's own buy in the same transaction, then his crew's in the same slot.
fn print_launch(coin: &mut Coin, own_rate: Option<Bps>, curve: Curve, tape: &mut Tape) {
    let (name, symbol, uri) = names::texts(&mut coin.rng, coin.number);
    let launched = Launched {
        name,
        symbol,
        uri,
        user: coin.creator,
        creator: coin.creator,
        quote: coin.quote,
        curve: Some(curve),
        supply: Some(TokenAmount(SUPPLY)),
        // Some programs of others still create the old way.
        token_2022: Some(!coin.rng.chance(300)),
        mayhem: coin.mayhem,
        creator_rate: own_rate,
    };
    let mut transaction = tape.transaction();
    tape.print(&mut transaction, coin.mint, MarketKind::Launched(Box::new(launched)));
    if coin.rng.chance(8_200) {
        let spend = coin.rng.quantile(&CREATOR_LAMPORTS);
        coin.stash = coin.buy_in(&mut transaction, coin.creator, spend, tape).unwrap_or(0);
    }
    if coin.rng.chance(coin.temper.character().bundled_bps) {
        for nth in 0..coin.rng.between(2, 7) {
            let spend = coin.rng.quantile(&BUNDLE_LAMPORTS);
            coin.buy_new(Agent::crew(coin.number, nth), spend, tape);
        }
    }
}

/// What is published of a launch, 2 to 20 s after it. One metadata in sixteen cannot be had; half of those can
/// be later.
fn facts(rng: &mut Rng, temper: Temper, now: Timestamp) -> Vec<(Timestamp, Published)> {
    let soon = |rng: &mut Rng| now + Duration::from_millis(rng.between(2_000, 20_000));
    let links = temper.character().links_bps.map(|bps| rng.chance(bps));
    let members = if links[2] { u32::try_from(rng.quantile(&MEMBERS)).unwrap_or(0) } else { 0 };
    let mut facts = vec![(soon(rng), Published::Mint), (soon(rng), Published::Members(members))];
    if !rng.chance(625) {
        facts.push((soon(rng), Published::Links(links)));
    } else {
        facts.push((soon(rng), Published::NoLinks));
        if rng.chance(5_000) {
            facts.push((now + Duration::from_secs(rng.between(30, 90)), Published::Links(links)));
        }
    }
    facts
}
