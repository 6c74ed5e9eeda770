//! Books by class: every lamport that comes or goes has a name, and their sum is the change of the balance.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::event::{Fill, NetworkCosts, Side};
use crate::ids::{Slot, Wallet};
use crate::units::{Lamports, LamportsDelta};

/// What a movement of lamports was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// The price of tokens bought or sold, fees aside.
    Principal,
    /// To the protocol and the pool.
    ProtocolFee,
    /// To the creator.
    CreatorFee,
    /// For signatures.
    BaseFee,
    /// For the place in the block.
    PriorityFee,
    /// To a block engine.
    Tip,
    /// Locked in accounts of ours: an asset.
    RentLocked,
    /// Come back from closed accounts.
    RentReturned,
    /// What a failed transaction cost.
    FailedCost,
    /// Come back from the creator's part. What a cashback coin gives back collects outside of the wallet, and no order
    /// of ours gets it from there: with us it stays a part of the creator's.
    Cashback,
    /// Came without an order of ours.
    ForeignIn,
    /// Went without an order of ours.
    ForeignOut,
    /// Went to the cold address, out of reach of somebody who has the key.
    ColdOut,
}

/// One wallet: its balance, and by class how it came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// What it holds.
    pub balance: Lamports,
    /// What it held at the start of the book.
    pub opening: Lamports,
    /// The newest slot that it is known of, from a transaction of ours or a reading: one of an earlier slot is no news.
    #[serde(default)]
    pub moved: Slot,
    classes: BTreeMap<Class, LamportsDelta>,
}

impl Account {
    const fn new(opening: Lamports) -> Self {
        Self { balance: opening, opening, moved: Slot(0), classes: BTreeMap::new() }
    }

    /// Sum of one class; what went is negative.
    #[must_use]
    pub fn class(&self, class: Class) -> LamportsDelta {
        self.classes.get(&class).copied().unwrap_or_default()
    }

    /// Every class with a movement.
    pub fn classes(&self) -> impl Iterator<Item = (Class, LamportsDelta)> {
        self.classes.iter().map(|(class, sum)| (*class, *sum))
    }

    /// Rent that is ours and locked.
    #[must_use]
    pub fn rent(&self) -> Lamports {
        let locked = -(self.class(Class::RentLocked) + self.class(Class::RentReturned));
        Lamports(u64::try_from(locked.0).unwrap_or(0))
    }

    /// Whether the classes explain the balance, to the lamport.
    #[must_use]
    pub fn balances(&self) -> bool {
        let sum: i128 = self.classes.values().map(|sum| i128::from(sum.0)).sum();
        i128::from(self.opening.0) + sum == i128::from(self.balance.0)
    }

    fn enter(&mut self, class: Class, change: i128) {
        if change != 0 {
            let entry = self.classes.entry(class).or_default();
            *entry = delta(i128::from(entry.0) + change);
        }
    }

    /// The balance is moved by itself, never derived from the classes: only so can the two disagree.
    fn moves(&mut self, change: i128) {
        let balance = i128::from(self.balance.0) + change;
        self.balance = Lamports(u64::try_from(balance.max(0)).unwrap_or(u64::MAX));
    }
}

/// All wallets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Books {
    accounts: BTreeMap<Wallet, Account>,
}

impl Books {
    /// New books over these wallets.
    #[must_use]
    pub fn open(wallets: &[(Wallet, Lamports)]) -> Self {
        Self { accounts: wallets.iter().map(|(wallet, held)| (*wallet, Account::new(*held))).collect() }
    }

    /// The books of these accounts, as they were.
    #[must_use]
    pub const fn restore(accounts: BTreeMap<Wallet, Account>) -> Self {
        Self { accounts }
    }

    /// The wallets, in the order of their keys.
    pub fn accounts(&self) -> impl Iterator<Item = (Wallet, &Account)> {
        self.accounts.iter().map(|(wallet, account)| (*wallet, account))
    }

    /// One wallet.
    #[must_use]
    pub fn account(&self, wallet: Wallet) -> Option<&Account> {
        self.accounts.get(&wallet)
    }

    /// Lamports of all wallets.
    #[must_use]
    pub fn lamports(&self) -> Lamports {
        self.accounts.values().map(|account| account.balance).sum()
    }

    /// Rent of all wallets that can be recovered.
    #[must_use]
    pub fn rent(&self) -> Lamports {
        self.accounts.values().map(Account::rent).sum()
    }

    /// Books what a landed swap did.
    pub fn fill(&mut self, wallet: Wallet, fill: &Fill) {
        self.swapped(wallet, fill, 1);
    }

    /// Takes back what was booked of a swap that is on the chain no more.
    pub fn undo(&mut self, wallet: Wallet, fill: &Fill) {
        self.swapped(wallet, fill, -1);
    }

    /// Books a swap, so many times.
    fn swapped(&mut self, wallet: Wallet, fill: &Fill, times: i128) {
        let account = self.account_mut(wallet);
        let (protocol, creator) = (wide(fill.fees.protocol) + wide(fill.fees.lp), wide(fill.fees.creator));
        // A buy pays the fees beside its principal; a sale's fees are taken off it.
        let swap = match fill.side {
            Side::Buy => -wide(fill.lamports.0),
            Side::Sell => wide(fill.lamports.0),
        };
        let effects = [
            (Class::Principal, swap + protocol + creator),
            (Class::ProtocolFee, -protocol),
            (Class::CreatorFee, -creator),
            (Class::BaseFee, -wide(fill.costs.base.0)),
            (Class::PriorityFee, -wide(fill.costs.priority.0)),
            (Class::Tip, -wide(fill.costs.tip.0)),
            (Class::RentLocked, -wide(fill.rent_locked.0)),
        ];
        for (class, change) in effects {
            account.enter(class, times * change);
        }
        account.moves(times * (swap - wide(fill.costs.total().0) - wide(fill.rent_locked.0)));
    }

    /// Books the rent of an account that was closed, and what closing it cost.
    pub fn closed(&mut self, wallet: Wallet, rent: Lamports, costs: NetworkCosts) {
        let account = self.account_mut(wallet);
        account.enter(Class::RentReturned, wide(rent.0));
        account.enter(Class::BaseFee, -wide(costs.base.0));
        account.enter(Class::PriorityFee, -wide(costs.priority.0));
        account.enter(Class::Tip, -wide(costs.tip.0));
        account.moves(wide(rent.0) - wide(costs.total().0));
    }

    /// Books what went to the cold address, and what sending it cost.
    pub fn withdrawn(&mut self, wallet: Wallet, lamports: Lamports, costs: NetworkCosts) {
        let account = self.account_mut(wallet);
        account.enter(Class::ColdOut, -wide(lamports.0));
        account.enter(Class::BaseFee, -wide(costs.base.0));
        account.enter(Class::PriorityFee, -wide(costs.priority.0));
        account.enter(Class::Tip, -wide(costs.tip.0));
        account.moves(-wide(lamports.0) - wide(costs.total().0));
    }

    /// Books what a failed transaction cost.
    pub fn failed(&mut self, wallet: Wallet, costs: NetworkCosts) {
        let account = self.account_mut(wallet);
        account.enter(Class::FailedCost, -wide(costs.total().0));
        account.moves(-wide(costs.total().0));
    }

    /// Books lamports that came or went without an order of ours.
    pub fn foreign(&mut self, wallet: Wallet, change: LamportsDelta) {
        let class = if change.0 < 0 { Class::ForeignOut } else { Class::ForeignIn };
        let account = self.account_mut(wallet);
        account.enter(class, i128::from(change.0));
        account.moves(i128::from(change.0));
    }

    /// Opens the books of a wallet that held nothing when they began.
    pub fn add(&mut self, wallet: Wallet) {
        self.account_mut(wallet);
    }

    /// Takes note of the slot in which a transaction of ours moved a wallet, or in which it was read.
    pub fn moved(&mut self, wallet: Wallet, slot: Slot) {
        let account = self.account_mut(wallet);
        account.moved = account.moved.max(slot);
    }

    fn account_mut(&mut self, wallet: Wallet) -> &mut Account {
        self.accounts.entry(wallet).or_insert_with(|| Account::new(Lamports::ZERO))
    }
}

const fn wide(amount: u64) -> i128 {
    amount as i128
}

fn delta(change: i128) -> LamportsDelta {
    LamportsDelta(i64::try_from(change).unwrap_or(if change < 0 { i64::MIN } else { i64::MAX }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quotes::Fees;
    use crate::units::TokenAmount;
    use proptest::prelude::*;

    const WALLET: Wallet = Wallet(crate::ids::Pubkey([7; 32]));

    fn costs(base: u64, priority: u64, tip: u64) -> NetworkCosts {
        NetworkCosts { base: Lamports(base), priority: Lamports(priority), tip: Lamports(tip) }
    }

    fn fill(side: Side, lamports: u64, protocol: u64, creator: u64, rent: u64) -> Fill {
        Fill {
            side,
            tokens: TokenAmount(1),
            lamports: Lamports(lamports),
            fees: Fees { lp: 0, protocol, creator },
            costs: costs(5_000, 10_000, 10_000),
            rent_locked: Lamports(rent),
            impact: None,
        }
    }

    #[test]
    fn a_round_trip_is_booked_class_by_class() {
        let mut books = Books::open(&[(WALLET, Lamports::sol(1))]);
        books.fill(WALLET, &fill(Side::Buy, 500_000_000, 4_691_359, 1_481_482, 2_074_080));
        books.fill(WALLET, &fill(Side::Sell, 600_000_000, 5_772_000, 1_822_800, 0));
        books.failed(WALLET, costs(5_000, 10_000, 0));
        books.foreign(WALLET, LamportsDelta(77));
        books.foreign(WALLET, LamportsDelta(-7));
        assert_eq!(books.rent(), Lamports(2_074_080));
        books.closed(WALLET, Lamports(2_074_080), costs(5_000, 10_000, 0));
        let account = books.account(WALLET).unwrap();
        let class = |class| account.class(class).0;
        assert_eq!(class(Class::Principal), 607_594_800 - 493_827_159);
        assert_eq!(class(Class::ProtocolFee), -4_691_359 - 5_772_000);
        assert_eq!(class(Class::CreatorFee), -1_481_482 - 1_822_800);
        assert_eq!(class(Class::BaseFee) + class(Class::PriorityFee) + class(Class::Tip), -65_000);
        assert_eq!(class(Class::FailedCost), -15_000);
        assert_eq!((class(Class::ForeignIn), class(Class::ForeignOut)), (77, -7));
        assert_eq!((class(Class::RentReturned), books.rent()), (2_074_080, Lamports::ZERO));
        assert_eq!(account.balance, Lamports(1_100_000_000 - 80_000 + 70));
        assert!(account.balances());
        books.withdrawn(WALLET, Lamports(1_099_885_070), costs(5_000, 30_000, 0));
        let account = books.account(WALLET).unwrap();
        assert_eq!((account.class(Class::ColdOut).0, account.balance), (-1_099_885_070, Lamports::ZERO));
        assert!(account.balances());
    }

    #[test]
    fn a_swap_that_is_undone_leaves_the_books_as_they_were() {
        let mut books = Books::open(&[(WALLET, Lamports::sol(1))]);
        for fill in
            [fill(Side::Buy, 500_000_000, 4_691_359, 1_481_482, 2_074_080), fill(Side::Sell, 7, 1, 1, 0)]
        {
            books.fill(WALLET, &fill);
            books.undo(WALLET, &fill);
        }
        let account = books.account(WALLET).unwrap();
        assert!(account.balances() && account.classes().all(|(_, sum)| sum.0 == 0), "{account:?}");
        assert_eq!((account.balance, books.rent()), (Lamports::sol(1), Lamports::ZERO));
    }

    #[test]
    fn a_balance_that_the_classes_do_not_explain_is_noticed() {
        let mut books = Books::open(&[(WALLET, Lamports(10))]);
        books.failed(WALLET, costs(11, 0, 0));
        assert!(!books.account(WALLET).unwrap().balances(), "a wallet cannot hold less than nothing");
    }

    #[test]
    fn sums_that_cannot_be_are_noticed_and_are_no_end_of_the_engine() {
        let mut books = Books::open(&[(WALLET, Lamports(0))]);
        for _ in 0..3 {
            books.foreign(WALLET, LamportsDelta(i64::MAX));
        }
        assert!(!books.account(WALLET).unwrap().balances());
    }

    proptest! {
        #[test]
        fn the_classes_always_sum_to_the_change_of_the_balance(
            fills in proptest::collection::vec((any::<bool>(), 0_u64..1 << 40, 0_u64..1 << 20, 0_u64..1 << 20), 0..40)
        ) {
            let mut books = Books::open(&[(WALLET, Lamports(1 << 50))]);
            for (buy, lamports, protocol, creator) in fills {
                let side = if buy { Side::Buy } else { Side::Sell };
                books.fill(WALLET, &fill(side, lamports, protocol, creator, u64::from(buy)));
                prop_assert!(books.account(WALLET).unwrap().balances());
            }
        }
    }
}
