//! The ledger in every course of events there is, within bounds.
//!
//! Two or three functions write to one ledger at once, and one may read, over one store, on a host whose clock is right. Any one of them
//! may crash anywhere, or none. All orders of their store calls are tried, with snapshots written at any time or
//! never, and what a crashed one had asked for happening at any later time or never. Time passes while somebody
//! waits, in any relation to the calls under way; in the scenes with leaps also while nobody does: beyond patience,
//! beyond the fence, or as long as a write may take. After each end a writer comes by who has to get through, and
//! everything that was told is compared with what the records say.
//!
//! Not covered here but by [`super::chance`]: more people, several crashes, failing calls, clocks that differ, answers
//! that come long after the effect.

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::{
    Invariant,
    exhaustive::{Bounds, Stage, explore},
    flaws::Flaw,
    ledger::Wish,
    people::{Outcome, Scene},
    weather::{Dice, Simulation, Weather},
    world::{TaskId, World},
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

/// Who does what in a ledger.
#[derive(Clone, Copy, Debug)]
struct Plot<'a> {
    /// What they want, one each.
    wishes: &'a [Wish],
    /// How often each of them tries where it is worth trying again.
    tries: u32,
    /// How often somebody looks who follows along.
    looks: u32,
}

/// One try each, and nobody looks.
const fn once(wishes: &[Wish]) -> Plot<'_> {
    Plot {
        wishes,
        tries: 1,
        looks: 0,
    }
}

fn stage(world: &World, plot: Plot<'_>, flaw: Flaw) -> Stage {
    let scene = Scene::new(world, 1, TIMING, flaw);
    let mut simulation = Simulation::new(world.clone(), Dice::new(0), Weather::CALM);
    let opening = scene.clone();
    world.client("opening", async move {
        opening.open(0).await.expect("nothing fails");
    });
    // What this breaks already is known to the world.
    let _ = simulation.run_dry();
    let writers = plot.wishes.iter().map(|&wish| {
        let scene = scene.clone();
        world.client("person", async move {
            for _ in 0..plot.tries {
                match scene.send(0, wish).await {
                    Some(Outcome::Busy(retry_after)) => scene.world.pause(retry_after).await,
                    Some(_) => return,
                    None => {}
                }
            }
        })
    });
    let mut clients: Vec<TaskId> = writers.collect();
    if plot.looks > 0 {
        clients.push(world.client("reader", scene.clone().look_on(plot.looks)));
    }
    Stage {
        clients,
        judge: Box::new(move || scene.conclude(&mut simulation)),
    }
}

fn try_all(name: &str, bounds: Bounds, plot: Plot<'_>) {
    match explore(bounds, |world| stage(world, plot, Flaw::None)) {
        Ok(explored) => println!("{name}: {explored}"),
        Err((broken, trace)) => panic!("{}\n\n{name}: {broken}", trace.join("\n")),
    }
}

#[test]
fn three_writers_and_a_crash() {
    try_all("three writers, a crash", ALIKE, once(&POSTS));
}

#[test]
fn two_writers_a_crash_and_leaps_of_time() {
    let bounds = Bounds { leaps: 2, ..ALIKE };
    try_all("two writers, a crash, two leaps", bounds, once(&POSTS[..2]));
}

#[test]
fn two_writers_who_try_again_and_a_crash() {
    let plot = Plot {
        tries: 2,
        ..once(&POSTS[..2])
    };
    try_all("two writers who try again, a crash", BOUNDS, plot);
}

#[test]
fn a_reader_beside_two_writers_and_a_crash() {
    let plot = Plot {
        looks: 2,
        ..once(&POSTS[..2])
    };
    try_all(
        "two writers, a reader who looks twice, a crash",
        BOUNDS,
        plot,
    );
}

#[test]
fn a_rush_for_what_only_one_can_have_and_a_crash() {
    let bounds = Bounds {
        background: false,
        ..BOUNDS
    };
    let plot = once(&[Wish::Claim(1), Wish::Claim(2), Wish::Close(3)]);
    try_all(
        "two claims and a close, no snapshots, a crash",
        bounds,
        plot,
    );
}

#[test]
fn places_of_several_numbers_a_crash_and_a_leap_of_time() {
    let bounds = Bounds { leaps: 1, ..BOUNDS };
    let plot = once(&[Wish::Claim(1), Wish::Post { id: 2, answers: 1 }]);
    try_all("a claim and a long message, a crash, a leap", bounds, plot);
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
        (Flaw::LooseCounter, Invariant::OneOrder, messages, 0),
        (Flaw::DecidesOnce, Invariant::OneHolder, claims, 0),
        (Flaw::SnapshotFirst, Invariant::SnapshotBehind, messages, 0),
        (Flaw::NeverSeals, Invariant::NeverStuck, messages, 0),
        (Flaw::WritesRefused, Invariant::RefusalIsNothing, claims, 0),
    ] {
        let plot = Plot {
            tries: 2,
            ..once(&wishes)
        };
        let explored = explore(Bounds { leaps, ..BOUNDS }, |world| {
            world.mind_only(invariant);
            stage(world, plot, flaw)
        });
        let (broken, _) = explored.expect_err("a flaw");
        assert_eq!(broken.invariant, invariant, "{flaw:?}");
    }
}
