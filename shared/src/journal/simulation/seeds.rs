//! Plays many seeds, and shows the one that breaks something.

use std::{env, thread};

use super::{Broken, world::World};

/// Names the one seed to play, with all that happens printed.
const SEED: &str = "ALAP_SEED";

/// How many seeds to play instead of the usual number.
const SEEDS: &str = "ALAP_SEEDS";

/// Plays the seeds from 0 on, `usual` of them natively and fewer where there is but one slow thread.
///
/// # Panics
/// With the seed and all that happened, when an invariant breaks.
pub(crate) fn play_all(usual: u64, play: impl Fn(u64, &World) -> Result<(), Broken> + Sync) {
    if let Some(seed) = variable(SEED) {
        let (outcome, trace) = play_traced(seed, &play);
        println!("{}", trace.join("\n"));
        outcome.unwrap_or_else(|broken| panic!("seed {seed}: {broken}"));
        return;
    }
    let (count, threads) = if cfg!(target_family = "wasm") {
        (usual / 40, 1)
    } else {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        (variable(SEEDS).unwrap_or(usual), threads)
    };
    let first = if threads == 1 {
        find(0..count, &play)
    } else {
        let step = count.div_ceil(threads as u64).max(1);
        let play = &play;
        thread::scope(|scope| {
            let parts: Vec<_> = (0..count)
                .step_by(usize::try_from(step).expect("few seeds"))
                .map(|from| scope.spawn(move || find(from..count.min(from + step), play)))
                .collect();
            let found = parts.into_iter().map(|part| part.join().expect("a part"));
            found.fold(None, Option::or)
        })
    };
    if let Some((seed, broken)) = first {
        let (_, trace) = play_traced(seed, &play);
        let trace = trace.join("\n");
        panic!("{trace}\n\nseed {seed} ({SEED}={seed} plays it alone): {broken}");
    }
}

/// The first of the seeds that breaks something, and what.
pub(crate) fn find(
    mut seeds: impl Iterator<Item = u64>,
    play: &impl Fn(u64, &World) -> Result<(), Broken>,
) -> Option<(u64, Broken)> {
    seeds.find_map(|seed| {
        let world = World::new(seed);
        let outcome = play(seed, &world);
        world.end();
        outcome.err().map(|broken| (seed, broken))
    })
}

fn play_traced(
    seed: u64,
    play: &impl Fn(u64, &World) -> Result<(), Broken>,
) -> (Result<(), Broken>, Vec<String>) {
    let world = World::new(seed);
    world.trace();
    let outcome = play(seed, &world);
    let trace = world.traced();
    world.end();
    (outcome, trace)
}

fn variable(name: &str) -> Option<u64> {
    env::var(name).ok()?.parse().ok()
}
