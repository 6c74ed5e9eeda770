//! `momentum positions adopt`: tokens of a wallet that no position knows become one.

use clap::Args;
use momentum_control::request::Wish;
use momentum_core::codes::ErrorCode;
use momentum_core::ids::Wallet;
use momentum_core::units::{Lamports, TokenAmount};
use momentum_runtime::glance;

use super::One;
use crate::failure::Failure;
use crate::global::{Global, sol};
use crate::output::Out;
use crate::{confirm, done};

/// What to adopt.
#[derive(Args, Debug)]
pub(crate) struct Adopt {
    #[command(flatten)]
    one: One,
    /// What they cost [default: what they would bring now]
    #[arg(long, value_name = "SOL", value_parser = sol)]
    cost: Option<Lamports>,
    /// The wallet that holds them, where several do
    #[arg(long, value_name = "ADDRESS")]
    wallet: Option<Wallet>,
}

/// Runs it.
pub(crate) fn run(global: &Global, adopt: &Adopt, out: &mut Out) -> Result<(), Failure> {
    let Adopt { one, cost, wallet } = adopt;
    if !one.book.live() {
        let message = "on paper no wallet holds anything beside its positions";
        return Err(Failure::new(ErrorCode::Usage, message).hint("add --mode live"));
    }
    let bot = one.book.bot(global)?;
    let network = one.book.book(global)?.name().network;
    let held = glance::tokens(&global.settings(Vec::new())?, network, one.mint)?;
    let holds =
        |(of, tokens): &&(Wallet, TokenAmount)| tokens.0 > 0 && wallet.is_none_or(|wallet| wallet == *of);
    let holders: Vec<_> = held.iter().filter(holds).collect();
    let (wallet, tokens) = match holders[..] {
        [] => {
            let message = format!("no wallet of yours holds any of {}", one.mint);
            return Err(Failure::new(ErrorCode::NotFound, message));
        }
        [(wallet, tokens)] => (*wallet, *tokens),
        [..] => {
            let names: Vec<_> = holders.iter().map(|(wallet, _)| wallet.to_string()).collect();
            let message = format!("several wallets hold some: {}", names.join(", "));
            return Err(Failure::new(ErrorCode::Usage, message).hint("name one: --wallet ADDRESS"));
        }
    };
    confirm::yes(
        global,
        &format!("Take {tokens} tokens of {} for a position, to be sold by its rules?", one.mint),
    )?;
    let wish = Wish::Adopt { mint: one.mint, wallet, tokens, cost: *cost };
    let told = bot.command(&wish, &one.why)?;
    done::print(wish.verb(), &one.mint.to_string(), &told, out)
}
