//! What readings of accounts change in a token.

use super::keys;
use super::rugs::Rugs;
use super::token::{Largest, Token};
use crate::event::CurveFacts;
use crate::ids::{PoolId, Slot, Wallet};
use crate::quotes::{CreatorRate, Liquidity, Pool};
use crate::time::Timestamp;
use crate::units::TokenAmount;

impl Token {
    /// The curve account: reserves where they are newer than the last trade, and who the creator is.
    pub(super) fn read_curve(&mut self, facts: &CurveFacts, as_of: Option<Slot>, rugs: &Rugs) {
        self.quote = facts.quote;
        self.mayhem |= facts.mayhem;
        if self.creator.is_err() || self.newer(as_of) {
            self.name_creator(facts.creator, rugs);
        }
        if let (Some(rate), CreatorRate::Scheduled) = (facts.creator_rate, self.creator_rate) {
            self.creator_rate = CreatorRate::Own(rate);
        }
        if self.graduated() {
            return;
        }
        self.complete |= facts.complete;
        // After completion the account is emptied: its zeros price nothing.
        if !facts.complete && (self.liquidity.is_none() || self.newer(as_of)) {
            self.liquidity = Some(Liquidity::Curve(facts.curve));
        }
        self.read_at(as_of);
    }

    /// The pool's account and vaults.
    pub(super) fn read_pool(&mut self, pool: PoolId, reserves: Pool, as_of: Option<Slot>) {
        let newer = !self.graduated() || self.liquidity.is_none() || self.newer(as_of);
        self.complete = true;
        self.pool = Some(pool);
        if newer {
            self.liquidity = Some(Liquidity::Pool(reserves));
        }
        self.read_at(as_of);
    }

    /// The largest holders; what creators are known to have sold is mended by what they still hold.
    pub(super) fn read_holders(
        &mut self,
        list: &[(Wallet, TokenAmount)],
        asked: Timestamp,
        as_of: Option<Slot>,
    ) {
        let list = list.iter().map(|(wallet, tokens)| (keys::short(&wallet.0), tokens.0)).collect();
        let largest = Largest { asked, slot: as_of, list };
        for stake in &mut self.stakes {
            let (Ok(held), Some(slot)) = (largest.of(stake.name), as_of) else { continue };
            if slot <= stake.since || Some(slot) < self.last_slot {
                continue;
            }
            let known = self.holders.of(stake.name);
            stake.sold = stake.sold.saturating_add(known.saturating_sub(held));
            stake.most = stake.most.max(held);
            stake.since = slot;
            self.holders.set(stake.name, held);
        }
        self.largest = Ok(Box::new(largest));
    }

    fn newer(&self, as_of: Option<Slot>) -> bool {
        as_of.is_some() && as_of >= self.last_slot
    }

    fn read_at(&mut self, as_of: Option<Slot>) {
        if let Some(slot) = as_of.filter(|_| self.newer(as_of)) {
            self.read = self.read.max(slot);
            self.dead = false;
        }
    }
}
