//! What `doctor` finds out about this machine: terminal, browser, files.

use super::{Browser, Env, files, terminal};
use crate::domain::checkup::{Area, Check, State};
use crate::domain::text::Text;
use std::path::{Path, PathBuf};

/// How the app is to use the terminal.
#[derive(Clone, Copy, Debug)]
pub struct Screen {
    /// Columns and rows, where there is a terminal.
    pub size: Option<(u16, u16)>,
    /// The least that is drawn in.
    pub min: (u16, u16),
    /// Whether the mouse is used.
    pub mouse: bool,
    /// Whether only ASCII characters are drawn.
    pub ascii: bool,
}

/// The terminal. Without one, nothing is wrong: commands need none.
pub fn terminal(env: &Env, screen: Screen) -> Vec<Check> {
    const AREA: Area = Area::Terminal;
    let Some((width, height)) = screen.size else {
        let found = "this is no terminal; the commands and coursevia snapshot work without one";
        return vec![Check::skipped(AREA, "terminal", found)];
    };
    let (least_width, least_height) = screen.min;
    let size = format!("{width}x{height}");
    vec![
        kind(env),
        if width < least_width || height < least_height {
            let todo = format!("Make it a little larger: the app needs {least_width}x{least_height}.");
            Check::warning(AREA, "size", size, todo)
        } else {
            Check::ok(AREA, "size", size)
        },
        colours(env),
        letters(env, screen.ascii),
        Check::ok(
            AREA,
            "mouse",
            if screen.mouse { "used" } else { "not used, as mouse = false under [ui] says" },
        ),
        Check::skipped(
            AREA,
            "clipboard",
            "whether this terminal takes what the app copies (OSC 52) can't be asked",
        )
        .todo(clipboard(env)),
    ]
}

fn kind(env: &Env) -> Check {
    match env.get("TERM") {
        Some("dumb") => Check::warning(
            Area::Terminal,
            "kind",
            "TERM is dumb: this terminal can't draw a screen",
            "Use the commands (coursevia --help), or another terminal.",
        ),
        Some(term) => Check::ok(Area::Terminal, "kind", term),
        None => Check::warning(
            Area::Terminal,
            "kind",
            "TERM is not set",
            "If the screen looks odd, set TERM=xterm-256color.",
        ),
    }
}

fn colours(env: &Env) -> Check {
    let found = if env.get("NO_COLOR").is_some() {
        "none, because NO_COLOR is set"
    } else if env.get("TERM") == Some("dumb") {
        "none"
    } else if matches!(env.get("COLORTERM"), Some("truecolor" | "24bit")) {
        "millions; the app uses the terminal's own 16"
    } else if env.get("TERM").is_some_and(|term| term.contains("256color") || term.contains("direct")) {
        "256; the app uses the terminal's own 16"
    } else {
        "the terminal's own 16"
    };
    Check::ok(Area::Terminal, "colours", found)
}

fn letters(env: &Env, ascii: bool) -> Check {
    let locale = terminal::locale(env);
    match (locale, ascii) {
        (Some(locale), true) if terminal::wants_ascii(env) => Check::warning(
            Area::Terminal,
            "letters",
            format!("the locale {locale} is not UTF-8, so only ASCII signs are drawn and names lose letters"),
            "Choose a UTF-8 locale, such as LANG=C.UTF-8.",
        ),
        (_, true) => Check::ok(Area::Terminal, "letters", "ASCII signs only, as you asked"),
        (Some(locale), false) => Check::ok(Area::Terminal, "letters", format!("UTF-8 ({locale})")),
        (None, false) => Check::ok(Area::Terminal, "letters", "UTF-8; the locale says nothing"),
    }
}

fn clipboard(env: &Env) -> &'static str {
    if env.get("TMUX").is_some() {
        "Try y where a link is shown, then paste. In tmux, set-clipboard must be on."
    } else {
        "Try y where a link is shown, then paste. The link stays on the screen either way."
    }
}

/// Which browser links open in. Nothing is started.
pub fn browser(env: &Env, configured: Option<&str>) -> Check {
    const AREA: Area = Area::Browser;
    let Browser::System { preferred } = Browser::of_session(env, configured) else {
        return Check::ok(AREA, "command", "you are here over SSH: links are shown, with a code for a phone");
    };
    let on_path = |command: &str| which::which_in(command, env.get("PATH"), ".").ok();
    if let Some(missing) = configured.filter(|command| on_path(command).is_none()) {
        return Check::warning(
            AREA,
            "command",
            format!("{missing} is not on PATH"),
            "Correct browser under [launch] in the configuration. Until then another one is tried.",
        );
    }
    let system = open::commands("https://localhost");
    let commands = system.iter().map(|command| command.get_program().to_string_lossy().into_owned());
    match preferred.into_iter().chain(commands).find_map(|command| on_path(&command)) {
        Some(path) => Check::ok(AREA, "command", path.display().to_string()),
        None => Check::warning(
            AREA,
            "command",
            "no browser command is on PATH: links are shown instead, with a code for a phone",
            "Install xdg-utils, or name one as browser under [launch] in the configuration.",
        ),
    }
}

/// A file others should not read.
#[derive(Clone, Debug)]
pub struct Private {
    /// What it is.
    pub what: &'static str,
    /// Where it is, if it is.
    pub path: PathBuf,
    /// Whether it holds people's names, addresses, or links that sign them in.
    pub personal: bool,
}

/// Whether only their owner can read these, the room on the disk, the right to write.
pub fn files(data: &Path, private: &[Private]) -> Vec<Check> {
    let mut checks = vec![writable(data)];
    checks.extend(room(data));
    let rights: Vec<Check> = private.iter().filter_map(rights).collect();
    let (closed, open): (Vec<_>, Vec<_>) = rights.into_iter().partition(|check| check.state == State::Ok);
    // One line is enough for what is as it should be.
    let closed: Vec<&str> =
        closed.iter().filter_map(|check| check.about.as_ref().map(Text::as_str)).collect();
    if !closed.is_empty() {
        checks.push(Check::ok(Area::Files, "rights", format!("only you can read: {}", closed.join(", "))));
    }
    checks.extend(open);
    checks
}

fn writable(data: &Path) -> Check {
    let place = data.display();
    match files::can_write_below(data) {
        Ok(()) => Check::ok(Area::Files, "data", format!("{place} can be written")),
        Err(error) => Check::wrong(
            Area::Files,
            "data",
            format!("{place}: {}", files::why(&error)),
            "Make this folder yours, or choose another with XDG_DATA_HOME.",
        ),
    }
}

/// Below this many bytes a database can't breathe.
const LITTLE: u64 = 100 * 1024 * 1024;
const TOO_LITTLE: u64 = 5 * 1024 * 1024;

fn room(data: &Path) -> Option<Check> {
    let free = files::room_at(data)?;
    let found = format!("{} free", size(free));
    let todo = "Make room on this disk.";
    Some(match free {
        0..TOO_LITTLE => Check::wrong(Area::Files, "disk", found, todo),
        TOO_LITTLE..LITTLE => Check::warning(Area::Files, "disk", found, todo),
        _ => Check::ok(Area::Files, "disk", found),
    })
}

fn size(bytes: u64) -> String {
    const MIB: u64 = 1024 * 1024;
    match bytes {
        0..MIB => "less than 1 MiB".to_owned(),
        small if small < 10 * 1024 * MIB => format!("{} MiB", small / MIB),
        large => format!("{} GiB", large / (1024 * MIB)),
    }
}

fn rights(file: &Private) -> Option<Check> {
    let place = file.path.display();
    let open = match files::is_open_to_others(&file.path) {
        Ok(open) => open,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        Err(error) => {
            let found = format!("{place}: {}", files::why(&error));
            let todo = "Look who owns it.";
            return Some(Check::warning(Area::Files, "rights", found, todo).about(file.what));
        }
    };
    let found = format!("others on this machine can read {place}");
    let todo = format!("chmod go= {place}");
    let check = match (open, file.personal) {
        (false, _) => Check::ok(Area::Files, "rights", found),
        (true, true) => Check::wrong(Area::Files, "rights", found, todo),
        (true, false) => Check::warning(Area::Files, "rights", found, todo),
    };
    Some(check.about(file.what))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(size: (u16, u16), env: &Env) -> Vec<Check> {
        let ascii = terminal::wants_ascii(env);
        terminal(env, Screen { size: Some(size), min: (40, 10), mouse: true, ascii })
    }

    fn state(checks: &[Check], name: &str) -> State {
        checks.iter().find(|check| check.name == name).unwrap_or_else(|| panic!("no {name}")).state
    }

    #[test]
    fn a_good_terminal_has_nothing_to_mend() {
        let checks = at((100, 30), &Env::of([("TERM", "xterm-256color"), ("LANG", "C.UTF-8")]));
        for name in ["kind", "size", "colours", "letters", "mouse"] {
            assert_eq!(state(&checks, name), State::Ok, "{name}");
        }
        assert!(checks.iter().any(|check| check.found.as_str().starts_with("256")));
    }

    #[test]
    fn what_a_terminal_lacks_is_a_warning() {
        let checks = at((30, 8), &Env::of([("TERM", "dumb"), ("LANG", "POSIX")]));
        for name in ["kind", "size", "letters"] {
            assert_eq!(state(&checks, name), State::Warning, "{name}");
        }
        assert_eq!(state(&at((80, 24), &Env::of([])), "kind"), State::Warning);
    }

    #[test]
    fn no_terminal_is_nothing_wrong() {
        let checks = terminal(&Env::of([]), Screen { size: None, min: (40, 10), mouse: true, ascii: false });
        assert_eq!((checks.len(), checks[0].state), (1, State::Skipped));
    }

    #[test]
    fn the_browser_is_looked_for_and_not_started() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("firefox");
        std::fs::write(&path, "#!/bin/sh\ntouch \"$0.started\"\n").expect("written");
        let bin = folder.path().display().to_string();
        let env = Env::of([("PATH", &bin)]);
        assert_eq!(browser(&env, Some("firefox")).state, State::Warning, "it can't be run");
        #[cfg(unix)]
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("set");
        let found = browser(&env, Some("firefox"));
        assert_eq!((found.state, found.found.as_str()), (State::Ok, path.to_str().expect("a path")));
        assert_eq!(browser(&env, None).state, State::Warning);
        assert_eq!(browser(&env, Some("chrome")).state, State::Warning);
        let over_ssh = Env::of([("SSH_TTY", "/dev/pts/1")]);
        assert_eq!(browser(&over_ssh, None).state, State::Ok);
        assert!(!folder.path().join("firefox.started").exists());
    }

    #[cfg(unix)]
    #[test]
    fn files_that_others_can_reach_are_named() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let mode = |path: &Path, mode| {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("set");
        };
        let path = folder.path().join("some.db");
        std::fs::write(&path, "").expect("written");
        mode(&path, 0o644);
        let state = |personal| {
            let file = Private { what: "database", path: path.clone(), personal };
            rights(&file).expect("it is there").state
        };
        // A closed folder closes what is in it.
        mode(folder.path(), 0o700);
        assert_eq!(state(true), State::Ok);
        mode(folder.path(), 0o755);
        assert_eq!((state(true), state(false)), (State::Wrong, State::Warning));
        mode(&path, 0o600);
        assert_eq!(state(true), State::Ok);
        let gone = Private { what: "log", path: folder.path().join("none"), personal: false };
        assert_eq!(rights(&gone), None);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_wrong() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        std::fs::write(&file, "").expect("written");
        assert_eq!(writable(&folder.path().join("a/b/c")).state, State::Ok);
        assert_eq!(writable(&file.join("b")).state, State::Wrong);
        assert!(!folder.path().join("a").exists(), "it is only looked at");
        assert!(room(&folder.path().join("a/b")).is_some());
        assert_eq!(
            (size(3), size(300 << 20), size(64 << 30)),
            ("less than 1 MiB".into(), "300 MiB".into(), "64 GiB".into())
        );
    }
}
