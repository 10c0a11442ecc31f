//! Small files of the user, replaced whole and readable by nobody else.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::Path;

/// Writes `content` to `path` so that a crash leaves either the old file or the new one.
pub fn replace(path: &Path, content: &str) -> io::Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    create_private_dir(dir)?;
    let draft = path.with_extension(format!("{}.tmp", std::process::id()));
    let written = write_private(&draft, content).and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        let _ = fs::remove_file(&draft);
    }
    written
}

/// Writes `content` to `path` whole or not at all, unless there is something already.
pub fn create(path: &Path, content: &str) -> io::Result<()> {
    create_private_dir(path.parent().unwrap_or(Path::new(".")))?;
    let draft = path.with_extension(format!("{}.tmp", std::process::id()));
    // A second name is given only where there is none: unlike renaming, it replaces nothing.
    let written = write_private(&draft, content).and_then(|()| fs::hard_link(&draft, path));
    let _ = fs::remove_file(&draft);
    written
}

/// Reads a text file as [`read_text`] does, and tells whether others may read or write it.
pub fn read_with_rights(path: &Path, max: usize) -> io::Result<(String, bool)> {
    let about = fs::metadata(path)?;
    // Opening a pipe would wait for whoever writes into it.
    if about.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !about.is_file() {
        return Err(io::Error::other("this is no file"));
    }
    #[cfg(unix)]
    let open = std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o077 != 0;
    #[cfg(not(unix))]
    let open = false;
    Ok((read_text(path, max)?, open))
}

/// Reads a text file of at most `max` bytes; an endless one is not read to its end.
pub fn read_text(path: &Path, max: usize) -> io::Result<String> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(max).unwrap_or(u64::MAX).saturating_add(1);
    fs::File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    if bytes.len() > max {
        return Err(io::Error::other(format!("the file has more than {} MiB", max / 1024 / 1024)));
    }
    String::from_utf8(bytes).map_err(|_| io::ErrorKind::InvalidData.into())
}

/// Reads an ordinary file of at most `max` bytes; of a larger one no more than shows that it is.
pub fn read_bytes(path: &Path, max: usize) -> io::Result<Vec<u8>> {
    // Before it is opened: a pipe would wait for somebody to write.
    let kind = fs::metadata(path)?;
    if kind.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !kind.is_file() {
        return Err(io::Error::other("this is not an ordinary file"));
    }
    let mut bytes = Vec::new();
    let limit = u64::try_from(max).unwrap_or(u64::MAX).saturating_add(1);
    fs::File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Writes a file for this user only; one that is there stays, unless it may be replaced.
pub fn save_bytes(path: &Path, bytes: &[u8], replace: bool) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true);
    if replace {
        options.create(true).truncate(true)
    } else {
        options.create_new(true)
    };
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Why a file could not be read or written, in words.
pub fn why(error: &io::Error) -> String {
    let words = match error.kind() {
        io::ErrorKind::NotFound => "there is no such file",
        io::ErrorKind::AlreadyExists => "there is a file of this name already",
        io::ErrorKind::PermissionDenied => "permission denied",
        io::ErrorKind::IsADirectory => "this is a folder, not a file",
        io::ErrorKind::NotADirectory => "a part of this path is a file, not a folder",
        io::ErrorKind::InvalidData => "this is not UTF-8 text; save it as UTF-8",
        io::ErrorKind::StorageFull => "the disk is full",
        io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only",
        _ => return error.to_string(),
    };
    words.to_owned()
}

/// Creates a directory and its parents; new ones are for this user only.
pub fn create_private_dir(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// Opens a file for writing, and makes it for this user only if it is not there.
pub fn private(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Whether files can be made in `dir`, or in what would be made to hold it. Nothing is made.
pub fn can_write_below(dir: &Path) -> io::Result<()> {
    let there = nearest(dir)?;
    if !there.is_dir() {
        return Err(io::ErrorKind::NotADirectory.into());
    }
    #[cfg(unix)]
    return Ok(rustix::fs::access(there, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK)?);
    #[cfg(not(unix))]
    Ok(())
}

/// The bytes a file at `path` could still take; `None` where the system does not say.
pub fn room_at(path: &Path) -> Option<u64> {
    #[cfg(unix)]
    {
        let disk = rustix::fs::statvfs(nearest(path).ok()?).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
}

/// Whether people other than the owner can read or write `path`: its own mode says so, and no
/// folder above it keeps them out.
pub fn is_open_to_others(path: &Path) -> io::Result<bool> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let path = std::path::absolute(path)?;
        let mut rights = fs::metadata(&path)?.permissions().mode();
        for folder in path.ancestors().skip(1) {
            let through = fs::metadata(folder)?.permissions().mode();
            for (pass, bits) in [(0o010, 0o070), (0o001, 0o007)] {
                if through & pass == 0 {
                    rights &= !bits;
                }
            }
        }
        Ok(rights & 0o066 != 0)
    }
    #[cfg(not(unix))]
    fs::metadata(path).map(|_| false)
}

/// `path`, or the nearest folder above it that is there.
fn nearest(path: &Path) -> io::Result<&Path> {
    let mut missing = io::Error::from(io::ErrorKind::NotFound);
    for path in path.ancestors() {
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        match fs::metadata(path) {
            Ok(_) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => missing = error,
            Err(error) => return Err(error),
        }
    }
    Err(missing)
}

fn write_private(path: &Path, content: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(content.as_bytes())?;
    file.sync_all()
}
