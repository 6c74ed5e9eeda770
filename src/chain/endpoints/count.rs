//! What nodes count: slots, heights, lamports.

use serde::{Deserialize, Deserializer, de};

/// More than there are lamports, or will be slots: a greater number is no answer. Sums of several still fit into the
/// 63 bits that a store has for each.
pub(super) const MOST: u64 = 1 << 60;

/// Reads such a number.
pub(super) fn count<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    let told = u64::deserialize(from)?;
    if told <= MOST { Ok(told) } else { Err(de::Error::custom("it counts more than there can be")) }
}
