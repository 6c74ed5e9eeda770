//! Every gate at its boundary, and one unit to each side.
