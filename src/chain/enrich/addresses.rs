//! Where metadata may come from: which URLs a token's URI stands for, which hosts are allowed, and which
//! addresses are on the open internet. A URI is hostile text; nothing here asks anybody.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use reqwest::Url;

use super::fetch::Unfetched;

/// Longer URIs are none (the program itself takes 200 bytes).
const URI_MAX: usize = 512;

/// The URLs at which the metadata of this URI may be, in the order in which they are tried. What is on IPFS is at
/// every gateway.
///
/// # Errors
/// Where it is no URI, or of a scheme that is not fetched.
pub(super) fn places(uri: &str, gateways: &[String]) -> Result<Vec<Url>, Unfetched> {
    let uri = uri.trim_matches(|c: char| c == '\0' || c.is_whitespace());
    if uri.is_empty() || uri.len() > URI_MAX || uri.chars().any(char::is_control) {
        return Err(Unfetched::NotAUri);
    }
    let parse = |text: &str| Url::parse(text).map_err(|_| Unfetched::NotAUri);
    let at_gateways = |path: &str| {
        let path = path.trim_start_matches('/');
        gateways
            .iter()
            .map(|host| parse(&format!("https://{host}/ipfs/{path}")))
            .collect::<Result<Vec<_>, _>>()
    };
    match uri.split_once("://").map(|(scheme, rest)| (scheme.to_ascii_lowercase(), rest)) {
        Some((scheme, path)) if scheme == "ipfs" => at_gateways(path.trim_start_matches("ipfs/")),
        Some((scheme, id)) if scheme == "ar" => Ok(vec![parse(&format!("https://arweave.net/{id}"))?]),
        Some((scheme, _)) if scheme == "http" || scheme == "https" => {
            let url = parse(uri)?;
            let others = match url.path().strip_prefix("/ipfs/") {
                Some(path) => at_gateways(path)?,
                None => Vec::new(),
            };
            let first = url.host_str().map(str::to_owned);
            let others = others.into_iter().filter(|other| other.host_str() != first.as_deref());
            Ok(std::iter::once(url.clone()).chain(others).collect())
        }
        _ => Err(Unfetched::Scheme),
    }
}

/// Whether a host is on the list: by its name, or below a `*.` name.
pub(super) fn is_listed<'a>(host: &str, mut list: impl Iterator<Item = &'a String>) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    list.any(|listed| match listed.strip_prefix("*.") {
        Some(parent) => host.strip_suffix(parent).is_some_and(|name| name.len() > 1 && name.ends_with('.')),
        None => host == *listed,
    })
}

/// Whether an address is one of the open internet. Private, link-local, loopback, multicast and reserved ones
/// are not, nor are those that carry another address inside: they would lead to it.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let reserved = a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19));
    !(reserved
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation())
}

/// Of IPv6 only global unicast, `2000::/3`, less what was cut out of it: Teredo and other protocols
/// (`2001::/23`), documentation, 6to4 (`2002::/16`). Mapped, compatible and translated addresses are outside.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    a & 0xe000 == 0x2000
        && !(a == 0x2001 && (b < 0x0200 || b == 0x0db8))
        && a != 0x2002
        && !(a == 0x3fff && b < 0x1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_open_internet_are_public() {
        for address in
            ["1.1.1.1", "8.8.8.8", "172.15.0.1", "172.32.0.1", "100.63.0.1", "100.128.0.1", "2606:4700::1111"]
        {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
        for address in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.170",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn a_uri_stands_for_urls_or_is_refused() {
        let gateways = ["ipfs.io".to_owned(), "dweb.link".to_owned()];
        let of = |uri: &str| {
            places(uri, &gateways).map(|urls| urls.iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        let both = |path: &str| {
            Ok(vec![format!("https://ipfs.io/ipfs/{path}"), format!("https://dweb.link/ipfs/{path}")])
        };
        assert_eq!(of("ipfs://Qm1/meta.json"), both("Qm1/meta.json"));
        assert_eq!(of("IPFS://ipfs/Qm1"), both("Qm1"));
        assert_eq!(of("https://ipfs.io/ipfs/Qm1\0\0"), both("Qm1"));
        assert_eq!(of("https://dweb.link/ipfs/Qm1").unwrap().len(), 2);
        assert_eq!(of("https://host.example/ipfs/Qm1").unwrap().len(), 3);
        assert_eq!(of("https://host.example/a.json?b=1").unwrap(), ["https://host.example/a.json?b=1"]);
        assert_eq!(of("ar://abc").unwrap(), ["https://arweave.net/abc"]);
        for uri in ["file:///etc/passwd", "gopher://x", "data:application/json,{}", "//host/x", "Qm1"] {
            assert_eq!(of(uri), Err(Unfetched::Scheme), "{uri}");
        }
        for uri in ["", "  ", "https://", "https://a b/", "http://[::1", "ipfs://x\u{7}"] {
            assert_eq!(of(uri), Err(Unfetched::NotAUri), "{uri:?}");
        }
        assert_eq!(of(&format!("https://h/{}", "x".repeat(600))), Err(Unfetched::NotAUri));
    }

    #[test]
    fn a_listed_host_is_that_name_or_one_below_a_star() {
        let list = ["ipfs.io".to_owned(), "*.dweb.link".to_owned()];
        for host in ["ipfs.io", "IPFS.IO", "ipfs.io.", "a.dweb.link", "b.ipfs.dweb.link"] {
            assert!(is_listed(host, list.iter()), "{host}");
        }
        for host in
            ["", "xipfs.io", "a.ipfs.io", "ipfs.io.evil.example", "dweb.link", ".dweb.link", "xdweb.link"]
        {
            assert!(!is_listed(host, list.iter()), "{host}");
        }
    }
}
