//! The accounts that the stream tells of, by the client that Yellowstone's own users have.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use momentum_core::ids::Pubkey;
use momentum_localnet::chain::{Chain, Coin, Options, Way};
use momentum_pump::address::{associated_token, bonding_curve};
use momentum_pump::programs::{AMM_FEE_CONFIG, PUMP, PUMP_FEES, TOKEN_2022};
use tokio::time::timeout;
use yellowstone_grpc_client::{GeyserGrpcClient, GeyserStream, SubscribeRequestSink};
use yellowstone_grpc_proto::geyser::subscribe_request_filter_accounts_filter::Filter;
use yellowstone_grpc_proto::geyser::subscribe_request_filter_accounts_filter_lamports::Cmp;
use yellowstone_grpc_proto::geyser::subscribe_request_filter_accounts_filter_memcmp::Data;
use yellowstone_grpc_proto::geyser::subscribe_update::UpdateOneof;
use yellowstone_grpc_proto::geyser::{
    SlotStatus, SubscribeRequest, SubscribeRequestAccountsDataSlice, SubscribeRequestFilterAccounts,
    SubscribeRequestFilterAccountsFilter, SubscribeRequestFilterAccountsFilterLamports,
    SubscribeRequestFilterAccountsFilterMemcmp, SubscribeRequestFilterSlots, SubscribeRequestPing,
    SubscribeUpdate, SubscribeUpdateAccountInfo,
};

use crate::life::{SOL, succeeded};

/// Longest wait for what must come.
const DEADLINE: Duration = Duration::from_secs(60);

/// An account as it was told, and the names of the filters that took it.
#[derive(Debug, PartialEq)]
struct Told {
    filters: Vec<String>,
    account: SubscribeUpdateAccountInfo,
}

/// An open subscription.
pub(crate) struct Subscription {
    requests: SubscribeRequestSink,
    updates: GeyserStream,
}

impl Subscription {
    pub(crate) async fn open(url: &str, request: SubscribeRequest) -> Self {
        let builder = GeyserGrpcClient::build_from_shared(url.to_owned()).unwrap();
        let mut client = builder.connect().await.unwrap();
        let (requests, updates) = client.subscribe_with_request(Some(request)).await.unwrap();
        Self { requests, updates }
    }

    pub(crate) async fn next(&mut self) -> SubscribeUpdate {
        timeout(DEADLINE, self.updates.next()).await.unwrap().unwrap().unwrap()
    }

    /// The accounts that are told up to the end of a slot, all of which must be of that slot.
    async fn accounts(&mut self, slot: u64) -> Vec<Told> {
        let mut all = Vec::new();
        loop {
            let SubscribeUpdate { filters, update_oneof, .. } = self.next().await;
            match update_oneof.unwrap() {
                UpdateOneof::Account(update) => {
                    assert_eq!((update.slot, update.is_startup), (slot, false));
                    all.push(Told { filters, account: update.account.unwrap() });
                }
                UpdateOneof::Slot(told) if told.slot != slot => panic!("slot {} for {slot}", told.slot),
                UpdateOneof::Slot(told) if told.status == i32::from(SlotStatus::SlotConfirmed) => return all,
                UpdateOneof::Slot(_) => {}
                other => panic!("nobody asked for {other:?}"),
            }
        }
    }

    /// Asks for something else on the open stream, and waits until that is known.
    async fn ask(&mut self, request: SubscribeRequest) {
        let ping = Some(SubscribeRequestPing { id: 1 });
        self.requests.send(request).await.unwrap();
        self.requests.send(SubscribeRequest { ping, ..SubscribeRequest::default() }).await.unwrap();
        while !matches!(self.next().await.update_oneof, Some(UpdateOneof::Pong(_))) {}
    }
}

/// Asks for accounts by these filters, and for slots, whose ends tell when all was told.
fn request<const N: usize>(filters: [(&str, SubscribeRequestFilterAccounts); N]) -> SubscribeRequest {
    let slots = SubscribeRequestFilterSlots { filter_by_commitment: None, interslot_updates: Some(true) };
    SubscribeRequest {
        accounts: filters.into_iter().map(|(name, filter)| (name.to_owned(), filter)).collect(),
        slots: HashMap::from([("slots".to_owned(), slots)]),
        ..SubscribeRequest::default()
    }
}

pub(crate) fn named(key: &Pubkey) -> SubscribeRequestFilterAccounts {
    SubscribeRequestFilterAccounts { account: vec![key.to_string()], ..Default::default() }
}

fn owned_by(program: &Pubkey) -> SubscribeRequestFilterAccounts {
    SubscribeRequestFilterAccounts { owner: vec![program.to_string()], ..Default::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_tells_each_account_that_it_wrote_once_as_it_left_it() {
    let chain = Chain::new(Options::default());
    let surfaces = chain.serve().await;
    let agent = chain.agent();
    let (mint, launched) = agent.launch(&Coin::default());
    succeeded(&agent.done(launched));
    let (curve, payer) = (bonding_curve(&mint), agent.address());
    let nobodys = SubscribeRequestFilterAccounts { account: named(&curve).account, ..owned_by(&TOKEN_2022) };
    let filters = [
        ("curve", named(&curve)),
        ("nobody's", nobodys),
        ("of pump", owned_by(&PUMP)),
        ("payer", named(&payer)),
    ];
    let mut stream = Subscription::open(&surfaces.grpc_url, request(filters)).await;
    let mut newest = 0;
    for _ in 0..2 {
        agent.buy(&mint, SOL, Way::V3);
        let last = agent.buy(&mint, SOL, Way::V3);
        let slot = chain.step();
        let told = stream.accounts(slot).await;
        for Told { filters, account } in &told {
            assert!(account.write_version > newest, "{told:?}");
            newest = account.write_version;
            assert_eq!(account.owner == PUMP.0, filters.iter().any(|name| name == "of pump"), "{told:?}");
            assert_eq!(account.txn_signature.as_deref(), Some(&last.0[..]), "{told:?}");
        }
        for (key, filters) in [(curve, &["curve", "of pump"][..]), (payer, &["payer"][..])] {
            let of_it: Vec<_> = told.iter().filter(|told| told.account.pubkey == key.0).collect();
            let [one] = &of_it[..] else { panic!("{told:?}") };
            let now = chain.account(&key).unwrap();
            assert_eq!(one.filters, filters);
            assert_eq!((one.account.lamports, &one.account.data), (now.lamports, &now.data));
            assert_eq!(one.account.owner, now.owner.0);
        }
    }
    // What fails takes its fee and leaves all else as it was.
    let failed = agent.sell(&mint, 1 << 60, Way::V3);
    let slot = chain.step();
    assert!(chain.landed(&failed).unwrap().error.is_some());
    let told = stream.accounts(slot).await;
    assert!(told.iter().map(|told| &told.account.pubkey).eq([&payer.0]), "{told:?}");
    let slot = chain.step();
    assert_eq!(stream.accounts(slot).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn conditions_choose_among_accounts_slices_cut_them_and_an_open_stream_is_asked_for_others() {
    let chain = Chain::new(Options::default());
    let surfaces = chain.serve().await;
    let [agent, other] = [chain.agent(), chain.agent()];
    let (mint, launched) = agent.launch(&Coin::default());
    succeeded(&agent.done(launched));
    let buys = || [&agent, &other].map(|agent| agent.buy(&mint, SOL, Way::V3));
    buys();
    chain.step();
    let account = associated_token(&agent.address(), &mint, &TOKEN_2022);
    let length = u64::try_from(chain.account(&account).unwrap().data.len()).unwrap();
    let condition = |filter| SubscribeRequestFilterAccountsFilter { filter: Some(filter) };
    let holder =
        |data| Filter::Memcmp(SubscribeRequestFilterAccountsFilterMemcmp { offset: 32, data: Some(data) });
    let richer =
        |than| Filter::Lamports(SubscribeRequestFilterAccountsFilterLamports { cmp: Some(Cmp::Gt(than)) });
    let holding = |filters: Vec<Filter>| SubscribeRequestFilterAccounts {
        filters: filters.into_iter().map(condition).collect(),
        ..owned_by(&TOKEN_2022)
    };
    let theirs = || holder(Data::Base58(agent.address().to_string()));
    let filters = [
        ("all of it", holding(vec![theirs(), Filter::Datasize(length), Filter::TokenAccountState(true)])),
        ("longer", holding(vec![theirs(), Filter::Datasize(length + 1)])),
        ("richer than all", holding(vec![theirs(), richer(u64::MAX)])),
        ("somebody else's", holding(vec![holder(Data::Bytes(vec![9; 32]))])),
        ("rich", holding(vec![holder(Data::Bytes(agent.address().0.to_vec())), richer(0)])),
    ];
    // The amount of a token account.
    let accounts_data_slice = vec![SubscribeRequestAccountsDataSlice { offset: 64, length: 8 }];
    let sliced = SubscribeRequest { accounts_data_slice, ..request(filters) };
    let mut stream = Subscription::open(&surfaces.grpc_url, sliced).await;
    buys();
    let slot = chain.step();
    let told = stream.accounts(slot).await;
    let [one] = &told[..] else { panic!("{told:?}") };
    assert_eq!(
        (&one.account.pubkey[..], &one.filters[..]),
        (&account.0[..], &["all of it", "rich"].map(str::to_owned)[..])
    );
    assert_eq!(one.account.data, agent.tokens(&mint).to_le_bytes());

    stream.ask(request([("other's", named(&other.address()))])).await;
    buys();
    let slot = chain.step();
    let told = stream.accounts(slot).await;
    let [one] = &told[..] else { panic!("{told:?}") };
    assert_eq!(
        (&one.account.pubkey[..], one.account.lamports),
        (&other.address().0[..], chain.balance(&other.address()))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_subscription_from_an_older_slot_replays_is_what_was_told_live() {
    let chain = Chain::new(Options::default());
    let surfaces = chain.serve().await;
    let agent = chain.agent();
    let (mint, launched) = agent.launch(&Coin::default());
    succeeded(&agent.done(launched));
    let by_no_transaction =
        SubscribeRequestFilterAccounts { nonempty_txn_signature: Some(false), ..owned_by(&PUMP_FEES) };
    let filters = || request([("curve", named(&bonding_curve(&mint))), ("fees", by_no_transaction.clone())]);
    let mut live = Subscription::open(&surfaces.grpc_url, filters()).await;
    let (mut slots, mut told) = (Vec::new(), Vec::new());
    for nth in 0..4 {
        agent.buy(&mint, SOL, Way::V3);
        if nth == 1 {
            chain.set_pool_fees(20, 95, 30);
        }
        let slot = chain.step();
        told.push(live.accounts(slot).await);
        slots.push(slot);
    }
    assert_eq!(told.iter().map(Vec::len).collect::<Vec<_>>(), [1, 2, 1, 1], "{told:?}");
    let fees = told[1].iter().find(|told| told.filters == ["fees"]).unwrap();
    assert_eq!((&fees.account.pubkey[..], &fees.account.txn_signature), (&AMM_FEE_CONFIG.0[..], &None));
    assert_eq!(fees.account.data, chain.account(&AMM_FEE_CONFIG).unwrap().data);

    let from_slot = Some(slots[0]);
    let again = SubscribeRequest { from_slot, ..filters() };
    let mut replayed = Subscription::open(&surfaces.grpc_url, again).await;
    for (slot, told) in slots.into_iter().zip(told) {
        assert_eq!(replayed.accounts(slot).await, told);
    }
}
