//! The tables of a store at one moment, read by SQL alone.

use std::path::Path;

use momentum_core::ids::Pubkey;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{ConnectOptions, Connection, Row};

/// The name of an attempt: its order, and which attempt of it.
pub(super) type Name = (i64, i64, i64);
/// The name of a position: its mint, and when it was opened.
pub(super) type Held = (String, i64);

/// An attempt of an order.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    pub(super) name: Name,
    pub(super) mint: String,
    pub(super) wallet: String,
    pub(super) side: String,
    /// None where its bytes were never journaled: it may not have left.
    pub(super) signature: Option<String>,
    pub(super) raw: Option<Vec<u8>>,
    pub(super) last_valid_height: u64,
    /// `landed`, `failed`, `expired`, `refused`; none while it is in flight.
    pub(super) outcome: Option<String>,
    /// What it cost beside the swap, in lamports.
    pub(super) costs: i64,
}

impl Attempt {
    pub(super) fn buys(&self) -> bool {
        self.side == "buy"
    }

    pub(super) fn is(&self, outcome: &str) -> bool {
        self.outcome.as_deref() == Some(outcome)
    }

    /// Its name, as records write it.
    pub(super) fn told(&self) -> String {
        let (seq, nth, number) = self.name;
        format!("{seq}.{nth}.{number}")
    }
}

/// What an attempt did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fill {
    pub(super) name: Name,
    pub(super) mint: String,
    pub(super) wallet: String,
    pub(super) side: String,
    pub(super) tokens: i64,
    pub(super) lamports: i64,
    pub(super) costs: i64,
    pub(super) rent: i64,
    pub(super) slot: i64,
    pub(super) reason: Option<String>,
    pub(super) at: i64,
}

/// A position, open or closed.
#[derive(Clone, Debug)]
pub(super) struct Position {
    pub(super) name: Held,
    pub(super) wallet: String,
    pub(super) bought: i64,
    pub(super) sold: i64,
    pub(super) closed: Option<i64>,
    /// Lamports for so many tokens.
    pub(super) stop: (i64, i64),
}

/// A rung of a position's ladder.
#[derive(Clone, Debug)]
pub(super) struct Rung {
    pub(super) of: Held,
    pub(super) nth: i64,
    pub(super) done: bool,
}

/// A stop as it was told: lamports for so many tokens.
#[derive(Clone, Debug)]
pub(super) struct Moved {
    pub(super) mint: String,
    pub(super) at: i64,
    pub(super) stop: (i64, i64),
}

async fn open(file: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(file).read_only(true).connect().await.unwrap()
}

/// All of it. Empty where there is no store yet.
#[derive(Debug, Default)]
pub(super) struct Store {
    pub(super) attempts: Vec<Attempt>,
    pub(super) fills: Vec<Fill>,
    pub(super) positions: Vec<Position>,
    pub(super) rungs: Vec<Rung>,
    pub(super) moved: Vec<Moved>,
    /// Wallets and their lamports.
    pub(super) balances: Vec<(String, i64)>,
}

impl Store {
    /// Reads the file in one transaction and changes nothing of it: what a death left, the next start finds.
    pub(super) async fn read(file: &Path) -> Self {
        if !file.exists() {
            return Self::default();
        }
        let mut store = open(file).await;
        sqlx::query("BEGIN").execute(&mut store).await.unwrap();
        let begun =
            "SELECT count(*) FROM sqlite_master WHERE name IN ('attempts', 'account_classes', 'audit')";
        let tables: i64 = sqlx::query_scalar(begun).fetch_one(&mut store).await.unwrap();
        let read = if tables == 3 { Self::tables(&mut store).await } else { Self::default() };
        store.close().await.unwrap();
        read
    }

    async fn tables(store: &mut SqliteConnection) -> Self {
        let costs = "coalesce(cost_base, 0) + coalesce(cost_priority, 0) + coalesce(cost_tip, 0)";
        let attempts =
            format!("SELECT *, {costs} AS costs FROM attempts ORDER BY order_seq, order_nth, number");
        let fills = format!("SELECT *, {costs} AS costs FROM fills ORDER BY order_seq, order_nth, number");
        Self {
            attempts: rows(store, &attempts, |row| Attempt {
                name: name(row),
                mint: row.get("mint"),
                wallet: row.get("wallet"),
                side: row.get("side"),
                signature: row.get("signature"),
                raw: row.get("raw"),
                last_valid_height: row
                    .get::<Option<i64>, _>("last_valid_height")
                    .unwrap_or(0)
                    .try_into()
                    .unwrap(),
                outcome: row.get("outcome"),
                costs: row.get("costs"),
            })
            .await,
            fills: rows(store, &fills, |row| Fill {
                name: name(row),
                mint: row.get("mint"),
                wallet: row.get("wallet"),
                side: row.get("side"),
                tokens: row.get("tokens"),
                lamports: row.get("lamports"),
                costs: row.get("costs"),
                rent: row.get("rent_locked"),
                slot: row.get("slot"),
                reason: row.get("reason"),
                at: row.get("filled_at"),
            })
            .await,
            positions: rows(store, "SELECT * FROM positions ORDER BY mint, opened_at", |row| Position {
                name: held(row),
                wallet: row.get("wallet"),
                bought: row.get("bought"),
                sold: row.get("sold"),
                closed: row.get("closed_at"),
                stop: (row.get("stop_lamports"), row.get("stop_tokens")),
            })
            .await,
            rungs: rows(store, "SELECT * FROM ladder_legs ORDER BY mint, opened_at, rung", |row| Rung {
                of: held(row),
                nth: row.get("rung"),
                done: row.get::<String, _>("leg") == "Done",
            })
            .await,
            moved: rows(store, "SELECT * FROM stop_moves ORDER BY seq, nth", |row| Moved {
                mint: row.get("mint"),
                at: row.get("moved_at"),
                stop: (row.get("stop"), row.get("tokens")),
            })
            .await,
            balances: rows(store, "SELECT wallet, balance FROM accounts ORDER BY wallet", |row| {
                (row.get("wallet"), row.get("balance"))
            })
            .await,
        }
    }

    pub(super) fn signed(&self, signature: &str) -> Option<&Attempt> {
        self.attempts.iter().find(|attempt| attempt.signature.as_deref() == Some(signature))
    }

    pub(super) fn fill(&self, name: Name) -> Option<&Fill> {
        self.fills.iter().find(|fill| fill.name == name)
    }

    /// What a wallet has in the books.
    pub(super) fn balance(&self, wallet: &Pubkey) -> Option<i64> {
        let wallet = wallet.to_string();
        self.balances.iter().find(|(of, _)| *of == wallet).map(|(_, lamports)| *lamports)
    }

    pub(super) fn open(&self) -> impl Iterator<Item = &Position> {
        self.positions.iter().filter(|position| position.closed.is_none())
    }

    /// Attempts that may have left and have no end.
    pub(super) fn in_flight(&self) -> impl Iterator<Item = &Attempt> {
        self.attempts.iter().filter(|attempt| attempt.outcome.is_none() && attempt.signature.is_some())
    }
}

async fn rows<T>(store: &mut SqliteConnection, sql: &str, of: impl Fn(&SqliteRow) -> T) -> Vec<T> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).fetch_all(store).await.unwrap();
    rows.iter().map(of).collect()
}

fn name(row: &SqliteRow) -> Name {
    (row.get("order_seq"), row.get("order_nth"), row.get("number"))
}

fn held(row: &SqliteRow) -> Held {
    (row.get("mint"), row.get("opened_at"))
}
