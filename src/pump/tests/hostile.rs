//! Any bytes into any decoder: no panic, and never more than four times the input and 4 KiB allocated.
//!
//! A long run: `PROPTEST_CASES=1000000 cargo test --release -p momentum-pump decode_any`.

#![allow(unsafe_code, reason = "an allocator that counts")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use momentum_core::ids::{Pubkey, Signature};
use proptest::prelude::*;

use crate::accounts::{
    BondingCurve, FeeConfig, Pool, list_account, read_metaplex_metadata, read_mint, read_mint_metadata,
    read_token_account,
};
use crate::decode::{decode, raw_events};
use crate::events::{
    BuyEvent, CreateEvent, CreatePoolEvent, EVENT_TAG, RawEvent, Reading, SellEvent, TradeEvent,
};
use crate::instructions::read_instruction;
use crate::programs::{PUMP, PUMP_AMM, Program, TOKEN_2022};
use crate::transaction::{OwnedTransaction, read_message, read_transactions};

thread_local! {
    static ALLOCATED: Cell<usize> = const { Cell::new(0) };
    static LIVE: Cell<usize> = const { Cell::new(0) };
    static PEAK: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

fn grown(bytes: usize) {
    ALLOCATED.set(ALLOCATED.get() + bytes);
    LIVE.set(LIVE.get().wrapping_add(bytes));
    // What other threads allocated and this one freed must not count as a peak.
    if LIVE.get() < usize::MAX / 2 {
        PEAK.set(PEAK.get().max(LIVE.get()));
    }
}

// SAFETY: the system's allocator does the work; the counters are cells of one thread.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grown(layout.size());
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.set(LIVE.get().wrapping_sub(layout.size()));
        unsafe { System.dealloc(pointer, layout) }
    }
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Old and new live at once, at worst.
        grown(size);
        LIVE.set(LIVE.get().wrapping_sub(layout.size()));
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Bytes that `work` allocated in all.
fn allocated<T>(work: impl FnOnce() -> T) -> usize {
    let before = ALLOCATED.get();
    drop(work());
    ALLOCATED.get() - before
}

/// Bytes that lived at once while `work` ran.
fn peak<T>(work: impl FnOnce() -> T) -> usize {
    let before = LIVE.get();
    PEAK.set(before);
    drop(work());
    PEAK.get().wrapping_sub(before)
}

fn bound(input: usize) -> usize {
    4 * input + 4096
}

fn discriminator() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(Vec::new()),
        Just(TradeEvent::DISCRIMINATOR.to_vec()),
        Just(CreateEvent::DISCRIMINATOR.to_vec()),
        Just(BuyEvent::DISCRIMINATOR.to_vec()),
        Just(SellEvent::DISCRIMINATOR.to_vec()),
        Just(CreatePoolEvent::DISCRIMINATOR.to_vec()),
        Just(BondingCurve::DISCRIMINATOR.to_vec()),
        Just(Pool::DISCRIMINATOR.to_vec()),
        Just(FeeConfig::DISCRIMINATOR.to_vec()),
        Just(crate::instructions::Buy::DISCRIMINATOR.to_vec()),
        Just(crate::instructions::CreateV2::DISCRIMINATOR.to_vec()),
    ]
}

/// Bytes that may begin like a record, with the small numbers that lengths and flags are.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![3 => 0..=1_u8, 2 => any::<u8>()];
    (discriminator(), proptest::collection::vec(byte, 0..700)).prop_map(|(head, tail)| [head, tail].concat())
}

proptest! {
    #[test]
    fn decode_any_event_account_mint_and_instruction(bytes in bytes(), accounts in 0..40_usize) {
        let accounts = vec![Pubkey([1; 32]); accounts];
        for program in [Program::Pump, Program::PumpSwap] {
            let used = allocated(|| match RawEvent::read(program, &bytes) {
                Reading::Event(event) => Some(event.listing()),
                _ => None,
            });
            prop_assert!(used <= bound(bytes.len()), "an event: {used} of {}", bytes.len());
            let used = allocated(|| read_instruction(program, &bytes, &accounts));
            let input = bytes.len() + accounts.len() * 32;
            prop_assert!(used <= bound(input), "an instruction: {used} of {input}");
        }
        let used = allocated(|| list_account(&bytes));
        prop_assert!(used <= bound(bytes.len()), "an account: {used} of {}", bytes.len());
        let used = allocated(|| FeeConfig::from_data(&bytes).map(|config| config.schedule()));
        prop_assert!(used <= bound(bytes.len()), "a fee schedule: {used} of {}", bytes.len());
        prop_assert_eq!(allocated(|| BondingCurve::from_data(&bytes).map(|curve| curve.facts())), 0);
        prop_assert_eq!(allocated(|| read_mint(&TOKEN_2022, &bytes)), 0);
        prop_assert_eq!(allocated(|| read_token_account(&bytes)), 0);
        // As they come, and behind what makes it past the first check.
        let (mint, account) = ([&[0; 165][..], &[1], &bytes].concat(), [&[4; 65], &bytes[..]].concat());
        for (used, input) in [
            (allocated(|| read_mint_metadata(&bytes)), bytes.len()),
            (allocated(|| read_mint_metadata(&mint)), mint.len()),
            (allocated(|| read_metaplex_metadata(&account)), account.len()),
        ] {
            prop_assert!(used <= bound(input), "metadata: {used} of {input}");
        }
    }

    #[test]
    fn decode_any_wire_transaction(bytes in bytes(), head in proptest::collection::vec(any::<u8>(), 0..4)) {
        for bytes in [&bytes, &[&head[..], &bytes].concat(), &[&[0x81], &bytes[..]].concat()] {
            let used = allocated(|| read_message(bytes));
            prop_assert!(used <= bound(bytes.len()), "{used} of {}", bytes.len());
        }
    }

    #[test]
    fn decode_any_transaction(
        instructions in proptest::collection::vec((0..5_u8, bytes(), 0..4_u8, any::<bool>()), 0..8),
        lines in proptest::collection::vec("(Program )?(data: )?[ -~]{0,60}", 0..8),
        carries_inner: bool,
    ) {
        let mut transaction = OwnedTransaction::default();
        transaction.keys = vec![PUMP.0, PUMP_AMM.0, [3; 32]];
        transaction.carries_inner = carries_inner;
        transaction.signature = Signature([1; 64]);
        let mut input = 0;
        for (program, data, height, event) in &instructions {
            let data = if *event { [&EVENT_TAG[..], data].concat() } else { data.clone() };
            input += data.len();
            transaction.push_instruction(*program, &[0, 1, 2, 0, 1, 9], &data, Some(*height)).unwrap();
        }
        for line in &lines {
            input += line.len();
            transaction.push_log(line);
        }
        let used = allocated(|| decode(&transaction, |_| None, drop));
        prop_assert!(used <= bound(input), "{used} of {input}");
        raw_events(&transaction, |_, listing| drop(listing));
    }

    #[test]
    fn decode_any_json(text in json()) {
        let used = peak(|| read_transactions(&text).is_ok());
        prop_assert!(used <= bound(text.len()), "{used} of {}: {text}", text.len());
    }
}

/// Texts between a transaction's JSON and any other.
fn json() -> impl Strategy<Value = String> {
    let key = Just(format!("\"{PUMP}\""));
    let small = prop_oneof![
        Just("null".to_owned()),
        Just("[]".to_owned()),
        Just("{}".to_owned()),
        Just("\"3Bxs4\"".to_owned()),
        any::<u16>().prop_map(|number| number.to_string()),
        key.clone(),
        Just("\"\\u0041\\n\"".to_owned()),
        "[ -~]{0,8}".prop_map(|text| format!("{text:?}")),
    ];
    let list = |item: BoxedStrategy<String>| {
        proptest::collection::vec(item, 0..40).prop_map(|items| format!("[{}]", items.join(",")))
    };
    let instruction =
        (small.clone(), list(small.clone().boxed()), small.clone()).prop_map(|(program, accounts, data)| {
            format!(
                "{{\"programIdIndex\":0,\"programId\":{program},\"accounts\":{accounts},\"data\":{data}}}"
            )
        });
    let plain = Just("{\"programIdIndex\":1,\"accounts\":[0],\"data\":\"\"}".to_owned());
    let instructions = list(prop_oneof![4 => plain, 1 => instruction].boxed());
    let inner = prop_oneof![
        Just("null".to_owned()),
        instructions.clone().prop_map(|list| format!("[{{\"index\":0,\"instructions\":{list}}}]")),
    ];
    let keys = list(prop_oneof![8 => key, 1 => small.clone()].boxed());
    let logs = list(prop_oneof![4 => Just("\"\"".to_owned()), 1 => small.clone()].boxed());
    let transaction = (keys, instructions, inner, logs, small.clone()).prop_map(
        |(keys, instructions, inner, logs, err)| {
            let signature = Signature([0; 64]);
            format!(
                "{{\"transaction\":{{\"signatures\":[\"{signature}\"],\"message\":{{\"accountKeys\":{keys},\
                 \"instructions\":{instructions}}}}},\"meta\":{{\"err\":{err},\"innerInstructions\":{inner},\
                 \"logMessages\":{logs}}}}}"
            )
        },
    );
    prop_oneof![
        list(transaction.clone().boxed()),
        transaction.prop_map(|text| format!("{{\"result\":{text}}}")),
        list(small.clone().boxed()),
        (small.clone(), small)
            .prop_map(|(one, two)| format!("{{\"transaction\":[{one},\"base64\"],\"meta\":{two}}}")),
        "[ -~]{0,200}",
    ]
}

#[test]
fn long_lists_of_the_smallest_items_stay_within_the_bound() {
    let signature = Signature([0; 64]);
    let smallest = format!(
        "{{\"transaction\":{{\"signatures\":[\"{signature}\"],\"message\":{{\"accountKeys\":[],\"instructions\":[]}}}},\
         \"meta\":{{}}}}"
    );
    let logs = format!("{{\"signature\":\"{signature}\",\"logs\":[]}}");
    let instruction = "{\"programIdIndex\":1,\"data\":\"\"}";
    let inside = |instructions: &str, lines: &str| {
        format!(
            "{{\"transaction\":{{\"signatures\":[\"{signature}\"],\"message\":{{\"accountKeys\":[],\
             \"instructions\":[{instructions}]}}}},\"meta\":{{\"logMessages\":[{lines}]}}}}"
        )
    };
    for count in [1, 10, 63, 64, 65, 1000, 4097] {
        let repeat = |item: &str| vec![item; count].join(",");
        for text in [
            format!("[{}]", repeat(&smallest)),
            format!("[{}]", repeat(&logs)),
            format!("[{}]", repeat("0")),
            "[".repeat(count),
            inside(&repeat(instruction), ""),
            inside("", &repeat("\"\"")),
            inside("", &repeat("\"\\u0041\"")),
        ] {
            let used = peak(|| read_transactions(&text).is_ok());
            assert!(used <= bound(text.len()), "{used} of {} for {count} times {:.60}", text.len(), text);
        }
    }
}

#[test]
fn a_text_that_is_no_transaction_says_why() {
    for (text, why) in [
        ("{\"a\":1}", "no field `transaction`"),
        ("{\"result\":null}", "does not know"),
        ("{\"error\":{\"code\":1}}", "an error that a node answered"),
        ("{\"transaction\":{}}", "no `meta`"),
        ("[{\"transaction\":[\"AA==\",\"base64\"],\"meta\":{}}]", "the bytes end"),
        ("{\"transaction\":[\"gg==\",\"base64\"],\"meta\":{}}", "version 2 is not known"),
        ("{\"transaction\":[\"AA==\",\"zstd\"],\"meta\":{}}", "encoding"),
        ("nonsense", "not a transaction's JSON"),
        ("[[[[[[[[[[[[]]]]]]]]]]]]", "more wrappers"),
    ] {
        let error = read_transactions(text).unwrap_err().to_string();
        assert!(error.contains(why), "{text}: {error}");
    }
}
