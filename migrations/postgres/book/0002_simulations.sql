-- Buys on paper that were also run on the chain's own state, unsigned, with their sell-back: beside what their quote
-- expected. `why` says why one failed; else it paid and got back, and was better than expected by `difference`.

CREATE TABLE simulations (
    order_seq BIGINT NOT NULL,
    order_nth BIGINT NOT NULL,
    number BIGINT NOT NULL,
    mint TEXT NOT NULL,
    tokens BIGINT NOT NULL,
    expected_paid BIGINT NOT NULL,
    expected_back BIGINT NOT NULL,
    slot BIGINT,
    paid BIGINT,
    back BIGINT,
    units BIGINT,
    difference BIGINT,
    why TEXT,
    simulated_at BIGINT NOT NULL,
    row_sum BIGINT NOT NULL,
    PRIMARY KEY (order_seq, order_nth, number),
    FOREIGN KEY (order_seq, order_nth, number) REFERENCES attempts (order_seq, order_nth, number),
    CHECK ((why IS NULL) = (difference IS NOT NULL))
);
CREATE INDEX simulations_of_mint ON simulations (mint, simulated_at);
