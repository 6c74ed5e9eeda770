//! Recording what a run sees. A recording that cannot go on ends; the run does not.

use std::path::Path;
use std::time::SystemTime;

use momentum_core::action::Effects;
use momentum_core::codes::ErrorCode;
use momentum_core::event::Envelope;
use momentum_runtime::settings::Settings;
use momentum_store::recording::{About, Patience, Recorder, retain};

use crate::failure::Failure;
use crate::output::Out;

/// The recording of a run, while there is one.
#[derive(Default)]
pub(crate) struct Recorded {
    recorder: Option<Recorder>,
}

impl Recorded {
    /// Begins a session in `folder`, where one is named, and removes those that are too old or too much.
    pub(crate) fn begin(
        folder: Option<&Path>,
        about: impl FnOnce() -> About,
        settings: &Settings,
        out: &Out,
    ) -> Result<Self, Failure> {
        let Some(folder) = folder else { return Ok(Self::default()) };
        let recorder = Recorder::create(folder, about(), None, &settings.record, Patience::Endless)
            .map_err(|error| Failure::new(ErrorCode::CannotWrite, error.to_string()))?;
        out.say(&format!("recording to {}", recorder.session().display()));
        match retain(folder, &settings.record, SystemTime::now()) {
            Ok(removed) => removed.iter().for_each(|removed| {
                out.say(&format!(
                    "removed by record.keep_time or record.keep_megabytes: {}",
                    removed.session.display()
                ));
            }),
            Err(error) => out.say(&format!("old recordings stay: {error}")),
        }
        Ok(Self { recorder: Some(recorder) })
    }

    /// Records an event with what it made; why it cannot, is said once.
    pub(crate) fn see(&mut self, envelope: &Envelope, effects: &Effects, out: &Out) {
        let Some(recorder) = &mut self.recorder else { return };
        if let Err(error) = recorder.append(envelope, &effects.facts) {
            self.recorder = None;
            out.say(&format!("the run goes on without a recording: {error}"));
        }
    }

    /// Seals the session.
    pub(crate) fn finish(self, out: &Out) {
        if let Some(Err(error)) = self.recorder.map(Recorder::finish) {
            out.say(&format!("the recording was not sealed: {error}"));
        }
    }
}
