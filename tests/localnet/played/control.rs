//! The control of a chain: it does all that its help says.

use momentum_localnet::chain::{Chain, Options};
use momentum_localnet::control::{self, HELP};

/// Every word of the help, said once at least.
const ORDERS: &[&str] = &[
    "fate lands",
    "fate vanishes 3",
    "fate late 5 2",
    "fate last-moment",
    "fate fails",
    "rpc first 429",
    "rpc first 503",
    "rpc first garbage",
    "rpc first truncated",
    "rpc first hanging",
    "rpc first reset",
    "rpc first lagging 9",
    "rpc first contradicting",
    "rpc first none",
    "rpc backup none",
    "engine refuses",
    "engine swallows",
    "engine works",
    "stream cut",
    "stream freeze",
    "stream thaw",
    "stream refuse",
    "stream allow",
    "stream doubles on",
    "stream reorders on",
    "stream stands-still off",
    "stream late 2",
    "stream leaves-out 7",
    "stream loses 3",
    "fork",
    "pass 5",
    "take-back 1",
    "dust WALLET",
    "price 1000",
    "fees curve 95 30",
    "fees pool 20 95 30",
    "upgrade curve",
    "upgrade pool",
    "upgrade curve wrongly",
];

#[tokio::test(flavor = "multi_thread")]
async fn all_that_the_help_names_is_done() {
    for line in HELP.lines() {
        let form = line.split("  ").next().unwrap();
        let words = form.split([' ', '|', '[', ']']);
        for word in words.filter(|word| !word.starts_with(|first: char| first.is_ascii_uppercase())) {
            let verb = form.split(' ').next().unwrap();
            let mut said = ORDERS.iter().filter(|order| order.split(' ').next() == Some(verb));
            assert!(
                word.is_empty() || said.any(|order| order.split(' ').any(|other| other == word)),
                "{line}"
            );
        }
    }
    let chain = Chain::new(Options::default());
    let control = control::serve(&chain, chain.serve().await).await;
    let client = reqwest::Client::new();
    let wallet = chain.agent().address().to_string();
    for order in ORDERS {
        let answer = client.post(&control.url).body(order.replace("WALLET", &wallet)).send().await.unwrap();
        let status = answer.status();
        assert!(status.is_success(), "{order}: {status}");
        assert_ne!(answer.text().await.unwrap().trim(), "", "{order}");
    }
    let empty = client.post(&control.url).send().await.unwrap();
    assert_eq!((empty.status().as_u16(), empty.text().await.unwrap().as_str()), (400, HELP));
}
