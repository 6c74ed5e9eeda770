//! Which files are taken for keys, and what of them is ever told.

use std::env;
use std::fs::{self, File};
use std::hint::black_box;
use std::ops::Range;
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;

use momentum_core::config::{Reader, Section, Value, Values};
use momentum_core::ids::{Pubkey, Wallet};
use momentum_pump::address::associated_token;
use momentum_pump::programs::{SYSTEM, TOKEN, WRAPPED_SOL};
use secrecy::zeroize::Zeroizing;
use sha2::{Digest, Sha256};
use solana_sdk::signature::{Keypair, Signer};

use super::{KeystoreError, Passphrase, WalletError, WalletKeys, Wallets, addresses, seal};

/// A folder of one test, that nobody else may write to.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("momentum-wallets-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, text: &str, mode: u32) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn key() -> Keypair {
    Keypair::new_from_array([11; 32])
}

fn text(bytes: &[u8]) -> String {
    format!("{bytes:?}")
}

fn load(files: &[&Path]) -> Result<Wallets, WalletError> {
    let files = files.iter().map(|path| path.display().to_string()).collect();
    Wallets::load(&WalletKeys { files, passphrase: String::new(), cold_address: None }, None)
}

#[test]
fn a_file_of_solana_keygen_is_a_wallet_and_prints_as_its_public_key_alone() {
    let folder = Folder::new("good");
    let bytes = key().to_bytes();
    let plain = folder.file("a.json", &serde_json::to_string(&bytes[..]).unwrap(), 0o600);
    let spaced = Keypair::new_from_array([12; 32]).to_bytes();
    let spaced = folder.file("b.json", &format!("{:#?}\n", &spaced[..]).replace(",\n]", "\n]"), 0o400);
    let wallets = load(&[&plain, &spaced]).unwrap();
    let wallet = Wallet(Pubkey(key().pubkey().to_bytes()));
    assert_eq!(wallets.addresses().next(), Some(wallet));
    assert_eq!(wallets.addresses().count(), 2);
    let shown = format!("{wallets:?}");
    assert!(shown.contains(&wallet.to_string()));
    for secret in [text(&bytes[..8]), bs58::encode(&bytes[..32]).into_string(), "11, 11".to_owned()] {
        assert!(!shown.contains(secret.trim_matches(['[', ']'])), "{shown}");
    }
    let signature = wallets.sign(wallet, b"message").unwrap();
    assert_eq!(signature.0, <[u8; 64]>::from(key().sign_message(b"message")));
    assert_eq!(wallets.sign(Wallet(Pubkey([9; 32])), b"message"), None);
}

#[test]
fn a_key_that_others_can_read_or_replace_is_refused_with_what_to_do() {
    let folder = Folder::new("open");
    let good = text(&key().to_bytes());
    for mode in [0o644, 0o640, 0o604, 0o660] {
        let open = folder.file("open.json", &good, mode);
        let told = load(&[&open]).unwrap_err().to_string();
        assert!(told.contains("chmod 600") && told.contains("open.json"), "{told}");
    }
    let safe = folder.file("safe.json", &good, 0o600);
    let link = folder.0.join("link.json");
    std::os::unix::fs::symlink(&safe, &link).unwrap();
    assert!(matches!(load(&[&link]), Err(WalletError::NotPlain(_))));
    assert!(matches!(load(&[&folder.0]), Err(WalletError::NotPlain(_) | WalletError::Open { .. })));
    for mode in [0o777, 0o770, 0o1777] {
        fs::set_permissions(&folder.0, fs::Permissions::from_mode(mode)).unwrap();
        let told = load(&[&safe]).unwrap_err();
        assert!(matches!(told, WalletError::Folder { .. }), "{told}");
        assert!(told.to_string().contains("chmod go-w"), "{told}");
    }
    fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o755)).unwrap();
    assert!(load(&[&safe]).is_ok());
    assert!(matches!(load(&[&safe, &safe]), Err(WalletError::Twice { .. })));
    assert!(matches!(load(&[&folder.0.join("none.json")]), Err(WalletError::Io { .. })));
}

#[test]
fn what_is_no_key_is_refused_and_never_repeated() {
    let folder = Folder::new("broken");
    let bytes = key().to_bytes();
    let mut other_half = bytes;
    other_half[40] ^= 1;
    let file = folder.file("key.json", &text(&other_half), 0o600);
    assert!(matches!(load(&[&file]), Err(WalletError::Halves(_))));
    let good = text(&bytes);
    for broken in [
        String::new(),
        "[]".to_owned(),
        text(&bytes[..63]),
        text(&[&bytes[..], &[0]].concat()),
        good.replace('[', ""),
        good.replacen("11", "256", 1),
        good.replacen("11", "-1", 1),
        good.replacen("11", "1e1", 1),
        good.replacen("11", "", 1),
        format!("{good} []"),
        format!("{good}{}[", " ".repeat(2_000)),
        bs58::encode(&bytes).into_string(),
    ] {
        let file = folder.file("key.json", &broken, 0o600);
        let refused = load(&[&file]);
        // Its path, which has a number of its own, may be told.
        let named = file.display().to_string();
        let why = refused.as_ref().map(|_| ()).map_err(|why| why.to_string().replace(&named, ""));
        assert!(matches!(refused, Err(WalletError::NotAKey(_))), "{broken}: {why:?}");
        assert!(why.is_err_and(|why| !why.contains("11")), "{broken}");
    }
}

/// The settings of one encrypted wallet and of the file with its passphrase.
fn sealed_keys(file: &Path, passphrase: &Path) -> WalletKeys {
    let (files, passphrase) = (vec![file.display().to_string()], passphrase.display().to_string());
    WalletKeys { files, passphrase, cold_address: None }
}

/// A key, encrypted with `hunter2`, and the text of its file.
fn sealed(folder: &Folder) -> (Wallet, String) {
    let plain = folder.file("plain.json", &text(&key().to_bytes()), 0o600);
    seal(plain.to_str().unwrap(), &Passphrase::from("hunter2".to_owned())).unwrap()
}

#[test]
fn an_encrypted_key_is_opened_by_its_passphrase_and_tells_its_address_without() {
    let folder = Folder::new("sealed");
    let (wallet, text) = sealed(&folder);
    assert_eq!(wallet, Wallet(Pubkey(key().pubkey().to_bytes())));
    let bytes = key().to_bytes();
    for secret in [bs58::encode(&bytes[..32]).into_string(), "hunter2".to_owned()] {
        assert!(!text.contains(&secret));
    }
    assert_ne!(text, sealed(&folder).1, "a salt and a nonce of its own");
    let file = folder.file("key.sealed", &text, 0o600);
    for passphrase in ["hunter2", "hunter2\n", "hunter2\r\nnot of it"] {
        let passphrase = folder.file("passphrase", passphrase, 0o600);
        let wallets = Wallets::load(&sealed_keys(&file, &passphrase), None).unwrap();
        let signature = wallets.sign(wallet, b"message").unwrap();
        assert_eq!(signature.0, <[u8; 64]>::from(key().sign_message(b"message")));
    }
    let unnamed = WalletKeys { passphrase: String::new(), ..sealed_keys(&file, &file) };
    assert_eq!(addresses(&unnamed).unwrap(), [wallet]);
    assert!(matches!(Wallets::load(&unnamed, None), Err(WalletError::Locked(_))));
    let typed = |_: &Path| Some(Passphrase::from("hunter2".to_owned()));
    assert_eq!(Wallets::load(&unnamed, Some(typed)).unwrap().addresses().next(), Some(wallet));
    let again = seal(file.to_str().unwrap(), &Passphrase::from("x".to_owned()));
    assert!(matches!(again, Err(WalletError::NotAKey(_))), "it is encrypted already");
}

#[test]
fn a_wrong_passphrase_and_a_damaged_file_are_told_apart_and_named() {
    let folder = Folder::new("damaged");
    let (_, text) = sealed(&folder);
    let right = folder.file("right", "hunter2", 0o600);
    let load = |text: &str, passphrase: &Path| {
        let file = folder.file("key.sealed", text, 0o600);
        let error = Wallets::load(&sealed_keys(&file, passphrase), None).unwrap_err();
        assert!(error.to_string().contains("key.sealed"), "{error}");
        error
    };
    let wrong =
        |error: &WalletError| matches!(error, WalletError::Keystore { error: KeystoreError::Passphrase, .. });
    for passphrase in ["hunter3", "hunter", "hunter2 2"] {
        let passphrase = folder.file("wrong", passphrase, 0o600);
        assert!(wrong(&load(&text, &passphrase)));
    }
    for end in 0..text.trim_end().len() {
        let error = load(&text[..end], &right);
        let refused = matches!(error, WalletError::Keystore { error: KeystoreError::Damaged(_), .. });
        assert!(refused || matches!(error, WalletError::NotAKey(_)), "cut at {end}: {error}");
    }
    for place in 0..text.trim_end().len() {
        let mut flipped = text.clone().into_bytes();
        flipped[place] ^= 1;
        let flipped = String::from_utf8(flipped).unwrap();
        let same = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
        if same(&flipped) != same(&text) {
            assert!(!wrong(&load(&flipped, &right)), "byte {place}");
        }
    }
    // Who writes the sum anew is found out by the passphrase: all in the file is authenticated.
    let mut other: super::Keystore = serde_json::from_str(&text).unwrap();
    other.wallet = Wallet(Pubkey([9; 32]));
    assert!(wrong(&load(&other.resummed().text().unwrap(), &right)));
}

#[test]
fn an_encrypted_key_or_a_passphrase_that_others_can_read_is_refused() {
    let folder = Folder::new("sealed-open");
    let (_, text) = sealed(&folder);
    let (file, open) = (folder.file("key.sealed", &text, 0o600), folder.file("open.sealed", &text, 0o644));
    let (secret, told) = (folder.file("secret", "hunter2", 0o600), folder.file("told", "hunter2", 0o644));
    for (file, passphrase, named) in [(&open, &secret, "open.sealed"), (&file, &told, "told")] {
        let error = Wallets::load(&sealed_keys(file, passphrase), None).unwrap_err().to_string();
        assert!(error.contains("chmod 600") && error.contains(named), "{error}");
        assert!(!error.contains("hunter2"));
    }
    for nothing in ["", "\n", "  \nhunter2"] {
        let empty = folder.file("empty", nothing, 0o600);
        let error = Wallets::load(&sealed_keys(&file, &empty), None).unwrap_err();
        assert!(matches!(error, WalletError::NoPassphrase(_)), "{error}");
    }
    assert_eq!(format!("{:?}", Passphrase::from("hunter2".to_owned())), "Passphrase(…)");
}

#[test]
fn the_cold_address_is_one_that_somebody_can_hold_the_key_of_and_that_does_not_trade_here() {
    let told = |cold: &str| {
        let text = |path: &str, value: &str| (path.to_owned(), Value::Text(value.to_owned()));
        let files = ("wallets.files".to_owned(), Value::List(Vec::new()));
        let values =
            Values::from([files, text("wallets.passphrase", ""), text("wallets.cold_address", cold)]);
        let mut reader = Reader::new(&values);
        let read = WalletKeys::read(&mut reader).and_then(|keys| keys.cold_address);
        let problems: Vec<_> = reader.problems.into_iter().map(|problem| problem.message).collect();
        (read.map(|cold| cold.to_string()), problems.join("; "))
    };
    let trades = Wallet(Pubkey(key().pubkey().to_bytes()));
    let other = Keypair::new_from_array([12; 32]).pubkey().to_string();
    assert_eq!(told(""), (None, String::new()));
    assert_eq!(told(&other), (Some(other.clone()), String::new()));
    let account = associated_token(&trades.0, &WRAPPED_SOL, &TOKEN);
    for nobodys in [SYSTEM, account] {
        let (_, problems) = told(&nobodys.to_string());
        assert!(problems.contains("nobody can hold the key"), "{nobodys}: {problems}");
    }
    assert!(told(&other[1..]).1.contains("should be a public key"), "{:?}", told(&other[1..]));

    let folder = Folder::new("cold");
    let file = folder.file("a.json", &text(&key().to_bytes()), 0o600);
    let keys = |cold: &str| WalletKeys {
        files: vec![file.display().to_string()],
        passphrase: String::new(),
        cold_address: cold.parse().ok(),
    };
    assert_eq!(addresses(&keys(&other)).unwrap(), [trades]);
    assert!(Wallets::load(&keys(&other), None).is_ok());
    let own = keys(&trades.to_string());
    assert!(matches!(addresses(&own), Err(WalletError::NotCold(found)) if found == trades));
    assert!(matches!(Wallets::load(&own, None), Err(WalletError::NotCold(found)) if found == trades));
}

/// What a private half is looked for as, so that a search never finds itself.
const MASK: u8 = 0xa5;

/// The private half of a wallet of the test below.
fn half(nth: u8) -> [u8; 32] {
    Sha256::digest([nth]).into()
}

/// Where the part of the heap is that an address is in.
fn heap_around(address: u64) -> Range<u64> {
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let mut ranges = maps.lines().map(|line| {
        let (from, to) = line.split_whitespace().next().unwrap().split_once('-').unwrap();
        u64::from_str_radix(from, 16).unwrap()..u64::from_str_radix(to, 16).unwrap()
    });
    ranges.find(|range| range.contains(&address)).unwrap()
}

/// How many of these, each under the mask, are in this part of the heap. What is read stays on the stack.
fn found(masked: &[[u8; 32]]) -> usize {
    let memory = File::open("/proc/self/mem").unwrap();
    let heap = heap_around(u64::try_from(masked.as_ptr().addr()).unwrap());
    let mut missing: Vec<_> = masked.iter().collect();
    for at in heap.step_by(4_096) {
        // A key may begin in one piece and end in the next.
        let mut piece = Zeroizing::new([0_u8; 4_096 + 31]);
        let read = memory.read_at(&mut piece[..], at).unwrap();
        missing.retain(|masked| {
            let is_it = |seen: &[u8]| masked.iter().zip(seen).all(|(masked, byte)| *masked == byte ^ MASK);
            !piece[..read].windows(32).any(is_it)
        });
    }
    masked.len() - missing.len()
}

/// Says that a process has only the next test to run.
const ALONE: &str = "MOMENTUM_KEYS_ALONE";

/// What other tests of the process freed could be given to the keys, in parts of the heap that are not searched: so it
/// runs in a process of its own.
#[test]
fn keys_that_are_dropped_are_nowhere_on_the_heap_any_more() {
    if env::var_os(ALONE).is_none() {
        let name = "wallets::tests::keys_that_are_dropped_are_nowhere_on_the_heap_any_more";
        let alone =
            Command::new(env::current_exe().unwrap()).args(["--exact", name]).env(ALONE, "1").output();
        let alone = alone.unwrap();
        let said = String::from_utf8_lossy(&alone.stdout);
        assert!(alone.status.success() && said.contains("1 passed"), "{said}");
        return;
    }
    let folder = Folder::new("wiped");
    let masked: Vec<_> = (0..6).map(|nth| half(nth).map(|byte| byte ^ MASK)).collect();
    let file = |nth: u8| {
        let text = text(&Keypair::new_from_array(half(nth)).to_bytes());
        folder.file(&format!("{nth}.json"), &text, 0o600).display().to_string()
    };
    let mut files: Vec<_> = (0..6).map(file).collect();
    let (_, sealed) = seal(&files[1], &Passphrase::from("hunter2".to_owned())).unwrap();
    files[1] = folder.file("sealed", &sealed, 0o600).display().to_string();
    let keys = WalletKeys { files, passphrase: String::new(), cold_address: None };
    // What stays behind the first keys lets no list of them grow where it is.
    let ask = |_: &Path| {
        std::mem::forget(black_box(vec![0_u8; 64 << 10]));
        Some(Passphrase::from("hunter2".to_owned()))
    };
    assert_eq!(found(&masked), 0, "none is there before it is loaded");
    let wallets = Wallets::load(&keys, Some(ask)).unwrap();
    assert_eq!(wallets.addresses().count(), 6);
    assert_eq!(found(&masked), 6);
    drop(wallets);
    assert_eq!(found(&masked), 0);
}
