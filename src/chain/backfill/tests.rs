//! Gaps filled through the real client from a loopback node.

use std::env;
use std::path::PathBuf;

use momentum_core::config::Section;
use momentum_core::event::{MarketEvent, MarketKind};
use momentum_core::ids::{Pubkey, Signature};
use momentum_core::time::ChainTime;
use momentum_localnet::rpc::{Block as Written, Fault, RpcNode, Written as Ledger};
use momentum_pump::events::{CompleteEvent, RawEvent};
use momentum_pump::instructions::{AccountMeta, Instruction};
use momentum_pump::synthetic::{Call, synthetic_transaction};
use momentum_pump::transaction::OwnedTransaction;

use super::*;
use crate::endpoints::Endpoint;

const FROM: Slot = Slot(100);
const TO: Slot = Slot(109);

/// A transaction that completes the curve of the mint of that number.
fn completing(mint: u8) -> OwnedTransaction {
    let key = Pubkey([mint; 32]);
    let account = AccountMeta { key, signer: true, writable: true };
    let instruction = Instruction { program: PUMP, accounts: vec![account], data: vec![1; 24] };
    let event = CompleteEvent {
        user: key,
        mint: key,
        bonding_curve: key,
        timestamp: 1_790_000_000,
        quote_mint: None,
        trailing: &[],
    };
    let calls = [Call { instruction: &instruction, events: &[RawEvent::Complete(event)] }];
    synthetic_transaction(Signature([mint; 64]), Slot(0), ChainTime(0), &calls).unwrap()
}

/// A transaction of somebody else.
fn foreign() -> OwnedTransaction {
    let instruction = Instruction { program: Pubkey([77; 32]), accounts: Vec::new(), data: vec![1] };
    let calls = [Call { instruction: &instruction, events: &[] }];
    synthetic_transaction(Signature([77; 64]), Slot(0), ChainTime(0), &calls).unwrap()
}

/// Blocks in these slots, each the child of the one before, each completing the curve of the mint of its slot.
async fn node(slots: &[u64]) -> RpcNode<Ledger> {
    let mut ledger = Ledger { slot: 1_000, ..Ledger::default() };
    let mut parent = 98;
    for slot in slots {
        let transactions = vec![foreign(), completing(u8::try_from(*slot).unwrap())];
        ledger.blocks.insert(*slot, Written { parent, time: ChainTime(1_790_000_000), transactions });
        parent = *slot;
    }
    RpcNode::start(ledger).await
}

fn filler(nodes: &[&RpcNode<Ledger>]) -> Filler {
    let endpoint = |node: &&RpcNode<Ledger>| Endpoint { name: "node".into(), url: node.url().into() };
    let keys = RpcKeys { rate: 10_000, burst: 10_000, fill_slots_max: 20, ..RpcKeys::shipped() };
    Filler::new(Rpc::new(nodes.iter().map(endpoint).collect(), &keys, None).unwrap(), &keys)
}

fn markets(events: Vec<Event>) -> Vec<MarketEvent> {
    let market = |event| match event {
        Event::Market(event) => *event,
        other => panic!("{other:?}"),
    };
    events.into_iter().map(market).collect()
}

fn slots(events: Vec<Event>) -> Vec<u64> {
    markets(events).iter().map(|event| event.slot.unwrap().0).collect()
}

#[tokio::test]
async fn a_gap_is_filled_in_order_and_skipped_slots_are_no_loss() {
    let node = node(&[99, 101, 102, 105, 109, 110]).await;
    let events = markets(filler(&[&node]).fill(FROM, TO).await.unwrap());
    assert_eq!(events.len(), 4);
    for (event, slot) in events.iter().zip([101, 102, 105, 109]) {
        let mint = Pubkey([u8::try_from(slot).unwrap(); 32]);
        assert_eq!((event.slot, event.mint.0, event.ordinal), (Some(Slot(slot)), mint, 0));
        assert!(matches!(event.kind, MarketKind::Completed { .. }));
        assert_eq!(event.at, ChainTime(1_790_000_000));
    }
    assert_eq!(filler(&[&node]).fill(TO, FROM).await.unwrap(), [], "nothing is missing");
}

#[tokio::test]
async fn a_gap_whose_end_was_skipped_is_whole_when_the_next_block_says_so() {
    let node = node(&[99, 101, 104, 120]).await;
    assert_eq!(slots(filler(&[&node]).fill(FROM, TO).await.unwrap()), [101, 104]);
    assert_eq!(node.asked().iter().filter(|method| *method == "getBlock").count(), 3);
    assert_eq!(slots(filler(&[&node]).fill(Slot(105), TO).await.unwrap()), [0; 0], "all of it was skipped");
}

#[tokio::test]
async fn a_block_that_is_left_out_is_missed() {
    for left_out in [101, 102, 104] {
        let node = node(&[99, 101, 102, 104, 110]).await;
        node.ledger().blocks.remove(&left_out);
        let error = filler(&[&node]).fill(FROM, TO).await.unwrap_err();
        assert!(matches!(error, FillError::Broken { slot } if slot.0 > left_out), "{left_out}: {error}");
    }
}

#[tokio::test]
async fn what_is_not_there_yet_or_too_long_is_said() {
    let node = node(&[99, 101, 102]).await;
    assert!(matches!(filler(&[&node]).fill(FROM, TO).await, Err(FillError::NotYet { to: TO })));
    let asked = node.asked().len();
    let error = filler(&[&node]).fill(FROM, Slot(120)).await.unwrap_err();
    assert_eq!(error.to_string(), "the gap has 21 slots, more than the 20 that are filled");
    assert!(matches!(filler(&[&node]).fill(Slot(0), Slot(u64::MAX)).await, Err(FillError::TooLong { .. })));
    assert_eq!(node.asked().len(), asked, "nothing is asked for that");
}

#[tokio::test]
async fn failed_transactions_mean_nothing_and_unreadable_ones_are_named() {
    let node = node(&[99, 101, 109]).await;
    node.ledger().blocks.get_mut(&101).unwrap().transactions[1].failed = true;
    assert_eq!(slots(filler(&[&node]).fill(FROM, TO).await.unwrap()), [109]);
    // A transaction without its parts is skipped where it is somebody else's, and named where it is of ours.
    let read = |program: Pubkey| {
        let body =
            json!({ "transactions": [{ "transaction": { "message": program.to_string() }, "meta": {} }] });
        read(&Block { slot: 101, parent: 99, body }, &mut Vec::new(), &mut Counts::default())
    };
    assert!(read(Pubkey([77; 32])).is_ok());
    for program in [PUMP, PUMP_AMM] {
        let error = read(program).unwrap_err().to_string();
        assert!(
            error.starts_with("a transaction in slot 101 cannot be read: not a transaction's JSON"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_gap_is_filled_through_faults_and_by_the_backup() {
    let all = [99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109];
    let (primary, backup) = (node(&all).await, node(&all).await);
    primary.ledger().blocks.remove(&105);
    let faults =
        [Fault::None, Fault::None, Fault::Status(503), Fault::Truncated, Fault::Reset, Fault::Garbage];
    primary.faults().script(faults);
    // The primary lists a block fewer than there are: that is noticed, and the backup alone has all.
    let error = filler(&[&primary]).fill(FROM, TO).await.unwrap_err();
    assert!(matches!(error, FillError::Broken { slot: Slot(106) }), "{error}");
    primary.faults().script([Fault::None, Fault::Status(500)]);
    let filled = filler(&[&primary, &backup]).fill(FROM, Slot(104)).await.unwrap();
    assert_eq!(slots(filled), [100, 101, 102, 103, 104]);
    primary.faults().always(Fault::Status(500));
    assert_eq!(slots(filler(&[&primary, &backup]).fill(FROM, TO).await.unwrap()).len(), 10);
}

#[tokio::test]
async fn recorded_transactions_mean_in_a_block_what_they_mean_alone() {
    let folder = env::var_os("MOMENTUM_TEST_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/pumpfun")),
        PathBuf::from,
    );
    let folder = folder.join("fixtures/transactions");
    let Ok(files) = std::fs::read_dir(&folder) else {
        assert!(env::var_os("CI").is_none(), "no recordings at {}, which CI must have", folder.display());
        println!("skipped: no recordings at {}", folder.display());
        return;
    };
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    let texts = files.iter().map(|file| std::fs::read_to_string(file).unwrap());
    let transactions: Vec<_> = texts.filter_map(|text| read_transactions(&text).ok()).flatten().collect();
    let node = node(&[99, 101, 109]).await;
    let mut expected = Vec::new();
    for transaction in &transactions {
        // In a block they stand in its slot and at its time.
        let mut placed = transaction.clone();
        placed.slot = Some(Slot(101));
        placed.time = Some(ChainTime(1_790_000_000));
        decode(
            &placed,
            |_| None,
            |outcome| {
                if let Outcome::Decoded(event) = outcome {
                    expected.push(event);
                }
            },
        );
    }
    assert!(expected.len() > 8, "{}", expected.len());
    node.ledger().blocks.get_mut(&101).unwrap().transactions = transactions;
    let mut filled = markets(filler(&[&node]).fill(FROM, TO).await.unwrap());
    filled.retain(|event| event.slot == Some(Slot(101)));
    assert_eq!(filled, expected);
}
