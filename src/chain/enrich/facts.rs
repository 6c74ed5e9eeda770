//! Facts about tokens, read from the chain: from one account, or from several read together.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use momentum_core::event::{CurveFacts, MintFacts};
use momentum_core::ids::{Mint, PoolId, Pubkey, Slot, Wallet};
use momentum_core::quotes::{Pool as Reserves, Schedules};
use momentum_core::units::TokenAmount;
use momentum_pump::accounts::{
    BondingCurve, FeeConfig, Global, Pool, read_metaplex_metadata, read_mint, read_mint_metadata,
    read_token_account,
};
use momentum_pump::address::{bonding_curve, canonical_pool, metadata};
use momentum_pump::layout::Malformed;
use momentum_pump::programs::{
    AMM_FEE_CONFIG, FEE_CONFIG, GLOBAL, INCINERATOR, METADATA, PUMP, PUMP_AMM, PUMP_FEES, SYSTEM, TOKEN_2022,
};
use solana_commitment_config::CommitmentConfig;

use crate::endpoints::{Account, Failure, Rpc};

/// Why a fact could not be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unread {
    /// No endpoint answered.
    #[error(transparent)]
    Rpc(#[from] Failure),
    /// The account is not there (yet).
    #[error("the account of {0} is not there")]
    NotThere(&'static str),
    /// It belongs to another program than it should.
    #[error("the account of {0} belongs to another program")]
    Foreign(&'static str),
    /// Its bytes are not what they should be.
    #[error("the account of {what} cannot be read: {why}")]
    Malformed {
        /// Which.
        what: &'static str,
        /// Why.
        why: Malformed,
    },
}

type Read<T> = Result<(Slot, T), Unread>;

/// Accounts that were read together.
struct Accounts {
    slot: Slot,
    found: Vec<Option<Account>>,
}

impl Accounts {
    async fn read(rpc: &Rpc, keys: &[Pubkey]) -> Result<Self, Failure> {
        let (slot, found) = rpc.accounts(keys).await?;
        Ok(Self { slot, found })
    }

    /// The data of one of them, which must belong to `owner`.
    fn data(&self, nth: usize, what: &'static str, owner: &Pubkey) -> Result<&[u8], Unread> {
        let account = self.get(nth, what)?;
        if account.owner == *owner { Ok(&account.data) } else { Err(Unread::Foreign(what)) }
    }

    fn get(&self, nth: usize, what: &'static str) -> Result<&Account, Unread> {
        self.found.get(nth).and_then(Option::as_ref).ok_or(Unread::NotThere(what))
    }
}

fn malformed(what: &'static str) -> impl Fn(Malformed) -> Unread {
    move |why| Unread::Malformed { what, why }
}

/// Authorities, extensions and supply.
pub(super) async fn mint(rpc: &Rpc, mint: &Mint) -> Read<MintFacts> {
    let accounts = Accounts::read(rpc, &[mint.0]).await?;
    let account = accounts.get(0, "the mint")?;
    let read = read_mint(&account.owner, &account.data).map_err(malformed("the mint"))?;
    Ok((accounts.slot, read.facts))
}

/// The bonding curve.
pub(super) async fn curve(rpc: &Rpc, mint: &Mint) -> Read<CurveFacts> {
    let accounts = Accounts::read(rpc, &[bonding_curve(&mint.0)]).await?;
    let data = accounts.data(0, "the bonding curve", &PUMP)?;
    let curve = BondingCurve::from_data(data).and_then(|curve| curve.facts());
    Ok((accounts.slot, curve.map_err(malformed("the bonding curve"))?))
}

/// The pool that the token migrates to, with the reserves of its vaults: all three read together, so that they
/// are of one slot. Fees that lie in the vault for others are taken off.
pub(super) async fn pool(rpc: &Rpc, mint: &Mint) -> Read<(PoolId, Reserves)> {
    let address = canonical_pool(&mint.0);
    let vaults = {
        let accounts = Accounts::read(rpc, &[address]).await?;
        let pool =
            Pool::from_data(accounts.data(0, "the pool", &PUMP_AMM)?).map_err(malformed("the pool"))?;
        [pool.pool_base_token_account, pool.pool_quote_token_account]
    };
    let accounts = Accounts::read(rpc, &[address, vaults[0], vaults[1]]).await?;
    let pool = Pool::from_data(accounts.data(0, "the pool", &PUMP_AMM)?).map_err(malformed("the pool"))?;
    let held = |nth| {
        let vault = accounts.get(nth, "a vault of the pool")?;
        let vault = read_token_account(&vault.data).map_err(malformed("a vault of the pool"))?;
        Ok::<_, Unread>(vault.amount.0)
    };
    let reserves = pool.reserves(held(1)?, held(2)?).map_err(malformed("the pool"))?;
    let unswept = pool.protocol_fees.unwrap_or(0).saturating_add(pool.creator_fees.unwrap_or(0));
    let reserves = reserves.less_unswept(unswept).ok_or(malformed("the pool")(Malformed::Implausible))?;
    Ok((accounts.slot, (PoolId(address), reserves)))
}

/// The owners of the largest token accounts, largest first; one owner's accounts are added up. Curve, pool and
/// what is burnt are no holders. True of the older of the two readings that it takes.
pub(super) async fn holders(rpc: &Rpc, mint: &Mint) -> Read<Vec<(Wallet, TokenAmount)>> {
    let key = mint.0.0.into();
    let asking = rpc.client().get_token_largest_accounts_with_commitment(&key, CommitmentConfig::confirmed());
    let largest = asking.await.map_err(Failure::from)?;
    let keys: Vec<Pubkey> = largest
        .value
        .iter()
        .map(|account| account.address.parse().map_err(|_| Failure::Garbage))
        .collect::<Result<_, Failure>>()?;
    let accounts = Accounts::read(rpc, &keys).await?;
    let nobody = [bonding_curve(&mint.0), canonical_pool(&mint.0), SYSTEM, INCINERATOR];
    let mut held: BTreeMap<Wallet, u64> = BTreeMap::new();
    for account in accounts.found.iter().flatten() {
        let account = read_token_account(&account.data).map_err(malformed("a holder"))?;
        if account.mint == *mint && !nobody.contains(&account.owner.0) && account.amount.0 > 0 {
            let sum = held.entry(account.owner).or_default();
            *sum = sum.saturating_add(account.amount.0);
        }
    }
    let mut holders: Vec<_> = held.into_iter().map(|(owner, amount)| (owner, TokenAmount(amount))).collect();
    // Equal ones stay in the order of their keys: all endpoints' answers read alike.
    holders.sort_by_key(|(_, amount)| Reverse(amount.0));
    Ok((accounts.slot.min(Slot(largest.context.slot)), holders))
}

/// Where the metadata are, for a token whose launch was not seen.
pub(super) async fn uri(rpc: &Rpc, mint: &Mint) -> Result<String, Unread> {
    let accounts = Accounts::read(rpc, &[mint.0, metadata(&mint.0)]).await?;
    let account = accounts.get(0, "the mint")?;
    if account.owner == TOKEN_2022
        && let Some(found) = read_mint_metadata(&account.data).map_err(malformed("the mint"))?
    {
        return Ok(found.uri);
    }
    let data = accounts.data(1, "the metadata", &METADATA)?;
    Ok(read_metaplex_metadata(data).map_err(malformed("the metadata"))?.uri)
}

/// The fee schedules of curves and pools.
pub(super) async fn schedules(rpc: &Rpc) -> Read<Schedules> {
    let accounts = Accounts::read(rpc, &[FEE_CONFIG, AMM_FEE_CONFIG, GLOBAL]).await?;
    let schedule = |nth| {
        let data = accounts.data(nth, "a fee schedule", &PUMP_FEES)?;
        FeeConfig::from_data(data).and_then(|fees| fees.schedule()).map_err(malformed("a fee schedule"))
    };
    let global = Global::from_data(accounts.data(2, "pump's settings", &PUMP)?);
    let global = global.map_err(malformed("pump's settings"))?;
    let creator_fee_configurable = global.creator_fee_configurable.unwrap_or(false);
    Ok((accounts.slot, Schedules { curve: schedule(0)?, pool: schedule(1)?, creator_fee_configurable }))
}
