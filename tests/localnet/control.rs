//! What a rehearsal can do to the chain while it runs: a line of text over HTTP, an answer of text.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use momentum_core::ids::Pubkey;
use momentum_pump::programs::Program;

use crate::block_engine::Conduct;
use crate::chain::{Agent, Chain, Coin, Fate, Surfaces, Way};
use crate::loopback::Server;
use crate::rpc::{Commitment, Fault, Faults, Ledger};

/// What there is to say.
pub const HELP: &str = "\
fate lands|vanishes|late SLOTS|last-moment|fails [TIMES]   what becomes of the next sends
rpc first|backup none|429|503|garbage|truncated|hanging|reset|lagging SLOTS|contradicting
engine works|refuses|swallows                              what the block engine does with what it is given
upgrade curve|pool [wrongly]                               the program is deployed anew, or another in its place
stream cut|freeze|thaw|refuse|allow                        the line to Geyser
stream doubles|reorders|stands-still on|off
stream late BLOCKS                                         each block is told so many blocks later
stream leaves-out SLOT                                     silently, no transaction of that slot is told
stream loses N                                             silently, every N-th transaction; 0 ends it
fork                                                       a slot that is executed and then left
take-back BLOCKS                                           the newest blocks that are not final are no more
pass SLOTS                                                 slots at once, for blockhashes to expire
dust WALLET                                                lamports and a spam token are sent in
price MICRO_LAMPORTS                                       what agents pay for their place, a compute unit
fees curve PROTOCOL_BPS CREATOR_BPS                        other fees of all curves, from the next slot on
fees pool LP_BPS PROTOCOL_BPS CREATOR_BPS                  other fees of all pools
";

/// The control of a chain; it ends when this is dropped.
pub struct Control {
    /// Where it listens.
    pub url: String,
    _server: Server,
}

struct Shared {
    chain: Chain,
    surfaces: Surfaces,
    spammer: Agent,
}

/// Serves the control of a chain on loopback; it keeps the surfaces.
pub async fn serve(chain: &Chain, surfaces: Surfaces) -> Control {
    let shared = Arc::new(Shared { chain: chain.clone(), surfaces, spammer: chain.agent() });
    let routes = Router::new().route("/", post(obey)).with_state(shared);
    let server = Server::start(routes).await;
    Control { url: format!("http://{}/", server.address), _server: server }
}

async fn obey(State(shared): State<Arc<Shared>>, order: String) -> (StatusCode, String) {
    let words: Vec<&str> = order.split_whitespace().collect();
    match shared.obey(&words) {
        Some(done) => (StatusCode::OK, done + "\n"),
        None => (StatusCode::BAD_REQUEST, HELP.to_owned()),
    }
}

impl Shared {
    /// Does as it is told; `None` for what it does not understand.
    fn obey(&self, words: &[&str]) -> Option<String> {
        match words {
            ["fate", words @ ..] => self.fate(words),
            ["rpc", "first", words @ ..] => rpc(self.surfaces.rpc.faults(), words),
            ["rpc", "backup", words @ ..] => rpc(self.surfaces.backup.faults(), words),
            ["engine", word] => {
                let conduct = Conduct::of(word)?;
                self.surfaces.engine.behaves(conduct);
                Some(format!("{conduct:?} from now on"))
            }
            ["stream", words @ ..] => self.stream(words),
            ["fork"] => Some(format!("slot {} was left", self.chain.step_dead())),
            ["pass", slots] => {
                self.chain.steps(slots.parse().ok()?);
                Some(format!("slot {}", self.chain.slot()))
            }
            ["price", price] => {
                self.chain.set_price(price.parse().ok()?);
                Some(format!("agents pay {price} millionths of a lamport a unit"))
            }
            ["dust", wallet] => Some(self.dust(wallet.parse().ok()?)),
            ["upgrade", which] => {
                self.chain.upgrade(program(which)?);
                Some("the program was deployed".to_owned())
            }
            ["upgrade", which, "wrongly"] => {
                self.chain.upgrade_wrongly(program(which)?);
                Some("another program was deployed in its place".to_owned())
            }
            ["take-back", blocks] => {
                let last_but = blocks.parse::<usize>().ok()?.checked_sub(1)?;
                let open =
                    Ledger::blocks(&self.chain, self.chain.settled(Commitment::Finalized) + 1, u64::MAX);
                let first = *open.iter().nth_back(last_but)?;
                self.chain.take_back(first);
                Some(format!("slot {first} was taken back, and what followed it"))
            }
            ["fees", "curve", protocol, creator] => {
                self.chain.set_curve_fees(protocol.parse().ok()?, creator.parse().ok()?);
                Some("the fee account of curves has changed".to_owned())
            }
            ["fees", "pool", lp, protocol, creator] => {
                self.chain.set_pool_fees(lp.parse().ok()?, protocol.parse().ok()?, creator.parse().ok()?);
                Some("the fee account of pools has changed".to_owned())
            }
            _ => None,
        }
    }

    fn fate(&self, words: &[&str]) -> Option<String> {
        let (fate, rest) = match words {
            ["lands", rest @ ..] => (Fate::Lands, rest),
            ["vanishes", rest @ ..] => (Fate::Vanishes, rest),
            ["late", slots, rest @ ..] => (Fate::Late(slots.parse().ok()?), rest),
            ["last-moment", rest @ ..] => (Fate::LastMoment, rest),
            ["fails", rest @ ..] => (Fate::Fails, rest),
            _ => return None,
        };
        let times = match rest {
            [] => 1,
            [times] => times.parse().ok()?,
            _ => return None,
        };
        self.chain.fates(std::iter::repeat_n(fate, times));
        Some(format!("{fate:?}, {times} times"))
    }

    fn stream(&self, words: &[&str]) -> Option<String> {
        let (line, conduct) = (&self.surfaces.line, &self.surfaces.grpc.conduct);
        match words {
            ["cut"] => line.cut(),
            ["freeze"] => line.freeze(true),
            ["thaw"] => line.freeze(false),
            ["refuse"] => line.refuse(true),
            ["allow"] => line.refuse(false),
            ["doubles", set] => conduct.doubles.store(is_on(set)?, Ordering::SeqCst),
            ["reorders", set] => conduct.reorders.store(is_on(set)?, Ordering::SeqCst),
            ["stands-still", set] => conduct.stands_still.store(is_on(set)?, Ordering::SeqCst),
            ["late", blocks] => conduct.late.store(blocks.parse().ok()?, Ordering::SeqCst),
            ["loses", every] => conduct.loses.store(every.parse().ok()?, Ordering::SeqCst),
            ["leaves-out", slot] => conduct.leaves_out.store(slot.parse().ok()?, Ordering::SeqCst),
            _ => return None,
        }
        Some("done".to_owned())
    }

    /// A spam coin is launched, bought and sent in, with some lamports, over the next slots.
    fn dust(&self, wallet: Pubkey) -> String {
        let (spammer, chain) = (&self.spammer, &self.chain);
        let (mint, launched) =
            spammer.launch(&Coin { name: "Visit spam.example".to_owned(), ..Coin::default() });
        let wait = |name| {
            while chain.landed(&name).is_none() {
                chain.step();
            }
        };
        wait(launched);
        wait(spammer.buy(&mint, 10_000_000, Way::V3));
        wait(spammer.give_tokens(&mint, &wallet, 1));
        wait(spammer.give_lamports(&wallet, 1));
        format!("a lamport and a unit of {mint}")
    }
}

fn program(word: &str) -> Option<Program> {
    match word {
        "curve" => Some(Program::Pump),
        "pool" => Some(Program::PumpSwap),
        _ => None,
    }
}

fn is_on(word: &str) -> Option<bool> {
    match word {
        "on" => Some(true),
        "off" => Some(false),
        _ => None,
    }
}

fn rpc(faults: &Faults, words: &[&str]) -> Option<String> {
    let fault = match words {
        ["none"] => Fault::None,
        ["429"] => Fault::TooMany { retry_after: None },
        ["garbage"] => Fault::Garbage,
        ["truncated"] => Fault::Truncated,
        ["hanging"] => Fault::Hanging,
        ["reset"] => Fault::Reset,
        ["contradicting"] => Fault::Contradicting,
        ["lagging", slots] => Fault::Lagging(slots.parse().ok()?),
        [status] => Fault::Status(status.parse().ok()?),
        _ => return None,
    };
    faults.always(fault);
    Some(format!("{fault:?} from now on"))
}
