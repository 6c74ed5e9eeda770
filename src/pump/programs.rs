//! The programs and their fixed addresses (chain.md §1, re-derived in tests where they are derived).

use momentum_core::ids::Pubkey;

const fn address(text: &str) -> Pubkey {
    Pubkey(bs58::decode(text.as_bytes()).into_array_const_unwrap::<32>())
}

macro_rules! addresses {
    ($( $(#[$doc:meta])* $name:ident = $text:literal; )*) => {
        $( $(#[$doc])* pub const $name: Pubkey = address($text); )*
    };
}

addresses! {
    /// The bonding curve program.
    PUMP = "6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P";
    /// PumpSwap.
    PUMP_AMM = "pAMMBay6oceH9fJKBRHGP5D4bD4sWpmSwMn52FMfXEA";
    /// The fee program of both.
    PUMP_FEES = "pfeeUxB6jkeY1Hxd7CsFCAjcbHA9rWtchMGdZ6VojVZ";
    /// The mayhem program.
    MAYHEM = "MAyhSmzXzV1pTf7LsNkrNwkWKTo4ougAJ1PPg47MD4e";
    /// Loads programs that can be deployed anew.
    LOADER = "BPFLoaderUpgradeab1e11111111111111111111111";
    /// SPL Token.
    TOKEN = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA";
    /// Token-2022.
    TOKEN_2022 = "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb";
    /// Associated token accounts.
    ASSOCIATED_TOKEN = "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL";
    /// Metaplex token metadata.
    METADATA = "metaqbxxUerdq28cj1RbAWkYQm3ybzjb6a8bt518x1s";
    /// The system program, and the zero key.
    SYSTEM = "11111111111111111111111111111111";
    /// Limits and prices of compute units.
    COMPUTE_BUDGET = "ComputeBudget111111111111111111111111111111";
    /// The rent sysvar.
    RENT = "SysvarRent111111111111111111111111111111111";
    /// What is sent there is burnt.
    INCINERATOR = "1nc1nerator11111111111111111111111111111111";
    /// Wrapped SOL.
    WRAPPED_SOL = "So11111111111111111111111111111111111111112";
    /// `Global` of the bonding curve program.
    GLOBAL = "4wTV1YmiEkRvAtNtsSGPtUrqRYQMe5SKy2uB4Jjaxnjf";
    /// `GlobalConfig` of PumpSwap.
    AMM_GLOBAL_CONFIG = "ADyA8hdefvWN2dbGGWFotbzWxrAvLW83WG6QCVXvJKqw";
    /// Signs the events of the bonding curve program.
    EVENT_AUTHORITY = "Ce6TQqeHC9p8KetsN6JsjHK7UTZk7nasjjnr7XxXp9F1";
    /// Signs the events of PumpSwap.
    AMM_EVENT_AUTHORITY = "GS4CU59F31iL7aR2Q8zVS8DRrcRnXX1yjQ66TqNVQnaR";
    /// Volume of the bonding curve program.
    GLOBAL_VOLUME_ACCUMULATOR = "Hq2wp8uJ9jCPsYgNHex8RtqdvMPfVGoYwjvF1ATiwn2Y";
    /// Volume of PumpSwap.
    AMM_GLOBAL_VOLUME_ACCUMULATOR = "C2aFPdENg4A2HQsmrd5rTw5TaYBX5Ku887cWjbFKtZpw";
    /// Fee schedule of the bonding curve program.
    FEE_CONFIG = "8Wf5TiAheLUqBrKXeYg2JtAFFMWtKdG2BSFgqUcPVwTt";
    /// Fee schedule of PumpSwap.
    AMM_FEE_CONFIG = "5PHirr8joyTMp9JMm6nW7hNDVyEYdkzDqazxPD7RaTjx";
    /// Authority of the mints that the bonding curve program makes.
    MINT_AUTHORITY = "TSLvdd1pWpHVjahSpsvCXUbgwsL3JAcvokwaKt1eokM";
    /// Parameters of the mayhem program.
    MAYHEM_GLOBAL_PARAMS = "13ec7XdrjF3h3YcqBTFDSReRcUFwbCnJaAQspM4j6DDJ";
    /// SOL vault of the mayhem program, and the wallet of its agent.
    MAYHEM_SOL_VAULT = "BwWK17cbHxwWBKZkUYvzxLcNQ1YVyaFezduWbtm2de6s";
    /// Where migrations take their liquidity through (account 1 of `migrate`).
    WITHDRAW_AUTHORITY = "39azUYFWPz3VHgKCf3VChUwbpURdCHRxjWVowf5jUJjg";
}

/// Where the block engine takes tips: plain transfers to one of these (chain.md §7). They are written here and not
/// asked for, so that nobody's answer decides where our lamports may go.
pub const TIP_ACCOUNTS: [Pubkey; 8] = [
    address("96gYZGLnJYVFmbjzopPSU6QiEV5fGqZNyN9nmNhvrZU5"),
    address("HFqU5x63VTqvQss8hp11i4wVV8bD44PvwucfZ2bU7gRe"),
    address("Cw8CFyM9FkoMi7K7Crf6HNQqf4uEMzpKw6QNghXLvLkY"),
    address("ADaUMid9yfUytqMBgopwjb2DTLSokTSzL1zt6iGPaS49"),
    address("DfXygSm4jCyNCybVYYK6DwvWqjKee8pbDmJGcLWNDXjh"),
    address("ADuUkR4vqLUMWXxW9gh6D6L8pMSawimctcNZ5pGwDcEt"),
    address("DttWaMuVvTiduZRnguLF7jNxTgiMBZ1hyAumKUiL2KRL"),
    address("3AVi9Tg9Uo68tJfuvoKvqKNWKkC5wPdSSdeBnizKZ6jT"),
];

/// A program whose events we read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Program {
    /// The bonding curve program.
    Pump,
    /// PumpSwap.
    PumpSwap,
}

impl Program {
    /// The program at an address, if it is one of ours.
    #[must_use]
    pub fn at(address: &[u8; 32]) -> Option<Self> {
        if *address == PUMP.0 {
            Some(Self::Pump)
        } else if *address == PUMP_AMM.0 {
            Some(Self::PumpSwap)
        } else {
            None
        }
    }

    /// Its address.
    #[must_use]
    pub const fn address(self) -> Pubkey {
        match self {
            Self::Pump => PUMP,
            Self::PumpSwap => PUMP_AMM,
        }
    }
}
