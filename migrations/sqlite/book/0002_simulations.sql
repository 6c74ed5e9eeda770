-- Buys on paper that were also run on the chain's own state, unsigned, with their sell-back: beside what their quote
-- expected. `why` says why one failed; else it paid and got back, and was better than expected by `difference`.

CREATE TABLE simulations (
    order_seq INTEGER NOT NULL,
    order_nth INTEGER NOT NULL,
    number INTEGER NOT NULL,
    mint TEXT NOT NULL,
    tokens INTEGER NOT NULL,
    expected_paid INTEGER NOT NULL,
    expected_back INTEGER NOT NULL,
    slot INTEGER,
    paid INTEGER,
    back INTEGER,
    units INTEGER,
    difference INTEGER,
    why TEXT,
    simulated_at INTEGER NOT NULL,
    row_sum INTEGER NOT NULL,
    PRIMARY KEY (order_seq, order_nth, number),
    FOREIGN KEY (order_seq, order_nth, number) REFERENCES attempts (order_seq, order_nth, number),
    CHECK ((why IS NULL) = (difference IS NOT NULL))
) STRICT;
CREATE INDEX simulations_of_mint ON simulations (mint, simulated_at);
