//! Files for the user to keep: where they go, and that none is overwritten.

use crate::platform::files;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// How many files of one name may be there already.
const MOST: usize = 1_000;
/// The largest list of folders that is read, in bytes.
const MAX_BYTES: usize = 64 * 1024;

/// The user's folder for downloads (xdg-user-dirs), else `Downloads` if it is there, else `home`.
pub fn folder(home: &Path, config_home: &Path) -> PathBuf {
    let list = files::read_text(&config_home.join("user-dirs.dirs"), MAX_BYTES).unwrap_or_default();
    let wanted = written(&list).map(|said| match said.strip_prefix("$HOME") {
        Some(rest) => home.join(rest.trim_start_matches('/')),
        None => PathBuf::from(said),
    });
    let usual = home.join("Downloads");
    let there = wanted.filter(|dir| dir.is_absolute() && dir.is_dir());
    there.or_else(|| usual.is_dir().then_some(usual)).unwrap_or_else(|| home.to_owned())
}

/// The value of `XDG_DOWNLOAD_DIR="$HOME/…"`; the last line counts, as in a shell.
fn written(list: &str) -> Option<&str> {
    let lines = list.lines().rev().filter_map(|line| line.trim().strip_prefix("XDG_DOWNLOAD_DIR="));
    lines.map(|value| value.trim_matches('"')).find(|value| !value.is_empty())
}

/// Writes a new file `name.ending` in `folder`, or `name-2.ending` where that is another file. The
/// same content is not written twice. Says where it is.
pub fn save(folder: &Path, name: &str, ending: &str, content: &str) -> io::Result<PathBuf> {
    for number in 1..=MOST {
        let number = if number == 1 { String::new() } else { format!("-{number}") };
        let path = folder.join(format!("{name}{number}.{ending}"));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut file) => {
                let written = file.write_all(content.as_bytes()).and_then(|()| file.sync_all());
                if let Err(error) = written {
                    // Half a file is worse than none.
                    let _ = std::fs::remove_file(&path);
                    return Err(error);
                }
                return Ok(path);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let same = path.is_file()
                    && files::read_text(&path, content.len()).is_ok_and(|there| there == content);
                if same {
                    return Ok(path);
                }
            }
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn downloads_go_where_the_user_keeps_them() {
        let home = tempfile::tempdir().unwrap();
        let config = home.path().join(".config");
        let of = || folder(home.path(), &config);
        assert_eq!(of(), home.path());
        std::fs::create_dir(home.path().join("Downloads")).unwrap();
        assert_eq!(of(), home.path().join("Downloads"));
        std::fs::create_dir_all(&config).unwrap();
        std::fs::create_dir(home.path().join("Geladen")).unwrap();
        let list = "# written by a program\nXDG_DOWNLOAD_DIR=\"$HOME/Geladen\"\nXDG_MUSIC_DIR=\"$HOME/M\"\n";
        std::fs::write(config.join("user-dirs.dirs"), list).unwrap();
        assert_eq!(of(), home.path().join("Geladen"));
        std::fs::write(config.join("user-dirs.dirs"), "XDG_DOWNLOAD_DIR=\"/nowhere/at/all\"\n").unwrap();
        assert_eq!(of(), home.path().join("Downloads"));
    }

    #[test]
    fn no_file_is_overwritten_and_none_written_twice() {
        let dir = tempfile::tempdir().unwrap();
        let saved = |content| save(dir.path(), "cna", "ics", content).unwrap();
        assert_eq!(saved("one"), dir.path().join("cna.ics"));
        assert_eq!(saved("one"), dir.path().join("cna.ics"));
        assert_eq!(saved("two"), dir.path().join("cna-2.ics"));
        assert_eq!(saved("two"), dir.path().join("cna-2.ics"));
        assert_eq!(std::fs::read_to_string(dir.path().join("cna.ics")).unwrap(), "one");
        std::fs::create_dir(dir.path().join("folder.ics")).unwrap();
        let beside = save(dir.path(), "folder", "ics", "x").unwrap();
        assert_eq!(beside, dir.path().join("folder-2.ics"));
        assert!(save(&dir.path().join("gone"), "cna", "ics", "x").is_err());
    }
}
