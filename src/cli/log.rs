//! Logs go to a file, never to the screen.

use super::output;
use crate::config::Config;
use crate::platform::files;
use tracing_subscriber::EnvFilter;

/// Starts the log. No log is no reason not to start; it is said only to somebody who asked for
/// one by `--log`.
pub fn start(config: &Config, asked: bool) {
    let open = || {
        if let Some(dir) = config.log.parent() {
            files::create_private_dir(dir)?;
        }
        let mut options = std::fs::File::options();
        options.create(true).append(true);
        // It names enrollments.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&config.log)
    };
    let file = match open() {
        Ok(file) => file,
        Err(error) => {
            if asked {
                output::say(format_args!("coursevia: {}: no log is written: {error}", config.log.display()));
            }
            return;
        }
    };
    let filter = EnvFilter::try_new("coursevia=info,warn").unwrap_or_default();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(file);
    // It fails only where a log has been started already, as a test in this process may have.
    let _ = log.try_init();
}
