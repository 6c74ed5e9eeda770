//! The limits of a bot against what it did: each transaction of its wallet in its order, as the ledger has them, and
//! which order of the store it carried out.

use std::collections::{BTreeMap, BTreeSet};

use momentum_core::ids::Pubkey;
use momentum_localnet::chain::Landed;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Row};

use super::trading::{SOL, Stage};
use crate::running::Place;

/// Lamports for a signature.
const SIGNATURE: u64 = 5_000;

/// The most that a bot may do at any moment, in lamports.
pub(super) struct Limits {
    /// What one buy may spend, fees of the venue included.
    pub(super) position: u64,
    /// Tokens held at once.
    pub(super) positions: usize,
    /// What those cost together.
    pub(super) exposure: u64,
    /// Priority fee of a buy, and of a sale.
    pub(super) fees: [u64; 2],
}

/// What a bot may do that takes one position at a time; the fees are the caps of the shipped settings.
pub(super) const ONE: Limits =
    Limits { position: SOL / 5, positions: 1, exposure: SOL / 5, fees: [1_000_000, 3_000_000] };

/// What it did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Done {
    pub(super) buys: usize,
    pub(super) sales: usize,
    /// Sales of a part among them.
    pub(super) parts: usize,
    pub(super) failed: usize,
}

/// A token that is held by the wallet's own transactions.
#[derive(Debug, Default)]
struct Held {
    tokens: u64,
    cost: u64,
}

/// Of each signature the order that it was made for, and whether that buys.
async fn orders(place: &Place) -> BTreeMap<String, ((i64, i64), bool)> {
    let options = SqliteConnectOptions::new().filename(place.book().database()).read_only(true);
    let mut store = options.connect().await.unwrap();
    let rows =
        sqlx::query("SELECT signature, order_seq, order_nth, side FROM attempts WHERE signature IS NOT NULL");
    let rows = rows.fetch_all(&mut store).await.unwrap();
    store.close().await.unwrap();
    let order = |row: &sqlx::sqlite::SqliteRow| {
        (row.get(0), ((row.get(1), row.get(2)), row.get::<String, _>(3) == "buy"))
    };
    rows.iter().map(order).collect()
}

/// The one token whose holding a transaction changed, and by how much.
fn moved(landed: &Landed, wallet: &Pubkey) -> (Pubkey, i64) {
    let mut changes = BTreeMap::<Pubkey, i64>::new();
    for (balances, sign) in [(&landed.tokens_before, -1), (&landed.tokens_after, 1)] {
        for held in balances.iter().filter(|held| held.owner == *wallet) {
            *changes.entry(held.mint).or_default() += sign * held.amount.cast_signed();
        }
    }
    changes.retain(|_, change| *change != 0);
    assert_eq!(changes.len(), 1, "{} moved {changes:?}", landed.signature);
    changes.pop_first().unwrap()
}

/// What accounts hold that a transaction opened.
fn opened(landed: &Landed) -> u64 {
    let pairs = landed.before.iter().zip(&landed.after);
    pairs.filter(|(before, _)| **before == 0).map(|(_, after)| after).sum()
}

/// Goes through the ledger and panics at the first transaction with which a limit was exceeded, or an order was
/// carried out that was carried out already.
pub(super) fn kept(stage: &Stage, place: &Place, limits: &Limits) -> Done {
    let (orders, wallet) = (stage.runtime.block_on(orders(place)), stage.wallet());
    let (mut held, mut done) = (BTreeMap::<Pubkey, Held>::new(), Done::default());
    let mut filled = BTreeSet::new();
    let history = stage.chain.history(0);
    for landed in history.iter().filter(|landed| landed.keys().first() == Some(&wallet)) {
        let name = landed.signature;
        let (order, buys) = orders[&name.to_string()];
        let most = limits.fees[usize::from(!buys)];
        assert!(landed.fee <= SIGNATURE + most, "{name} paid {}, most {most}", landed.fee);
        if landed.error.is_some() {
            done.failed += 1;
            continue;
        }
        assert!(filled.insert(order), "{name} carried order {order:?} out once more");
        let (mint, change) = moved(landed, &wallet);
        let position = held.entry(mint).or_default();
        if buys {
            let spent = landed.change(&wallet).unsigned_abs() - landed.fee - opened(landed);
            assert!(spent <= limits.position, "{name} spent {spent}");
            position.tokens += change.cast_unsigned();
            position.cost += spent;
            done.buys += 1;
        } else {
            let (had, sold) = (position.tokens, change.unsigned_abs());
            assert!(sold <= had, "{name} sold {sold} of {had}");
            position.tokens -= sold;
            let left = u128::from(position.cost) * u128::from(position.tokens) / u128::from(had);
            position.cost = u64::try_from(left).unwrap();
            done.sales += 1;
            done.parts += usize::from(position.tokens > 0);
        }
        held.retain(|_, held| held.tokens > 0);
        assert!(held.len() <= limits.positions, "behind {name} it holds {held:?}");
        let exposure: u64 = held.values().map(|held| held.cost).sum();
        assert!(exposure <= limits.exposure, "behind {name} it is exposed to {exposure}");
    }
    done
}
