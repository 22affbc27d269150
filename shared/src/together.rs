//! Several futures at once.

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    task::Poll,
};

/// How many run at a time: as many as keep a store busy, and few enough to look at all of them whenever one is done.
const AT_ONCE: usize = 32;

/// What all of `futures` come to, in their order.
///
/// The same as `futures::future::join_all` in less code: what is made anew for every type of future is only the boxes.
pub async fn all<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let start = |future| Place::Running(Box::pin(future) as Pin<Box<dyn Future<Output = _>>>);
    poll_all(futures.into_iter().map(start).collect()).await
}

enum Place<'a, T> {
    Running(Pin<Box<dyn Future<Output = T> + 'a>>),
    Done(T),
}

async fn poll_all<T>(mut places: Vec<Place<'_, T>>) -> Vec<T> {
    poll_fn(|context| {
        let mut running = 0;
        for place in &mut places {
            if let Place::Running(future) = place {
                match future.as_mut().poll(context) {
                    Poll::Ready(output) => *place = Place::Done(output),
                    Poll::Pending => running += 1,
                }
            }
            if running == AT_ONCE {
                break;
            }
        }
        if running == 0 {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
    let output = |place| match place {
        Place::Running(_) => None,
        Place::Done(output) => Some(output),
    };
    places.into_iter().filter_map(output).collect()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::memory::run;

    /// Done when it was polled `left` more times.
    async fn after(mut left: usize, running: &Cell<usize>, most: &Cell<usize>) {
        running.set(running.get() + 1);
        most.set(most.get().max(running.get()));
        poll_fn(|_| {
            if left == 0 {
                return Poll::Ready(());
            }
            left -= 1;
            Poll::Pending
        })
        .await;
        running.set(running.get() - 1);
    }

    #[test]
    fn they_run_at_once_and_stay_in_order() {
        let (running, most) = (Cell::new(0), Cell::new(0));
        let number = async |number: usize| {
            after(100 - number, &running, &most).await;
            number
        };
        let numbers = run(all((0..100).map(number)));
        assert!(numbers.into_iter().eq(0..100));
        assert_eq!((running.get(), most.get()), (0, AT_ONCE));
    }

    #[test]
    fn none_is_none() {
        let nothing: Vec<()> = run(all(Vec::<std::future::Ready<()>>::new()));
        assert!(nothing.is_empty());
    }
}
