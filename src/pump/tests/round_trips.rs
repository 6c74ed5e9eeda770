//! What is written reads back, for every record, vintage and length.

use proptest::prelude::*;

use crate::accounts::{BondingCurve, FeeConfig, Global, GlobalConfig, Pool};
use crate::events::{
    AmmExtendAccountEvent, BuyEvent, CompleteEvent, CompletePumpAmmMigrationEvent, CreateEvent,
    CreatePoolEvent, ExtendAccountEvent, InitBoostEvent, PostCompleteBuyEvent, RawEvent, Reading, SellEvent,
    TradeEvent,
};
use crate::instructions::{
    AmmBuy, AmmBuyExactQuoteIn, AmmBuyExactQuoteInV2, AmmBuyV2, AmmSell, AmmSellV2, Buy, BuyExactQuoteInV2,
    BuyExactQuoteInV3, BuyExactSolIn, BuyV2, BuyV3, Create, CreatePool, CreateV2, ExtendAccount, Migrate,
    MigrateV2, MultiHopSwap, Sell, SellV2, SellV3,
};
use crate::programs::Program;
use sha2::{Digest, Sha256};

/// Bytes from a seed (splitmix64): any field, valid for its type.
struct Source(u64);

impl Source {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn bytes(&mut self, count: usize, out: &mut Vec<u8>) {
        for _ in 0..count {
            out.push(self.next().to_le_bytes()[0]);
        }
    }

    fn sequence(&mut self, width: usize, out: &mut Vec<u8>) {
        let count = usize::try_from(self.next() % 5).unwrap();
        out.extend_from_slice(&u32::try_from(count).unwrap().to_le_bytes());
        self.bytes(count * width, out);
    }

    fn field(&mut self, kind: &str, out: &mut Vec<u8>) {
        match kind.split([' ', '<']).collect::<Vec<_>>()[..] {
            ["u8"] => self.bytes(1, out),
            ["bool"] => out.push(u8::from(self.next() % 2 == 1)),
            ["u16"] => self.bytes(2, out),
            ["u64" | "i64"] => self.bytes(8, out),
            ["i128"] => self.bytes(16, out),
            ["Pubkey"] => self.bytes(32, out),
            ["FeeBps"] => self.bytes(24, out),
            ["Shareholders", ..] => self.sequence(34, out),
            ["FeeTiers", ..] => self.sequence(40, out),
            ["KeyArray", _, count] => {
                self.bytes(32 * count.trim_end_matches('>').parse::<usize>().unwrap(), out);
            }
            ["&'a", "str"] => {
                let text = &"naïve ☕ text"[..[0, 2, 6, 10][usize::try_from(self.next() % 4).unwrap()]];
                out.extend_from_slice(&u32::try_from(text.len()).unwrap().to_le_bytes());
                out.extend_from_slice(text.as_bytes());
            }
            _ => panic!("no bytes for {kind}"),
        }
    }

    /// The bytes of a record with so many of its later fields.
    fn record(&mut self, discriminator: [u8; 8], types: [&[&str]; 2], later: usize) -> Vec<u8> {
        let mut bytes = discriminator.to_vec();
        types[0].iter().chain(types[1].iter().take(later)).for_each(|kind| self.field(kind, &mut bytes));
        bytes
    }
}

macro_rules! every_vintage {
    ($seed:expr, $($record:ident),*) => {$(
        for later in 0..=$record::TYPES[1].len() {
            let mut source = Source($seed);
            let mut bytes = source.record($record::DISCRIMINATOR, $record::TYPES, later);
            let whole = bytes.len();
            let record = $record::read(&bytes[8..]).unwrap();
            let listing = record.listing();
            prop_assert_eq!(listing.decoded.len(), $record::TYPES[0].len() + later);
            prop_assert_eq!(listing.absent.len(), $record::TYPES[1].len() - later);
            prop_assert!(record.trailing.is_empty());
            let mut again = Vec::new();
            record.write(&mut again);
            prop_assert_eq!(&again, &bytes, "{} with {} later fields", $record::NAME, later);
            // Whatever grows behind the newest layout is kept; a beginning of a field belongs to none.
            if later == $record::TYPES[1].len() {
                source.bytes(20, &mut bytes);
                let longer = $record::read(&bytes[8..]).unwrap();
                prop_assert_eq!(longer.trailing, &bytes[whole..]);
                again.clear();
                longer.write(&mut again);
                prop_assert_eq!(&again, &bytes);
            }
        }
    )*};
}

proptest! {
    #[test]
    fn every_event_of_every_vintage_reads_back_as_written(seed: u64) {
        every_vintage!(
            seed, TradeEvent, CreateEvent, CompleteEvent, CompletePumpAmmMigrationEvent, PostCompleteBuyEvent,
            ExtendAccountEvent, BuyEvent, SellEvent, CreatePoolEvent, InitBoostEvent, AmmExtendAccountEvent
        );
    }

    #[test]
    fn every_account_of_every_vintage_reads_back_as_written(seed: u64) {
        every_vintage!(seed, BondingCurve, Global, Pool, GlobalConfig, FeeConfig);
    }

    #[test]
    fn every_instruction_of_every_vintage_reads_back_as_written(seed: u64) {
        every_vintage!(
            seed, Buy, BuyExactSolIn, Sell, BuyV2, BuyExactQuoteInV2, SellV2, BuyV3, BuyExactQuoteInV3, SellV3, Create,
            CreateV2, Migrate, MigrateV2, ExtendAccount, AmmBuy, AmmBuyExactQuoteIn, AmmSell, AmmBuyV2,
            AmmBuyExactQuoteInV2, AmmSellV2, CreatePool, MultiHopSwap
        );
    }

    #[test]
    fn an_event_cut_anywhere_reads_as_an_older_vintage_and_writes_back_the_same(seed: u64, cut in 8_usize..600) {
        for (program, discriminator, types) in [
            (Program::Pump, TradeEvent::DISCRIMINATOR, TradeEvent::TYPES),
            (Program::Pump, CreateEvent::DISCRIMINATOR, CreateEvent::TYPES),
            (Program::PumpSwap, BuyEvent::DISCRIMINATOR, BuyEvent::TYPES),
            (Program::PumpSwap, SellEvent::DISCRIMINATOR, SellEvent::TYPES),
        ] {
            let bytes = Source(seed).record(discriminator, types, usize::MAX);
            let cut = &bytes[..cut.min(bytes.len())];
            if let Reading::Event(event) = RawEvent::read(program, cut) {
                let mut again = Vec::new();
                event.write(&mut again);
                prop_assert_eq!(again, cut);
            }
        }
    }
}

/// The first eight bytes of the hash of a name in its namespace: how Anchor makes discriminators.
fn discriminator(namespace: &str, name: &str) -> [u8; 8] {
    Sha256::digest(format!("{namespace}:{name}"))[..8].try_into().unwrap()
}

#[test]
fn discriminators_are_the_hashes_of_their_names() {
    for program in [Program::Pump, Program::PumpSwap] {
        for (name, bytes) in crate::events::others(program) {
            assert_eq!(*bytes, discriminator("event", name), "{name}");
            let expected = Reading::Event(RawEvent::Other { name, body: &[1, 2] });
            let mut payload = bytes.to_vec();
            payload.extend([1, 2]);
            assert_eq!(RawEvent::read(program, &payload), expected);
        }
    }
    macro_rules! check {
        ($namespace:literal: $($record:ident),*) => {$(
            assert_eq!($record::DISCRIMINATOR, discriminator($namespace, $record::NAME), "{}", $record::NAME);
        )*};
    }
    check!("event": TradeEvent, CreateEvent, CompleteEvent, CompletePumpAmmMigrationEvent, PostCompleteBuyEvent,
        ExtendAccountEvent, BuyEvent, SellEvent, CreatePoolEvent, InitBoostEvent, AmmExtendAccountEvent);
    check!("account": BondingCurve, Global, Pool, GlobalConfig, FeeConfig);
    check!("global": Buy, BuyExactSolIn, Sell, BuyV2, BuyExactQuoteInV2, SellV2, BuyV3, BuyExactQuoteInV3, SellV3,
        Create, CreateV2, Migrate, MigrateV2, ExtendAccount, AmmBuy, AmmBuyExactQuoteIn, AmmSell, CreatePool,
        MultiHopSwap);
}
