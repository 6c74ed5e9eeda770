//! The tables of a book as the journal writes them and restore and queries read them. A test compares each
//! with what the migrations made.

use crate::table::{As, Table, added, leaf, own};

/// Runs, by the event that began them.
pub const RUNS: Table = Table {
    name: "runs",
    key: 1,
    columns: &[
        own("first_seq", As::Int),
        own("run_id", As::Text),
        own("mode", As::Text),
        own("config_hash", As::Text),
        own("started_at", As::Int),
    ],
};

/// How far the book is.
pub const BOT_STATE: Table = Table {
    name: "bot_state",
    key: 1,
    columns: &[
        own("id", As::Int),
        own("commits", As::Int),
        own("last_seq", As::Int),
        own("last_now", As::Int),
        own("status", As::Text),
    ],
};

/// All that the trader has once.
pub const DESK: Table = Table {
    name: "desk",
    key: 1,
    columns: &[
        own("id", As::Int),
        leaf("day", As::Time, "results.day"),
        leaf("day_open", As::Amount, "results.day_open"),
        leaf("day_base", As::Amount, "results.day_base"),
        leaf("start", As::Amount, "results.start"),
        leaf("peak", As::Amount, "results.peak"),
        leaf("exposure_limit", As::Amount, "exposure_limit"),
        leaf("body", As::Body, ""),
    ],
};

/// Creators of tokens that were signalled or traded.
pub const CREATORS: Table =
    Table { name: "creators", key: 1, columns: &[own("creator", As::Text), own("first_seen_at", As::Int)] };

/// Tokens that were signalled or traded.
pub const TOKENS: Table = Table {
    name: "tokens",
    key: 1,
    columns: &[
        own("mint", As::Text),
        own("name", As::Text),
        own("symbol", As::Text),
        own("creator", As::Text),
        own("launched_at", As::Int),
    ],
};

/// Mints and creators that are never entered.
pub const BLACKLIST: Table = Table {
    name: "blacklist",
    key: 1,
    columns: &[own("key", As::Text), own("who", As::Text), own("why", As::Text), own("listed_at", As::Int)],
};

/// Entry signals, and what became of them.
pub const SIGNALS: Table = Table {
    name: "signals",
    key: 2,
    columns: &[
        own("seq", As::Int),
        own("nth", As::Int),
        leaf("mint", As::Word, "mint"),
        leaf("level", As::Word, "level"),
        leaf("score", As::Number, "score"),
        leaf("progress", As::Number, "progress"),
        leaf("safety", As::Number, "safety"),
        leaf("velocity", As::Number, "velocity"),
        leaf("made_at", As::Time, "made"),
        leaf("expires_at", As::Time, "expires"),
        leaf("config_hash", As::Word, "config"),
        own("breakdown", As::Text),
        own("outcome", As::Text),
        own("figures", As::Text),
        own("order_seq", As::Int),
        own("order_nth", As::Int),
    ],
};

/// Orders.
pub const ORDERS: Table = Table {
    name: "orders",
    key: 2,
    columns: &[
        own("seq", As::Int),
        own("nth", As::Int),
        own("mint", As::Text),
        own("wallet", As::Text),
        own("side", As::Text),
        own("reason", As::Text),
        own("opened_at", As::Int),
        own("run_id", As::Text),
        own("config_hash", As::Text),
        own("closed_at", As::Int),
        own("filled", As::Int),
    ],
};

/// Attempts: those without an end are restored, the others are history.
pub const ATTEMPTS: Table = Table {
    name: "attempts",
    key: 3,
    columns: &[
        leaf("order_seq", As::Amount, "order.attempt.order.seq"),
        leaf("order_nth", As::Number, "order.attempt.order.nth"),
        leaf("number", As::Number, "order.attempt.number"),
        leaf("mint", As::Word, "order.mint"),
        leaf("wallet", As::Word, "order.wallet"),
        own("side", As::Text),
        leaf("spend", As::Amount, "order.swap.Buy.spend"),
        leaf("min_tokens", As::Amount, "order.swap.Buy.min_tokens"),
        leaf("tokens", As::Amount, "order.swap.Sell.tokens"),
        leaf("min_lamports", As::Amount, "order.swap.Sell.min_lamports"),
        leaf("priority", As::Amount, "order.priority"),
        leaf("tip", As::Amount, "order.tip"),
        leaf("state", As::Word, "state"),
        own("run_id", As::Text),
        own("config_hash", As::Text),
        own("signature", As::Text),
        own("last_valid_height", As::Int),
        own("raw", As::Bytes),
        own("prepared_at", As::Int),
        own("triggered_at", As::Int),
        own("decided_at", As::Int),
        own("committed_at", As::Int),
        leaf("sent_at", As::Time, "sent"),
        own("landed_at", As::Int),
        own("ended_at", As::Int),
        own("outcome", As::Text),
        own("why", As::Text),
        own("cost_base", As::Int),
        own("cost_priority", As::Int),
        own("cost_tip", As::Int),
        leaf("body", As::Body, ""),
        added("triggered_slot", As::Int),
        added("sent_slot", As::Int),
        added("landed_slot", As::Int),
    ],
};

/// Fills, by the attempt that landed: there is one for each at most.
pub const FILLS: Table = Table {
    name: "fills",
    key: 3,
    columns: &[
        own("order_seq", As::Int),
        own("order_nth", As::Int),
        own("number", As::Int),
        own("mint", As::Text),
        own("wallet", As::Text),
        leaf("side", As::Word, "side"),
        leaf("tokens", As::Amount, "tokens"),
        leaf("lamports", As::Amount, "lamports"),
        leaf("fee_lp", As::Number, "fees.lp"),
        leaf("fee_protocol", As::Number, "fees.protocol"),
        leaf("fee_creator", As::Number, "fees.creator"),
        leaf("cost_base", As::Amount, "costs.base"),
        leaf("cost_priority", As::Amount, "costs.priority"),
        leaf("cost_tip", As::Amount, "costs.tip"),
        leaf("rent_locked", As::Amount, "rent_locked"),
        own("reason", As::Text),
        own("slot", As::Int),
        own("filled_at", As::Int),
    ],
};

/// Buys on paper that were also run on the chain, by their attempt.
pub const SIMULATIONS: Table = Table {
    name: "simulations",
    key: 3,
    columns: &[
        own("order_seq", As::Int),
        own("order_nth", As::Int),
        own("number", As::Int),
        own("mint", As::Text),
        own("tokens", As::Int),
        own("expected_paid", As::Int),
        own("expected_back", As::Int),
        own("slot", As::Int),
        own("paid", As::Int),
        own("back", As::Int),
        own("units", As::Int),
        own("difference", As::Int),
        own("why", As::Text),
        own("simulated_at", As::Int),
    ],
};

/// Positions: the open ones are restored, the closed ones keep their whole story.
pub const POSITIONS: Table = Table {
    name: "positions",
    key: 2,
    columns: &[
        leaf("mint", As::Word, "mint"),
        leaf("opened_at", As::Time, "opened"),
        leaf("wallet", As::Word, "wallet"),
        leaf("bought", As::Amount, "bought"),
        leaf("sold", As::Amount, "sold"),
        leaf("cost", As::Amount, "cost"),
        leaf("proceeds", As::Amount, "proceeds"),
        leaf("venue_fees", As::Amount, "venue_fees"),
        leaf("network", As::Amount, "network"),
        leaf("mark_lamports", As::Amount, "mark.lamports"),
        leaf("mark_tokens", As::Amount, "mark.tokens"),
        leaf("marked_at", As::Time, "marked"),
        leaf("high_lamports", As::Amount, "high.lamports"),
        leaf("high_tokens", As::Amount, "high.tokens"),
        leaf("high_at", As::Time, "high_at"),
        leaf("stop_lamports", As::Amount, "stop.lamports"),
        leaf("stop_tokens", As::Amount, "stop.tokens"),
        leaf("first_stop_lamports", As::Amount, "first_stop.lamports"),
        leaf("first_stop_tokens", As::Amount, "first_stop.tokens"),
        leaf("trails", As::Flag, "trailing"),
        leaf("kept", As::Flag, "kept"),
        own("closed_at", As::Int),
        own("reason", As::Text),
        own("pnl", As::Int),
        leaf("body", As::Body, ""),
    ],
};

/// The rungs of the ladders of positions.
pub const LADDER_LEGS: Table = Table {
    name: "ladder_legs",
    key: 3,
    columns: &[
        own("mint", As::Text),
        own("opened_at", As::Int),
        own("rung", As::Int),
        leaf("at_lamports", As::Amount, "at.lamports"),
        leaf("at_tokens", As::Amount, "at.tokens"),
        leaf("tokens", As::Amount, "tokens"),
        leaf("leg", As::Word, "leg"),
    ],
};

/// Moves of stops.
pub const STOP_MOVES: Table = Table {
    name: "stop_moves",
    key: 2,
    columns: &[
        own("seq", As::Int),
        own("nth", As::Int),
        own("mint", As::Text),
        own("tokens", As::Int),
        own("stop", As::Int),
        own("moved_at", As::Int),
    ],
};

/// Exit conditions that were met.
pub const EXITS: Table = Table {
    name: "exits",
    key: 2,
    columns: &[
        own("seq", As::Int),
        own("nth", As::Int),
        own("mint", As::Text),
        own("reason", As::Text),
        own("tokens", As::Int),
        own("mark", As::Int),
        own("fired_at", As::Int),
    ],
};

/// Buys without an end.
pub const BUYS: Table = Table {
    name: "buys",
    key: 1,
    columns: &[
        leaf("mint", As::Word, "intent.mint"),
        leaf("wanted", As::Amount, "intent.wanted"),
        leaf("order_seq", As::Amount, "attempt.order.seq"),
        leaf("order_nth", As::Number, "attempt.order.nth"),
        leaf("number", As::Number, "attempt.number"),
        leaf("wallet", As::Word, "wallet"),
        leaf("spend", As::Amount, "spend"),
        leaf("reserved", As::Amount, "reserved"),
        leaf("costs", As::Amount, "costs"),
        leaf("retry_at", As::Time, "retry"),
        leaf("body", As::Body, ""),
    ],
};

/// Our wallets.
pub const ACCOUNTS: Table = Table {
    name: "accounts",
    key: 1,
    columns: &[
        own("wallet", As::Text),
        leaf("balance", As::Amount, "balance"),
        leaf("opening", As::Amount, "opening"),
        leaf("body", As::Body, ""),
    ],
};

/// How the balances came about.
pub const ACCOUNT_CLASSES: Table = Table {
    name: "account_classes",
    key: 2,
    columns: &[own("wallet", As::Text), own("class", As::Text), own("amount", As::Int)],
};

/// What outlives a position in its token.
pub const TOKEN_PAST: Table = Table {
    name: "token_past",
    key: 1,
    columns: &[
        own("mint", As::Text),
        leaf("rest_until", As::Time, "rest_until"),
        leaf("buys", As::Number, "draws.buys"),
        leaf("sells", As::Number, "draws.sells"),
        leaf("curve_quote", As::Number, "impacts.curve.quote"),
        leaf("curve_tokens", As::Number, "impacts.curve.tokens"),
        leaf("pool_quote", As::Number, "impacts.pool.quote"),
        leaf("pool_tokens", As::Number, "impacts.pool.tokens"),
        leaf("body", As::Body, ""),
    ],
};

/// Days that are over.
pub const DAYS: Table = Table {
    name: "days",
    key: 1,
    columns: &[own("day", As::Int), own("result", As::Int), own("equity", As::Int)],
};

/// Who did what, and why.
pub const AUDIT: Table = Table {
    name: "audit",
    key: 2,
    columns: &[
        own("seq", As::Int),
        own("nth", As::Int),
        own("told_at", As::Int),
        own("kind", As::Text),
        own("who", As::Text),
        own("why", As::Text),
        own("body", As::Text),
    ],
};

/// Mints by the numbers that the metrics know them by.
pub const MINTS: Table =
    Table { name: "mints", key: 1, columns: &[own("id", As::Int), own("mint", As::Text)] };

/// Scores of the last seven days.
pub const SCORES: Table = Table {
    name: "scores",
    key: 1,
    columns: &[
        own("id", As::Int),
        own("mint_id", As::Int),
        own("scored_at", As::Int),
        own("total", As::Int),
        own("volume", As::Int),
        own("holders", As::Int),
        own("liquidity", As::Int),
        own("social", As::Int),
        own("safety", As::Int),
        own("complete", As::Int),
        own("hard_fail", As::Text),
    ],
};

/// What the scores were made of.
pub const TOKEN_METRICS: Table = Table {
    name: "token_metrics",
    key: 1,
    columns: &[
        own("id", As::Int),
        own("volume_5m", As::Int),
        own("velocity", As::Int),
        own("buy_ratio", As::Int),
        own("unique_buyers_5m", As::Int),
        own("holders", As::Int),
        own("top10", As::Int),
        own("progress", As::Int),
        own("real_sol", As::Int),
        own("round_trip", As::Int),
        own("age_seconds", As::Int),
    ],
};

/// Every table of the book, those that others point to first.
pub const BOOK: &[&Table] = &[
    &RUNS,
    &BOT_STATE,
    &DESK,
    &CREATORS,
    &TOKENS,
    &BLACKLIST,
    &SIGNALS,
    &ORDERS,
    &ATTEMPTS,
    &FILLS,
    &SIMULATIONS,
    &POSITIONS,
    &LADDER_LEGS,
    &STOP_MOVES,
    &EXITS,
    &BUYS,
    &ACCOUNTS,
    &ACCOUNT_CLASSES,
    &TOKEN_PAST,
    &DAYS,
    &AUDIT,
];

/// Every table of the metrics.
pub const METRICS: &[&Table] = &[&MINTS, &SCORES, &TOKEN_METRICS];
