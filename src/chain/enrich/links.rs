//! What a token's metadata JSON tells of its social links. The text is hostile: only whether there is a link of
//! each kind is kept, and the name of a public Telegram group.

use momentum_core::event::Links;
use reqwest::Url;
use serde_json::Value;

use super::fetch::Unfetched;

/// What metadata tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Social {
    /// The links.
    pub(super) links: Links,
    /// The public name of its Telegram group, with `@`.
    pub(super) group: Option<String>,
}

const TWITTER: [&str; 2] = ["twitter.com", "x.com"];
const TELEGRAM: [&str; 3] = ["t.me", "telegram.me", "telegram.dog"];

impl Social {
    /// Reads metadata JSON. Links count where they lead to a host of their kind, and a website where it leads to
    /// any other.
    ///
    /// # Errors
    /// Where it is not a JSON object.
    pub(super) fn read(json: &[u8]) -> Result<Self, Unfetched> {
        let metadata: Value = serde_json::from_slice(json).map_err(|_| Unfetched::NotMetadata)?;
        let metadata = metadata.as_object().ok_or(Unfetched::NotMetadata)?;
        // Beside the fields of pump.fun's own form, those of other launchers.
        let link = |names: &[&str]| {
            let inner = |table: &str, name: &str| metadata.get(table).and_then(|table| table.get(name));
            names.iter().find_map(|name| {
                let found = metadata
                    .get(*name)
                    .or_else(|| inner("extensions", name))
                    .or_else(|| inner("socials", name));
                found.and_then(Value::as_str).and_then(url)
            })
        };
        let of = |url: &Url, hosts: &[&str]| host(url).is_some_and(|host| hosts.contains(&host));
        let twitter = link(&["twitter", "x"]).filter(|url| of(url, &TWITTER));
        let telegram = link(&["telegram"]).filter(|url| of(url, &TELEGRAM));
        let website = link(&["website", "external_url"]).filter(|url| {
            host(url).is_some_and(|host| host.contains('.')) && !of(url, &TWITTER) && !of(url, &TELEGRAM)
        });
        let links =
            Links { website: website.is_some(), twitter: twitter.is_some(), telegram: telegram.is_some() };
        Ok(Self { links, group: telegram.as_ref().and_then(group) })
    }
}

/// A link, with or without its scheme.
fn url(text: &str) -> Option<Url> {
    let text = text.trim();
    let with_scheme = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    Url::parse(&with_scheme).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

fn host(url: &Url) -> Option<&str> {
    url.host_str().map(|host| host.strip_prefix("www.").unwrap_or(host))
}

/// The public name in `t.me/NAME` or `t.me/s/NAME`; an invitation has none.
fn group(url: &Url) -> Option<String> {
    let mut parts = url.path_segments()?.filter(|part| !part.is_empty());
    let name = parts.find(|part| *part != "s")?;
    let fits = (4..=32).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    (fits && name != "joinchat").then(|| format!("@{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> (Links, Option<String>) {
        let social = Social::read(json.as_bytes()).unwrap();
        (social.links, social.group)
    }

    const ALL: Links = Links { website: true, twitter: true, telegram: true };

    #[test]
    fn links_of_each_kind_are_found_where_launchers_put_them() {
        let flat = r#"{"name":"A","website":"https://a.example","twitter":"https://x.com/a","telegram":"https://t.me/a_group"}"#;
        assert_eq!(read(flat), (ALL, Some("@a_group".into())));
        let inner = r#"{"extensions":{"website":"a.example","twitter":"www.twitter.com/a","telegram":"t.me/s/a_group"}}"#;
        assert_eq!(read(inner), (ALL, Some("@a_group".into())));
    }

    #[test]
    fn a_link_that_leads_elsewhere_is_none() {
        let json =
            r#"{"website":"https://x.com/a","twitter":"https://x.com.evil.example/a","telegram":"@group"}"#;
        assert_eq!(read(json), (Links::default(), None));
        let json = r#"{"website":"javascript://x.y/","twitter":7,"telegram":null,"socials":[]}"#;
        assert_eq!(read(json), (Links::default(), None));
        assert_eq!(read(r#"{"website":"","twitter":"  "}"#), (Links::default(), None));
    }

    #[test]
    fn an_invitation_is_a_link_without_a_name() {
        for link in
            ["https://t.me/+AbCdEf", "https://t.me/joinchat/AbCd", "https://t.me/", "https://t.me/a b"]
        {
            let (links, group) = read(&format!(r#"{{"telegram":"{link}"}}"#));
            assert!(links.telegram && group.is_none(), "{link}");
        }
    }

    #[test]
    fn what_is_no_json_object_is_no_metadata() {
        let deep = "[".repeat(100_000);
        let deep_object = r#"{"a":"#.repeat(10_000);
        let wrong: [&[u8]; 6] =
            [b"", b"[]", b"\"x\"", b"{\"a\":\"\xff\xfe\"}", deep.as_bytes(), deep_object.as_bytes()];
        for json in wrong {
            assert_eq!(Social::read(json), Err(Unfetched::NotMetadata));
        }
    }
}
