//! What the database of a book says, for commands when no bot runs on it: with the moment that it is true of.

use std::collections::BTreeSet;

use momentum_control::client::{Client, ClientError};
use momentum_core::codes::ErrorCode;
use momentum_core::ids::Mint;
use momentum_core::time::Timestamp;
use momentum_core::trader::orders::Attempt;
use momentum_core::trader::positions::Position;
use momentum_core::units::decimal;
use momentum_store::address::Address;
use momentum_store::book::{Book, Holder};
use momentum_store::db::{Access, Db, Desk, Durability};
use momentum_store::error::StoreError;
use momentum_store::migrations::{self, Series};
use momentum_store::{queries, restore, witness};
use serde_json::{Value, json};

use crate::book::{Bot, no_bot};
use crate::database;
use crate::failure::Failure;
use crate::global::Global;
use crate::output::Out;

/// The database of a book, which no bot writes into now.
pub(crate) struct Stored {
    address: Address,
    desk: Desk,
}

/// What the bot of `book` says; what the database says, with its age, where none runs or where it does not answer.
pub(crate) fn told<T>(
    book: &Book,
    global: &Global,
    out: &Out,
    ask: impl AsyncFnOnce(&Client) -> Result<T, ClientError>,
    read: impl FnOnce(&Stored) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let bot = Bot::of(book, global)?;
    if let Some(bot) = &bot {
        match bot.try_ask(|client| ask(client)) {
            Err(ClientError::Silent(_)) => {}
            told => return told.map_err(|error| bot.failure(error, false)),
        }
    }
    let stored = Stored::of(book, global)?;
    stored.say_age(bot.as_ref().map(Bot::holder), out)?;
    read(&stored)
}

impl Stored {
    /// That of `book`.
    ///
    /// # Errors
    /// Where there is none, the failure says that no bot runs.
    pub(crate) fn of(book: &Book, global: &Global) -> Result<Self, Failure> {
        Self::find(book, global)?.ok_or_else(|| no_bot(book))
    }

    /// That of `book`, where it has one. One that is gone is no book without positions, but a failure.
    pub(crate) fn find(book: &Book, global: &Global) -> Result<Option<Self>, Failure> {
        let address = database::address(global, book)?;
        if !address.there()? {
            return Ok(None);
        }
        Ok(Some(Self { address, desk: Desk::new()? }))
    }

    /// Reads something from the money's database.
    pub(crate) fn read<T>(
        &self,
        ask: impl AsyncFnOnce(&mut Db) -> Result<T, StoreError>,
    ) -> Result<T, Failure> {
        self.with(&self.address, Series::Book, Access::Read, ask)
    }

    /// Changes something there; the caller holds the lock of the book.
    pub(crate) fn write<T>(
        &self,
        change: impl AsyncFnOnce(&mut Db) -> Result<T, StoreError>,
    ) -> Result<T, Failure> {
        self.with(&self.address, Series::Book, Access::Write, change)
    }

    fn with<T>(
        &self,
        address: &Address,
        series: Series,
        access: Access,
        work: impl AsyncFnOnce(&mut Db) -> Result<T, StoreError>,
    ) -> Result<T, Failure> {
        let done = self.desk.wait(async {
            let mut db = Db::open(address, Durability::Full, access).await?;
            migrations::check(&mut db, series).await?;
            if series == Series::Book {
                witness::acknowledged(&mut db).await?;
            }
            let done = work(&mut db).await?;
            db.close().await?;
            Ok::<_, StoreError>(done)
        });
        Ok(done?)
    }

    /// The market's time of the last commit.
    pub(crate) fn as_of(&self) -> Result<Option<Timestamp>, Failure> {
        let (state, _) = self.read(async |db| queries::state(db).await)?;
        Ok(state.and_then(|state| state.int("last_now")).map(Timestamp))
    }

    /// Open positions, by mint.
    pub(crate) fn positions(&self) -> Result<Vec<Position>, Failure> {
        self.read(async |db| restore::open_positions(db).await)
    }

    /// Attempts without an end, by their order.
    pub(crate) fn attempts(&self) -> Result<Vec<Attempt>, Failure> {
        self.read(async |db| restore::attempts(db).await)
    }

    /// Tokens that something of ours is in.
    pub(crate) fn in_play(&self) -> Result<BTreeSet<Mint>, Failure> {
        self.read(async |db| restore::in_play(db).await)
    }

    /// Says to people how old what they read is, and why it is not the bot's: it is `silent`, or none runs.
    pub(crate) fn say_age(&self, silent: Option<&Holder>, out: &Out) -> Result<(), Failure> {
        let as_of = self.as_of()?.map_or_else(|| "an empty book".to_owned(), |now| now.to_string());
        let why = silent.map_or_else(|| "no bot runs".to_owned(), |bot| format!("{bot} does not answer"));
        out.say(&format!("{why}; as stored at {as_of}"));
        Ok(())
    }

    /// The newest score of a token, with its age against the last commit.
    pub(crate) fn score(&self, mint: Mint) -> Result<Value, Failure> {
        let address = self.address.metrics();
        let newest = async |db: &mut Db| queries::newest_score(db, mint).await;
        let (score, metrics) = self
            .with(&address, Series::Metrics, Access::Read, newest)?
            .ok_or_else(|| Failure::new(ErrorCode::NotFound, format!("no score of {mint} is kept")))?;
        let age = match (self.as_of()?, score.int("scored_at")) {
            (Some(now), Some(at)) => Some(now.since(Timestamp(at)).as_secs()),
            _ => None,
        };
        // The database keeps hundredths of points.
        let points = |name: &str| score.int(name).map(|points| decimal(i128::from(points), 2));
        let names = ["total", "volume", "holders", "liquidity", "social", "safety"];
        let points: serde_json::Map<_, _> =
            names.map(|name| (name.to_owned(), json!(points(name)))).into_iter().collect();
        Ok(
            json!({"mint": mint, "points": points, "score": score.shown(), "metrics": metrics.shown(), "age_seconds": age}),
        )
    }
}
