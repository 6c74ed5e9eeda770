-- The second file: measurements and scores.
-- Evaluations of the last seven days. Keys are small integers that only grow: rows are appended, never sought.

CREATE TABLE mints (
    id BIGINT NOT NULL PRIMARY KEY,
    mint TEXT NOT NULL UNIQUE,
    row_sum BIGINT NOT NULL
);

-- Points are hundredths.
CREATE TABLE scores (
    id BIGINT NOT NULL PRIMARY KEY,
    mint_id BIGINT NOT NULL,
    scored_at BIGINT NOT NULL,
    total BIGINT NOT NULL,
    volume BIGINT NOT NULL,
    holders BIGINT NOT NULL,
    liquidity BIGINT NOT NULL,
    social BIGINT NOT NULL,
    safety BIGINT NOT NULL,
    complete BIGINT NOT NULL,
    hard_fail TEXT,
    row_sum BIGINT NOT NULL
);
CREATE INDEX scores_of_mint ON scores (mint_id, id);

-- What the score of the same id was made of; nothing where it was not known. Ratios are thousandths.
CREATE TABLE token_metrics (
    id BIGINT NOT NULL PRIMARY KEY,
    volume_5m BIGINT NOT NULL,
    velocity BIGINT,
    buy_ratio BIGINT,
    unique_buyers_5m BIGINT NOT NULL,
    holders BIGINT,
    top10 BIGINT,
    progress BIGINT,
    real_sol BIGINT,
    round_trip BIGINT,
    age_seconds BIGINT,
    row_sum BIGINT NOT NULL
);
