//! What a person must confirm before it is done. Nothing is ever asked to stop something, and nothing where
//! nobody can answer.

use std::io::{self, IsTerminal};
use std::path::Path;

use dialoguer::{Confirm, Input, Password};
use momentum_core::codes::ErrorCode;
use momentum_runtime::secrets::{Ask, Passphrase};

use crate::failure::Failure;
use crate::global::Global;

/// Asks with y/N; `--yes` answers it.
pub(crate) fn yes(global: &Global, question: &str) -> Result<(), Failure> {
    if global.yes {
        return Ok(());
    }
    can_ask(global, question, "--yes")?;
    match Confirm::new().with_prompt(question).default(false).interact() {
        Ok(true) => Ok(()),
        Ok(false) => Err(not_done()),
        Err(error) => Err(unreadable(&error)),
    }
}

/// Asks for `text` to be typed; `--confirm TEXT` answers it, and `--yes` does not.
pub(crate) fn typed(global: &Global, question: &str, text: &str) -> Result<(), Failure> {
    let answer = match &global.confirm {
        Some(given) => given.clone(),
        None => {
            let flag =
                if text.contains(' ') { format!("--confirm '{text}'") } else { format!("--confirm {text}") };
            can_ask(global, question, &flag)?;
            let prompt = format!("{question}\nType `{text}` to go on");
            Input::<String>::new()
                .with_prompt(prompt)
                .allow_empty(true)
                .interact_text()
                .map_err(|error| unreadable(&error))?
        }
    };
    if answer == text {
        return Ok(());
    }
    Err(Failure::new(ErrorCode::NotConfirmed, format!("`{answer}` is not `{text}`: nothing was done")))
}

/// How the passphrase of an encrypted key is asked for, where somebody can be asked.
pub(crate) fn ask(global: &Global) -> Option<Ask> {
    let asked: Ask = |key: &Path| {
        let prompt = format!("Passphrase of {}", key.display());
        Password::new().with_prompt(prompt).interact().ok().map(Passphrase::from)
    };
    (!global.no_input && io::stdin().is_terminal()).then_some(asked)
}

/// Asks for a passphrase to be, twice.
pub(crate) fn new_passphrase(global: &Global) -> Result<Passphrase, Failure> {
    can_ask(global, "the passphrase to encrypt it with", "--passphrase-file FILE")?;
    let asked = Password::new()
        .with_prompt("Passphrase to encrypt it with")
        .with_confirmation("The same again", "they are not the same")
        .interact();
    asked.map(Passphrase::from).map_err(|error| unreadable(&error))
}

fn can_ask(global: &Global, question: &str, flag: &str) -> Result<(), Failure> {
    if !global.no_input && io::stdin().is_terminal() {
        return Ok(());
    }
    let message = format!("nobody can be asked: {question}");
    Err(Failure::new(ErrorCode::NotConfirmed, message).hint(format!("give the command again with {flag}")))
}

fn not_done() -> Failure {
    Failure::new(ErrorCode::NotConfirmed, "nothing was done")
}

fn unreadable(error: &dialoguer::Error) -> Failure {
    Failure::new(ErrorCode::NotConfirmed, format!("no answer could be read: {error}"))
}
