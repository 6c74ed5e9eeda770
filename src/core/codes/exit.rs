//! How a command ends: the exit statuses, and the errors that lead to them.

use super::Entry;

/// The exit status of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exit(pub u8);

/// Every exit status, in order.
pub const EXITS: &[(Exit, Entry)] = &[
    (Exit::OK, Entry::new("ok", "All was done.", "")),
    (Exit::FAILED, Entry::new("failed", "It did not work, and no status below fits.", "Read the message.")),
    (Exit::USAGE, Entry::new("usage", "The command line is wrong.", "See `momentum COMMAND -h`.")),
    (Exit::DEGRADED, Entry::new("degraded", "The bot works with something missing.", "See what is missing.")),
    (Exit::UNHEALTHY, Entry::new("unhealthy", "The bot does not do its work.", "See what is down.")),
    (Exit::REFUSED, Entry::new("refused_by_risk", "A gate refused the buy.", "Read the gate's figures.")),
    (Exit::HALTED, Entry::new("halted", "The kill switch is locked.", "See who locked it, and why.")),
    (Exit(22), Entry::new("exit_not_proven", "No proof that the token can be sold.", "Do not buy it.")),
    (Exit(23), Entry::new("transaction_failed", "The chain refused the transaction.", "Read its error.")),
    (
        Exit::OUTCOME_UNKNOWN,
        Entry::new(
            "outcome_unknown",
            "The chain has not ended the attempt yet.",
            "Do not retry: wait for its end.",
        ),
    ),
    (Exit::PARTIAL, Entry::new("partial", "A part was done, a part was not.", "Read what is left.")),
    (
        Exit::DIVERGED,
        Entry::new("diverged", "A replay decided otherwise than its recording.", "Compare the two."),
    ),
    (Exit(31), Entry::new("assertion_not_met", "A condition given to the command does not hold.", "")),
    (
        Exit::BAD_DATA,
        Entry::new("bad_data", "The input is not what it should be.", "Mend the line that is named."),
    ),
    (Exit::NOT_FOUND, Entry::new("not_found", "What was named does not exist.", "Check the name.")),
    (Exit::UNAVAILABLE, Entry::new("unavailable", "Something outside does not answer.", "Try again later.")),
    (Exit::BUG, Entry::new("bug", "momentum itself is wrong.", "Report it with the message.")),
    (Exit::CANNOT_WRITE, Entry::new("cannot_write", "A file cannot be written.", "Check place and rights.")),
    (Exit::BUSY, Entry::new("busy", "Another process holds the book.", "Stop it, or talk to it.")),
    (
        Exit::NOT_PERMITTED,
        Entry::new(
            "not_permitted",
            "Rights are missing, or live trading is not armed.",
            "Read what is missing.",
        ),
    ),
    (
        Exit::BAD_CONFIG,
        Entry::new(
            "bad_config",
            "Settings are wrong.",
            "Mend what is named, then run `momentum config validate`.",
        ),
    ),
    (
        Exit(130),
        Entry::new(
            "left_at_once",
            "A second interrupt ended it at once, without a summary.",
            "Start it again: what was in flight is taken over.",
        ),
    ),
];

impl Exit {
    /// All was done.
    pub const OK: Self = Self(0);
    /// It did not work, and no other status fits.
    pub const FAILED: Self = Self(1);
    /// The command line is wrong.
    pub const USAGE: Self = Self(2);
    /// A replay decided otherwise than its recording.
    pub const DIVERGED: Self = Self(30);
    /// The bot works with something missing.
    pub const DEGRADED: Self = Self(10);
    /// The bot does not do its work.
    pub const UNHEALTHY: Self = Self(11);
    /// A gate refused it.
    pub const REFUSED: Self = Self(20);
    /// The kill switch is locked.
    pub const HALTED: Self = Self(21);
    /// It may have been done, or not.
    pub const OUTCOME_UNKNOWN: Self = Self(24);
    /// A part was done, a part was not.
    pub const PARTIAL: Self = Self(25);
    /// The input is not what it should be.
    pub const BAD_DATA: Self = Self(65);
    /// What was named does not exist.
    pub const NOT_FOUND: Self = Self(66);
    /// Something outside does not answer.
    pub const UNAVAILABLE: Self = Self(69);
    /// A bug of ours.
    pub const BUG: Self = Self(70);
    /// A file cannot be written.
    pub const CANNOT_WRITE: Self = Self(73);
    /// Another process holds the book.
    pub const BUSY: Self = Self(75);
    /// Rights are missing.
    pub const NOT_PERMITTED: Self = Self(77);
    /// Settings are wrong.
    pub const BAD_CONFIG: Self = Self(78);
}

macro_rules! errors {
    ($($name:ident = $code:literal, $exit:ident: $sentence:literal, $mend:literal;)+) => {
        /// What went wrong with a command, finer than its exit status.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum ErrorCode {
            $(#[doc = $sentence] $name,)+
        }

        impl ErrorCode {
            /// Every error code.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The exit status that it leads to.
            #[must_use]
            pub const fn exit(self) -> Exit {
                match self { $(Self::$name => Exit::$exit,)+ }
            }

            /// Its name, sentence and mend.
            #[must_use]
            pub const fn entry(self) -> Entry {
                match self { $(Self::$name => Entry::new($code, $sentence, $mend),)+ }
            }
        }
    };
}

errors! {
    Usage = "usage", USAGE: "The command line is wrong.",
        "Run the command with `-h` for its examples.";
    BadSettings = "bad_settings", BAD_CONFIG: "Settings are wrong; all of them are listed, each with its place and mend.",
        "Mend them, then run `momentum config validate`.";
    MalformedRecord = "malformed_record", BAD_DATA: "A line of the input is no record of ours.",
        "Mend the line that is named, or skip such lines with `--on-error skip`.";
    UnreadableInput = "unreadable_input", BAD_DATA: "The input cannot be read on.",
        "Check the file, or what writes into the pipe, and run the command again.";
    DamagedRecording = "damaged_recording", BAD_DATA: "A file of a recording is not what was written.",
        "Restore the file that is named, or replay another session with `--session ID`.";
    Diverged = "diverged", DIVERGED: "A replay decided otherwise than its recording.",
        "Compare the two decisions: the version, or the recording, is not the same.";
    NoSuchFile = "no_such_file", NOT_FOUND: "A file or folder to read is not there, or may not be read.",
        "Check the path with `ls -l PATH`.";
    FileExists = "file_exists", CANNOT_WRITE: "A file is there already and was left as it is.",
        "Name another file, or overwrite it with `--force`.";
    Refused = "refused", REFUSED: "A gate refused it.",
        "Read the gate's figures.";
    Halted = "halted", HALTED: "The kill switch is locked: nothing leaves.",
        "See who locked it, and why: `momentum killswitch status`.";
    OutcomeUnknown = "outcome_unknown", OUTCOME_UNKNOWN: "The bot took the command and has not said what came of it.",
        "Do not give it again: look at `momentum positions list` and `momentum trade status`.";
    NotFound = "not_found", NOT_FOUND: "What was named is not there.",
        "List what there is: `momentum positions list`, `momentum score -h`.";
    NoBot = "no_bot", UNAVAILABLE: "No bot runs on the book, and this needs one.",
        "Start it with `momentum run`, or name its book with --network, --mode and --instance.";
    NoAnswer = "no_answer", UNAVAILABLE: "The bot does not answer.",
        "Try again; to stop it all the same: `momentum killswitch pause`, then look at its process.";
    BookHeld = "book_held", BUSY: "Another process holds the book.",
        "Stop the process that is named, or give the command to the bot that it is.";
    NotConfirmed = "not_confirmed", USAGE: "It was not confirmed.",
        "Give the command again with the confirmation that it asks for.";
    CannotWrite = "cannot_write", CANNOT_WRITE: "A file or the output cannot be written.",
        "Check the folder, its rights and the free space: `ls -ld FOLDER`, `df -h FOLDER`.";
    DatabaseAway = "database_away", UNAVAILABLE: "The database, or a tool that it needs, does not answer.",
        "Check that the server runs and that its tools are installed, then run the command again.";
    DatabaseDamaged = "database_damaged", BAD_DATA: "The database, or a backup of it, is not what was written.",
        "Put a backup back: `momentum migrate restore FILE`.";
    OtherSchema = "other_schema", FAILED: "The schema of the database is not the one of this version.",
        "See `momentum migrate status`.";
    NotPrivate = "not_private", NOT_PERMITTED: "A file with a secret may be read by others.",
        "Take the rights of the others away: `chmod 600 FILE`.";
    NotArmed = "not_armed", NOT_PERMITTED: "Nobody gave the permission to trade with real money, or it has ended.",
        "Give it: `momentum config arm --max-loss 1SOL --for 12h --network NETWORK --mode live`.";
    NotForRoot = "not_for_root", NOT_PERMITTED: "Root does not trade with real money.",
        "Run it as a user of its own.";
    NoWallet = "no_wallet", BAD_CONFIG: "A wallet is missing or cannot be used.",
        "Name its key file in wallets.files: `momentum config explain wallets.files`.";
    WrongPassphrase = "wrong_passphrase", NOT_PERMITTED: "The passphrase does not open the encrypted key.",
        "Check the file that wallets.passphrase names, or type it again.";
    WalletHeld = "wallet_held", BUSY: "Another bot trades with this key.",
        "Stop that bot, or give this one a wallet of its own.";
    OtherNetwork = "other_network", BAD_CONFIG: "A node serves another network than the one that was named.",
        "Name the right one with --network, or another node in endpoints.rpc.";
    NodesAway = "nodes_away", UNAVAILABLE: "No RPC node answers.",
        "Check endpoints.rpc and the network, then run the command again.";
    Interrupted = "interrupted", UNAVAILABLE: "It was given up while it waited.",
        "See what it waited for, then run the command again.";
    Bug = "bug", BUG: "Something that cannot happen did: a fault of momentum.",
        "Report it with the message and the output of `momentum config show --origin`.";
}

impl ErrorCode {
    /// Whether the same command may work later, with nothing changed.
    #[must_use]
    pub const fn retryable(self) -> bool {
        matches!(
            self,
            Self::Refused
                | Self::NoBot
                | Self::NoAnswer
                | Self::BookHeld
                | Self::DatabaseAway
                | Self::NodesAway
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_leads_to_a_status_that_is_in_the_registry_and_says_what_to_do() {
        for error in ErrorCode::ALL {
            assert!(EXITS.iter().any(|(exit, _)| *exit == error.exit()), "{error:?}");
            assert!(!error.entry().mend.is_empty(), "{error:?}");
        }
    }

    #[test]
    fn statuses_are_sorted_and_named_once() {
        assert!(EXITS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (nth, (_, entry)) in EXITS.iter().enumerate() {
            assert!(EXITS[nth + 1..].iter().all(|(_, other)| other.name != entry.name), "{}", entry.name);
        }
    }
}
