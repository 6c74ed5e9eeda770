//! A connection to a Yellowstone endpoint: dialled, subscribed and proved by its first message.

use std::collections::HashMap;

use futures_util::{SinkExt, StreamExt};
use momentum_core::ids::{PoolId, Slot};
use momentum_core::time::ChainTime;
use momentum_pump::programs::PUMP;
use secrecy::ExposeSecret;
use tokio::time::timeout;
use tonic::Code;
use tonic::metadata::AsciiMetadataValue;
use yellowstone_grpc_client::{
    ClientTlsConfig, GeyserGrpcBuilderError, GeyserGrpcClient, GeyserGrpcClientError, GeyserStream,
    SubscribeRequestSink,
};
use yellowstone_grpc_proto::geyser::subscribe_update::UpdateOneof;
use yellowstone_grpc_proto::geyser::{
    CommitmentLevel, SlotStatus, SubscribeRequest, SubscribeRequestFilterBlocksMeta,
    SubscribeRequestFilterSlots, SubscribeRequestFilterTransactions, SubscribeRequestPing, SubscribeUpdate,
};

use crate::stream::continuity::Joined;
use crate::stream::{Commitment, Endpoint, GrpcKeys, Lost, Update, header_value};

/// Bytes that may be under way before the server must wait: a busy slot and more.
const WINDOW: u32 = 16 << 20;
/// How often an older slot is asked for while the server's window moves on.
const ATTEMPTS: usize = 4;

/// An open subscription.
pub(crate) struct Connection {
    requests: SubscribeRequestSink,
    updates: GeyserStream,
    /// The message that proved the connection.
    first: Option<Update>,
    commitment: Commitment,
    pings: i32,
    pub(crate) joined: Joined,
}

/// Dials, subscribes from a slot on (or as near to it as the server's window reaches), and waits for a first message.
pub(crate) async fn connect(
    endpoint: &Endpoint,
    keys: &GrpcKeys,
    pools: &[PoolId],
    from: Option<Slot>,
) -> Result<Connection, Lost> {
    timeout(keys.connect, dial(endpoint, keys, pools, from)).await.unwrap_or(Err(Lost::Deadline))
}

async fn dial(
    endpoint: &Endpoint,
    keys: &GrpcKeys,
    pools: &[PoolId],
    mut from: Option<Slot>,
) -> Result<Connection, Lost> {
    let mut client = client(endpoint, keys).await?;
    for _ in 0..ATTEMPTS {
        let request = request(keys.commitment, pools, from);
        let status = match subscribe(&mut client, request, keys.commitment, from).await? {
            Ok(connection) => return Ok(connection),
            Err(status) => status,
        };
        let Some(asked) = from.filter(|_| may_be_too_old(status)) else { return Err(lost(status)) };
        from = match client.subscribe_replay_info().await.map(|info| info.first_available) {
            Ok(Some(first)) if first > asked.0 => Some(Slot(first)),
            // It has that slot: it must have refused for another reason, or cannot resume at this commitment.
            Ok(Some(_)) if status != Code::InvalidArgument && status != Code::Unimplemented => {
                return Err(lost(status));
            }
            Ok(_) => None,
            Err(GeyserGrpcClientError::TonicStatus(told)) if told.code() == Code::Unimplemented => None,
            Err(error) => return Err(of_client(&error)),
        };
        tracing::info!(endpoint = %endpoint.name, asked = asked.0, from = from.map(|slot| slot.0), "the server no longer has the slot to resume from");
    }
    Err(Lost::Status(Code::OutOfRange))
}

async fn client(endpoint: &Endpoint, keys: &GrpcKeys) -> Result<GeyserGrpcClient, Lost> {
    let url = endpoint.url.expose_secret();
    let limit = usize::try_from(keys.message_max).unwrap_or(usize::MAX).saturating_mul(1 << 20);
    let mut builder = GeyserGrpcClient::build_from_shared(url.to_owned()).map_err(of_builder)?;
    if url.starts_with("https") {
        builder = builder.tls_config(ClientTlsConfig::new().with_native_roots()).map_err(of_builder)?;
    }
    builder.x_token = header_value::<AsciiMetadataValue>(endpoint.token.as_ref())?.map(|mut token| {
        token.set_sensitive(true);
        token
    });
    builder
        .connect_timeout(keys.connect)
        .tcp_nodelay(true)
        .tcp_keepalive(Some(keys.silence))
        .http2_keep_alive_interval(keys.ping_every)
        .keep_alive_timeout(keys.silence)
        .keep_alive_while_idle(true)
        .initial_connection_window_size(WINDOW)
        .initial_stream_window_size(WINDOW)
        .max_decoding_message_size(limit)
        .connect()
        .await
        .map_err(of_builder)
}

/// Subscribes and waits for the first message; the inner error is the server's refusal.
async fn subscribe(
    client: &mut GeyserGrpcClient,
    request: SubscribeRequest,
    commitment: Commitment,
    from: Option<Slot>,
) -> Result<Result<Connection, Code>, Lost> {
    let (requests, updates) = match client.subscribe_with_request(Some(request)).await {
        Ok(open) => open,
        Err(GeyserGrpcClientError::TonicStatus(status)) => return Ok(Err(status.code())),
        Err(error) => return Err(of_client(&error)),
    };
    let joined = from.map_or(Joined::Inside, Joined::From);
    let mut connection = Connection { requests, updates, first: None, commitment, pings: 0, joined };
    // Where the server refused already, the word is lost, and the stream says why.
    connection.ping().await.ok();
    loop {
        match connection.updates.next().await {
            Some(Ok(first)) => {
                let first = update(first, commitment);
                // An answer to the ping proves a stream; one that resumes has the slot itself to show.
                if from.is_none() || !matches!(first, Update::Alive) {
                    connection.first = Some(first);
                    return Ok(Ok(connection));
                }
            }
            Some(Err(status)) => return Ok(Err(status.code())),
            None => return Err(Lost::Ended),
        }
    }
}

impl Connection {
    /// The next update. May be dropped and called again without losing one.
    pub(crate) async fn next(&mut self) -> Result<Update, Lost> {
        if let Some(first) = self.first.take() {
            return Ok(first);
        }
        match self.updates.next().await {
            Some(Ok(next)) => Ok(update(next, self.commitment)),
            Some(Err(status)) => Err(lost(status.code())),
            None => Err(Lost::Ended),
        }
    }

    /// Edits the filter on the open stream.
    pub(crate) async fn follow(&mut self, pools: &[PoolId]) -> Result<(), Lost> {
        self.send(request(self.commitment, pools, None)).await
    }

    /// Asks for a sign of life.
    pub(crate) async fn ping(&mut self) -> Result<(), Lost> {
        self.pings = self.pings.wrapping_add(1);
        let ping = Some(SubscribeRequestPing { id: self.pings });
        self.send(SubscribeRequest { ping, ..SubscribeRequest::default() }).await
    }

    async fn send(&mut self, request: SubscribeRequest) -> Result<(), Lost> {
        self.requests.send(request).await.map_err(|_| Lost::Transport)
    }
}

/// All of the bonding curve program, and of PumpSwap these pools.
fn request(commitment: Commitment, pools: &[PoolId], from: Option<Slot>) -> SubscribeRequest {
    let wanted = |accounts: Vec<String>| SubscribeRequestFilterTransactions {
        vote: Some(false),
        failed: Some(false),
        account_include: accounts,
        ..SubscribeRequestFilterTransactions::default()
    };
    let mut transactions = HashMap::from([("pump".to_owned(), wanted(vec![PUMP.to_string()]))]);
    if !pools.is_empty() {
        let pools = pools.iter().map(|pool| pool.0.to_string()).collect();
        transactions.insert("pools".to_owned(), wanted(pools));
    }
    // Slots of every status, since those announced first link the transactions that come later.
    let slots = SubscribeRequestFilterSlots { filter_by_commitment: None, interslot_updates: Some(true) };
    let commitment = match commitment {
        Commitment::Processed => CommitmentLevel::Processed,
        Commitment::Confirmed => CommitmentLevel::Confirmed,
    };
    SubscribeRequest {
        transactions,
        slots: HashMap::from([("slots".to_owned(), slots)]),
        blocks_meta: HashMap::from([("blocks".to_owned(), SubscribeRequestFilterBlocksMeta {})]),
        commitment: Some(i32::from(commitment)),
        from_slot: from.map(|slot| slot.0),
        ..SubscribeRequest::default()
    }
}

/// What a message means. One of a kind that is not known is a sign of life.
fn update(update: SubscribeUpdate, commitment: Commitment) -> Update {
    match update.update_oneof {
        Some(UpdateOneof::Transaction(transaction)) => Update::Transaction(Box::new(transaction)),
        Some(UpdateOneof::Slot(told)) => {
            let slot = Slot(told.slot);
            let dead = told.status == i32::from(SlotStatus::SlotDead);
            match (dead, commitment) {
                (true, Commitment::Processed) => Update::Dead { slot, bank: told.bank_id },
                // What was confirmed is not taken back, and nothing else was told.
                (true, Commitment::Confirmed) => Update::Alive,
                (false, _) => Update::Announced { slot, parent: told.parent.map(Slot) },
            }
        }
        Some(UpdateOneof::BlockMeta(block)) => Update::Block {
            slot: Slot(block.slot),
            parent: Slot(block.parent_slot),
            at: block.block_time.map(|time| ChainTime(time.timestamp)),
        },
        _ => Update::Alive,
    }
}

/// Whether a server may say so when it is asked for a slot that it no longer has: they do not agree on a status.
const fn may_be_too_old(status: Code) -> bool {
    !matches!(
        status,
        Code::Unauthenticated
            | Code::PermissionDenied
            | Code::Unavailable
            | Code::Cancelled
            | Code::DeadlineExceeded
            | Code::ResourceExhausted
    )
}

const fn lost(status: Code) -> Lost {
    match status {
        Code::Unauthenticated | Code::PermissionDenied => Lost::Token,
        // What a broken connection is to the client.
        Code::Unavailable | Code::Unknown | Code::Cancelled => Lost::Transport,
        status => Lost::Status(status),
    }
}

fn of_client(error: &GeyserGrpcClientError) -> Lost {
    match error {
        GeyserGrpcClientError::TonicStatus(status) => lost(status.code()),
        GeyserGrpcClientError::TransportError(_) => Lost::Transport,
    }
}

fn of_builder(error: GeyserGrpcBuilderError) -> Lost {
    match error {
        GeyserGrpcBuilderError::MetadataValueError(_) => Lost::Token,
        // The transport's texts name the address, and only its source tells the cases apart.
        GeyserGrpcBuilderError::TonicError(error) if error.to_string().contains("invalid URI") => {
            Lost::Address
        }
        GeyserGrpcBuilderError::TonicError(_) => Lost::Transport,
    }
}

#[cfg(test)]
mod tests {
    use momentum_core::ids::Pubkey;
    use yellowstone_grpc_proto::geyser::{SubscribeUpdateSlot, SubscribeUpdateTransaction};

    use super::*;

    #[test]
    fn all_of_the_curves_is_asked_for_and_of_pools_the_followed_ones() {
        let alone = request(Commitment::Confirmed, &[], Some(Slot(7)));
        assert_eq!(alone.transactions.len(), 1);
        assert_eq!(alone.transactions["pump"].account_include, [PUMP.to_string()]);
        assert_eq!(alone.from_slot, Some(7));
        assert_eq!(alone.commitment, Some(i32::from(CommitmentLevel::Confirmed)));
        let pool = PoolId(Pubkey([3; 32]));
        let more = request(Commitment::Processed, &[pool], None);
        assert_eq!(more.transactions["pools"].account_include, [pool.0.to_string()]);
        assert_eq!(more.transactions["pools"].failed, Some(false));
        assert!(more.slots["slots"].interslot_updates.unwrap());
    }

    #[test]
    fn a_dead_slot_is_told_where_it_could_have_been_seen() {
        let dead = || SubscribeUpdate {
            update_oneof: Some(UpdateOneof::Slot(SubscribeUpdateSlot {
                slot: 9,
                status: i32::from(SlotStatus::SlotDead),
                ..SubscribeUpdateSlot::default()
            })),
            ..SubscribeUpdate::default()
        };
        assert!(matches!(update(dead(), Commitment::Processed), Update::Dead { slot: Slot(9), bank: None }));
        assert!(matches!(update(dead(), Commitment::Confirmed), Update::Alive));
    }

    #[test]
    fn a_message_of_an_unknown_kind_is_a_sign_of_life() {
        assert!(matches!(update(SubscribeUpdate::default(), Commitment::Confirmed), Update::Alive));
        let transaction = UpdateOneof::Transaction(SubscribeUpdateTransaction::default());
        let known = SubscribeUpdate { update_oneof: Some(transaction), ..SubscribeUpdate::default() };
        assert!(matches!(update(known, Commitment::Confirmed), Update::Transaction(_)));
    }
}
