//! Our balances: lamports of every wallet, and tokens of every mint that an order or a position of ours is in.

use std::collections::BTreeMap;
use std::time::Instant;

use momentum_core::action::Order;
use momentum_core::event::{Event, Fill, Side, WalletEvent};
use momentum_core::ids::{Mint, Pubkey, Signature, Slot, Wallet};
use momentum_core::time::Timestamp;
use momentum_core::units::{Lamports, TokenAmount};
use momentum_pump::accounts::read_token_account;
use momentum_pump::address::associated_token;
use momentum_pump::programs::{TOKEN, TOKEN_2022};

use super::settling::read_settled;
use super::{Done, Executor};
use crate::clock;
use crate::endpoints::{Account, Failure, Rpc};

/// Accounts that are read together.
const TOGETHER: usize = 100;

/// What is watched.
#[derive(Debug)]
pub(super) struct Holdings {
    wallets: Vec<Wallet>,
    /// The wallet that held the most when that was read last.
    richest: Option<Wallet>,
    tokens: BTreeMap<(Wallet, Mint), Held>,
}

/// Tokens of one kind in one wallet.
#[derive(Clone, Copy, Debug)]
struct Held {
    /// Whether there were some when they were read last, or may have come since.
    some: bool,
    /// How many there are: by the last reading that counts, or by the book, and by what of ours landed since.
    tokens: TokenAmount,
    /// Where the newest of that was.
    slot: Slot,
}

impl Held {
    /// Nobody has looked yet.
    const UNREAD: Self = Self { some: true, tokens: TokenAmount::ZERO, slot: Slot(0) };
}

/// One reading of everything.
pub(super) struct Read {
    /// Lamports of each wallet.
    wallets: Vec<(Wallet, Lamports, Slot)>,
    /// Tokens of each of ours.
    tokens: Vec<(Wallet, Mint, TokenAmount, Slot)>,
}

impl Read {
    /// All tokens that were read, whatever they are.
    pub(super) fn all_tokens(&self) -> TokenAmount {
        TokenAmount(self.tokens.iter().fold(0, |sum, (.., held, _)| sum.saturating_add(held.0)))
    }
}

impl Holdings {
    pub(super) const fn new(wallets: Vec<Wallet>) -> Self {
        Self { wallets, richest: None, tokens: BTreeMap::new() }
    }

    /// The wallet that could pay the most; the first one as long as nobody knows.
    pub(super) fn richest(&self) -> Wallet {
        self.richest.or(self.wallets.first().copied()).unwrap_or_default()
    }

    /// Tokens that an order of ours may have brought.
    pub(super) fn watch(&mut self, wallet: Wallet, mint: Mint) {
        self.tokens.entry((wallet, mint)).or_insert(Held::UNREAD);
    }

    /// The book has so many tokens, as of this slot.
    pub(super) fn inherit(&mut self, wallet: Wallet, mint: Mint, tokens: TokenAmount, slot: Slot) {
        self.tokens.insert((wallet, mint), Held { some: true, tokens, slot });
    }

    /// A transaction of ours moved tokens in this slot, or a fork has taken it `back`.
    pub(super) fn moved(&mut self, order: &Order, slot: Slot, fill: &Fill, back: bool) {
        let held = self.tokens.entry((order.wallet, order.mint)).or_insert(Held::UNREAD);
        let (had, moved) = (held.tokens.0, fill.tokens.0);
        let comes = (fill.side == Side::Buy) != back;
        held.tokens = TokenAmount(if comes { had.saturating_add(moved) } else { had.saturating_sub(moved) });
        held.slot = held.slot.max(slot);
    }

    /// So many are there, as far as we know, and as of which slot.
    pub(super) fn known(&self, order: &Order) -> (TokenAmount, Slot) {
        let held = self.tokens.get(&(order.wallet, order.mint)).copied().unwrap_or(Held::UNREAD);
        (held.tokens, held.slot)
    }

    /// They were read; whether that `counts`, or something of ours was in flight beside it. Whether there were, or
    /// may have been, some before.
    fn read(&mut self, of: (Wallet, Mint), tokens: TokenAmount, slot: Slot, counts: bool) -> bool {
        let held = self.tokens.entry(of).or_insert(Held::UNREAD);
        if counts && slot >= held.slot {
            (held.tokens, held.slot) = (tokens, slot);
        }
        std::mem::replace(&mut held.some, tokens.0 > 0)
    }
}

impl Executor {
    /// Reads all balances where that is due.
    pub(super) fn read_balances(&mut self, now: Instant) {
        if self.moving.is_some() || self.balances_at > now {
            return;
        }
        self.balances_at = now + self.keys.balances_every;
        let flying = self.attempts.values().map(|attempt| &attempt.order);
        self.moving = Some(flying.map(|order| (order.wallet, order.mint)).collect());
        let (rpc, began) = (self.rpc.clone(), clock::now());
        let (wallets, tokens) =
            (self.holdings.wallets.clone(), self.holdings.tokens.keys().copied().collect());
        let landed: Vec<_> = self.settling.values().map(|of| of.landing.bytes.signature).collect();
        self.under_way.push(Box::pin(async move {
            Done::Balances(began, read_settled(&rpc, wallets, tokens, &landed).await)
        }));
    }

    /// Tells all balances but those of wallets and tokens that something of ours was in flight in at any time since the
    /// reading began: they may be of before it or behind, and are compared with nothing. What a mint is over for, nobody
    /// holds and no order is in, is watched no longer.
    pub(super) async fn balances(&mut self, began: Timestamp, read: Result<Read, String>) {
        let moving = self.moving.take().unwrap_or_default();
        let Read { wallets, tokens } = match read {
            Ok(read) => read,
            Err(why) => return tracing::warn!("our balances are not read: {why}"),
        };
        self.holdings.richest = wallets.iter().max_by_key(|(_, held, _)| *held).map(|(wallet, ..)| *wallet);
        for (wallet, lamports, slot) in wallets {
            if !moving.iter().any(|(of, _)| *of == wallet) {
                self.say(Event::Wallet(WalletEvent::Balance { wallet, lamports, slot })).await;
            }
        }
        for (wallet, mint, tokens, slot) in tokens {
            let key = (wallet, mint);
            let counts = !moving.contains(&key);
            if counts {
                self.say(Event::Wallet(WalletEvent::Holding { wallet, mint, tokens, slot })).await;
            }
            let live = self.attempts.values().any(|attempt| attempt.order.mint == mint);
            let before = self.holdings.read(key, tokens, slot, counts);
            if !live && tokens.0 == 0 && !before {
                self.holdings.tokens.remove(&key);
            } else {
                self.ask_fee(mint, clock::now());
            }
        }
        if moving.is_empty() {
            self.say(Event::Wallet(WalletEvent::Read { began })).await;
        }
    }
}

/// How many tokens each of these wallets holds.
///
/// # Errors
/// Where no endpoint answers in time, or with garbage.
pub async fn tokens_of(
    rpc: &Rpc,
    wallets: Vec<Wallet>,
    mint: Mint,
) -> Result<Vec<(Wallet, TokenAmount)>, Failure> {
    let tokens = wallets.into_iter().map(|wallet| (wallet, mint)).collect();
    let read = read(rpc, Vec::new(), tokens).await?;
    Ok(read.tokens.into_iter().map(|(wallet, _, held, _)| (wallet, held)).collect())
}

/// Whether tokens of an order's wallet may have moved since this slot by a transaction that is not the one `but`.
///
/// # Errors
/// Where no endpoint knows any, and one did not answer.
pub(super) async fn moved_since(
    rpc: &Rpc,
    order: &Order,
    slot: Slot,
    but: Signature,
) -> Result<bool, Failure> {
    for account in accounts_of(order.wallet, order.mint) {
        let known = rpc.history(&account).await?;
        if known.into_iter().any(|(landed, signature)| landed > slot && signature != but) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Which token program a mint is of need not be known: its account is one of two.
fn accounts_of(wallet: Wallet, mint: Mint) -> [Pubkey; 2] {
    [TOKEN, TOKEN_2022].map(|program| associated_token(&wallet.0, &mint.0, &program))
}

/// Reads lamports of wallets, and tokens in wallets.
pub(super) async fn read(
    rpc: &Rpc,
    wallets: Vec<Wallet>,
    tokens: Vec<(Wallet, Mint)>,
) -> Result<Read, Failure> {
    let accounts = |of: &(Wallet, Mint)| accounts_of(of.0, of.1);
    let keys = wallets.iter().map(|wallet| wallet.0).chain(tokens.iter().flat_map(accounts));
    let keys: Vec<Pubkey> = keys.collect();
    let mut found: Vec<(Slot, Option<Account>)> = Vec::with_capacity(keys.len());
    for some in keys.chunks(TOGETHER) {
        let (slot, accounts) = rpc.accounts(some).await?;
        found.extend(accounts.into_iter().map(|account| (slot, account)));
    }
    let mut found = found.into_iter();
    let wallets = wallets.into_iter().zip(found.by_ref());
    let lamports = |account: Option<Account>| Lamports(account.map_or(0, |account| account.lamports));
    let wallets = wallets.map(|(wallet, (slot, account))| (wallet, lamports(account), slot)).collect();
    let mut read = Read { wallets, tokens: Vec::new() };
    for (wallet, mint) in tokens {
        let (mut sum, mut oldest) = (0_u64, Slot(u64::MAX));
        for (slot, account) in found.by_ref().take(2) {
            oldest = oldest.min(slot);
            let held = account.map(|account| read_token_account(&account.data)).transpose();
            let held = held.map_err(|_| Failure::Garbage)?;
            sum = sum.saturating_add(held.map_or(0, |held| held.amount.0));
        }
        read.tokens.push((wallet, mint, TokenAmount(sum), oldest));
    }
    Ok(read)
}
