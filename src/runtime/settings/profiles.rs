//! The profiles that are compiled in: `config/profiles/`.

/// Name and text of each, by name.
pub(super) const PROFILES: &[(&str, &str)] = &[
    ("cautious", include_str!("../../../config/profiles/cautious.toml")),
    ("localnet", include_str!("../../../config/profiles/localnet.toml")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_of_the_folder_is_compiled_in() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/profiles");
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        files.sort();
        assert_eq!(files, PROFILES.iter().map(|(name, _)| format!("{name}.toml")).collect::<Vec<_>>());
    }
}
