-- Money and all that belongs to it.
-- Every row ends with row_sum, the CRC-32 of its values: a byte that changed on disk does not pass unnoticed.
-- Amounts are lamports or base units of a token, times are microseconds since 1970 (UTC), keys are base58.

CREATE TABLE runs (
    first_seq BIGINT NOT NULL PRIMARY KEY,
    run_id TEXT NOT NULL,
    mode TEXT NOT NULL,
    config_hash TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    row_sum BIGINT NOT NULL
);

-- One row: how far the book is. `commits` counts every commit, so that a lost one is noticed.
CREATE TABLE bot_state (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    commits BIGINT NOT NULL,
    last_seq BIGINT NOT NULL,
    last_now BIGINT NOT NULL,
    status TEXT,
    row_sum BIGINT NOT NULL
);

-- One row: all that the trader has once. Holds, results, limits.
CREATE TABLE desk (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    day BIGINT NOT NULL,
    day_open BIGINT NOT NULL,
    day_base BIGINT NOT NULL,
    start BIGINT NOT NULL,
    peak BIGINT NOT NULL,
    exposure_limit BIGINT NOT NULL,
    body TEXT NOT NULL,
    row_sum BIGINT NOT NULL
);

CREATE TABLE creators (
    creator TEXT NOT NULL PRIMARY KEY,
    first_seen_at BIGINT NOT NULL,
    row_sum BIGINT NOT NULL
);

-- Only tokens that were signalled or traded.
CREATE TABLE tokens (
    mint TEXT NOT NULL PRIMARY KEY,
    name TEXT,
    symbol TEXT,
    creator TEXT REFERENCES creators (creator),
    launched_at BIGINT,
    row_sum BIGINT NOT NULL
);

CREATE TABLE blacklist (
    key TEXT NOT NULL PRIMARY KEY,
    who TEXT NOT NULL,
    why TEXT NOT NULL,
    listed_at BIGINT NOT NULL,
    row_sum BIGINT NOT NULL
);

-- `nth` is the place among the facts of the event: in one event a token may be evaluated, and signalled, twice.
-- `outcome` is `executed`, or the gate that refused it; none where a position, an order or a rest was in the way.
CREATE TABLE signals (
    seq BIGINT NOT NULL,
    nth BIGINT NOT NULL,
    mint TEXT NOT NULL REFERENCES tokens (mint),
    level TEXT NOT NULL,
    score BIGINT NOT NULL,
    progress BIGINT NOT NULL,
    safety BIGINT NOT NULL,
    velocity BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    config_hash TEXT NOT NULL,
    breakdown TEXT,
    outcome TEXT,
    figures TEXT,
    order_seq BIGINT,
    order_nth BIGINT,
    row_sum BIGINT NOT NULL,
    PRIMARY KEY (seq, nth)
);
CREATE INDEX signals_of_mint ON signals (mint, seq, nth);

CREATE TABLE orders (
    seq BIGINT NOT NULL,
    nth BIGINT NOT NULL,
    mint TEXT NOT NULL REFERENCES tokens (mint),
    wallet TEXT NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
    reason TEXT,
    opened_at BIGINT NOT NULL,
    run_id TEXT NOT NULL,
    config_hash TEXT NOT NULL,
    closed_at BIGINT,
    filled BIGINT,
    row_sum BIGINT NOT NULL,
    PRIMARY KEY (seq, nth)
);
-- The database itself refuses a second buy while the first has no end.
CREATE UNIQUE INDEX one_buy_of_a_mint ON orders (mint) WHERE side = 'buy' AND closed_at IS NULL;
CREATE INDEX orders_of_mint ON orders (mint, seq);

-- The five times of an order's trace: triggered_at, decided_at, committed_at, sent_at, landed_at.
CREATE TABLE attempts (
    order_seq BIGINT NOT NULL,
    order_nth BIGINT NOT NULL,
    number BIGINT NOT NULL,
    mint TEXT NOT NULL,
    wallet TEXT NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
    spend BIGINT,
    min_tokens BIGINT,
    tokens BIGINT,
    min_lamports BIGINT,
    priority BIGINT NOT NULL,
    tip BIGINT NOT NULL,
    state TEXT NOT NULL,
    run_id TEXT NOT NULL,
    config_hash TEXT NOT NULL,
    signature TEXT,
    last_valid_height BIGINT,
    raw BYTEA,
    prepared_at BIGINT,
    triggered_at BIGINT NOT NULL,
    decided_at BIGINT NOT NULL,
    committed_at BIGINT,
    sent_at BIGINT,
    landed_at BIGINT,
    ended_at BIGINT,
    outcome TEXT,
    why TEXT,
    cost_base BIGINT,
    cost_priority BIGINT,
    cost_tip BIGINT,
    body TEXT NOT NULL,
    row_sum BIGINT NOT NULL,
    PRIMARY KEY (order_seq, order_nth, number),
    FOREIGN KEY (order_seq, order_nth) REFERENCES orders (seq, nth)
);
CREATE INDEX attempts_without_end ON attempts (order_seq) WHERE ended_at IS NULL;

CREATE TABLE fills (
    order_seq BIGINT NOT NULL,
    order_nth BIGINT NOT NULL,
    number BIGINT NOT NULL,
    mint TEXT NOT NULL,
    wallet TEXT NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
    tokens BIGINT NOT NULL,
    lamports BIGINT NOT NULL,
    fee_lp BIGINT NOT NULL,
    fee_protocol BIGINT NOT NULL,
    fee_creator BIGINT NOT NULL,
    cost_base BIGINT NOT NULL,
    cost_priority BIGINT NOT NULL,
    cost_tip BIGINT NOT NULL,
    rent_locked BIGINT NOT NULL,
    reason TEXT,
    slot BIGINT NOT NULL,
    filled_at BIGINT NOT NULL,
    row_sum BIGINT NOT NULL,
    PRIMARY KEY (order_seq, order_nth, number),
    FOREIGN KEY (order_seq, order_nth, number) REFERENCES attempts (order_seq, order_nth, number)
);
CREATE INDEX fills_of_mint ON fills (mint, wallet);

-- Open positions and closed ones. `worth` is a pair: lamports for so many tokens.
CREATE TABLE positions (
    mint TEXT NOT NULL REFERENCES tokens (mint),
    opened_at BIGINT NOT NULL,
    wallet TEXT NOT NULL,
    bought BIGINT NOT NULL,
    sold BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    proceeds BIGINT NOT NULL,
    venue_fees BIGINT NOT NULL,
    network BIGINT NOT NULL,
    mark_lamports BIGINT NOT NULL,
    mark_tokens BIGINT NOT NULL,
    marked_at BIGINT NOT NULL,
    high_lamports BIGINT NOT NULL,
    high_tokens BIGINT NOT NULL,
    high_at BIGINT NOT NULL,
    stop_lamports BIGINT NOT NULL,
    stop_tokens BIGINT NOT NULL,
    first_stop_lamports BIGINT NOT NULL,
    first_stop_tokens BIGINT NOT NULL,
    trails BIGINT NOT NULL,
    kept BIGINT NOT NULL,
    closed_at BIGINT,
    reason TEXT,
    pnl BIGINT,
    body TEXT NOT NULL,
    row_sum BIGINT NOT NULL,
    PRIMARY KEY (mint, opened_at)
);
CREATE UNIQUE INDEX one_open_position_of_a_mint ON positions (mint) WHERE closed_at IS NULL;
CREATE INDEX positions_closed ON positions (closed_at);

CREATE TABLE ladder_legs (
    mint TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    rung BIGINT NOT NULL,
    at_lamports BIGINT NOT NULL,
    at_tokens BIGINT NOT NULL,
    tokens BIGINT NOT NULL,
    leg TEXT NOT NULL,
    row_sum BIGINT NOT NULL,
    PRIMARY KEY (mint, opened_at, rung),
    FOREIGN KEY (mint, opened_at) REFERENCES positions (mint, opened_at)
);

CREATE TABLE stop_moves (
    seq BIGINT NOT NULL,
    nth BIGINT NOT NULL,
    mint TEXT NOT NULL,
    tokens BIGINT NOT NULL,
    stop BIGINT NOT NULL,
    moved_at BIGINT NOT NULL,
    row_sum BIGINT NOT NULL,
    PRIMARY KEY (seq, nth)
);
CREATE INDEX stop_moves_of_mint ON stop_moves (mint, seq);

CREATE TABLE exits (
    seq BIGINT NOT NULL,
    nth BIGINT NOT NULL,
    mint TEXT NOT NULL,
    reason TEXT NOT NULL,
    tokens BIGINT NOT NULL,
    mark BIGINT NOT NULL,
    fired_at BIGINT NOT NULL,
    row_sum BIGINT NOT NULL,
    PRIMARY KEY (seq, nth)
);
CREATE INDEX exits_of_mint ON exits (mint, seq);

-- Buys without an end, the ones that pause between two attempts included.
CREATE TABLE buys (
    mint TEXT NOT NULL PRIMARY KEY,
    wanted BIGINT NOT NULL,
    order_seq BIGINT NOT NULL,
    order_nth BIGINT NOT NULL,
    number BIGINT NOT NULL,
    wallet TEXT NOT NULL,
    spend BIGINT NOT NULL,
    reserved BIGINT NOT NULL,
    costs BIGINT NOT NULL,
    retry_at BIGINT,
    body TEXT NOT NULL,
    row_sum BIGINT NOT NULL
);

CREATE TABLE accounts (
    wallet TEXT NOT NULL PRIMARY KEY,
    balance BIGINT NOT NULL,
    opening BIGINT NOT NULL,
    body TEXT NOT NULL,
    row_sum BIGINT NOT NULL
);

-- The sums of an account by class; with `opening` they are its balance, to the lamport.
CREATE TABLE account_classes (
    wallet TEXT NOT NULL REFERENCES accounts (wallet),
    class TEXT NOT NULL,
    amount BIGINT NOT NULL,
    row_sum BIGINT NOT NULL,
    PRIMARY KEY (wallet, class)
);

-- What outlives a position in its token: the rest after an exit, draws, our simulated impacts.
CREATE TABLE token_past (
    mint TEXT NOT NULL PRIMARY KEY,
    rest_until BIGINT,
    buys BIGINT NOT NULL,
    sells BIGINT NOT NULL,
    curve_quote BIGINT NOT NULL,
    curve_tokens BIGINT NOT NULL,
    pool_quote BIGINT NOT NULL,
    pool_tokens BIGINT NOT NULL,
    body TEXT NOT NULL,
    row_sum BIGINT NOT NULL
);

CREATE TABLE days (
    day BIGINT NOT NULL PRIMARY KEY,
    result BIGINT NOT NULL,
    equity BIGINT NOT NULL,
    row_sum BIGINT NOT NULL
);

-- Who did what, and why: commands, and every change of the trading state.
CREATE TABLE audit (
    seq BIGINT NOT NULL,
    nth BIGINT NOT NULL,
    told_at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    who TEXT NOT NULL,
    why TEXT NOT NULL,
    body TEXT NOT NULL,
    row_sum BIGINT NOT NULL,
    PRIMARY KEY (seq, nth)
);
