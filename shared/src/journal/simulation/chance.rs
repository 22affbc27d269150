//! The ledger in any weather, by dice.

use std::rc::Rc;

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::{
    Broken, Invariant, SKEW,
    flaws::Flaw,
    ledger::Wish,
    people::{Outcome, Scene},
    seeds::{find, play_all},
    weather::{Dice, Simulation, Weather},
    world::World,
};
use crate::{journal::Timing, ports::Millis};

/// The hosts that serve one journal.
const HOSTS: usize = 2;

/// The seeds within which a flaw has to be found.
const SOON: u64 = 2_000;

/// Two to five people and up to two readers around one ledger, in a weather where calls take up to `limit`.
fn play(seed: u64, world: &World, flaw: Flaw, limit: Millis) -> Result<(), Broken> {
    let mut dice = Dice::new(seed);
    let weather = Weather::any(&mut dice, limit, SKEW, HOSTS);
    let scene = Scene::new(world, HOSTS, Timing::DEFAULT, flaw);
    let people = 2 + u8::try_from(dice.up_to(3)).expect("few people");
    let readers = dice.up_to(2);
    let direction = direct(scene.clone(), people, readers, dice.split());
    world.client("direction", direction);
    let mut simulation = Simulation::new(world.clone(), dice.split(), weather);
    simulation.run_dry()?;
    scene.conclude(&mut simulation)
}

async fn direct(scene: Rc<Scene>, people: u8, readers: u64, mut dice: Dice) {
    while scene.open(dice.index(HOSTS)).await.is_err() {}
    scene.busy.set(people.into());
    for number in 0..people {
        let person = scene.clone().person(number, dice.split());
        scene.world.client("person", person);
    }
    for _ in 0..readers {
        let reader = scene.clone().reader(dice.split());
        scene.world.client("reader", reader);
    }
}

#[test]
fn every_invariant_holds_in_any_weather() {
    play_all(20_000, |seed, world| {
        play(seed, world, Flaw::None, Timing::DEFAULT.write)
    });
}

#[test]
fn every_invariant_bites() {
    for (flaw, invariant) in [
        (Flaw::AcknowledgesEarly, Invariant::NoneLost),
        (Flaw::AcknowledgesEarly, Invariant::NoneLate),
        (Flaw::ForgetsIds, Invariant::NoneDoubled),
        (Flaw::SkipsHoles, Invariant::OneOrder),
        (Flaw::SealsAtOnce, Invariant::OneOrder),
        (Flaw::NoFence, Invariant::OneOrder),
        (Flaw::LooseCounter, Invariant::OneOrder),
        (Flaw::DecidesOnce, Invariant::OneHolder),
        (Flaw::DecidesOnce, Invariant::RightAnswers),
        (Flaw::SnapshotFirst, Invariant::SnapshotBehind),
        (Flaw::NeverSeals, Invariant::NeverStuck),
        (Flaw::SkipsHoles, Invariant::FoldIsState),
        (Flaw::WritesRefused, Invariant::RefusalIsNothing),
    ] {
        let found = find(0..SOON, &|seed, world: &World| {
            world.mind_only(invariant);
            play(seed, world, flaw, Timing::DEFAULT.write)
        });
        let (seed, broken) = found
            .unwrap_or_else(|| panic!("{flaw:?} does not break {invariant:?} in {SOON} seeds"));
        assert_eq!(broken.invariant, invariant);
        println!("{flaw:?} breaks {invariant:?}: seed {seed}");
    }
}

/// A store that takes six times as long as [`Timing`] allows for.
const TOO_SLOW: Millis = 6 * Timing::DEFAULT.write;

#[test]
fn what_is_acknowledged_stays_even_if_the_store_is_slower_than_assumed() {
    play_all(2_000, |seed, world| {
        world.mind_only(Invariant::NoneLost);
        play(seed, world, Flaw::None, TOO_SLOW)
    });
    let found = find(0..SOON, &|seed, world: &World| {
        world.mind_only(Invariant::NoneLost);
        play(seed, world, Flaw::BelievesLateWrites, TOO_SLOW)
    });
    assert!(found.is_some(), "or else it would be for nothing");
}

#[test]
fn a_crowd_gets_through_at_once() {
    let world = World::new(0);
    let scene = Scene::new(&world, 1, Timing::DEFAULT, Flaw::None);
    let weather = Weather {
        usual: 1,
        ..Weather::CALM
    };
    let mut simulation = Simulation::new(world.clone(), Dice::new(0), weather);
    let opening = scene.clone();
    let opened = world.client("opening", async move {
        opening.open(0).await.expect("nothing fails");
    });
    assert!(simulation.run_until_end_of(opened).is_ok());
    let (begun, before) = (world.now(), world.calls());
    for id in 0..50 {
        let scene = scene.clone();
        world.client("person", async move {
            let outcome = scene.send(0, Wish::Post { id, answers: 0 }).await;
            assert!(matches!(outcome, Some(Outcome::Done(..))), "{outcome:?}");
        });
    }
    assert!(simulation.run_dry().is_ok());
    let (took, calls) = (world.now() - begun, (world.calls() - before) / 50);
    println!("50 at once took {took} ms, each {calls} calls and pauses");
    assert!(took < 500 && calls < 100);
    assert!(scene.conclude(&mut simulation).is_ok());
    world.end();
}
