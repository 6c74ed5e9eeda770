//! The real client against loopback nodes that misbehave in every way.

use std::time::Duration;

use momentum_core::config::Section;
use momentum_localnet::rpc::{Fault, Faults, GENESIS, RpcNode, Written};
use momentum_pump::programs::SYSTEM;
use solana_client::client_error::ClientError;

use super::*;

const MS: Duration = Duration::from_millis(1);

/// Short times, so that what should take long does not.
fn keys() -> RpcKeys {
    RpcKeys {
        timeout: MS * 1_000,
        deadline: MS * 10_000,
        retries: 3,
        backoff: MS,
        backoff_max: MS * 4,
        rest_max: MS * 40,
        rate: 10_000,
        burst: 10_000,
        breaker_failures: 2,
        breaker_pause: MS * 30,
        breaker_pause_max: MS * 60,
        check_every: MS * 10,
        ..RpcKeys::shipped()
    }
}

async fn node() -> RpcNode<Written> {
    RpcNode::start(Written { slot: 1_000, ..Written::default() }).await
}

fn rpc(nodes: &[&RpcNode<Written>], keys: &RpcKeys) -> Rpc {
    let names = ["primary", "backup", "third"].into_iter();
    let endpoint = |(name, node): (&str, &&RpcNode<Written>)| Endpoint {
        name: name.to_owned(),
        url: (node.url() + "sesame-open-sesame").into(),
    };
    Rpc::new(names.zip(nodes).map(endpoint).collect(), keys, Some(GENESIS.to_owned())).unwrap()
}

fn class_of(error: ClientError) -> Option<Class> {
    Failure::from(error).class()
}

#[tokio::test]
async fn each_fault_is_counted_in_its_class_and_answered_by_the_backup() {
    let cases = [
        (Fault::TooMany { retry_after: None }, Class::RateLimited),
        (Fault::TooMany { retry_after: Some(1) }, Class::RateLimited),
        (Fault::Status(500), Class::Server),
        (Fault::Status(503), Class::Server),
        (Fault::Status(403), Class::Forbidden),
        (Fault::Status(301), Class::Forbidden),
        (Fault::Garbage, Class::Garbage),
        (Fault::Truncated, Class::Transport),
        (Fault::Hanging, Class::TimedOut),
        (Fault::Reset, Class::Transport),
    ];
    for (fault, class) in cases {
        let (primary, backup) = (node().await, node().await);
        let rpc = rpc(&[&primary, &backup], &keys());
        primary.faults().script([Fault::None, fault]);
        assert_eq!(rpc.client().get_slot().await.unwrap(), 1_000, "{fault:?}");
        let health = &rpc.health()[0];
        assert_eq!(health.failures, BTreeMap::from([(class, 1)]), "{fault:?}");
        assert_eq!(backup.asked(), ["getGenesisHash", "getSlot"], "{fault:?}");
    }
}

#[tokio::test]
async fn a_single_endpoint_is_asked_again_and_the_last_failure_is_the_answer() {
    let node = node().await;
    let keys = RpcKeys { breaker_failures: 100, ..keys() };
    let alone = rpc(&[&node], &keys);
    node.faults().script([Fault::Status(500), Fault::Garbage, Fault::Reset]);
    assert_eq!(alone.client().get_slot().await.unwrap(), 1_000);
    node.faults().always(Fault::Status(502));
    let error = alone.client().get_slot().await.unwrap_err();
    assert_eq!(class_of(error), Some(Class::Server));
    assert_eq!(alone.health()[0].failures[&Class::Server], 5, "one before, then one and three retries");
}

#[tokio::test]
async fn an_endpoint_that_asks_for_patience_gets_it() {
    let (primary, backup) = (node().await, node().await);
    let keys = RpcKeys { rest_max: Duration::from_secs(600), ..keys() };
    let rpc = rpc(&[&primary, &backup], &keys);
    primary.faults().script([Fault::None, Fault::TooMany { retry_after: Some(300) }]);
    for _ in 0..5 {
        rpc.client().get_slot().await.unwrap();
    }
    rpc.check().await;
    assert_eq!(primary.asked(), ["getGenesisHash", "getSlot"], "left alone");
    let health = &rpc.health()[0];
    assert!(health.rests_for.unwrap() > Duration::from_secs(290) && !health.usable);
    assert_eq!(health.breaker, BreakerState::Closed, "it works");
}

#[tokio::test]
async fn what_a_node_says_no_to_is_not_asked_twice() {
    let (primary, backup) = (node().await, node().await);
    let rpc = rpc(&[&primary, &backup], &keys());
    let error = rpc.client().get_minimum_balance_for_rent_exemption(5).await.unwrap_err();
    let Failure::Method { code, message, .. } = Failure::from(error) else { panic!("a method's error") };
    assert_eq!((code, message.as_str()), (-32601, "Method not found"));
    assert_eq!(backup.asked(), [""; 0]);
    assert!(rpc.health()[0].usable);
}

#[tokio::test]
async fn a_block_that_one_node_does_not_have_the_next_is_asked_for() {
    let (primary, backup) = (node().await, node().await);
    backup.ledger().blocks.insert(7, Default::default());
    let rpc = rpc(&[&primary, &backup], &keys());
    let block = rpc.ask(RpcRequest::GetBlock, json!([7])).await.unwrap();
    assert_eq!(block["blockHeight"], 7);
    assert_eq!(rpc.health()[0].failures, BTreeMap::from([(Class::Behind, 1)]));
}

#[tokio::test]
async fn the_breaker_opens_half_opens_and_the_primary_is_first_again() {
    let (primary, backup) = (node().await, node().await);
    let rpc = rpc(&[&primary, &backup], &keys());
    rpc.client().get_slot().await.unwrap();
    primary.faults().always(Fault::Status(500));
    for _ in 0..5 {
        rpc.client().get_slot().await.unwrap();
    }
    let asked = primary.asked().len();
    assert_eq!(asked, 4, "its network, one answer, two failures: then the breaker is open");
    assert_ne!(rpc.health()[0].breaker, BreakerState::Closed);
    // The watch probes it; a failed probe keeps it out.
    let cancel = CancellationToken::new();
    let watch = tokio::spawn({
        let (rpc, cancel) = (rpc.clone(), cancel.clone());
        async move { rpc.watch(cancel).await }
    });
    until(|| primary.asked().len() > asked).await;
    assert!(!rpc.health()[0].usable);
    primary.faults().clear();
    until(|| rpc.health()[0].usable).await;
    let asked = backup.asked().len();
    cancel.cancel();
    watch.await.unwrap();
    let during = backup.asked().len() - asked;
    rpc.client().get_block_height().await.unwrap();
    assert_eq!(primary.asked().last().unwrap(), "getBlockHeight");
    assert_eq!(backup.asked().len() - asked, during, "the backup is not needed");
}

#[tokio::test]
async fn whoever_answers_behind_a_breaker_says_its_network_before_anything_else() {
    let node = node().await;
    let rpc = rpc(&[&node], &keys());
    rpc.client().get_slot().await.unwrap();
    node.faults().always(Fault::Status(500));
    while rpc.health()[0].breaker == BreakerState::Closed {
        assert!(rpc.client().get_slot().await.is_err());
    }
    node.faults().always(Fault::Contradicting);
    // No watch is at work: it is an ordinary question that finds the breaker half-open.
    until(|| rpc.health()[0].breaker == BreakerState::HalfOpen).await;
    let asked = node.asked().len();
    assert!(rpc.client().get_slot().await.is_err());
    assert_eq!(node.asked()[asked..], ["getGenesisHash"]);
    assert!(rpc.health()[0].another_network);
}

/// Waits for something that the watch brings about; a test that waits in vain fails.
async fn until(reached: impl Fn() -> bool) {
    let waiting = async {
        while !reached() {
            tokio::time::sleep(MS).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), waiting).await.expect("it comes about");
}

#[tokio::test]
async fn with_every_breaker_open_a_question_is_the_probe() {
    let only = node().await;
    let second = MS * 1_000;
    let rpc =
        rpc(&[&only], &RpcKeys { retries: 0, breaker_pause: second, breaker_pause_max: second, ..keys() });
    only.faults().always(Fault::Garbage);
    for _ in 0..2 {
        assert_eq!(class_of(rpc.client().get_slot().await.unwrap_err()), Some(Class::Garbage));
    }
    let asked = only.asked().len();
    assert!(matches!(Failure::from(rpc.client().get_slot().await.unwrap_err()), Failure::NoEndpoint));
    assert_eq!(only.asked().len(), asked, "not asked while the breaker is open");
    only.faults().clear();
    until(|| rpc.health()[0].breaker == BreakerState::HalfOpen).await;
    assert_eq!(rpc.client().get_slot().await.unwrap(), 1_000);
    assert!(rpc.health()[0].usable);
}

#[tokio::test]
async fn a_node_that_lags_is_not_asked_until_it_has_caught_up() {
    let (primary, backup) = (node().await, node().await);
    let rpc = rpc(&[&primary, &backup], &keys());
    primary.ledger().slot = 974;
    rpc.check().await;
    let health = rpc.health();
    assert_eq!((health[0].slot, health[0].slots_behind, health[0].usable), (Some(Slot(974)), 26, false));
    assert_eq!(rpc.client().get_slot().await.unwrap(), 1_000);
    // The stream may know better than all of them.
    rpc.saw(Slot(1_200));
    primary.ledger().slot = 1_175;
    rpc.check().await;
    assert_eq!(rpc.client().get_slot().await.unwrap(), 1_175, "25 slots are allowed");
    assert!(!rpc.health()[1].usable);
}

#[test]
fn one_alone_that_is_far_ahead_of_two_that_agree_is_wrong() {
    for (told, expected) in [
        (vec![], 0),
        (vec![7], 7),
        (vec![1_000, 900], 1_000),
        (vec![u64::MAX, 1_000, 990], 1_000),
        (vec![990, u64::MAX, 1_000, 1], 1_000),
        (vec![1_025, 1_000, 990], 1_025),
        (vec![1_200, 1_000, 800], 1_200),
    ] {
        assert_eq!(highest(told.iter().copied(), 25), expected, "{told:?}");
    }
}

#[tokio::test]
async fn a_node_that_tells_a_slot_that_cannot_be_takes_nobody_along() {
    let nodes = [node().await, node().await, node().await];
    let rpc = rpc(&[&nodes[0], &nodes[1], &nodes[2]], &keys());
    nodes[0].ledger().slot = u64::MAX;
    rpc.check().await;
    let health = rpc.health();
    assert_eq!(health.iter().map(|node| node.usable).collect::<Vec<_>>(), [false, true, true]);
    assert!(health[0].implausible);
    assert_eq!(rpc.client().get_slot().await.unwrap(), 1_000);
    nodes[0].ledger().slot = 1_001;
    rpc.check().await;
    assert_eq!(rpc.client().get_slot().await.unwrap(), 1_001, "it is first again");
}

#[tokio::test]
async fn an_endpoint_of_another_network_is_never_used() {
    let (primary, backup) = (node().await, node().await);
    let rpc = rpc(&[&primary, &backup], &keys());
    primary.faults().script([Fault::Contradicting]);
    for _ in 0..5 {
        rpc.client().get_slot().await.unwrap();
    }
    assert_eq!(primary.asked(), ["getGenesisHash"]);
    assert_eq!(rpc.health()[0].failures, BTreeMap::from([(Class::AnotherNetwork, 1)]));
    // Until it serves ours after all.
    rpc.check().await;
    assert!(rpc.health()[0].usable);
}

#[tokio::test]
async fn without_a_genesis_the_first_answer_names_the_network() {
    let (primary, backup) = (node().await, node().await);
    let endpoint =
        |name: &str, node: &RpcNode<Written>| Endpoint { name: name.into(), url: node.url().into() };
    let endpoints = vec![endpoint("primary", &primary), endpoint("backup", &backup)];
    let rpc = Rpc::new(endpoints, &keys(), None).unwrap();
    rpc.client().get_slot().await.unwrap();
    backup.faults().always(Fault::Contradicting);
    rpc.check().await;
    let health = rpc.health();
    assert!(health[0].usable && health[1].another_network);
}

#[tokio::test]
async fn a_node_that_is_named_twice_is_refused_however_its_address_is_written() {
    let made = |one: &str, other: &str| {
        let named = |name: &str, url: &str| Endpoint { name: name.into(), url: url.to_owned().into() };
        let between = named("b.url", "https://elsewhere.example/sesame");
        Rpc::new(vec![named("a.url", one), between, named("c.url", other)], &keys(), None).err()
    };
    let one = "https://rpc.example/sesame?key=open";
    for same in [
        one,
        "https://RPC.example/sesame?key=open",
        "https://rpc.example:443/sesame/?key=open",
        "https://rpc.example./sesame?key=open#here",
    ] {
        let refused = made(one, same).unwrap();
        assert_eq!(refused, WrongEndpoint::Same { one: "a.url".into(), other: "c.url".into() }, "{same}");
        let told = refused.to_string();
        assert!(told.contains("a.url") && told.contains("c.url") && told.contains("endpoints.rpc"), "{told}");
        assert!(!told.contains("sesame") && !told.contains("rpc.example"), "{told}");
    }
    for another in [
        "https://rpc.example:8443/sesame?key=open",
        "https://rpc.example/Sesame?key=open",
        "https://rpc.example/sesame?key=closed",
        "https://other.example/sesame?key=open",
    ] {
        assert_eq!(made(one, another), None, "{another}");
    }
}

#[tokio::test]
async fn nothing_waits_past_its_deadline() {
    let (primary, backup) = (node().await, node().await);
    let keys = RpcKeys { timeout: MS * 100, deadline: MS * 150, ..keys() };
    let hanging = rpc(&[&primary, &backup], &keys);
    for node in [&primary, &backup] {
        node.faults().always(Fault::Hanging);
    }
    assert_eq!(class_of(hanging.client().get_slot().await.unwrap_err()), Some(Class::TimedOut));
    // A 429 that asks for more than the question has.
    for node in [&primary, &backup] {
        node.faults().always(Fault::TooMany { retry_after: Some(3_600) });
    }
    let patient = rpc(&[&primary, &backup], &RpcKeys { rest_max: Duration::from_secs(600), ..keys.clone() });
    assert_eq!(class_of(patient.client().get_slot().await.unwrap_err()), Some(Class::RateLimited));
    // More requests than the rate allows.
    let slow = rpc(&[&primary], &RpcKeys { rate: 1, burst: 1, ..keys });
    primary.faults().clear();
    assert_eq!(class_of(slow.client().get_slot().await.unwrap_err()), Some(Class::RateLimited));
    assert_eq!(
        primary.asked().last().unwrap(),
        "getGenesisHash",
        "the second request of the second was held"
    );
    assert_eq!(slow.health()[0].failures, BTreeMap::new(), "which is not the endpoint's fault");
}

#[tokio::test]
async fn no_url_is_in_any_error_or_view() {
    let (primary, backup) = (node().await, node().await);
    let rpc = rpc(&[&primary, &backup], &RpcKeys { timeout: MS * 50, breaker_failures: 1_000, ..keys() });
    let mut seen = String::new();
    for fault in [Fault::Reset, Fault::Hanging, Fault::Truncated, Fault::Status(403), Fault::Garbage] {
        for node in [&primary, &backup] {
            node.faults().always(fault);
        }
        let error = rpc.client().get_slot().await.unwrap_err();
        seen += &format!("{error} {error:?} ");
        seen += &format!("{:?} ", Failure::from(error));
    }
    seen += &format!("{:?} {}", rpc.health(), rpc.client().url());
    let broken = Endpoint { name: "third".into(), url: "ftp://sesame-open-sesame".to_owned().into() };
    seen += &format!("{broken:?} ");
    let wrong = Rpc::new(vec![broken], &keys(), None).err().unwrap();
    seen += &format!("{wrong} {wrong:?}");
    for secret in ["sesame", "://", "127.0.0.1"] {
        assert!(!seen.contains(secret), "{secret} in {seen}");
    }
    assert_eq!(Rpc::new(Vec::new(), &keys(), None).err(), Some(WrongEndpoint::None));
}

/// Schedules on each side; `MOMENTUM_RPC_SCHEDULES` asks for more of them, from `MOMENTUM_RPC_SEED` on.
#[tokio::test]
async fn whatever_happens_on_one_side_the_other_answers() {
    let number = |name: &str, or: u64| std::env::var(name).map_or(or, |text| text.parse().unwrap());
    let first = number("MOMENTUM_RPC_SEED", 1);
    for seed in first..first + number("MOMENTUM_RPC_SCHEDULES", 20) {
        for broken in [0, 1] {
            let nodes = [node().await, node().await];
            nodes[1 - broken].ledger().put(SYSTEM, SYSTEM, vec![1]);
            nodes[broken].ledger().put(SYSTEM, SYSTEM, vec![1]);
            let rpc = rpc(&[&nodes[0], &nodes[1]], &RpcKeys { timeout: MS * 100, ..keys() });
            nodes[broken].faults().script(Faults::drawn(seed, 40));
            for question in 0..12 {
                if question % 4 == 3 {
                    rpc.check().await;
                }
                let answer = rpc.accounts(&[SYSTEM]).await;
                let (_, accounts) =
                    answer.unwrap_or_else(|error| panic!("seed {seed}, side {broken}: {error:?}"));
                let account = accounts[0].as_ref().unwrap();
                assert_eq!(account.data, [1], "seed {seed}, side {broken}");
            }
        }
    }
}
