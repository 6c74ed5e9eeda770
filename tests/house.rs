//! The rules of the house that neither the compiler nor clippy holds.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Who may name whom. Arrows point down; `momentum` is the binary in `commands/`, which names core too for
/// the codes and records that it prints.
const ARROWS: &[(&str, &[&str])] = &[
    ("momentum", &["runtime", "research", "control", "store", "sim", "core"]),
    ("momentum-runtime", &["control", "chain", "store", "sim", "pump", "core"]),
    ("momentum-research", &["store", "sim", "pump", "core"]),
    ("momentum-control", &["store", "core"]),
    ("momentum-chain", &["pump", "core"]),
    ("momentum-store", &["core"]),
    ("momentum-sim", &["core"]),
    ("momentum-pump", &["core"]),
    ("momentum-core", &[]),
];

/// No file may be longer.
const LINES_MAX: usize = 800;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The packages under `src/`, and the root, by name.
fn packages() -> BTreeMap<String, Value> {
    let metadata = cargo(&["metadata", "--format-version", "1", "--no-deps", "--locked", "--offline"]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let packages = metadata["packages"].as_array().unwrap().iter().cloned();
    let named = packages.map(|package| (package["name"].as_str().unwrap().to_owned(), package));
    let ours = |manifest: &str| {
        let place = Path::new(manifest).strip_prefix(root()).unwrap();
        place.starts_with("src") || place == Path::new("Cargo.toml")
    };
    named.filter(|(_, package)| ours(package["manifest_path"].as_str().unwrap())).collect()
}

#[test]
fn crates_name_only_those_below_them() {
    let packages = packages();
    assert!(packages.len() >= 8);
    for (name, package) in &packages {
        let (_, allowed) =
            ARROWS.iter().find(|(from, _)| from == name).unwrap_or_else(|| panic!("{name} has no arrows"));
        for dependency in package["dependencies"].as_array().unwrap() {
            // Tests may look across; what is shipped may not.
            if dependency["kind"] == "dev" {
                continue;
            }
            let to = dependency["name"].as_str().unwrap();
            let Some(to) = to.strip_prefix("momentum-") else { continue };
            assert!(allowed.contains(&to), "{name} may not name momentum-{to}");
        }
    }
}

#[test]
fn no_protection_can_be_switched_off_in_the_shipped_binary() {
    let tree = cargo(&[
        "tree",
        "--package",
        "momentum",
        "--edges",
        "normal,build,features",
        "--locked",
        "--offline",
    ]);
    assert!(
        tree.contains("momentum-core") && tree.contains("momentum-runtime"),
        "the tree shows engine and bot"
    );
    assert!(!tree.contains("planted"), "the shipped binary has the feature `planted`");
}

/// Every Rust file of ours.
fn sources() -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    for folder in ["src", "commands", "tests", "benches"] {
        if root().join(folder).is_dir() {
            walk(&root().join(folder), &mut found);
        }
    }
    assert!(found.len() > 20);
    found
}

#[test]
fn every_file_tells_its_story_first_and_keeps_it_short() {
    let mut wrong = Vec::new();
    for path in sources() {
        let text = fs::read_to_string(&path).unwrap();
        let place = path.strip_prefix(root()).unwrap().display().to_string();
        if !text.starts_with("//! ") {
            wrong.push(format!("{place} does not begin with `//! `"));
        }
        let lines = text.lines().count();
        if lines > LINES_MAX {
            wrong.push(format!("{place} has {lines} lines, more than {LINES_MAX}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_name_says_nothing() {
    let empty = ["utils", "util", "helpers", "helper", "manager", "service", "common", "misc"];
    let named = |path: &PathBuf| {
        let mut parts =
            path.strip_prefix(root()).unwrap().iter().map(|part| part.to_string_lossy().into_owned());
        parts.any(|part| empty.contains(&part.trim_end_matches(".rs")))
    };
    let wrong: Vec<_> = sources().into_iter().filter(named).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn the_licences_that_the_manifests_name_are_here() {
    for (name, package) in packages() {
        assert_eq!(package["license"], "MIT OR Apache-2.0", "{name}");
    }
    for (file, first) in [("LICENSE-MIT", "MIT License"), ("LICENSE-APACHE", "Apache License")] {
        let text = fs::read_to_string(root().join(file)).unwrap();
        assert!(text.contains(first), "{file}");
    }
}
