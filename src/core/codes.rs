//! The one registry of codes: every refusal, exit status, error and alert with its sentence and its mend.
//! Command line, metrics, alerts and docs are made from it.

use serde::{Deserialize, Serialize};

/// Why a buy was refused. The order is that of the gates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalCode {
    /// Gate 1.
    TradingState,
}
