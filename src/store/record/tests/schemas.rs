//! Every record validates against its generated schema, and the checked-in schemas are current.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use momentum_core::config::Config;
use momentum_core::event::Mode;
use serde_json::Value;

use super::super::samples::{self, writer};
use super::super::{Source, Stage, schemas};
use crate::summary::Tally;

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/schemas"))
}

#[test]
fn the_schemas_in_docs_are_current() {
    let schemas = schemas();
    if std::env::var_os("MOMENTUM_WRITE").is_some() {
        fs::create_dir_all(folder()).unwrap();
        for (name, text) in &schemas {
            fs::write(folder().join(name), text).unwrap();
        }
    }
    let files: BTreeSet<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(files, schemas.keys().cloned().collect(), "docs/schemas");
    for (name, text) in schemas {
        let found = fs::read_to_string(folder().join(&name)).unwrap();
        assert!(
            found == text,
            "docs/schemas/{name} is not current: run `MOMENTUM_WRITE=1 cargo test -p momentum-store schemas`"
        );
    }
}

/// Checks the part of JSON Schema that records use; patterns by their meaning, as the files have few.
fn check(value: &Value, schema: &Value) -> Result<(), String> {
    let wrong = |what: &str| Err(format!("{value} is not {what}"));
    if let Some(constant) = schema.get("const")
        && constant != value
    {
        return wrong(&constant.to_string());
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        return wrong(&format!("one of {words:?}"));
    }
    if let Some(forms) = schema["anyOf"].as_array() {
        return if forms.iter().any(|form| check(value, form).is_ok()) {
            Ok(())
        } else {
            wrong("any of the forms")
        };
    }
    match schema["type"].as_str() {
        None => {}
        Some("string") => {
            let Some(text) = value.as_str() else { return wrong("a string") };
            if let Some(pattern) = schema["pattern"].as_str()
                && !matches(text, pattern)
            {
                return wrong(pattern);
            }
        }
        Some("integer") if value.is_i64() || value.is_u64() => {}
        Some("boolean") if value.is_boolean() => {}
        Some("null") if value.is_null() => {}
        Some("array") => {
            let Some(items) = value.as_array() else { return wrong("an array") };
            items.iter().try_for_each(|item| check(item, &schema["items"]))?;
        }
        Some("object") => {
            let Some(fields) = value.as_object() else { return wrong("an object") };
            for name in schema["required"].as_array().into_iter().flatten() {
                if !fields.contains_key(name.as_str().unwrap()) {
                    return Err(format!("{value} lacks {name}"));
                }
            }
            for (name, field) in fields {
                let Some(schema) =
                    schema["properties"].get(name).or_else(|| schema.get("additionalProperties"))
                else {
                    return Err(format!("{name} is not told of"));
                };
                check(field, schema).map_err(|why| format!("{name}: {why}"))?;
            }
        }
        Some(other) => return wrong(other),
    }
    Ok(())
}

fn matches(text: &str, pattern: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let unsigned = |text: &str| digits(text.strip_prefix('-').unwrap_or(text));
    let ids = |parts: usize| text.split('.').count() == parts && text.split('.').all(digits);
    let word = |extra: &str| text.chars().all(|c| c.is_ascii_lowercase() || extra.contains(c));
    match pattern {
        "^[0-9]+$" => digits(text),
        "^-?[0-9]+$" => unsigned(text),
        r"^-?[0-9]+(\.[0-9]+)?$" => {
            let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
            unsigned(whole) && digits(fraction)
        }
        "^[1-9A-HJ-NP-Za-km-z]+$" => bs58(text),
        "^[1-9A-HJ-NP-Za-km-z]+$|^SOL$" => text == "SOL" || bs58(text),
        "^[0-9a-f]{64}$" => text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()),
        r"^-?[0-9]{4,}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{6}Z$" => text.len() == 27 && text.ends_with('Z'),
        r"^[0-9]+\.[0-9]+$" => ids(2),
        r"^[0-9]+\.[0-9]+\.[0-9]+$" => ids(3),
        "^[a-z_]+$" => word("_"),
        "^[a-z0-9_]+$" => word("_0123456789"),
        other => panic!("a new pattern: {other}"),
    }
}

fn bs58(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() && !b"0OIl".contains(&b))
}

#[test]
fn every_record_that_is_written_is_of_its_schema_and_every_form_is_written() {
    let schemas = schemas();
    let mut told = BTreeSet::new();
    let engine = momentum_core::engine::Engine::default();
    let mut lines = samples::records();
    let hash = Config::default().hash;
    let summary = Tally::new("run-1", Mode::Paper, Source::Sim, Some(7), hash).finish(&engine);
    lines += &serde_json::to_string(&summary).unwrap();
    for line in lines.lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        let name = record["schema"].as_str().unwrap();
        let schema: Value = serde_json::from_str(&schemas[&format!("{name}.json")]).unwrap();
        let found: Vec<_> =
            schema["oneOf"].as_array().unwrap().iter().map(|form| check(&record, form)).collect();
        let fits = found.iter().filter(|found| found.is_ok()).count();
        assert_eq!(fits, 1, "{line}: {found:?}");
        told.insert((name.to_owned(), record["kind"].as_str().unwrap_or_default().to_owned()));
    }
    for (file, text) in &schemas {
        let schema: Value = serde_json::from_str(text).unwrap();
        for form in schema["oneOf"].as_array().unwrap() {
            let kinds = form["properties"]["kind"]["enum"].as_array().cloned().unwrap_or(vec!["".into()]);
            for kind in kinds {
                let key = (file.trim_end_matches(".json").to_owned(), kind.as_str().unwrap().to_owned());
                assert!(told.contains(&key), "no sample of {key:?}");
            }
        }
    }
}

#[test]
fn a_stage_tells_a_fact_once_whether_it_runs_alone_or_in_the_pipe() {
    for fact in samples::facts() {
        let written = |stage: Stage| {
            let mut out = Vec::new();
            writer(stage).fact(momentum_core::ids::Seq(1), samples::NOW, &fact, &mut out);
            out
        };
        let pipe = [written(Stage::Monitor), written(Stage::Score), written(Stage::Trade)];
        assert!(pipe.iter().filter(|line| !line.is_empty()).count() <= 1, "{fact:?}");
        let run = written(Stage::Run);
        assert!(run.is_empty() || pipe.contains(&run), "{fact:?}");
    }
}
