//! The state of the chain: what LiteSVM holds, and around it slots, blocks, the queue, and what was before.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use litesvm::LiteSVM;
use momentum_core::ids::{Pubkey, Signature};
use momentum_core::time::ChainTime;
use momentum_pump::address::program_data;
use momentum_pump::programs::{MAYHEM, METADATA, PUMP, PUMP_AMM, PUMP_FEES};
use solana_sdk::account::{Account as Held, AccountSharedData, ReadableAccount};
use solana_sdk::clock::Clock;
use solana_sdk::pubkey::Pubkey as Address;
use yellowstone_grpc_proto::geyser::SubscribeUpdateAccountInfo;

use super::hashes::Hashes;
use super::landed::Landed;
use super::send::{Fate, Queued, name};
use super::written::Written;
use super::{Options, genesis};
use crate::blocks::Block;
use crate::programs::Build;
use crate::rpc::Account;

/// Slots back to which accounts can be told as they were.
const PAST: usize = 256;

/// The programs that run here and the files that hold them.
const PROGRAMS: [(Pubkey, &str); 5] = [
    (PUMP, "pump.so"),
    (PUMP_AMM, "pump_amm.so"),
    (PUMP_FEES, "pump_fees.so"),
    (MAYHEM, "mayhem_program.so"),
    (METADATA, "mpl_token_metadata.so"),
];

/// A block as it was made.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) parent: u64,
    pub(crate) height: u64,
    pub(crate) time: ChainTime,
    pub(crate) hash: [u8; 32],
    pub(crate) signatures: Vec<Signature>,
    /// The accounts that it wrote, until streams are told of it.
    accounts: Vec<SubscribeUpdateAccountInfo>,
}

/// What accounts that a slot touched held before it.
type Before = BTreeMap<Address, Option<AccountSharedData>>;

pub(crate) struct State {
    pub(crate) options: Options,
    pub(crate) vm: LiteSVM,
    pub(crate) slot: u64,
    pub(crate) height: u64,
    pub(crate) hashes: Hashes,
    pub(crate) queue: Vec<Queued>,
    pub(crate) fates: VecDeque<Fate>,
    pub(crate) landed: BTreeMap<Signature, Arc<Landed>>,
    /// Blocks by slot.
    pub(crate) made: BTreeMap<u64, Made>,
    /// Token accounts that ever were, by whose they are: nobody looks through all accounts for them.
    pub(crate) holdings: BTreeMap<Pubkey, BTreeSet<Pubkey>>,
    before: VecDeque<(u64, Before)>,
    pub(super) written: Written,
    /// The newest slot that streams were told of.
    told: u64,
    /// The time of the newest block, in milliseconds.
    time_ms: i64,
    agents: u64,
    /// What agents pay for their place at least, in millionths of a lamport a compute unit.
    pub(crate) price: u64,
}

pub(super) fn address(key: &Pubkey) -> Address {
    Address::new_from_array(key.0)
}

/// A machine with the programs and their settings. Verifying the programs takes a second or more: it is done
/// once, and copied.
fn boot(build: Build) -> LiteSVM {
    static BOOTED: OnceLock<Mutex<BTreeMap<Build, LiteSVM>>> = OnceLock::new();
    let mut booted = BOOTED.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    booted.entry(build).or_insert_with(|| load(build)).clone()
}

fn load(build: Build) -> LiteSVM {
    let artifacts = build.artifacts().unwrap_or_else(|missing| panic!("{missing}"));
    // Blockhashes, signatures and what has landed are looked after here: LiteSVM knows one blockhash only.
    let mut vm = LiteSVM::new().with_sigverify(false).with_blockhash_check(false).with_transaction_history(0);
    for (program, file) in PROGRAMS {
        let file = artifacts.join(file);
        let loaded = vm.add_program_from_file(address(&program), &file);
        loaded.unwrap_or_else(|error| panic!("{} does not load: {error}", file.display()));
    }
    for (key, account) in genesis::accounts() {
        vm.set_account(address(&key), held(&account)).unwrap();
    }
    vm
}

fn held(account: &Account) -> Held {
    Held {
        lamports: account.lamports,
        data: account.data.clone(),
        owner: address(&account.owner),
        executable: false,
        rent_epoch: u64::MAX,
    }
}

pub(super) fn shown(account: &AccountSharedData) -> Account {
    Account {
        lamports: account.lamports(),
        owner: Pubkey(account.owner().to_bytes()),
        data: account.data().to_vec(),
    }
}

impl State {
    pub(crate) fn new(options: Options) -> Self {
        let vm = boot(options.build);
        // Programs take effect at the slot that they were loaded in.
        let slot = vm.get_sysvar::<Clock>().slot;
        let mut state = Self {
            options,
            vm,
            slot,
            height: 0,
            hashes: Hashes::new(options.seed),
            queue: Vec::new(),
            fates: VecDeque::new(),
            landed: BTreeMap::new(),
            made: BTreeMap::new(),
            holdings: BTreeMap::new(),
            before: VecDeque::new(),
            written: Written::default(),
            told: slot,
            time_ms: options.began.0 * 1_000,
            agents: 0,
            price: 0,
        };
        state.step(None);
        state
    }

    pub(crate) fn time(&self) -> ChainTime {
        ChainTime(self.time_ms / 1_000)
    }

    pub(crate) const fn next_agent(&mut self) -> u64 {
        self.agents += 1;
        self.agents
    }

    pub(crate) fn held(&self, key: &Pubkey) -> Option<AccountSharedData> {
        self.vm.accounts_db().get_account(&address(key))
    }

    pub(crate) fn account(&self, key: &Pubkey) -> Option<Account> {
        self.held(key).as_ref().map(shown)
    }

    /// An account as a slot left it.
    pub(crate) fn account_as_of(&self, key: &Pubkey, slot: u64) -> Option<Account> {
        let later = self.before.iter().filter(|(made, _)| *made > slot);
        match later.filter_map(|(_, before)| before.get(&address(key))).next() {
            Some(before) => before.as_ref().map(shown),
            None => self.account(key),
        }
    }

    pub(crate) fn put(&mut self, key: &Pubkey, account: &Account) {
        self.vm.set_account(address(key), held(account)).unwrap();
        self.written.note(*key, None);
        self.note_holding(key, &account.owner, &account.data);
    }

    /// Deploys a program anew, from a file of the chain's build.
    pub(crate) fn deploy(&mut self, program: Pubkey, file: &str) {
        let artifacts = self.options.build.artifacts().unwrap_or_else(|missing| panic!("{missing}"));
        self.vm.add_program_from_file(address(&program), artifacts.join(file)).unwrap();
        for key in [program, program_data(&program)] {
            self.written.note(key, None);
        }
    }

    pub(crate) fn fund(&mut self, wallet: &Pubkey, lamports: u64) {
        let mut account = self.account(wallet).unwrap_or_default();
        account.lamports += lamports;
        self.put(wallet, &account);
    }

    /// What accounts hold before a transaction may touch them.
    pub(crate) fn remember(&mut self, keys: &[Address]) {
        for key in keys {
            let now = self.vm.accounts_db().get_account(key);
            if let Some((_, before)) = self.before.back_mut() {
                before.entry(*key).or_insert(now);
            }
        }
    }

    /// Begins the next slot.
    fn begin(&mut self, time: Option<ChainTime>) {
        self.slot += 1;
        let step = i64::try_from(self.options.slot.as_millis()).unwrap();
        let next = self.time_ms + if self.height == 0 { 0 } else { step };
        self.time_ms = time.map_or(next, |time| (time.0 * 1_000).max(self.time_ms));
        let mut clock = self.vm.get_sysvar::<Clock>();
        clock.slot = self.slot;
        clock.unix_timestamp = self.time_ms / 1_000;
        self.vm.set_sysvar(&clock);
        self.before.push_back((self.slot, Before::new()));
        if self.before.len() > PAST {
            self.before.pop_front();
        }
    }

    /// Runs what is due in the slot that has begun.
    fn run(&mut self) -> (Vec<Queued>, Vec<Arc<Landed>>) {
        let height = self.height + 1;
        let (due, later) =
            std::mem::take(&mut self.queue).into_iter().partition(|queued| queued.due <= height);
        self.queue = later;
        let mut landed = Vec::new();
        let due: Vec<Queued> = due;
        for queued in &due {
            let index = u64::try_from(landed.len()).unwrap();
            if let Some(done) = self.land(queued, height, index) {
                self.note_written(&done);
                let done = Arc::new(done);
                self.landed.insert(done.signature, done.clone());
                landed.push(done);
            }
        }
        (due, landed)
    }

    fn land(&mut self, queued: &Queued, height: u64, index: u64) -> Option<Landed> {
        let transaction = &queued.transaction;
        let good = self.hashes.good_at(&transaction.message.recent_blockhash().to_bytes(), height)
            && !self.landed.contains_key(&name(transaction))
            && transaction.verify_with_results().iter().all(|good| *good);
        if good { self.execute(queued, index) } else { None }
    }

    /// Makes a block of what is due.
    pub(crate) fn step(&mut self, time: Option<ChainTime>) {
        let parent = self.made.keys().next_back().copied().unwrap_or(self.slot);
        self.begin(time);
        let (_, landed) = self.run();
        self.height += 1;
        self.hashes.grow();
        let made = Made {
            parent,
            height: self.height,
            time: self.time(),
            hash: self.hashes.newest().0,
            signatures: landed.iter().map(|landed| landed.signature).collect(),
            accounts: self.take_written(),
        };
        self.made.insert(self.slot, made);
    }

    /// Makes a block that the next one does not follow: all that it did is undone, and what was in it waits again.
    pub(crate) fn step_dead(&mut self) -> Block {
        let parent = self.made.keys().next_back().copied().unwrap_or(self.slot);
        // What no transaction wrote is there whatever becomes of the slot, and is told in the next one too.
        let outside = self.written.last.clone();
        self.begin(None);
        let (mut due, landed) = self.run();
        due.append(&mut self.queue);
        self.queue = due;
        for done in &landed {
            self.landed.remove(&done.signature);
        }
        let accounts = self.take_written();
        self.written.last = outside;
        let (_, before) = self.before.pop_back().unwrap();
        self.restore(before);
        let transactions = landed.iter().map(|landed| landed.update()).collect();
        let (slot, time) = (self.slot, self.time().0);
        Block { slot, parent, time, transactions, accounts, dead: true, ..Block::default() }
    }

    /// Takes the newest blocks back, so many of them, though streams have told of them: a fork won that has none of
    /// them. All that they did is undone, and nobody knows what was in them.
    pub(crate) fn take_back(&mut self, blocks: usize) {
        for _ in 0..blocks {
            let (_, made) = self.made.pop_last().unwrap();
            let (_, before) = self.before.pop_back().unwrap();
            self.restore(before);
            self.height -= 1;
            self.hashes.shrink();
            for name in made.signatures {
                self.landed.remove(&name);
            }
        }
    }

    /// Gives accounts back what they held.
    fn restore(&mut self, before: Before) {
        for (key, account) in before {
            // An account of no lamports is taken away.
            self.vm.set_account(key, account.map(Held::from).unwrap_or_default()).unwrap();
        }
    }

    /// The newest slot that is settled by so many slots.
    pub(crate) fn settled(&self, by: u64) -> u64 {
        let limit = self.slot.saturating_sub(by);
        let first = self.made.keys().next().copied().unwrap_or(limit);
        self.made.range(..=limit).next_back().map_or(first, |(slot, _)| *slot)
    }

    /// The blocks that were confirmed since this was asked.
    pub(crate) fn take_confirmed(&mut self) -> Vec<Block> {
        let confirmed = self.settled(self.options.confirmed_after);
        if confirmed <= self.told {
            return Vec::new();
        }
        let landed = &self.landed;
        let made = self.made.range_mut(self.told + 1..=confirmed);
        let blocks = made.map(|(slot, made)| Block {
            slot: *slot,
            parent: made.parent,
            time: made.time.0,
            height: made.height,
            hash: bs58::encode(made.hash).into_string(),
            transactions: made.signatures.iter().map(|name| landed[name].update()).collect(),
            accounts: std::mem::take(&mut made.accounts),
            dead: false,
        });
        let blocks = blocks.collect();
        self.told = confirmed;
        blocks
    }

    /// Keeps in mind whose a token account is.
    pub(crate) fn note_holding(&mut self, key: &Pubkey, owner: &Pubkey, data: &[u8]) {
        use momentum_pump::accounts::read_token_account;
        use momentum_pump::programs::{TOKEN, TOKEN_2022};
        if (*owner == TOKEN || *owner == TOKEN_2022)
            && let Ok(account) = read_token_account(data)
        {
            self.holdings.entry(account.owner.0).or_default().insert(*key);
        }
    }
}
