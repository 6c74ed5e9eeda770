//! Layers, origins, and all problems at once.

use std::fs;
use std::path::PathBuf;

use super::*;

/// A folder of its own for a test, removed with it.
struct Folder(PathBuf);

impl Folder {
    fn of(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("momentum-settings-{}-{test}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    fn sources(&self) -> Sources {
        Sources { folder: self.0.clone(), ..Sources::default() }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn effective<'s>(settings: &'s Settings, path: &str) -> &'s Effective {
    settings.effective.iter().find(|effective| effective.key.path == path).unwrap()
}

/// What is in force and what it masks, as `value (origin)`, highest first.
fn stack(settings: &Settings, path: &str) -> Vec<String> {
    let found = effective(settings, path);
    let all = std::iter::once(&found.said).chain(&found.masked);
    all.map(|said| format!("{} ({})", said.value.plain(), said.place)).collect()
}

#[test]
fn the_defaults_name_every_key_and_no_other() {
    let settings = Settings::load(&Sources::default()).unwrap();
    assert_eq!(settings.effective.len(), keys().count());
    let written = config::parse(config::DEFAULTS).values;
    assert_eq!(written.len(), keys().count());
}

#[test]
fn no_two_keys_share_a_path_and_none_is_a_table_of_another() {
    let mut paths: Vec<_> = keys().map(|key| key.path).collect();
    paths.sort_unstable();
    for pair in paths.windows(2) {
        assert!(pair[0] != pair[1] && !pair[1].starts_with(&format!("{}.", pair[0])), "{pair:?}");
        assert!(!pair[0].contains("__"), "{} cannot be a variable of the environment", pair[0]);
    }
}

#[test]
fn each_layer_masks_those_below_and_the_origin_keeps_them() {
    let folder = Folder::of("layers");
    let system = folder.file("etc/momentum.toml", "[risk]\nmax_position = \"0.1 SOL\"\n");
    let home = folder.file("xdg/momentum.toml", "[risk]\nmax_position = \"0.2 SOL\"\n");
    let first = folder.file("a.toml", "\n[risk]\nmax_position = \"0.3 SOL\"\n");
    folder.file("b.toml", "[risk]\nmax_position = \"0.4 SOL\"\n");
    folder.file("profiles/mine.toml", "[risk]\nmax_position = \"0.6 SOL\"\n");
    folder.file("momentum.toml", "this is not read where -c names files");
    let flag = |value: &str| format!("risk.max_position={value}").parse::<Assignment>().unwrap();
    let sources = Sources {
        files: vec![first, PathBuf::from("b.toml")],
        profile: Some("mine".to_owned()),
        flags: vec![flag("0.8SOL"), flag("0.9SOL")],
        environment: vec![("MOMENTUM__RISK__MAX_POSITION".into(), "0.7 SOL".into())],
        standing: vec![system, home, folder.0.join("absent.toml")],
        ..folder.sources()
    };
    let settings = Settings::load(&sources).unwrap();
    assert_eq!(
        stack(&settings, "risk.max_position"),
        [
            "0.9 SOL (--set risk.max_position)",
            "0.8 SOL (--set risk.max_position)",
            "0.7 SOL (MOMENTUM__RISK__MAX_POSITION)",
            "0.6 SOL (profiles/mine.toml:2)",
            "0.4 SOL (b.toml:2)",
            "0.3 SOL (a.toml:3)",
            "0.2 SOL (xdg/momentum.toml:2)",
            "0.1 SOL (etc/momentum.toml:2)",
            "0.5 SOL (default)",
        ]
    );
}

#[test]
fn the_file_of_the_folder_is_read_where_none_is_named() {
    let folder = Folder::of("local");
    folder.file("momentum.toml", "[risk]\nmax_position = \"0.3 SOL\"\n");
    let settings = Settings::load(&folder.sources()).unwrap();
    assert_eq!(stack(&settings, "risk.max_position")[0], "0.3 SOL (momentum.toml:2)");
}

#[test]
fn every_compiled_in_profile_loads() {
    for (name, _) in profiles::PROFILES {
        let sources = Sources { profile: Some((*name).to_owned()), ..Sources::default() };
        let settings = Settings::load(&sources).unwrap();
        let changed = settings.effective.iter().filter(|effective| !effective.masked.is_empty());
        assert!(changed.count() > 0, "{name}");
    }
}

#[test]
fn all_problems_of_all_layers_come_at_once_with_place_key_and_mend() {
    let folder = Folder::of("problems");
    folder.file(
        "momentum.toml",
        "[rsk]\na = 1\nb = 2\n\n[risk]\nmax_postion = \"1 SOL\"\nmax_position = 3\n\n[exits]\nstop_max = \"99 %\"\nx =\n",
    );
    let sources = Sources {
        flags: vec!["score.evry=1s".parse().unwrap(), "risk.max_position=0.1SOL".parse().unwrap()],
        profile: Some("careless".to_owned()),
        environment: vec![
            ("MOMENTUM__SCORE__EVRY".into(), "1 s".into()),
            ("MOMENTUM_LOG".into(), "x".into()),
        ],
        ..folder.sources()
    };
    let Problems(problems) = Settings::load(&sources).unwrap_err();
    let found: Vec<_> =
        problems.iter().map(|p| (p.place.to_string(), p.key.as_str(), p.mend.as_str())).collect();
    let expected = [
        ("momentum.toml:1", "rsk", "did you mean `[risk]`?"),
        ("momentum.toml:6", "risk.max_postion", "did you mean `risk.max_position`?"),
        ("momentum.toml:7", "risk.max_position", "`\"0.5 SOL\"` is the default"),
        ("momentum.toml:10", "exits.stop_max", "`\"30 %\"` is the default"),
        ("momentum.toml:11", "", "toml.io"),
        ("--profile careless", "", "cautious"),
        ("MOMENTUM__SCORE__EVRY", "score.evry", "did you mean MOMENTUM__SCORE__EVERY?"),
        ("--set score.evry", "score.evry", "did you mean `score.every`?"),
    ];
    for (place, key, mend) in expected {
        let fits =
            |found: &&(String, &str, &str)| found.0 == place && found.1 == key && found.2.contains(mend);
        assert!(found.iter().any(|found| fits(&found)), "{place} {key} is not in {found:#?}");
    }
}

#[test]
fn problems_come_in_the_order_of_the_lines() {
    let folder = Folder::of("order");
    folder.file("momentum.toml", "[score]\nz = 1\n[risk]\nb = 1\na = 1\n[exits]\nc =\n");
    let Problems(problems) = Settings::load(&folder.sources()).unwrap_err();
    let places: Vec<_> = problems.iter().map(|p| p.place.to_string()).collect();
    let mut sorted = places.clone();
    sorted.sort();
    assert_eq!(places, sorted);
}

#[test]
fn a_file_that_cannot_be_read_is_a_problem_and_no_silence() {
    let folder = Folder::of("absent");
    let sources = Sources { files: vec![PathBuf::from("none.toml")], ..folder.sources() };
    let Problems(problems) = Settings::load(&sources).unwrap_err();
    assert_eq!(problems[0].place.to_string(), "none.toml");
    assert!(problems[0].mend.contains("config init none.toml"));
}

#[test]
fn the_hash_is_of_what_is_meant_and_not_of_how_it_is_written() {
    let load = |sets: &[&str]| {
        let flags = sets.iter().map(|set| set.parse().unwrap()).collect();
        Settings::load(&Sources { flags, ..Sources::default() }).unwrap().hash()
    };
    let defaults = load(&[]);
    assert_eq!(load(&["risk.max_position=500000000 lamports", "score.every=30000ms"]), defaults);
    assert_ne!(load(&["risk.max_position=0.4SOL"]), defaults);
}

#[test]
fn the_template_changes_nothing_until_somebody_changes_it_and_names_every_key() {
    let read = config::parse(&template());
    assert!(read.values.is_empty() && read.misread.is_empty());
    let switched_on: String = template()
        .lines()
        .map(|line| line.strip_prefix("# ").filter(|rest| rest.contains(" = ")).unwrap_or(line))
        .fold(String::new(), |text, line| text + line + "\n");
    let folder = Folder::of("template");
    folder.file("momentum.toml", &switched_on);
    let settings = Settings::load(&folder.sources()).unwrap();
    for effective in &settings.effective {
        assert_eq!(effective.masked.len(), 1, "{}", effective.key.path);
        assert_eq!(effective.masked[0].value, effective.said.value, "{}", effective.key.path);
    }
}

fn with(sets: &[&str]) -> Result<Settings, Problems> {
    let flags = sets.iter().map(|set| set.parse().unwrap()).collect();
    Settings::load(&Sources { flags, ..Sources::default() })
}

#[test]
fn values_that_contradict_each_other_are_found_beside_other_errors_but_not_behind_them() {
    let keys = |problems: Problems| problems.0.into_iter().map(|p| p.key).collect::<Vec<_>>();
    let problems = with(&["exits.stop_min=40 %", "score.every=soon"]).unwrap_err();
    assert_eq!(keys(problems), ["score.every", "exits.stop_min"]);
    // What the wrong value was meant to be is not known, so nothing contradicts it.
    let problems = with(&["exits.stop_min=40 %", "exits.stop_max=far"]).unwrap_err();
    assert_eq!(keys(problems), ["exits.stop_max"]);
}

#[test]
fn what_nobody_means_is_a_warning_where_it_was_said() {
    assert_eq!(with(&[]).unwrap().warnings, []);
    let warnings = with(&["exits.ladder_cap=off", "paper.capital=0.15 SOL"]).unwrap().warnings;
    let said: Vec<_> = warnings.iter().map(|warning| warning.place.to_string()).collect();
    let ladder = "--set exits.ladder_cap";
    assert_eq!(said, [ladder, ladder, ladder, "--set paper.capital"]);
}

#[test]
fn the_schema_knows_every_key_and_accepts_every_default_by_type() {
    let schema = schema();
    for key in keys() {
        let pointer = format!("/properties/{}", key.path.replace('.', "/properties/"));
        let of_key = schema.pointer(&pointer).unwrap_or_else(|| panic!("{} is not in the schema", key.path));
        assert!(of_key["description"].as_str().unwrap().starts_with(key.doc()), "{}", key.path);
        let default = &config::parse(config::DEFAULTS).values[key.path].value;
        assert!(accepts(of_key, &to_json(default)), "{}: {of_key} refuses {default}", key.path);
        assert!(!accepts(of_key, &serde_json::json!({})), "{}", key.path);
    }
}

/// As much of JSON Schema as ours uses, patterns aside.
fn accepts(schema: &serde_json::Value, value: &serde_json::Value) -> bool {
    if let Some(choices) = schema["anyOf"].as_array() {
        return choices.iter().any(|choice| accepts(choice, value));
    }
    if let Some(words) = schema["enum"].as_array() {
        return words.contains(value);
    }
    if let Some(word) = schema.get("const") {
        return word == value;
    }
    let is = |kind: &str| match kind {
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => {
            value.as_array().is_some_and(|items| items.iter().all(|item| accepts(&schema["items"], item)))
        }
        other => panic!("{other} is no type that we write"),
    };
    match &schema["type"] {
        serde_json::Value::Array(kinds) => kinds.iter().any(|kind| is(kind.as_str().unwrap())),
        kind => is(kind.as_str().unwrap()),
    }
}
