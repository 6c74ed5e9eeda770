//! All tracked tokens: a slab whose places stay, and an index from mints to places.

use hashbrown::HashTable;
use serde::{Deserialize, Serialize};

use super::keys;
use super::token::Token;
use crate::ids::Mint;

/// The place of a token in the slab, and which of its tenants is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Place {
    slot: u32,
    tenant: u32,
}

impl Place {
    /// Which place of the table it is, from 0.
    pub(super) const fn index(self) -> usize {
        self.slot as usize
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Entry {
    tenant: u32,
    token: Option<Token>,
}

/// Tracked tokens. Places are given and taken in the order of events, so the slab itself is deterministic; the
/// index is only ever asked for a mint.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(from = "Slab")]
pub(super) struct Table {
    /// In chunks, so that growing never moves a token and wastes less than one chunk.
    chunks: Vec<Vec<Entry>>,
    free: Vec<u32>,
    #[serde(skip)]
    index: HashTable<u32>,
}

/// Tokens in a chunk.
const CHUNK: usize = 256;

#[derive(Deserialize)]
struct Slab {
    chunks: Vec<Vec<Entry>>,
    free: Vec<u32>,
}

impl From<Slab> for Table {
    fn from(Slab { chunks, free }: Slab) -> Self {
        let mut table = Self { chunks, free, index: HashTable::new() };
        for slot in 0..u32::try_from(table.places()).unwrap_or(u32::MAX) {
            if let Some(mint) = table.mint(slot) {
                table.index(slot, mint);
            }
        }
        table
    }
}

impl Table {
    /// The place of a mint.
    pub(super) fn find(&self, mint: &Mint) -> Option<Place> {
        let slot = *self.index.find(keys::short(&mint.0), |slot| self.mint(*slot) == Some(*mint))?;
        Some(Place { slot, tenant: entry(&self.chunks, slot)?.tenant })
    }

    /// The token at a place, if its tenant is still there.
    pub(super) fn get(&self, place: Place) -> Option<&Token> {
        let entry = entry(&self.chunks, place.slot)?;
        entry.token.as_ref().filter(|_| entry.tenant == place.tenant)
    }

    /// The token at a place, if its tenant is still there.
    pub(super) fn get_mut(&mut self, place: Place) -> Option<&mut Token> {
        let entry = entry_mut(&mut self.chunks, place.slot)?;
        entry.token.as_mut().filter(|_| entry.tenant == place.tenant)
    }

    /// Takes in a token whose mint is not there.
    pub(super) fn insert(&mut self, token: Token) -> Place {
        let mint = token.mint;
        let slot = self.free.pop().unwrap_or_else(|| self.grow());
        let tenant = entry_mut(&mut self.chunks, slot).map_or(0, |entry| {
            entry.token = Some(token);
            entry.tenant
        });
        self.index(slot, mint);
        Place { slot, tenant }
    }

    /// Lets a token go.
    pub(super) fn remove(&mut self, place: Place) -> Option<Token> {
        let mint = self.get(place)?.mint;
        if let Ok(entry) = self.index.find_entry(keys::short(&mint.0), |slot| *slot == place.slot) {
            entry.remove();
        }
        self.free.push(place.slot);
        let entry = entry_mut(&mut self.chunks, place.slot)?;
        entry.tenant = entry.tenant.wrapping_add(1);
        entry.token.take()
    }

    /// Whose place this is.
    pub(super) fn mint_at(&self, index: usize) -> Option<Mint> {
        self.mint(u32::try_from(index).ok()?)
    }

    /// All tokens, in the order of their places.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Token> {
        self.chunks.iter_mut().flatten().filter_map(|entry| entry.token.as_mut())
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.places() - self.free.len()
    }

    fn places(&self) -> usize {
        self.chunks.last().map_or(0, |last| (self.chunks.len() - 1) * CHUNK + last.len())
    }

    /// A new place at the end.
    fn grow(&mut self) -> u32 {
        let slot = self.places();
        if slot.is_multiple_of(CHUNK) {
            self.chunks.push(Vec::with_capacity(CHUNK));
        }
        if let Some(last) = self.chunks.last_mut() {
            last.push(Entry { tenant: 0, token: None });
        }
        // Four billion tokens at once do not fit in any memory.
        u32::try_from(slot).unwrap_or(u32::MAX)
    }

    fn mint(&self, slot: u32) -> Option<Mint> {
        mint(&self.chunks, slot)
    }

    fn index(&mut self, slot: u32, mint: Mint) {
        let chunks = &self.chunks;
        let hash = |slot: &u32| self::mint(chunks, *slot).map_or(0, |mint| keys::short(&mint.0));
        self.index.insert_unique(keys::short(&mint.0), slot, hash);
    }
}

fn entry(chunks: &[Vec<Entry>], slot: u32) -> Option<&Entry> {
    chunks.get(slot as usize / CHUNK)?.get(slot as usize % CHUNK)
}

fn entry_mut(chunks: &mut [Vec<Entry>], slot: u32) -> Option<&mut Entry> {
    chunks.get_mut(slot as usize / CHUNK)?.get_mut(slot as usize % CHUNK)
}

fn mint(chunks: &[Vec<Entry>], slot: u32) -> Option<Mint> {
    entry(chunks, slot)?.token.as_ref().map(|token| token.mint)
}
