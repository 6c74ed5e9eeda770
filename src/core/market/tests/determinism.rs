//! The same events make the same state, byte for byte; a snapshot goes on as if nothing had happened.

use proptest::prelude::*;

use super::stage::{CREATOR, SOL, Stage, key, wallet};
use crate::event::{Answer, FeedEvent, Links, Side};
use crate::ids::{Mint, Slot};
use crate::market::Market;

/// One thing that happens: token, what, who, how much.
type Step = (u64, u8, u64, u64);

fn play(stage: &mut Stage, curves: &mut [crate::quotes::Curve], steps: &[Step]) {
    for (token, what, user, amount) in steps {
        stage.mint = Mint(key(*token));
        let place = usize::try_from(*token).unwrap();
        stage.curve = curves[place];
        let user = if *user == 0 { CREATOR } else { *user };
        match what {
            0 => stage.launch(),
            1..=5 if stage.curve.real_token > 0 => stage.buy(wallet(user), (1 + amount) * SOL / 100),
            1..=5 => {}
            6..=7 => {
                let held = crate::quotes::Curve::FRESH.real_token - stage.curve.real_token;
                let tokens = held / 100 * (amount % 100);
                if tokens > 0 {
                    stage.trade_tokens(wallet(user), Side::Sell, tokens);
                }
            }
            8 => stage.wait(i64::try_from(*amount).unwrap()),
            9 => stage.feed(FeedEvent::Gap { from: Slot(stage.slot), to: Slot(stage.slot + 1) }),
            10 => stage.feed(FeedEvent::DeadSlot(Slot(stage.slot))),
            _ => stage.answer(Answer::Metadata(Ok(Links { website: true, twitter: true, telegram: true }))),
        }
        curves[place] = stage.curve;
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec((0_u64..6, 0_u8..12, 0_u64..40, 0_u64..200), 1..120)
}

fn bytes(market: &Market) -> Vec<u8> {
    postcard::to_stdvec(market).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_same_events_make_the_same_bytes_and_a_snapshot_goes_on_alike(steps in steps(), cut in 0_usize..120) {
        let cut = cut.min(steps.len());
        let fresh = || (Stage::new(), [crate::quotes::Curve::FRESH; 6]);
        let (mut once, mut curves) = fresh();
        play(&mut once, &mut curves, &steps);

        let (mut twice, mut curves) = fresh();
        play(&mut twice, &mut curves, &steps[..cut]);
        twice.market = postcard::from_bytes(&bytes(&twice.market)).unwrap();
        twice.forget();
        play(&mut twice, &mut curves, &steps[cut..]);

        prop_assert_eq!(bytes(&once.market), bytes(&twice.market));
        let told = once.effects.facts.len() - twice.effects.facts.len().min(once.effects.facts.len());
        prop_assert_eq!(&once.effects.facts[told..], &twice.effects.facts[..]);
    }
}
