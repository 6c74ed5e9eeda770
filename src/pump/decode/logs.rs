//! Events out of log lines, for sources that carry nothing better.
//!
//! Lines name who runs: `Program … invoke [n]` begins a call at height n, `Program … success` or `failed` ends
//! it. `Program data: …` belongs to the call that is open. A program cannot forge these lines: what it logs
//! itself begins with `Program log:` or `Program data:`.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use momentum_core::ids::Pubkey;

use super::walk::{Emitted, Mints};
use crate::layout::Malformed;
use crate::programs::Program;

const DEEPEST: usize = 16;

pub(super) fn walk<'a>(lines: impl Iterator<Item = &'a str>, mut visit: impl FnMut(Emitted<'_>)) {
    let mut ordinal: u16 = 0;
    let mut running: [Option<Program>; DEEPEST] = [None; DEEPEST];
    let mut height = 0;
    let mut payload = Vec::new();
    for line in lines {
        if line == "Log truncated" {
            visit(Emitted::Truncated);
            return;
        }
        let Some(rest) = line.strip_prefix("Program ") else { continue };
        if let Some(data) = rest.strip_prefix("data: ") {
            let Some(program) = running.get(height).copied().flatten() else {
                visit(Emitted::Foreign);
                continue;
            };
            payload.clear();
            // Several slices stand one behind the other, with spaces; our programs log one.
            let data = data.split(' ').next().unwrap_or(data);
            match BASE64_STANDARD.decode_vec(data, &mut payload) {
                Ok(()) => {
                    visit(Emitted::Event { ordinal, program, payload: &payload, mints: Mints::default() });
                }
                Err(_) => visit(Emitted::Broken { why: Malformed::NotBase64 }),
            }
            ordinal = ordinal.saturating_add(1);
        } else if let Some((program, what)) = rest.split_once(' ') {
            if let Some(n) = what.strip_prefix("invoke [").and_then(|n| n.strip_suffix(']')) {
                height = n.parse().unwrap_or(DEEPEST);
                if let Some(slot) = running.get_mut(height) {
                    // Keys have 32 bytes and up to 44 digits; only a text that long is worth decoding.
                    *slot = program.parse::<Pubkey>().ok().and_then(|key| Program::at(&key.0));
                }
            } else if what == "success" || what.starts_with("failed") {
                height = height.saturating_sub(1);
            }
        }
    }
}
