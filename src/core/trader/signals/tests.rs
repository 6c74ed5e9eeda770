//! Every condition of a signal at its boundary, and one unit to each side.
