//! A Yellowstone `Geyser` server on loopback: the real protocol over a made-up chain, with faults on demand.

mod accounts;
mod transactions;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_stream::wrappers::{ReceiverStream, TcpListenerStream};
use tonic::transport::Server;
use tonic::{Request, Response, Status, Streaming};
use yellowstone_grpc_proto::geyser::geyser_server::{Geyser, GeyserServer};
use yellowstone_grpc_proto::geyser::subscribe_update::UpdateOneof;
use yellowstone_grpc_proto::geyser::{
    CommitmentLevel, GetBlockHeightRequest, GetBlockHeightResponse, GetLatestBlockhashRequest,
    GetLatestBlockhashResponse, GetSlotRequest, GetSlotResponse, GetVersionRequest, GetVersionResponse,
    IsBlockhashValidRequest, IsBlockhashValidResponse, PingRequest, PongResponse, SlotStatus,
    SubscribeDeshredRequest, SubscribeGossipRequest, SubscribeReplayInfoRequest, SubscribeReplayInfoResponse,
    SubscribeRequest, SubscribeUpdate, SubscribeUpdateBlockMeta, SubscribeUpdateDeshred,
    SubscribeUpdateGossip, SubscribeUpdatePong, SubscribeUpdateSlot,
};
use yellowstone_grpc_proto::solana::storage::confirmed_block::{BlockHeight, UnixTimestamp};

use crate::blocks::{Block, Blocks};
use accounts::Accounts;
use transactions::Transactions;

/// What a server does wrong, and what it was asked. All can be changed while it serves.
#[derive(Debug, Default)]
pub struct Conduct {
    /// Slots before the newest one that it can still replay from.
    pub window: AtomicU64,
    /// Sends every transaction twice.
    pub doubles: AtomicBool,
    /// Sends the transactions of a block backwards.
    pub reorders: AtomicBool,
    /// Does not announce slots, so that only blocks tell parents.
    pub announces_not: AtomicBool,
    /// Answers pings, and tells of no more blocks.
    pub stands_still: AtomicBool,
    /// Tells of each block so many blocks late.
    pub late: AtomicU64,
    /// Leaves this slot out, silently; 0 for none.
    pub leaves_out: AtomicU64,
    /// Leaves every so many-th transaction that is wanted out of its block, silently; 0 for none.
    pub loses: AtomicU64,
    /// Transactions that it left out so.
    pub lost: AtomicU64,
    /// Transactions that were wanted while it loses some.
    wanted: AtomicU64,
    /// Requests to resume that were past the window.
    pub too_old: AtomicU64,
    /// Subscriptions granted.
    pub subscriptions: AtomicU64,
    /// Pings answered.
    pub pings: AtomicU64,
    /// Subscriptions refused for their token.
    pub tokens_refused: AtomicU64,
}

impl Conduct {
    fn is(flag: &AtomicBool) -> bool {
        flag.load(Ordering::SeqCst)
    }

    /// Whether the next transaction that is wanted is lost.
    fn loses_one(&self) -> bool {
        let every = self.loses.load(Ordering::SeqCst);
        if every == 0 {
            return false;
        }
        let loses = (self.wanted.fetch_add(1, Ordering::SeqCst) + 1).is_multiple_of(every);
        self.lost.fetch_add(u64::from(loses), Ordering::SeqCst);
        loses
    }
}

/// A server; it ends when this is dropped.
#[derive(Debug)]
pub struct GeyserServerHandle {
    /// Where it listens.
    pub address: SocketAddr,
    /// What it does wrong.
    pub conduct: Arc<Conduct>,
    /// The pools that the last filter asked for.
    pub filters: watch::Receiver<Vec<String>>,
    cut: watch::Sender<u64>,
    task: JoinHandle<()>,
}

impl GeyserServerHandle {
    /// Ends every open subscription between two messages.
    pub fn cut(&self) {
        self.cut.send_modify(|cuts| *cuts += 1);
    }

    /// Its address as a URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for GeyserServerHandle {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Serves a chain on loopback; `token` is the `x-token` that it wants.
pub async fn serve(blocks: Blocks, window: u64, token: Option<&str>) -> GeyserServerHandle {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let conduct = Arc::new(Conduct { window: AtomicU64::new(window), ..Conduct::default() });
    let (cut, cuts) = watch::channel(0);
    let (filters_out, filters) = watch::channel(Vec::new());
    let server = Node {
        blocks,
        conduct: conduct.clone(),
        token: token.map(str::to_owned),
        cuts,
        filters: filters_out,
    };
    let incoming = TcpListenerStream::new(listener).inspect(|socket| {
        if let Ok(socket) = socket {
            socket.set_nodelay(true).unwrap();
        }
    });
    let routes = Server::builder().add_service(GeyserServer::new(server));
    let task = tokio::spawn(async move { routes.serve_with_incoming(incoming).await.unwrap() });
    GeyserServerHandle { address, conduct, filters, cut, task }
}

struct Node {
    blocks: Blocks,
    conduct: Arc<Conduct>,
    token: Option<String>,
    cuts: watch::Receiver<u64>,
    filters: watch::Sender<Vec<String>>,
}

type Sender = mpsc::Sender<Result<SubscribeUpdate, Status>>;
/// What a client asked for last.
type Wanted = Arc<Mutex<Wishes>>;

#[derive(Debug, Default)]
struct Wishes {
    transactions: Transactions,
    accounts: Accounts,
    slots: bool,
    blocks: bool,
    /// How settled that must be which it is told; what is processed where it does not say.
    commitment: CommitmentLevel,
}

impl Node {
    fn admit<T>(&self, request: &Request<T>) -> Result<(), Status> {
        let shown = request.metadata().get("x-token").and_then(|token| token.to_str().ok());
        if self.token.is_some() && shown != self.token.as_deref() {
            self.conduct.tokens_refused.fetch_add(1, Ordering::SeqCst);
            return Err(Status::unauthenticated("no valid auth token"));
        }
        Ok(())
    }

    /// The oldest slot that can be replayed.
    fn first_available(&self) -> u64 {
        let newest = self.blocks.count().checked_sub(1).and_then(|last| self.blocks.get(last));
        newest.map_or(0, |newest| newest.slot.saturating_sub(self.conduct.window.load(Ordering::SeqCst)))
    }

    /// Where a subscription begins: at a slot, or behind all that is.
    fn begin(&self, from: Option<u64>) -> Result<usize, Status> {
        let Some(from) = from else { return Ok(self.blocks.count()) };
        let first = self.first_available();
        if from < first {
            self.conduct.too_old.fetch_add(1, Ordering::SeqCst);
            let told = format!("broadcast from {from} is not available, last available: {first}");
            return Err(Status::internal(told));
        }
        Ok(self.blocks.place(from))
    }

    fn set_filter(&self, wanted: &Wanted, request: &SubscribeRequest) {
        let accounts = |name: &str| {
            request.transactions.get(name).map(|filter| filter.account_include.clone()).unwrap_or_default()
        };
        let commitment = request.commitment.and_then(|level| CommitmentLevel::try_from(level).ok());
        *wanted.lock().unwrap() = Wishes {
            transactions: Transactions::of(request),
            accounts: Accounts::of(request),
            slots: !request.slots.is_empty(),
            blocks: !request.blocks_meta.is_empty(),
            commitment: commitment.unwrap_or_default(),
        };
        self.filters.send_replace(accounts("pools"));
    }
}

#[tonic::async_trait]
impl Geyser for Node {
    type SubscribeStream = ReceiverStream<Result<SubscribeUpdate, Status>>;
    type SubscribeDeshredStream = BoxStream<'static, Result<SubscribeUpdateDeshred, Status>>;
    type SubscribeGossipStream = BoxStream<'static, Result<SubscribeUpdateGossip, Status>>;

    async fn subscribe(
        &self,
        request: Request<Streaming<SubscribeRequest>>,
    ) -> Result<Response<Self::SubscribeStream>, Status> {
        self.admit(&request)?;
        let mut requests = request.into_inner();
        let first = requests.message().await?.ok_or_else(|| Status::cancelled("no request"))?;
        if first.accounts.values().any(|filter| filter.cuckoo_accounts_filter.is_some()) {
            return Err(Status::unimplemented("cuckoo filters"));
        }
        let wanted = Wanted::default();
        self.set_filter(&wanted, &first);
        let (out, updates) = mpsc::channel(1_024);
        // As the real one does: a slot that is too old ends the stream, not the call.
        let place = match self.begin(first.from_slot) {
            Ok(place) => place,
            Err(status) => {
                out.send(Err(status)).await.unwrap();
                return Ok(Response::new(ReceiverStream::new(updates)));
            }
        };
        self.conduct.subscriptions.fetch_add(1, Ordering::SeqCst);
        let teller = Teller {
            blocks: self.blocks.clone(),
            conduct: self.conduct.clone(),
            wanted: wanted.clone(),
            out: out.clone(),
        };
        let mut cuts = self.cuts.clone();
        cuts.mark_unchanged();
        let node = Self {
            blocks: self.blocks.clone(),
            conduct: self.conduct.clone(),
            token: None,
            cuts: self.cuts.clone(),
            filters: self.filters.clone(),
        };
        tokio::spawn(async move {
            let answers = async {
                while let Ok(Some(request)) = requests.message().await {
                    let Some(ping) = request.ping else {
                        node.set_filter(&wanted, &request);
                        continue;
                    };
                    node.conduct.pings.fetch_add(1, Ordering::SeqCst);
                    let pong = UpdateOneof::Pong(SubscribeUpdatePong { id: ping.id });
                    if out.send(Ok(told(pong))).await.is_err() {
                        return;
                    }
                }
            };
            tokio::select! {
                biased;
                _ = cuts.changed() => drop(out.try_send(Err(Status::unavailable("cut")))),
                () = answers => {}
                () = teller.tell_from(place) => {}
            }
        });
        Ok(Response::new(ReceiverStream::new(updates)))
    }

    async fn subscribe_replay_info(
        &self,
        request: Request<SubscribeReplayInfoRequest>,
    ) -> Result<Response<SubscribeReplayInfoResponse>, Status> {
        self.admit(&request)?;
        let first_available = Some(self.first_available());
        Ok(Response::new(SubscribeReplayInfoResponse { first_available }))
    }

    async fn subscribe_deshred(
        &self,
        _: Request<Streaming<SubscribeDeshredRequest>>,
    ) -> Result<Response<Self::SubscribeDeshredStream>, Status> {
        Err(Status::unimplemented("deshred"))
    }
    async fn subscribe_gossip(
        &self,
        _: Request<SubscribeGossipRequest>,
    ) -> Result<Response<Self::SubscribeGossipStream>, Status> {
        Err(Status::unimplemented("gossip"))
    }
    async fn ping(&self, request: Request<PingRequest>) -> Result<Response<PongResponse>, Status> {
        Ok(Response::new(PongResponse { count: request.into_inner().count }))
    }
    async fn get_latest_blockhash(
        &self,
        _: Request<GetLatestBlockhashRequest>,
    ) -> Result<Response<GetLatestBlockhashResponse>, Status> {
        Err(Status::unimplemented("blockhash"))
    }
    async fn get_block_height(
        &self,
        _: Request<GetBlockHeightRequest>,
    ) -> Result<Response<GetBlockHeightResponse>, Status> {
        Err(Status::unimplemented("height"))
    }
    async fn get_slot(&self, _: Request<GetSlotRequest>) -> Result<Response<GetSlotResponse>, Status> {
        Err(Status::unimplemented("slot"))
    }
    async fn is_blockhash_valid(
        &self,
        _: Request<IsBlockhashValidRequest>,
    ) -> Result<Response<IsBlockhashValidResponse>, Status> {
        Err(Status::unimplemented("blockhash"))
    }
    async fn get_version(
        &self,
        _: Request<GetVersionRequest>,
    ) -> Result<Response<GetVersionResponse>, Status> {
        Ok(Response::new(GetVersionResponse { version: "loopback".to_owned() }))
    }
}

/// Tells one client of the chain.
struct Teller {
    blocks: Blocks,
    conduct: Arc<Conduct>,
    wanted: Wanted,
    out: Sender,
}

/// The client is gone.
struct Gone;

impl Teller {
    async fn tell_from(self, mut place: usize) {
        let mut growth = self.blocks.growth();
        loop {
            if Conduct::is(&self.conduct.stands_still) {
                return std::future::pending().await;
            }
            // Between the two reads of it the chain may grow: then there is more to tell, never less.
            let late = usize::try_from(self.conduct.late.load(Ordering::SeqCst)).unwrap();
            let due = place + late < self.blocks.count();
            match self.blocks.get(place).filter(|block| due && self.is_settled(block)) {
                Some(block) => {
                    if self.tell(&block).await.is_err() {
                        return;
                    }
                    place += 1;
                }
                None if growth.changed().await.is_err() => return,
                None => {}
            }
        }
    }

    /// Whether a block is as settled as the client wants it: blocks come when they are confirmed, or as they die.
    fn is_settled(&self, block: &Block) -> bool {
        self.commitment() != CommitmentLevel::Finalized || self.blocks.is_final(block.slot)
    }

    async fn tell(&self, block: &Block) -> Result<(), Gone> {
        if block.slot == self.conduct.leaves_out.load(Ordering::SeqCst) {
            return Ok(());
        }
        if !Conduct::is(&self.conduct.announces_not) {
            self.slot(block, SlotStatus::SlotCreatedBank).await?;
        }
        let commitment = self.commitment();
        let is_final = commitment == CommitmentLevel::Finalized;
        let left = block.dead || is_final && self.blocks.is_taken_back(block.slot);
        // What was in a slot that was left hears only who wants what is processed; that it died, everybody.
        if left && commitment != CommitmentLevel::Processed {
            return self.slot(block, SlotStatus::SlotDead).await;
        }
        // A real one tells of each account before or behind the transaction that wrote it last.
        for account in &block.accounts {
            let update = self.wanted.lock().unwrap().accounts.update(block.slot, account);
            if let Some(update) = update {
                self.out.send(Ok(update)).await.map_err(|_| Gone)?;
            }
        }
        let backwards = Conduct::is(&self.conduct.reorders);
        let count = block.transactions.len();
        for nth in 0..count {
            let transaction = &block.transactions[if backwards { count - 1 - nth } else { nth }];
            if !self.wants(|wishes| wishes.transactions.take(transaction)) || self.conduct.loses_one() {
                continue;
            }
            let times = if Conduct::is(&self.conduct.doubles) { 2 } else { 1 };
            for _ in 0..times {
                self.send(UpdateOneof::Transaction(transaction.clone())).await?;
            }
        }
        if block.dead {
            return self.slot(block, SlotStatus::SlotDead).await;
        }
        let meta = SubscribeUpdateBlockMeta {
            slot: block.slot,
            parent_slot: block.parent,
            block_time: Some(UnixTimestamp { timestamp: block.time }),
            executed_transaction_count: u64::try_from(count).unwrap(),
            blockhash: block.hash.clone(),
            block_height: Some(BlockHeight { block_height: block.height })
                .filter(|height| height.block_height > 0),
            ..SubscribeUpdateBlockMeta::default()
        };
        if self.wants(|wishes| wishes.blocks) {
            self.send(UpdateOneof::BlockMeta(meta)).await?;
        }
        let settled = if is_final { SlotStatus::SlotFinalized } else { SlotStatus::SlotConfirmed };
        self.slot(block, settled).await
    }

    fn commitment(&self) -> CommitmentLevel {
        self.wanted.lock().unwrap().commitment
    }

    fn wants(&self, what: impl Fn(&Wishes) -> bool) -> bool {
        what(&self.wanted.lock().unwrap())
    }

    async fn slot(&self, block: &Block, status: SlotStatus) -> Result<(), Gone> {
        if !self.wants(|wishes| wishes.slots) {
            return Ok(());
        }
        let update = SubscribeUpdateSlot {
            slot: block.slot,
            parent: Some(block.parent).filter(|_| status == SlotStatus::SlotCreatedBank),
            status: i32::from(status),
            ..SubscribeUpdateSlot::default()
        };
        self.send(UpdateOneof::Slot(update)).await
    }

    async fn send(&self, update: UpdateOneof) -> Result<(), Gone> {
        self.out.send(Ok(told(update))).await.map_err(|_| Gone)
    }
}

fn told(update: UpdateOneof) -> SubscribeUpdate {
    SubscribeUpdate { update_oneof: Some(update), ..SubscribeUpdate::default() }
}
