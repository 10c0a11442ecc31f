//! Stopping like any well-behaved program, where a shell waits that can wake us again.

use rustix::process::{RawPid, Signal, getpid, kill_current_process_group, kill_process};
use std::io;

/// Where a process stands among others. Numbers of the kernel and not `Pid`s, because a session or
/// a group that began outside a container is 0 inside it, which rustix takes for impossible.
struct Place {
    parent: RawPid,
    group: RawPid,
    session: RawPid,
}

/// Whether somebody would wake us: a process of our session outside our process group, as the
/// kernel judges by before it heeds SIGTSTP. Nobody does where the terminal shows only us.
pub fn has_shell() -> bool {
    let Some(own) = place_of(getpid().as_raw_pid()) else {
        return false;
    };
    let mut parent = own.parent;
    while let Some(process) = place_of(parent) {
        if process.session != own.session {
            return false;
        }
        if process.group != own.group {
            return true;
        }
        // A wrapper of ours, which stops with us; whoever waits for it counts.
        parent = process.parent;
    }
    false
}

#[cfg(target_os = "linux")]
fn place_of(process: RawPid) -> Option<Place> {
    place_in(&std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?)
}

#[cfg(target_os = "linux")]
fn place_in(stat: &str) -> Option<Place> {
    // The name stands in brackets and may hold anything; the state and then our three follow it.
    let mut numbers = stat.rsplit_once(')')?.1.split_whitespace().skip(1).map(str::parse);
    let mut next = || numbers.next()?.ok();
    Some(Place { parent: next()?, group: next()?, session: next()? })
}

#[cfg(not(target_os = "linux"))]
fn place_of(process: RawPid) -> Option<Place> {
    use rustix::process::{Pid, getpgid, getppid, getsid};
    let pid = Pid::from_raw(process)?;
    let (group, session) = (getpgid(Some(pid)).ok()?, getsid(Some(pid)).ok()?);
    // Only of ourselves the parent can be asked. Above others stands the leader of their session,
    // and above the leader nobody who counts.
    let parent = if pid == getpid() { getppid() } else { Some(session).filter(|leader| *leader != pid) };
    Some(Place {
        parent: parent.map_or(0, Pid::as_raw_pid),
        group: group.as_raw_pid(),
        session: session.as_raw_pid(),
    })
}

/// Stops this process and those that were started with it, as ctrl-z does.
pub fn stop_together() -> io::Result<()> {
    Ok(kill_current_process_group(Signal::STOP)?)
}

/// Stops this process alone, as SIGTSTP does.
pub fn stop_alone() -> io::Result<()> {
    Ok(kill_process(getpid(), Signal::STOP)?)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_parent_whose_session_began_outside_the_container_has_a_place() {
        let place = place_in("1 (a ) 9 9) S 0 0 0 34816 1 4194560").expect("three numbers");
        assert_eq!((place.parent, place.group, place.session), (0, 0, 0));
        assert!(place_in("1 (cut").is_none());
    }

    #[test]
    fn we_have_the_place_the_kernel_says() {
        let own = place_of(getpid().as_raw_pid()).expect("we are there");
        assert_eq!(own.parent, rustix::process::Pid::as_raw(rustix::process::getppid()));
        assert!(place_of(0).is_none());
    }
}
