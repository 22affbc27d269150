//! Running other programs, and saying what is going on meanwhile.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// Runs a program to its end, its output shown.
///
/// # Errors
/// When it cannot be started or does not succeed.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot start {}", shown(command)))?;
    if !status.success() {
        bail!("{} ended with {status}", shown(command));
    }
    Ok(())
}

/// Runs a program to its end and gives what it wrote to standard output.
///
/// # Errors
/// When it cannot be started, does not succeed or writes something other than UTF-8.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let Output {
        status,
        stdout,
        stderr,
    } = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {}", shown(command)))?;
    if !status.success() {
        bail!(
            "{} ended with {status}: {}",
            shown(command),
            String::from_utf8_lossy(&stderr).trim()
        );
    }
    String::from_utf8(stdout).with_context(|| format!("{} did not write text", shown(command)))
}

/// Runs a program, its output shown, and ends it when it takes longer than `limit`.
///
/// # Errors
/// When it cannot be started, does not succeed or takes too long.
pub(crate) fn run_within(command: &mut Command, limit: Duration) -> Result<()> {
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start {}", shown(command)))?;
    let end = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait()? {
            if status.success() {
                return Ok(());
            }
            bail!("{} ended with {status}", shown(command));
        }
        if Instant::now() >= end {
            child.kill()?;
            child.wait()?;
            bail!("{} took longer than {} s", shown(command), limit.as_secs());
        }
        thread::sleep(Duration::from_millis(50));
    }
}

/// A program in one of the directories of PATH.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|directory| executable(&directory, program))
        .find(|candidate| candidate.is_file())
}

/// Where `program` would be in `directory`, with the ending programs have on this system.
pub(crate) fn executable(directory: &Path, program: &str) -> PathBuf {
    directory.join(format!("{program}{}", env::consts::EXE_SUFFIX))
}

/// PATH with these directories in front.
///
/// # Errors
/// When a directory's name holds the character that separates them.
pub(crate) fn path_with<'a>(
    directories: impl IntoIterator<Item = &'a Path>,
) -> Result<std::ffi::OsString> {
    let old = env::var_os("PATH").unwrap_or_default();
    let all = directories
        .into_iter()
        .map(Path::to_owned)
        .chain(env::split_paths(&old));
    env::join_paths(all).context("cannot extend PATH")
}

/// Does a piece of work and says so: what begins, and how long it took.
///
/// # Errors
/// Those of the work.
pub(crate) fn stage<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("{name} …");
    let began = Instant::now();
    let done = work()?;
    // What took no time needs no word.
    if began.elapsed() > Duration::from_secs(1) {
        eprintln!("{name}: done in {}", seconds(began.elapsed()));
    }
    Ok(done)
}

/// A duration as a person reads it.
pub(crate) fn seconds(duration: Duration) -> String {
    let whole = duration.as_secs();
    if whole < 60 {
        format!("{:.1} s", duration.as_secs_f64())
    } else {
        format!("{} min {} s", whole / 60, whole % 60)
    }
}

/// A command as one would type it, without the environment.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut text = format!(
        "`{}",
        program
            .file_name()
            .unwrap_or(program.as_os_str())
            .to_string_lossy()
    );
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text.push('`');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_command() {
        let error = run(Command::new("this-program-does-not-exist").arg("--now")).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("`this-program-does-not-exist --now`"),
            "{error}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_takes_too_long_is_ended() {
        let began = Instant::now();
        let error =
            run_within(Command::new("sleep").arg("30"), Duration::from_millis(100)).unwrap_err();
        assert!(error.to_string().contains("took longer"), "{error}");
        assert!(began.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn durations_read_well() {
        assert_eq!(seconds(Duration::from_millis(340)), "0.3 s");
        assert_eq!(seconds(Duration::from_secs(125)), "2 min 5 s");
    }
}
