//! Fixed hashes of keys on chain: the same in every process, on every machine, for ever.

use crate::ids::{Pubkey, Signature};

/// Folds a 128-bit product: every bit of both factors reaches every bit of the result.
#[expect(clippy::cast_possible_truncation, reason = "the low half is meant")]
const fn fold(a: u64, b: u64) -> u64 {
    let wide = a as u128 * b as u128;
    (wide >> 64) as u64 ^ wide as u64
}

// Odd constants without pattern: digits of π, as in many hashes.
const PI: [u64; 4] =
    [0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7345, 0xa409_3822_299f_31d1, 0x082e_fa98_ec4e_6c89];

fn word(bytes: &[u8], nth: usize) -> u64 {
    let mut word = [0; 8];
    word.copy_from_slice(&bytes[nth * 8..nth * 8 + 8]);
    u64::from_le_bytes(word)
}

/// 64 bits of a key: its name inside one token's tables, where a collision is a matter of 2⁻⁶⁴ a pair.
pub(super) fn short(key: &Pubkey) -> u64 {
    let bytes = key.as_bytes();
    let left = fold(word(bytes, 0) ^ PI[0], word(bytes, 1) ^ PI[1]);
    let right = fold(word(bytes, 2) ^ PI[2], word(bytes, 3) ^ PI[3]);
    fold(left ^ PI[2], right ^ PI[1])
}

/// The key of one event: its transaction and its place in it, as 16 bytes.
pub(super) fn event(signature: &Signature, ordinal: u16) -> u128 {
    let bytes = signature.as_bytes();
    let (mut left, mut right) = (PI[0] ^ u64::from(ordinal), PI[1] ^ u64::from(ordinal).rotate_left(32));
    for nth in 0..4 {
        let (a, b) = (word(bytes, nth), word(bytes, nth + 4));
        left = fold(left ^ a, b ^ PI[2]) ^ left.rotate_left(23);
        right = fold(right ^ b, a ^ PI[3]) ^ right.rotate_left(41);
    }
    u128::from(left) << 64 | u128::from(right)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn keys_that_differ_in_one_byte_have_different_names() {
        let mut wallets = BTreeSet::new();
        let mut events = BTreeSet::new();
        for place in 0..32 {
            for value in 0..=255 {
                let mut key = [0; 32];
                key[place] = value;
                wallets.insert(short(&Pubkey(key)));
                let mut signature = [0; 64];
                signature[place * 2] = value;
                events.insert(event(&Signature(signature), 0));
                events.insert(event(&Signature(signature), 1));
            }
        }
        // All zeros comes once for each place.
        assert_eq!(wallets.len(), 32 * 255 + 1);
        assert_eq!(events.len(), 2 * (32 * 255 + 1));
    }
}
