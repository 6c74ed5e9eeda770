//! The file that `config init` writes: every key, commented out, with what it does and its default, so that
//! the file changes nothing until somebody changes it.

use momentum_core::config;

use super::keys;

/// The text of a settings file with every key as a comment.
#[must_use]
pub fn template() -> String {
    let defaults = config::parse(config::DEFAULTS).values;
    let mut text = "# Settings of momentum. What is commented out is the default.\n\
                    # Check this file with `momentum config validate`, see what is in force with\n\
                    # `momentum config show --origin`.\n"
        .to_owned();
    let mut table = "";
    for key in keys() {
        let (prefix, name) = key.path.rsplit_once('.').unwrap_or(("", key.path));
        if prefix != table {
            text += &format!("\n[{prefix}]\n");
            table = prefix;
        }
        text += &format!("\n# {}\n", key.doc());
        let range = match key.range {
            ("", _) => String::new(),
            (min, max) => format!(", from {min} to {max}"),
        };
        text += &format!("# ({}{range})\n", key.unit);
        if let Some(default) = defaults.get(key.path) {
            text += &format!("# {name} = {}\n", default.value);
        }
    }
    text
}
