//! Tasks that do not stay dead: one that panics is told, counted, and begun again after a pause.

use std::any::Any;
use std::collections::{BTreeMap, VecDeque};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::FutureExt;

/// Deaths of one task within [`WITHIN`] that are too many.
const TOO_MANY: usize = 3;
/// How long a death counts.
const WITHIN: Duration = Duration::from_secs(60);
/// Pause after the first death; each further one that counts doubles it, up to [`PAUSE_MAX`].
const PAUSE: Duration = Duration::from_millis(50);
const PAUSE_MAX: Duration = Duration::from_secs(6);

/// The tasks of a process, by name, and when they died. Clones are the same.
#[derive(Clone, Debug, Default)]
pub struct Tasks(Arc<Mutex<Deaths>>);

#[derive(Debug, Default)]
struct Deaths {
    lately: BTreeMap<&'static str, VecDeque<Instant>>,
    failing: Option<String>,
}

impl Tasks {
    /// Does `work` until it ends by itself. Where it panics it is begun anew, after a pause.
    pub async fn keep<Work: Future<Output = ()>>(self, name: &'static str, mut work: impl FnMut() -> Work) {
        while let Err(panic) = AssertUnwindSafe(work()).catch_unwind().await {
            let pause = self.died(name, &*panic);
            tokio::time::sleep(pause).await;
        }
    }

    /// What one piece of a task's work came to; `None` where it panicked, which counts as a death of the task.
    pub async fn attempt<T>(&self, name: &'static str, work: impl Future<Output = T>) -> Option<T> {
        let done = AssertUnwindSafe(work).catch_unwind().await;
        done.inspect_err(|panic| {
            self.died(name, &**panic);
        })
        .ok()
    }

    /// What dies too often, told once for each time that it has come to that.
    #[must_use]
    pub fn failing(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).failing.take()
    }

    /// Counts a death; the pause that it calls for.
    fn died(&self, name: &'static str, panic: &(dyn Any + Send)) -> Duration {
        let why = reason(panic);
        tracing::error!(task = name, "died and is begun again: {why}");
        // Nothing is left half done under this lock.
        let mut deaths = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let lately = deaths.lately.entry(name).or_default();
        lately.push_back(now);
        while lately.front().is_some_and(|then| now.duration_since(*then) >= WITHIN) {
            lately.pop_front();
        }
        let count = lately.len();
        if count == TOO_MANY {
            deaths.failing = Some(format!("{name} died {TOO_MANY} times in a minute: {why}"));
        }
        let doublings = u32::try_from(count.saturating_sub(1)).unwrap_or(u32::MAX).min(7);
        (PAUSE * 2_u32.pow(doublings)).min(PAUSE_MAX)
    }
}

/// What a panic says of itself.
fn reason(panic: &(dyn Any + Send)) -> &str {
    let said = panic.downcast_ref::<&str>().copied();
    said.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("a panic without a word")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_task_that_panics_is_begun_again_with_what_it_has_and_told_at_the_third_time() {
        let tasks = Tasks::default();
        let mut begun = 0;
        let mut told = Vec::new();
        let work = || {
            begun += 1;
            told.push(tasks.failing());
            let begun = begun;
            async move { assert!(begun > 4, "no {begun}") }
        };
        tasks.clone().keep("reader", work).await;
        assert_eq!(begun, 5);
        let third = Some("reader died 3 times in a minute: no 3".to_owned());
        assert_eq!(told, [None, None, None, third, None], "once, though it dies again");
    }

    #[tokio::test]
    async fn deaths_of_different_tasks_are_not_added_up() {
        let tasks = Tasks::default();
        for name in ["one", "two", "one", "two"] {
            assert_eq!(tasks.attempt(name, async { panic!("again") }).await, None::<()>);
        }
        assert_eq!(tasks.failing(), None);
        assert_eq!(tasks.attempt("one", async { 7 }).await, Some(7));
        assert_eq!(tasks.attempt("one", async { panic!("again") }).await, None::<()>);
        assert_eq!(tasks.failing().unwrap(), "one died 3 times in a minute: again");
    }
}
