//! Where a token's metadata are: in the TokenMetadata extension of a Token-2022 mint, or in Metaplex's account of
//! an SPL mint.

use momentum_core::ids::{Mint, Pubkey};

use super::token::{KIND_MINT, METADATA_POINTER, TOKEN_ACCOUNT, TOKEN_METADATA};
use crate::layout::Malformed;

/// First byte of Metaplex's metadata account.
const METAPLEX_METADATA: u8 = 4;
/// Before the name: kind, update authority, mint.
const METAPLEX_NAME: usize = 65;
/// Before the name: update authority, mint.
const TOKEN_METADATA_NAME: usize = 64;

/// The name, symbol and URI of a token: hostile text, as long as its account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenMetadata {
    /// Name.
    pub name: String,
    /// Ticker symbol.
    pub symbol: String,
    /// Where the metadata JSON should be.
    pub uri: String,
}

/// Reads the metadata out of a Token-2022 mint; none where it has no such extension.
///
/// # Errors
/// Where an extension is cut off, or a text is no UTF-8.
pub fn read_mint_metadata(data: &[u8]) -> Result<Option<TokenMetadata>, Malformed> {
    if data.get(TOKEN_ACCOUNT) != Some(&KIND_MINT) {
        return Ok(None);
    }
    let mut rest = data.get(TOKEN_ACCOUNT + 1..).unwrap_or_default();
    // Each extension: kind, length, that many bytes. Kind 0 is room not used yet.
    while let Some(([kind_low, kind_high, length_low, length_high], behind)) = rest.split_first_chunk::<4>() {
        let length = usize::from(u16::from_le_bytes([*length_low, *length_high]));
        let (extension, next) = behind.split_at_checked(length).ok_or(Malformed::TooShort)?;
        match u16::from_le_bytes([*kind_low, *kind_high]) {
            0 => break,
            TOKEN_METADATA => return read_texts(extension, TOKEN_METADATA_NAME).map(Some),
            _ => rest = next,
        }
    }
    Ok(None)
}

/// Reads Metaplex's metadata account.
///
/// # Errors
/// Where it is another account, cut off, or a text is no UTF-8.
pub fn read_metaplex_metadata(data: &[u8]) -> Result<TokenMetadata, Malformed> {
    if data.first() != Some(&METAPLEX_METADATA) {
        return Err(Malformed::AnotherRecord);
    }
    read_texts(data, METAPLEX_NAME)
}

fn read_texts(data: &[u8], start: usize) -> Result<TokenMetadata, Malformed> {
    let mut rest = data.get(start..).ok_or(Malformed::TooShort)?;
    let mut text = || {
        let (length, behind) = rest.split_first_chunk::<4>().ok_or(Malformed::TooShort)?;
        let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| Malformed::TooShort)?;
        let (text, behind) = behind.split_at_checked(length).ok_or(Malformed::TooShort)?;
        rest = behind;
        let text = std::str::from_utf8(text).map_err(|_| Malformed::NotAText)?;
        // Metaplex fills its texts up with zeros.
        Ok(text.trim_end_matches('\0').to_owned())
    };
    Ok(TokenMetadata { name: text()?, symbol: text()?, uri: text()? })
}

/// Appends the two extensions of a coin made by `create_v2` to a plain mint of 82 bytes: pointer and metadata.
pub fn write_mint_metadata(data: &mut Vec<u8>, mint: &Mint, metadata: &TokenMetadata) {
    data.resize(TOKEN_ACCOUNT, 0);
    data.push(KIND_MINT);
    let mut extend = |kind: u16, body: &[u8]| {
        data.extend_from_slice(&kind.to_le_bytes());
        data.extend_from_slice(&u16::try_from(body.len()).unwrap_or(u16::MAX).to_le_bytes());
        data.extend_from_slice(body);
    };
    extend(METADATA_POINTER, &[[0; 32], mint.0.0].concat());
    let mut body = [Pubkey::default().0, mint.0.0].concat();
    write_texts(&mut body, metadata);
    // No further fields.
    body.extend_from_slice(&0_u32.to_le_bytes());
    extend(TOKEN_METADATA, &body);
}

/// Writes Metaplex's metadata account as far as its texts, which it fills up with zeros.
#[must_use]
pub fn write_metaplex_metadata(mint: &Mint, metadata: &TokenMetadata) -> Vec<u8> {
    let filled = |text: &str, length: usize| format!("{text:\0<length$}");
    let metadata = TokenMetadata {
        name: filled(&metadata.name, 32),
        symbol: filled(&metadata.symbol, 10),
        uri: filled(&metadata.uri, 200),
    };
    let mut data = vec![METAPLEX_METADATA];
    data.extend_from_slice(&[0; 32]);
    data.extend_from_slice(&mint.0.0);
    write_texts(&mut data, &metadata);
    data
}

fn write_texts(data: &mut Vec<u8>, TokenMetadata { name, symbol, uri }: &TokenMetadata) {
    for text in [name, symbol, uri] {
        data.extend_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
        data.extend_from_slice(text.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::read_mint;
    use crate::programs::TOKEN_2022;

    fn metadata() -> TokenMetadata {
        TokenMetadata { name: "Näme".into(), symbol: "SYM".into(), uri: "https://ipfs.io/ipfs/Qm1".into() }
    }

    #[test]
    fn metadata_of_both_kinds_round_trip() {
        let mint = Mint(Pubkey([7; 32]));
        let mut data = vec![0; 82];
        data[45] = 1;
        assert_eq!(read_mint_metadata(&data), Ok(None));
        write_mint_metadata(&mut data, &mint, &metadata());
        assert_eq!(read_mint_metadata(&data), Ok(Some(metadata())));
        assert!(!read_mint(&TOKEN_2022, &data).unwrap().facts.foreign_extension);
        let data = write_metaplex_metadata(&mint, &metadata());
        assert_eq!(read_metaplex_metadata(&data), Ok(metadata()));
    }

    #[test]
    fn cut_or_broken_metadata_are_named() {
        let mint = Mint(Pubkey([7; 32]));
        let data = write_metaplex_metadata(&mint, &metadata());
        for length in 1..data.len() {
            assert_eq!(read_metaplex_metadata(&data[..length]), Err(Malformed::TooShort), "{length}");
        }
        assert_eq!(read_metaplex_metadata(&[5; 300]), Err(Malformed::AnotherRecord));
        let mut not_text = data;
        not_text[METAPLEX_NAME + 4] = 0xff;
        assert_eq!(read_metaplex_metadata(&not_text), Err(Malformed::NotAText));
        let mut data = vec![0; 82];
        write_mint_metadata(&mut data, &mint, &metadata());
        assert_eq!(read_mint_metadata(&data[..data.len() - 10]), Err(Malformed::TooShort));
    }
}
