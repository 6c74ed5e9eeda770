//! Addresses that programs derive: hashes of seeds that lie off the curve, so that nobody holds their key.

use std::collections::BTreeMap;
use std::sync::{LazyLock, PoisonError, RwLock};

use curve25519_dalek::edwards::CompressedEdwardsY;
use momentum_core::ids::Pubkey;
use sha2::{Digest, Sha256};

use crate::programs::{
    ASSOCIATED_TOKEN, LOADER, MAYHEM, METADATA, PUMP, PUMP_AMM, PUMP_FEES, Program, WRAPPED_SOL,
};

/// The address that `program` derives from `seeds`, with the highest bump that lies off the curve. `None` only
/// where none of the 256 bumps does, which has a chance of 2⁻²⁵⁶.
#[must_use]
pub fn derive(program: &Pubkey, seeds: &[&[u8]]) -> Option<(Pubkey, u8)> {
    let mut start = Sha256::new();
    seeds.iter().for_each(|seed| start.update(seed));
    (0..=u8::MAX).rev().find_map(|bump| {
        let mut hash = start.clone();
        hash.update([bump]);
        hash.update(program.0);
        hash.update(b"ProgramDerivedAddress");
        let address: [u8; 32] = hash.finalize().into();
        CompressedEdwardsY(address).decompress().is_none().then_some((Pubkey(address), bump))
    })
}

/// Addresses of the traders' coins, by a hash of what they are derived from: to derive one takes the time of a
/// signature, an order names a dozen, and its coin's have mostly been named before, in a proof.
static KNOWN: LazyLock<RwLock<BTreeMap<[u8; 32], Pubkey>>> = LazyLock::new(RwLock::default);

/// Addresses that are known at most, of some hundred coins: then all are derived anew.
const KNOWN_MAX: usize = 1 << 14;

fn of(program: &Pubkey, seeds: &[&[u8]]) -> Pubkey {
    // Where one seed ends and the next begins makes no difference to the address either.
    let mut hash = Sha256::new();
    seeds.iter().for_each(|seed| hash.update(seed));
    hash.update(program.0);
    let name: [u8; 32] = hash.finalize().into();
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(&name).copied();
    known.unwrap_or_else(|| {
        let address = derive(program, seeds).map(|(address, _)| address).unwrap_or_default();
        let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KNOWN_MAX {
            known.clear();
        }
        known.insert(name, address);
        address
    })
}

/// Whether somebody may hold the key of an address: what programs derive lies off the curve, and has none.
#[must_use]
pub fn may_have_a_key(address: &Pubkey) -> bool {
    CompressedEdwardsY(address.0).decompress().is_some()
}

/// The token account that `owner` has by convention for `mint`, a mint of `token_program`.
#[must_use]
pub fn associated_token(owner: &Pubkey, mint: &Pubkey, token_program: &Pubkey) -> Pubkey {
    of(&ASSOCIATED_TOKEN, &[&owner.0, &token_program.0, &mint.0])
}

/// What a program runs: its head says in which slot that was deployed.
#[must_use]
pub fn program_data(program: &Pubkey) -> Pubkey {
    of(&LOADER, &[&program.0])
}

/// The bonding curve of a coin.
#[must_use]
pub fn bonding_curve(mint: &Pubkey) -> Pubkey {
    of(&PUMP, &[b"bonding-curve", &mint.0])
}

/// The second account of a coin's curve, which legacy trades must name.
#[must_use]
pub fn bonding_curve_v2(mint: &Pubkey) -> Pubkey {
    of(&PUMP, &[b"bonding-curve-v2", &mint.0])
}

/// Where a creator's fees collect; the two programs spell it differently.
#[must_use]
pub fn creator_vault(program: Program, creator: &Pubkey) -> Pubkey {
    match program {
        Program::Pump => of(&PUMP, &[b"creator-vault", &creator.0]),
        Program::PumpSwap => of(&PUMP_AMM, &[b"creator_vault", &creator.0]),
    }
}

/// A trader's volume.
#[must_use]
pub fn user_volume_accumulator(program: Program, user: &Pubkey) -> Pubkey {
    of(&program.address(), &[b"user_volume_accumulator", &user.0])
}

/// Who opens a coin's pool.
#[must_use]
pub fn pool_authority(mint: &Pubkey) -> Pubkey {
    of(&PUMP, &[b"pool-authority", &mint.0])
}

/// The pool at an index of who opened it.
#[must_use]
pub fn pool(index: u16, creator: &Pubkey, base_mint: &Pubkey, quote_mint: &Pubkey) -> Pubkey {
    of(&PUMP_AMM, &[b"pool", &index.to_le_bytes(), &creator.0, &base_mint.0, &quote_mint.0])
}

/// The pool that a coin priced in SOL migrates to.
#[must_use]
pub fn canonical_pool(mint: &Pubkey) -> Pubkey {
    pool(0, &pool_authority(mint), mint, &WRAPPED_SOL)
}

/// The liquidity token of a pool.
#[must_use]
pub fn pool_lp_mint(pool: &Pubkey) -> Pubkey {
    of(&PUMP_AMM, &[b"pool_lp_mint", &pool.0])
}

/// Who owns the account from which a pool is boosted.
#[must_use]
pub fn boost_vault_authority(pool: &Pubkey) -> Pubkey {
    of(&PUMP_AMM, &[b"boost_vault", &pool.0])
}

/// The second account of a coin's pools, which swaps must name.
#[must_use]
pub fn pool_v2(base_mint: &Pubkey) -> Pubkey {
    of(&PUMP_AMM, &[b"pool-v2", &base_mint.0])
}

/// Who shares a coin's creator fee.
#[must_use]
pub fn sharing_config(mint: &Pubkey) -> Pubkey {
    of(&PUMP_FEES, &[b"sharing-config", &mint.0])
}

/// Which quotes coins may be priced in.
#[must_use]
pub fn quote_control() -> Pubkey {
    of(&PUMP, &[b"quote-control"])
}

/// The metadata of a legacy coin.
#[must_use]
pub fn metadata(mint: &Pubkey) -> Pubkey {
    of(&METADATA, &[b"metadata", &METADATA.0, &mint.0])
}

/// The mayhem program's state of a coin.
#[must_use]
pub fn mayhem_state(mint: &Pubkey) -> Pubkey {
    of(&MAYHEM, &[b"mayhem-state", &mint.0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programs;

    #[test]
    fn an_address_is_the_same_however_often_it_is_asked_for_and_however_many_there_are() {
        for nth in (0..KNOWN_MAX + 100).chain(0..100) {
            let seed = nth.to_le_bytes();
            let derived = derive(&PUMP, &[b"nth", &seed]).unwrap().0;
            assert_eq!(of(&PUMP, &[b"nth", &seed]), derived, "{nth}");
            assert!(KNOWN.read().unwrap().len() <= KNOWN_MAX);
        }
    }

    #[test]
    fn fixed_addresses_re_derive() {
        let derived = [
            (programs::GLOBAL, of(&PUMP, &[b"global"])),
            (programs::MINT_AUTHORITY, of(&PUMP, &[b"mint-authority"])),
            (programs::EVENT_AUTHORITY, of(&PUMP, &[b"__event_authority"])),
            (programs::AMM_EVENT_AUTHORITY, of(&PUMP_AMM, &[b"__event_authority"])),
            (programs::GLOBAL_VOLUME_ACCUMULATOR, of(&PUMP, &[b"global_volume_accumulator"])),
            (programs::AMM_GLOBAL_VOLUME_ACCUMULATOR, of(&PUMP_AMM, &[b"global_volume_accumulator"])),
            (programs::AMM_GLOBAL_CONFIG, of(&PUMP_AMM, &[b"global_config"])),
            (programs::FEE_CONFIG, of(&PUMP_FEES, &[b"fee_config", &PUMP.0])),
            (programs::AMM_FEE_CONFIG, of(&PUMP_FEES, &[b"fee_config", &PUMP_AMM.0])),
            (programs::MAYHEM_GLOBAL_PARAMS, of(&MAYHEM, &[b"global-params"])),
            (programs::MAYHEM_SOL_VAULT, of(&MAYHEM, &[b"sol-vault"])),
        ];
        for (fixed, derived) in derived {
            assert_eq!(fixed, derived);
        }
    }
}
