//! A wallet of the chain's own market: it launches coins, buys and sells them by every kind of instruction,
//! completes their curves and migrates them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use momentum_core::event::CurveFacts;
use momentum_core::ids::{Pubkey, Signature};
use momentum_core::quotes::Pool;
use momentum_pump::accounts::{self, BondingCurve, read_token_account};
use momentum_pump::address::{associated_token, bonding_curve, canonical_pool};
use momentum_pump::instructions::{
    AmmBuyExactQuoteInV2, AmmSellV2, Buy, BuyExactQuoteInV2, BuyExactQuoteInV3, Create, CreateV2,
    Instruction, MigrateV2, Parties, Sell, SellV2, SellV3,
};
use momentum_pump::programs::{SYSTEM, TOKEN, TOKEN_2022, WRAPPED_SOL};
use sha2::{Digest, Sha256};
use solana_sdk::signer::Signer;
use solana_sdk::signer::keypair::Keypair;
use solana_sdk::transaction::VersionedTransaction;

use super::genesis::{BUYBACK, FEE_RECIPIENT, MAYHEM_FEE_RECIPIENT, SOL};
use super::instructions::{give, open_account, signed, transfer, unit_limit, unit_price, unwrap, wrap};
use super::send::{Fate, name};
use super::state::State;
use super::{Chain, Landed};

/// Lamports that an agent begins with.
const FUNDS: u64 = 1_000 * SOL;
/// More than any instruction here takes.
const UNITS: u32 = 500_000;

/// By which instructions a trade on the curve is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Way {
    /// Version 3: fees stay on the curve.
    #[default]
    V3,
    /// Version 2: what cashback coins need.
    V2,
    /// The first instructions.
    Legacy,
}

/// A coin that an agent launches.
#[derive(Clone, Debug)]
pub struct Coin {
    /// Its name.
    pub name: String,
    /// Its symbol.
    pub symbol: String,
    /// Where its metadata are.
    pub uri: String,
    /// By `create`, as an SPL token, instead of by `create_v2`.
    pub legacy: bool,
    /// Asks `create_v2` for cashback, which it no longer gives.
    pub cashback: bool,
}

impl Default for Coin {
    fn default() -> Self {
        let text = str::to_owned;
        Self {
            name: text("Coin"),
            symbol: text("COIN"),
            uri: text("https://example.invalid/coin"),
            legacy: false,
            cashback: false,
        }
    }
}

/// An agent. All that it does is queued for the next slot.
pub struct Agent {
    chain: Chain,
    wallet: Keypair,
    number: u64,
    launched: AtomicU64,
    sent: AtomicU64,
}

impl Agent {
    pub(super) fn new(chain: Chain, number: u64) -> Self {
        let wallet = keypair(chain.state().options.seed, "agent", number);
        let agent = Self { chain, wallet, number, launched: AtomicU64::new(0), sent: AtomicU64::new(0) };
        agent.chain.fund(&agent.address(), FUNDS);
        agent
    }

    /// Its address.
    #[must_use]
    pub fn address(&self) -> Pubkey {
        Pubkey(self.wallet.pubkey().to_bytes())
    }

    /// Its key, as key files hold it.
    #[must_use]
    pub fn key(&self) -> [u8; 64] {
        self.wallet.to_bytes()
    }

    /// Queues a transaction of these instructions. Nothing but the programs checks it.
    pub fn submit(&self, instructions: &[Instruction]) -> Signature {
        self.submit_with(instructions, &[])
    }

    /// The bytes of a transaction of these instructions, signed, as a wallet sends them.
    #[must_use]
    pub fn signed(&self, instructions: &[Instruction]) -> Vec<u8> {
        let state = self.chain.state();
        bincode::serialize(&self.made(instructions, &[], &state)).unwrap()
    }

    /// The name of a transaction out of its bytes.
    #[must_use]
    pub fn name_of(&self, raw: &[u8]) -> Signature {
        State::read(raw).map(|transaction| name(&transaction)).unwrap_or_default()
    }

    /// Moves lamports of its own.
    #[must_use]
    pub fn lamports_to(&self, to: &Pubkey, lamports: u64) -> Instruction {
        transfer(self.address(), *to, lamports)
    }

    fn made(&self, instructions: &[Instruction], others: &[&Keypair], state: &State) -> VersionedTransaction {
        // A price that counts up: the same trade twice in a slot is two transactions.
        let nth = self.sent.fetch_add(1, Ordering::Relaxed) + 1;
        let mut all = vec![unit_limit(UNITS), unit_price(state.price + nth)];
        all.extend_from_slice(instructions);
        let signers: Vec<&Keypair> = std::iter::once(&self.wallet).chain(others.iter().copied()).collect();
        signed(&all, &signers, state.hashes.newest().0)
    }

    fn submit_with(&self, instructions: &[Instruction], others: &[&Keypair]) -> Signature {
        let mut state = self.chain.state();
        let transaction = self.made(instructions, others, &state);
        let (name, raw) = (name(&transaction), bincode::serialize(&transaction).unwrap());
        state.enqueue(transaction, raw, Fate::Lands);
        name
    }

    /// Makes a slot and tells what became of a transaction in it.
    ///
    /// # Panics
    /// Where it did not land.
    pub fn done(&self, name: Signature) -> Arc<Landed> {
        self.chain.step();
        self.chain.landed(&name).unwrap_or_else(|| panic!("{name} did not land"))
    }

    /// Launches a coin. Returns its mint.
    pub fn launch(&self, coin: &Coin) -> (Pubkey, Signature) {
        let nth = self.launched.fetch_add(1, Ordering::Relaxed) + 1;
        let seed = self.chain.state().options.seed;
        let mint_key = keypair(seed, "mint", self.number << 32 | nth);
        let mint = Pubkey(mint_key.pubkey().to_bytes());
        let token_program = if coin.legacy { TOKEN } else { TOKEN_2022 };
        let parties = self.parties_of(mint, token_program, self.address(), false, false);
        let Coin { name, symbol, uri, legacy, cashback } = coin;
        let instruction = if *legacy {
            Create { name, symbol, uri, creator: Some(self.address()), trailing: &[] }.instruction(&parties)
        } else {
            let create = CreateV2 {
                name,
                symbol,
                uri,
                creator: self.address(),
                is_mayhem_mode: false,
                is_cashback_enabled: cashback.then_some(true),
                creator_fee_bps: None,
                is_holder_reward: None,
                trailing: &[],
            };
            create.instruction(&parties)
        };
        (mint, self.submit_with(&[instruction.unwrap()], &[&mint_key]))
    }

    /// Buys on the curve for at most `spend` lamports, fees included.
    pub fn buy(&self, mint: &Pubkey, spend: u64, way: Way) -> Signature {
        let parties = self.parties(mint);
        let open = open_account(parties.user, parties.user, *mint, parties.token_program);
        let trade = match way {
            Way::V3 => BuyExactQuoteInV3 {
                spendable_quote_in: spend,
                min_tokens_out: 1,
                partial_fill: None,
                trailing: &[],
            }
            .instruction(&parties),
            Way::V2 => BuyExactQuoteInV2 {
                spendable_quote_in: spend,
                min_tokens_out: 1,
                partial_fill: None,
                trailing: &[],
            }
            .instruction(&parties),
            Way::Legacy => {
                let buy = momentum_pump::instructions::BuyExactSolIn {
                    spendable_sol_in: spend,
                    min_tokens_out: 1,
                    track_volume: None,
                    partial_fill: None,
                    trailing: &[],
                };
                buy.instruction(&parties)
            }
        };
        self.submit(&[open, trade.unwrap()])
    }

    /// Buys exactly so many tokens by the first instruction of all, whatever they cost.
    pub fn buy_tokens(&self, mint: &Pubkey, tokens: u64) -> Signature {
        let parties = self.parties(mint);
        let open = open_account(parties.user, parties.user, *mint, parties.token_program);
        let most = 200 * SOL;
        let buy =
            Buy { amount: tokens, max_sol_cost: most, track_volume: None, partial_fill: None, trailing: &[] };
        self.submit(&[open, buy.instruction(&parties).unwrap()])
    }

    /// Sells so many tokens on the curve.
    pub fn sell(&self, mint: &Pubkey, tokens: u64, way: Way) -> Signature {
        let parties = self.parties(mint);
        let (amount, min_sol_output, trailing) = (tokens, 0, &[][..]);
        let trade = match way {
            Way::V3 => SellV3 { amount, min_sol_output, trailing }.instruction(&parties),
            Way::V2 => SellV2 { amount, min_sol_output, trailing }.instruction(&parties),
            Way::Legacy => Sell { amount, min_sol_output, trailing }.instruction(&parties),
        };
        self.submit(&[trade.unwrap()])
    }

    /// Moves a complete coin to its pool.
    pub fn migrate(&self, mint: &Pubkey) -> Signature {
        let instruction = MigrateV2 { trailing: &[] }.instruction(&self.parties(mint));
        self.submit(&[instruction.unwrap()])
    }

    /// Buys on the pool for at most `spend` lamports, fees included.
    pub fn buy_on_pool(&self, mint: &Pubkey, spend: u64) -> Signature {
        let parties = self.parties(mint);
        let buy = AmmBuyExactQuoteInV2 { spendable_quote_in: spend, min_base_amount_out: 1, trailing: &[] };
        let mut all = wrap(parties.user, spend).to_vec();
        all.push(open_account(parties.user, parties.user, *mint, parties.token_program));
        all.push(buy.instruction(&parties).unwrap());
        all.push(unwrap(parties.user));
        self.submit(&all)
    }

    /// Sells so many tokens on the pool.
    pub fn sell_on_pool(&self, mint: &Pubkey, tokens: u64) -> Signature {
        let parties = self.parties(mint);
        let sell = AmmSellV2 { base_amount_in: tokens, min_quote_amount_out: 0, trailing: &[] };
        let open = open_account(parties.user, parties.user, WRAPPED_SOL, TOKEN);
        self.submit(&[open, sell.instruction(&parties).unwrap(), unwrap(parties.user)])
    }

    /// Gives tokens to somebody, whose account it opens: dust and spam come so.
    pub fn give_tokens(&self, mint: &Pubkey, to: &Pubkey, tokens: u64) -> Signature {
        let program = self.parties(mint).token_program;
        let account = |owner: &Pubkey| associated_token(owner, mint, &program);
        let (from, into) = (account(&self.address()), account(to));
        let open = open_account(self.address(), *to, *mint, program);
        self.submit(&[open, give(program, from, into, self.address(), tokens)])
    }

    /// Gives lamports to somebody.
    pub fn give_lamports(&self, to: &Pubkey, lamports: u64) -> Signature {
        self.submit(&[self.lamports_to(to, lamports)])
    }

    /// The newest instructions that a coin on its curve takes.
    #[must_use]
    pub fn way(&self, mint: &Pubkey) -> Way {
        if self.parties(mint).cashback { Way::V2 } else { Way::V3 }
    }

    /// What it holds of a coin, in base units.
    #[must_use]
    pub fn tokens(&self, mint: &Pubkey) -> u64 {
        self.chain.tokens(&self.address(), mint)
    }

    fn parties(&self, mint: &Pubkey) -> Parties {
        let token_program = self.chain.account(mint).map_or(TOKEN_2022, |account| account.owner);
        let account = self.chain.account(&bonding_curve(mint)).unwrap_or_default();
        let curve = BondingCurve::from_data(&account.data).ok();
        let flag = |of: fn(&BondingCurve<'_>) -> Option<bool>| curve.as_ref().and_then(of).unwrap_or(false);
        let creator = curve.as_ref().and_then(|curve| curve.creator).unwrap_or_default();
        let (cashback, mayhem) = (flag(|curve| curve.is_cashback_coin), flag(|curve| curve.is_mayhem_mode));
        self.parties_of(*mint, token_program, creator, cashback, mayhem)
    }

    fn parties_of(
        &self,
        mint: Pubkey,
        token_program: Pubkey,
        creator: Pubkey,
        cashback: bool,
        mayhem: bool,
    ) -> Parties {
        Parties {
            user: self.address(),
            mint,
            token_program,
            quote_mint: SYSTEM,
            quote_token_program: TOKEN,
            creator,
            cashback,
            fee_recipient: if mayhem { MAYHEM_FEE_RECIPIENT } else { FEE_RECIPIENT },
            buyback_fee_recipient: Pubkey(BUYBACK[0]),
            pool: None,
        }
    }
}

/// A key that follows from a seed.
fn keypair(seed: u64, kind: &str, number: u64) -> Keypair {
    let hash = Sha256::new().chain_update(seed.to_le_bytes()).chain_update(kind);
    Keypair::new_from_array(hash.chain_update(number.to_le_bytes()).finalize().into())
}

impl Chain {
    /// What a wallet holds of a coin in the account that it has by convention.
    #[must_use]
    pub fn tokens(&self, owner: &Pubkey, mint: &Pubkey) -> u64 {
        let program = self.account(mint).map_or(TOKEN_2022, |account| account.owner);
        self.held_by(&associated_token(owner, mint, &program))
    }

    fn held_by(&self, account: &Pubkey) -> u64 {
        let account = self.account(account).unwrap_or_default();
        read_token_account(&account.data).map_or(0, |read| read.amount.0)
    }

    /// A coin's curve as it is now.
    #[must_use]
    pub fn curve(&self, mint: &Pubkey) -> Option<CurveFacts> {
        let account = self.account(&bonding_curve(mint))?;
        BondingCurve::from_data(&account.data).ok()?.facts().ok()
    }

    /// The bytes of a coin's curve account as they are now.
    #[must_use]
    pub fn curve_bytes(&self, mint: &Pubkey) -> Vec<u8> {
        self.account(&bonding_curve(mint)).unwrap_or_default().data
    }

    /// The reserves of a coin's pool as they are now.
    #[must_use]
    pub fn pool(&self, mint: &Pubkey) -> Option<Pool> {
        let account = self.account(&canonical_pool(mint))?;
        let pool = accounts::Pool::from_data(&account.data).ok()?;
        let [base, quote] = [pool.pool_base_token_account, pool.pool_quote_token_account];
        let unswept = pool.protocol_fees.unwrap_or(0) + pool.creator_fees.unwrap_or(0);
        pool.reserves(self.held_by(&base), self.held_by(&quote)).ok()?.less_unswept(unswept)
    }
}
