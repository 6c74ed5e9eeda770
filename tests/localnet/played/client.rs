//! The chain's RPC node by Solana's own client: it sends, waits until that is confirmed, and reads what it did.

use std::time::Duration;

use momentum_core::ids::Signature;
use momentum_localnet::chain::{Chain, Coin, Options, Way};
use momentum_pump::address::associated_token;
use momentum_pump::programs::TOKEN_2022;
use solana_client::nonblocking::rpc_client::RpcClient;
use solana_client::rpc_config::RpcProgramAccountsConfig;
use solana_client::rpc_filter::{Memcmp, RpcFilterType};
use solana_commitment_config::CommitmentConfig;
use solana_sdk::instruction::{AccountMeta, Instruction};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signer::Signer;
use solana_sdk::signer::keypair::Keypair;
use solana_sdk::transaction::Transaction;
use tokio::time::timeout;

use crate::life::{SOL, succeeded};

/// Longest wait for what must come.
const DEADLINE: Duration = Duration::from_secs(60);
/// Time from slot to slot.
const SLOT: Duration = Duration::from_millis(100);

fn theirs(key: &momentum_core::ids::Pubkey) -> Pubkey {
    Pubkey::new_from_array(key.0)
}

/// Moves lamports, by the system program.
fn transfer(from: &Pubkey, to: &Pubkey, lamports: u64) -> Instruction {
    let accounts = vec![AccountMeta::new(*from, true), AccountMeta::new(*to, false)];
    let data = [&2_u32.to_le_bytes()[..], &lamports.to_le_bytes()].concat();
    Instruction { program_id: Pubkey::default(), accounts, data }
}

#[tokio::test(flavor = "multi_thread")]
async fn solanas_own_client_sends_and_waits_until_that_is_confirmed() {
    let chain = Chain::new(Options { confirmed_after: 1, finalized_after: 3, ..Options::default() });
    let surfaces = chain.serve().await;
    let key = Keypair::try_from(&chain.agent().key()[..]).unwrap();
    let (from, to) = (key.pubkey(), Pubkey::new_from_array([7; 32]));
    let client = RpcClient::new_with_commitment(surfaces.rpc_url.clone(), CommitmentConfig::confirmed());
    let _clock = chain.clock(SLOT);
    let signed = async |lamports| {
        let hash = client.get_latest_blockhash().await.unwrap();
        Transaction::new_signed_with_payer(&[transfer(&from, &to, lamports)], Some(&from), &[&key], hash)
    };

    let transaction = signed(3_000_000).await;
    let fee = client.get_fee_for_message(&transaction.message).await.unwrap();
    let name = timeout(DEADLINE, client.send_and_confirm_transaction(&transaction)).await.unwrap().unwrap();
    let landed = chain.landed(&Signature(name.into())).unwrap();
    succeeded(&landed);
    assert_eq!((landed.fee, fee), (5_000, 5_000));
    assert!(surfaces.rpc.arrived(&Signature(name.into())).is_some());
    assert_eq!(client.get_balance(&to).await.unwrap(), 3_000_000);
    assert_eq!(client.get_block_time(landed.slot).await.unwrap(), landed.time.0);
    assert!(client.get_block_time(landed.slot + 1_000_000).await.is_err());

    // What would fail is not taken, and the client says why.
    let poor = signed(5_000 * SOL).await;
    let refused = timeout(DEADLINE, client.send_and_confirm_transaction(&poor)).await.unwrap().unwrap_err();
    assert!(refused.get_transaction_error().is_some(), "{refused}");
    assert_eq!(client.get_balance(&to).await.unwrap(), 3_000_000);
    // Of a blockhash that nobody knows no fee is told.
    let mut strange = poor.message;
    strange.recent_blockhash = Default::default();
    assert!(client.get_fee_for_message(&strange).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn solanas_own_client_finds_token_accounts_and_what_they_hold() {
    let chain = Chain::new(Options::default());
    let surfaces = chain.serve().await;
    let [agent, other] = [chain.agent(), chain.agent()];
    let (mint, launched) = agent.launch(&Coin::default());
    succeeded(&agent.done(launched));
    for agent in [&agent, &other] {
        succeeded(&agent.done(agent.buy(&mint, SOL, Way::V3)));
    }
    let client = RpcClient::new_with_commitment(surfaces.rpc_url.clone(), CommitmentConfig::processed());
    let account = associated_token(&agent.address(), &mint, &TOKEN_2022);
    let held = client.get_token_account_balance(&theirs(&account)).await.unwrap();
    assert_eq!((held.amount, held.decimals), (agent.tokens(&mint).to_string(), 6));
    assert!(client.get_token_account_balance(&theirs(&agent.address())).await.is_err());

    let found = async |filters| {
        let how = RpcProgramAccountsConfig { filters: Some(filters), ..Default::default() };
        let found = client.get_program_ui_accounts_with_config(&theirs(&TOKEN_2022), how).await.unwrap();
        found.into_iter().map(|(key, _)| key).collect::<Vec<_>>()
    };
    let of = |bytes: &[u8; 32], offset| RpcFilterType::Memcmp(Memcmp::new_base58_encoded(offset, bytes));
    let size = u64::try_from(chain.account(&account).unwrap().data.len()).unwrap();
    let theirs_alone = vec![of(&mint.0, 0), of(&agent.address().0, 32), RpcFilterType::DataSize(size)];
    assert_eq!(found(theirs_alone).await, [theirs(&account)]);
    let longer = vec![of(&agent.address().0, 32), RpcFilterType::DataSize(size + 1)];
    assert!(found(longer).await.is_empty());
    let of_the_coin = found(vec![of(&mint.0, 0)]).await;
    for agent in [&agent, &other] {
        let account = associated_token(&agent.address(), &mint, &TOKEN_2022);
        assert!(of_the_coin.contains(&theirs(&account)), "{of_the_coin:?}");
    }
}
