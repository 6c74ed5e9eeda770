//! What nobody may find, in every way in which somebody could write it down, and the search for it.

use std::fs;
use std::os::unix::fs::FileTypeExt;
use std::path::Path;

use base64::prelude::{
    BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD, Engine,
};

/// A token as it stands in addresses and beside them.
pub(super) const TOKEN: &str = "canary-7d41c09be2f35a68";
/// What opens the encrypted key.
pub(super) const PASSPHRASE: &str = "canary passphrase 58e1f0";

/// Files that secrets are kept in.
const FILES: [&str; 10] = [
    "key.json",
    "grpc.url",
    "ws.url",
    "rpc.url",
    "backup.url",
    "engine.url",
    "telegram.token",
    "db.url",
    "key",
    "passphrase",
];

/// Secrets, written in every way.
pub(super) struct Canaries {
    /// What each of them is, and its bytes, by the first of these.
    by_first: Vec<Vec<(String, Vec<u8>)>>,
}

impl Canaries {
    /// Tokens and passphrases alone.
    pub(super) fn texts() -> Self {
        let texts = Self { by_first: vec![Vec::new(); 256] };
        texts.with("token", TOKEN.as_bytes()).with("passphrase", PASSPHRASE.as_bytes())
    }

    /// The same with a key.
    pub(super) fn of(key: &[u8; 64]) -> Self {
        Self::texts().with("whole key", key).with("private half of the key", &key[..32])
    }

    fn with(mut self, secret: &str, bytes: &[u8]) -> Self {
        for (how, written) in ways(bytes) {
            self.by_first[usize::from(written[0])].push((format!("{secret} {how}"), written));
        }
        self
    }

    /// The first of them that is in there.
    pub(super) fn find(&self, content: &[u8]) -> Option<&str> {
        (0..content.len()).find_map(|from| {
            let rest = &content[from..];
            let here = &self.by_first[usize::from(rest[0])];
            here.iter().find(|(_, written)| rest.starts_with(written)).map(|(what, _)| what.as_str())
        })
    }

    /// None of them is in there.
    pub(super) fn search(&self, place: &str, content: &[u8]) {
        if let Some(what) = self.find(content) {
            panic!("the {what} is in {place}");
        }
    }

    /// Looks into every file of a folder but those that secrets are kept in; how many.
    pub(super) fn search_files(&self, folder: &Path) -> usize {
        let mut files = 0;
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let (path, kind) = (entry.path(), entry.file_type().unwrap());
            if kind.is_dir() {
                files += self.search_files(&path);
            } else if !kind.is_socket() && !FILES.iter().any(|kept| entry.file_name() == *kept) {
                self.search(&path.display().to_string(), &fs::read(&path).unwrap());
                files += 1;
            }
        }
        files
    }
}

/// The ways to write bytes down.
fn ways(bytes: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let each = |show: fn(&u8) -> String, between: &str| {
        bytes.iter().map(show).collect::<Vec<_>>().join(between).into_bytes()
    };
    let decimal: fn(&u8) -> String = |byte| byte.to_string();
    let hex: fn(&u8) -> String = |byte| format!("{byte:02x}");
    let upper: fn(&u8) -> String = |byte| format!("{byte:02X}");
    let mut ways = vec![
        ("as it is", bytes.to_vec()),
        ("in base58", bs58::encode(bytes).into_string().into_bytes()),
        ("in hex", each(hex, "")),
        ("in upper hex", each(upper, "")),
        ("as JSON", each(decimal, ",")),
        ("as JSON over lines", each(decimal, ",\n  ")),
        ("as a list", each(decimal, ", ")),
        ("as a list over lines", each(decimal, ",\n    ")),
        ("as a list in hex", each(hex, ", ")),
        ("as a text with escapes", bytes.escape_ascii().to_string().into_bytes()),
    ];
    // Three bytes are four letters: what stands before decides which of three texts it is.
    for before in 0..3 {
        let text = BASE64_STANDARD.encode([&vec![0_u8; before][..], bytes].concat());
        // Without both ends, which are made of what stands before and behind too.
        let inner = &text[(before * 8).div_ceil(6)..(before + bytes.len()) * 8 / 6];
        ways.push(("in base64", inner.as_bytes().to_vec()));
        ways.push(("in base64 for URLs", inner.replace('+', "-").replace('/', "_").into_bytes()));
    }
    ways
}

#[test]
fn a_secret_is_found_however_it_is_written_and_what_is_public_is_none() {
    let mut key = [0; 64];
    let mut next = 1_u8;
    for byte in &mut key {
        next = next.wrapping_mul(37).wrapping_add(11);
        *byte = next;
    }
    let canaries = Canaries::of(&key);
    let private = &key[..32];
    let url = format!("user:{TOKEN}");
    let texts = [
        serde_json::to_string(&key[..]).unwrap(),
        serde_json::to_string_pretty(private).unwrap(),
        format!("{key:?}"),
        format!("{private:#?}"),
        format!("{key:02x?}"),
        key[..].escape_ascii().to_string(),
        bs58::encode(key).into_string(),
        bs58::encode(private).into_string(),
        BASE64_STANDARD.encode(key),
        BASE64_STANDARD_NO_PAD.encode(private),
        BASE64_URL_SAFE.encode(key),
        BASE64_URL_SAFE_NO_PAD.encode([&b"a"[..], private, b"b"].concat()),
        BASE64_STANDARD.encode([&b"ab"[..], private, b"c"].concat()),
        BASE64_STANDARD.encode(&url),
        PASSPHRASE.bytes().map(|byte| format!("{byte:02X}")).collect(),
        url,
    ];
    for text in &texts {
        assert!(canaries.find(format!("before {text} behind").as_bytes()).is_some(), "{text}");
    }
    assert!(canaries.find(&[&b"before"[..], private, b"behind"].concat()).is_some());
    assert_eq!(canaries.find(bs58::encode(&key[32..]).into_string().as_bytes()), None);
    assert_eq!(canaries.find(&key[1..]), None);
}
