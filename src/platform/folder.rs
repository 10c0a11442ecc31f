//! The files of a folder that somebody names, read with care: none of them leads out of it, and none is larger than it
//! may be.

use super::files;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// A folder as it was read.
#[derive(Debug)]
pub struct Folder {
    /// Its own name, whatever way led to it; what is no UTF-8 in it is replaced.
    pub name: String,
    /// What is directly in it, by name.
    pub entries: Vec<FolderEntry>,
}

/// Something in a folder.
#[derive(Debug)]
pub struct FolderEntry {
    /// Its name; what is no UTF-8 in it is replaced.
    pub name: String,
    /// What is in it.
    pub content: Content,
}

/// What is in a file.
#[derive(Debug)]
pub enum Content {
    /// These bytes.
    Bytes(Vec<u8>),
    /// So many bytes that it was not read.
    TooLarge(u64),
    /// It can't be read, and why, in words.
    Unreadable(String),
    /// Nobody asked for it.
    Unread,
}

/// How much is read.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most bytes of one file.
    pub file: usize,
    /// The most bytes of all files.
    pub all: usize,
}

/// Reads the files of a folder whose names are `wanted`. What is too large is not read, by its size; files that would
/// be too much with those before them neither.
pub fn read(dir: &Path, wanted: impl Fn(&str) -> bool, limits: Limits) -> io::Result<Folder> {
    let dir = dir.canonicalize()?;
    if !dir.is_dir() {
        return Err(io::ErrorKind::NotADirectory.into());
    }
    let mut paths =
        fs::read_dir(&dir)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<PathBuf>>>()?;
    paths.sort();
    let mut left = limits.all;
    let mut entries = Vec::with_capacity(paths.len());
    for path in paths {
        let name = name_of(&path);
        let content =
            if wanted(&name) { content(&dir, &path, limits.file.min(left)) } else { Content::Unread };
        if let Content::Bytes(bytes) = &content {
            left -= bytes.len();
        }
        entries.push(FolderEntry { name, content });
    }
    Ok(Folder { name: name_of(&dir), entries })
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn content(dir: &Path, path: &Path, max: usize) -> Content {
    let read = within(dir, path).and_then(|path| read_file(&path, max));
    read.unwrap_or_else(|error| Content::Unreadable(files::why(&error)))
}

/// Where the file really is, if that is in the folder.
fn within(dir: &Path, path: &Path) -> io::Result<PathBuf> {
    let real = path.canonicalize()?;
    if real.parent() == Some(dir) {
        Ok(real)
    } else {
        Err(io::Error::other("it is a link that leads out of the folder"))
    }
}

fn read_file(path: &Path, max: usize) -> io::Result<Content> {
    let file = open(path)?;
    // Of what was opened: another file may have taken its place since.
    let about = file.metadata()?;
    if about.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !about.is_file() {
        return Err(io::Error::other("this is not an ordinary file"));
    }
    let limit = u64::try_from(max).unwrap_or(u64::MAX);
    if about.len() > limit {
        return Ok(Content::TooLarge(about.len()));
    }
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    let grown = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    Ok(if grown > limit { Content::TooLarge(grown) } else { Content::Bytes(bytes) })
}

/// Opens a file; a pipe does not make us wait, a link that came meanwhile is not followed.
fn open(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        let careful = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, careful.bits().cast_signed());
    }
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { file: 10, all: 25 };

    fn told(dir: &Path) -> Vec<String> {
        let folder = read(dir, |name| name != "film.mp4", LIMITS).expect("a folder");
        let told = |entry: FolderEntry| match entry.content {
            Content::Bytes(bytes) => format!("{}: {}", entry.name, String::from_utf8_lossy(&bytes)),
            Content::TooLarge(bytes) => format!("{}: {bytes} bytes", entry.name),
            Content::Unreadable(why) => format!("{}: {why}", entry.name),
            Content::Unread => format!("{}: -", entry.name),
        };
        folder.entries.into_iter().map(told).collect()
    }

    #[test]
    fn reads_what_is_wanted_by_name() {
        let home = tempfile::tempdir().expect("a folder");
        let dir = home.path().join("digital-literacy");
        fs::create_dir_all(dir.join("05.md")).expect("a folder");
        for (name, text) in
            [("02.md", "two"), ("01.md", "one"), ("film.mp4", "a film"), ("03.md", "more than ten")]
        {
            fs::write(dir.join(name), text).expect("written");
        }
        let seen = [
            "01.md: one",
            "02.md: two",
            "03.md: 13 bytes",
            "05.md: this is a folder, not a file",
            "film.mp4: -",
        ];
        assert_eq!(told(&dir), seen);
        let folder = read(&dir.join("../digital-literacy/."), |_| false, LIMITS).expect("a folder");
        assert_eq!(folder.name, "digital-literacy");
        assert!(read(&dir.join("01.md"), |_| true, LIMITS).is_err());
        assert!(read(&home.path().join("none"), |_| true, LIMITS).is_err());
    }

    #[test]
    fn reads_no_more_than_all_of_it_may_be() {
        let dir = tempfile::tempdir().expect("a folder");
        for name in ["1.md", "2.md", "3.md", "4.md"] {
            fs::write(dir.path().join(name), "ten bytes!").expect("written");
        }
        let seen = ["1.md: ten bytes!", "2.md: ten bytes!", "3.md: 10 bytes", "4.md: 10 bytes"];
        assert_eq!(told(dir.path()), seen);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn no_link_leads_out_and_no_pipe_makes_it_wait() {
        use std::os::unix::fs::symlink;
        let dir = tempfile::tempdir().expect("a folder");
        let (inside, outside) = (dir.path().join("course"), dir.path().join("secret.md"));
        fs::create_dir(&inside).expect("a folder");
        fs::write(&outside, "secret").expect("written");
        fs::write(inside.join("1.md"), "one").expect("written");
        symlink(&outside, inside.join("2.md")).expect("a link");
        symlink("1.md", inside.join("3.md")).expect("a link");
        symlink("nowhere", inside.join("4.md")).expect("a link");
        let pipe = rustix::fs::Mode::from_raw_mode(0o600);
        rustix::fs::mknodat(rustix::fs::CWD, inside.join("5.md"), rustix::fs::FileType::Fifo, pipe, 0)
            .expect("a pipe");
        let seen = [
            "1.md: one",
            "2.md: it is a link that leads out of the folder",
            "3.md: one",
            "4.md: there is no such file",
            "5.md: this is not an ordinary file",
        ];
        assert_eq!(told(&inside), seen);
    }
}
