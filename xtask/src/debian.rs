//! Debian: its packages, and its Rust, which can build the standard library for Wasm from source.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

use crate::process;
use crate::toolchain::{FOR_SIZE, FROM_SOURCE, Target, minor_of, release_of};
use crate::workspace::Workspace;

/// What Debian's Rust for Wasm consists of: compiler, cargo, the standard library's source and a C library. Compiler
/// and source always come in the same version.
pub(crate) const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "wasi-libc"];

/// The linter of the same version.
pub(crate) const CLIPPY_PACKAGE: &str = "rust-web-clippy";

const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";
const CLIPPY: &str = "/usr/bin/clippy-driver";
const SOURCE: &str = "/usr/lib/rustlib/src/rust/library/std/Cargo.toml";
const WASI_LIBC: &str = "/usr/lib/wasm32-wasi";

/// Debian's Rust, complete and new enough.
#[derive(Debug)]
pub(crate) struct DebianRust {
    version: String,
    linkers: Linkers,
}

/// The programs that make a component, or a module, out of object files; Debian's Rust has none.
#[derive(Debug)]
struct Linkers {
    /// Makes components; calls the next.
    component: PathBuf,
    /// Makes modules, called like a linker for C.
    wasm: PathBuf,
    /// Makes modules, called by rustc.
    module: PathBuf,
}

impl fmt::Display for DebianRust {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Debian's {}", self.version)
    }
}

impl DebianRust {
    /// Debian's Rust, with linkers from `sysroot` or elsewhere.
    ///
    /// # Errors
    /// When a part is missing or the compiler is older than the project needs; the message names it.
    pub(crate) fn find(workspace: &Workspace, sysroot: &Path, target: Target) -> Result<Self> {
        for (part, package) in [
            (RUSTC, "rustc-web"),
            (CARGO, "cargo-web"),
            (SOURCE, "rust-web-src"),
        ] {
            ensure!(
                Path::new(part).is_file(),
                "{part} is missing (Debian's package {package})"
            );
        }
        let libc = Path::new(WASI_LIBC).join("libc.a");
        ensure!(
            target != Target::Wasip2 || libc.is_file(),
            "{} is missing (package wasi-libc)",
            libc.display()
        );
        let version = process::read(
            Command::new(RUSTC)
                .arg("--version")
                .env_remove("LD_LIBRARY_PATH"),
        )?;
        let oldest = env!("CARGO_PKG_RUST_VERSION");
        ensure!(
            Some(release_of(&version)?) >= minor_of(oldest),
            "Debian's {} is older than the Rust {oldest} that is needed",
            version.trim()
        );
        let version = version
            .split_whitespace()
            .take(2)
            .collect::<Vec<_>>()
            .join(" ");
        Ok(Self {
            version,
            linkers: Linkers::find(workspace, sysroot)?,
        })
    }

    /// `cargo SUBCOMMAND` for `target` with the standard library built from source.
    ///
    /// # Errors
    /// When PATH cannot be extended.
    pub(crate) fn cargo(
        &self,
        workspace: &Workspace,
        subcommand: &str,
        target: Target,
    ) -> Result<Command> {
        let mut command = Command::new(CARGO);
        command.current_dir(workspace.root());
        command.args([subcommand, "--target", target.triple()]);
        command.args(match target {
            Target::Wasip2 => &FROM_SOURCE[..],
            Target::Unknown => &["-Zbuild-std=std,panic_abort"],
        });
        // The other toolchain's settings, which came with the cargo that runs us, would mislead this one.
        for inherited in [
            "RUSTUP_TOOLCHAIN",
            "RUSTDOC",
            "RUSTFLAGS",
            "CARGO_ENCODED_RUSTFLAGS",
            "LD_LIBRARY_PATH",
        ] {
            command.env_remove(inherited);
        }
        command.env("CARGO", CARGO).env("RUSTC", RUSTC);
        // `-Zbuild-std` and the standard library itself use what a stable compiler only allows with this.
        command.env("RUSTC_BOOTSTRAP", "1");
        command.env("CARGO_TARGET_DIR", target_directory(workspace));
        command.env("CARGO_TARGET_WASM32_WASIP2_LINKER", &self.linkers.component);
        command.env(
            "CARGO_TARGET_WASM32_WASIP2_RUSTFLAGS",
            format!("-Lnative={WASI_LIBC} {FOR_SIZE}"),
        );
        command.env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER",
            &self.linkers.module,
        );
        // wasm-component-ld looks for wasm-ld on PATH, and cargo for its subcommands: Debian's before rustup's.
        let wasm = self.linkers.wasm.parent();
        command.env(
            "PATH",
            process::path_with(wasm.into_iter().chain([Path::new("/usr/bin")]))?,
        );
        Ok(command)
    }
}

impl Linkers {
    fn find(workspace: &Workspace, sysroot: &Path) -> Result<Self> {
        let directories = linker_directories(workspace, sysroot);
        let search = |program: &str| {
            let beside = directories
                .iter()
                .map(|directory| process::executable(directory, program));
            beside
                .into_iter()
                .find(|candidate| candidate.is_file())
                .or_else(|| process::find(program))
        };
        let wasm =
            search("wasm-ld").context("the linker wasm-ld is missing (Debian's packages lld-*)")?;
        let component =
            search("wasm-component-ld").context("the linker wasm-component-ld is missing")?;
        // rustup's wasm-ld only wraps rust-lld, and knows not what rustc says to a linker it calls itself.
        let module = search("rust-lld").unwrap_or_else(|| wasm.clone());
        Ok(Self {
            component,
            wasm,
            module,
        })
    }
}

/// Where the two linkers may be: with rustup's toolchain, where `install_linkers` puts one and Debian the other.
fn linker_directories(workspace: &Workspace, sysroot: &Path) -> Vec<PathBuf> {
    let subdirectories = |of: &str| {
        let entries = fs::read_dir(of).into_iter().flatten().flatten();
        let mut found: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        found.sort();
        found
    };
    let mut directories = vec![workspace.tools().join("bin")];
    for host in subdirectories(&sysroot.join("lib/rustlib").to_string_lossy()) {
        directories.push(host.join("bin"));
        directories.push(host.join("bin/gcc-ld"));
    }
    // The newest LLVM first.
    let llvm = subdirectories("/usr/lib")
        .into_iter()
        .filter(|path| path.to_string_lossy().contains("/llvm-"));
    directories.extend(llvm.rev().map(|path| path.join("bin")));
    directories
}

/// Installs the linkers that are missing.
///
/// # Errors
/// When one cannot be installed.
pub(crate) fn install_linkers(workspace: &Workspace, sysroot: &Path) -> Result<()> {
    if Linkers::find(workspace, sysroot).is_ok() {
        return Ok(());
    }
    let about = process::read(Command::new(RUSTC).arg("-vV").env_remove("LD_LIBRARY_PATH"))?;
    install(&[&lld_package(&about)?])?;
    if Linkers::find(workspace, sysroot).is_ok() {
        return Ok(());
    }
    let mut command = workspace.cargo();
    command
        .args(["install", "wasm-component-ld", "--root"])
        .arg(workspace.tools());
    process::run(&mut command)
}

/// The package of the linker that understands what this compiler writes: the one of the same LLVM.
fn lld_package(about: &str) -> Result<String> {
    let version = about
        .lines()
        .find_map(|line| line.strip_prefix("LLVM version: "));
    let major = version.and_then(|version| version.split('.').next());
    Ok(format!(
        "lld-{}",
        major.context("rustc does not say which LLVM it uses")?
    ))
}

/// Where Debian's Rust builds; not where the other compiler does, or each would undo the other's work.
pub(crate) fn target_directory(workspace: &Workspace) -> PathBuf {
    workspace.target().join("debian")
}

/// Makes Debian's linter available.
///
/// # Errors
/// When it is not there and cannot be installed.
pub(crate) fn ensure_clippy() -> Result<()> {
    if Path::new(CLIPPY).is_file() {
        Ok(())
    } else {
        install(&[CLIPPY_PACKAGE])
    }
}

/// Finds `program`, or installs the package it is in.
///
/// # Errors
/// When it is not there and cannot be installed; the message says what to do.
pub(crate) fn ensure_program(program: &str, package: &str) -> Result<PathBuf> {
    if let Some(found) = process::find(program) {
        return Ok(found);
    }
    eprintln!("{program} is not installed.");
    install(&[package]).with_context(|| format!("`{program}` is needed; please install it"))?;
    process::find(program)
        .with_context(|| format!("package {package} is installed, but `{program}` is not on PATH"))
}

/// Installs packages.
///
/// # Errors
/// When this is not Debian, we are not root, or apt does not succeed.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    if !is_debian(&release) || process::find("apt-get").is_none() {
        bail!(
            "this is not Debian: install {} the way your system does it",
            packages.join(", ")
        );
    }
    if process::read(Command::new("id").arg("-u"))?.trim() != "0" {
        bail!(
            "only root may install packages: run `{}`",
            install_command(packages)
        );
    }
    eprintln!("Installing {} …", packages.join(", "));
    let apt = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").arg("-qq");
        for setting in ["DPkg::Lock::Timeout=120", "Dpkg::Use-Pty=0"] {
            command.args(["-o", setting]);
        }
        command
    };
    process::run(apt().arg("update"))?;
    // What is installed stays: a clash is for a person to decide.
    process::run(
        apt()
            .args(["install", "-y", "--no-install-recommends", "--no-remove"])
            .args(packages),
    )
}

/// The commands with which a person installs these packages.
pub(crate) fn install_command(packages: &[&str]) -> String {
    format!(
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends {}",
        packages.join(" ")
    )
}

/// Whether this is the text of a Debian's /etc/os-release. Its derivatives name their Rust packages differently.
fn is_debian(release: &str) -> bool {
    release
        .lines()
        .any(|line| line.trim_matches('"') == "ID=debian")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_is_told_from_its_derivatives() {
        assert!(is_debian(
            "PRETTY_NAME=\"Debian GNU/Linux 12\"\nID=debian\n"
        ));
        assert!(!is_debian("NAME=Ubuntu\nID=ubuntu\nID_LIKE=debian\n"));
    }

    #[test]
    fn the_linker_is_of_the_compilers_llvm() {
        let about = "rustc 1.96.0\nbinary: rustc\nrelease: 1.96.0\nLLVM version: 22.1.2\n";
        assert_eq!(lld_package(about).unwrap(), "lld-22");
        assert!(lld_package("rustc 1.96.0").is_err());
    }

    #[test]
    fn the_commands_for_a_person_name_every_package() {
        let command = install_command(&PACKAGES);
        assert!(
            PACKAGES.iter().all(|package| command.contains(package)),
            "{command}"
        );
    }
}
