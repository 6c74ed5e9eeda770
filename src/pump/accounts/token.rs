//! Mints and token accounts of SPL Token and Token-2022.

use momentum_core::event::MintFacts;
use momentum_core::ids::{Mint, Pubkey, Wallet};
use momentum_core::units::TokenAmount;

use super::meaning::MintAccount;
use crate::layout::Malformed;
use crate::programs::{TOKEN, TOKEN_2022};

const MINT: usize = 82;
pub(super) const TOKEN_ACCOUNT: usize = 165;
/// Behind a token account's length stands what kind of account it is, in both kinds of Token-2022 accounts.
pub(super) const KIND_MINT: u8 = 1;
pub(super) const METADATA_POINTER: u16 = 18;
pub(super) const TOKEN_METADATA: u16 = 19;

fn at<const N: usize>(data: &[u8], place: usize) -> Result<[u8; N], Malformed> {
    data.get(place..).and_then(|data| data.first_chunk()).copied().ok_or(Malformed::TooShort)
}

/// An optional key: four bytes that say whether it is there, then its 32.
fn optional(data: &[u8], place: usize) -> Result<Option<Pubkey>, Malformed> {
    match u32::from_le_bytes(at(data, place)?) {
        0 => Ok(None),
        1 => Ok(Some(Pubkey(at(data, place + 4)?))),
        _ => Err(Malformed::NotAFlag),
    }
}

/// Reads a mint account. Extensions that do not decode count as foreign ones: nobody knows what they do.
///
/// # Errors
/// Where the owner is no token program, or the first 82 bytes are no initialised mint.
pub fn read_mint(owner: &Pubkey, data: &[u8]) -> Result<MintAccount, Malformed> {
    if *owner != TOKEN && *owner != TOKEN_2022 {
        return Err(Malformed::AnotherRecord);
    }
    let mint_authority = optional(data, 0)?.is_some();
    let supply = u64::from_le_bytes(at(data, 36)?);
    let [decimals, initialized] = at(data, 44)?;
    let freeze_authority = optional(data, 46)?.is_some();
    if data.len() < MINT {
        return Err(Malformed::TooShort);
    }
    if initialized != 1 {
        return Err(Malformed::NotAFlag);
    }
    let facts = MintFacts {
        mint_authority,
        freeze_authority,
        foreign_extension: foreign_extension(owner, data),
        supply: TokenAmount(supply),
    };
    Ok(MintAccount { facts, decimals })
}

/// Whether anything but metadata hangs on the mint.
fn foreign_extension(owner: &Pubkey, data: &[u8]) -> bool {
    if data.len() == MINT {
        return false;
    }
    if *owner != TOKEN_2022 || data.get(TOKEN_ACCOUNT) != Some(&KIND_MINT) {
        return true;
    }
    let mut rest = &data[TOKEN_ACCOUNT + 1..];
    // Each extension: kind, length, that many bytes. Kind 0 is room not used yet.
    while !rest.is_empty() {
        let Some(([kind @ .., _, _], _)) = rest.split_first_chunk::<4>() else {
            return rest.iter().any(|byte| *byte != 0);
        };
        let length = usize::from(u16::from_le_bytes([rest[2], rest[3]]));
        match u16::from_le_bytes(*kind) {
            0 => return rest.iter().any(|byte| *byte != 0),
            METADATA_POINTER | TOKEN_METADATA => match rest.get(4 + length..) {
                Some(behind) => rest = behind,
                None => return true,
            },
            _ => return true,
        }
    }
    false
}

/// Writes a plain mint account of 82 bytes; authorities that it has are `authority`.
#[must_use]
pub fn write_mint(mint: &MintAccount, authority: &Pubkey) -> Vec<u8> {
    let mut data = Vec::with_capacity(MINT);
    let write_optional = |data: &mut Vec<u8>, there: bool| {
        data.extend_from_slice(&u32::from(there).to_le_bytes());
        data.extend_from_slice(if there { &authority.0 } else { &[0; 32] });
    };
    write_optional(&mut data, mint.facts.mint_authority);
    data.extend_from_slice(&mint.facts.supply.0.to_le_bytes());
    data.extend_from_slice(&[mint.decimals, 1]);
    write_optional(&mut data, mint.facts.freeze_authority);
    data
}

/// A token account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenAccount {
    /// The token.
    pub mint: Mint,
    /// Whose it is.
    pub owner: Wallet,
    /// What it holds.
    pub amount: TokenAmount,
    /// Whether it is frozen.
    pub frozen: bool,
    /// Rent that a wrapped-SOL account holds beside its amount, in lamports.
    pub native_rent: Option<u64>,
}

/// Reads a token account of either token program; extensions behind it do not matter to what it holds.
///
/// # Errors
/// Where the data are no initialised token account.
pub fn read_token_account(data: &[u8]) -> Result<TokenAccount, Malformed> {
    if data.len() < TOKEN_ACCOUNT {
        return Err(Malformed::TooShort);
    }
    if data.get(TOKEN_ACCOUNT) == Some(&KIND_MINT) {
        return Err(Malformed::AnotherRecord);
    }
    let [state] = at(data, 108)?;
    let native_rent = match u32::from_le_bytes(at(data, 109)?) {
        0 => None,
        1 => Some(u64::from_le_bytes(at(data, 113)?)),
        _ => return Err(Malformed::NotAFlag),
    };
    Ok(TokenAccount {
        mint: Mint(Pubkey(at(data, 0)?)),
        owner: Wallet(Pubkey(at(data, 32)?)),
        amount: TokenAmount(u64::from_le_bytes(at(data, 64)?)),
        frozen: match state {
            1 => false,
            2 => true,
            _ => return Err(Malformed::NotAFlag),
        },
        native_rent,
    })
}

/// Writes a token account of 165 bytes without delegate and close authority.
#[must_use]
pub fn write_token_account(account: &TokenAccount) -> Vec<u8> {
    let mut data = Vec::with_capacity(TOKEN_ACCOUNT);
    data.extend_from_slice(&account.mint.0.0);
    data.extend_from_slice(&account.owner.0.0);
    data.extend_from_slice(&account.amount.0.to_le_bytes());
    data.resize(108, 0);
    data.push(if account.frozen { 2 } else { 1 });
    data.extend_from_slice(&u32::from(account.native_rent.is_some()).to_le_bytes());
    data.extend_from_slice(&account.native_rent.unwrap_or(0).to_le_bytes());
    data.resize(TOKEN_ACCOUNT, 0);
    data
}
