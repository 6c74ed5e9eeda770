//! A chain on this machine that runs the real programs: LiteSVM executes, and what a node adds to that is here:
//! slots and their settling, 150 blockhashes with their heights, one landing per signature, blocks.
//!
//! A slot is made by [`Chain::step`], by a test or by a clock; nothing happens between two slots.

mod agent;
mod answers;
pub mod genesis;
mod hashes;
mod instructions;
mod landed;
mod ledger;
mod prices;
mod send;
mod state;
mod surfaces;
mod told;
mod written;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use momentum_core::ids::{Pubkey, Signature};
use momentum_core::time::ChainTime;
use momentum_pump::address::{bonding_curve, canonical_pool};
use momentum_pump::programs::Program;

pub use agent::{Agent, Coin, Way};
pub use landed::{Landed, TokenBalance};
pub(crate) use send::name;
pub use send::{Fate, Preflight};
pub use surfaces::{Clock, Surfaces, now};

use crate::blocks::Blocks;
use crate::programs::Build;
use crate::rpc::{Account, Commitment};
use state::State;

/// How a chain is made.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The programs that it runs.
    pub build: Build,
    /// Slots after which a slot is confirmed; streams tell of it then.
    pub confirmed_after: u64,
    /// Slots after which a slot is finalized.
    pub finalized_after: u64,
    /// Time of the first block.
    pub began: ChainTime,
    /// Time from one slot to the next, on the chain's own clock.
    pub slot: Duration,
    /// What its hashes and its agents' keys are drawn from.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            build: Build::default(),
            confirmed_after: 0,
            finalized_after: 2,
            began: ChainTime(1_793_000_000),
            slot: Duration::from_millis(400),
            seed: 1,
        }
    }
}

/// A chain. Clones are the same chain.
#[derive(Clone)]
pub struct Chain {
    state: Arc<Mutex<State>>,
    blocks: Blocks,
}

impl Chain {
    /// A chain with its programs and their settings, and one empty block.
    ///
    /// # Panics
    /// Where the programs are not to be had; the message says what to do.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { state: Arc::new(Mutex::new(State::new(options))), blocks: Blocks::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives lamports to a wallet, out of nothing.
    pub fn fund(&self, wallet: &Pubkey, lamports: u64) {
        self.state().fund(wallet, lamports);
    }

    /// Takes a transaction as a node does: checks it, runs it for a look, and queues it for the next slot.
    ///
    /// # Errors
    /// Where it would not land, or would fail.
    pub fn send(&self, raw: &[u8]) -> Result<Signature, Preflight> {
        let mut state = self.state();
        let newest = state.slot;
        state.send(raw, Some(newest))
    }

    /// The same without a look: it may land and fail.
    ///
    /// # Errors
    /// Where the bytes are no transaction.
    pub fn send_unseen(&self, raw: &[u8]) -> Result<Signature, Preflight> {
        self.state().send(raw, None)
    }

    /// What becomes of the next sends, one each; later ones land.
    pub fn fates(&self, fates: impl IntoIterator<Item = Fate>) {
        self.state().fates.extend(fates);
    }

    /// Makes a slot: what is queued and due runs in it. Returns its number.
    pub fn step(&self) -> u64 {
        let mut state = self.state();
        state.step(None);
        self.tell(&mut state)
    }

    /// The same at a time of a clock's.
    pub fn step_at(&self, time: ChainTime) -> u64 {
        let mut state = self.state();
        state.step(Some(time));
        self.tell(&mut state)
    }

    /// Makes a slot that is executed and then left: a fork. What ran in it runs again in the next one.
    pub fn step_dead(&self) -> u64 {
        let mut state = self.state();
        let dead = state.step_dead();
        let slot = dead.slot;
        self.blocks.push_block(dead);
        slot
    }

    /// Takes back every block from `slot` on, though nodes and streams have told that they are confirmed: a fork won
    /// that has none of them. Slots go on; what was in them may land again, where its blockhash is of a block that is
    /// left.
    ///
    /// # Panics
    /// Where the block is final, which no fork takes back.
    pub fn take_back(&self, slot: u64) {
        let mut state = self.state();
        assert!(slot > state.settled_at(Commitment::Finalized), "slot {slot} is final");
        let blocks = state.made.range(slot..).count();
        state.take_back(blocks);
        self.blocks.take_back(slot);
    }

    /// The slot of the block whose hash a transaction that landed names: a fork without it never takes its bytes.
    #[must_use]
    pub fn named_by(&self, signature: &Signature) -> Option<u64> {
        let state = self.state();
        let named = state.landed.get(signature)?.transaction.message.recent_blockhash().to_bytes();
        state.made.iter().rev().find(|(_, made)| made.hash == named).map(|(slot, _)| *slot)
    }

    /// Lets slots pass.
    pub fn steps(&self, slots: u64) {
        for _ in 0..slots {
            self.step();
        }
    }

    /// Tells the streams of what has become confirmed.
    fn tell(&self, state: &mut State) -> u64 {
        for block in state.take_confirmed() {
            self.blocks.push_block(block);
        }
        self.blocks.set_final(state.settled_at(Commitment::Finalized));
        state.slot
    }

    /// The blocks that streams tell of.
    #[must_use]
    pub fn blocks(&self) -> &Blocks {
        &self.blocks
    }

    /// The newest slot.
    #[must_use]
    pub fn slot(&self) -> u64 {
        self.state().slot
    }

    /// The number of blocks up to it.
    #[must_use]
    pub fn height(&self) -> u64 {
        self.state().height
    }

    /// The time of the newest block.
    #[must_use]
    pub fn time(&self) -> ChainTime {
        self.state().time()
    }

    /// The newest blockhash and the last height of a block that takes it.
    #[must_use]
    pub fn blockhash(&self) -> ([u8; 32], u64) {
        self.state().hashes.newest()
    }

    /// An account as it is now.
    #[must_use]
    pub fn account(&self, key: &Pubkey) -> Option<Account> {
        self.state().account(key)
    }

    /// Writes an account: for coins and settings that nobody could make here.
    pub fn put(&self, key: &Pubkey, account: &Account) {
        self.state().put(key, account);
    }

    /// Takes all lamports of a wallet away.
    pub fn empty(&self, wallet: &Pubkey) {
        self.put(wallet, &Account::default());
    }

    /// Changes the fees of all curves, in basis points: what the fee program's account says from now on.
    pub fn set_curve_fees(&self, protocol: u16, creator: u16) {
        let (key, account) = genesis::curve_fees(protocol, creator);
        self.put(&key, &account);
    }

    /// Changes the fees of all pools, in basis points, alike.
    pub fn set_pool_fees(&self, lp: u16, protocol: u16, creator: u16) {
        let (key, account) = genesis::pool_fees(lp, protocol, creator);
        self.put(&key, &account);
    }

    /// Deploys a program anew, as it is.
    pub fn upgrade(&self, program: Program) {
        let file = match program {
            Program::Pump => "pump.so",
            Program::PumpSwap => "pump_amm.so",
        };
        self.state().deploy(program.address(), file);
    }

    /// Deploys something else in the place of a program, that knows none of its instructions.
    pub fn upgrade_wrongly(&self, program: Program) {
        self.state().deploy(program.address(), "mpl_token_metadata.so");
    }

    /// Makes a cashback coin of one, which no launch does any more.
    pub fn make_cashback(&self, mint: &Pubkey) {
        self.flag(mint, 74, 236);
    }

    /// Makes a mayhem coin of one, whose fees others take.
    pub fn make_mayhem(&self, mint: &Pubkey) {
        self.flag(mint, 73, 235);
    }

    /// Sets a flag of a coin's curve and of its pool, where there is one.
    fn flag(&self, mint: &Pubkey, of_curve: usize, of_pool: usize) {
        for (account, flag) in [(bonding_curve(mint), of_curve), (canonical_pool(mint), of_pool)] {
            if let Some(mut read) = self.account(&account) {
                // Eight bytes say what kind of account it is.
                read.data[8 + flag] = 1;
                self.put(&account, &read);
            }
        }
    }

    /// What agents pay for their place in the block from now on, in millionths of a lamport a compute unit.
    pub fn set_price(&self, micro_lamports: u64) {
        self.state().price = micro_lamports;
    }

    /// What a wallet holds, in lamports.
    #[must_use]
    pub fn balance(&self, wallet: &Pubkey) -> u64 {
        self.account(wallet).map_or(0, |account| account.lamports)
    }

    /// What became of a transaction.
    #[must_use]
    pub fn landed(&self, signature: &Signature) -> Option<Arc<Landed>> {
        self.state().landed.get(signature).cloned()
    }

    /// All transactions that landed since a slot, in their order.
    #[must_use]
    pub fn history(&self, since: u64) -> Vec<Arc<Landed>> {
        let state = self.state();
        let blocks = state.made.range(since..);
        blocks.flat_map(|(_, block)| block.signatures.iter()).map(|name| state.landed[name].clone()).collect()
    }

    /// A new wallet that launches, trades and migrates coins, with 1,000 SOL.
    #[must_use]
    pub fn agent(&self) -> Agent {
        let number = self.state().next_agent();
        Agent::new(self.clone(), number)
    }
}
