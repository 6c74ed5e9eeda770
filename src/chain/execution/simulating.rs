//! Buys on paper, run on the chain: each built as a real one with its sell-back, simulated on the newest state with
//! the address of a funded wallet, never signed. Beside the loop, which waits for none of it.

use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use momentum_core::action::Order;
use momentum_core::event::Event;
use momentum_core::ids::Wallet;
use momentum_core::simulation::{Expectation, Simulated, Simulation, Trip};
use tokio::sync::{Mutex, mpsc};
use tokio_util::sync::CancellationToken;

use super::LiveKeys;
use super::workshop::{by_any_route, logged, read};
use crate::endpoints::Rpc;
use crate::tasks::Tasks;
use crate::trade::{Terms, held_against};

/// The name of the task.
const TASK: &str = "simulations";
/// Buys that may wait for theirs: more than the engine's own limits let it make in minutes.
const WAITING: usize = 256;

/// Where buys on paper are handed in. Clones hand in to the same.
#[derive(Clone, Debug)]
pub struct SimulationHandle(mpsc::Sender<Asked>);

/// A buy, and what it counts on.
type Asked = Box<(Order, Expectation)>;

impl SimulationHandle {
    /// Runs this order, where it is a buy; never waits. Its answer is one event.
    pub fn ask(&self, order: &Order) {
        let Some(expected) = Expectation::of(order) else { return };
        if self.0.try_send(Box::new((order.clone(), expected))).is_err() {
            tracing::warn!(attempt = %order.attempt, mint = %order.mint, "not simulated: too many wait");
        }
    }
}

/// Runs buys on paper on the chain.
pub struct Simulator {
    rpc: Rpc,
    wallet: Wallet,
    keys: LiveKeys,
    orders: mpsc::Receiver<Asked>,
    out: mpsc::Sender<Event>,
    tasks: Tasks,
}

impl Simulator {
    /// Starts one that buys as `wallet`, in a task of its own, until it is cancelled or nobody listens. Answers go to
    /// `out`.
    pub fn start(
        rpc: Rpc,
        wallet: Wallet,
        keys: &LiveKeys,
        out: mpsc::Sender<Event>,
        tasks: &Tasks,
        cancel: CancellationToken,
    ) -> SimulationHandle {
        let (handle, orders) = mpsc::channel(WAITING);
        let simulator = Self { rpc, wallet, keys: keys.clone(), orders, out, tasks: tasks.clone() };
        let simulator = Arc::new(Mutex::new(simulator));
        let work = move || {
            let (simulator, cancel) = (Arc::clone(&simulator), cancel.clone());
            async move {
                cancel.run_until_cancelled(async { simulator.lock().await.work().await }).await;
            }
        };
        tokio::spawn(tasks.clone().keep(TASK, work));
        SimulationHandle(handle)
    }

    async fn work(&mut self) {
        let Self { rpc, wallet, keys, orders, out, tasks } = self;
        let at_once = usize::from(keys.proofs_at_once);
        let mut under_way = FuturesUnordered::new();
        loop {
            tokio::select! {
                biased;
                () = out.closed() => return,
                Some(simulation) = under_way.next() => {
                    if out.send(Event::from(simulation)).await.is_err() {
                        return;
                    }
                }
                Some(asked) = orders.recv(), if under_way.len() < at_once => {
                    let (order, expected) = *asked;
                    let order = Order { wallet: *wallet, ..order };
                    under_way.push(simulate(rpc, keys, tasks, order, expected));
                }
                else => return,
            }
        }
    }
}

/// What came of one buy. What nobody foresaw costs this one alone.
async fn simulate(
    rpc: &Rpc,
    keys: &LiveKeys,
    tasks: &Tasks,
    order: Order,
    expected: Expectation,
) -> Simulation {
    let outcome = tasks.attempt(TASK, run(rpc, keys, &order, &expected)).await;
    let outcome = outcome.unwrap_or_else(|| Err("it died of something that nobody foresaw".to_owned()));
    let Order { attempt, mint, .. } = order;
    Simulation { attempt, mint, tokens: expected.tokens, expected: expected.trip, outcome }
}

async fn run(rpc: &Rpc, keys: &LiveKeys, order: &Order, expected: &Expectation) -> Result<Simulated, String> {
    let (coin, recipients) = read(rpc, order.mint).await?;
    let terms = Terms::simulated(keys.unit_limit, recipients, keys.route);
    let message = by_any_route(terms, |terms| held_against(order, expected, &coin, terms));
    let message = message.map_err(|why| why.to_string())?;
    let simulated = rpc.simulate(&message.unsigned()).await.map_err(|why| why.to_string())?.succeeded()?;
    let (paid, back) = logged(&simulated.logs, order.wallet, order.mint);
    let trip = paid.zip(back).map(|(paid, back)| Trip { paid, back });
    let trip = trip.ok_or("the programs do not say what it would have brought")?;
    Ok(Simulated { slot: simulated.slot, trip, units: simulated.units })
}
