//! Token accounts that could give their rent back, and the orders that close them.

use futures_util::StreamExt;
use futures_util::stream;
use momentum_core::action::Order;
use momentum_core::ids::{Mint, Pubkey, Wallet};
use momentum_core::units::{Lamports, TokenAmount};
use momentum_pump::accounts::read_token_account;
use momentum_pump::address::associated_token;
use momentum_pump::programs::{TOKEN, TOKEN_2022, WRAPPED_SOL};

use super::{Done, Executor, blockhash_or_newest};
use crate::endpoints::{Account, Blockhash, Failure, Rpc};
use crate::trade::close;

/// Simulations that are asked for at once.
const AT_ONCE: usize = 4;

/// A token account of a wallet of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenAccount {
    /// Its address.
    pub address: Pubkey,
    /// Whose it is.
    pub wallet: Wallet,
    /// The token.
    pub mint: Mint,
    /// Its token program.
    pub program: Pubkey,
    /// What it holds.
    pub tokens: TokenAmount,
    /// What is locked in it: all of it comes back when it is closed.
    pub lamports: Lamports,
    /// Why it cannot be closed; none, where a simulation closed it.
    pub stays: Option<String>,
}

impl TokenAccount {
    fn read(wallet: Wallet, program: Pubkey, address: Pubkey, account: &Account) -> Result<Self, Failure> {
        let held = read_token_account(&account.data).map_err(|_| Failure::Garbage)?;
        let (mint, tokens, lamports) = (held.mint, held.amount, Lamports(account.lamports));
        let stays = if mint.0 == WRAPPED_SOL {
            Some("wrapped SOL is money: the next trade on a pool unwraps it".to_owned())
        } else if tokens > TokenAmount::ZERO {
            Some(format!("{tokens} tokens are in it: sell or burn them, then give the command again"))
        } else if address != associated_token(&wallet.0, &mint.0, &program) {
            Some("it is not at the address where trades keep their tokens: another hand made it".to_owned())
        } else {
            None
        };
        Ok(Self { address, wallet, mint, program, tokens, lamports, stays })
    }

    /// Closes it in a simulation: who may close it, and what else its program asks for, only that can tell.
    async fn tried(mut self, rpc: &Rpc, priority: Lamports) -> Self {
        if self.stays.is_some() {
            return self;
        }
        let message = close(self.wallet, self.mint, self.program, priority, &[0; 32]);
        self.stays = match message {
            Err(why) => Some(why.to_string()),
            Ok(message) => match rpc.simulate(&message.unsigned()).await {
                Ok(simulated) => {
                    simulated.succeeded().err().map(|why| format!("its program would not close it: {why}"))
                }
                Err(why) => Some(format!("whether it can be closed is not known: {why}")),
            },
        };
        self
    }
}

/// All token accounts of these wallets, by wallet and token, and whether each can be closed at this priority fee.
///
/// # Errors
/// Where no endpoint answers in time, or with garbage.
pub async fn token_accounts(
    rpc: &Rpc,
    wallets: Vec<Wallet>,
    priority: Lamports,
) -> Result<Vec<TokenAccount>, Failure> {
    let mut found = Vec::new();
    for wallet in wallets {
        for program in [TOKEN, TOKEN_2022] {
            for (address, account) in rpc.token_accounts(&wallet.0, &program).await? {
                found.push(TokenAccount::read(wallet, program, address, &account)?);
            }
        }
    }
    found.sort_unstable_by_key(|account| (account.wallet, account.mint, account.address));
    let tried = stream::iter(found).map(|account| account.tried(rpc, priority));
    Ok(tried.buffered(AT_ONCE).collect().await)
}

impl Executor {
    /// Reads the account that an order closes: what is in it must be of now.
    pub(super) fn read_account(&mut self, order: Box<Order>) {
        let (rpc, blockhash) = (self.rpc.clone(), self.blockhashes.fresh(self.keys.blockhash_age_max));
        self.under_way.push(Box::pin(async move {
            let found = emptied(&rpc, &order, blockhash).await;
            Done::Emptied(order, found)
        }));
    }

    /// Takes what was read, and signs.
    pub(super) async fn emptied(&mut self, order: Order, found: Result<(Pubkey, Blockhash), String>) {
        if self.unsigned.contains(&order.attempt) {
            let made =
                found.and_then(|(program, blockhash)| self.workshop.close(&order, program, &blockhash));
            self.made(order, made).await;
        }
    }
}

/// The program of the order's account, once that is empty, and a blockhash.
async fn emptied(
    rpc: &Rpc,
    order: &Order,
    blockhash: Option<Blockhash>,
) -> Result<(Pubkey, Blockhash), String> {
    let programs = [TOKEN, TOKEN_2022];
    let keys = programs.map(|program| associated_token(&order.wallet.0, &order.mint.0, &program));
    let (_, accounts) = rpc.accounts(&keys).await.map_err(|why| why.to_string())?;
    let there = programs.into_iter().zip(accounts).find_map(|(program, account)| Some((program, account?)));
    let (program, account) = there.ok_or("the wallet has no account of the token")?;
    let held = read_token_account(&account.data).map_err(|_| "its account cannot be read")?;
    if held.amount > TokenAmount::ZERO {
        return Err(format!("{} tokens are in its account", held.amount));
    }
    Ok((program, blockhash_or_newest(rpc, blockhash).await?))
}
