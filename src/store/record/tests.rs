//! Records are written, and read back as what they were.

use momentum_core::event::{
    Answer, CurveFacts, Enriched, Envelope, Event, FeedEvent, Launched, Links, MarketEvent, MarketKind,
    MintFacts, Proof, Quote, Reserves, Side, TradeFees, Traded, Unknown,
};
use momentum_core::ids::{Hash, Mint, PoolId, Pubkey, Seq, Signature, Slot, Wallet};
use momentum_core::quotes::{Curve, FeeSchedule, FeeTier, Pool, Rates, Schedules, USDC};
use momentum_core::time::{ChainTime, Timestamp};
use momentum_core::units::{Bps, Lamports, TokenAmount};
use proptest::prelude::*;

use super::samples::{launch, trade, writer};
use super::*;

mod schemas;

fn written(event: Event) -> String {
    let envelope = Envelope { seq: Seq(17), now: ChainTime(1_785_327_618).timestamp(), event };
    let mut out = Vec::new();
    writer(Stage::Monitor).event(&envelope, &mut out);
    String::from_utf8(out).unwrap()
}

fn read(text: &str) -> Result<Vec<Record>, ReadError> {
    let mut reader = RecordReader::new(text.as_bytes());
    let mut records = Vec::new();
    while let Some(line) = reader.next_line()? {
        records.push(line.record);
    }
    Ok(records)
}

fn malformed(text: &str) -> Malformed {
    match read(text) {
        Err(ReadError::Malformed(malformed)) => malformed,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_trade_is_written_to_the_letter_of_the_product() {
    let (mint, user) = (Mint(Pubkey([1; 32])), Wallet(Pubkey([2; 32])));
    let (signature, hash) = (Signature([7; 64]), Hash([0xab; 32]));
    let fixed = format!(
        concat!(
            r#"{{"schema":"momentum.event.v1","seq":"17","now":"2026-07-29T12:20:18.000000Z","kind":"traded","#,
            r#""venue":"curve","mint":"{mint}","user":"{user}","side":"buy","quote":"SOL","#,
            r#""quote_amount":"2962962962","quote_sol":"2.962962962","token_amount":"96449438144093","#,
            r#""reserves_at":"after","reserves":{{"virtual_quote":"32962962962","virtual_token":"976550561855907","#,
            r#""real_quote":"2962962962","real_token":"696650561855907"}},"#,
            r#""fees":{{"lp":"0","protocol":"28148149","creator":"0","cashback":"8888889","buyback":"14074074"}},"#,
            r#""at":1785327618,"slot":"435946190","signature":"{signature}","index":2,"source":"replay""#,
        ),
        mint = mint,
        user = user,
        signature = signature
    );
    let line = written(trade(|_| {}));
    assert_eq!(line, format!("{fixed},\"run_id\":\"run-1\",\"config_hash\":\"{hash}\"}}\n"));
    // The form of the product, without what every record carries beside it, is read too.
    let envelope = Envelope { seq: Seq(17), now: ChainTime(1_785_327_618).timestamp(), event: trade(|_| {}) };
    assert_eq!(read(&format!("{fixed}}}\n")).unwrap(), [Record::Event(envelope)]);
}

#[test]
fn a_quote_other_than_sol_has_a_twin_only_where_its_decimals_are_known() {
    let usdc = written(trade(|trade| trade.quote = Quote::Other(USDC)));
    assert!(
        usdc.contains(
            r#""quote":"USDC","quote_amount":"2962962962","quote_usdc":"2962.962962","token_amount""#
        )
    );
    let other = Mint(Pubkey([9; 32]));
    let line = written(trade(|trade| trade.quote = Quote::Other(other)));
    assert!(line.contains(&format!(r#""quote":"{other}","quote_amount":"2962962962","token_amount""#)));
}

#[test]
fn a_trade_on_a_pool_says_that_its_reserves_are_those_before_it() {
    let before = Pool { base: 1, quote_vault: 2, virtual_quote: -3 };
    let pool = PoolId(Pubkey([3; 32]));
    let line = written(trade(|trade| trade.reserves = Reserves::Pool { pool, before }));
    assert!(line.contains(r#""venue":"pool""#), "{line}");
    let told = r#""reserves_at":"before","reserves":{"virtual_quote":"-3","base":"1","quote_vault":"2"}"#;
    assert!(line.contains(told), "{line}");
    assert!(line.contains(&format!(r#""source":"replay","pool":"{pool}","run_id""#)), "{line}");
}

#[test]
fn a_tick_has_nothing_of_its_own_and_is_still_one_object() {
    let line = written(Event::Tick);
    let head =
        r#"{"schema":"momentum.tick.v1","seq":"17","now":"2026-07-29T12:20:18.000000Z","run_id":"run-1","#;
    assert!(line.starts_with(head), "{line}");
}

#[test]
fn names_are_stripped_of_what_terminals_obey() {
    let line = written(launch("\u{1b}[31mRED\u{202e}\n"));
    assert!(line.contains(r#""name":"[31mRED","symbol":"\"S\\","uri":"https://x","#), "{line}");
    assert!(line.contains(r#""mayhem":true"#), "{line}");
}

#[test]
fn a_line_that_is_no_record_is_named_with_line_column_and_reason() {
    let good = written(Event::Tick);
    let wrong = malformed(&format!("{good}\n{{\"schema\":\"momentum.tick.v1\",\"seq\":}}\n"));
    assert_eq!((wrong.line, wrong.column), (3, 36));
    assert_eq!(wrong.to_string(), "line 3, column 36: expected value");
    assert_eq!(malformed("[1]").line, 1);
    assert!(malformed("{}").what.contains("schema"));
    assert!(malformed("{\"schema\":\"momentum.tick.v1\",\"seq\":\"1\"}").what.contains("`now`"));
    let not_an_amount = written(trade(|_| {})).replace("\"2962962962\",\"quote_sol", "\"2.9\",\"quote_sol");
    assert_eq!(malformed(&not_an_amount).what, "invalid digit found in string");
    let half = written(trade(|_| {})).replace("\"real_quote\":\"2962962962\",", "");
    assert!(malformed(&half).what.contains("real_quote"));
    let both = written(unknown_mint()).replace("\"unknown\":\"failed\"", "\"asked_by\":\"nobody\"");
    assert_eq!(malformed(&both).what, "a fact has either answer or unknown");
}

#[test]
fn after_a_malformed_line_the_next_one_is_read() {
    let text = format!("no record\n{}", written(Event::Tick));
    let mut reader = RecordReader::new(text.as_bytes());
    assert!(reader.next_line().is_err());
    let line = reader.next_line().unwrap().unwrap();
    assert_eq!((line.number, matches!(line.record, Record::Event(_))), (2, true));
    assert!(reader.next_line().unwrap().is_none());
}

#[test]
fn a_line_without_an_end_is_bounded_and_the_next_one_read() {
    let text = format!("{}\n{}", "x".repeat(LINE_MAX_BYTES + 5), written(Event::Tick));
    let mut reader = RecordReader::new(text.as_bytes());
    assert!(reader.next_line().unwrap_err().to_string().contains("longer than"));
    assert_eq!(reader.next_line().unwrap().unwrap().number, 2);
}

#[test]
fn bytes_that_are_no_text_are_named_with_their_column() {
    let mut reader = RecordReader::new(&b"{\"a\xff\"}"[..]);
    assert_eq!(reader.next_line().unwrap_err().to_string(), "line 1, column 4: not UTF-8");
}

#[test]
fn unknown_kinds_and_foreign_records_pass_and_another_major_version_does_not() {
    let lines = concat!(
        r#"{"schema":"momentum.event.v1","kind":"teleported"}"#,
        "\n",
        r#"{"schema":"momentum.score.v2"}"#,
        "\n",
        r#"{"schema":"somebody.else"}"#,
        "\n"
    );
    assert_eq!(read(lines).unwrap(), [Record::Other, Record::Other, Record::Other]);
    assert!(malformed(r#"{"schema":"momentum.event.v2","kind":"traded"}"#).what.contains("another version"));
}

#[test]
fn a_stage_passes_on_what_it_read_byte_for_byte() {
    let raw = r#"{ "schema" : "momentum.tick.v1", "seq":"1","now":"2026-01-01T00:00:00Z", "more":[1, 2] }"#;
    let mut reader = RecordReader::new(raw.as_bytes());
    let mut out = Vec::new();
    RecordWriter::pass(reader.next_line().unwrap().unwrap().raw, &mut out);
    assert_eq!(String::from_utf8(out).unwrap(), format!("{raw}\n"));
}

fn unknown_mint() -> Event {
    samples::enriched(Answer::Mint(Err(Unknown::Failed)))
}

#[test]
fn a_signal_comes_out_of_the_pipe_as_the_engine_sent_it() {
    use momentum_core::fact::Fact;
    use momentum_core::trader::signals::Level;
    for level in [Level::Buy, Level::StrongBuy] {
        let signal = samples::signal(level);
        let mut out = Vec::new();
        writer(Stage::Score).fact(Seq(17), samples::NOW, &Fact::EntrySignalled(signal.clone()), &mut out);
        let text = String::from_utf8(out).unwrap();
        let told = format!(
            r#""kind":"{}","mint":"{}","score":"81.25","progress_bps":8250,"#,
            level.name(),
            signal.mint
        );
        assert!(text.contains(&told), "{text}");
        assert_eq!(read(&text).unwrap(), [Record::Signal { seq: Seq(17), now: samples::NOW, signal }]);
        let hash = format!(",\"config_hash\":\"{}\"", Hash([0xab; 32]));
        assert_eq!(malformed(&text.replace(&hash, "")).what, "a signal needs config_hash");
    }
}

#[test]
fn a_stream_is_greeted_and_closed() {
    let records = read(&samples::records()).unwrap();
    let Some(Record::Hello(greeting)) = records.first() else { panic!("{:?}", records.first()) };
    assert_eq!((greeting.hello.source, greeting.hello.seed), (Source::Sim, Some(Text(7))));
    assert_eq!((greeting.run_id.as_deref(), greeting.config_hash), (Some("run-1"), Some(Hash([0xab; 32]))));
    assert_eq!((greeting.now, greeting.hello.warm_until), (Some(samples::NOW), Some(samples::NOW)));
    assert!(matches!(records.last(), Some(Record::Eof(eof)) if eof.events == Text(18)));
}

#[test]
fn a_score_names_what_is_not_known_and_why() {
    let records = samples::records();
    let line = records.lines().find(|line| line.contains("momentum.score.v1")).unwrap();
    let score: serde_json::Value = serde_json::from_str(line).unwrap();
    assert_eq!(score["score"], "23.5");
    assert_eq!(score["metrics"]["buy_ratio_bps"], 7_500);
    assert_eq!(score["metrics"]["holder_velocity"], "-0.2");
    assert_eq!(score["metrics"].get("velocity"), None);
    assert_eq!(score["metrics"]["unknown"]["velocity"], "too_young");
    assert_eq!(score["missing"][0]["fact"], "velocity");
    assert_eq!(score["explained"].as_array().unwrap().len(), 5);
}

#[test]
fn each_stage_tells_only_what_it_adds() {
    let stages = |event: Event| {
        let envelope = Envelope { seq: Seq(1), now: Timestamp(0), event };
        [Stage::Monitor, Stage::Score, Stage::Trade, Stage::Run].map(|stage| {
            let mut out = Vec::new();
            writer(stage).event(&envelope, &mut out);
            !out.is_empty()
        })
    };
    assert_eq!(stages(Event::Tick), [true, false, false, false]);
    assert_eq!(stages(trade(|_| {})), [true, false, false, false]);
    assert_eq!(stages(unknown_mint()), [true, true, false, false]);
}

pub(crate) fn key() -> impl Strategy<Value = Pubkey> {
    any::<[u8; 32]>().prop_map(Pubkey)
}

fn quote() -> impl Strategy<Value = Quote> {
    prop_oneof![
        3 => Just(Quote::Sol),
        1 => Just(Quote::Other(USDC)),
        1 => key().prop_map(|key| Quote::Other(Mint(key)))
    ]
}

fn curve() -> impl Strategy<Value = Curve> {
    any::<[u64; 4]>().prop_map(|[virtual_quote, virtual_token, real_quote, real_token]| Curve {
        virtual_quote,
        virtual_token,
        real_quote,
        real_token,
    })
}

fn pool() -> impl Strategy<Value = Pool> {
    any::<(u64, u64, i128)>().prop_map(|(base, quote_vault, virtual_quote)| Pool {
        base,
        quote_vault,
        virtual_quote,
    })
}

fn rate() -> impl Strategy<Value = Option<Bps>> {
    any::<Option<u16>>().prop_map(|rate| rate.map(Bps))
}

fn a_trade() -> impl Strategy<Value = MarketKind> {
    let reserves = prop_oneof![
        curve().prop_map(Reserves::Curve),
        (key(), pool()).prop_map(|(key, before)| Reserves::Pool { pool: PoolId(key), before })
    ];
    let side = prop_oneof![Just(Side::Buy), Just(Side::Sell)];
    let creator = proptest::option::of(key().prop_map(Wallet));
    ((key(), side, quote()), any::<[u64; 7]>(), reserves, creator, rate(), any::<bool>()).prop_map(
        |((user, side, quote), amounts, reserves, creator, creator_rate, mayhem)| {
            let [quote_amount, tokens, lp, protocol, creator_fee, cashback, buyback] = amounts;
            MarketKind::Traded(Traded {
                user: Wallet(user),
                side,
                quote,
                quote_amount,
                tokens: TokenAmount(tokens),
                reserves,
                fees: TradeFees { lp, protocol, creator: creator_fee, cashback, buyback },
                creator,
                creator_rate,
                mayhem,
            })
        },
    )
}

fn a_launch() -> impl Strategy<Value = MarketKind> {
    let names = any::<[String; 3]>().prop_map(|names| names.map(|name| clean(&name).into_owned()));
    let keys = (key(), key());
    let told = (proptest::option::of(curve()), any::<Option<u64>>(), any::<Option<bool>>());
    (names, keys, quote(), told, rate(), any::<bool>()).prop_map(
        |([name, symbol, uri], (user, creator), quote, (curve, supply, token_2022), creator_rate, mayhem)| {
            MarketKind::Launched(Box::new(Launched {
                name,
                symbol,
                uri,
                user: Wallet(user),
                creator: Wallet(creator),
                quote,
                curve,
                supply: supply.map(TokenAmount),
                token_2022,
                mayhem,
                creator_rate,
            }))
        },
    )
}

pub(crate) fn market() -> impl Strategy<Value = Event> {
    let kind = prop_oneof![
        a_trade(),
        a_launch(),
        key().prop_map(|user| MarketKind::Completed { user: Wallet(user) }),
        (key(), pool(), quote()).prop_map(|(key, reserves, quote)| MarketKind::PoolOpened {
            pool: PoolId(key),
            reserves,
            quote
        }),
        (key(), any::<(u64, u64)>(), quote()).prop_map(|(key, (tokens, quote_amount), quote)| {
            MarketKind::Migrated { pool: PoolId(key), tokens: TokenAmount(tokens), quote_amount, quote }
        }),
    ];
    let signature = any::<([u8; 32], [u8; 32])>().prop_map(|(a, b)| {
        let mut bytes = [0; 64];
        bytes[..32].copy_from_slice(&a);
        bytes[32..].copy_from_slice(&b);
        Signature(bytes)
    });
    (any::<i64>(), any::<Option<u64>>(), signature, any::<u16>(), key(), kind).prop_map(
        |(at, slot, signature, ordinal, mint, kind)| {
            let (at, slot, mint) = (ChainTime(at), slot.map(Slot), Mint(mint));
            Event::from(MarketEvent { at, slot, signature, ordinal, mint, kind })
        },
    )
}

pub(crate) fn feed() -> impl Strategy<Value = Event> {
    any::<(u8, u64, u64, i64)>().prop_map(|(which, from, to, at)| {
        let (from, to) = (Slot(from), Slot(to));
        Event::Feed(match which % 7 {
            0 => FeedEvent::Up,
            1 => FeedEvent::Down,
            2 => FeedEvent::Slot { slot: from, at: ChainTime(at) },
            3 => FeedEvent::Gap { from, to },
            4 => FeedEvent::Filled { from, to },
            5 => FeedEvent::DeadSlot(from),
            _ => FeedEvent::Dropped(to.0),
        })
    })
}

fn rates() -> impl Strategy<Value = Rates> {
    any::<[u16; 3]>().prop_map(|[lp, protocol, creator]| Rates {
        lp: Bps(lp),
        protocol: Bps(protocol),
        creator: Bps(creator),
    })
}

fn schedule() -> impl Strategy<Value = FeeSchedule> {
    let tier = || (any::<u128>(), rates()).prop_map(|(threshold, rates)| FeeTier { threshold, rates });
    let tiers = || proptest::collection::vec(tier(), 0..3);
    (rates(), tiers(), tiers(), rates()).prop_map(|(flat, tiers, stable_tiers, exotic)| FeeSchedule {
        flat,
        tiers,
        stable_tiers,
        exotic,
    })
}

fn unknown() -> impl Strategy<Value = Unknown> {
    (0_usize..8).prop_map(|nth| {
        [
            Unknown::NotSeen,
            Unknown::NotConfigured,
            Unknown::TooYoung,
            Unknown::NoTrades,
            Unknown::Incomplete,
            Unknown::Stale,
            Unknown::Failed,
            Unknown::NotApplicable,
        ][nth]
    })
}

fn answer() -> impl Strategy<Value = Answer> {
    let known = prop_oneof![
        any::<([bool; 3], u64)>().prop_map(
            |([mint_authority, freeze_authority, foreign_extension], supply)| Answer::Mint(Ok(MintFacts {
                mint_authority,
                freeze_authority,
                foreign_extension,
                supply: TokenAmount(supply),
            }))
        ),
        (curve(), any::<[bool; 2]>(), key(), quote(), rate()).prop_map(
            |(curve, [complete, mayhem], creator, quote, creator_rate)| {
                let creator = Wallet(creator);
                Answer::Curve(Ok(CurveFacts { curve, complete, creator, quote, mayhem, creator_rate }))
            }
        ),
        proptest::collection::vec((key(), any::<u64>()), 0..4).prop_map(|holders| Answer::Holders(Ok(
            holders.into_iter().map(|(key, amount)| (Wallet(key), TokenAmount(amount))).collect()
        ))),
        any::<[bool; 3]>().prop_map(|[website, twitter, telegram]| Answer::Metadata(Ok(Links {
            website,
            twitter,
            telegram
        }))),
        any::<u32>().prop_map(|members| Answer::Members(Ok(members))),
        (key(), pool()).prop_map(|(key, pool)| Answer::Pool(Ok((PoolId(key), pool)))),
        (schedule(), schedule(), any::<bool>()).prop_map(|(curve, pool, creator_fee_configurable)| {
            Answer::Fees(Ok(Box::new(Schedules { curve, pool, creator_fee_configurable })))
        }),
        (any::<[u64; 3]>(), key()).prop_map(|([size, proceeds, compute_units], creator)| Answer::Proof(Ok(
            Proof {
                size: Lamports(size),
                proceeds: Lamports(proceeds),
                compute_units,
                creator: Wallet(creator),
            }
        ))),
        any::<u64>().prop_map(|fee| Answer::Priority(Ok(Lamports(fee)))),
    ];
    let not = (0_u8..9, unknown()).prop_map(|(which, why)| match which {
        0 => Answer::Mint(Err(why)),
        1 => Answer::Curve(Err(why)),
        2 => Answer::Holders(Err(why)),
        3 => Answer::Metadata(Err(why)),
        4 => Answer::Members(Err(why)),
        5 => Answer::Pool(Err(why)),
        6 => Answer::Fees(Err(why)),
        7 => Answer::Priority(Err(why)),
        _ => Answer::Proof(Err(why)),
    });
    prop_oneof![3 => known, 1 => not]
}

pub(crate) fn enriched() -> impl Strategy<Value = Event> {
    (key(), micros(), any::<Option<u64>>(), answer()).prop_map(|(mint, asked, as_of, answer)| {
        Event::from(Enriched { mint: Mint(mint), asked, as_of: as_of.map(Slot), answer })
    })
}

/// Times that a record can carry: the years 0 to 9999.
pub(crate) fn micros() -> impl Strategy<Value = Timestamp> {
    (-62_135_596_800_000_000_i64..253_402_300_799_000_000).prop_map(Timestamp)
}

proptest! {
    #[test]
    fn whatever_the_pipe_carries_comes_out_as_it_went_in(
        events in proptest::collection::vec(
            (any::<u64>(), micros(), prop_oneof![4 => market(), 1 => feed(), 1 => Just(Event::Tick), 3 => enriched()]),
            1..4,
        )
    ) {
        let envelopes: Vec<_> =
            events.into_iter().map(|(seq, now, event)| Envelope { seq: Seq(seq), now, event }).collect();
        let mut out = Vec::new();
        for envelope in &envelopes {
            writer(Stage::Monitor).event(envelope, &mut out);
        }
        let text = String::from_utf8(out).unwrap();
        let expected: Vec<_> = envelopes.into_iter().map(Record::Event).collect();
        prop_assert_eq!(read(&text).unwrap(), expected);
    }

    #[test]
    fn any_line_is_read_or_refused_and_never_panics(text in "\\PC*") {
        prop_assert!(read(&text).is_ok() || !malformed(&text).what.is_empty());
    }

    #[test]
    fn a_decimal_reads_back_as_itself(units in -(10_i128.pow(30))..10_i128.pow(30)) {
        prop_assert_eq!(Decimal::<9>(units).to_string().parse::<Decimal<9>>().unwrap(), Decimal(units));
    }
}
