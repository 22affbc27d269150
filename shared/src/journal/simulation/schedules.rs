//! The ledger in every course of events there is, within bounds.
//!
//! Two or three functions work on one ledger at once, over one store, on a host whose clock is right. Any one of them
//! may crash anywhere, or none. All orders of their store calls are tried, with snapshots written at any time or
//! never, and what a crashed one had asked for happening at any later time or never. Time passes while somebody
//! waits, in any relation to the calls under way; in the scenes with leaps also while nobody does: beyond patience,
//! beyond the fence, or as long as a write may take. After each end a writer comes by who has to get through, and
//! everything that was told is compared with what the records say.
//!
//! Not covered here but by [`super::chance`]: more people, several crashes, failing calls, clocks that differ, answers
//! that come long after the effect, readers with cursors.

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::{
    Invariant,
    exhaustive::{Bounds, Explored, Stage, explore},
    flaws::Flaw,
    ledger::Wish,
    people::{Outcome, Scene},
    weather::{Dice, Simulation, Weather},
    world::World,
};
use crate::journal::Timing;

/// Short enough to have few pauses; the proportions of the real one.
const TIMING: Timing = Timing {
    patience: 2,
    fence: 4,
    write: 10,
    grace: 15,
    first_pause: 3,
    longest_pause: 3,
};

/// One crash, and time that passes by waiting only.
const BOUNDS: Bounds = Bounds {
    crashes: 1,
    leaps: 0,
    // Beyond patience, beyond the fence, and as long as a write may take.
    lengths: &[3, 5, 10],
    limit: TIMING.write,
    alike: false,
    background: true,
};

const ALIKE: Bounds = Bounds {
    alike: true,
    ..BOUNDS
};

const POSTS: [Wish; 3] = [post(1), post(2), post(3)];

const fn post(id: u32) -> Wish {
    Wish::Post { id, answers: 0 }
}

/// Everybody has one wish, and tries as often as it is worth.
fn stage(world: &World, wishes: &[Wish], tries: u32, flaw: Flaw) -> Stage {
    let scene = Scene::new(world, 1, TIMING, flaw);
    let mut simulation = Simulation::new(world.clone(), Dice::new(0), Weather::CALM);
    let opening = scene.clone();
    world.client("opening", async move {
        opening.open(0).await.expect("nothing fails");
    });
    // What this breaks already is known to the world.
    let _ = simulation.run_dry();
    let clients = wishes.iter().map(|&wish| {
        let scene = scene.clone();
        world.client("person", async move {
            for _ in 0..tries {
                match scene.send(0, wish).await {
                    Some(Outcome::Busy(retry_after)) => scene.world.pause(retry_after).await,
                    Some(_) => return,
                    None => {}
                }
            }
        })
    });
    Stage {
        clients: clients.collect(),
        judge: Box::new(move || scene.conclude(&mut simulation)),
    }
}

fn all(name: &str, bounds: Bounds, wishes: &[Wish], tries: u32) -> Explored {
    match explore(bounds, |world| stage(world, wishes, tries, Flaw::None)) {
        Ok(explored) => {
            println!("{name}: {explored}");
            explored
        }
        Err((broken, trace)) => panic!("{}\n\n{name}: {broken}", trace.join("\n")),
    }
}

#[test]
fn three_writers_and_a_crash() {
    all("three writers, a crash", ALIKE, &POSTS, 1);
}

#[test]
fn two_writers_a_crash_and_leaps_of_time() {
    let bounds = Bounds { leaps: 2, ..ALIKE };
    all("two writers, a crash, two leaps", bounds, &POSTS[..2], 1);
}

#[test]
fn two_writers_who_try_again_and_a_crash() {
    all("two writers who try again, a crash", BOUNDS, &POSTS[..2], 2);
}

#[test]
fn a_rush_for_what_only_one_can_have() {
    let bounds = Bounds {
        background: false,
        ..BOUNDS
    };
    let wishes = [Wish::Claim(1), Wish::Claim(2), Wish::Close(3)];
    all("two claims and a close, a crash", bounds, &wishes, 1);
}

#[test]
fn places_of_several_numbers() {
    let bounds = Bounds { leaps: 1, ..BOUNDS };
    let wishes = [Wish::Claim(1), Wish::Post { id: 2, answers: 1 }];
    all(
        "a claim and a long message, a crash, a leap",
        bounds,
        &wishes,
        1,
    );
}

#[test]
fn flaws_are_found_here_too() {
    let claims = [Wish::Claim(1), Wish::Claim(2)];
    let messages = [post(1), post(2)];
    for (flaw, invariant, wishes, leaps) in [
        (Flaw::AcknowledgesEarly, Invariant::NoneLost, messages, 0),
        (Flaw::ForgetsIds, Invariant::NoneDoubled, [post(1); 2], 0),
        (Flaw::SkipsHoles, Invariant::OneOrder, messages, 1),
        (Flaw::SealsAtOnce, Invariant::OneOrder, messages, 0),
        (Flaw::NoFence, Invariant::OneOrder, messages, 1),
        (Flaw::LooseCounter, Invariant::OneOrder, messages, 0),
        (Flaw::DecidesOnce, Invariant::OneHolder, claims, 0),
        (Flaw::SnapshotFirst, Invariant::SnapshotBehind, messages, 0),
        (Flaw::NeverSeals, Invariant::NeverStuck, messages, 0),
        (Flaw::WritesRefused, Invariant::RefusalIsNothing, claims, 0),
    ] {
        let explored = explore(Bounds { leaps, ..BOUNDS }, |world| {
            world.mind_only(invariant);
            stage(world, &wishes, 2, flaw)
        });
        let (broken, _) = explored.expect_err("a flaw");
        assert_eq!(broken.invariant, invariant, "{flaw:?}");
    }
}
