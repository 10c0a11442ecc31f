//! What a browser brings: a query or a form.

use std::collections::BTreeMap;

/// The longest value that is taken, in bytes. A token has a few thousand.
const MAX_VALUE: usize = 16 * 1024;

/// The fields of a request, each there once.
pub(super) struct Fields(BTreeMap<String, String>);

impl Fields {
    pub(super) fn read(sent: &[u8]) -> Result<Self, String> {
        let mut fields = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(sent) {
            if value.len() > MAX_VALUE {
                return Err("A field of it is too long.".to_owned());
            }
            // Two values of one name are read differently by different programs.
            if fields.insert(name.into_owned(), value.into_owned()).is_some() {
                return Err("A field of it came twice.".to_owned());
            }
        }
        Ok(Self(fields))
    }

    /// A value that is there and not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub(super) fn required(&self, name: &str) -> Result<&str, String> {
        self.get(name).ok_or_else(|| format!("It lacks {name}."))
    }
}

#[cfg(test)]
mod tests {
    use super::Fields;

    #[test]
    fn takes_every_name_once() {
        let fields =
            Fields::read(b"iss=https%3A%2F%2Fa.example&hint=&x=1").unwrap_or_else(|why| panic!("{why}"));
        assert_eq!(fields.get("iss"), Some("https://a.example"));
        assert_eq!((fields.get("hint"), fields.required("hint")), (None, Err("It lacks hint.".to_owned())));
        assert!(Fields::read(b"iss=a&iss=b").is_err());
        assert!(Fields::read(&[b"x=".as_slice(), &vec![b'a'; 20_000]].concat()).is_err());
        assert!(Fields::read(b"%ff%00=&&&==%").is_ok(), "odd bytes are no trouble");
    }
}
