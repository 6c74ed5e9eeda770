-- The second file: measurements and scores.
-- Evaluations of the last seven days. Keys are small integers that only grow: rows are appended, never sought.

CREATE TABLE mints (
    id INTEGER NOT NULL PRIMARY KEY,
    mint TEXT NOT NULL UNIQUE,
    row_sum INTEGER NOT NULL
) STRICT;

-- Points are hundredths.
CREATE TABLE scores (
    id INTEGER NOT NULL PRIMARY KEY,
    mint_id INTEGER NOT NULL,
    scored_at INTEGER NOT NULL,
    total INTEGER NOT NULL,
    volume INTEGER NOT NULL,
    holders INTEGER NOT NULL,
    liquidity INTEGER NOT NULL,
    social INTEGER NOT NULL,
    safety INTEGER NOT NULL,
    complete INTEGER NOT NULL,
    hard_fail TEXT,
    row_sum INTEGER NOT NULL
) STRICT;
CREATE INDEX scores_of_mint ON scores (mint_id, id);

-- What the score of the same id was made of; nothing where it was not known. Ratios are thousandths.
CREATE TABLE token_metrics (
    id INTEGER NOT NULL PRIMARY KEY,
    volume_5m INTEGER NOT NULL,
    velocity INTEGER,
    buy_ratio INTEGER,
    unique_buyers_5m INTEGER NOT NULL,
    holders INTEGER,
    top10 INTEGER,
    progress INTEGER,
    real_sol INTEGER,
    round_trip INTEGER,
    age_seconds INTEGER,
    row_sum INTEGER NOT NULL
) STRICT;
