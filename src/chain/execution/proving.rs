//! Proofs of exit: buying and selling back as one transaction, simulated and never sent.

use std::pin::pin;
use std::sync::Arc;

use futures_util::future::{Either, select};
use momentum_core::event::{Answer, Enriched, Event, Proof, Unknown};
use momentum_core::ids::{Mint, Slot, Wallet};
use momentum_core::units::Lamports;

use super::fees::{Asking, Told};
use super::queue::Question;
use super::{Done, Executor, Workshop};
use crate::endpoints::Rpc;
use crate::trade::Coin;

/// What a proof came to, with the coin as it was read for it.
pub(super) struct Proved {
    pub(super) coin: Option<Coin>,
    pub(super) outcome: Result<(Slot, Proof), String>,
}

/// What others pay where the token trades, asked beside its proof, or the question if that takes longer.
pub(super) type Price = Either<Told, Asking>;

impl Executor {
    /// Makes the proofs that wait, so many at once.
    pub(super) fn prove(&mut self) {
        for question in self.queue.dropped() {
            let outcome = Err("too many proofs wait".to_owned());
            self.under_way
                .push(Box::pin(async move { Done::Proved(question, Proved { coin: None, outcome }, None) }));
            self.proving += 1;
        }
        while self.proving < usize::from(self.keys.proofs_at_once) {
            let Some(question) = self.queue.question() else { return };
            self.proving += 1;
            let (rpc, workshop) = (self.rpc.clone(), Arc::clone(&self.workshop));
            let wallet = self.holdings.richest();
            let asking = self.asking(question.mint, question.asked);
            self.under_way.push(Box::pin(async move {
                let proving = pin!(prove(&rpc, &workshop, wallet, question.mint, question.size));
                let (proved, price) = match select(asking, proving).await {
                    Either::Left((told, proving)) => (proving.await, Either::Left(told)),
                    Either::Right((proved, asking)) => (proved, Either::Right(asking)),
                };
                Done::Proved(question, proved, Some(price))
            }));
        }
    }

    /// Keeps the coin for the order that may follow, and answers: before the proof what others pay, so that a buy that
    /// waited for the proof pays for the units that it took. A node that has not said it yet keeps no proof waiting.
    pub(super) async fn proved(&mut self, question: Question, proved: Proved, price: Option<Price>) {
        self.proving = self.proving.saturating_sub(1);
        let Question { mint, asked, .. } = question;
        self.watch.met(mint);
        self.watch.proved(&proved);
        if let Some(coin) = proved.coin {
            self.coins.met(mint, coin);
        }
        if let Ok((_, proof)) = &proved.outcome {
            self.coins.proven(mint, proof.compute_units);
        }
        match price {
            Some(Either::Left(told)) => self.fee(told).await,
            Some(Either::Right(asking)) => self.wait_for(asking),
            None => {}
        }
        let (as_of, answer) = match proved.outcome {
            Ok((slot, proof)) => (Some(slot), Ok(proof)),
            Err(why) => {
                tracing::info!(%mint, "not proven: {why}");
                (None, Err(Unknown::Failed))
            }
        };
        self.say(Event::from(Enriched { mint, asked, as_of, answer: Answer::Proof(answer) })).await;
    }
}

/// Reads the coin, and simulates buying it for no less than `size` and selling it back.
pub(super) async fn prove(
    rpc: &Rpc,
    workshop: &Workshop,
    wallet: Wallet,
    mint: Mint,
    size: Lamports,
) -> Proved {
    let coin = match workshop.read(rpc, mint).await {
        Ok(coin) => coin,
        Err(why) => return Proved { coin: None, outcome: Err(why) },
    };
    let outcome = simulated(rpc, workshop, wallet, &coin, size).await;
    Proved { coin: Some(coin), outcome }
}

async fn simulated(
    rpc: &Rpc,
    workshop: &Workshop,
    wallet: Wallet,
    coin: &Coin,
    size: Lamports,
) -> Result<(Slot, Proof), String> {
    let both = workshop.both_ways(wallet, coin, size)?;
    let simulated = rpc.simulate(&both.raw).await.map_err(|why| why.to_string())?.succeeded()?;
    let outcome = both.outcome(&simulated.logs);
    let (size, proceeds) =
        outcome.ok_or_else(|| "the programs do not say what it would have brought".to_owned())?;
    let proof = Proof { size, proceeds, compute_units: simulated.units, creator: coin.creator };
    Ok((simulated.slot, proof))
}
