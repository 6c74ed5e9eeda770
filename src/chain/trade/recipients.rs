//! Who takes the programs' fees: lists in the programs' settings, of which a trade names one each. Mayhem coins
//! have a list of their own, and the wrong list is refused.

use momentum_core::ids::Pubkey;
use momentum_pump::accounts::{Global, GlobalConfig};
use momentum_pump::layout::Malformed;
use momentum_pump::programs::{AMM_GLOBAL_CONFIG, GLOBAL, PUMP, PUMP_AMM, SYSTEM};

use super::Coin;
use crate::endpoints::Account;

/// The lists of both programs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recipients {
    curve: Lists,
    pool: Lists,
}

/// The lists of one program: never empty, once read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Lists {
    ordinary: Vec<Pubkey>,
    mayhem: Vec<Pubkey>,
    buyback: Vec<Pubkey>,
}

/// Who takes the fees of one trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chosen {
    pub(super) protocol: Pubkey,
    pub(super) buyback: Pubkey,
}

/// Why the settings name no recipients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRecipients {
    /// The settings are not there.
    #[error("the settings of the program {0} are not there")]
    Missing(Pubkey),
    /// The settings cannot be read.
    #[error("the settings of the program {0} cannot be read: {1}")]
    Malformed(Pubkey, Malformed),
    /// A list that every trade needs is empty.
    #[error("the settings of the program {0} name nobody who takes its fees")]
    Nobody(Pubkey),
}

impl Recipients {
    /// The accounts that [`Self::read`] wants, in its order.
    #[must_use]
    pub const fn needs() -> [Pubkey; 2] {
        [GLOBAL, AMM_GLOBAL_CONFIG]
    }

    /// Reads them from the settings of both programs.
    ///
    /// # Errors
    /// Where the settings are missing or broken, or name nobody.
    pub fn read(accounts: &[Option<Account>]) -> Result<Self, NoRecipients> {
        let data = |at: usize, program: Pubkey| {
            let account = accounts.get(at).and_then(Option::as_ref);
            let account = account.filter(|account| account.owner == program);
            account.map(|account| account.data.as_slice()).ok_or(NoRecipients::Missing(program))
        };
        let global = Global::from_data(data(0, PUMP)?).map_err(|why| NoRecipients::Malformed(PUMP, why))?;
        let config = GlobalConfig::from_data(data(1, PUMP_AMM)?)
            .map_err(|why| NoRecipients::Malformed(PUMP_AMM, why))?;
        let curve = Lists::of(
            std::iter::once(global.fee_recipient).chain(global.fee_recipients.iter()),
            global.reserved_fee_recipient.into_iter().chain(each(global.reserved_fee_recipients)),
            each(global.buyback_fee_recipients),
        );
        let pool = Lists::of(
            config.protocol_fee_recipients.iter(),
            config.reserved_fee_recipient.into_iter().chain(each(config.reserved_fee_recipients)),
            each(config.buyback_fee_recipients),
        );
        Ok(Self { curve: curve.whole(PUMP)?, pool: pool.whole(PUMP_AMM)? })
    }

    /// One of each kind, for both programs.
    #[cfg(test)]
    pub(super) fn tested([ordinary, mayhem, buyback]: [Pubkey; 3]) -> Self {
        let lists = Lists { ordinary: vec![ordinary], mayhem: vec![mayhem], buyback: vec![buyback] };
        Self { curve: lists.clone(), pool: lists }
    }

    pub(super) fn of_curve(&self, coin: &Coin) -> Chosen {
        self.curve.choose(coin)
    }

    pub(super) fn of_pool(&self, coin: &Coin) -> Chosen {
        self.pool.choose(coin)
    }
}

fn each<const N: usize>(
    keys: Option<momentum_pump::layout::KeyArray<'_, N>>,
) -> impl Iterator<Item = Pubkey> {
    keys.into_iter().flat_map(|keys| keys.iter())
}

impl Lists {
    fn of(
        ordinary: impl Iterator<Item = Pubkey>,
        mayhem: impl Iterator<Item = Pubkey>,
        buyback: impl Iterator<Item = Pubkey>,
    ) -> Self {
        let set = |key: &Pubkey| *key != SYSTEM;
        Self {
            ordinary: ordinary.filter(set).collect(),
            mayhem: mayhem.filter(set).collect(),
            buyback: buyback.filter(set).collect(),
        }
    }

    fn whole(self, program: Pubkey) -> Result<Self, NoRecipients> {
        if self.ordinary.is_empty() || self.buyback.is_empty() {
            return Err(NoRecipients::Nobody(program));
        }
        Ok(self)
    }

    /// Coins are spread over the lists, so that trades of different coins do not write the same account.
    fn choose(&self, coin: &Coin) -> Chosen {
        let of = |list: &[Pubkey]| {
            let at = usize::from(coin.mint.0.0[0]).checked_rem(list.len()).unwrap_or(0);
            list.get(at).copied().unwrap_or_default()
        };
        let protocol = if coin.mayhem { &self.mayhem } else { &self.ordinary };
        Chosen { protocol: of(protocol), buyback: of(&self.buyback) }
    }
}
