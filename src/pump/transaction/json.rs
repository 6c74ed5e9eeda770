//! Transactions out of JSON: what `getTransaction`, `getBlock` and the subscriptions of an RPC node answer, in
//! the encodings `json`, `jsonParsed` and `base64`, with or without the wrappers around them.
//!
//! The text is read in place, piece by piece, so a hostile one costs no more memory than a few times its size.

use std::borrow::Cow;
use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use momentum_core::ids::{Signature, Slot};
use momentum_core::time::ChainTime;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::message::{MessageError, read_message};
use super::{OwnedTransaction, TooLarge};

/// Why a text gives no transactions.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// No JSON, or a field of another type than a transaction's.
    #[error("not a transaction's JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// An object that has none of the fields that would lead to a transaction.
    #[error("it has no field `transaction`, `transactions`, `result`, or `logs`")]
    NoTransaction,
    /// The node answered that it knows no such transaction.
    #[error("the result is null: the node does not know the transaction")]
    NotFound,
    /// The node answered with an error.
    #[error("it is an error that a node answered")]
    NodeError,
    /// A field that a transaction must have.
    #[error("the transaction has no `{0}`")]
    Missing(&'static str),
    /// Wrappers within wrappers.
    #[error("more wrappers around the transaction than any node puts")]
    TooDeep,
    /// An encoding that no node uses.
    #[error("its encoding is neither json, jsonParsed, base64 nor base58")]
    Encoding,
    /// The encoded bytes are no transaction.
    #[error("the encoded transaction cannot be read: {0}")]
    Message(#[from] MessageError),
    /// A text that should be base58 is none, or too long.
    #[error("a key, a signature or data that are not base58")]
    Base58,
    /// More than 256 addresses.
    #[error("it has more than 256 addresses")]
    TooManyKeys,
    /// An instruction larger than any on chain.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
}

/// Reads all transactions in a JSON text, in their order: one transaction, an array of them, a block, or a
/// node's answer around them.
///
/// # Errors
/// Where the text holds none, or one of them cannot be read: why.
pub fn read_transactions(text: &str) -> Result<Vec<OwnedTransaction>, ReadError> {
    let mut found = Vec::new();
    read_node(text, Place::default(), &mut found)?;
    Ok(found)
}

/// What the wrappers around a transaction tell of it.
#[derive(Clone, Copy, Default)]
struct Place {
    slot: Option<u64>,
    time: Option<i64>,
    depth: u8,
}

const DEEPEST: u8 = 8;
/// A signature alone has 64 digits at least.
const SHORTEST: usize = 64;

#[derive(Deserialize)]
struct Node<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    result: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
    #[serde(borrow)]
    params: Option<&'a RawValue>,
    #[serde(borrow)]
    context: Option<&'a RawValue>,
    #[serde(borrow)]
    value: Option<&'a RawValue>,
    #[serde(borrow)]
    block: Option<&'a RawValue>,
    #[serde(borrow)]
    transactions: Option<&'a RawValue>,
    #[serde(borrow)]
    transaction: Option<&'a RawValue>,
    #[serde(borrow)]
    meta: Option<&'a RawValue>,
    #[serde(borrow)]
    logs: Option<&'a RawValue>,
    #[serde(borrow)]
    signature: Option<Text<'a>>,
    #[serde(borrow)]
    err: Option<&'a RawValue>,
    slot: Option<u64>,
    #[serde(rename = "blockTime")]
    block_time: Option<i64>,
}

/// Tells `null` from absence.
fn present<'de, D: Deserializer<'de>>(d: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(d).map(Some)
}

#[derive(Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

fn read_node(text: &str, place: Place, found: &mut Vec<OwnedTransaction>) -> Result<(), ReadError> {
    if place.depth > DEEPEST {
        return Err(ReadError::TooDeep);
    }
    let inside = Place { depth: place.depth + 1, ..place };
    if text.trim_start().starts_with('[') {
        // Room for exactly what is there (and no more than could be there): memory stays in proportion.
        let mut count = 0;
        each(text, |_: IgnoredAny| {
            count += 1;
            Ok(())
        })?;
        found.reserve_exact(count.min(text.len() / SHORTEST));
        return each(text, |item: &RawValue| read_node(item.get(), inside, found));
    }
    let node: Node<'_> = serde_json::from_str(text)?;
    let inside = Place { slot: node.slot.or(place.slot), time: node.block_time.or(place.time), ..inside };
    if let Some(transaction) = node.transaction {
        let meta = node.meta.ok_or(ReadError::Missing("meta"))?;
        found.push(read_one(transaction.get(), meta.get(), inside)?);
        Ok(())
    } else if let (Some(logs), Some(signature)) = (node.logs, node.signature) {
        let mut transaction = OwnedTransaction {
            signature: Signature(base58(&signature.0)?),
            slot: inside.slot.map(Slot),
            time: inside.time.map(ChainTime),
            failed: node.err.is_some(),
            ..OwnedTransaction::default()
        };
        each(logs.get(), |line: Text<'_>| {
            transaction.push_log(&line.0);
            Ok(())
        })?;
        found.push(transaction);
        Ok(())
    } else if let Some(result) = node.result {
        if result.get() == "null" { Err(ReadError::NotFound) } else { read_node(result.get(), inside, found) }
    } else if let Some(transactions) = node.transactions {
        read_node(transactions.get(), inside, found)
    } else if node.error.is_some() {
        Err(ReadError::NodeError)
    } else if let Some(inner) = node.params.or(node.message).or(node.value).or(node.block) {
        #[derive(Deserialize)]
        struct Context {
            slot: u64,
        }
        let slot = match node.context {
            Some(context) => Some(serde_json::from_str::<Context>(context.get())?.slot),
            None => inside.slot,
        };
        read_node(inner.get(), Place { slot, ..inside }, found)
    } else {
        Err(ReadError::NoTransaction)
    }
}

/// Calls `visit` with each item of a JSON array as it is read, keeping none.
fn each<'de, T: Deserialize<'de>>(
    text: &'de str,
    mut visit: impl FnMut(T) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    struct Each<'f, T, F>(&'f mut F, &'f mut Result<(), ReadError>, std::marker::PhantomData<T>);
    impl<'de, T: Deserialize<'de>, F: FnMut(T) -> Result<(), ReadError>> Visitor<'de> for Each<'_, T, F> {
        type Value = ();
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an array")
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
            while let Some(item) = items.next_element()? {
                if self.1.is_ok() {
                    *self.1 = (self.0)(item);
                }
            }
            Ok(())
        }
    }
    let mut outcome = Ok(());
    let mut reader = serde_json::Deserializer::from_str(text);
    reader.deserialize_seq(Each(&mut visit, &mut outcome, std::marker::PhantomData))?;
    reader.end()?;
    outcome
}

#[derive(Deserialize)]
struct Meta<'a> {
    #[serde(borrow)]
    err: Option<&'a RawValue>,
    #[serde(borrow, rename = "innerInstructions")]
    inner: Option<&'a RawValue>,
    #[serde(borrow, rename = "logMessages")]
    logs: Option<&'a RawValue>,
    #[serde(borrow, rename = "loadedAddresses")]
    loaded: Option<Loaded<'a>>,
}

#[derive(Deserialize)]
struct Loaded<'a> {
    #[serde(borrow)]
    writable: Option<&'a RawValue>,
    #[serde(borrow)]
    readonly: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    signatures: &'a RawValue,
    #[serde(borrow)]
    message: MessageJson<'a>,
}

#[derive(Deserialize)]
struct MessageJson<'a> {
    #[serde(borrow, rename = "accountKeys")]
    keys: &'a RawValue,
    #[serde(borrow)]
    instructions: &'a RawValue,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Compiled<'a> {
    program_id_index: Option<u8>,
    #[serde(borrow)]
    program_id: Option<Text<'a>>,
    #[serde(borrow)]
    accounts: Option<&'a RawValue>,
    #[serde(borrow)]
    data: Option<Text<'a>>,
    stack_height: Option<u8>,
}

#[derive(Deserialize)]
struct Inner<'a> {
    index: usize,
    #[serde(borrow)]
    instructions: &'a RawValue,
}

fn read_one(body: &str, meta: &str, place: Place) -> Result<OwnedTransaction, ReadError> {
    let meta: Meta<'_> = serde_json::from_str(meta)?;
    let mut transaction = OwnedTransaction::default();
    if body.trim_start().starts_with('{') {
        let body: Body<'_> = serde_json::from_str(body)?;
        let mut signature = None;
        each(body.signatures.get(), |text: Text<'_>| {
            signature = Some(signature.map_or_else(|| base58(&text.0), Ok)?);
            Ok(())
        })?;
        transaction.signature = Signature(signature.ok_or(ReadError::Missing("signatures"))?);
        each(body.message.keys.get(), |key: &RawValue| push_key(&mut transaction.keys, key.get()))?;
        push_loaded(&mut transaction.keys, meta.loaded.as_ref())?;
        each(body.message.instructions.get(), |item: Compiled<'_>| {
            push_compiled(&mut transaction, &item, Some(1))
        })?;
    } else {
        transaction = read_message(&encoded(body)?)?;
        push_loaded(&mut transaction.keys, meta.loaded.as_ref())?;
    }
    if let Some(inner) = meta.inner {
        place_inner(&mut transaction, inner)?;
    }
    transaction.slot = place.slot.map(Slot);
    transaction.time = place.time.map(ChainTime);
    transaction.failed = meta.err.is_some();
    if let Some(logs) = meta.logs {
        transaction.lines.reserve_exact(logs.get().len());
        each(logs.get(), |line: Text<'_>| {
            transaction.push_log(&line.0);
            Ok(())
        })?;
    }
    Ok(transaction)
}

/// Puts the inner instructions behind the top-level ones that they belong to.
fn place_inner(transaction: &mut OwnedTransaction, inner: &RawValue) -> Result<(), ReadError> {
    transaction.carries_inner = true;
    // Sets come in the order of their instructions; one out of order goes behind what is there already.
    let mut top = std::mem::take(&mut transaction.steps).into_iter().enumerate().peekable();
    each(inner.get(), |set: Inner<'_>| {
        while let Some((_, step)) = top.next_if(|(place, _)| *place <= set.index) {
            transaction.steps.push(step);
        }
        each(set.instructions.get(), |item: Compiled<'_>| push_compiled(transaction, &item, None))
    })?;
    transaction.steps.extend(top.map(|(_, step)| step));
    Ok(())
}

fn push_compiled(
    transaction: &mut OwnedTransaction,
    item: &Compiled<'_>,
    height: Option<u8>,
) -> Result<(), ReadError> {
    let program = match (&item.program_id_index, &item.program_id) {
        (Some(index), _) => *index,
        (None, Some(key)) => key_index(&mut transaction.keys, &key.0)?,
        (None, None) => return Err(ReadError::Missing("programId")),
    };
    let start = transaction.bytes.len();
    let OwnedTransaction { keys, bytes, .. } = transaction;
    if let Some(accounts) = item.accounts {
        each(accounts.get(), |account: &RawValue| {
            bytes.push(match serde_json::from_str(account.get()) {
                Ok(index) => index,
                Err(_) => key_index(keys, &serde_json::from_str::<Text<'_>>(account.get())?.0)?,
            });
            Ok(())
        })?;
    }
    let middle = bytes.len();
    if let Some(data) = &item.data {
        // Base58 takes time in the square of its length.
        if data.0.len() > LONGEST_DATA {
            return Err(ReadError::Base58);
        }
        bs58::decode(data.0.as_bytes()).onto(&mut *bytes).map_err(|_| ReadError::Base58)?;
    }
    Ok(transaction.push_step(program, start, middle, item.stack_height.or(height))?)
}

/// Digits of base58 that the longest instruction data on chain (10 KiB) takes, and some more.
const LONGEST_DATA: usize = 16_384;

fn push_loaded(keys: &mut Vec<[u8; 32]>, loaded: Option<&Loaded<'_>>) -> Result<(), ReadError> {
    let lists = loaded.map(|loaded| [loaded.writable, loaded.readonly]);
    for list in lists.into_iter().flatten().flatten() {
        each(list.get(), |key: &RawValue| push_key(keys, key.get()))?;
    }
    Ok(())
}

/// Adds a key that is a text or, in `jsonParsed`, an object with one.
fn push_key(keys: &mut Vec<[u8; 32]>, text: &str) -> Result<(), ReadError> {
    #[derive(Deserialize)]
    struct Parsed<'a> {
        #[serde(borrow)]
        pubkey: Text<'a>,
    }
    let key = if text.starts_with('{') {
        serde_json::from_str::<Parsed<'_>>(text)?.pubkey
    } else {
        serde_json::from_str(text)?
    };
    keys.push(base58(&key.0)?);
    Ok(())
}

/// Index of a key that is written out; `jsonParsed` lists all, so a new one is the exception.
fn key_index(keys: &mut Vec<[u8; 32]>, text: &str) -> Result<u8, ReadError> {
    let key = base58(text)?;
    let index = keys.iter().position(|known| *known == key).unwrap_or_else(|| {
        keys.push(key);
        keys.len() - 1
    });
    u8::try_from(index).map_err(|_| ReadError::TooManyKeys)
}

/// The bytes of a base58 text of known length.
fn base58<const N: usize>(text: &str) -> Result<[u8; N], ReadError> {
    let mut bytes = [0; N];
    match bs58::decode(text).onto(&mut bytes) {
        Ok(length) if length == N => Ok(bytes),
        _ => Err(ReadError::Base58),
    }
}

/// The bytes of `["…", "base64"]`, of `["…", "base58"]`, or of a bare text, which is base58.
fn encoded(text: &str) -> Result<Vec<u8>, ReadError> {
    let (bytes, encoding) = if text.trim_start().starts_with('[') {
        let pair: (Text<'_>, Text<'_>) = serde_json::from_str(text)?;
        pair
    } else {
        (serde_json::from_str(text)?, Text(Cow::Borrowed("base58")))
    };
    match &*encoding.0 {
        "base64" => BASE64_STANDARD.decode(bytes.0.as_bytes()).map_err(|_| ReadError::Encoding),
        "base58" if bytes.0.len() <= LONGEST_DATA => {
            bs58::decode(bytes.0.as_bytes()).into_vec().map_err(|_| ReadError::Base58)
        }
        _ => Err(ReadError::Encoding),
    }
}
