//! The chain's RPC node over real HTTP: sending, simulating, statuses, history, settling, and its faults.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use momentum_core::ids::Pubkey;
use momentum_localnet::chain::{Chain, Coin, Options, Surfaces, Way};
use momentum_localnet::rpc::Fault;
use momentum_pump::address::{associated_token, bonding_curve};
use momentum_pump::programs::TOKEN_2022;
use momentum_pump::transaction::{Transaction, read_transactions};
use serde_json::{Value, json};

/// What the node answers: the whole JSON-RPC answer.
async fn ask(url: &str, method: &str, params: Value) -> Value {
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    let client = reqwest::Client::new();
    client.post(url).json(&request).send().await.unwrap().json().await.unwrap()
}

async fn result(surfaces: &Surfaces, method: &str, params: Value) -> Value {
    let answer = ask(&surfaces.rpc_url, method, params).await;
    assert_eq!(answer["error"], Value::Null, "{method}");
    answer["result"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sent_transaction_is_told_of_until_it_is_final() {
    let options = Options { confirmed_after: 1, finalized_after: 3, ..Options::default() };
    let chain = Chain::new(options);
    let surfaces = chain.serve().await;
    let agent = chain.agent();
    let raw = agent.signed(&[agent.lamports_to(&Pubkey([7; 32]), 5_000_000)]);
    let sent =
        json!([BASE64_STANDARD.encode(&raw), { "encoding": "base64", "preflightCommitment": "processed" }]);
    let name = result(&surfaces, "sendTransaction", sent.clone()).await;
    let statuses = async || {
        let asked = json!([[name], { "searchTransactionHistory": true }]);
        result(&surfaces, "getSignatureStatuses", asked).await["value"][0].clone()
    };
    assert_eq!(statuses().await, Value::Null);
    chain.step();
    for expected in ["processed", "confirmed", "confirmed", "finalized"] {
        assert_eq!(statuses().await["confirmationStatus"], expected);
        let confirmed = json!([name, { "encoding": "base64", "commitment": "confirmed", "maxSupportedTransactionVersion": 0 }]);
        let told = result(&surfaces, "getTransaction", confirmed).await;
        assert_eq!(told.is_null(), expected == "processed");
        chain.step();
    }
    let again = ask(&surfaces.rpc_url, "sendTransaction", sent).await;
    assert_eq!(again["error"]["code"], -32002);
    assert_eq!(again["error"]["data"]["err"], "AlreadyProcessed");
    let valid = result(&surfaces, "isBlockhashValid", json!([chain_hash(&chain), {}])).await;
    assert_eq!(valid["value"], false, "a node that is asked for what is final does not know the newest hash");
    let valid = json!([chain_hash(&chain), { "commitment": "processed" }]);
    assert_eq!(result(&surfaces, "isBlockhashValid", valid).await["value"], true);
}

fn chain_hash(chain: &Chain) -> String {
    Pubkey(chain.blockhash().0).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_not_land_or_would_fail_is_refused_with_its_reason() {
    let chain = Chain::new(Options::default());
    let surfaces = chain.serve().await;
    let agent = chain.agent();
    let send = async |raw: &[u8]| {
        let how = json!({ "encoding": "base64", "preflightCommitment": "processed" });
        let params = json!([BASE64_STANDARD.encode(raw), how]);
        ask(&surfaces.rpc_url, "sendTransaction", params).await["error"].clone()
    };
    assert_eq!(send(&[1, 2, 3]).await["code"], -32602);
    assert_eq!(send(&[1; 1_300]).await["code"], -32602);
    let good = agent.signed(&[agent.lamports_to(&Pubkey([7; 32]), 5_000_000)]);
    let mut forged = good.clone();
    forged[9] ^= 1;
    assert_eq!(send(&forged).await["code"], -32003);
    let poor = agent.signed(&[agent.lamports_to(&Pubkey([7; 32]), 5_000 * 1_000_000_000)]);
    let refused = send(&poor).await;
    assert_eq!(refused["code"], -32002);
    assert_eq!(refused["data"]["err"], json!({ "InstructionError": [2, { "Custom": 1 }] }));
    assert!(!refused["data"]["logs"].as_array().unwrap().is_empty());
    chain.steps(151);
    let refused = send(&good).await;
    assert_eq!(refused["data"]["err"], "BlockhashNotFound");
    assert_eq!(chain.landed(&agent.name_of(&good)), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_landed_trade_is_told_to_the_lamport() {
    let chain = Chain::new(Options::default());
    let surfaces = chain.serve().await;
    let agent = chain.agent();
    let (mint, launched) = agent.launch(&Coin::default());
    agent.done(launched);
    let bought = agent.done(agent.buy(&mint, 1_000_000_000, Way::V3));
    chain.steps(4);
    let asked = |encoding| json!([bought.signature.to_string(), { "encoding": encoding, "maxSupportedTransactionVersion": 0 }]);
    let told = result(&surfaces, "getTransaction", asked("base64")).await;
    let meta = &told["meta"];
    let sum = |list: &Value| list.as_array().unwrap().iter().map(|one| one.as_u64().unwrap()).sum::<u64>();
    assert_eq!(sum(&meta["preBalances"]) - sum(&meta["postBalances"]), meta["fee"].as_u64().unwrap());
    let tokens = meta["postTokenBalances"].as_array().unwrap();
    let ours = tokens.iter().find(|one| one["owner"] == agent.address().to_string()).unwrap();
    assert_eq!(ours["uiTokenAmount"]["amount"], "34199203120618");
    assert_eq!(ours["uiTokenAmount"]["uiAmountString"], "34199203.120618");
    // Our readers get the same out of both encodings.
    let json_told = result(&surfaces, "getTransaction", asked("json")).await;
    let [one] = &read_transactions(&told.to_string()).unwrap()[..] else { panic!() };
    let [other] = &read_transactions(&json_told.to_string()).unwrap()[..] else { panic!() };
    assert_eq!(one.signature, bought.signature);
    assert!(one.instructions().eq(other.instructions()));
    assert!(one.logs().eq(other.logs()));
    // What a wallet holds, and who traded the coin.
    let by_owner = json!([agent.address().to_string(), { "programId": TOKEN_2022.to_string() }, { "encoding": "base64" }]);
    let holdings = result(&surfaces, "getTokenAccountsByOwner", by_owner).await;
    let account = associated_token(&agent.address(), &mint, &TOKEN_2022).to_string();
    assert_eq!(holdings["value"][0]["pubkey"], account);
    let of_curve = json!([bonding_curve(&mint).to_string(), { "limit": 10 }]);
    let names = result(&surfaces, "getSignaturesForAddress", of_curve).await;
    assert_eq!(names.as_array().unwrap().len(), 2);
    assert_eq!(names[0]["signature"], bought.signature.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn signatures_of_an_address_come_newest_first_in_pages_and_up_to_the_slot_that_is_so_settled() {
    let chain = Chain::new(Options { confirmed_after: 1, finalized_after: 3, ..Options::default() });
    let surfaces = chain.serve().await;
    let (agent, to) = (chain.agent(), Pubkey([5; 32]));
    let send = |_| agent.done(agent.give_lamports(&to, 2_000_000)).signature.to_string();
    let names: Vec<String> = (0..6).map(send).collect();
    let told = async |options: Value| {
        let told = result(&surfaces, "getSignaturesForAddress", json!([to.to_string(), options])).await;
        let one = |one: &Value| {
            let nth = names.iter().position(|name| one["signature"] == **name).unwrap();
            (nth, one["confirmationStatus"] == "finalized")
        };
        told.as_array().unwrap().iter().map(one).collect::<Vec<_>>()
    };
    let confirmed = async |mut options: Value| {
        options["commitment"] = json!("confirmed");
        told(options).await
    };
    assert_eq!(told(json!({})).await, [(2, true), (1, true), (0, true)], "what is final, where nobody asks");
    assert_eq!(told(json!({ "commitment": "finalized", "limit": 1 })).await, [(2, true)]);
    let all = [(4, false), (3, false), (2, true), (1, true), (0, true)];
    assert_eq!(confirmed(json!({})).await, all);
    assert_eq!(confirmed(json!({ "limit": 2 })).await, all[..2]);
    assert_eq!(confirmed(json!({ "before": names[3] })).await, all[2..]);
    assert_eq!(confirmed(json!({ "until": names[1] })).await, all[..3]);
    assert_eq!(confirmed(json!({ "before": names[4], "until": names[1], "limit": 9 })).await, all[1..3]);
    assert_eq!(confirmed(json!({ "before": names[1], "until": names[3] })).await, []);
    assert_eq!(confirmed(json!({ "before": names[5] })).await, [], "of that one nothing is confirmed yet");

    let newest = chain.slot();
    assert_eq!(confirmed(json!({ "minContextSlot": newest - 1 })).await, all);
    let refusal = async |options: Value| {
        let params = json!([to.to_string(), options]);
        ask(&surfaces.rpc_url, "getSignaturesForAddress", params).await["error"].clone()
    };
    let early = refusal(json!({ "commitment": "confirmed", "minContextSlot": newest })).await;
    assert_eq!((&early["code"], &early["data"]["contextSlot"]), (&json!(-32016), &json!(newest - 1)));
    for wrong in [
        json!({ "commitment": "processed" }),
        json!({ "limit": 0 }),
        json!({ "limit": 1_001 }),
        json!({ "before": "no signature" }),
    ] {
        assert_eq!(refusal(wrong.clone()).await["code"], -32602, "{wrong}");
    }
    surfaces.rpc.faults().always(Fault::Lagging(2));
    assert_eq!(confirmed(json!({})).await, [(2, false), (1, false), (0, true)], "as it was two slots ago");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_simulation_tells_what_would_be_left_and_leaves_nothing() {
    let chain = Chain::new(Options::default());
    let surfaces = chain.serve().await;
    let agent = chain.agent();
    let to = Pubkey([9; 32]);
    let mut raw = agent.signed(&[agent.lamports_to(&to, 5_000_000)]);
    // Unsigned, and its hash is of no use.
    raw[1..65].fill(0);
    let options = json!({
        "encoding": "base64", "sigVerify": false, "replaceRecentBlockhash": true,
        "accounts": { "encoding": "base64", "addresses": [to.to_string(), Pubkey([8; 32]).to_string()] },
    });
    let told = result(&surfaces, "simulateTransaction", json!([BASE64_STANDARD.encode(&raw), options])).await;
    let value = &told["value"];
    assert_eq!(value["err"], Value::Null);
    assert_eq!(value["accounts"][0]["lamports"], 5_000_000);
    assert_eq!(value["accounts"][1], Value::Null);
    assert!(value["unitsConsumed"].as_u64().unwrap() > 0);
    assert_eq!(chain.balance(&to), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blockhash_is_good_where_the_node_knows_it_at_the_commitment_that_it_is_asked_for() {
    let chain = Chain::new(Options { confirmed_after: 1, finalized_after: 3, ..Options::default() });
    let surfaces = chain.serve().await;
    let agent = chain.agent();
    chain.steps(8);
    let made = || agent.signed(&[agent.lamports_to(&Pubkey([7; 32]), 5_000_000)]);
    let refusal = async |raw: &[u8], more: Value| {
        let mut how = json!({ "encoding": "base64" });
        how.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let params = json!([BASE64_STANDARD.encode(raw), how]);
        ask(&surfaces.rpc_url, "sendTransaction", params).await["error"]["data"]["err"].clone()
    };
    let sent =
        async |raw: &[u8], commitment: &str| refusal(raw, json!({ "preflightCommitment": commitment })).await;
    let simulated = async |raw: &[u8], commitment: &str, replaced: bool| {
        let how =
            json!({ "encoding": "base64", "commitment": commitment, "replaceRecentBlockhash": replaced });
        let params = json!([BASE64_STANDARD.encode(raw), how]);
        result(&surfaces, "simulateTransaction", params).await["value"].clone()
    };
    let newest_at = async |commitment: &str| {
        let asked = json!([{ "commitment": commitment }]);
        result(&surfaces, "getLatestBlockhash", asked).await["value"].clone()
    };

    // Of the newest block, which is not confirmed yet.
    let raw = made();
    for commitment in ["confirmed", "finalized"] {
        assert_eq!(simulated(&raw, commitment, false).await["err"], "BlockhashNotFound", "{commitment}");
        assert_eq!(sent(&raw, commitment).await, "BlockhashNotFound", "{commitment}");
    }
    assert_eq!(refusal(&raw, json!({})).await, "BlockhashNotFound", "what is final, where nobody asks");
    assert_eq!(simulated(&raw, "processed", false).await["err"], Value::Null);
    for commitment in ["processed", "confirmed", "finalized"] {
        let told = simulated(&raw, commitment, true).await;
        assert_eq!(told["err"], Value::Null);
        assert_eq!(told["replacementBlockhash"], newest_at(commitment).await, "{commitment}");
    }

    surfaces.rpc.faults().always(Fault::Lagging(1));
    assert_eq!(simulated(&raw, "processed", false).await["err"], "BlockhashNotFound");
    assert_eq!(sent(&raw, "processed").await, "BlockhashNotFound");
    let told = simulated(&raw, "processed", true).await;
    assert_eq!((&told["err"], &told["replacementBlockhash"]), (&Value::Null, &newest_at("processed").await));
    // Who does not want its opinion is not told it.
    let unseen = made();
    assert_eq!(refusal(&unseen, json!({ "skipPreflight": true })).await, Value::Null);
    chain.step();
    assert!(chain.landed(&agent.name_of(&unseen)).is_some());
    assert_eq!(chain.landed(&agent.name_of(&raw)), None, "what was refused was not taken");

    // A slot later it knows the block; and what has landed, again a slot later.
    assert_eq!(sent(&raw, "processed").await, Value::Null);
    chain.step();
    assert!(chain.landed(&agent.name_of(&raw)).is_some());
    assert_eq!(sent(&raw, "processed").await, Value::Null);
    surfaces.rpc.faults().clear();
    assert_eq!(sent(&raw, "processed").await, "AlreadyProcessed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_lags_tells_accounts_as_they_were() {
    let chain = Chain::new(Options::default());
    let surfaces = chain.serve().await;
    let (agent, to) = (chain.agent(), Pubkey([5; 32]));
    for _ in 0..3 {
        agent.done(agent.give_lamports(&to, 2_000_000));
    }
    let asked = json!([to.to_string(), { "commitment": "processed" }]);
    let balance = async || result(&surfaces, "getBalance", asked.clone()).await["value"].clone();
    assert_eq!(balance().await, 6_000_000);
    surfaces.rpc.faults().always(Fault::Lagging(2));
    assert_eq!(balance().await, 2_000_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_lags_does_not_know_what_landed_later_and_calls_nothing_final_before_its_time() {
    let chain = Chain::new(Options { confirmed_after: 1, finalized_after: 3, ..Options::default() });
    let surfaces = chain.serve().await;
    let agent = chain.agent();
    let landed = agent.done(agent.give_lamports(&Pubkey([5; 32]), 2_000_000));
    surfaces.rpc.faults().always(Fault::Lagging(2));
    let asked = json!([[landed.signature.to_string()], { "searchTransactionHistory": true }]);
    for expected in [None, None, Some("processed"), Some("confirmed"), Some("confirmed"), Some("finalized")] {
        let told = result(&surfaces, "getSignatureStatuses", asked.clone()).await;
        assert_eq!(told["context"]["slot"], chain.slot() - 2);
        assert_eq!(told["value"][0]["confirmationStatus"].as_str(), expected);
        chain.step();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_contradicts_denies_what_landed_and_tells_another_genesis_height_and_amount() {
    let chain = Chain::new(Options::default());
    let surfaces = chain.serve().await;
    let (agent, to) = (chain.agent(), Pubkey([5; 32]));
    let (mint, launched) = agent.launch(&Coin::default());
    agent.done(launched);
    let landed = agent.done(agent.give_lamports(&to, 2_000_000));
    chain.steps(300);
    let (to, mint, name) = (to.to_string(), mint.to_string(), landed.signature.to_string());
    let told = async || {
        let statuses = json!([[name], { "searchTransactionHistory": true }]);
        let genesis = result(&surfaces, "getGenesisHash", json!([])).await;
        let height = result(&surfaces, "getBlockHeight", json!([])).await.as_u64().unwrap();
        let balance = result(&surfaces, "getBalance", json!([to])).await["value"].as_u64().unwrap();
        let supply = result(&surfaces, "getTokenSupply", json!([mint])).await["value"]["amount"].clone();
        let status = result(&surfaces, "getSignatureStatuses", statuses).await["value"][0].clone();
        (genesis, height, balance, supply, status)
    };
    let (genesis, height, balance, supply, status) = told().await;
    assert_eq!((balance, &supply), (2_000_000, &json!("1000000000000000")));
    assert_eq!(status["confirmationStatus"], "finalized");
    surfaces.rpc.faults().always(Fault::Contradicting);
    let lies = told().await;
    assert_ne!(lies.0, genesis);
    assert_eq!((lies.1, lies.2, lies.3), (height - 200, 2_000_001, json!("1000000000000001")));
    assert_eq!(lies.4, Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_is_silent_has_taken_what_was_sent_and_one_that_answers_no_has_not() {
    let chain = Chain::new(Options::default());
    let surfaces = chain.serve().await;
    let agent = chain.agent();
    let client = reqwest::Client::builder().timeout(Duration::from_millis(500)).build().unwrap();
    let faults = [
        (Fault::Status(503), false),
        (Fault::Garbage, false),
        (Fault::Truncated, true),
        (Fault::Hanging, true),
    ];
    for (fault, taken) in faults {
        surfaces.rpc.faults().always(fault);
        let raw = agent.signed(&[agent.lamports_to(&Pubkey([7; 32]), 5_000_000)]);
        let how = json!({ "encoding": "base64", "preflightCommitment": "processed" });
        let params = json!([BASE64_STANDARD.encode(&raw), how]);
        let request = json!({ "jsonrpc": "2.0", "id": 1, "method": "sendTransaction", "params": params });
        let answer = client.post(&surfaces.rpc_url).json(&request).send().await;
        assert!(answer.is_err() || fault != Fault::Hanging);
        chain.step();
        assert_eq!(chain.landed(&agent.name_of(&raw)).is_some(), taken, "{fault:?}");
    }
}
