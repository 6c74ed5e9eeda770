//! The executor against loopback nodes.

use momentum_core::action::{Basis, Swap};
use momentum_core::config::{Config, Section};
use momentum_core::event::{Answer, Enriched, Known, Proof, Unknown, WalletEvent};
use momentum_core::ids::{OrderId, Pubkey, Seq, Signature};
use momentum_core::quotes::{Curve, Liquidity, Rates};
use momentum_core::units::{Bps, TokenAmount};
use momentum_localnet::chain::{Agent, Chain, Coin as Launched, Options, Surfaces, Way};
use momentum_localnet::rpc::{Fault, GENESIS, RpcNode, Written};
use serde_json::json;
use solana_sdk::signature::Keypair;
use tokio::sync::mpsc::Receiver;

use super::*;
use crate::clock;
use crate::endpoints::{Endpoint, RpcKeys};
use crate::signer::SendLimits;
use crate::wallets::Wallets;

const MS: Duration = Duration::from_millis(1);
const SIGNATURE: Signature = Signature([7; 64]);

fn keys() -> LiveKeys {
    LiveKeys {
        track_every: MS * 20,
        resend_every: MS * 50,
        witness_every: MS * 20,
        blockhash_every: MS * 20,
        ..LiveKeys::shipped()
    }
}

async fn node(slot: u64) -> RpcNode<Written> {
    RpcNode::start(Written { slot, ..Written::default() }).await
}

pub(super) fn order() -> Order {
    Order {
        attempt: AttemptId { order: OrderId { seq: Seq(5), nth: 0 }, number: 1 },
        mint: Mint(Pubkey([1; 32])),
        wallet: Wallet(Pubkey([2; 32])),
        swap: Swap::Sell { tokens: TokenAmount(5), min_lamports: Lamports(1) },
        exit: None,
        bound: Bps(500),
        priority: Lamports(10_000),
        tip: Lamports(10_000),
        urgent: false,
        whole_balance: true,
        draw: 0,
        basis: Basis { liquidity: Liquidity::Curve(Curve::FRESH), rates: Rates::default() },
    }
}

/// An executor that took over one attempt, which may land up to block 1,000.
fn executor(nodes: &[&RpcNode<Written>]) -> (ExecutionHandle, Receiver<Event>, CancellationToken) {
    let (handle, events, mut running) = idle(nodes);
    let cancel = CancellationToken::new();
    tokio::spawn({
        let cancel = cancel.clone();
        async move { running.run(&cancel).await }
    });
    (handle, events, cancel)
}

/// The same before it runs.
fn idle(nodes: &[&RpcNode<Written>]) -> (ExecutionHandle, Receiver<Event>, Running) {
    let endpoint =
        |(nth, node): (usize, &&RpcNode<Written>)| Endpoint { name: nth.to_string(), url: node.url().into() };
    let quick = RpcKeys { timeout: MS * 500, rate: 10_000, burst: 10_000, ..RpcKeys::shipped() };
    let rpc =
        Rpc::new(nodes.iter().enumerate().map(endpoint).collect(), &quick, Some(GENESIS.to_owned())).unwrap();
    let bytes = Bytes { signature: SIGNATURE, last_valid_height: 1_000, raw: vec![1; 100] };
    let inherited = vec![Inherited { order: order(), bytes: Some(bytes) }];
    let left = Left { inherited, ..Left::default() };
    let (out, events) = mpsc::channel(64);
    let standing = watch::Sender::default();
    let config = Config::default();
    let limits = SendLimits::new(&config.risk, &config.execution);
    let workshop = Workshop::new(Wallets::default(), limits, &keys());
    let (handle, running) = Executor::inherit(rpc, workshop, &keys(), left, out, standing);
    (handle, events, running)
}

/// What is told of executions within this time.
async fn told(events: &mut Receiver<Event>, within: Duration) -> Option<ExecutionKind> {
    let next = async {
        while let Some(event) = events.recv().await {
            if let Event::Execution(event) = event {
                return Some(event.kind);
            }
        }
        None
    };
    tokio::time::timeout(within, next).await.ok().flatten()
}

#[tokio::test]
async fn an_attempt_ends_when_two_endpoints_say_that_it_can_never_land_and_not_before() {
    let (first, second) = (node(1_001).await, node(1_000).await);
    let (handle, mut events, _cancel) = executor(&[&first, &second]);
    handle.resolve(order().attempt);
    let sent = Some(ExecutionKind::Sent { lane: "earlier".to_owned() });
    assert_eq!(told(&mut events, MS * 5_000).await, sent, "a sale that was signed may have left");
    assert_eq!(told(&mut events, MS * 400).await, None, "the second is at its last valid height");
    second.ledger().slot = 1_001;
    assert_eq!(told(&mut events, MS * 5_000).await, Some(ExecutionKind::Expired));
    handle.resolve(order().attempt);
    assert_eq!(told(&mut events, MS * 200).await, None, "its end was told");
    assert!(!first.asked().contains(&"sendTransaction".to_owned()), "to resolve is not to send");
}

#[tokio::test]
async fn a_signature_that_one_endpoint_knows_never_expires() {
    let (first, second) = (node(2_000).await, node(2_000).await);
    let seen = json!({ "slot": 900, "confirmations": 1, "err": null, "confirmationStatus": "processed" });
    second.ledger().statuses.insert(SIGNATURE.to_string(), seen);
    let (_handle, mut events, _cancel) = executor(&[&first, &second]);
    assert_eq!(told(&mut events, MS * 600).await, None);
    second.ledger().statuses.clear();
    assert_eq!(told(&mut events, MS * 5_000).await, Some(ExecutionKind::Expired));
}

#[tokio::test]
async fn bytes_go_to_every_endpoint_again_and_again_whatever_they_say() {
    let (first, second) = (node(500).await, node(500).await);
    let (handle, mut events, _cancel) = executor(&[&first, &second]);
    second.faults().always(Fault::Status(500));
    handle.broadcast(order().attempt);
    assert_eq!(told(&mut events, MS * 5_000).await, Some(ExecutionKind::Sent { lane: "public".to_owned() }));
    let sent =
        |node: &RpcNode<Written>| node.asked().iter().filter(|method| *method == "sendTransaction").count();
    while sent(&first) < 3 || sent(&second) < 3 {
        tokio::time::sleep(MS * 10).await;
    }
    assert_eq!(told(&mut events, MS * 100).await, None, "no error ends it");
    handle.resolve(order().attempt);
    tokio::time::sleep(MS * 50).await;
    let before = sent(&first);
    tokio::time::sleep(MS * 200).await;
    assert_eq!(sent(&first), before, "what is only to be resolved is not sent");
}

#[tokio::test]
async fn the_end_of_an_attempt_is_told_once() {
    let (first, second) = (node(2_000).await, node(2_000).await);
    let (handle, mut events, _cancel) = executor(&[&first, &second]);
    assert_eq!(told(&mut events, MS * 5_000).await, Some(ExecutionKind::Expired));
    // A wish that was under way meanwhile: the engine of a bot that starts asks for all that it inherits.
    handle.resolve(order().attempt);
    assert_eq!(told(&mut events, MS * 200).await, None);
}

#[tokio::test]
async fn a_reading_of_balances_in_which_something_of_ours_was_in_flight_is_told_of_nothing() {
    let (first, second) = (node(1_000).await, node(1_000).await);
    // It begins beside the attempt and lasts until the second node is asked, behind the attempt's end.
    first.faults().always_of("getMultipleAccounts", Fault::Hanging);
    let (handle, mut events, _cancel) = executor(&[&first, &second]);
    while !first.asked().contains(&"getMultipleAccounts".to_owned()) {
        tokio::time::sleep(MS).await;
    }
    for node in [&first, &second] {
        node.ledger().slot = 1_100;
    }
    let (mut ended, mut held) = (None, 0);
    let began = loop {
        let event = tokio::time::timeout(MS * 60_000, events.recv()).await.unwrap().unwrap();
        match event {
            Event::Execution(told) if told.kind == ExecutionKind::Expired => {
                first.faults().clear();
                ended = Some(clock::now());
                handle.refresh();
            }
            Event::Wallet(WalletEvent::Read { began }) => break began,
            Event::Wallet(WalletEvent::Holding { .. }) => held += 1,
            _ => {}
        }
    };
    assert!(ended.is_some_and(|ended| began >= ended), "of {began}, and it ended at {ended:?}");
    assert_eq!(held, 1, "the token is told once, by the reading that counts");
}

#[tokio::test]
async fn what_was_never_signed_is_over_at_once() {
    let node = node(500).await;
    let (handle, mut events, _cancel) = executor(&[&node]);
    handle.resolve(AttemptId { number: 2, ..order().attempt });
    let refused = told(&mut events, MS * 5_000).await;
    assert_eq!(refused, Some(ExecutionKind::Refused { why: "it was never signed".to_owned() }));
}

#[tokio::test]
async fn an_order_that_had_no_bytes_yet_when_the_executor_died_is_refused_when_it_is_begun_again() {
    let node = node(500).await;
    let (handle, mut events, mut running) = idle(&[&node]);
    let sale = Order { attempt: AttemptId { number: 2, ..order().attempt }, ..order() };
    let cancel = CancellationToken::new();
    handle.submit(&sale);
    let read = async {
        while node.asked().is_empty() {
            tokio::time::sleep(MS).await;
        }
    };
    node.faults().always(Fault::Hanging);
    // As a panic does: what was under way is dropped, once there is something.
    tokio::select! {
        () = running.run(&cancel) => panic!("it ends by itself"),
        () = read => {}
    }
    assert_eq!(told(&mut events, MS * 100).await, None);
    tokio::spawn(async move { running.run(&cancel).await });
    let told = told(&mut events, MS * 5_000).await;
    assert!(matches!(&told, Some(ExecutionKind::Refused { why }) if why.contains("died")), "{told:?}");
}

/// An executor on a chain that runs the programs, with a coin that somebody trades and a wallet.
struct OnChain {
    handle: ExecutionHandle,
    events: Receiver<Event>,
    order: Order,
    limits: SendLimits,
    chain: Chain,
    ours: Agent,
    surfaces: Surfaces,
    _cancel: CancellationToken,
}

/// Somebody buys the coin in each of these slots, at this price for its place.
async fn on_chain(slots: u64, price: u64) -> OnChain {
    let chain = Chain::new(Options::default());
    let surfaces = chain.serve().await;
    let (agent, ours) = (chain.agent(), chain.agent());
    chain.set_price(price);
    let (mint, launched) = agent.launch(&Launched::default());
    agent.done(launched);
    for _ in 1..slots {
        agent.done(agent.buy(&mint, 10_000_000, Way::V3));
    }
    let endpoint = |url: &String| Endpoint { name: url.clone(), url: url.clone().into() };
    let endpoints = [&surfaces.rpc_url, &surfaces.backup_url].map(endpoint);
    let quick = RpcKeys { rate: 10_000, burst: 10_000, ..RpcKeys::shipped() };
    let rpc = Rpc::new(endpoints.into(), &quick, None).unwrap();
    let config = Config::default();
    let limits = SendLimits::new(&config.risk, &config.execution);
    let wallets = Wallets::of(vec![Keypair::try_from(&ours.key()[..]).unwrap()]);
    let workshop = Workshop::new(wallets, limits.clone(), &keys());
    let (out, events) = mpsc::channel(64);
    let (handle, mut running) =
        Executor::inherit(rpc, workshop, &keys(), Left::default(), out, watch::Sender::default());
    let cancel = CancellationToken::new();
    tokio::spawn({
        let cancel = cancel.clone();
        async move { running.run(&cancel).await }
    });
    let order = Order {
        mint: Mint(mint),
        wallet: Wallet(ours.address()),
        swap: Swap::Buy { spend: Lamports(100_000_000), min_tokens: TokenAmount(1) },
        whole_balance: false,
        ..order()
    };
    OnChain { handle, events, order, limits, chain, ours, surfaces, _cancel: cancel }
}

impl OnChain {
    /// Half of what a buy brought is signed for sale; how many tokens that is. Nothing lands before the next slot.
    async fn with_half_to_sell(&mut self) -> u64 {
        self.handle.submit(&self.order);
        let prepared = told(&mut self.events, MS * 20_000).await;
        assert!(matches!(prepared, Some(ExecutionKind::Prepared { .. })), "{prepared:?}");
        self.handle.broadcast(self.order.attempt);
        let bought = loop {
            self.chain.step();
            match told(&mut self.events, MS * 50).await {
                None | Some(ExecutionKind::Sent { .. }) => {}
                Some(ExecutionKind::Landed { fill, .. }) => break fill.tokens.0,
                other => panic!("{other:?}"),
            }
        };
        let half = bought / 2;
        self.order.attempt.number += 1;
        self.order.swap = Swap::Sell { tokens: TokenAmount(half), min_lamports: Lamports(1) };
        self.handle.submit(&self.order);
        let prepared = told(&mut self.events, MS * 20_000).await;
        assert!(matches!(prepared, Some(ExecutionKind::Prepared { .. })), "{prepared:?}");
        half
    }

    /// Our tokens of the coin.
    fn held(&self) -> u64 {
        self.ours.tokens(&self.order.mint.0)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_is_gone_is_not_given_up_because_nodes_forgot_its_sale() {
    let mut stage = on_chain(1, 0).await;
    let half = stage.with_half_to_sell().await;
    let bought = stage.held();
    let nodes = [stage.surfaces.rpc.faults().clone(), stage.surfaces.backup.faults().clone()];
    nodes.iter().for_each(|node| node.always(Fault::Forgets(stage.chain.slot() + 1)));
    stage.handle.broadcast(stage.order.attempt);
    while stage.held() == bought {
        stage.chain.step();
        let sent = told(&mut stage.events, MS * 50).await;
        assert!(matches!(sent, None | Some(ExecutionKind::Sent { .. })), "{sent:?}");
    }
    assert_eq!(stage.held(), bought - half);
    stage.chain.steps(200);
    let looked =
        |stage: &OnChain| stage.surfaces.rpc.asked().iter().any(|method| method == "getSignaturesForAddress");
    while !looked(&stage) {
        assert_eq!(told(&mut stage.events, MS * 20).await, None, "it is not over");
    }
    assert_eq!(told(&mut stage.events, MS * 500).await, None, "nor because nobody took them");
    nodes.iter().for_each(|node| node.clear());
    let landed = told(&mut stage.events, MS * 20_000).await;
    let Some(ExecutionKind::Landed { fill, .. }) = landed else { panic!("{landed:?}") };
    assert_eq!(fill.tokens, TokenAmount(half), "they know it again");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sale_of_a_part_is_over_where_another_hand_took_as_many() {
    let mut stage = on_chain(1, 0).await;
    let half = stage.with_half_to_sell().await;
    let (bought, mint) = (stage.held(), stage.order.mint.0);
    // It never leaves.
    stage.handle.resolve(stage.order.attempt);
    let sold = stage.ours.sell(&mint, half, stage.ours.way(&mint));
    stage.ours.done(sold);
    assert_eq!(stage.held(), bought - half);
    stage.chain.steps(200);
    assert_eq!(told(&mut stage.events, MS * 20_000).await, Some(ExecutionKind::Expired));
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_that_change_at_work_hold_for_the_next_bytes() {
    let mut stage = on_chain(1, 0).await;
    let mut made = Vec::new();
    for (number, fee) in (1_u16..).zip([10_000, 9_999, 10_000]) {
        stage.handle.limit(SendLimits { fee: Lamports(fee), ..stage.limits.clone() });
        stage.order.attempt.number = number;
        stage.order.swap = Swap::Buy { spend: Lamports(100_000_000), min_tokens: TokenAmount(number.into()) };
        stage.handle.submit(&stage.order);
        made.push(told(&mut stage.events, MS * 20_000).await.unwrap());
    }
    assert!(matches!(made[0], ExecutionKind::Prepared { .. }), "{made:?}");
    assert!(matches!(&made[1], ExecutionKind::Refused { why } if why.contains("priority fee")), "{made:?}");
    assert!(matches!(made[2], ExecutionKind::Prepared { .. }), "{made:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_says_what_another_said_waits_for_bytes_of_its_own() {
    let mut stage = on_chain(1, 0).await;
    let mut signatures = Vec::new();
    for number in 1..=3 {
        stage.order.attempt.number = number;
        stage.handle.submit(&stage.order);
        if number > 1 {
            assert_eq!(told(&mut stage.events, MS * 500).await, None, "the blockhash is the same");
            stage.chain.step();
        }
        match told(&mut stage.events, MS * 20_000).await {
            Some(ExecutionKind::Prepared { signature, .. }) => signatures.push(signature),
            other => panic!("{other:?}"),
        }
    }
    assert!(signatures[0] != signatures[1] && signatures[1] != signatures[2], "{signatures:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_brings_lamports_away_is_signed_where_a_theft_stands_and_it_would_leave_nothing() {
    let mut stage = on_chain(1, 0).await;
    let cold = Wallet(Pubkey([77; 32]));
    let all = stage.chain.balance(&stage.order.wallet.0) - 5_000 - stage.order.priority.0;
    let mut made = Vec::new();
    for (number, allowed, lamports) in [(1, None, all), (2, Some(cold), all - 1), (3, Some(cold), all)] {
        stage.handle.limit(SendLimits { cold: allowed, ..stage.limits.clone() });
        stage.order.attempt.number = number;
        stage.order.swap = Swap::Withdraw { to: cold, lamports: Lamports(lamports) };
        stage.handle.submit(&stage.order);
        made.push(told(&mut stage.events, MS * 20_000).await.unwrap());
    }
    let refused = |made: &ExecutionKind, said: &str| {
        assert!(matches!(made, ExecutionKind::Refused { why } if why.contains(said)), "{said}: {made:?}");
    };
    refused(&made[0], "neither ours nor to be tipped");
    refused(&made[1], "it would not be sent");
    assert!(matches!(made[2], ExecutionKind::Prepared { .. }), "{made:?}");
}

async fn fee(events: &mut Receiver<Event>) -> (Timestamp, Known<Lamports>) {
    loop {
        if let Event::Enriched(enriched) = events.recv().await.unwrap()
            && let Answer::Priority(fee) = enriched.answer
        {
            return (enriched.asked, fee);
        }
    }
}

/// The proof of the coin, and what was told before it that others pay, if that was told.
async fn proof(stage: &mut OnChain) -> (Option<Lamports>, Known<Proof>) {
    let mint = stage.order.mint;
    stage.handle.prove(mint, Lamports(100_000_000), Timestamp(7));
    let mut paid = None;
    loop {
        let Event::Enriched(enriched) = stage.events.recv().await.unwrap() else { continue };
        let Enriched { mint: of, asked, answer, .. } = *enriched;
        match answer {
            Answer::Priority(fee) => {
                assert_eq!((of, asked), (mint, Timestamp(7)));
                paid = Some(fee.unwrap());
            }
            Answer::Proof(proof) => return (paid, proof),
            _ => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn before_its_proof_it_is_told_what_others_pay_for_what_the_proof_took() {
    let mut stage = on_chain(20, 100_000).await;
    // The other node simulates it, when the answer about fees has long been there.
    stage.surfaces.rpc.faults().always_of("simulateTransaction", Fault::Hanging);
    let (paid, proven) = proof(&mut stage).await;
    // A fifth is added to its units. Each transaction pays a little more than the one before; slots before the launch
    // were free.
    let units = proven.unwrap().compute_units * 6 / 5;
    let (paid, least) = (paid.expect("it is told before").0, units.div_ceil(10));
    assert!((least..least + 10).contains(&paid), "{paid} for {units} units");
    assert!(units < 300_000, "there would be no difference to the limit without a proof");
    stage.handle.prove(Mint(Pubkey([5; 32])), Lamports(100_000_000), Timestamp(8));
    assert_eq!(fee(&mut stage.events).await, (Timestamp(8), Ok(Lamports::ZERO)), "nobody trades it");
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_do_not_say_what_others_pay_keep_no_proof_waiting() {
    let mut stage = on_chain(20, 100_000).await;
    for node in [&stage.surfaces.rpc, &stage.surfaces.backup] {
        node.faults().always_of("getRecentPrioritizationFees", Fault::Hanging);
    }
    let (paid, proven) = proof(&mut stage).await;
    assert!(paid.is_none() && proven.is_ok(), "{paid:?}, {proven:?}");
    assert_eq!(fee(&mut stage.events).await, (Timestamp(7), Err(Unknown::Failed)), "it was asked on");
}
