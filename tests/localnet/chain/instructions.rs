//! What a wallet's transactions hold beside the programs' own instructions, and the transaction around them.

use momentum_core::ids::Pubkey;
use momentum_pump::address::associated_token;
use momentum_pump::instructions::{AccountMeta, Instruction};
use momentum_pump::programs::{ASSOCIATED_TOKEN, SYSTEM, TOKEN, WRAPPED_SOL};
use solana_sdk::hash::Hash;
use solana_sdk::instruction::{AccountMeta as TheirMeta, Instruction as TheirInstruction};
use solana_sdk::message::{VersionedMessage, v0};
use solana_sdk::signer::keypair::Keypair;
use solana_sdk::transaction::VersionedTransaction;

use super::state::address;

const COMPUTE_BUDGET: Pubkey = Pubkey(
    bs58::decode("ComputeBudget111111111111111111111111111111".as_bytes()).into_array_const_unwrap::<32>(),
);

const fn meta(key: Pubkey, signer: bool, writable: bool) -> AccountMeta {
    AccountMeta { key, signer, writable }
}

/// The most compute units that the transaction may take.
pub(crate) fn unit_limit(units: u32) -> Instruction {
    Instruction {
        program: COMPUTE_BUDGET,
        accounts: Vec::new(),
        data: [&[2][..], &units.to_le_bytes()].concat(),
    }
}

/// What the transaction pays per compute unit, in millionths of a lamport.
pub(crate) fn unit_price(micro_lamports: u64) -> Instruction {
    let data = [&[3][..], &micro_lamports.to_le_bytes()].concat();
    Instruction { program: COMPUTE_BUDGET, accounts: Vec::new(), data }
}

/// Makes the token account that an owner has by convention, unless it is there.
pub(crate) fn open_account(payer: Pubkey, owner: Pubkey, mint: Pubkey, token_program: Pubkey) -> Instruction {
    let accounts = vec![
        meta(payer, true, true),
        meta(associated_token(&owner, &mint, &token_program), false, true),
        meta(owner, false, false),
        meta(mint, false, false),
        meta(SYSTEM, false, false),
        meta(token_program, false, false),
    ];
    Instruction { program: ASSOCIATED_TOKEN, accounts, data: vec![1] }
}

/// Moves lamports.
pub(crate) fn transfer(from: Pubkey, to: Pubkey, lamports: u64) -> Instruction {
    let data = [&2_u32.to_le_bytes()[..], &lamports.to_le_bytes()].concat();
    Instruction { program: SYSTEM, accounts: vec![meta(from, true, true), meta(to, false, true)], data }
}

/// Puts lamports into a wallet's account of wrapped SOL, which it opens.
pub(crate) fn wrap(owner: Pubkey, lamports: u64) -> [Instruction; 3] {
    let account = associated_token(&owner, &WRAPPED_SOL, &TOKEN);
    let sync = Instruction { program: TOKEN, accounts: vec![meta(account, false, true)], data: vec![17] };
    [open_account(owner, owner, WRAPPED_SOL, TOKEN), transfer(owner, account, lamports), sync]
}

/// Closes a wallet's account of wrapped SOL: all that it holds is SOL again.
pub(crate) fn unwrap(owner: Pubkey) -> Instruction {
    let account = associated_token(&owner, &WRAPPED_SOL, &TOKEN);
    let accounts = vec![meta(account, false, true), meta(owner, false, true), meta(owner, true, false)];
    Instruction { program: TOKEN, accounts, data: vec![9] }
}

/// Moves tokens from one account to another.
pub(crate) fn give(
    token_program: Pubkey,
    from: Pubkey,
    to: Pubkey,
    owner: Pubkey,
    amount: u64,
) -> Instruction {
    let accounts = vec![meta(from, false, true), meta(to, false, true), meta(owner, true, false)];
    Instruction { program: token_program, accounts, data: [&[3][..], &amount.to_le_bytes()].concat() }
}

/// A signed transaction of these instructions, which the first signer pays.
pub(crate) fn signed(
    instructions: &[Instruction],
    signers: &[&Keypair],
    blockhash: [u8; 32],
) -> VersionedTransaction {
    use solana_sdk::signer::Signer;
    let payer = signers.first().map(|signer| signer.pubkey()).unwrap_or_default();
    let theirs: Vec<_> = instructions.iter().map(theirs).collect();
    let message = v0::Message::try_compile(&payer, &theirs, &[], Hash::new_from_array(blockhash)).unwrap();
    VersionedTransaction::try_new(VersionedMessage::V0(message), signers).unwrap()
}

fn theirs(instruction: &Instruction) -> TheirInstruction {
    let accounts = instruction.accounts.iter().map(|account| TheirMeta {
        pubkey: address(&account.key),
        is_signer: account.signer,
        is_writable: account.writable,
    });
    TheirInstruction {
        program_id: address(&instruction.program),
        accounts: accounts.collect(),
        data: instruction.data.clone(),
    }
}
