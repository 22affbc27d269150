//! Counting what is under way, and waiting until nothing is.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Notify;

/// A count of things under way.
#[derive(Clone, Default)]
pub(crate) struct Busy(Arc<Inner>);

#[derive(Default)]
struct Inner {
    count: AtomicUsize,
    idle: Notify,
}

/// One thing under way, until it is dropped.
pub(crate) struct BusyGuard(Busy);

impl Busy {
    pub(crate) fn begin(&self) -> BusyGuard {
        self.0.count.fetch_add(1, Ordering::AcqRel);
        BusyGuard(self.clone())
    }

    /// Returns when nothing is under way.
    pub(crate) async fn idle(&self) {
        loop {
            // Registered before the look at the count, so that the last guard's drop cannot slip in between.
            let mut idle = std::pin::pin!(self.0.idle.notified());
            idle.as_mut().enable();
            if self.0.count.load(Ordering::Acquire) == 0 {
                return;
            }
            idle.await;
        }
    }
}

impl Drop for BusyGuard {
    fn drop(&mut self) {
        let inner = &self.0.0;
        if inner.count.fetch_sub(1, Ordering::AcqRel) == 1 {
            inner.idle.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test]
    async fn waits_for_the_last_one() {
        let busy = Busy::default();
        busy.idle().await;
        let (first, second) = (busy.begin(), busy.begin());
        drop(first);
        let waiting = tokio::spawn({
            let busy = busy.clone();
            async move { busy.idle().await }
        });
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(!waiting.is_finished());
        drop(second);
        waiting.await.unwrap();
    }
}
