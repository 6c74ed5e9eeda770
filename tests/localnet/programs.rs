//! Where the compiled programs lie: the pump team's package carries them in its `artifacts/`, and cargo knows
//! where its registry keeps the package. Nothing of it is copied here.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// A release of the programs, named by the package that carries it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Build {
    /// 0.2.0: curves of 141 bytes, no buy past the end.
    V0_2_0,
    /// 0.3.1: curves of 166 bytes.
    V0_3_1,
    /// 0.4.1: curves of 166 bytes.
    V0_4_1,
    /// 0.5.0: what mainnet runs since October 2026.
    #[default]
    V0_5_0,
}

impl Build {
    /// All of them, oldest first.
    pub const ALL: [Self; 4] = [Self::V0_2_0, Self::V0_3_1, Self::V0_4_1, Self::V0_5_0];

    /// Those whose programs are to be had, oldest first: in CI all of them. What is not is said.
    ///
    /// # Panics
    /// Where one is missing that must be there: the newest, and in CI any.
    pub fn at_hand() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|build| match build.artifacts() {
            Ok(_) => true,
            Err(missing) => {
                assert!(*build != Self::default() && std::env::var_os("CI").is_none(), "{missing}");
                eprintln!("skipped: {missing}");
                false
            }
        })
    }

    /// Its version.
    #[must_use]
    pub const fn version(self) -> &'static str {
        match self {
            Self::V0_2_0 => "0.2.0",
            Self::V0_3_1 => "0.3.1",
            Self::V0_4_1 => "0.4.1",
            Self::V0_5_0 => "0.5.0",
        }
    }

    /// The feature of `tests/programs` that names it; the newest is always named.
    const fn feature(self) -> &'static str {
        match self {
            Self::V0_2_0 => "v0_2_0",
            Self::V0_3_1 => "v0_3_1",
            Self::V0_4_1 => "v0_4_1",
            Self::V0_5_0 => "",
        }
    }

    /// The folder that holds its programs.
    ///
    /// # Errors
    /// Where neither the registry's folder nor the registry has the package.
    pub fn artifacts(self) -> Result<PathBuf, Missing> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../programs/Cargo.toml");
        // What is on this machine needs no network; what is not is fetched.
        let metadata = metadata(&manifest, self, true).or_else(|_| metadata(&manifest, self, false));
        let missing = |why| Missing { build: self, manifest: manifest.clone(), why };
        let metadata = metadata.map_err(missing)?;
        let packages = metadata["packages"].as_array().into_iter().flatten();
        let package = packages
            .filter(|package| package["name"] == "pump-rust-client" && package["version"] == self.version())
            .find_map(|package| package["manifest_path"].as_str());
        let folder = package.and_then(|manifest| Path::new(manifest).parent());
        let artifacts = folder.map(|folder| folder.join("artifacts")).filter(|folder| folder.is_dir());
        artifacts.ok_or_else(|| missing("the package has no folder `artifacts`".to_owned()))
    }
}

fn metadata(manifest: &Path, build: Build, offline: bool) -> Result<Value, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["metadata", "--format-version", "1", "--locked", "--features", build.feature()]);
    command.arg("--manifest-path").arg(manifest);
    if offline {
        command.arg("--offline");
    }
    let output = command.output().map_err(|error| format!("cargo does not start: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned());
    }
    serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo's answer is no JSON: {error}"))
}

/// The programs of a build are not on this machine and could not be fetched.
#[derive(Clone, Debug)]
pub struct Missing {
    build: Build,
    manifest: PathBuf,
    why: String,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { build, manifest, why } = self;
        let manifest = manifest.display();
        writeln!(f, "the programs of pump-rust-client {} are not to be found: {why}", build.version())?;
        write!(f, "fetch them once where crates.io is reachable: cargo fetch --manifest-path {manifest}")
    }
}

impl std::error::Error for Missing {}
