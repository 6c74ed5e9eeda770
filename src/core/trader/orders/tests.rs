//! The table of attempts, exhaustively, and the fees of a transaction.

use super::*;
use crate::action::{Basis, Swap};
use crate::event::Fill;
use crate::event::Side;
use crate::ids::{Mint, Signature, Slot};
use crate::quotes::{Curve, Fees as VenueFees, Liquidity, Rates};
use crate::units::{Bps, TokenAmount};
use AttemptState::{Expired, Failed, Landed, Prepared, Refused, Sent, Submitted};

fn order() -> Order {
    Order {
        attempt: AttemptId::default(),
        mint: Mint::default(),
        wallet: Wallet::default(),
        swap: Swap::Buy { spend: Lamports(1), min_tokens: TokenAmount(1) },
        exit: None,
        bound: Bps(0),
        priority: Lamports(0),
        tip: Lamports(0),
        urgent: false,
        whole_balance: false,
        draw: 0,
        basis: Basis { liquidity: Liquidity::Curve(Curve::FRESH), rates: Rates::default() },
    }
}

fn told() -> [ExecutionKind; 7] {
    let costs = NetworkCosts::default();
    let fill = Fill {
        side: Side::Buy,
        tokens: TokenAmount(1),
        lamports: Lamports(1),
        fees: VenueFees::default(),
        costs,
        rent_locked: Lamports(0),
        impact: None,
    };
    [
        ExecutionKind::Prepared { signature: Signature::default(), last_valid_height: 1, raw: Vec::new() },
        ExecutionKind::Refused { why: String::new() },
        ExecutionKind::Sent { lane: String::new() },
        ExecutionKind::Landed { slot: Slot(1), fill },
        ExecutionKind::Failed { slot: Slot(1), error: String::new(), costs },
        ExecutionKind::Expired,
        ExecutionKind::Vanished { order: Box::new(order()), slot: Slot(1), fill },
    ]
}

#[test]
fn every_state_answers_everything_that_can_be_told_as_the_table_says() {
    let none = None;
    let table = [
        // state      prepared        refused        sent           landed        failed        expired        vanished
        (Submitted, [Some(Prepared), Some(Refused), none, none, none, none, none]),
        (Prepared, [none, Some(Refused), Some(Sent), Some(Landed), Some(Failed), Some(Expired), none]),
        (Sent, [none, none, Some(Sent), Some(Landed), Some(Failed), Some(Expired), none]),
        (Landed, [none, none, Some(Landed), none, none, none, Some(Sent)]),
        (Failed, [none, none, Some(Failed), none, none, none, none]),
        (Expired, [none, none, Some(Expired), none, none, none, none]),
        (Refused, [none; 7]),
    ];
    assert_eq!(table.map(|(state, _)| state), AttemptState::ALL);
    for (state, row) in table {
        for (told, expected) in told().iter().zip(row) {
            let next = state.on(AttemptId::default(), told);
            assert_eq!(next.as_ref().ok(), expected.as_ref(), "{state:?} told {told:?}");
            if let Ok(next) = next {
                let taken_back = matches!(told, ExecutionKind::Vanished { .. });
                assert!(!state.ended() || next == state || taken_back, "an end is an end");
            }
        }
    }
}

#[test]
fn urgent_exits_pay_three_times_the_floors_within_their_own_caps() {
    let mut config = Config::default();
    let plain = Fees { priority: Lamports(10_000), tip: Lamports(10_000) };
    assert_eq!(Fees::of(&config, false, None), plain);
    assert_eq!(Fees::of(&config, true, None), Fees { priority: Lamports(30_000), tip: Lamports(30_000) });
    config.execution.priority_floor = Lamports(1_000_001);
    config.execution.tip_floor = Lamports(1_000_000);
    let capped = Fees { priority: Lamports(1_000_000), tip: Lamports(1_000_000) };
    assert_eq!(Fees::of(&config, false, None), capped);
    assert_eq!(
        Fees::of(&config, true, None),
        Fees { priority: Lamports(3_000_000), tip: Lamports(3_000_000) }
    );
    let beside = |mode| plain.beside_buy(&Config::default(), mode);
    assert_eq!(beside(Mode::Paper), Lamports(5_000 + 20_000 + 2_074_080));
    assert_eq!(beside(Mode::Live), Lamports(5_000 + 20_000 + 2_074_080 + 3_883_680));
}

#[test]
fn the_priority_fee_follows_what_others_pay_between_its_floor_and_its_cap() {
    let config = Config::default();
    let pays = |urgent, recently| {
        let Fees { priority, tip } = Fees::of(&config, urgent, Some(Lamports(recently)));
        assert_eq!(tip, Fees::of(&config, urgent, None).tip, "a tip goes to another market");
        priority.0
    };
    assert_eq!(pays(false, 0), 10_000);
    assert_eq!(pays(false, 6_666), 10_000);
    assert_eq!(pays(false, 20_001), 30_001);
    assert_eq!(pays(true, 20_001), 90_003);
    assert_eq!(pays(false, 700_000), 1_000_000);
    assert_eq!(pays(true, 700_000), 3_000_000);
    assert_eq!(pays(true, u64::MAX), 3_000_000);
}
