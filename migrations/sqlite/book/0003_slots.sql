-- The slots of an attempt's trace, beside its times: the newest that the bot had seen when the attempt was triggered,
-- the newest when its bytes were let go, and the one that it landed in (where it did what it should: that of its
-- fill). None where no slot had been seen, and in rows that are older than these columns.
-- An empty one has no part in row_sum: the rows that were there keep theirs.

ALTER TABLE attempts ADD COLUMN triggered_slot INTEGER;
ALTER TABLE attempts ADD COLUMN sent_slot INTEGER;
ALTER TABLE attempts ADD COLUMN landed_slot INTEGER;
