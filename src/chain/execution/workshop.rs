//! Where orders become signed bytes, and bytes that landed become receipts.

use std::sync::{Mutex, PoisonError, RwLock};

use momentum_core::action::Order;
use momentum_core::event::{MarketKind, Side};
use momentum_core::ids::{Mint, Pubkey, Wallet};
use momentum_core::units::Lamports;
use momentum_pump::decode::{Outcome, PoolMints, decode};
use momentum_pump::programs::WRAPPED_SOL;
use momentum_pump::transaction::OwnedTransaction;
use serde_json::Value;

use super::{Bytes, LiveKeys};
use crate::endpoints::{Blockhash, Rpc};
use crate::receipt::{self, Receipt};
use crate::signer::{SendLimits, sign};
use crate::trade::{BuildError, Coin, Message, Recipients, Route, Terms, build, close, sell_back, withdraw};
use crate::wallets::Wallets;

/// Buying and selling back fixes its tokens ahead, a tenth fewer than the money would buy without fees: so much
/// more is asked for, in percent, that no less than the size is spent.
const ASKED_PERCENT: u64 = 115;

/// Wallets, limits and what transactions have in common.
#[derive(Debug)]
pub struct Workshop {
    wallets: Wallets,
    limits: RwLock<SendLimits>,
    unit_limit: u32,
    route: Route,
    /// Who takes the programs' fees, as it was read last.
    recipients: Mutex<Recipients>,
    /// What a test has it do wrong.
    #[cfg(feature = "planted")]
    wrong: Option<super::Wrong>,
}

/// Buying and selling back, unsigned.
pub(super) struct Both {
    pub(super) raw: Vec<u8>,
    wallet: Wallet,
    mint: Mint,
}

impl Both {
    /// What was paid and what came back, by what the programs logged.
    pub(super) fn outcome(&self, logs: &[String]) -> Option<(Lamports, Lamports)> {
        let (paid, back) = logged(logs, self.wallet, self.mint);
        paid.zip(back)
    }
}

/// What `wallet` paid for `mint`, and what it got, fees of the venue counted, by what the programs logged.
pub(super) fn logged(logs: &[String], wallet: Wallet, mint: Mint) -> (Option<Lamports>, Option<Lamports>) {
    let mut transaction = OwnedTransaction::default();
    logs.iter().for_each(|line| transaction.push_log(line));
    let (mut paid, mut back) = (None, None);
    let mints = PoolMints { base: mint.0, quote: WRAPPED_SOL };
    decode(
        &transaction,
        |_| Some(mints),
        |outcome| {
            let Outcome::Decoded(event) = outcome else { return };
            let MarketKind::Traded(traded) = event.kind else { return };
            if event.mint != mint || traded.user != wallet {
                return;
            }
            let fees = [traded.fees.lp, traded.fees.protocol, traded.fees.creator, traded.fees.cashback];
            let fees = fees.iter().fold(0_u64, |sum, fee| sum.saturating_add(*fee));
            match traded.side {
                Side::Buy => paid = Some(Lamports(traded.quote_amount.saturating_add(fees))),
                Side::Sell => back = Some(Lamports(traded.quote_amount.saturating_sub(fees))),
            }
        },
    );
    (paid, back)
}

/// Reads what transactions need to know of a coin, and who takes the programs' fees: all of one slot.
pub(super) async fn read(rpc: &Rpc, mint: Mint) -> Result<(Coin, Recipients), String> {
    let (coin, settings) = (Coin::needs(mint), Recipients::needs());
    let keys: Vec<Pubkey> = coin.iter().chain(&settings).copied().collect();
    let (slot, accounts) = rpc.accounts(&keys).await.map_err(|why| why.to_string())?;
    let (coin, settings) = accounts.split_at_checked(coin.len()).ok_or("too few accounts")?;
    let recipients = Recipients::read(settings).map_err(|why| why.to_string())?;
    Ok((Coin::read(mint, slot, coin).map_err(|why| why.to_string())?, recipients))
}

impl Workshop {
    /// A workshop that signs with these wallets, within these limits.
    #[must_use]
    pub fn new(wallets: Wallets, limits: SendLimits, keys: &LiveKeys) -> Self {
        Self {
            wallets,
            limits: RwLock::new(limits),
            unit_limit: keys.unit_limit,
            route: keys.route,
            recipients: Mutex::default(),
            #[cfg(feature = "planted")]
            wrong: None,
        }
    }

    /// The same that builds wrongly, for a test that shows that the signer refuses it.
    #[cfg(feature = "planted")]
    #[must_use]
    pub fn wrongly(self, wrong: super::Wrong) -> Self {
        Self { wrong: Some(wrong), ..self }
    }

    /// Signs within these limits from here on.
    pub(super) fn limit(&self, limits: SendLimits) {
        *self.limits.write().unwrap_or_else(PoisonError::into_inner) = limits;
    }

    /// The wallets that it signs for.
    pub(super) fn wallets(&self) -> Vec<Wallet> {
        self.wallets.addresses().collect()
    }

    /// The most that a buy may spend.
    pub(super) fn largest(&self) -> Lamports {
        self.limits.read().unwrap_or_else(PoisonError::into_inner).spend
    }

    /// Reads a coin for its transactions.
    pub(super) async fn read(&self, rpc: &Rpc, mint: Mint) -> Result<Coin, String> {
        let (coin, recipients) = read(rpc, mint).await?;
        *self.recipients.lock().unwrap_or_else(PoisonError::into_inner) = recipients;
        Ok(coin)
    }

    fn simulated(&self) -> Terms {
        let recipients = self.recipients.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Terms::simulated(self.unit_limit, recipients, self.route)
    }

    /// Builds an order's transaction, which pays its tip where there is somebody to tip and takes no more than so many
    /// compute units, checks its bytes and signs them.
    pub(super) fn make(
        &self,
        order: &Order,
        coin: &Coin,
        blockhash: &Blockhash,
        tip_to: Option<Pubkey>,
        unit_limit: u32,
    ) -> Result<Bytes, String> {
        let Blockhash { hash, last_valid_height } = *blockhash;
        let terms = Terms { blockhash: hash.0, tip_to, unit_limit, ..self.simulated() };
        #[cfg(feature = "planted")]
        if let Some(wrong) = self.wrong {
            let order = wrong.order(order, &self.limits.read().unwrap_or_else(PoisonError::into_inner));
            let message = by_any_route(terms, |terms| wrong.build(&order, coin, terms));
            return self.sign(&order, &message.map_err(|why| why.to_string())?, last_valid_height);
        }
        let message =
            by_any_route(terms, |terms| build(order, coin, terms)).map_err(|why| why.to_string())?;
        self.sign(order, &message, last_valid_height)
    }

    /// Builds the transaction that closes an order's account of `token_program`, checks its bytes and signs them.
    pub(super) fn close(
        &self,
        order: &Order,
        token_program: Pubkey,
        blockhash: &Blockhash,
    ) -> Result<Bytes, String> {
        let Blockhash { hash, last_valid_height } = *blockhash;
        let message = close(order.wallet, order.mint, token_program, order.priority, &hash.0);
        self.sign(order, &message.map_err(|why| why.to_string())?, last_valid_height)
    }

    /// Builds the transaction that sends so many lamports to the cold address, checks its bytes and signs them.
    pub(super) fn withdraw(
        &self,
        order: &Order,
        (to, lamports): (Wallet, Lamports),
        blockhash: &Blockhash,
    ) -> Result<Bytes, String> {
        let Blockhash { hash, last_valid_height } = *blockhash;
        let message = withdraw(order.wallet, to, lamports, order.priority, &hash.0);
        self.sign(order, &message.map_err(|why| why.to_string())?, last_valid_height)
    }

    fn sign(&self, order: &Order, message: &Message, last_valid_height: u64) -> Result<Bytes, String> {
        let limits = self.limits.read().unwrap_or_else(PoisonError::into_inner);
        let signed =
            sign(order, &limits, message.as_bytes(), &self.wallets).map_err(|why| why.to_string())?;
        Ok(Bytes { signature: signed.signature, last_valid_height, raw: signed.raw })
    }

    /// Buying for no less than `size` and selling back, as one transaction.
    pub(super) fn both_ways(&self, wallet: Wallet, coin: &Coin, size: Lamports) -> Result<Both, String> {
        let size = Lamports(size.0.saturating_mul(ASKED_PERCENT) / 100);
        let message = by_any_route(self.simulated(), |terms| sell_back(wallet, coin, size, terms));
        let message = message.map_err(|why| why.to_string())?;
        Ok(Both { raw: message.unsigned(), wallet, mint: coin.mint })
    }

    /// What a transaction of ours did.
    pub(super) fn receipt(&self, order: &Order, transaction: &Value) -> Result<Receipt, String> {
        receipt::read(order, transaction).map_err(|why| why.to_string())
    }
}

/// A wish for certain instructions keeps no coin from being sold: what does not take them goes by those it takes.
pub(super) fn by_any_route(
    terms: Terms,
    build: impl Fn(&Terms) -> Result<Message, BuildError>,
) -> Result<Message, BuildError> {
    match build(&terms) {
        Err(BuildError::Route) => build(&Terms { route: Route::Auto, ..terms }),
        built => built,
    }
}
