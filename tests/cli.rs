//! The command line as a person or a script sees it.

use std::process::{Command, Output};

fn momentum(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_momentum"));
    command.args(arguments).env_clear().env("NO_COLOR", "1").output().unwrap()
}

#[test]
fn config_show_prints_the_defaults() {
    let output = momentum(&["config", "show"]);
    assert!(output.status.success());
    assert!(String::from_utf8(output.stdout).unwrap().contains("risk.max_position"));
}
