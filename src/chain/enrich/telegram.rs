//! Members of a Telegram group, by the Bot API. The token is part of its URL, so no URL is in any error.

use std::time::Duration;

use reqwest::Client;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;

/// Where the Bot API is.
pub(super) const BOT_API: &str = "https://api.telegram.org";
/// Its answers are short.
const ANSWER_MAX: usize = 16 * 1024;

/// A bot that may ask.
pub(super) struct Bot {
    client: Client,
    base: String,
    token: SecretString,
    timeout: Duration,
}

/// Why members were not counted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Uncounted {
    /// No whole answer in time.
    #[error("the Bot API did not answer in time")]
    NoAnswer,
    /// It says no.
    #[error("the Bot API says no (error {code}): {why}")]
    No {
        /// Its code.
        code: u16,
        /// Its words.
        why: String,
    },
}

#[derive(Deserialize)]
struct Answer {
    ok: bool,
    result: Option<u32>,
    error_code: Option<u16>,
    description: Option<String>,
}

impl Bot {
    /// `None` where TLS cannot be set up.
    pub(super) fn new(base: &str, token: SecretString, timeout: Duration) -> Option<Self> {
        let client = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().ok()?;
        Some(Self { client, base: base.to_owned(), token, timeout })
    }

    /// Members of a public group, `@name`.
    ///
    /// # Errors
    /// Where the Bot API does not answer, or says no.
    pub(super) async fn members(&self, group: &str) -> Result<u32, Uncounted> {
        let asking = tokio::time::timeout(self.timeout, self.ask(group));
        let answer = asking.await.ok().flatten().ok_or(Uncounted::NoAnswer)?;
        let no = || Uncounted::No {
            code: answer.error_code.unwrap_or_default(),
            why: answer
                .description
                .unwrap_or_default()
                .chars()
                .filter(|c| !c.is_control())
                .take(100)
                .collect(),
        };
        answer.result.filter(|_| answer.ok).ok_or_else(no)
    }

    /// The Bot API answers an error with a status of its own and the same JSON.
    async fn ask(&self, group: &str) -> Option<Answer> {
        let url = format!("{}/bot{}/getChatMemberCount", self.base, self.token.expose_secret());
        let mut response = self.client.post(url).json(&json!({ "chat_id": group })).send().await.ok()?;
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.ok()? {
            if body.len() + piece.len() > ANSWER_MAX {
                return None;
            }
            body.extend_from_slice(&piece);
        }
        serde_json::from_slice(&body).ok()
    }
}

#[cfg(test)]
mod tests {
    use momentum_localnet::web::{BOT_TOKEN, Web};

    use super::*;

    #[tokio::test]
    async fn members_of_a_group_are_counted_and_errors_are_words() {
        let web = Web::start().await;
        web.chat("@group", 1_234);
        let minute = Duration::from_secs(60);
        let bot = |token: &str| {
            Bot::new(web.url("").trim_end_matches('/'), token.to_owned().into(), minute).unwrap()
        };
        assert_eq!(bot(BOT_TOKEN).members("@group").await, Ok(1_234));
        let none = bot(BOT_TOKEN).members("@nobody").await.unwrap_err();
        assert_eq!(none.to_string(), "the Bot API says no (error 400): Bad Request: chat not found");
        let stranger = bot("1:wrong-sesame").members("@group").await.unwrap_err();
        assert_eq!(stranger.to_string(), "the Bot API says no (error 401): Unauthorized");
        let away = Bot::new("http://127.0.0.1:1", "1:wrong-sesame".to_owned().into(), minute).unwrap();
        let error = away.members("@group").await.unwrap_err();
        assert!(!format!("{error} {error:?}").contains("sesame"));
    }
}
