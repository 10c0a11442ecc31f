//! The configuration file.

use coursevia::config::{Config, ConfigError, Flags};
use coursevia::platform::Env;
use proptest::prelude::*;

fn line() -> impl Strategy<Value = String> {
    let key = prop::sample::select(vec![
        "[mail]",
        "[ui]",
        "[launch]",
        "[sandbox]",
        "[secrets]",
        "[keys]",
        "[payment]",
        "base_url",
        "secret_env",
        "allow_live",
        "hold_minutes",
        "[[ui]]",
        "database_url",
        "database_url_env",
        "from",
        "folder",
        "smtp_url_env",
        "return_url",
        "browser",
        "theme",
        "mouse",
        "ascii",
        "port",
        "file",
        "A_KEY",
        "\"\\u001b[2J\"",
        "\"\\u202Ea b\"",
        "ui.theme",
        "mail",
        "x",
    ]);
    let value = prop_oneof![
        any::<String>().prop_map(|text| toml::Value::String(text).to_string()),
        "[a-z]{0,6}".prop_map(|text| format!("{text:?}")),
        prop::sample::select(vec![
            "\"dark\"",
            "\"sqlite:///x.db\"",
            "\"https://x.org\"",
            "\"\\u001b[2J\"",
            "[]",
            "{}"
        ])
        .prop_map(ToOwned::to_owned),
        any::<i64>().prop_map(|number| number.to_string()),
        any::<bool>().prop_map(|flag| flag.to_string()),
    ];
    (key, value).prop_map(
        |(key, value)| if key.starts_with('[') { key.to_owned() } else { format!("{key} = {value}") },
    )
}

/// It is read, or the sentence names the file and the line, or the setting.
fn is_answered(text: &[u8]) -> Result<(), TestCaseError> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("config.toml");
    std::fs::write(&file, text).expect("written");
    let name = file.display().to_string();
    let said = match Config::load(&Flags { file: Some(file), ..Flags::default() }, &Env::default()) {
        Ok(config) => config.warnings.join(" "),
        Err(error) => {
            let said = error.to_string();
            match error {
                ConfigError::File { line, .. } => {
                    let lines = String::from_utf8_lossy(text).lines().count().max(1);
                    prop_assert!((1..=lines).contains(&line), "{said}");
                    let begins = format!("{name}:{line}: ");
                    prop_assert!(said.starts_with(&begins), "{said}");
                }
                ConfigError::Unreadable { .. } => prop_assert!(said.starts_with(&name), "{said}"),
                ConfigError::Value { key, .. } => prop_assert!(said.starts_with(key), "{said}"),
                other => prop_assert!(false, "{other:?} has nothing to do with a file"),
            }
            said
        }
    };
    prop_assert!(!said.contains(char::is_control), "{said:?}");
    Ok(())
}

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        is_answered(&bytes)?;
    }

    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        is_answered(text.as_bytes())?;
    }

    #[test]
    fn any_settings_are_answered(lines in prop::collection::vec(line(), 0..10)) {
        is_answered(lines.join("\n").as_bytes())?;
    }
}
