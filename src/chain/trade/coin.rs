//! A coin as transactions need to know it, read from its accounts together so that they are of one slot.

use momentum_core::event::Quote;
use momentum_core::ids::{Mint, PoolId, Pubkey, Slot, Wallet};
use momentum_core::quotes::{Curve, Pool as Reserves};
use momentum_pump::accounts::{BondingCurve, Pool, read_mint, read_token_account};
use momentum_pump::address::{associated_token, bonding_curve, canonical_pool};
use momentum_pump::layout::Malformed;
use momentum_pump::programs::{PUMP, PUMP_AMM, TOKEN, TOKEN_2022, WRAPPED_SOL};

use crate::endpoints::Account;

/// What of a coin a transaction needs. Its creator may change at any time: one that was read long ago fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coin {
    /// The coin.
    pub mint: Mint,
    /// Its token program.
    pub token_program: Pubkey,
    /// Who earns the creator fee on the curve; the zero key where nobody does.
    pub creator: Wallet,
    /// Whether traders get the creator fee back: the newest instructions refuse such a coin.
    pub cashback: bool,
    /// Whether it is a mayhem coin, whose fees others take.
    pub mayhem: bool,
    /// Whether its curve is sold out.
    pub complete: bool,
    /// Its curve's reserves.
    pub curve: Curve,
    /// Its pool, once it is open.
    pub pool: Option<PoolFacts>,
    /// The slot that all this is of.
    pub as_of: Slot,
}

/// What of a coin's pool a transaction needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolFacts {
    /// The pool.
    pub address: PoolId,
    /// Who earns the creator fee there.
    pub creator: Wallet,
    /// Its reserves.
    pub reserves: Reserves,
}

/// Why accounts make no coin that could be traded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Another number of accounts than was asked for.
    #[error("another number of accounts than was asked for")]
    Count,
    /// There is no such account (yet).
    #[error("its {0} does not exist")]
    Missing(&'static str),
    /// An account belongs to another program than it should.
    #[error("its {0} belongs to another program than it should")]
    Owner(&'static str),
    /// An account's data are broken.
    #[error("its {0} cannot be read: {1}")]
    Malformed(&'static str, Malformed),
    /// It is priced in something that is not SOL.
    #[error("it is not priced in SOL")]
    Quote,
}

impl Coin {
    /// The accounts that [`Self::read`] wants, in its order: mint, curve, pool, the pool's vaults (for the token
    /// one of each token program, since only the mint tells which it is).
    #[must_use]
    pub fn needs(mint: Mint) -> [Pubkey; 6] {
        let pool = canonical_pool(&mint.0);
        [
            mint.0,
            bonding_curve(&mint.0),
            pool,
            associated_token(&pool, &mint.0, &TOKEN),
            associated_token(&pool, &mint.0, &TOKEN_2022),
            associated_token(&pool, &WRAPPED_SOL, &TOKEN),
        ]
    }

    /// Reads the coin from the accounts of [`Self::needs`].
    ///
    /// # Errors
    /// Where mint or curve are missing or broken, the pool is broken, or the coin is not priced in SOL.
    pub fn read(mint: Mint, as_of: Slot, accounts: &[Option<Account>]) -> Result<Self, Unreadable> {
        let [mint_account, curve, pool, spl_vault, vault_2022, quote_vault] = accounts else {
            return Err(Unreadable::Count);
        };
        let mint_account = mint_account.as_ref().ok_or(Unreadable::Missing("mint"))?;
        let token_program = mint_account.owner;
        if token_program != TOKEN && token_program != TOKEN_2022 {
            return Err(Unreadable::Owner("mint"));
        }
        read_mint(&token_program, &mint_account.data).map_err(|why| Unreadable::Malformed("mint", why))?;
        let curve = owned(curve, &PUMP, "curve")?.ok_or(Unreadable::Missing("curve"))?;
        let of_curve = |why| Unreadable::Malformed("curve", why);
        let raw = BondingCurve::from_data(&curve.data).map_err(of_curve)?;
        let facts = raw.facts().map_err(of_curve)?;
        if facts.quote != Quote::Sol {
            return Err(Unreadable::Quote);
        }
        let base_vault = if token_program == TOKEN { spl_vault } else { vault_2022 };
        Ok(Self {
            mint,
            token_program,
            creator: facts.creator,
            cashback: raw.is_cashback_coin.unwrap_or(false),
            mayhem: facts.mayhem,
            complete: facts.complete,
            curve: facts.curve,
            pool: read_pool(mint, pool, base_vault, quote_vault, &token_program)?,
            as_of,
        })
    }
}

fn owned<'a>(
    account: &'a Option<Account>,
    owner: &Pubkey,
    name: &'static str,
) -> Result<Option<&'a Account>, Unreadable> {
    match account {
        Some(account) if account.owner != *owner => Err(Unreadable::Owner(name)),
        account => Ok(account.as_ref()),
    }
}

/// The pool; `None` where none is open. An address to which somebody sent lamports is no pool yet.
fn read_pool(
    mint: Mint,
    pool: &Option<Account>,
    base_vault: &Option<Account>,
    quote_vault: &Option<Account>,
    token_program: &Pubkey,
) -> Result<Option<PoolFacts>, Unreadable> {
    let Some(pool) = pool.as_ref().filter(|pool| pool.owner == PUMP_AMM) else { return Ok(None) };
    let of_pool = |why| Unreadable::Malformed("pool", why);
    let raw = Pool::from_data(&pool.data).map_err(of_pool)?;
    if raw.base_mint != mint.0 || raw.quote_mint != WRAPPED_SOL {
        return Err(Unreadable::Quote);
    }
    let holds = |vault, program: &Pubkey| {
        let vault = owned(vault, program, "pool's vault")?.ok_or(Unreadable::Missing("pool's vault"))?;
        let vault = read_token_account(&vault.data);
        vault.map(|vault| vault.amount.0).map_err(|why| Unreadable::Malformed("pool's vault", why))
    };
    let reserves = raw.reserves(holds(base_vault, token_program)?, holds(quote_vault, &TOKEN)?);
    // Fees that nobody swept yet lie in the vault, and are not for sale.
    let unswept = raw.protocol_fees.unwrap_or(0).saturating_add(raw.creator_fees.unwrap_or(0));
    let reserves = reserves.map_err(of_pool)?.less_unswept(unswept);
    Ok(Some(PoolFacts {
        address: PoolId(canonical_pool(&mint.0)),
        creator: Wallet(raw.coin_creator.unwrap_or_default()),
        reserves: reserves.ok_or(of_pool(Malformed::Implausible))?,
    }))
}
