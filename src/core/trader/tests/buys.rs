//! Buys.

use super::bench::{A, Bench};
use crate::fact::Fact;
use crate::trader::exits::ExitReason;
use crate::units::Lamports;

#[test]
fn a_signal_becomes_an_order_a_fill_a_position_and_its_stop_an_exit() {
    let mut bench = Bench::new();
    bench.enter(A);
    let buy = bench.order();
    bench.land(&buy);
    assert_eq!(bench.count(|fact| matches!(fact, Fact::PositionOpened { .. })), 1);
    let stop = bench.position().stop;
    assert!(bench.position().mark.above(stop));
    bench.trade_at(A, 7_000);
    let sale = bench.order();
    assert_eq!(sale.exit, Some(ExitReason::Stop));
    let fill = bench.land(&sale);
    let closed = bench.closed().remove(0);
    assert_eq!((closed.reason, closed.proceeds), (ExitReason::Stop, fill.lamports));
    assert!(closed.pnl.0 < 0);
    let view = bench.trader.view();
    assert_eq!(view.result, closed.pnl, "rent is an asset, nothing else is left");
    assert_eq!((view.positions.len(), view.reserved), (0, Lamports(0)));
}
