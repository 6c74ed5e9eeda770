//! The local chain, played: the real programs against our encoders, our quotes and our readers.

mod life;
