//! The rules, instruction by instruction.

use momentum_core::action::{Order, Swap};
use momentum_core::event::Side;
use momentum_core::ids::Pubkey;
use momentum_core::units::{Lamports, TokenAmount};
use momentum_pump::address::associated_token;
use momentum_pump::instructions::{Plain, shape};
use momentum_pump::message::{Step, read};
use momentum_pump::programs::{
    ASSOCIATED_TOKEN, COMPUTE_BUDGET, Program, SYSTEM, TIP_ACCOUNTS, TOKEN, TOKEN_2022, WRAPPED_SOL,
};

use super::budget::Budget;
use super::{Forbidden, SendLimits, closing, withdrawing};

/// Checks all of a message.
pub(super) fn check(order: &Order, limits: &SendLimits, message: &[u8]) -> Result<(), Forbidden> {
    let message = read(message)?;
    if message.signers != 1 {
        return Err(Forbidden::Signers(message.signers));
    }
    let payer = message.keys.first().map(|key| Pubkey(*key)).unwrap_or_default();
    if payer != order.wallet.0 {
        return Err(Forbidden::Payer(payer));
    }
    match order.swap {
        Swap::Buy { .. } | Swap::Sell { .. } => {}
        Swap::Close => return closing::check(order, limits, &message.instructions),
        Swap::Withdraw { to, lamports } => {
            return withdrawing::check(order, (to, lamports), limits, &message.instructions);
        }
    }
    let mut seen = Seen::new(order, limits);
    let last = message.instructions.len().saturating_sub(1);
    for (at, step) in message.instructions.iter().enumerate() {
        seen.step(step, at == last)?;
    }
    seen.whole()
}

/// Trades that may be signed: the side of each, and that its two arguments are the amount and its bound.
const TRADES: &[(Program, &str, Side)] = &[
    (Program::Pump, "buy_exact_sol_in", Side::Buy),
    (Program::Pump, "buy_exact_quote_in_v2", Side::Buy),
    (Program::Pump, "buy_exact_quote_in_v3", Side::Buy),
    (Program::Pump, "sell", Side::Sell),
    (Program::Pump, "sell_v2", Side::Sell),
    (Program::Pump, "sell_v3", Side::Sell),
    (Program::PumpSwap, "buy_exact_quote_in", Side::Buy),
    (Program::PumpSwap, "buy_exact_quote_in_v2", Side::Buy),
    (Program::PumpSwap, "sell", Side::Sell),
    (Program::PumpSwap, "sell_v2", Side::Sell),
];

/// What of a message was seen so far.
struct Seen<'a> {
    order: &'a Order,
    limits: &'a SendLimits,
    wallet: Pubkey,
    own_wrapped: Pubkey,
    budget: Budget,
    wrapped: u64,
    /// Whether the trade is on a pool, which wrapped SOL is for.
    on_pool: bool,
    trades: usize,
}

impl<'a> Seen<'a> {
    fn new(order: &'a Order, limits: &'a SendLimits) -> Self {
        let wallet = order.wallet.0;
        let own_wrapped = associated_token(&wallet, &WRAPPED_SOL, &TOKEN);
        let (budget, wrapped, on_pool, trades) = (Budget::default(), 0, false, 0);
        Self { order, limits, wallet, own_wrapped, budget, wrapped, on_pool, trades }
    }

    /// The cap of this order's priority fee, and of its tip.
    fn cap(&self) -> Lamports {
        // Only a sale may be urgent: a buy that says so pays no more than any.
        let urgent = self.order.urgent && self.order.swap.side() == Side::Sell;
        if urgent { self.limits.urgent_fee } else { self.limits.fee }
    }

    fn step(&mut self, step: &Step<'_>, last: bool) -> Result<(), Forbidden> {
        if let Some(program) = Program::at(&step.program.0) {
            return self.trade(program, step);
        }
        if ![SYSTEM, TOKEN, ASSOCIATED_TOKEN, COMPUTE_BUDGET].contains(&step.program) {
            return Err(Forbidden::Program(step.program));
        }
        let plain = Plain::read(&step.program, &step.accounts, step.data);
        let plain = plain.ok_or(Forbidden::Instruction(step.program))?;
        if self.budget.take(&plain)? {
            return Ok(());
        }
        match plain {
            Plain::UnitLimit(_) | Plain::UnitPrice(_) => return Err(Forbidden::Budget),
            Plain::Transfer { from, .. } if from != self.wallet => return Err(Forbidden::From(from)),
            Plain::Transfer { to, lamports, .. } if to == self.own_wrapped => {
                self.wrapped = self.wrapped.saturating_add(lamports);
            }
            Plain::Transfer { to, lamports, .. } => self.tip(to, Lamports(lamports), last)?,
            Plain::OpenAccount { payer, account, owner, mint, token_program } => {
                if payer != self.wallet || owner != self.wallet {
                    return Err(Forbidden::TokenAccount(account));
                }
                let wrapped = mint == WRAPPED_SOL && token_program == TOKEN;
                let token = mint == self.order.mint.0 && [TOKEN, TOKEN_2022].contains(&token_program);
                if !wrapped && !token {
                    return Err(Forbidden::Mint(mint));
                }
                if account != associated_token(&owner, &mint, &token_program) {
                    return Err(Forbidden::TokenAccount(account));
                }
            }
            Plain::SyncNative { account } => self.own_wrapped(account)?,
            Plain::CloseAccount { account, to, owner, .. } => {
                self.own_wrapped(account)?;
                if to != self.wallet || owner != self.wallet {
                    return Err(Forbidden::TokenAccount(account));
                }
            }
        }
        Ok(())
    }

    fn own_wrapped(&self, account: Pubkey) -> Result<(), Forbidden> {
        if account == self.own_wrapped { Ok(()) } else { Err(Forbidden::TokenAccount(account)) }
    }

    fn tip(&self, to: Pubkey, tip: Lamports, last: bool) -> Result<(), Forbidden> {
        if !TIP_ACCOUNTS.contains(&to) {
            return Err(Forbidden::Stranger { to, lamports: tip });
        }
        // One that is not the last could be followed by a second one.
        if !last {
            return Err(Forbidden::TipNotLast);
        }
        let allowed = self.order.tip.min(self.cap());
        if tip > allowed { Err(Forbidden::Tip { tip, allowed }) } else { Ok(()) }
    }

    fn trade(&mut self, program: Program, step: &Step<'_>) -> Result<(), Forbidden> {
        let unknown = Forbidden::Instruction(step.program);
        let shape = shape(program, step.data).ok_or(unknown.clone())?;
        let listed = TRADES.iter().find(|(of, name, _)| *of == program && *name == shape.name);
        let (_, _, side) = listed.ok_or(unknown.clone())?;
        let ([_, amount, bound], []) = step.data.as_chunks::<8>() else { return Err(unknown) };
        self.trades += 1;
        self.on_pool = program == Program::PumpSwap;
        self.amounts(*side, u64::from_le_bytes(*amount), u64::from_le_bytes(*bound))?;
        let mut token_program = None;
        let mut own_token = None;
        let (mut user, mut mint) = (None, None);
        for (role, key) in shape.roles(step.accounts.len()).zip(&step.accounts) {
            match role.name {
                "remaining" => return Err(unknown),
                "user" if *key != self.wallet => return Err(Forbidden::User(*key)),
                "user" => user = Some(key),
                "mint" | "base_mint" if *key != self.order.mint.0 => return Err(Forbidden::Mint(*key)),
                "mint" | "base_mint" => mint = Some(key),
                "quote_mint" if *key != WRAPPED_SOL => return Err(Forbidden::Mint(*key)),
                "associated_quote_user" | "user_quote_token_account" => self.own_wrapped(*key)?,
                "token_program" | "base_token_program" => token_program = Some(key),
                "associated_user" | "associated_base_user" | "user_base_token_account" => {
                    own_token = Some(key);
                }
                // The wallet signs the whole message: nobody else's place may be its.
                _ if *key == self.wallet => return Err(Forbidden::User(*key)),
                _ => {}
            }
        }
        let (Some(_), Some(mint), Some(token_program), Some(own_token)) =
            (user, mint, token_program, own_token)
        else {
            return Err(unknown);
        };
        let known = [TOKEN, TOKEN_2022].contains(token_program);
        if !known || *own_token != associated_token(&self.wallet, mint, token_program) {
            return Err(Forbidden::TokenAccount(*own_token));
        }
        Ok(())
    }

    fn amounts(&self, side: Side, amount: u64, bound: u64) -> Result<(), Forbidden> {
        let (ordered, ordered_bound) = match self.order.swap {
            Swap::Buy { spend, min_tokens } => (spend.0, min_tokens.0),
            Swap::Sell { tokens, min_lamports } => (tokens.0, min_lamports.0),
            Swap::Close | Swap::Withdraw { .. } => return Err(Forbidden::Trades(1)),
        };
        if side != self.order.swap.side() {
            return Err(Forbidden::Side);
        }
        if amount != ordered {
            return Err(Forbidden::Amount { found: amount, ordered });
        }
        if bound != ordered_bound {
            return Err(Forbidden::Bound { found: bound, ordered: ordered_bound });
        }
        if bound == 0 {
            return Err(Forbidden::NoBound);
        }
        if amount == 0 {
            return Err(Forbidden::Nothing(TokenAmount(amount)));
        }
        if side == Side::Buy && amount > self.limits.spend.0 {
            return Err(Forbidden::Spend { spend: Lamports(amount), limit: self.limits.spend });
        }
        Ok(())
    }

    /// What only the whole message shows.
    fn whole(self) -> Result<(), Forbidden> {
        if self.trades != 1 {
            return Err(Forbidden::Trades(self.trades));
        }
        self.budget.within(self.order.priority.min(self.cap()))?;
        let allowed = match self.order.swap {
            Swap::Buy { spend, .. } if self.on_pool => spend,
            Swap::Buy { .. } | Swap::Sell { .. } | Swap::Close | Swap::Withdraw { .. } => Lamports::ZERO,
        };
        let wrapped = Lamports(self.wrapped);
        if wrapped > allowed { Err(Forbidden::Wrapped { wrapped, allowed }) } else { Ok(()) }
    }
}
