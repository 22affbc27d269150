use std::time::{Duration, Instant};

use crate::Answer;

/// How long a test waits for something that has to happen. Far longer than it ever takes, so that a busy machine fails no test.
pub const PATIENCE: Duration = Duration::from_secs(30);

const PAUSE: Duration = Duration::from_millis(20);

/// Looks until there is something to see.
///
/// # Panics
/// When there is nothing after [`PATIENCE`].
pub async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "did not happen: {what}");
        tokio::time::sleep(PAUSE).await;
    }
}

/// Sends the same again as long as the answer is that the server is busy, as clients do.
///
/// # Panics
/// When it still is after [`PATIENCE`].
pub async fn patiently(mut send: impl AsyncFnMut() -> Answer) -> Answer {
    eventually("an answer other than 503", async || {
        Some(send().await).filter(|answer| answer.status.as_u16() != 503)
    })
    .await
}
