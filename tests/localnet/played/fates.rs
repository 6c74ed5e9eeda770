//! What may become of a transaction on its way, and of the slot that it landed in.

use momentum_core::ids::Pubkey;
use momentum_localnet::chain::{Chain, Coin, Fate, Options, Way};

const TO: Pubkey = Pubkey([7; 32]);

#[test]
fn a_send_that_vanishes_never_lands_and_may_be_sent_again() {
    let chain = Chain::new(Options::default());
    let agent = chain.agent();
    let raw = agent.signed(&[agent.lamports_to(&TO, 3_000_000)]);
    chain.fates([Fate::Vanishes]);
    let name = chain.send(&raw).unwrap();
    chain.steps(5);
    assert_eq!(chain.landed(&name), None);
    chain.send(&raw).unwrap();
    chain.step();
    assert_eq!(chain.balance(&TO), 3_000_000);
}

#[test]
fn a_late_send_lands_up_to_the_last_height_of_its_blockhash_and_no_later() {
    let chain = Chain::new(Options::default());
    let agent = chain.agent();
    let (_, last) = chain.blockhash();
    chain.fates([Fate::LastMoment, Fate::Late(150), Fate::Late(10)]);
    let send = |lamports| chain.send(&agent.signed(&[agent.lamports_to(&TO, lamports)])).unwrap();
    let (at_last, too_late, late) = (send(3_000_000), send(4_000_000), send(5_000_000));
    chain.steps(10);
    assert_eq!(chain.landed(&late), None);
    chain.step();
    assert!(chain.landed(&late).is_some());
    while chain.height() < last - 1 {
        chain.step();
    }
    assert_eq!(chain.landed(&at_last), None);
    chain.step();
    assert_eq!(chain.height(), last);
    assert!(chain.landed(&at_last).is_some());
    chain.steps(5);
    assert_eq!(chain.landed(&too_late), None);
    assert_eq!(chain.balance(&TO), 8_000_000);
}

#[test]
fn a_send_that_fails_pays_its_fee_and_does_nothing() {
    let chain = Chain::new(Options::default());
    let agent = chain.agent();
    let before = chain.balance(&agent.address());
    chain.fates([Fate::Fails]);
    let name = chain.send(&agent.signed(&[agent.lamports_to(&TO, 3_000_000)])).unwrap();
    chain.step();
    let landed = chain.landed(&name).unwrap();
    assert!(landed.error.is_some());
    assert!(landed.fee >= 5_000);
    assert_eq!(before - chain.balance(&agent.address()), landed.fee);
    assert_eq!(chain.balance(&TO), 0);
}

#[test]
fn the_same_bytes_land_once() {
    let chain = Chain::new(Options::default());
    let agent = chain.agent();
    let raw = agent.signed(&[agent.lamports_to(&TO, 3_000_000)]);
    for _ in 0..3 {
        chain.send(&raw).unwrap();
    }
    chain.steps(3);
    assert!(chain.send(&raw).is_err());
    chain.send_unseen(&raw).unwrap();
    chain.steps(3);
    assert_eq!(chain.balance(&TO), 3_000_000);
}

#[test]
fn a_dead_slot_is_undone_and_what_was_in_it_lands_in_the_next() {
    let chain = Chain::new(Options::default());
    let agent = chain.agent();
    let (mint, launched) = agent.launch(&Coin::default());
    agent.done(launched);
    let (lamports, curve) = (chain.balance(&agent.address()), chain.curve(&mint));
    let bought = agent.buy(&mint, 1_000_000_000, Way::V3);
    let dead = chain.step_dead();
    assert_eq!(chain.landed(&bought), None);
    assert_eq!((chain.balance(&agent.address()), chain.curve(&mint)), (lamports, curve));
    let height = chain.height();
    chain.step();
    assert_eq!(chain.height(), height + 1);
    assert_eq!(chain.landed(&bought).unwrap().slot, dead + 1);
    assert_eq!(agent.tokens(&mint), 34_199_203_120_618);
}
