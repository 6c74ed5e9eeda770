//! What is signed, and everything else that is not.

use std::sync::LazyLock;

use momentum_core::action::{Order, Swap};
use momentum_core::ids::{Pubkey, Wallet};
use momentum_core::units::{Lamports, TokenAmount};
use momentum_pump::address::associated_token;
use momentum_pump::instructions::{AccountMeta, Instruction, Plain};
use momentum_pump::message::{Step, UnreadableMessage, compile, read};
use momentum_pump::programs::{ASSOCIATED_TOKEN, Program, SYSTEM, TOKEN, TOKEN_2022, WRAPPED_SOL};
use proptest::prelude::{prop_assert, proptest};
use solana_sdk::signature::{Keypair, Signer};

use super::{Forbidden, SendLimits, sign};
use crate::trade::tests::{BUY, KINDS, SELL, TIPPED, coin, order, terms};
use crate::trade::{Route, build};
use crate::wallets::Wallets;

pub(super) const STRANGER: Pubkey = Pubkey([66; 32]);

pub(super) fn key() -> Keypair {
    Keypair::new_from_array([11; 32])
}

pub(super) fn wallet() -> Wallet {
    Wallet(Pubkey(key().pubkey().to_bytes()))
}

pub(super) fn limits() -> SendLimits {
    let (fee, urgent_fee) = (Lamports(1_000_000), Lamports(3_000_000));
    SendLimits { spend: Lamports::sol(1), fee, urgent_fee, cold: None }
}

fn good(swap: Swap, kind: usize) -> (Order, Vec<u8>) {
    let (route, cashback, graduated, _) = KINDS[kind];
    let coin = coin(cashback, graduated);
    let order = order(wallet(), swap, &coin);
    let message = build(&order, &coin, &terms(route)).unwrap();
    (order, message.as_bytes().to_vec())
}

fn signed(order: &Order, message: &[u8]) -> Result<Vec<u8>, Forbidden> {
    sign(order, &limits(), message, &Wallets::of(vec![key()])).map(|signed| signed.raw)
}

/// The instructions of a message as they could be sent again, each account writable.
fn instructions(message: &[u8]) -> Vec<Instruction> {
    let again = |step: &Step<'_>| Instruction {
        program: step.program,
        accounts: step
            .accounts
            .iter()
            .map(|key| AccountMeta { key: *key, signer: *key == wallet().0, writable: true })
            .collect(),
        data: step.data.to_vec(),
    };
    read(message).unwrap().instructions.iter().map(again).collect()
}

/// The verdict on a good message that somebody changed.
fn changed(swap: Swap, kind: usize, change: impl FnOnce(&mut Vec<Instruction>)) -> Forbidden {
    let (order, message) = good(swap, kind);
    let mut instructions = instructions(&message);
    change(&mut instructions);
    let message = compile(&wallet().0, &[9; 32], &instructions).unwrap();
    signed(&order, &message).unwrap_err()
}

fn inserted(instruction: Instruction) -> Forbidden {
    changed(BUY, 0, |all| all.insert(2, instruction))
}

#[test]
fn every_kind_of_trade_is_signed_and_its_signature_is_the_wallets() {
    for (kind, named) in KINDS.iter().enumerate() {
        for swap in [BUY, SELL] {
            let (order, message) = good(swap, kind);
            let raw = signed(&order, &message).unwrap();
            assert_eq!((raw[0], &raw[65..]), (1, &message[..]));
            let signature = solana_sdk::signature::Signature::try_from(&raw[1..65]).unwrap();
            assert!(signature.verify(key().pubkey().as_ref(), &message), "{named:?}");
        }
    }
}

#[test]
fn instructions_that_no_trade_needs_are_refused_whoever_wrote_them() {
    let own = associated_token(&wallet().0, &Pubkey([2; 32]), &TOKEN_2022);
    let meta = |key, signer| AccountMeta { key, signer, writable: true };
    let of = |program, data: &[u8], accounts: &[Pubkey]| Instruction {
        program,
        data: data.to_vec(),
        accounts: accounts.iter().map(|key| meta(*key, *key == wallet().0)).collect(),
    };
    let amount = 5_u64.to_le_bytes();
    for (program, data) in [
        (TOKEN_2022, [&[4][..], &amount].concat()),           // Approve
        (TOKEN, [&[4][..], &amount].concat()),                // Approve
        (TOKEN, [&[6, 2, 1][..], &STRANGER.0].concat()),      // SetAuthority
        (TOKEN_2022, [&[6, 2, 1][..], &STRANGER.0].concat()), // SetAuthority
        (TOKEN, [&[3][..], &amount].concat()),                // Transfer
        (TOKEN_2022, vec![9]),                                // CloseAccount of the token itself
        (STRANGER, vec![0]),
    ] {
        let refused = inserted(of(program, &data, &[own, STRANGER, wallet().0]));
        let expected = match program {
            TOKEN => Forbidden::Instruction(TOKEN),
            program => Forbidden::Program(program),
        };
        assert_eq!(refused, expected, "{data:?}");
    }
    // System: Assign, CreateAccount, and a transfer with a seed.
    for tag in [0_u8, 1, 3, 11] {
        let refused = inserted(of(SYSTEM, &[&[tag, 0, 0, 0][..], &amount].concat(), &[wallet().0, STRANGER]));
        assert_eq!(refused, Forbidden::Instruction(SYSTEM));
    }
    // A token account that nobody could close later for us: not idempotent, or nested.
    for data in [vec![], vec![0], vec![2]] {
        let accounts = [wallet().0, own, wallet().0, Pubkey([2; 32]), SYSTEM, TOKEN_2022];
        assert_eq!(
            inserted(of(ASSOCIATED_TOKEN, &data, &accounts)),
            Forbidden::Instruction(ASSOCIATED_TOKEN)
        );
    }
}

#[test]
fn lamports_go_to_the_own_wrapped_account_and_to_a_tip_account_alone() {
    let to = |to, lamports| Plain::Transfer { from: wallet().0, to, lamports }.instruction();
    assert_eq!(
        inserted(to(STRANGER, 5)),
        Forbidden::Stranger { to: STRANGER, lamports: Lamports(5) },
        "a stranger"
    );
    assert_eq!(inserted(to(TIPPED, 5)), Forbidden::TipNotLast, "a second tip");
    let own = associated_token(&wallet().0, &WRAPPED_SOL, &TOKEN);
    assert!(matches!(inserted(to(own, 1)), Forbidden::Wrapped { .. }), "a curve needs none");
    assert!(matches!(changed(BUY, 5, |all| all.insert(2, to(own, 1))), Forbidden::Wrapped { .. }));
    assert!(matches!(changed(SELL, 5, |all| all.insert(2, to(own, 1))), Forbidden::Wrapped { .. }));
    let more = |all: &mut Vec<Instruction>| *all.last_mut().unwrap() = to(TIPPED, 10_001);
    let allowed = Lamports(10_000);
    assert_eq!(changed(BUY, 0, more), Forbidden::Tip { tip: Lamports(10_001), allowed });
    let close = |account, to| {
        Plain::CloseAccount { token_program: TOKEN, account, to, owner: wallet().0 }.instruction()
    };
    assert_eq!(inserted(close(own, STRANGER)), Forbidden::TokenAccount(own));
    let token = associated_token(&wallet().0, &Pubkey([2; 32]), &TOKEN);
    assert_eq!(inserted(close(token, wallet().0)), Forbidden::TokenAccount(token));
}

#[test]
fn a_trade_is_the_orders_for_the_wallet_and_its_own_token_account() {
    let (swap, kind) = (BUY, 0);
    let trade = |all: &mut Vec<Instruction>| {
        all.iter().position(|one| Program::at(&one.program.0).is_some()).unwrap()
    };
    let with_account = |from: Pubkey, to: Pubkey| {
        changed(swap, kind, |all| {
            let at = trade(all);
            let place = all[at].accounts.iter().position(|account| account.key == from).unwrap();
            all[at].accounts[place].key = to;
            all[at].accounts[place].signer = false;
        })
    };
    assert_eq!(with_account(wallet().0, STRANGER), Forbidden::User(STRANGER));
    assert_eq!(with_account(Pubkey([2; 32]), STRANGER), Forbidden::Mint(STRANGER));
    let own = associated_token(&wallet().0, &Pubkey([2; 32]), &TOKEN_2022);
    assert_eq!(with_account(own, STRANGER), Forbidden::TokenAccount(STRANGER));
    let with_data = |place: usize| {
        changed(swap, kind, |all| {
            let at = trade(all);
            all[at].data[place] ^= 1;
        })
    };
    assert!(matches!(with_data(0), Forbidden::Instruction(_)));
    assert!(matches!(with_data(8), Forbidden::Amount { ordered: 100_000_000, .. }));
    assert!(matches!(with_data(16), Forbidden::Bound { ordered: 3_000_000, .. }));
    assert_eq!(
        changed(swap, kind, |all| {
            let at = trade(all);
            all.remove(at);
        }),
        Forbidden::Trades(0)
    );
    assert_eq!(
        changed(swap, kind, |all| {
            let at = trade(all);
            let again = all[at].clone();
            all.insert(at, again);
        }),
        Forbidden::Trades(2)
    );
    let (bought, message) = good(BUY, 0);
    assert_eq!(signed(&Order { swap: SELL, ..bought.clone() }, &message), Err(Forbidden::Side));
    // A bound of zero is refused even where the order says so.
    let any = Swap::Buy { spend: Lamports(100_000_000), min_tokens: TokenAmount(0) };
    let mut all = instructions(&message);
    let at = trade(&mut all);
    all[at].data[16..].fill(0);
    let message = compile(&wallet().0, &[9; 32], &all).unwrap();
    assert_eq!(signed(&Order { swap: any, ..bought }, &message), Err(Forbidden::NoBound));
}

#[test]
fn fees_and_sizes_stay_under_the_orders_and_under_the_caps() {
    let (order, message) = good(BUY, 0);
    let tight = |limits: SendLimits| sign(&order, &limits, &message, &Wallets::of(vec![key()])).unwrap_err();
    let spend = Lamports(100_000_000);
    let limit = Lamports(99_999_999);
    assert_eq!(tight(SendLimits { spend: limit, ..limits() }), Forbidden::Spend { spend, limit });
    let capped = tight(SendLimits { fee: Lamports(9_000), ..limits() });
    assert!(matches!(capped, Forbidden::Tip { .. } | Forbidden::Priority { .. }), "{capped}");
    let dear = |all: &mut Vec<Instruction>| all[1] = Plain::UnitPrice(59_000).instruction();
    let refused = changed(BUY, 0, dear);
    assert_eq!(
        refused,
        Forbidden::Priority { priority: Lamports(10_030), allowed: Lamports(10_000) },
        "170,000 units at 0.059 lamports"
    );
    for change in [
        (|all| all[0] = Plain::UnitLimit(1_400_001).instruction()) as fn(&mut Vec<Instruction>),
        |all| drop(all.remove(0)),
        |all| drop(all.remove(1)),
        |all| all.insert(0, Plain::UnitPrice(1).instruction()),
    ] {
        assert_eq!(changed(BUY, 0, change), Forbidden::Budget);
    }
    // An order that says that it is an urgent buy pays no more than any buy.
    let urgent = Order { urgent: true, priority: Lamports(3_000_000), ..order.clone() };
    let coin = coin(false, false);
    let message = build(&urgent, &coin, &terms(Route::Auto)).unwrap();
    assert!(matches!(signed(&urgent, message.as_bytes()), Err(Forbidden::Priority { .. })));
    let sale = Order { swap: SELL, ..urgent };
    let message = build(&sale, &coin, &terms(Route::Auto)).unwrap();
    assert!(signed(&sale, message.as_bytes()).is_ok());
}

#[test]
fn only_a_message_of_the_one_wallet_and_of_a_known_version_is_signed() {
    let (order, message) = good(BUY, 0);
    let with = |place: usize, byte: u8| {
        let mut message = message.clone();
        message[place] = byte;
        signed(&order, &message).unwrap_err()
    };
    assert_eq!(with(0, 2), Forbidden::Signers(2));
    assert_eq!(with(0, 0x81), Forbidden::Unreadable(UnreadableMessage::Version(1)));
    assert_eq!(with(1, 1), Forbidden::Unreadable(UnreadableMessage::Keys), "a payer that cannot pay");
    assert!(matches!(with(4, 0xaa), Forbidden::Payer(_)));
    let longer = [&message[..], &[0]].concat();
    assert_eq!(signed(&order, &longer), Err(Forbidden::Unreadable(UnreadableMessage::TooLong)));
    // Version 0 is the same with a byte in front and no lookup tables behind.
    let zero = [&[0x80], &message[..], &[0]].concat();
    assert!(signed(&order, &zero).is_ok());
    let table = [&[0x80], &message[..], &[1], &[7; 32], &[1, 0, 0]].concat();
    assert_eq!(signed(&order, &table), Err(Forbidden::Unreadable(UnreadableMessage::LookupTable)));
    let stranger = Keypair::new_from_array([12; 32]);
    let verdict = sign(&order, &limits(), &message, &Wallets::of(vec![stranger]));
    assert_eq!(verdict, Err(Forbidden::NoKey(wallet())));
}

/// Whether a message that was changed and still is signed does the same: the programs, the trade's own accounts
/// and its amounts are those of the original; numbers of fees are no higher.
fn means_the_same(original: &[u8], changed: &[u8]) -> bool {
    let (Ok(original), Ok(changed)) = (read(original), read(changed)) else { return false };
    let own = |step: &Step<'_>, place: usize| {
        let own = [
            wallet().0,
            Pubkey([2; 32]),
            WRAPPED_SOL,
            TOKEN_2022,
            associated_token(&wallet().0, &Pubkey([2; 32]), &TOKEN_2022),
            associated_token(&wallet().0, &WRAPPED_SOL, &TOKEN),
        ];
        own.contains(&step.accounts[place])
    };
    let plain = |step: &Step<'_>| Plain::read(&step.program, &step.accounts, step.data);
    let same = |(was, is): (&Step<'_>, &Step<'_>)| {
        if was.program != is.program || was.accounts.len() != is.accounts.len() {
            return false;
        }
        match (plain(was), plain(is)) {
            (Some(Plain::UnitLimit(_)), Some(Plain::UnitLimit(_)))
            | (Some(Plain::UnitPrice(_)), Some(Plain::UnitPrice(_))) => true,
            (
                Some(Plain::Transfer { from, to, lamports }),
                Some(Plain::Transfer { from: from_now, to: to_now, lamports: now }),
            ) => from == from_now && to == to_now && now <= lamports,
            (Some(was), Some(is)) => was == is,
            (None, None) => {
                was.data == is.data
                    && (0..was.accounts.len()).all(|at| !own(was, at) || was.accounts[at] == is.accounts[at])
            }
            _ => false,
        }
    };
    original.instructions.len() == changed.instructions.len()
        && original.instructions.iter().zip(&changed.instructions).all(same)
}

/// The good messages of every kind, bought and sold: made once, since their addresses take long to derive.
static GOOD: LazyLock<Vec<(Order, Vec<u8>)>> = LazyLock::new(|| {
    let kinds = 0..KINDS.len();
    kinds.flat_map(|kind| [good(BUY, kind), good(SELL, kind)]).collect()
});

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(400))]
    #[test]
    fn a_message_with_any_byte_changed_is_refused_or_does_the_same(
        kind in 0..2 * KINDS.len(), place in 0_usize..1_200, bits in 1_u8..=255,
    ) {
        let (order, message) = &GOOD[kind];
        let mut changed = message.clone();
        changed[place % message.len()] ^= bits;
        if signed(order, &changed).is_ok() {
            prop_assert!(means_the_same(message, &changed), "byte {} of {kind}", place % message.len());
        }
    }

    #[test]
    fn a_message_with_any_account_of_an_instruction_replaced_is_refused_or_does_the_same(
        kind in 0..2 * KINDS.len(), step in 0_usize..12, place in 0_usize..30, by in 0_usize..40,
    ) {
        let (order, message) = &GOOD[kind];
        let mut all = instructions(message);
        let count = all.len();
        let accounts = &mut all[step % count].accounts;
        if !accounts.is_empty() {
            let place = place % accounts.len();
            let keys = read(message).unwrap().keys;
            accounts[place].key = keys.get(by).map_or(STRANGER, |key| Pubkey(*key));
            accounts[place].signer = accounts[place].key == wallet().0;
        }
        if let Ok(changed) = compile(&wallet().0, &[9; 32], &all)
            && signed(order, &changed).is_ok()
        {
            prop_assert!(means_the_same(message, &changed), "account {place} of {step} of {kind}");
        }
    }
}
