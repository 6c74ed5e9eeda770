//! The JSON Schema of a settings file, made from the table of keys: editors complete and check with it.

use momentum_core::config::{Key, Shape, Value};
use serde_json::{Map, json};

use super::keys;

/// The schema, ready to print.
#[must_use]
pub fn schema() -> serde_json::Value {
    let mut schema = table();
    for key in keys() {
        let mut place = &mut schema;
        for part in key.path.split('.') {
            // Each table on the way is made where it is not there yet; the last part is the key itself.
            place = &mut place["properties"][part];
            if place.is_null() {
                *place = table();
            }
        }
        *place = of_key(key);
    }
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("Settings of momentum");
    schema
}

fn table() -> serde_json::Value {
    json!({"type": "object", "additionalProperties": false, "properties": {}})
}

fn of_key(key: &Key) -> serde_json::Value {
    let mut schema = of_shape(key.shape, key.range);
    let mut about = key.doc().to_owned();
    if !key.range.0.is_empty() {
        about += &format!(" From {} to {}.", key.range.0, key.range.1);
    }
    schema.insert("description".to_owned(), json!(about));
    schema.into()
}

fn of_shape(shape: Shape, range: (&str, &str)) -> Map<String, serde_json::Value> {
    let schema = match shape {
        Shape::Bool => json!({"type": "boolean"}),
        Shape::Whole => {
            let mut schema = json!({"type": "integer"});
            for (name, bound) in [("minimum", range.0), ("maximum", range.1)] {
                if let Ok(bound) = bound.parse::<i64>() {
                    schema[name] = json!(bound);
                }
            }
            schema
        }
        Shape::Number => json!({"type": ["number", "string"]}),
        Shape::Text => json!({"type": "string"}),
        Shape::Unit(units) => {
            json!({"type": "string", "pattern": format!("^-?[0-9_]+(\\.[0-9_]+)? ?({})$", units.join("|"))})
        }
        Shape::Words(words) => json!({"enum": words}),
        Shape::OrWord(word, other) => json!({"anyOf": [{"const": word}, of_shape(*other, range)]}),
        Shape::List(item) => json!({"type": "array", "items": of_shape(*item, range)}),
    };
    match schema {
        serde_json::Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// A value of the settings as JSON, for `config show --json`.
#[must_use]
pub fn to_json(value: &Value) -> serde_json::Value {
    match value {
        Value::Bool(value) => json!(value),
        Value::Int(value) => json!(value),
        Value::Number(digits) | Value::Text(digits) => json!(digits),
        Value::List(values) => values.iter().map(to_json).collect(),
    }
}
