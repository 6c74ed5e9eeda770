-- Money and all that belongs to it.
-- Every row ends with row_sum, the CRC-32 of its values: a byte that changed on disk does not pass unnoticed.
-- Amounts are lamports or base units of a token, times are microseconds since 1970 (UTC), keys are base58.

CREATE TABLE runs (
    first_seq INTEGER NOT NULL PRIMARY KEY,
    run_id TEXT NOT NULL,
    mode TEXT NOT NULL,
    config_hash TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    row_sum INTEGER NOT NULL
) STRICT;

-- One row: how far the book is. `commits` counts every commit, so that a lost one is noticed.
CREATE TABLE bot_state (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    commits INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    last_now INTEGER NOT NULL,
    status TEXT,
    row_sum INTEGER NOT NULL
) STRICT;

-- One row: all that the trader has once. Holds, results, limits.
CREATE TABLE desk (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    day INTEGER NOT NULL,
    day_open INTEGER NOT NULL,
    day_base INTEGER NOT NULL,
    start INTEGER NOT NULL,
    peak INTEGER NOT NULL,
    exposure_limit INTEGER NOT NULL,
    body TEXT NOT NULL,
    row_sum INTEGER NOT NULL
) STRICT;

CREATE TABLE creators (
    creator TEXT NOT NULL PRIMARY KEY,
    first_seen_at INTEGER NOT NULL,
    row_sum INTEGER NOT NULL
) STRICT;

-- Only tokens that were signalled or traded.
CREATE TABLE tokens (
    mint TEXT NOT NULL PRIMARY KEY,
    name TEXT,
    symbol TEXT,
    creator TEXT REFERENCES creators (creator),
    launched_at INTEGER,
    row_sum INTEGER NOT NULL
) STRICT;

CREATE TABLE blacklist (
    key TEXT NOT NULL PRIMARY KEY,
    who TEXT NOT NULL,
    why TEXT NOT NULL,
    listed_at INTEGER NOT NULL,
    row_sum INTEGER NOT NULL
) STRICT;

-- `nth` is the place among the facts of the event: in one event a token may be evaluated, and signalled, twice.
-- `outcome` is `executed`, or the gate that refused it; none where a position, an order or a rest was in the way.
CREATE TABLE signals (
    seq INTEGER NOT NULL,
    nth INTEGER NOT NULL,
    mint TEXT NOT NULL REFERENCES tokens (mint),
    level TEXT NOT NULL,
    score INTEGER NOT NULL,
    progress INTEGER NOT NULL,
    safety INTEGER NOT NULL,
    velocity INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    config_hash TEXT NOT NULL,
    breakdown TEXT,
    outcome TEXT,
    figures TEXT,
    order_seq INTEGER,
    order_nth INTEGER,
    row_sum INTEGER NOT NULL,
    PRIMARY KEY (seq, nth)
) STRICT;
CREATE INDEX signals_of_mint ON signals (mint, seq, nth);

CREATE TABLE orders (
    seq INTEGER NOT NULL,
    nth INTEGER NOT NULL,
    mint TEXT NOT NULL REFERENCES tokens (mint),
    wallet TEXT NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
    reason TEXT,
    opened_at INTEGER NOT NULL,
    run_id TEXT NOT NULL,
    config_hash TEXT NOT NULL,
    closed_at INTEGER,
    filled INTEGER,
    row_sum INTEGER NOT NULL,
    PRIMARY KEY (seq, nth)
) STRICT;
-- The database itself refuses a second buy while the first has no end.
CREATE UNIQUE INDEX one_buy_of_a_mint ON orders (mint) WHERE side = 'buy' AND closed_at IS NULL;
CREATE INDEX orders_of_mint ON orders (mint, seq);

-- The five times of an order's trace: triggered_at, decided_at, committed_at, sent_at, landed_at.
CREATE TABLE attempts (
    order_seq INTEGER NOT NULL,
    order_nth INTEGER NOT NULL,
    number INTEGER NOT NULL,
    mint TEXT NOT NULL,
    wallet TEXT NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
    spend INTEGER,
    min_tokens INTEGER,
    tokens INTEGER,
    min_lamports INTEGER,
    priority INTEGER NOT NULL,
    tip INTEGER NOT NULL,
    state TEXT NOT NULL,
    run_id TEXT NOT NULL,
    config_hash TEXT NOT NULL,
    signature TEXT,
    last_valid_height INTEGER,
    raw BLOB,
    prepared_at INTEGER,
    triggered_at INTEGER NOT NULL,
    decided_at INTEGER NOT NULL,
    committed_at INTEGER,
    sent_at INTEGER,
    landed_at INTEGER,
    ended_at INTEGER,
    outcome TEXT,
    why TEXT,
    cost_base INTEGER,
    cost_priority INTEGER,
    cost_tip INTEGER,
    body TEXT NOT NULL,
    row_sum INTEGER NOT NULL,
    PRIMARY KEY (order_seq, order_nth, number),
    FOREIGN KEY (order_seq, order_nth) REFERENCES orders (seq, nth)
) STRICT;
CREATE INDEX attempts_without_end ON attempts (order_seq) WHERE ended_at IS NULL;

CREATE TABLE fills (
    order_seq INTEGER NOT NULL,
    order_nth INTEGER NOT NULL,
    number INTEGER NOT NULL,
    mint TEXT NOT NULL,
    wallet TEXT NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
    tokens INTEGER NOT NULL,
    lamports INTEGER NOT NULL,
    fee_lp INTEGER NOT NULL,
    fee_protocol INTEGER NOT NULL,
    fee_creator INTEGER NOT NULL,
    cost_base INTEGER NOT NULL,
    cost_priority INTEGER NOT NULL,
    cost_tip INTEGER NOT NULL,
    rent_locked INTEGER NOT NULL,
    reason TEXT,
    slot INTEGER NOT NULL,
    filled_at INTEGER NOT NULL,
    row_sum INTEGER NOT NULL,
    PRIMARY KEY (order_seq, order_nth, number),
    FOREIGN KEY (order_seq, order_nth, number) REFERENCES attempts (order_seq, order_nth, number)
) STRICT;
CREATE INDEX fills_of_mint ON fills (mint, wallet);

-- Open positions and closed ones. `worth` is a pair: lamports for so many tokens.
CREATE TABLE positions (
    mint TEXT NOT NULL REFERENCES tokens (mint),
    opened_at INTEGER NOT NULL,
    wallet TEXT NOT NULL,
    bought INTEGER NOT NULL,
    sold INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    proceeds INTEGER NOT NULL,
    venue_fees INTEGER NOT NULL,
    network INTEGER NOT NULL,
    mark_lamports INTEGER NOT NULL,
    mark_tokens INTEGER NOT NULL,
    marked_at INTEGER NOT NULL,
    high_lamports INTEGER NOT NULL,
    high_tokens INTEGER NOT NULL,
    high_at INTEGER NOT NULL,
    stop_lamports INTEGER NOT NULL,
    stop_tokens INTEGER NOT NULL,
    first_stop_lamports INTEGER NOT NULL,
    first_stop_tokens INTEGER NOT NULL,
    trails INTEGER NOT NULL,
    kept INTEGER NOT NULL,
    closed_at INTEGER,
    reason TEXT,
    pnl INTEGER,
    body TEXT NOT NULL,
    row_sum INTEGER NOT NULL,
    PRIMARY KEY (mint, opened_at)
) STRICT;
CREATE UNIQUE INDEX one_open_position_of_a_mint ON positions (mint) WHERE closed_at IS NULL;
CREATE INDEX positions_closed ON positions (closed_at);

CREATE TABLE ladder_legs (
    mint TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    rung INTEGER NOT NULL,
    at_lamports INTEGER NOT NULL,
    at_tokens INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    leg TEXT NOT NULL,
    row_sum INTEGER NOT NULL,
    PRIMARY KEY (mint, opened_at, rung),
    FOREIGN KEY (mint, opened_at) REFERENCES positions (mint, opened_at)
) STRICT;

CREATE TABLE stop_moves (
    seq INTEGER NOT NULL,
    nth INTEGER NOT NULL,
    mint TEXT NOT NULL,
    tokens INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    moved_at INTEGER NOT NULL,
    row_sum INTEGER NOT NULL,
    PRIMARY KEY (seq, nth)
) STRICT;
CREATE INDEX stop_moves_of_mint ON stop_moves (mint, seq);

CREATE TABLE exits (
    seq INTEGER NOT NULL,
    nth INTEGER NOT NULL,
    mint TEXT NOT NULL,
    reason TEXT NOT NULL,
    tokens INTEGER NOT NULL,
    mark INTEGER NOT NULL,
    fired_at INTEGER NOT NULL,
    row_sum INTEGER NOT NULL,
    PRIMARY KEY (seq, nth)
) STRICT;
CREATE INDEX exits_of_mint ON exits (mint, seq);

-- Buys without an end, the ones that pause between two attempts included.
CREATE TABLE buys (
    mint TEXT NOT NULL PRIMARY KEY,
    wanted INTEGER NOT NULL,
    order_seq INTEGER NOT NULL,
    order_nth INTEGER NOT NULL,
    number INTEGER NOT NULL,
    wallet TEXT NOT NULL,
    spend INTEGER NOT NULL,
    reserved INTEGER NOT NULL,
    costs INTEGER NOT NULL,
    retry_at INTEGER,
    body TEXT NOT NULL,
    row_sum INTEGER NOT NULL
) STRICT;

CREATE TABLE accounts (
    wallet TEXT NOT NULL PRIMARY KEY,
    balance INTEGER NOT NULL,
    opening INTEGER NOT NULL,
    body TEXT NOT NULL,
    row_sum INTEGER NOT NULL
) STRICT;

-- The sums of an account by class; with `opening` they are its balance, to the lamport.
CREATE TABLE account_classes (
    wallet TEXT NOT NULL REFERENCES accounts (wallet),
    class TEXT NOT NULL,
    amount INTEGER NOT NULL,
    row_sum INTEGER NOT NULL,
    PRIMARY KEY (wallet, class)
) STRICT;

-- What outlives a position in its token: the rest after an exit, draws, our simulated impacts.
CREATE TABLE token_past (
    mint TEXT NOT NULL PRIMARY KEY,
    rest_until INTEGER,
    buys INTEGER NOT NULL,
    sells INTEGER NOT NULL,
    curve_quote INTEGER NOT NULL,
    curve_tokens INTEGER NOT NULL,
    pool_quote INTEGER NOT NULL,
    pool_tokens INTEGER NOT NULL,
    body TEXT NOT NULL,
    row_sum INTEGER NOT NULL
) STRICT;

CREATE TABLE days (
    day INTEGER NOT NULL PRIMARY KEY,
    result INTEGER NOT NULL,
    equity INTEGER NOT NULL,
    row_sum INTEGER NOT NULL
) STRICT;

-- Who did what, and why: commands, and every change of the trading state.
CREATE TABLE audit (
    seq INTEGER NOT NULL,
    nth INTEGER NOT NULL,
    told_at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    who TEXT NOT NULL,
    why TEXT NOT NULL,
    body TEXT NOT NULL,
    row_sum INTEGER NOT NULL,
    PRIMARY KEY (seq, nth)
) STRICT;
