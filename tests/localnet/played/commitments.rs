//! What the stream tells at each commitment, by the client that Yellowstone's own users have: of slots that were left,
//! of blocks that a fork took back, of transactions that failed.

use std::collections::HashMap;

use momentum_core::ids::Pubkey;
use momentum_localnet::chain::{Agent, Chain, Coin, Options, Surfaces, Way};
use momentum_pump::address::bonding_curve;
use momentum_pump::programs::PUMP;
use yellowstone_grpc_proto::geyser::subscribe_update::UpdateOneof;
use yellowstone_grpc_proto::geyser::{
    CommitmentLevel, SlotStatus, SubscribeRequest, SubscribeRequestFilterBlocksMeta,
    SubscribeRequestFilterSlots, SubscribeRequestFilterTransactions,
};

use crate::accounts::{Subscription, named};
use crate::life::{SOL, succeeded};

/// What was told of a slot.
#[derive(Debug, Default, PartialEq)]
struct Told {
    /// Names of transactions in their order.
    transactions: Vec<Vec<u8>>,
    /// How often the account was told that is asked for.
    accounts: usize,
    /// How often its block was.
    blocks: usize,
    /// How it ended.
    end: SlotStatus,
}

/// Asks for the program's transactions, for this account, for slots and for blocks.
fn request(account: &Pubkey, commitment: CommitmentLevel) -> SubscribeRequest {
    let slots = SubscribeRequestFilterSlots { filter_by_commitment: None, interslot_updates: Some(true) };
    SubscribeRequest {
        accounts: HashMap::from([("account".to_owned(), named(account))]),
        transactions: HashMap::from([("pump".to_owned(), transactions(None, None))]),
        slots: HashMap::from([("slots".to_owned(), slots)]),
        blocks_meta: HashMap::from([("blocks".to_owned(), SubscribeRequestFilterBlocksMeta {})]),
        commitment: Some(i32::from(commitment)),
        ..SubscribeRequest::default()
    }
}

fn transactions(failed: Option<bool>, vote: Option<bool>) -> SubscribeRequestFilterTransactions {
    let account_include = vec![PUMP.to_string()];
    SubscribeRequestFilterTransactions { failed, vote, account_include, ..Default::default() }
}

/// What is told up to the end of a slot, all of which must be of that slot.
async fn told(stream: &mut Subscription, slot: u64) -> Told {
    let mut told = Told::default();
    loop {
        match stream.next().await.update_oneof.unwrap() {
            UpdateOneof::Transaction(update) if update.slot == slot => {
                told.transactions.push(update.transaction.unwrap().signature);
            }
            UpdateOneof::Account(update) if update.slot == slot => told.accounts += 1,
            UpdateOneof::BlockMeta(update) if update.slot == slot => told.blocks += 1,
            UpdateOneof::Slot(update) if update.slot == slot => {
                match SlotStatus::try_from(update.status).unwrap() {
                    SlotStatus::SlotCreatedBank => {}
                    end => return Told { end, ..told },
                }
            }
            other => panic!("of slot {slot}: {other:?}"),
        }
    }
}

/// A chain, its surfaces, an agent of it and a coin that it has bought.
async fn stage() -> (Chain, Surfaces, Agent, Pubkey) {
    let chain = Chain::new(Options::default());
    let surfaces = chain.serve().await;
    let agent = chain.agent();
    let (mint, launched) = agent.launch(&Coin::default());
    succeeded(&agent.done(launched));
    succeeded(&agent.done(agent.buy(&mint, SOL, Way::V3)));
    (chain, surfaces, agent, mint)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_in_a_slot_that_was_left_hears_only_who_asks_for_what_is_processed() {
    let (chain, surfaces, agent, mint) = stage().await;
    let open = async |commitment| {
        Subscription::open(&surfaces.grpc_url, request(&bonding_curve(&mint), commitment)).await
    };
    let mut processed = open(CommitmentLevel::Processed).await;
    let mut confirmed = open(CommitmentLevel::Confirmed).await;
    let mut finalized = open(CommitmentLevel::Finalized).await;
    let whole = |transactions: &[Vec<u8>], end| {
        let transactions = transactions.to_vec();
        Told { accounts: transactions.len(), transactions, blocks: 1, end }
    };
    let died = || Told { end: SlotStatus::SlotDead, ..Told::default() };

    let bought = [agent.buy(&mint, SOL, Way::V3).0.to_vec()];
    let (dead, lived) = (chain.step_dead(), chain.step());
    assert_eq!(told(&mut processed, dead).await, Told { blocks: 0, ..whole(&bought, SlotStatus::SlotDead) });
    assert_eq!(told(&mut confirmed, dead).await, died());
    for stream in [&mut processed, &mut confirmed] {
        assert_eq!(told(stream, lived).await, whole(&bought, SlotStatus::SlotConfirmed));
    }

    // A fork takes back what was told as confirmed; who waits for what is final hears nothing of it.
    let dropped = [agent.buy(&mint, SOL, Way::V3).0.to_vec()];
    let taken = chain.step();
    chain.take_back(taken);
    let next = chain.step();
    for stream in [&mut processed, &mut confirmed] {
        assert_eq!(told(stream, taken).await, whole(&dropped, SlotStatus::SlotConfirmed));
    }
    chain.steps(2);
    assert_eq!(told(&mut finalized, dead).await, died());
    assert_eq!(told(&mut finalized, lived).await, whole(&bought, SlotStatus::SlotFinalized));
    assert_eq!(told(&mut finalized, taken).await, died());
    assert_eq!(told(&mut finalized, next).await, whole(&[], SlotStatus::SlotFinalized));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_and_what_votes_comes_to_those_who_do_not_say_that_they_want_none() {
    let (chain, surfaces, agent, mint) = stage().await;
    let mut streams = Vec::new();
    let asked = [
        (None, None, &[0, 1][..]),
        (Some(false), Some(false), &[1][..]),
        (Some(true), None, &[0][..]),
        (None, Some(true), &[][..]),
    ];
    for (failed, vote, expected) in asked {
        let wanted = HashMap::from([("pump".to_owned(), transactions(failed, vote))]);
        let all = request(&bonding_curve(&mint), CommitmentLevel::Confirmed);
        let request = SubscribeRequest { transactions: wanted, ..all };
        streams.push((Subscription::open(&surfaces.grpc_url, request).await, expected));
    }
    let names = [agent.sell(&mint, 1 << 60, Way::V3), agent.buy(&mint, SOL, Way::V3)];
    let slot = chain.step();
    assert_eq!(names.map(|name| chain.landed(&name).unwrap().error.is_some()), [true, false]);
    for (mut stream, expected) in streams {
        let expected: Vec<_> = expected.iter().map(|nth: &usize| names[*nth].0.to_vec()).collect();
        assert_eq!(told(&mut stream, slot).await.transactions, expected);
    }
}
