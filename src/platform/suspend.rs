//! Stopping like any well-behaved program, where a shell waits that can wake us again.

use rustix::process::{
    Pid, Signal, getpgid, getpgrp, getpid, getppid, getsid, kill_current_process_group, kill_process,
};
use std::io;

/// Whether somebody would wake us: a process of our session outside our process group, as the
/// kernel judges by before it heeds SIGTSTP. Nobody does where the terminal shows only us.
pub fn has_shell() -> bool {
    let (Ok(session), group) = (getsid(None), getpgrp()) else {
        return false;
    };
    let mut parent = getppid();
    while let Some(process) = parent {
        if getsid(Some(process)).ok() != Some(session) {
            return false;
        }
        if getpgid(Some(process)).ok() != Some(group) {
            return true;
        }
        // A wrapper of ours, which stops with us; whoever waits for it counts.
        parent = parent_of(process);
    }
    false
}

#[cfg(target_os = "linux")]
fn parent_of(process: Pid) -> Option<Pid> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", process.as_raw_nonzero())).ok()?;
    // The name stands in brackets and may hold anything; the state and the parent follow it.
    let parent = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?;
    Pid::from_raw(parent.parse().ok()?)
}

#[cfg(not(target_os = "linux"))]
fn parent_of(process: Pid) -> Option<Pid> {
    // The leader of a session has no shell above it; of others it can't be told.
    if getsid(None).ok() == Some(process) { None } else { getsid(None).ok() }
}

/// Stops this process and those that were started with it, as ctrl-z does.
pub fn stop_together() -> io::Result<()> {
    Ok(kill_current_process_group(Signal::STOP)?)
}

/// Stops this process alone, as SIGTSTP does.
pub fn stop_alone() -> io::Result<()> {
    Ok(kill_process(getpid(), Signal::STOP)?)
}
