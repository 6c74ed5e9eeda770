//! All that the socket answers, by the list that its router is made of: a new route is asked without a word of ours.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;

use momentum_control::api::paths;
use momentum_control::request::Wish;
use momentum_core::ids::{Mint, Pubkey, Wallet};
use momentum_core::trader::state::Hold;
use momentum_core::units::{Lamports, TokenAmount};

use super::canaries::Canaries;
use crate::running::{DEADLINE, Place};

/// A coin that nobody knows.
pub(super) const NOBODYS: Mint = Mint(Pubkey([9; 32]));

/// Something that was asked.
pub(super) struct Asked {
    route: &'static str,
    request: String,
    answer: String,
}

impl Asked {
    fn of(place: &Place, route: &'static str, request: &str, body: &str) -> Self {
        let length = body.len();
        let whole = format!(
            "{request} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        let mut stream = UnixStream::connect(place.book().socket()).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        stream.write_all(whole.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 "), "{whole}: {answer}");
        Self { route, request: format!("{request} {body}"), answer }
    }

    /// Whether it was answered as it should be. One that is not ready says so by its status.
    fn is_good(&self) -> bool {
        self.answer.starts_with("HTTP/1.1 200 ") || self.route == "/readyz"
    }
}

/// Every route by both methods and with every question that one of them understands, of this coin, of one that
/// nobody knows and of a word that is none. Nothing changes by it.
pub(super) fn questions(place: &Place, mint: Mint) -> Vec<Asked> {
    let queries = [
        String::new(),
        "?limit=1000".to_owned(),
        "?limit=many".to_owned(),
        "?verbose".to_owned(),
        format!("?mint={mint}&side=buy&lamports=10000000"),
        format!("?mint={NOBODYS}&side=sell&tokens=1"),
    ];
    let names = [mint.to_string(), NOBODYS.to_string(), "nothing".to_owned()];
    let mut asked = vec![Asked::of(place, "", "GET /v1/nothing", "")];
    for route in paths() {
        let names = if route.contains('{') { &names[..] } else { &names[..1] };
        for name in names {
            let path = route.replace("{mint}", name).replace("{verb}", name);
            assert!(!path.contains('{'), "{route}: what goes there?");
            for query in &queries {
                asked.push(Asked::of(place, route, &format!("GET {path}{query}"), ""));
            }
            asked.push(Asked::of(place, route, &format!("POST {path}"), "{}"));
        }
    }
    asked
}

/// Every command and a reload of the settings. At the end everything is sold.
pub(super) fn wishes(place: &Place, mint: Mint, wallet: Wallet) -> Vec<Asked> {
    let wishes = [
        Wish::Reconcile {},
        Wish::Hold { mint },
        Wish::Release { mint },
        Wish::Adjust { mint, stop: Lamports(1) },
        Wish::Sweep { mint, wallet },
        Wish::Buy { mint, lamports: Lamports(1) },
        Wish::WriteOff { mint: NOBODYS },
        Wish::Adopt { mint: NOBODYS, wallet, tokens: TokenAmount(1), cost: None },
        Wish::Blacklist { key: NOBODYS.0, listed: true },
        Wish::Pause { seconds: Some(60) },
        Wish::Resume {},
        Wish::Lock {},
        Wish::Reset { hold: Hold::Lock },
        Wish::Close { mint, tokens: None, urgent: true },
        Wish::Flatten {},
    ];
    let verbs: BTreeSet<_> = wishes.iter().map(Wish::verb).collect();
    assert_eq!(verbs, BTreeSet::from(Wish::VERBS), "every command is given");
    let wished = wishes.iter().map(|wish| {
        let mut body = serde_json::to_value(wish).unwrap();
        body.as_object_mut().unwrap().remove("verb");
        body["why"] = "a test".into();
        let request = format!("POST /v1/commands/{}", wish.verb());
        Asked::of(place, "/v1/commands/{verb}", &request, &body.to_string())
    });
    let mut asked: Vec<_> = wished.collect();
    asked.push(Asked::of(place, "/v1/reload", "POST /v1/reload", r#"{"why":"a test"}"#));
    asked
}

/// No secret is in any answer.
pub(super) fn tells_nothing(asked: &[Asked], canaries: &Canaries) {
    for Asked { request, answer, .. } in asked {
        canaries.search(&format!("the answer to {request}"), answer.as_bytes());
    }
}

/// Of every route something was told, and not errors alone.
pub(super) fn told_of_every_route(asked: &[Asked]) {
    for route in paths() {
        let told: Vec<_> = asked.iter().filter(|asked| asked.route == route).collect();
        let good = told.iter().any(|asked| asked.is_good());
        assert!(good, "{route}: {:?}", told.last().map(|asked| &asked.answer));
    }
}
