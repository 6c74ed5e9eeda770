//! Keys and words made from the seed. Nothing here is on any chain: a mint's text begins with `Sim`, and
//! metadata lives under the reserved domain `.invalid`.

use momentum_core::ids::{Mint, PoolId, Pubkey, Signature, Wallet};
use serde::{Deserialize, Serialize};

use crate::rng::{Rng, mix};

/// Base58 is positional, so a text's first letters fix a range of numbers: the texts of 43 letters that begin
/// with `Sim` are the numbers from `Sim`·58⁴⁰ to below `Sin`·58⁴⁰. That range is 58⁴⁰ ≈ 4.96·2²³² wide, so
/// some three leading bytes lie in it whatever the other 29 are: these are the first such.
const SIM: [u8; 3] = [0x06, 0x96, 0xbd];

/// The mayhem program's agent (chain.md §1): trades outside the curve's formula, without fees.
pub(super) const MAYHEM_AGENT: Wallet = Wallet(Pubkey([
    162, 139, 95, 210, 106, 180, 121, 166, 169, 204, 108, 191, 107, 11, 35, 235, 97, 136, 90, 55, 30, 1, 32,
    172, 169, 19, 190, 239, 61, 19, 138, 120,
]));

/// What a key is for, so that equal numbers give different keys.
#[derive(Clone, Copy)]
enum Purpose {
    Mint = 1,
    Pool = 2,
    Wallet = 3,
    Transaction = 4,
}

/// `N` bytes (a multiple of 8) that seed, purpose and number name.
fn bytes<const N: usize>(seed: u64, purpose: Purpose, number: u64) -> [u8; N] {
    let mut state = mix(mix(seed) ^ mix(number.wrapping_mul(8).wrapping_add(purpose as u64)));
    let mut bytes = [0; N];
    for word in bytes.chunks_exact_mut(8) {
        state = mix(state);
        word.copy_from_slice(&state.to_le_bytes());
    }
    bytes
}

/// The mint of the `number`th launch.
pub(super) fn mint(seed: u64, number: u64) -> Mint {
    let mut key = bytes(seed, Purpose::Mint, number);
    key[..SIM.len()].copy_from_slice(&SIM);
    Mint(Pubkey(key))
}

/// The pool of the `number`th launch.
pub(super) fn pool(seed: u64, number: u64) -> PoolId {
    PoolId(Pubkey(bytes(seed, Purpose::Pool, number)))
}

/// The signature of the `number`th transaction.
pub(super) fn signature(seed: u64, number: u64) -> Signature {
    Signature(bytes(seed, Purpose::Transaction, number))
}

/// Somebody who trades, by a number that tells his kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Agent(u64);

/// Wallets that trade now and then, those that trade all day, machines, and those that launch in series.
const CASUAL: u64 = 400_000;
const REGULAR: u64 = 6_000;
const MACHINES: u64 = 300;
const SERIAL_CREATORS: u64 = 400;

/// Where each kind's numbers begin.
const FROM_REGULAR: u64 = 1 << 20;
const FROM_MACHINES: u64 = 1 << 21;
const FROM_SERIAL: u64 = 1 << 22;
const FROM_CREATORS: u64 = 1 << 32;
const FROM_CREWS: u64 = 1 << 48;

impl Agent {
    /// Anybody who buys.
    pub(super) fn buyer(rng: &mut Rng) -> Self {
        Self(match rng.weighted(&[66, 26, 8]) {
            0 => rng.below(CASUAL),
            1 => FROM_REGULAR + rng.below(REGULAR),
            _ => FROM_MACHINES + rng.below(MACHINES),
        })
    }

    /// A machine that buys launches.
    pub(super) fn sniper(rng: &mut Rng) -> Self {
        Self(FROM_MACHINES + rng.below(MACHINES))
    }

    /// Who creates the `launch`th coin: somebody new, or one of those who do it in series.
    pub(super) fn creator(rng: &mut Rng, launch: u64, serial: bool) -> Self {
        Self(if serial { FROM_SERIAL + rng.below(SERIAL_CREATORS) } else { FROM_CREATORS + launch })
    }

    /// The `nth` (of at most 16) wallet of the crew that the creator of the `launch`th coin commands.
    pub(super) const fn crew(launch: u64, nth: u64) -> Self {
        Self(FROM_CREWS + launch * 16 + nth % 16)
    }

    /// His address.
    pub(super) fn wallet(self, seed: u64) -> Wallet {
        Wallet(Pubkey(bytes(seed, Purpose::Wallet, self.0)))
    }
}

const FIRST: [&str; 32] = [
    "Moon", "Turbo", "Sleepy", "Tiny", "Grand", "Lucky", "Cosmic", "Lazy", "Golden", "Pixel", "Quantum",
    "Fuzzy", "Salty", "Brave", "Disco", "Frozen", "Hungry", "Magic", "Neon", "Orbit", "Paper", "Quiet",
    "Rusty", "Solar", "Tidal", "Ultra", "Velvet", "Wild", "Zen", "Cyber", "Honest", "Spicy",
];
const SECOND: [&str; 32] = [
    "Otter", "Frog", "Pigeon", "Walrus", "Badger", "Noodle", "Toaster", "Banana", "Comet", "Hamster",
    "Llama", "Penguin", "Pickle", "Rocket", "Teapot", "Turnip", "Wizard", "Yak", "Beaver", "Cactus", "Donut",
    "Ferret", "Goose", "Hippo", "Koala", "Lobster", "Mango", "Narwhal", "Octopus", "Panda", "Quokka",
    "Raccoon",
];
const LAST: [&str; 8] = ["", " Coin", " Inu", " AI", " 2", " Club", " Season", " Classic"];

/// Texts as real feeds have them now and then: control and direction characters, formulas, markup, emptiness.
const HOSTILE: [(&str, &str); 12] = [
    ("=cmd|' /C calc'!A0", "=CMD"),
    ("\u{202e}nioC ehT", "\u{202e}XET"),
    ("Line\nBreak\r\nCoin", "LINE\n"),
    ("\u{1b}[31mRed\u{1b}[0m", "\u{1b}[2J"),
    ("", ""),
    ("+1+1", "+ADD"),
    ("@SUM(1+1)", "@SUM"),
    ("-2+3", "-NEG"),
    ("<script>alert(1)</script>", "<B>"),
    ("\"; DROP TABLE tokens; --", "';--"),
    ("Zero\u{200b}Width\u{2066}Coin", "Z\u{200d}W"),
    ("𝕱𝖆𝖓𝖈𝖞 🚀🚀🚀", "🚀"),
];

/// What a creator writes: name, symbol and the place of the metadata.
pub(super) fn texts(rng: &mut Rng, launch: u64) -> (String, String, String) {
    let uri = format!("https://metadata.sim.invalid/{launch}.json");
    if rng.chance(40) {
        let (name, symbol) = HOSTILE[rng.index(HOSTILE.len())];
        return (name.to_owned(), symbol.to_owned(), uri);
    }
    let (first, second) = (FIRST[rng.index(FIRST.len())], SECOND[rng.index(SECOND.len())]);
    let last = if rng.chance(4_000) { LAST[rng.index(LAST.len())] } else { "" };
    let symbol = if rng.chance(5_000) {
        second.to_uppercase()
    } else {
        format!("{}{}", &first[..2], &second[..3]).to_uppercase()
    };
    (format!("{first} {second}{last}"), symbol, uri)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mint_says_in_base58_that_it_is_simulated() {
        for number in 0..2_000 {
            assert!(mint(7, number).to_string().starts_with("Sim"));
        }
        for rest in [0x00, 0xff] {
            let mut key = [rest; 32];
            key[..SIM.len()].copy_from_slice(&SIM);
            assert!(Pubkey(key).to_string().starts_with("Sim"), "all 29 other bytes {rest:02x}");
        }
    }

    #[test]
    fn the_one_real_key_is_that_of_the_chain() {
        assert_eq!(MAYHEM_AGENT.to_string(), "BwWK17cbHxwWBKZkUYvzxLcNQ1YVyaFezduWbtm2de6s");
    }

    #[test]
    fn equal_numbers_of_different_purpose_or_seed_give_different_keys() {
        assert_ne!(mint(1, 5), mint(2, 5));
        assert_ne!(pool(1, 5).0, mint(1, 5).0);
        assert_ne!(Agent(5).wallet(1).0, pool(1, 5).0);
        assert_ne!(signature(1, 5), signature(1, 6));
    }

    #[test]
    fn the_program_would_take_every_name_that_is_written() {
        // create_v2 takes names up to 32 bytes, symbols up to 13, addresses up to 200.
        let mut rng = Rng::new(3, 0);
        for launch in 0..5_000 {
            let (name, symbol, uri) = texts(&mut rng, launch);
            assert!(name.len() <= 48 && symbol.len() <= 13 && uri.len() <= 200, "{name:?} {symbol:?}");
        }
    }
}
