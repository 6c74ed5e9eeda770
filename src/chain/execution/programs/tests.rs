//! What is seen of the programs, and what proves them anew.

use momentum_core::event::Proof;
use momentum_core::ids::Wallet;
use momentum_core::units::Lamports;

use super::*;
use crate::trade::tests::coin;

/// A picture of a slot in which the accounts of these places have other data than at first.
fn picture(slot: u64, changed: &[usize]) -> Picture {
    let account = |nth| Some((Pubkey([1; 32]), vec![u8::from(changed.contains(&nth))]));
    Picture { slot: Slot(slot), accounts: (0..7).map(account).collect() }
}

fn proof(slot: u64, on_pool: bool) -> Proved {
    let (size, proceeds) = (Lamports(100), Lamports(98));
    let proof = Proof { size, proceeds, compute_units: 1, creator: Wallet::default() };
    Proved { coin: Some(coin(false, on_pool)), outcome: Ok((Slot(slot), proof)) }
}

fn watch() -> (Watch, watch::Receiver<Standing>) {
    let (standing, told) = watch::channel(Standing::new());
    let mut watch = Watch::new(standing, watch::Sender::default());
    assert!(!watch.sees(picture(10, &[])), "what is seen first is how it is");
    (watch, told)
}

fn why(told: &watch::Receiver<Standing>, venue: Venue) -> String {
    told.borrow().get(&venue).cloned().unwrap_or_default()
}

#[test]
fn what_is_as_it_was_or_is_told_by_a_node_that_lags_is_no_change() {
    let (mut watch, told) = watch();
    assert!(!watch.sees(picture(11, &[])));
    assert!(!watch.sees(picture(9, &[0])));
    assert!(!watch.sees(picture(11, &[])));
    assert!(told.borrow().is_empty());
    assert!(watch.sees(picture(11, &[0])), "of the same slot the later word counts");
}

#[test]
fn a_changed_curve_is_proven_by_a_coin_on_its_curve_once_the_fees_are_known() {
    let (mut watch, told) = watch();
    assert!(watch.sees(picture(20, &[0, 5])));
    let began =
        "the bonding curve program, the fees of curves changed in slot 20 or a little before; not proven: ";
    assert_eq!(why(&told, Venue::Curve), format!("{began}no coin was tried yet"));
    watch.proved(&proof(19, false));
    watch.proved(&proof(20, true));
    watch.knows_fees(Slot(19));
    watch.proved(&Proved { outcome: Err("it fails".to_owned()), ..proof(20, false) });
    assert_eq!(
        why(&told, Venue::Curve),
        format!("{began}it fails"),
        "an older slot, and a pool, prove nothing"
    );
    watch.proved(&proof(20, false));
    assert_eq!(why(&told, Venue::Curve), format!("{began}the fees are not read yet"));
    watch.knows_fees(Slot(20));
    assert!(told.borrow().is_empty());
}

#[test]
fn a_change_of_both_venues_takes_a_proof_of_each_and_a_later_one_all_over() {
    let (mut watch, told) = watch();
    assert!(watch.sees(picture(20, &[2])));
    watch.knows_fees(Slot(20));
    watch.proved(&proof(21, false));
    assert!(why(&told, Venue::Pool).starts_with("the fee program changed"));
    assert_eq!(told.borrow().len(), 1);
    assert!(watch.sees(picture(22, &[2, 3])));
    watch.proved(&proof(23, true));
    assert!(why(&told, Venue::Curve).starts_with("the settings of curves changed"));
    assert_eq!(told.borrow().len(), 1);
    watch.knows_fees(Slot(23));
    watch.proved(&proof(23, false));
    assert!(told.borrow().is_empty());
}

#[test]
fn coins_are_tried_one_by_one_the_newest_first_and_only_where_there_is_something_to_prove() {
    let (mut watch, _told) = watch();
    let [one, other] = [1, 2].map(|key| Mint(Pubkey([key; 32])));
    [one, other, one].into_iter().for_each(|mint| watch.met(mint));
    watch.untried = watch.met.iter().rev().copied().collect();
    assert_eq!(watch.next(), None);
    assert!(watch.sees(picture(20, &[0])));
    assert_eq!(watch.next(), Some(one));
    assert_eq!(watch.next(), None, "one at a time");
    watch.trying = false;
    assert_eq!(watch.next(), Some(other));
}

#[test]
fn who_begins_unproven_stays_so_until_the_venue_is_proven() {
    let before = Standing::from([(Venue::Curve, "a change before; not proven: it fails".to_owned())]);
    let (standing, told) = watch::channel(before);
    let mut watch = Watch::new(standing, watch::Sender::default());
    assert!(!watch.sees(picture(30, &[])));
    assert_eq!(why(&told, Venue::Curve), "a change before; not proven: no coin was tried yet");
    watch.knows_fees(Slot(30));
    watch.proved(&proof(30, false));
    assert!(told.borrow().is_empty());
}

#[test]
fn what_is_not_as_an_earlier_process_saw_it_proven_is_a_change_and_is_kept_once_it_is_proven() {
    let (proven, kept) = watch::channel(picture(10, &[]).sums());
    let (standing, told) = watch::channel(Standing::new());
    let mut watch = Watch::new(standing, proven);
    assert!(watch.sees(picture(20, &[0])), "the first one of this process");
    assert!(why(&told, Venue::Curve).starts_with("the bonding curve program changed in slot 20"));
    assert_eq!(told.borrow().len(), 1);
    assert_eq!(*kept.borrow(), picture(10, &[]).sums(), "it is not proven");
    watch.knows_fees(Slot(20));
    watch.proved(&proof(20, false));
    assert!(told.borrow().is_empty());
    assert_eq!(*kept.borrow(), picture(20, &[0]).sums());
}
