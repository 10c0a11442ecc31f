use super::*;
use jsonwebtoken::{DecodingKey, Validation, decode, decode_header};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn folder() -> (tempfile::TempDir, KeyFile) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = KeyFile::new(folder.path().join("data/lti-key.pem"));
    (folder, file)
}

fn published(file: &KeyFile) -> Value {
    let text = std::fs::read_to_string(file.public_path()).expect("the public side");
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn a_key_is_made_once_is_its_owners_and_signs() {
    let (_folder, file) = folder();
    assert_eq!(file.load().expect_err("none yet").code(), "lti_key_missing");
    let keys = file.make().expect("a key");
    assert_eq!(file.make().expect_err("one is there").code(), "lti_key_exists");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(file.path()).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let entry = &keys.jwks()["keys"][0];
    let names: BTreeSet<&str> = entry.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(names, BTreeSet::from(["kty", "alg", "use", "kid", "n", "e"]));
    assert_eq!(published(&file), keys.jwks());
    let token = keys.sign(&json!({ "aud": "a", "exp": 4_000_000_000_i64 })).expect("signed");
    assert_eq!(decode_header(&token).expect("a header").kid.as_deref(), entry["kid"].as_str());
    let public = keys.public().next().expect("a key");
    let mut rules = Validation::new(Algorithm::RS256);
    rules.set_audience(&["a"]);
    let key = DecodingKey::from_rsa_pem(public.pem.as_bytes()).expect("a public key");
    decode::<Value>(&token, &key, &rules).expect("the PEM fits");
    let of = |name: &str| entry[name].as_str().expect("a text");
    let key = DecodingKey::from_rsa_components(of("n"), of("e")).expect("a public key");
    decode::<Value>(&token, &key, &rules).expect("the JWKS fits");
    let shown = format!("{keys:?}");
    assert!(!shown.contains("PRIVATE") && shown.contains(of("kid")), "{shown}");
}

#[test]
fn two_keys_live_while_partners_learn_the_new_one() {
    let (_folder, file) = folder();
    let kids = |keys: &Keys| keys.public().map(|key| key.kid.clone()).collect::<Vec<_>>();
    let first = kids(&file.make().expect("a key"));
    assert_eq!(file.drop_old().expect_err("only one").code(), "lti_key_no_previous");
    let both = kids(&file.rotate().expect("another"));
    assert_eq!((both.len(), &both[1]), (2, &first[0]), "the new one signs");
    assert_eq!(kids(&file.load().expect("both")), both);
    assert_eq!(file.rotate().expect_err("a third").code(), "lti_key_previous_alive");
    assert_eq!(kids(&file.drop_old().expect("dropped")), both[..1]);
    assert_eq!(published(&file)["keys"].as_array().map(Vec::len), Some(1));
}

#[cfg(unix)]
#[test]
fn a_key_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_folder, file) = folder();
    std::fs::create_dir_all(file.path().parent().expect("a folder")).expect("a folder");
    std::fs::write(file.path(), "anything").expect("written");
    for (mode, code) in [
        (0o644, "lti_key_open_to_others"),
        (0o640, "lti_key_open_to_others"),
        (0o602, "lti_key_open_to_others"),
        (0o600, "lti_key_unusable"),
    ] {
        std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(mode)).expect("set");
        assert_eq!(file.load().expect_err("refused").code(), code, "{mode:o}");
    }
    assert_eq!(std::fs::read_to_string(file.path()).expect("there"), "anything");
}

#[test]
fn a_folder_is_no_key() {
    let (_folder, file) = folder();
    std::fs::create_dir_all(file.path()).expect("a folder");
    assert_eq!(file.load().expect_err("a folder").code(), "lti_key_unreadable");
    assert_eq!(file.make().expect_err("a folder").code(), "lti_key_exists");
}

proptest! {
    #[test]
    fn whatever_the_file_holds_it_is_refused_in_words(text in "(-----(BEGIN|END) PRIVATE KEY-----|\\PC|\n){0,60}") {
        let file = KeyFile::new("key.pem".into());
        let error = file.parse(&text).expect_err("no key");
        prop_assert_eq!(error.code(), "lti_key_unusable");
    }
}
