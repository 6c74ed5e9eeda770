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
    entries: Vec<Entry>,
    free: Vec<u32>,
    #[serde(skip)]
    index: HashTable<u32>,
}

#[derive(Deserialize)]
struct Slab {
    entries: Vec<Entry>,
    free: Vec<u32>,
}

impl From<Slab> for Table {
    fn from(Slab { entries, free }: Slab) -> Self {
        let mut table = Self { entries, free, index: HashTable::new() };
        for slot in 0..u32::try_from(table.entries.len()).unwrap_or(u32::MAX) {
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
        Some(Place { slot, tenant: self.entries[slot as usize].tenant })
    }

    /// The token at a place, if its tenant is still there.
    pub(super) fn get(&self, place: Place) -> Option<&Token> {
        let entry = self.entries.get(place.slot as usize)?;
        entry.token.as_ref().filter(|_| entry.tenant == place.tenant)
    }

    /// The token at a place, if its tenant is still there.
    pub(super) fn get_mut(&mut self, place: Place) -> Option<&mut Token> {
        let entry = self.entries.get_mut(place.slot as usize)?;
        entry.token.as_mut().filter(|_| entry.tenant == place.tenant)
    }

    /// Takes in a token whose mint is not there.
    pub(super) fn insert(&mut self, token: Token) -> Place {
        let mint = token.mint;
        let slot = self.free.pop().unwrap_or_else(|| {
            self.entries.push(Entry { tenant: 0, token: None });
            // Four billion tokens at once do not fit in any memory.
            u32::try_from(self.entries.len() - 1).unwrap_or(u32::MAX)
        });
        let entry = &mut self.entries[slot as usize];
        entry.token = Some(token);
        let tenant = entry.tenant;
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
        let entry = &mut self.entries[place.slot as usize];
        entry.tenant = entry.tenant.wrapping_add(1);
        entry.token.take()
    }

    /// All tokens, in the order of their places.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Token> {
        self.entries.iter().filter_map(|entry| entry.token.as_ref())
    }

    /// All tokens, in the order of their places.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Token> {
        self.entries.iter_mut().filter_map(|entry| entry.token.as_mut())
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.entries.len() - self.free.len()
    }

    fn mint(&self, slot: u32) -> Option<Mint> {
        self.entries[slot as usize].token.as_ref().map(|token| token.mint)
    }

    fn index(&mut self, slot: u32, mint: Mint) {
        let entries = &self.entries;
        let hash =
            |slot: &u32| entries[*slot as usize].token.as_ref().map_or(0, |token| keys::short(&token.mint.0));
        self.index.insert_unique(keys::short(&mint.0), slot, hash);
    }
}
