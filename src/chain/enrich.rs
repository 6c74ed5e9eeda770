//! Answers what the engine asks about tokens: from the chain, from the metadata that a creator put somewhere, from
//! Telegram. Each question gets one answer, `Unknown` included; what is asked, and when again, the market decides.
//!
//! Questions wait in a queue where the latest goes first: a token that is asked about now is being looked at now.
//! The fee schedules are read unasked, at the start and from time to time.

mod addresses;
mod facts;
mod fetch;
mod keys;
mod links;
mod queue;
mod remembered;
mod telegram;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use backon::{BackoffBuilder, ExponentialBuilder};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use momentum_core::event::{Answer, Enriched, Event, Known, Launched, Unknown, What};
use momentum_core::ids::{Mint, Slot};
use momentum_core::time::Timestamp;
use secrecy::SecretString;
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

pub use keys::EnrichKeys;

use crate::clock::now;
use crate::endpoints::Rpc;
use crate::tasks::Tasks;
use facts::Unread;
use fetch::{Fetcher, Unfetched};
use links::Social;
use queue::{Question, Queue};
use remembered::Remembered;
use telegram::Bot;

/// The name of the task that answers.
const TASK: &str = "enrichment";

/// TLS could not be set up, so nothing could be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("TLS cannot be set up")]
pub struct NoTls;

/// Where questions are asked. Clones ask the same.
#[derive(Clone)]
pub struct EnrichHandle(Arc<Shared>);

struct Shared {
    queue: Mutex<Queue>,
    remembered: Mutex<Remembered>,
    wake: Notify,
}

/// Nothing is left half done under these locks, so what a panicking thread held is good.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl EnrichHandle {
    /// Asks about a token; never waits. `asked` comes back in the answer.
    pub fn ask(&self, mint: Mint, what: What, asked: Timestamp) {
        lock(&self.0.queue).ask(Question { mint, what, asked, since: Instant::now() });
        self.0.wake.notify_one();
    }

    /// Remembers where the metadata of a new token are.
    pub fn launched(&self, mint: Mint, launched: &Launched) {
        lock(&self.0.remembered).launched(mint, &launched.uri);
    }
}

/// Answers questions.
pub struct Enricher {
    shared: Arc<Shared>,
    rpc: Option<Rpc>,
    fetcher: Fetcher,
    bot: Option<Bot>,
    keys: EnrichKeys,
    out: mpsc::Sender<Event>,
    tasks: Tasks,
}

impl Enricher {
    /// Without an RPC or a bot token what would need it is `NotConfigured`. Answers go to `out`.
    ///
    /// # Errors
    /// Where TLS cannot be set up.
    pub fn new(
        rpc: Option<Rpc>,
        keys: &EnrichKeys,
        telegram: Option<SecretString>,
        out: mpsc::Sender<Event>,
    ) -> Result<(EnrichHandle, Self), NoTls> {
        Self::asking(rpc, keys, telegram, telegram::BOT_API, out)
    }

    /// Starts answering in a task of its own, until it is cancelled or nobody listens.
    ///
    /// # Errors
    /// Where TLS cannot be set up.
    pub fn start(
        rpc: Option<Rpc>,
        keys: &EnrichKeys,
        telegram: Option<SecretString>,
        out: mpsc::Sender<Event>,
        tasks: Tasks,
        cancel: CancellationToken,
    ) -> Result<EnrichHandle, NoTls> {
        let (handle, enricher) = Self::new(rpc, keys, telegram, out)?;
        let enricher = Arc::new(Self { tasks: tasks.clone(), ..enricher });
        let work = move || {
            let (enricher, cancel) = (Arc::clone(&enricher), cancel.clone());
            async move { enricher.run(&cancel).await }
        };
        tokio::spawn(tasks.keep(TASK, work));
        Ok(handle)
    }

    /// With the Bot API somewhere else, for tests.
    fn asking(
        rpc: Option<Rpc>,
        keys: &EnrichKeys,
        telegram: Option<SecretString>,
        bot_api: &str,
        out: mpsc::Sender<Event>,
    ) -> Result<(EnrichHandle, Self), NoTls> {
        let size = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        let shared = Arc::new(Shared {
            queue: Mutex::new(Queue::new(size(keys.waiting))),
            remembered: Mutex::new(Remembered::new(size(keys.remembered))),
            wake: Notify::new(),
        });
        let bot =
            telegram.map(|token| Bot::new(bot_api, token, keys.fetch_timeout).ok_or(NoTls)).transpose()?;
        let enricher = Self {
            shared: Arc::clone(&shared),
            rpc,
            fetcher: Fetcher::new(keys.clone()).ok_or(NoTls)?,
            bot,
            keys: keys.clone(),
            out,
            tasks: Tasks::default(),
        };
        Ok((EnrichHandle(shared), enricher))
    }

    /// Answers until it is cancelled or nobody listens any more.
    pub async fn run(&self, cancel: &CancellationToken) {
        let answering = async {
            tokio::select! {
                biased;
                () = self.out.closed() => {}
                () = self.answer_all() => {}
                () = self.read_fees() => {}
            }
        };
        cancel.run_until_cancelled(answering).await;
    }

    async fn answer_all(&self) {
        let workers = usize::from(self.keys.workers);
        let mut under_way = FuturesUnordered::new();
        loop {
            let given_up = lock(&self.shared.queue).given_up(Instant::now(), self.keys.wait_max);
            for question in given_up {
                let failed = nothing(question.what, Unknown::Failed);
                self.tell(question.mint, question.asked, None, failed).await;
            }
            while under_way.len() < workers {
                let Some(question) = lock(&self.shared.queue).take() else { break };
                under_way.push(self.answer(question));
            }
            let oldest = lock(&self.shared.queue).oldest();
            let patience = oldest.map(|since| since + self.keys.wait_max);
            tokio::select! {
                biased;
                Some(()) = under_way.next() => {}
                () = self.shared.wake.notified() => {}
                () = tokio::time::sleep_until(patience.unwrap_or_else(Instant::now).into()), if patience.is_some() => {}
            }
        }
    }

    async fn answer(&self, question: Question) {
        let Question { mint, what, asked, .. } = question;
        // An answer that nobody foresaw costs this question alone.
        let finding = self.tasks.attempt(TASK, self.find(mint, what));
        let found = tokio::time::timeout(self.keys.answer_max, finding).await.ok().flatten();
        let (as_of, answer) = found.unwrap_or_else(|| (None, nothing(what, Unknown::Failed)));
        lock(&self.shared.queue).answered(&question);
        self.tell(mint, asked, as_of, answer).await;
    }

    async fn tell(&self, mint: Mint, asked: Timestamp, as_of: Option<Slot>, answer: Answer) {
        let told = self.out.send(Event::from(Enriched { mint, asked, as_of, answer })).await;
        if told.is_err() {
            // `run` ends by that.
            tracing::debug!("nobody listens to answers any more");
        }
    }

    async fn find(&self, mint: Mint, what: What) -> (Option<Slot>, Answer) {
        match what {
            What::Metadata => (None, Answer::Metadata(self.social(mint).await.map(|social| social.links))),
            What::Members => (None, Answer::Members(self.members(mint).await)),
            _ => {
                let Some(rpc) = &self.rpc else { return (None, nothing(what, Unknown::NotConfigured)) };
                match what {
                    What::Curve => known(mint, facts::curve(rpc, &mint).await, Answer::Curve),
                    What::Holders => known(mint, facts::holders(rpc, &mint).await, Answer::Holders),
                    What::Pool => known(mint, facts::pool(rpc, &mint).await, Answer::Pool),
                    _ => known(mint, facts::mint(rpc, &mint).await, Answer::Mint),
                }
            }
        }
    }

    /// The social links of a token.
    async fn social(&self, mint: Mint) -> Known<Social> {
        let remembered = lock(&self.shared.remembered).uri(&mint);
        let uri = match (remembered, &self.rpc) {
            (Some(uri), _) => uri,
            (None, None) => return Err(Unknown::NotConfigured),
            (None, Some(rpc)) => facts::uri(rpc, &mint).await.map_err(|why| failed(mint, &why))?,
        };
        let social = self.metadata(&uri).await.map_err(|why| {
            tracing::debug!(%mint, %why, "no metadata");
            Unknown::Failed
        })?;
        lock(&self.shared.remembered).met(mint, &uri, &social);
        Ok(social)
    }

    /// Fetches metadata from one place after another, again and again with pauses between.
    async fn metadata(&self, uri: &str) -> Result<Social, Unfetched> {
        let places = addresses::places(uri, &self.keys.gateways)?;
        let pauses = ExponentialBuilder::default()
            .with_min_delay(self.keys.fetch_pause)
            .with_max_times(usize::from(self.keys.fetch_tries.saturating_sub(1)))
            .with_jitter()
            .build();
        let mut pauses = pauses.into_iter();
        let mut places = places.iter().cycle();
        loop {
            let place = places.next().ok_or(Unfetched::NotAUri)?;
            let fetched = self.fetcher.fetch(place.clone()).await;
            match fetched.and_then(|json| Social::read(&json)) {
                Err(why) if !why.is_final() => match pauses.next() {
                    Some(pause) => tokio::time::sleep(pause).await,
                    None => return Err(why),
                },
                social => return social,
            }
        }
    }

    async fn members(&self, mint: Mint) -> Known<u32> {
        let bot = self.bot.as_ref().ok_or(Unknown::NotConfigured)?;
        let met = lock(&self.shared.remembered).social(&mint);
        let social = match met {
            Some(social) => social,
            None => self.social(mint).await?,
        };
        // An invitation, or no group at all: there is nothing to count.
        let group = social.group.ok_or(Unknown::NotApplicable)?;
        bot.members(&group).await.map_err(|why| {
            tracing::debug!(%mint, %why, "members not counted");
            Unknown::Failed
        })
    }

    /// Reads the fee schedules now and from time to time.
    async fn read_fees(&self) {
        let Some(rpc) = &self.rpc else { return std::future::pending().await };
        loop {
            let Enriched { mint, asked, as_of, answer } = fees(rpc, self.keys.answer_max).await;
            let unread = matches!(answer, Answer::Fees(Err(_)));
            self.tell(mint, asked, as_of, answer).await;
            // Where that failed it is tried again soon.
            let pause = if unread { self.keys.fees_every / 20 } else { self.keys.fees_every };
            tokio::time::sleep(pause.max(Duration::from_secs(1))).await;
        }
    }
}

/// The fee schedules as they are now, or that they were not read in this time.
pub(crate) async fn fees(rpc: &Rpc, within: Duration) -> Enriched {
    let (mint, asked) = (Mint::default(), now());
    let (as_of, answer) = match tokio::time::timeout(within, facts::schedules(rpc)).await {
        Ok(read) => known(mint, read, |fees| Answer::Fees(fees.map(Box::new))),
        Err(_) => (None, Answer::Fees(Err(Unknown::Failed))),
    };
    Enriched { mint, asked, as_of, answer }
}

/// An answer with what was read, or with why not.
fn known<T>(
    mint: Mint,
    read: Result<(Slot, T), Unread>,
    answer: fn(Known<T>) -> Answer,
) -> (Option<Slot>, Answer) {
    match read {
        Ok((slot, value)) => (Some(slot), answer(Ok(value))),
        Err(why) => (None, answer(Err(failed(mint, &why)))),
    }
}

fn failed(mint: Mint, why: &Unread) -> Unknown {
    tracing::debug!(%mint, %why, "not read");
    Unknown::Failed
}

/// An answer that says why there is none.
fn nothing(what: What, why: Unknown) -> Answer {
    match what {
        What::Mint => Answer::Mint(Err(why)),
        What::Curve => Answer::Curve(Err(why)),
        What::Holders => Answer::Holders(Err(why)),
        What::Metadata => Answer::Metadata(Err(why)),
        What::Members => Answer::Members(Err(why)),
        What::Pool => Answer::Pool(Err(why)),
    }
}
