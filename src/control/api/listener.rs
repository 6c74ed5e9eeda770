//! The socket itself: for its owner alone, so many connections at once, none of them idle for ever.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use momentum_store::book::Book;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::unix::SocketAddr;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep};

use crate::operator::user_name;

/// Connections at once; the next ones wait in the system's queue.
const CONNECTIONS: usize = 64;

/// A connection that sends nothing for so long is closed.
const IDLE: Duration = Duration::from_secs(30);

/// Why the bot cannot be reached at its socket.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Names of sockets are short: choose a shorter `--data-dir`.
    #[error("{} is too long a path for a socket (most systems take 107 bytes)", .0.display())]
    TooLong(PathBuf),
    /// The system does not let us.
    #[error("{}: {error}", path.display())]
    Io {
        /// The socket.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
}

/// The bot's socket, open.
#[derive(Debug)]
pub struct Socket {
    listener: UnixListener,
    places: Arc<Semaphore>,
}

impl Socket {
    /// Opens the socket of a book whose lock the caller holds: so what is there is a dead bot's, and goes.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub fn bind(book: &Book) -> Result<Self, BindError> {
        let path = book.socket();
        let io = |error| BindError::Io { path: path.clone(), error };
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(io(error)),
            _ => {}
        }
        let listener = UnixListener::bind(&path).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidInput => BindError::TooLong(path.clone()),
            _ => io(error),
        })?;
        // Nobody else can enter its folder, so nobody could connect before this.
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).map_err(io)?;
        Ok(Self { listener, places: Arc::new(Semaphore::new(CONNECTIONS)) })
    }
}

impl Listener for Socket {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        // The semaphore is never closed.
        let place = Arc::clone(&self.places).acquire_owned().await.ok();
        let (stream, address) = Listener::accept(&mut self.listener).await;
        (Connection { stream, _place: place, idle: Box::pin(tokio::time::sleep(IDLE)) }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// Somebody who is connected.
#[derive(Debug)]
pub struct Connection {
    stream: UnixStream,
    _place: Option<OwnedSemaphorePermit>,
    idle: Pin<Box<Sleep>>,
}

impl AsyncRead for Connection {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if Pin::new(&mut this.stream).poll_read(cx, buffer)?.is_ready() {
            this.idle.as_mut().reset(Instant::now() + IDLE);
            return Poll::Ready(Ok(()));
        }
        this.idle.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncWrite for Connection {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

/// Who is connected, as the system vouches for it.
#[derive(Clone, Debug)]
pub struct Peer(pub String);

impl Connected<IncomingStream<'_, Socket>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Socket>) -> Self {
        let who = stream.io().stream.peer_cred().map(|peer| user_name(peer.uid()));
        Self(who.unwrap_or_else(|_| "unknown user".to_owned()))
    }
}
