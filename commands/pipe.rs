//! What the stages of the pipe share on the command line.

use std::io;

use momentum_core::codes::ErrorCode;
use momentum_runtime::pipe::PipeError;
use momentum_store::record::ReadError;

use crate::failure::Failure;

impl From<PipeError> for Failure {
    fn from(error: PipeError) -> Self {
        let code = match &error {
            PipeError::Read(ReadError::Malformed(_)) | PipeError::NoHello(_) => ErrorCode::MalformedRecord,
            PipeError::Read(ReadError::Io(_)) | PipeError::BrokeOff(_) => ErrorCode::UnreadableInput,
            PipeError::Write(_) => ErrorCode::CannotWrite,
        };
        Self::new(code, error.to_string())
    }
}

/// Remembers why the output took no more: an `io::Error` carries no [`Failure`].
#[derive(Debug, Default)]
pub(crate) struct Gone(Option<Failure>);

impl Gone {
    /// Keeps what went wrong, and says it the way a stage understands.
    pub(crate) fn note(&mut self, printed: Result<(), Failure>) -> io::Result<()> {
        printed.map_err(|failure| {
            self.0 = Some(failure);
            io::Error::from(io::ErrorKind::BrokenPipe)
        })
    }

    /// What went wrong, if anything did.
    pub(crate) fn failure(self) -> Result<(), Failure> {
        self.0.map_or(Ok(()), Err)
    }
}

/// Leaves only the entry signals of some lines.
pub(crate) fn keep_signals(lines: &mut Vec<u8>) {
    const SIGNAL: &[u8] = b"{\"schema\":\"momentum.signal.v1\"";
    let kept: Vec<u8> = lines
        .split_inclusive(|byte| *byte == b'\n')
        .filter(|line| line.starts_with(SIGNAL))
        .flatten()
        .copied()
        .collect();
    *lines = kept;
}
