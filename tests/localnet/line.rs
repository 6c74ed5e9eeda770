//! A line between a client and a server that can be cut after so many bytes, frozen (half open) and refused.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

#[derive(Debug)]
struct Faults {
    /// Bytes to the client from one cut to the next, for each cut that is planned.
    plan: Mutex<VecDeque<u64>>,
    refuses: AtomicBool,
    frozen: AtomicBool,
    cuts: watch::Sender<u64>,
}

/// A line; it ends when this is dropped.
#[derive(Debug)]
pub struct Line {
    /// Where clients dial.
    pub address: SocketAddr,
    faults: Arc<Faults>,
    task: JoinHandle<()>,
}

impl Line {
    /// A line to a server.
    pub async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let faults = Arc::new(Faults {
            plan: Mutex::default(),
            refuses: AtomicBool::new(false),
            frozen: AtomicBool::new(false),
            cuts: watch::Sender::new(0),
        });
        let shared = faults.clone();
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                // What is accepted and closed at once is refused, whatever the client had to say.
                if shared.refuses.load(Ordering::SeqCst) {
                    continue;
                }
                let Ok(upstream) = TcpStream::connect(server).await else { continue };
                client.set_nodelay(true).unwrap();
                upstream.set_nodelay(true).unwrap();
                tokio::spawn(carry(client, upstream, shared.clone()));
            }
        });
        Self { address, faults, task }
    }

    /// Cuts everything each time that so many more bytes went to clients: inside of a message, most likely.
    pub fn cut_after(&self, bytes: impl IntoIterator<Item = u64>) {
        self.faults.plan.lock().unwrap().extend(bytes);
    }

    /// Cuts everything now.
    pub fn cut(&self) {
        self.faults.cuts.send_modify(|cuts| *cuts += 1);
    }

    /// How often everything was cut.
    #[must_use]
    pub fn cuts(&self) -> watch::Receiver<u64> {
        self.faults.cuts.subscribe()
    }

    /// Whether connections are refused; open ones go on.
    pub fn refuse(&self, refuses: bool) {
        self.faults.refuses.store(refuses, Ordering::SeqCst);
    }

    /// Whether bytes stay in the line, both ways, while the connections stay open: half open.
    pub fn freeze(&self, frozen: bool) {
        self.faults.frozen.store(frozen, Ordering::SeqCst);
        // Whoever waits looks again.
        self.faults.cuts.send_modify(|_| {});
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.task.abort();
        self.cut();
    }
}

async fn carry(client: TcpStream, server: TcpStream, faults: Arc<Faults>) {
    let mut cuts = faults.cuts.subscribe();
    let before = *cuts.borrow_and_update();
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let cut = async { while cuts.changed().await.is_ok() && *cuts.borrow() == before {} };
    tokio::select! {
        biased;
        () = cut => {}
        () = copy(from_server, to_client, &faults, true) => {}
        () = copy(from_client, to_server, &faults, false) => {}
    }
}

async fn copy(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, faults: &Faults, counted: bool) {
    let mut thaw = faults.cuts.subscribe();
    let mut buffer = vec![0; 16 << 10];
    loop {
        let Ok(read @ 1..) = from.read(&mut buffer).await else { return };
        while faults.frozen.load(Ordering::SeqCst) {
            if thaw.changed().await.is_err() {
                return;
            }
        }
        let pass = if counted { faults.pass(read) } else { read };
        if to.write_all(&buffer[..pass]).await.is_err() {
            return;
        }
        if pass < read {
            faults.cuts.send_modify(|cuts| *cuts += 1);
            return;
        }
    }
}

impl Faults {
    /// How many of these bytes pass before the next cut.
    fn pass(&self, read: usize) -> usize {
        let mut plan = self.plan.lock().unwrap();
        let Some(left) = plan.front_mut() else { return read };
        match usize::try_from(*left) {
            Ok(pass) if pass < read => {
                plan.pop_front();
                pass
            }
            _ => {
                *left -= u64::try_from(read).unwrap();
                read
            }
        }
    }
}
