//! The few instructions of Solana's own programs that a trade needs: one list for building them and for
//! recognising them, so that what the signer lets pass is exactly what is built.

use momentum_core::ids::Pubkey;

use super::{AccountMeta, Instruction};
use crate::programs::{ASSOCIATED_TOKEN, COMPUTE_BUDGET, SYSTEM, TOKEN, TOKEN_2022};

/// An instruction of a program that is not pump.fun's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plain {
    /// The most compute units that the transaction may use.
    UnitLimit(u32),
    /// What each of them costs, in millionths of a lamport.
    UnitPrice(u64),
    /// Lamports from one account to another.
    Transfer {
        /// Who pays, and signs.
        from: Pubkey,
        /// Who gets them.
        to: Pubkey,
        /// How many.
        lamports: u64,
    },
    /// Opens the token account that `owner` has by convention, if it is not open yet.
    OpenAccount {
        /// Who pays its rent, and signs.
        payer: Pubkey,
        /// The account.
        account: Pubkey,
        /// Whose it will be.
        owner: Pubkey,
        /// The token.
        mint: Pubkey,
        /// The token's program.
        token_program: Pubkey,
    },
    /// What a wrapped-SOL account holds in lamports becomes its balance.
    SyncNative {
        /// The account.
        account: Pubkey,
    },
    /// Closes a token account, which must be empty; a wrapped-SOL account's balance goes along with its rent.
    CloseAccount {
        /// The program whose account it is: SPL Token or Token-2022.
        token_program: Pubkey,
        /// The account.
        account: Pubkey,
        /// Who gets its lamports.
        to: Pubkey,
        /// Whose it is, and who signs.
        owner: Pubkey,
    },
}

const fn meta(key: Pubkey, signer: bool, writable: bool) -> AccountMeta {
    AccountMeta { key, signer, writable }
}

impl Plain {
    /// The instruction as it is sent.
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        let (program, accounts, data) = match *self {
            Self::UnitLimit(units) => (COMPUTE_BUDGET, vec![], [&[2][..], &units.to_le_bytes()].concat()),
            Self::UnitPrice(price) => (COMPUTE_BUDGET, vec![], [&[3][..], &price.to_le_bytes()].concat()),
            Self::Transfer { from, to, lamports } => (
                SYSTEM,
                vec![meta(from, true, true), meta(to, false, true)],
                [&2_u32.to_le_bytes()[..], &lamports.to_le_bytes()].concat(),
            ),
            Self::OpenAccount { payer, account, owner, mint, token_program } => (
                ASSOCIATED_TOKEN,
                vec![
                    meta(payer, true, true),
                    meta(account, false, true),
                    meta(owner, false, false),
                    meta(mint, false, false),
                    meta(SYSTEM, false, false),
                    meta(token_program, false, false),
                ],
                vec![1],
            ),
            Self::SyncNative { account } => (TOKEN, vec![meta(account, false, true)], vec![17]),
            Self::CloseAccount { token_program, account, to, owner } => (
                token_program,
                vec![meta(account, false, true), meta(to, false, true), meta(owner, true, false)],
                vec![9],
            ),
        };
        Instruction { program, accounts, data }
    }

    /// Recognises the instruction; `None` for every other one, and for one with accounts or bytes beside those
    /// that it needs.
    #[must_use]
    pub fn read(program: &Pubkey, accounts: &[Pubkey], data: &[u8]) -> Option<Self> {
        let number = |bytes: &[u8]| bytes.try_into().map(u64::from_le_bytes).ok();
        Some(match (*program, data, accounts) {
            (COMPUTE_BUDGET, [2, units @ ..], []) => {
                Self::UnitLimit(units.try_into().map(u32::from_le_bytes).ok()?)
            }
            (COMPUTE_BUDGET, [3, price @ ..], []) => Self::UnitPrice(number(price)?),
            (SYSTEM, [2, 0, 0, 0, lamports @ ..], [from, to]) => {
                Self::Transfer { from: *from, to: *to, lamports: number(lamports)? }
            }
            (ASSOCIATED_TOKEN, [1], [payer, account, owner, mint, SYSTEM, token_program]) => {
                Self::OpenAccount {
                    payer: *payer,
                    account: *account,
                    owner: *owner,
                    mint: *mint,
                    token_program: *token_program,
                }
            }
            (TOKEN, [17], [account]) => Self::SyncNative { account: *account },
            (token_program @ (TOKEN | TOKEN_2022), [9], [account, to, owner]) => {
                Self::CloseAccount { token_program, account: *account, to: *to, owner: *owner }
            }
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_is_recognised_and_nothing_longer_or_shorter() {
        let key = |byte| Pubkey([byte; 32]);
        for plain in [
            Plain::UnitLimit(150_000),
            Plain::UnitPrice(1_000_000),
            Plain::Transfer { from: key(1), to: key(2), lamports: u64::MAX },
            Plain::OpenAccount {
                payer: key(1),
                account: key(2),
                owner: key(1),
                mint: key(3),
                token_program: TOKEN,
            },
            Plain::SyncNative { account: key(2) },
            Plain::CloseAccount { token_program: TOKEN, account: key(2), to: key(1), owner: key(1) },
            Plain::CloseAccount { token_program: TOKEN_2022, account: key(2), to: key(1), owner: key(1) },
        ] {
            let built = plain.instruction();
            let keys: Vec<_> = built.accounts.iter().map(|account| account.key).collect();
            assert_eq!(Plain::read(&built.program, &keys, &built.data), Some(plain));
            let longer = [&built.data[..], &[0]].concat();
            assert_eq!(Plain::read(&built.program, &keys, &longer), None, "{plain:?}");
            assert_eq!(Plain::read(&built.program, &keys, &built.data[1..]), None, "{plain:?}");
            assert_eq!(Plain::read(&built.program, &[&keys[..], &[key(9)]].concat(), &built.data), None);
            assert_eq!(Plain::read(&key(9), &keys, &built.data), None);
        }
    }
}
