//! The swap of a transaction by its events: one on a curve or a pool, or two where a buy went past the curve's end.

use momentum_core::action::Order;
use momentum_core::event::Side;
use momentum_core::ids::PoolId;
use momentum_core::quotes::Fees;
use momentum_core::units::{Lamports, TokenAmount};
use momentum_pump::decode::{Emitted, walk};
use momentum_pump::events::{BuyEvent, PostCompleteBuyEvent, RawEvent, Reading, SellEvent, TradeEvent};
use momentum_pump::transaction::Transaction;

use super::ReceiptError;

/// What was swapped.
pub(super) struct Swapped {
    pub(super) side: Side,
    pub(super) tokens: TokenAmount,
    /// What the wallet paid, or got, fees of the venue included.
    pub(super) lamports: Lamports,
    pub(super) fees: Fees,
    /// Lamports that the curve's creator got at once, into the vault.
    pub(super) creator: u64,
    /// Lamports that the trader gets back later, out of the account of its volume.
    pub(super) cashback: u64,
}

/// One event's part of it.
struct Leg {
    side: Side,
    tokens: u64,
    lamports: Option<u64>,
    fees: Fees,
}

/// The order's swap in its transaction.
pub(super) fn of(order: &Order, transaction: &impl Transaction) -> Result<Swapped, ReceiptError> {
    let (user, mint) = (order.wallet.0, order.mint.0);
    let mut legs = Vec::new();
    let (mut creator, mut cashback): (u64, u64) = (0, 0);
    let mut whole = true;
    walk(transaction, |emitted| {
        let Emitted::Event { program, payload, mints, .. } = emitted else {
            whole &= !matches!(emitted, Emitted::Truncated | Emitted::Broken { .. });
            return;
        };
        let of_pool = |pool| mints.of(&PoolId(pool)).is_some_and(|mints| mints.base == mint);
        match RawEvent::read(program, payload) {
            Reading::Event(RawEvent::Trade(event)) if event.user == user && event.mint == mint => {
                creator = creator.saturating_add(event.creator_fee.unwrap_or(0));
                cashback = cashback.saturating_add(event.cashback.unwrap_or(0));
                legs.push(Leg::on_curve(&event));
            }
            Reading::Event(RawEvent::PostCompleteBuy(event)) if event.user == user && event.mint == mint => {
                legs.push(Leg::past_end(&event));
            }
            Reading::Event(RawEvent::Buy(event)) if event.user == user && of_pool(event.pool) => {
                legs.push(Leg::pool_buy(&event));
            }
            Reading::Event(RawEvent::Sell(event)) if event.user == user && of_pool(event.pool) => {
                legs.push(Leg::pool_sell(&event));
            }
            Reading::Malformed { .. } => whole = false,
            Reading::Event(_) | Reading::Unknown(_) => {}
        }
    });
    if !whole {
        return Err(ReceiptError::Events);
    }
    let side = order.swap.side();
    if legs.is_empty() || legs.iter().any(|leg| leg.side != side) {
        return Err(ReceiptError::NoSwap);
    }
    let mut swapped = Swapped {
        side,
        tokens: TokenAmount(0),
        lamports: Lamports::ZERO,
        fees: Fees::default(),
        creator,
        cashback,
    };
    for leg in legs {
        let lamports = leg.lamports.and_then(|lamports| swapped.lamports.checked_add(Lamports(lamports)));
        swapped.lamports = lamports.ok_or(ReceiptError::Events)?;
        let tokens = swapped.tokens.0.checked_add(leg.tokens);
        swapped.tokens = TokenAmount(tokens.ok_or(ReceiptError::Events)?);
        swapped.fees = swapped.fees.and(&leg.fees);
    }
    Ok(swapped)
}

impl Swapped {
    /// The swap with rent that it paid for a creator's vault, as a fee for the creator.
    pub(super) fn with_rent(&self, rent: Lamports) -> Result<Self, ReceiptError> {
        let lamports = match self.side {
            Side::Buy => self.lamports.checked_add(rent),
            Side::Sell => self.lamports.0.checked_sub(rent.0).map(Lamports),
        };
        let fees = Fees { creator: self.fees.creator.saturating_add(rent.0), ..self.fees };
        Ok(Self { lamports: lamports.ok_or(ReceiptError::Events)?, fees, ..*self })
    }
}

impl Leg {
    /// The event's amount is without fees. A cashback coin gives the creator's part back to the trader, later.
    fn on_curve(event: &TradeEvent<'_>) -> Self {
        let creator = event.creator_fee.unwrap_or(0).saturating_add(event.cashback.unwrap_or(0));
        let fees = Fees { lp: 0, protocol: event.fee.unwrap_or(0), creator };
        let (side, lamports) = if event.is_buy {
            (Side::Buy, fees.total().and_then(|fees| event.sol_amount.checked_add(fees)))
        } else {
            (Side::Sell, fees.total().and_then(|fees| event.sol_amount.checked_sub(fees)))
        };
        Self { side, tokens: event.token_amount, lamports, fees }
    }

    fn past_end(event: &PostCompleteBuyEvent<'_>) -> Self {
        let fees = Fees { lp: 0, protocol: event.fee, creator: event.creator_fee };
        let lamports = fees.total().and_then(|fees| event.quote_in.checked_add(fees));
        Self { side: Side::Buy, tokens: event.base_out, lamports, fees }
    }

    /// Of the two amounts the smaller is without fees, whichever the instruction was.
    fn pool_buy(event: &BuyEvent<'_>) -> Self {
        let [net, gross] = [
            event.quote_amount_in.min(event.user_quote_amount_in),
            event.quote_amount_in.max(event.user_quote_amount_in),
        ];
        let fees = pool_fees(gross.checked_sub(net), event.lp_fee, event.protocol_fee);
        Self {
            side: Side::Buy,
            tokens: event.base_amount_out,
            lamports: fees.map(|_| gross),
            fees: fees.unwrap_or_default(),
        }
    }

    fn pool_sell(event: &SellEvent<'_>) -> Self {
        let all = event.quote_amount_out.checked_sub(event.user_quote_amount_out);
        let fees = pool_fees(all, event.lp_fee, event.protocol_fee);
        Self {
            side: Side::Sell,
            tokens: event.base_amount_in,
            lamports: fees.map(|_| event.user_quote_amount_out),
            fees: fees.unwrap_or_default(),
        }
    }
}

/// The classes of a swap's fees: what is neither the liquidity's nor the protocol's is the creator's, or what a
/// coin gives back in its place.
fn pool_fees(all: Option<u64>, lp: u64, protocol: u64) -> Option<Fees> {
    let creator = all?.checked_sub(lp)?.checked_sub(protocol)?;
    Some(Fees { lp, protocol, creator })
}
