//! What is on disk: records, replays.
