//! The compiler for Wasm: found where it is, else made available.
//!
//! On most machines rustup brings the target and the standard library's source. Where it cannot download (no network,
//! or Rust from a distribution), Debian packages a newer compiler together with that source. Nothing found here is
//! remembered: looking costs a few file accesses.
//!
//! Components are built together with the standard library, once it was built for size: without the texts of panics, which
//! the production code doesn't have, they are a fifth smaller. Where only the target is there they are built with the
//! library as it comes.

use std::env;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow};

use crate::debian::{self, DebianRust};
use crate::process;
use crate::workspace::Workspace;

/// A download of some 20 MB over a slow mobile connection still fits; a network that swallows everything does not
/// hold us for longer.
const RUSTUP_LIMIT: Duration = Duration::from_mins(5);

/// What Wasm is built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// Components.
    Wasip2,
    /// Modules for JavaScript: the unit tests under Node.
    Unknown,
}

impl Target {
    /// The name rustc knows it by.
    pub(crate) fn triple(self) -> &'static str {
        match self {
            Self::Wasip2 => "wasm32-wasip2",
            Self::Unknown => "wasm32-unknown-unknown",
        }
    }
}

/// A standard library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Library {
    /// As it comes.
    AsItComes,
    /// Built from source, for size.
    FromSource,
}

/// Cargo's arguments to build the standard library for size.
pub(crate) const FROM_SOURCE: [&str; 2] = [
    "-Zbuild-std=std,panic_abort",
    "-Zbuild-std-features=optimize_for_size",
];

/// rustc's arguments for components: a panic ends the instance without a text, and rounds of a hash stay a loop.
pub(crate) const FOR_SIZE: &str = "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none \
                                   --cfg sha2_backend_soft=\"compact\"";

/// A compiler that can build for a target.
#[derive(Debug)]
pub(crate) enum Compiler {
    /// The one that runs this program has the target's standard library, and its source too or not.
    Own(Target, Library),
    /// Debian's, building the standard library too.
    Debian(Target, DebianRust),
}

impl fmt::Display for Compiler {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own(target, Library::AsItComes) => write!(
                formatter,
                "{}: the installed toolchain has it",
                target.triple()
            ),
            Self::Own(target, Library::FromSource) => write!(
                formatter,
                "{}: built from source by the installed toolchain",
                target.triple()
            ),
            Self::Debian(target, rust) => write!(
                formatter,
                "{}: built from source by {rust}",
                target.triple()
            ),
        }
    }
}

impl Compiler {
    /// `cargo SUBCOMMAND --target TARGET`, with all that this compiler needs.
    ///
    /// # Errors
    /// When PATH cannot be extended.
    pub(crate) fn cargo(&self, workspace: &Workspace, subcommand: &str) -> Result<Command> {
        match self {
            Self::Own(target, library) => {
                let mut command = workspace.cargo();
                command.args([subcommand, "--target", target.triple()]);
                command.env("CARGO_TARGET_DIR", own_directory(workspace, *target));
                if *library == Library::FromSource {
                    // What a stable compiler only allows with this is used to build the standard library and for size.
                    command.args(FROM_SOURCE).env("RUSTC_BOOTSTRAP", "1");
                    // These come before the target's own.
                    command.env_remove("RUSTFLAGS");
                    command.env_remove("CARGO_ENCODED_RUSTFLAGS");
                    command.env("CARGO_TARGET_WASM32_WASIP2_RUSTFLAGS", FOR_SIZE);
                }
                Ok(command)
            }
            Self::Debian(target, rust) => rust.cargo(workspace, subcommand, *target),
        }
    }

    /// Where this compiler leaves what it builds in the release profile.
    pub(crate) fn release(&self, workspace: &Workspace) -> PathBuf {
        let (base, target) = match self {
            Self::Own(target, _) => (own_directory(workspace, *target), target),
            Self::Debian(target, _) => (debian::target_directory(workspace), target),
        };
        base.join(target.triple()).join("release")
    }
}

/// A compiler for `target`: the one that is there, or else the one that could be installed.
///
/// # Errors
/// When there is none and none can be installed; the message says what to do by hand.
pub(crate) fn ensure(workspace: &Workspace, target: Target) -> Result<Compiler> {
    let sysroot = own_sysroot(workspace)?;
    if has_standard_library(&sysroot, target) {
        return Ok(with_standard_library(workspace, &sysroot, target));
    }
    let debian = |workspace| DebianRust::find(workspace, &sysroot, target);
    if let Ok(rust) = debian(workspace) {
        return Ok(Compiler::Debian(target, rust));
    }

    eprintln!(
        "The standard library for {} is not installed.",
        target.triple()
    );
    if process::find("rustup").is_some() {
        let added = process::stage("rustup: fetching it", || {
            let mut rustup = Command::new("rustup");
            rustup.args(["target", "add", target.triple()]);
            // Where there is no network, its message is enough.
            rustup.env("RUST_BACKTRACE", "0");
            process::run_within(&mut rustup, RUSTUP_LIMIT)
        });
        match added {
            // rustup may have added it to another toolchain than the one that runs us.
            Ok(()) if has_standard_library(&sysroot, target) => {
                return Ok(with_standard_library(workspace, &sysroot, target));
            }
            Ok(()) => eprintln!(
                "rustup fetched it, but not for the Rust in {}.",
                sysroot.display()
            ),
            Err(error) => eprintln!("rustup could not fetch it: {error:#}"),
        }
    }

    let by_hand = || {
        format!(
            "no standard library for {0} and no way to install it from here. With rustup (https://rustup.rs): `rustup \
             target add {0}`. On Debian: `{1}`",
            target.triple(),
            debian::install_command(&debian::PACKAGES),
        )
    };
    process::stage(
        "Debian: installing its Rust with the standard library's source",
        || {
            debian::install(&debian::PACKAGES)?;
            debian::install_linkers(workspace, &sysroot)
        },
    )
    .with_context(by_hand)?;
    debian(workspace)
        .map(|rust| Compiler::Debian(target, rust))
        .with_context(by_hand)
}

/// The compiler to use where the one that runs us has the target: that one, unless only Debian's can build the standard
/// library for size.
fn with_standard_library(workspace: &Workspace, sysroot: &Path, target: Target) -> Compiler {
    let library = library(workspace, sysroot, target);
    if target == Target::Wasip2
        && library == Library::AsItComes
        && let Ok(rust) = DebianRust::find(workspace, sysroot, target)
    {
        return Compiler::Debian(target, rust);
    }
    Compiler::Own(target, library)
}

/// Which standard library to build with: from source where that is there or can be fetched.
fn library(workspace: &Workspace, sysroot: &Path, target: Target) -> Library {
    let source = sysroot.join("lib/rustlib/src/rust/library/std/Cargo.toml");
    if target != Target::Wasip2 {
        // What is only tested need not be small.
        return Library::AsItComes;
    }
    // Where it could not be fetched for the first build it is not tried again and again.
    let first = !workspace.target().join(target.triple()).exists();
    if !source.is_file() && first && process::find("rustup").is_some() {
        let fetched = process::stage("rustup: fetching the standard library's source", || {
            let mut rustup = Command::new("rustup");
            rustup.args(["component", "add", "rust-src"]);
            rustup.env("RUST_BACKTRACE", "0");
            process::run_within(&mut rustup, RUSTUP_LIMIT)
        });
        if let Err(error) = fetched {
            eprintln!("rustup could not fetch it: {error:#}");
        }
    }
    if source.is_file() {
        Library::FromSource
    } else {
        Library::AsItComes
    }
}

/// Where the compiler that runs us builds for `target`. Components not where Spin looks for them: what lies there was made
/// smaller.
fn own_directory(workspace: &Workspace, target: Target) -> PathBuf {
    match target {
        Target::Wasip2 => workspace.target().join("components"),
        Target::Unknown => workspace.target().to_owned(),
    }
}

/// The sysroot of the compiler that the cargo that runs us calls.
fn own_sysroot(workspace: &Workspace) -> Result<PathBuf> {
    // Cargo and rustc of one toolchain lie side by side; to ask rustc takes longer than all else here.
    if env::var_os("RUSTC").is_none()
        && let Some(cargo) = env::var_os("CARGO").map(PathBuf::from)
        && let Some(binaries) = cargo.parent()
        && process::executable(binaries, "rustc").is_file()
        && let Some(sysroot) = binaries.parent()
        && sysroot.join("lib/rustlib").is_dir()
    {
        return Ok(sysroot.to_owned());
    }
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let printed = process::read(
        Command::new(rustc)
            .args(["--print", "sysroot"])
            .current_dir(workspace.root()),
    )?;
    Ok(PathBuf::from(printed.trim()))
}

fn has_standard_library(sysroot: &Path, target: Target) -> bool {
    let libraries = sysroot
        .join("lib/rustlib")
        .join(target.triple())
        .join("lib");
    fs::read_dir(libraries).is_ok_and(|entries| {
        entries.flatten().any(|entry| {
            let name = entry.file_name();
            let name = Path::new(&name);
            name.to_string_lossy().starts_with("libstd-")
                && name.extension().is_some_and(|ending| ending == "rlib")
        })
    })
}

/// The release of a compiler, as in `rustc 1.96.0 (ac68faa20 2026-05-25)`: major and minor.
///
/// # Errors
/// When the text does not look like that.
pub(crate) fn release_of(version: &str) -> Result<(u32, u32)> {
    let not_understood = || anyhow!("`{}` is no version of rustc", version.trim());
    let number = version
        .split_whitespace()
        .nth(1)
        .ok_or_else(not_understood)?;
    minor_of(number).ok_or_else(not_understood)
}

/// Major and minor of a version such as `1.94` or `1.96.0`.
pub(crate) fn minor_of(number: &str) -> Option<(u32, u32)> {
    let mut parts = number.split(['.', '-']);
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_rustc_are_understood() {
        assert_eq!(
            release_of("rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)\n")
                .unwrap(),
            (1, 96)
        );
        assert_eq!(
            release_of("rustc 1.97.0-nightly (abc 2026-05-25)").unwrap(),
            (1, 97)
        );
        assert_eq!(minor_of("1.94"), Some((1, 94)));
        assert!(release_of("gcc").is_err());
    }

    #[test]
    fn a_standard_library_is_told_by_its_file() {
        let sysroot = env::temp_dir().join(format!("alap-xtask-sysroot-{}", std::process::id()));
        let libraries = sysroot.join("lib/rustlib/wasm32-wasip2/lib");
        fs::create_dir_all(&libraries).unwrap();
        assert!(!has_standard_library(&sysroot, Target::Wasip2));
        fs::write(libraries.join("libstd-458c9ce9.rlib"), "").unwrap();
        assert!(has_standard_library(&sysroot, Target::Wasip2));
        assert!(!has_standard_library(&sysroot, Target::Unknown));
        fs::remove_dir_all(&sysroot).unwrap();
    }
}
