//! A chain on which the embedded market happens: blocks of its transactions, told by Geyser and by WebSocket, and
//! a node and a web host that know its tokens.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use momentum_core::event::{
    Event, FeedEvent, Launched, MarketEvent, MarketKind, MintFacts, Reserves, Traded,
};
use momentum_core::ids::{Mint, Pubkey, Signature};
use momentum_core::time::ChainTime;
use momentum_localnet::blocks::Blocks;
use momentum_localnet::bridge::{bonding_curve, curve_account, mint_account, on_curve, transaction};
use momentum_localnet::geyser::{self, GeyserServerHandle};
use momentum_localnet::line::Line;
use momentum_localnet::pubsub::{self, PubsubHandle};
use momentum_localnet::rpc::{RpcNode, Written};
use momentum_localnet::web::{Page, Web};
use momentum_sim::market::{BEGINNING, EmbeddedMarket, SimKeys};
use tokio::runtime::Runtime;

/// What must be told to nobody: in headers and addresses alone.
pub(crate) const TOKEN: &str = "canary-5f1e9c7ab2";

/// What a token's creator says of it.
const LINKS: &str =
    r#"{"twitter":"https://x.com/a","website":"https://a.example","telegram":"https://t.me/a"}"#;

/// Blocks before the stream begins.
const EARLIER: usize = 1_500;

/// Market time that is history when the chain begins to be told of.
const PAST: Duration = Duration::from_mins(50);

pub(crate) struct Chain {
    pub(crate) node: RpcNode<Written>,
    pub(crate) line: Line,
    pub(crate) pubsub: PubsubHandle,
    web: Web,
    _geyser: GeyserServerHandle,
    blocks: Blocks,
    market: Mutex<Market>,
    // Last: the servers are its tasks.
    _runtime: Runtime,
}

struct Market {
    events: EmbeddedMarket,
    /// Seconds from the market's time to the chain's.
    later: i64,
    newest: u64,
    told: BTreeSet<(Signature, u16)>,
    /// The curves' addresses, and how their tokens were launched.
    tokens: BTreeMap<Mint, (Pubkey, Launched)>,
}

impl Chain {
    /// A chain whose Geyser server replays as many slots as `window`.
    pub(crate) fn start(window: u64) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let blocks = Blocks::default();
        let (geyser, line, pubsub, node, web) = runtime.block_on(async {
            let geyser = geyser::serve(blocks.clone(), window, Some(TOKEN)).await;
            let line = Line::to(geyser.address).await;
            let pubsub = pubsub::serve(blocks.clone()).await;
            (geyser, line, pubsub, RpcNode::start(Written::default()).await, Web::start().await)
        });
        let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap();
        let begins = BEGINNING.0 / 1_000_000 + i64::try_from(PAST.as_secs()).unwrap();
        let events = EmbeddedMarket::new(7, &SimKeys::default());
        let market =
            Market { events, later: now - begins, newest: 0, told: BTreeSet::new(), tokens: BTreeMap::new() };
        let chain = Self {
            node,
            line,
            pubsub,
            web,
            _geyser: geyser,
            blocks,
            market: Mutex::new(market),
            _runtime: runtime,
        };
        // Of some tokens the stream misses the launch: what they are must be asked.
        chain.grow(EARLIER);
        chain.market().told.clear();
        chain
    }

    fn market(&self) -> MutexGuard<'_, Market> {
        self.market.lock().unwrap()
    }

    /// The newest slot.
    pub(crate) fn newest(&self) -> u64 {
        self.market().newest
    }

    /// The events that a subscriber of the curve program must have heard of.
    pub(crate) fn told(&self) -> BTreeSet<(Signature, u16)> {
        self.market().told.clone()
    }

    /// Adds so many blocks.
    pub(crate) fn grow(&self, blocks: usize) {
        for _ in 0..blocks {
            self.add();
        }
    }

    fn add(&self) {
        let mut market = self.market();
        let (mut events, mut time) = (Vec::new(), ChainTime(0));
        for (_, event) in market.events.by_ref() {
            match event {
                Event::Market(event) => events.push(*event),
                Event::Feed(FeedEvent::Slot { at, .. }) => {
                    time = at;
                    break;
                }
                _ => {}
            }
        }
        for event in &mut events {
            event.at.0 += market.later;
            self.write_down(&mut market, event);
        }
        let by_signature = events.chunk_by(|a, b| a.signature == b.signature);
        let mut transactions = Vec::new();
        for events in by_signature {
            let transaction = transaction(events);
            if on_curve(&transaction) {
                market.told.extend(events.iter().map(|event| (event.signature, event.ordinal)));
            }
            transactions.push(transaction);
        }
        let slot = self.blocks.push_at(ChainTime(time.0 + market.later), &transactions);
        market.newest = slot;
        self.node.ledger().slot = slot;
    }

    /// What can be read of a token, as this event leaves it.
    fn write_down(&self, market: &mut Market, event: &mut MarketEvent) {
        let mint = event.mint;
        match &mut event.kind {
            MarketKind::Launched(launched) => {
                let page = format!("/{mint}.json");
                self.web.put(&page, Page::Text(LINKS.as_bytes().to_vec()));
                launched.uri = self.web.url(&page);
                let facts = MintFacts {
                    mint_authority: false,
                    freeze_authority: false,
                    foreign_extension: false,
                    supply: launched.supply.unwrap_or_default(),
                };
                let (owner, data) = mint_account(facts);
                self.node.ledger().put(mint.0, owner, data);
                market.tokens.insert(mint, (bonding_curve(&mint), Launched::clone(launched)));
            }
            MarketKind::Traded(Traded { reserves: Reserves::Curve(curve), .. }) => {
                let (address, launched) = &market.tokens[&mint];
                let (owner, data) = curve_account(curve, launched.supply.unwrap_or_default(), launched);
                self.node.ledger().put(*address, owner, data);
            }
            _ => {}
        }
    }
}
