//! What closes an account does that and nothing else.

use momentum_core::action::{Order, Swap};
use momentum_core::ids::{Pubkey, Wallet};
use momentum_pump::address::associated_token;
use momentum_pump::instructions::{AccountMeta, Instruction, Plain};
use momentum_pump::message::compile;
use momentum_pump::programs::{SYSTEM, TOKEN, TOKEN_2022, WRAPPED_SOL};

use crate::signer::tests::{STRANGER, key, limits, wallet};
use crate::signer::{Forbidden, sign};
use crate::trade::tests::{SELL, TIPPED, coin, order};
use crate::trade::{CLOSE_UNITS, close};
use crate::wallets::Wallets;

fn closing() -> Order {
    Order { swap: Swap::Close, ..order(wallet(), SELL, &coin(false, false)) }
}

fn verdict(order: &Order, message: &[u8]) -> Result<(), Forbidden> {
    sign(order, &limits(), message, &Wallets::of(vec![key()])).map(drop)
}

/// The verdict on a good closing that somebody changed.
fn changed(change: impl FnOnce(&mut Vec<Instruction>)) -> Forbidden {
    let order = closing();
    let account = associated_token(&wallet().0, &order.mint.0, &TOKEN_2022);
    let owner = wallet().0;
    let price = order.priority.0 * 1_000_000 / u64::from(CLOSE_UNITS);
    let mut instructions = vec![
        Plain::UnitLimit(CLOSE_UNITS).instruction(),
        Plain::UnitPrice(price).instruction(),
        Plain::CloseAccount { token_program: TOKEN_2022, account, to: owner, owner }.instruction(),
    ];
    let of = |all: &[Instruction]| compile(&owner, &[9; 32], all).unwrap();
    assert_eq!(verdict(&order, &of(&instructions)), Ok(()), "as it is, it is good");
    change(&mut instructions);
    verdict(&order, &of(&instructions)).unwrap_err()
}

#[test]
fn the_own_account_of_the_orders_token_is_closed_whichever_program_it_is_of() {
    let order = closing();
    for program in [TOKEN, TOKEN_2022] {
        let message = close(order.wallet, order.mint, program, order.priority, &[9; 32]).unwrap();
        assert_eq!(verdict(&order, message.as_bytes()), Ok(()));
        // The same bytes are no trade.
        let sale = Order { swap: SELL, ..order.clone() };
        assert!(verdict(&sale, message.as_bytes()).is_err());
    }
    let strangers = close(Wallet(STRANGER), order.mint, TOKEN, order.priority, &[9; 32]).unwrap();
    assert_eq!(verdict(&order, strangers.as_bytes()), Err(Forbidden::Payer(STRANGER)));
}

#[test]
fn its_rent_goes_to_the_wallet_and_no_other_account_is_touched() {
    let own = associated_token(&wallet().0, &closing().mint.0, &TOKEN_2022);
    assert_eq!(changed(|all| all[2].accounts[1].key = STRANGER), Forbidden::TokenAccount(own));
    assert_eq!(changed(|all| all[2].accounts[0].key = STRANGER), Forbidden::TokenAccount(STRANGER));
    let of_other = associated_token(&wallet().0, &Pubkey([5; 32]), &TOKEN_2022);
    assert_eq!(changed(|all| all[2].accounts[0].key = of_other), Forbidden::TokenAccount(of_other));
    assert_eq!(changed(|all| all[2].program = TOKEN), Forbidden::TokenAccount(own), "of the other program");
    let wrapped = Order { mint: momentum_core::ids::Mint(WRAPPED_SOL), ..closing() };
    let message = close(wrapped.wallet, wrapped.mint, TOKEN, wrapped.priority, &[9; 32]).unwrap();
    assert_eq!(verdict(&wrapped, message.as_bytes()), Err(Forbidden::Mint(WRAPPED_SOL)));
}

#[test]
fn nothing_stands_beside_it_and_it_pays_no_more_than_its_order() {
    let tip = Plain::Transfer { from: wallet().0, to: TIPPED, lamports: 1 }.instruction();
    assert_eq!(changed(|all| all.push(tip)), Forbidden::Program(SYSTEM), "not even a tip");
    let sync = Plain::SyncNative { account: STRANGER }.instruction();
    assert_eq!(changed(|all| all.insert(2, sync)), Forbidden::Instruction(TOKEN));
    let amount = 1_u64.to_le_bytes();
    let meta = |key, signer| AccountMeta { key, signer, writable: true };
    for data in [[&[3][..], &amount].concat(), [&[4][..], &amount].concat(), vec![6, 2, 0], vec![9, 0]] {
        let accounts = vec![meta(STRANGER, false), meta(STRANGER, false), meta(wallet().0, true)];
        let other = Instruction { program: TOKEN_2022, accounts, data };
        assert_eq!(changed(|all| all.insert(2, other)), Forbidden::Instruction(TOKEN_2022));
    }
    assert_eq!(changed(|all| drop(all.pop())), Forbidden::Closings(0));
    assert_eq!(changed(|all| all.push(all[2].clone())), Forbidden::Closings(2));
    assert_eq!(changed(|all| drop(all.remove(0))), Forbidden::Budget);
    assert_eq!(changed(|all| all.insert(0, Plain::UnitPrice(1).instruction())), Forbidden::Budget);
    let dear = changed(|all| all[1] = Plain::UnitPrice(40_000_000).instruction());
    assert!(matches!(dear, Forbidden::Priority { .. }), "{dear}");
}
