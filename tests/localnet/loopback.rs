//! A server on a free port of loopback.

use std::net::SocketAddr;

use axum::Router;
use axum::serve::Listener;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A running server; it stops when this is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(router: Router) -> Self {
        Self::behind(|listener| listener, router).await
    }

    /// One whose connections come through what is made of its socket.
    pub(crate) async fn behind<L>(through: impl FnOnce(TcpListener) -> L, router: Router) -> Self
    where
        L: Listener,
        L::Addr: std::fmt::Debug,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let listener = through(listener);
        let task = tokio::spawn(async move {
            // It serves until the task is aborted.
            axum::serve(listener, router).await.expect("serving on loopback does not fail");
        });
        Self { address, task }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}
