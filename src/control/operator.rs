//! Who an operator is: the name of the user whose process asked, for the audit.

use std::fs;

/// The name of the user with this id, as `/etc/passwd` has it; `uid 1000` where it does not.
#[must_use]
pub fn user_name(uid: u32) -> String {
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    named(&users, uid).map_or_else(|| format!("uid {uid}"), ToOwned::to_owned)
}

/// The user that this process runs as.
#[must_use]
pub fn this_user() -> String {
    user_name(rustix::process::geteuid().as_raw())
}

fn named(users: &str, uid: u32) -> Option<&str> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (name, _password, id) = (fields.next()?, fields.next()?, fields.next()?);
        (id.parse() == Ok(uid) && !name.is_empty()).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_named_as_the_system_names_it() {
        let users = "root:x:0:0:root:/root:/bin/bash\n\nbroken\nann:x:1000:1000::/home/ann:/bin/sh\n";
        assert_eq!(named(users, 1_000), Some("ann"));
        assert_eq!(named(users, 0), Some("root"));
        assert_eq!(named(users, 7), None);
        assert_eq!(user_name(4_294_000_000), "uid 4294000000");
    }
}
