//! Rules that Trader's state keeps, checked after every event that changed it. A broken one is a bug of ours.

use std::collections::BTreeMap;

use super::Trader;
use super::positions::{Leg, Position};
use crate::event::Side;
use crate::ids::{AttemptId, Mint, Wallet};
use crate::protections::Protection;
use crate::units::{Lamports, TokenAmount};

/// A rule that the state breaks, with its figures.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// Σ classed effects = change of the wallet's balance.
    #[error("the books of {wallet} do not explain its balance of {balance}")]
    Books {
        /// The wallet.
        wallet: Wallet,
        /// What it holds.
        balance: Lamports,
    },
    /// Reservations = Σ live buys.
    #[error("{reserved} reserved in {wallet}, its live buys reserve {live}")]
    Reservations {
        /// The wallet.
        wallet: Wallet,
        /// The sum kept.
        reserved: Lamports,
        /// The sum of its live buys.
        live: Lamports,
    },
    /// At most one live buy per mint, and the one that is known.
    #[error("{mint} has a live buy {attempt} that is not its newest")]
    SecondBuy {
        /// The token.
        mint: Mint,
        /// The attempt.
        attempt: AttemptId,
    },
    /// No more is sold than was bought.
    #[error("{sold} of {mint} sold, {bought} bought")]
    Oversold {
        /// The token.
        mint: Mint,
        /// Sold.
        sold: TokenAmount,
        /// Bought.
        bought: TokenAmount,
    },
    /// Exposure stays within the limit under which it was approved.
    #[error("{exposed} exposed, most {most}")]
    Exposure {
        /// Cost of open positions and sizes of live buys.
        exposed: Lamports,
        /// The limit.
        most: Lamports,
    },
    /// The stop never falls.
    #[error("the stop of {mint} is below one that it had")]
    StopFell {
        /// The token.
        mint: Mint,
    },
    /// A sale that has a live attempt is known by it, and a rung that is ordered has a sale.
    #[error("a sale of {mint} lost its attempt")]
    LostSale {
        /// The token.
        mint: Mint,
    },
}

impl Trader {
    /// Whether the state keeps every rule.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn check(&self) -> Result<(), Broken> {
        self.check_books()?;
        self.check_buys()?;
        let (exposed, on) = (self.exposed(), |protection| self.protections.on(protection));
        let limited = on(Protection::Exposure) && on(Protection::Size) && on(Protection::Reservation);
        if exposed > self.exposure_limit && limited {
            return Err(Broken::Exposure { exposed, most: self.exposure_limit });
        }
        self.positions.values().try_for_each(|position| self.check_position(position))
    }

    fn check_books(&self) -> Result<(), Broken> {
        let mut live: BTreeMap<Wallet, Lamports> = BTreeMap::new();
        for buying in self.buys.values() {
            *live.entry(buying.wallet).or_default() += buying.reserved;
        }
        for (wallet, account) in self.books.accounts() {
            if !account.balances() {
                return Err(Broken::Books { wallet, balance: account.balance });
            }
            let (reserved, live) = (self.reserved_in(wallet), live.get(&wallet).copied().unwrap_or_default());
            if reserved != live {
                return Err(Broken::Reservations { wallet, reserved, live });
            }
        }
        Ok(())
    }

    fn check_buys(&self) -> Result<(), Broken> {
        let buys = self.attempts.iter().filter(|(_, attempt)| attempt.order.swap.side() == Side::Buy);
        for (id, attempt) in buys {
            let mint = attempt.order.mint;
            let known =
                self.buys.get(&mint).is_some_and(|buying| buying.attempt == *id && buying.retry.is_none());
            if !known {
                return Err(Broken::SecondBuy { mint, attempt: *id });
            }
        }
        Ok(())
    }

    fn check_position(&self, position: &Position) -> Result<(), Broken> {
        let Position { mint, sold, bought, .. } = *position;
        if sold > bought {
            return Err(Broken::Oversold { mint, sold, bought });
        }
        let trailed = position.high.share(position.terms.trailing);
        let kept = position.stop.at_least(position.first_stop)
            && (!position.trailing || position.stop.at_least(trailed));
        if !kept && self.protections.on(Protection::StopOnlyRises) {
            return Err(Broken::StopFell { mint });
        }
        let sales = [position.part.as_ref(), position.whole.as_ref()];
        let lost = sales.iter().flatten().any(|sale| {
            let live = sale.live.is_some_and(|live| self.attempts.contains_key(&live));
            !live && sale.retry.is_none()
        });
        let ordered = position.rungs.iter().any(|rung| rung.leg == Leg::Ordered);
        if lost || (ordered && sales.iter().flatten().next().is_none()) {
            return Err(Broken::LostSale { mint });
        }
        Ok(())
    }
}
