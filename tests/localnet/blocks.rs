//! A chain of encoded blocks: what the servers tell of. It grows by one block at a time; a server replays as many
//! of the last ones as its window holds.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard};

use momentum_chain::yellowstone::update;
use momentum_core::ids::{Pubkey, Signature, Slot};
use momentum_core::time::ChainTime;
use momentum_pump::events::{BuyEvent, RawEvent, TradeEvent};
use momentum_pump::instructions::{AccountMeta, Instruction};
use momentum_pump::programs::{PUMP, PUMP_AMM, WRAPPED_SOL};
use momentum_pump::synthetic::{Call, synthetic_transaction};
use momentum_pump::transaction::OwnedTransaction;
use tokio::sync::watch;
use yellowstone_grpc_proto::geyser::{SubscribeUpdateAccountInfo, SubscribeUpdateTransaction};

/// A block.
#[derive(Debug, Default)]
pub struct Block {
    /// Its slot.
    pub slot: u64,
    /// The slot of the block before it.
    pub parent: u64,
    /// Its time.
    pub time: i64,
    /// Blocks up to it, where the chain counts them.
    pub height: u64,
    /// Its hash in base58, where the chain has one.
    pub hash: String,
    /// Its transactions in order.
    pub transactions: Vec<SubscribeUpdateTransaction>,
    /// The accounts that it wrote, each once, as it left them, where the chain tells.
    pub accounts: Vec<SubscribeUpdateAccountInfo>,
    /// Whether it was executed and then left: no block follows it.
    pub dead: bool,
}

/// A chain that servers tell of. Clones are the same chain.
#[derive(Clone, Debug)]
pub struct Blocks {
    all: Arc<Mutex<Vec<Arc<Block>>>>,
    count: watch::Sender<usize>,
    settling: Arc<Mutex<Settling>>,
}

/// What of a chain is final and what never will be.
#[derive(Debug)]
struct Settling {
    final_up_to: u64,
    /// Slots of blocks that forks took back after they were told.
    taken_back: BTreeSet<u64>,
}

impl Default for Blocks {
    fn default() -> Self {
        // What a chain adds is final at once where it never says how far it is.
        let settling = Settling { final_up_to: u64::MAX, taken_back: BTreeSet::new() };
        Self { all: Arc::default(), count: watch::Sender::new(0), settling: Arc::new(Mutex::new(settling)) }
    }
}

impl Blocks {
    fn all(&self) -> MutexGuard<'_, Vec<Arc<Block>>> {
        self.all.lock().unwrap()
    }

    /// Adds a block of these transactions, `skipped` slots after the last one. Returns its slot.
    pub fn push(&self, skipped: u64, transactions: &[OwnedTransaction]) -> u64 {
        self.push_encoded(skipped, transactions.iter().map(update).collect())
    }

    /// The same of transactions that are encoded already; their slot becomes the block's.
    pub fn push_encoded(&self, skipped: u64, transactions: Vec<SubscribeUpdateTransaction>) -> u64 {
        self.add(skipped, None, transactions, false)
    }

    /// Adds a block of its own time: for a market whose time is not that of [`time_of`].
    pub fn push_at(&self, time: ChainTime, transactions: &[OwnedTransaction]) -> u64 {
        self.add(0, Some(time), transactions.iter().map(update).collect(), false)
    }

    /// Adds a block that is executed and then left: the next one follows the one before it.
    pub fn push_dead(&self, transactions: &[OwnedTransaction]) -> u64 {
        self.add(0, None, transactions.iter().map(update).collect(), true)
    }

    fn add(
        &self,
        skipped: u64,
        time: Option<ChainTime>,
        mut transactions: Vec<SubscribeUpdateTransaction>,
        dead: bool,
    ) -> u64 {
        let mut all = self.all();
        let slot = all.last().map_or(FIRST - 1, |block| block.slot) + 1 + skipped;
        let parent = all.iter().rev().find(|block| !block.dead).map_or(FIRST - 1, |block| block.slot);
        for (index, transaction) in (0_u64..).zip(&mut transactions) {
            transaction.slot = slot;
            if let Some(info) = &mut transaction.transaction {
                info.index = index;
            }
        }
        let time = time.unwrap_or_else(|| time_of(slot)).0;
        all.push(Arc::new(Block { slot, parent, time, transactions, dead, ..Block::default() }));
        let count = all.len();
        drop(all);
        self.count.send_replace(count);
        slot
    }

    /// Adds a block as it is: of a chain that numbers its own.
    pub fn push_block(&self, block: Block) {
        let mut all = self.all();
        all.push(Arc::new(block));
        let count = all.len();
        drop(all);
        self.count.send_replace(count);
    }

    /// Says up to which slot the chain is final.
    pub fn set_final(&self, slot: u64) {
        self.settling.lock().unwrap().final_up_to = slot;
        // Whoever waits for it looks again.
        self.count.send_modify(|_| ());
    }

    /// Says that a fork took back every block from a slot on, though it was told.
    pub fn take_back(&self, from: u64) {
        let all = self.all();
        let told = all.iter().map(|block| block.slot).filter(|slot| *slot >= from);
        self.settling.lock().unwrap().taken_back.extend(told);
    }

    /// Whether the chain is final up to a slot.
    #[must_use]
    pub fn is_final(&self, slot: u64) -> bool {
        slot <= self.settling.lock().unwrap().final_up_to
    }

    /// Whether a fork took back the block of a slot.
    #[must_use]
    pub fn is_taken_back(&self, slot: u64) -> bool {
        self.settling.lock().unwrap().taken_back.contains(&slot)
    }

    /// How many blocks there are.
    #[must_use]
    pub fn count(&self) -> usize {
        *self.count.borrow()
    }

    /// Tells when there are more.
    #[must_use]
    pub fn growth(&self) -> watch::Receiver<usize> {
        self.count.subscribe()
    }

    /// The block at a place, from 0.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<Arc<Block>> {
        self.all().get(place).cloned()
    }

    /// The place of the first block at or behind a slot.
    #[must_use]
    pub fn place(&self, slot: u64) -> usize {
        self.all().partition_point(|block| block.slot < slot)
    }
}

/// The slot of the first block.
pub const FIRST: u64 = 1_000;

/// The time of a slot: two and a half slots a second.
#[must_use]
pub fn time_of(slot: u64) -> ChainTime {
    ChainTime(1_790_000_000 + i64::try_from(slot * 2 / 5).unwrap())
}

/// A number as a key, for names that tests make up.
#[must_use]
pub fn key(kind: u8, number: u64) -> Pubkey {
    let mut bytes = [kind; 32];
    bytes[..8].copy_from_slice(&number.to_le_bytes());
    Pubkey(bytes)
}

/// A number as a signature: no two alike, and as random as signatures are.
#[must_use]
pub fn signature(number: u64) -> Signature {
    let mut bytes = [0; 64];
    let mut state = number;
    for word in bytes.chunks_exact_mut(8) {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word.copy_from_slice(&(mixed ^ (mixed >> 31)).to_le_bytes());
        state = state.wrapping_add(mixed);
    }
    bytes[..8].copy_from_slice(&number.to_le_bytes());
    Signature(bytes)
}

fn account(key: Pubkey) -> AccountMeta {
    AccountMeta { key, signer: false, writable: true }
}

/// A purchase on the curve of the token `mint`, numbered.
#[must_use]
pub fn curve_trade(number: u64, mint: Pubkey) -> OwnedTransaction {
    let user = key(2, number % 1_000);
    let event = RawEvent::Trade(TradeEvent {
        mint,
        sol_amount: 1_000_000 + number,
        token_amount: 5_000_000 + number,
        is_buy: number.is_multiple_of(2),
        user,
        timestamp: time_of(FIRST).0,
        virtual_sol_reserves: 30_000_000_000 + number,
        virtual_token_reserves: 1_000_000_000_000_000 - number,
        ..TradeEvent::read(&[0; 121]).unwrap()
    });
    let accounts = [user, mint, key(3, number % 97)].map(account).to_vec();
    let instruction = Instruction { program: PUMP, accounts, data: vec![7; 24] };
    let calls = [Call { instruction: &instruction, events: &[event] }];
    synthetic_transaction(signature(number), Slot(0), time_of(FIRST), &calls).unwrap()
}

/// A purchase from the pool of the token `mint`, numbered.
#[must_use]
pub fn pool_trade(number: u64, mint: Pubkey, pool: Pubkey) -> OwnedTransaction {
    let user = key(2, number % 1_000);
    let event = RawEvent::Buy(BuyEvent {
        timestamp: time_of(FIRST).0,
        base_amount_out: 1_000_000 + number,
        pool_base_token_reserves: 200_000_000_000_000,
        pool_quote_token_reserves: 90_000_000_000,
        quote_amount_in: 1_000_000,
        quote_amount_in_with_lp_fee: 1_002_000,
        user_quote_amount_in: 1_010_000,
        pool,
        user,
        ..BuyEvent::read(&[0; 304]).unwrap()
    });
    let accounts = [pool, user, key(4, 0), mint, WRAPPED_SOL].map(account).to_vec();
    let instruction = Instruction { program: PUMP_AMM, accounts, data: vec![7; 24] };
    let calls = [Call { instruction: &instruction, events: &[event] }];
    synthetic_transaction(signature(number), Slot(0), time_of(FIRST), &calls).unwrap()
}
