//! Fetching what a stranger's URI names, without going where the stranger wants: listed hosts only, each name
//! resolved once for its connection and every address of it on the open internet, redirects followed by hand and
//! checked like the first URL, little time, few bytes.

use std::error::Error;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::LOCATION;
use reqwest::{Client, Response, Url};

use super::EnrichKeys;
use super::addresses::{is_listed, is_public};

/// Redirects that are followed.
const REDIRECTS_MAX: usize = 2;

/// Why something was not fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unfetched {
    /// The URI is none.
    #[error("the URI is none")]
    NotAUri,
    /// Its scheme is none that is fetched.
    #[error("the scheme is neither https, http, ipfs nor ar")]
    Scheme,
    /// It names a user, or another port than usual.
    #[error("the URL names a user, or an unusual port")]
    Unusual,
    /// Its host is not on the list.
    #[error("the host is not one of enrich.hosts")]
    Host,
    /// An address of its host is not on the open internet.
    #[error("the host's address is not on the open internet")]
    Address,
    /// One redirect after another.
    #[error("more redirects than are followed")]
    Redirects,
    /// Longer than metadata are.
    #[error("longer than enrich.fetch_bytes")]
    TooLong,
    /// Not whole in time.
    #[error("not whole within enrich.fetch_timeout")]
    TooLate,
    /// The host answered with this status.
    #[error("status {0}")]
    Status(u16),
    /// No connection, or it broke.
    #[error("the connection failed")]
    Transport,
    /// What came is no metadata.
    #[error("what was fetched is no metadata")]
    NotMetadata,
}

impl Unfetched {
    /// Whether the same might be fetched later, or elsewhere.
    pub(super) const fn is_final(self) -> bool {
        !matches!(self, Self::TooLate | Self::Status(_) | Self::Transport)
    }
}

/// Fetches URLs of strangers.
pub(super) struct Fetcher {
    client: Client,
    keys: EnrichKeys,
    permits: Permits,
}

/// Which addresses may be connected to.
type Permits = fn(IpAddr) -> bool;

impl Fetcher {
    /// `None` where TLS cannot be set up.
    pub(super) fn new(keys: EnrichKeys) -> Option<Self> {
        let permits = if keys.allow_private { |_| true } else { is_public };
        Self::permitting(keys, permits)
    }

    /// With a rule of its own for addresses: tests have none on the open internet.
    pub(super) fn permitting(keys: EnrichKeys, permits: Permits) -> Option<Self> {
        let client = Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            // A connection of its own each time, so none is used whose address was not checked for it.
            .pool_max_idle_per_host(0)
            .dns_resolver(Arc::new(Resolver(permits)))
            .connect_timeout(keys.fetch_timeout)
            .user_agent("momentum")
            .build()
            .ok()?;
        Some(Self { client, keys, permits })
    }

    /// The bytes at a URL.
    ///
    /// # Errors
    /// Where it must not be fetched, or was not whole in time.
    pub(super) async fn fetch(&self, url: Url) -> Result<Vec<u8>, Unfetched> {
        let fetching = tokio::time::timeout(self.keys.fetch_timeout, self.follow(url));
        fetching.await.unwrap_or(Err(Unfetched::TooLate))
    }

    async fn follow(&self, mut url: Url) -> Result<Vec<u8>, Unfetched> {
        for _ in 0..=REDIRECTS_MAX {
            self.check(&url)?;
            let response = self.client.get(url.clone()).send().await.map_err(|error| reason(&error))?;
            if !response.status().is_redirection() {
                return self.read(response).await;
            }
            let to = response.headers().get(LOCATION).and_then(|to| to.to_str().ok());
            url = to.and_then(|to| url.join(to).ok()).ok_or(Unfetched::NotAUri)?;
        }
        Err(Unfetched::Redirects)
    }

    /// Whether a URL may be asked for. Names are resolved, and their addresses checked, when connecting; an
    /// address in place of a name is checked here.
    fn check(&self, url: &Url) -> Result<(), Unfetched> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Unfetched::Scheme);
        }
        let usual_port = url.port().is_none() || self.keys.allow_private;
        if !url.username().is_empty() || url.password().is_some() || !usual_port {
            return Err(Unfetched::Unusual);
        }
        let host = url.host_str().ok_or(Unfetched::NotAUri)?;
        if !is_listed(host, self.keys.hosts.iter().chain(&self.keys.gateways)) {
            return Err(Unfetched::Host);
        }
        let address: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
        if address.is_some_and(|address| !(self.permits)(address)) {
            return Err(Unfetched::Address);
        }
        Ok(())
    }

    async fn read(&self, mut response: Response) -> Result<Vec<u8>, Unfetched> {
        if !response.status().is_success() {
            return Err(Unfetched::Status(response.status().as_u16()));
        }
        let most = usize::try_from(self.keys.fetch_bytes).unwrap_or(usize::MAX);
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|error| reason(&error))? {
            if body.len() + piece.len() > most {
                return Err(Unfetched::TooLong);
            }
            body.extend_from_slice(&piece);
        }
        Ok(body)
    }
}

/// What a failed exchange was; the library's own text names the URL.
fn reason(error: &reqwest::Error) -> Unfetched {
    let mut source = error.source();
    while let Some(cause) = source {
        if cause.is::<NotPermitted>() {
            return Unfetched::Address;
        }
        source = cause.source();
    }
    if error.is_timeout() { Unfetched::TooLate } else { Unfetched::Transport }
}

/// Resolves a name for one connection and refuses it whole where one of its addresses is not permitted: the
/// addresses that were checked are those that are connected to.
struct Resolver(Permits);

#[derive(Debug, thiserror::Error)]
#[error("an address of the host is not permitted")]
struct NotPermitted;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let permits = self.0;
        Box::pin(async move {
            let addresses: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if addresses.iter().any(|address| !permits(address.ip())) {
                return Err(NotPermitted.into());
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use momentum_core::config::Section;
    use momentum_localnet::web::{Page, Web};

    use super::*;

    fn keys(allow_private: bool) -> EnrichKeys {
        EnrichKeys {
            hosts: ["127.0.0.1", "127.0.0.2", "localhost", "169.254.169.254", "10.0.0.1", "[::1]"]
                .map(str::to_owned)
                .to_vec(),
            allow_private,
            fetch_timeout: Duration::from_secs(5),
            ..EnrichKeys::shipped()
        }
    }

    async fn fetched(keys: EnrichKeys, url: &str) -> Result<Vec<u8>, Unfetched> {
        Fetcher::new(keys).unwrap().fetch(url.parse().unwrap()).await
    }

    #[tokio::test]
    async fn what_a_listed_host_has_is_fetched_through_two_redirects() {
        let web = Web::start().await;
        web.put("/c", Page::Text(b"{}".to_vec()));
        web.put("/b", Page::Redirect("/c".into()));
        web.put("/a", Page::Redirect(web.url("/b")));
        web.put("/0", Page::Redirect(web.url("/a")));
        assert_eq!(fetched(keys(true), &web.url("/a")).await, Ok(b"{}".to_vec()));
        assert_eq!(fetched(keys(true), &web.url("/0")).await, Err(Unfetched::Redirects));
        let by_name = format!("http://localhost:{}/c", web.port());
        assert_eq!(fetched(keys(true), &by_name).await, Ok(b"{}".to_vec()), "resolved by our resolver");
    }

    #[tokio::test]
    async fn a_host_that_is_not_listed_is_not_asked() {
        let web = Web::start().await;
        let keys = EnrichKeys { hosts: vec!["localhost".into()], ..keys(true) };
        assert_eq!(fetched(keys.clone(), &web.url("/")).await, Err(Unfetched::Host));
        for to in [
            "http://169.254.169.254/latest/meta-data",
            &web.url("/secret"),
            "http://[::1]/",
            "//evil.example/",
        ] {
            web.put("/", Page::Redirect(to.to_owned()));
            let by_name = format!("http://localhost:{}/", web.port());
            assert_eq!(fetched(keys.clone(), &by_name).await, Err(Unfetched::Host), "{to}");
        }
        assert!(!web.asked().contains(&"/secret".to_owned()));
    }

    #[tokio::test]
    async fn a_listed_host_at_a_private_address_is_not_asked() {
        for host in ["127.0.0.1", "169.254.169.254", "10.0.0.1", "[::1]", "localhost"] {
            let fetched = fetched(keys(false), &format!("http://{host}/")).await;
            assert_eq!(fetched, Err(Unfetched::Address), "{host}");
        }
    }

    #[tokio::test]
    async fn a_redirect_to_a_private_address_is_refused_though_its_host_is_listed() {
        let web = Web::start().await;
        let only_the_first: Permits = |address| address.to_string() == "127.0.0.1";
        let fetcher = Fetcher::permitting(keys(true), only_the_first).unwrap();
        for to in ["http://169.254.169.254/", "http://127.0.0.2/", "http://10.0.0.1/"] {
            web.put("/", Page::Redirect(to.to_owned()));
            assert_eq!(fetcher.fetch(web.url("/").parse().unwrap()).await, Err(Unfetched::Address), "{to}");
        }
        web.put("/", Page::Redirect(web.url("/")));
        let looped = fetcher.fetch(web.url("/").parse().unwrap()).await;
        assert_eq!(looped, Err(Unfetched::Redirects));
    }

    #[tokio::test]
    async fn users_ports_and_other_schemes_are_refused() {
        for (url, why) in [
            ("http://me@localhost/", Unfetched::Unusual),
            ("http://me:pass@localhost/", Unfetched::Unusual),
            ("http://localhost:8899/", Unfetched::Unusual),
            ("ftp://localhost/", Unfetched::Scheme),
            ("file:///etc/passwd", Unfetched::Scheme),
        ] {
            assert_eq!(fetched(keys(false), url).await, Err(why), "{url}");
        }
    }

    #[tokio::test]
    async fn what_is_too_long_too_late_or_an_error_ends() {
        let web = Web::start().await;
        web.put("/flood", Page::Flood(10 << 20));
        web.put("/drip", Page::Drip);
        web.put("/hanging", Page::Hanging);
        web.put("/gone", Page::Status(410));
        assert_eq!(fetched(keys(true), &web.url("/flood")).await, Err(Unfetched::TooLong));
        assert_eq!(fetched(keys(true), &web.url("/gone")).await, Err(Unfetched::Status(410)));
        let short = EnrichKeys { fetch_timeout: Duration::from_millis(200), ..keys(true) };
        for path in ["/drip", "/hanging"] {
            assert_eq!(fetched(short.clone(), &web.url(path)).await, Err(Unfetched::TooLate), "{path}");
        }
        assert_eq!(fetched(keys(true), "http://127.0.0.1:1/").await, Err(Unfetched::Transport));
    }
}
