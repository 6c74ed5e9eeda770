//! What brings lamports away does that, to the one address and while a theft stands, and nothing else.

use momentum_core::action::{Order, Swap};
use momentum_core::ids::{Pubkey, Wallet};
use momentum_core::units::Lamports;
use momentum_pump::instructions::{Instruction, Plain};
use momentum_pump::message::compile;
use momentum_pump::programs::{SYSTEM, TOKEN};

use crate::signer::tests::{STRANGER, key, limits, wallet};
use crate::signer::{Forbidden, SendLimits, sign};
use crate::trade::tests::{BUY, SELL, TIPPED, coin, order};
use crate::trade::{WITHDRAW_UNITS, withdraw};
use crate::wallets::Wallets;

const COLD: Wallet = Wallet(Pubkey([77; 32]));
const ALL: Lamports = Lamports(7_000_000_000);

fn withdrawal() -> Order {
    let swap = Swap::Withdraw { to: COLD, lamports: ALL };
    Order { swap, urgent: true, ..order(wallet(), SELL, &coin(false, false)) }
}

/// Limits while a theft stands, and this is the cold address.
fn open(cold: Wallet) -> SendLimits {
    SendLimits { cold: Some(cold), ..limits() }
}

fn verdict(order: &Order, limits: &SendLimits, message: &[u8]) -> Result<(), Forbidden> {
    sign(order, limits, message, &Wallets::of(vec![key()])).map(drop)
}

/// The verdict on a good withdrawal that somebody changed.
fn changed(change: impl FnOnce(&mut Vec<Instruction>)) -> Forbidden {
    let order = withdrawal();
    let price = order.priority.0 * 1_000_000 / u64::from(WITHDRAW_UNITS);
    let mut instructions = vec![
        Plain::UnitLimit(WITHDRAW_UNITS).instruction(),
        Plain::UnitPrice(price).instruction(),
        Plain::Transfer { from: wallet().0, to: COLD.0, lamports: ALL.0 }.instruction(),
    ];
    let of = |all: &[Instruction]| compile(&wallet().0, &[9; 32], all).unwrap();
    assert_eq!(verdict(&order, &open(COLD), &of(&instructions)), Ok(()), "as it is, it is good");
    change(&mut instructions);
    verdict(&order, &open(COLD), &of(&instructions)).unwrap_err()
}

fn transfer(to: Pubkey, lamports: u64) -> Instruction {
    Plain::Transfer { from: wallet().0, to, lamports }.instruction()
}

#[test]
fn all_goes_to_the_cold_address_while_a_theft_stands_and_never_without_one() {
    let order = withdrawal();
    let message = withdraw(order.wallet, COLD, ALL, order.priority, &[9; 32]).unwrap();
    assert_eq!(verdict(&order, &open(COLD), message.as_bytes()), Ok(()));
    let stranger = |to: Wallet| Err(Forbidden::Stranger { to: to.0, lamports: ALL });
    assert_eq!(verdict(&order, &limits(), message.as_bytes()), stranger(COLD), "no theft was found");
    let other = Wallet(STRANGER);
    assert_eq!(verdict(&order, &open(other), message.as_bytes()), stranger(COLD), "it is not the address");
    // An order for another address opens no way to it, nor do bytes that the order does not know of.
    let elsewhere = Order { swap: Swap::Withdraw { to: other, lamports: ALL }, ..order.clone() };
    let strangers = withdraw(order.wallet, other, ALL, order.priority, &[9; 32]).unwrap();
    assert_eq!(verdict(&elsewhere, &open(COLD), strangers.as_bytes()), stranger(other));
    assert_eq!(verdict(&order, &open(COLD), strangers.as_bytes()), stranger(other));
    assert_eq!(verdict(&order, &open(other), strangers.as_bytes()), stranger(other));
}

#[test]
fn no_other_order_sends_to_the_cold_address_even_then() {
    let order = withdrawal();
    let message = withdraw(order.wallet, COLD, ALL, order.priority, &[9; 32]).unwrap();
    for swap in [BUY, SELL] {
        let trade = Order { swap, ..order.clone() };
        let refused = verdict(&trade, &open(COLD), message.as_bytes());
        assert_eq!(refused, Err(Forbidden::Stranger { to: COLD.0, lamports: ALL }));
    }
    let closing = Order { swap: Swap::Close, ..order };
    assert_eq!(verdict(&closing, &open(COLD), message.as_bytes()), Err(Forbidden::Program(SYSTEM)));
}

#[test]
fn it_is_one_transfer_of_what_the_order_says_and_nothing_stands_beside_it() {
    let ordered = ALL.0;
    let amount = |found| Forbidden::Amount { found, ordered };
    assert_eq!(changed(|all| all[2] = transfer(COLD.0, ordered + 1)), amount(ordered + 1));
    assert_eq!(changed(|all| all[2] = transfer(COLD.0, ordered - 1)), amount(ordered - 1));
    assert_eq!(changed(|all| drop(all.pop())), Forbidden::Transfers(0));
    assert_eq!(changed(|all| all.push(all[2].clone())), Forbidden::Transfers(2));
    let tip = Forbidden::Stranger { to: TIPPED, lamports: Lamports(1) };
    assert_eq!(changed(|all| all.push(transfer(TIPPED, 1))), tip, "not even a tip");
    let mut from_other = Plain::Transfer { from: STRANGER, to: COLD.0, lamports: ordered }.instruction();
    from_other.accounts[0].signer = false;
    assert_eq!(changed(|all| all[2] = from_other), Forbidden::From(STRANGER));
    let sync = Plain::SyncNative { account: STRANGER }.instruction();
    assert_eq!(changed(|all| all.insert(2, sync)), Forbidden::Program(TOKEN));
    // Assign, which gives the wallet itself away.
    let mut assign = transfer(COLD.0, ordered);
    assign.data = [&1_u32.to_le_bytes()[..], &STRANGER.0].concat();
    assert_eq!(changed(|all| all.push(assign)), Forbidden::Instruction(SYSTEM));
    assert_eq!(changed(|all| drop(all.remove(0))), Forbidden::Budget);
    let dear = changed(|all| all[1] = Plain::UnitPrice(10_001_000).instruction());
    assert_eq!(dear, Forbidden::Priority { priority: Lamports(10_001), allowed: Lamports(10_000) });
}
