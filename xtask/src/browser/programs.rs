//! What the browser tests need of a machine: Node, Chromium, a font for Bangla. Found, or installed where that is
//! possible, or named.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

use crate::debian;
use crate::process;
use crate::toolchain::minor_of;
use crate::workspace::Workspace;

/// The oldest Node that playwright-core runs on; package.json says the same.
const OLDEST_NODE: u32 = 20;

/// The Node that is fetched where there is an older one, such as Debian 12's.
const FETCHED_NODE: u32 = 22;

/// What Chromium is called on PATH.
const CHROMIUM: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// Where Debian's package has the font.
const BANGLA_FONT: &str = "/usr/share/fonts/truetype/noto/NotoSansBengali-Regular.ttf";

/// Node and npm.
#[derive(Debug)]
pub(super) struct Node {
    /// The PATH on which a sufficient Node comes first.
    path: OsString,
}

impl Node {
    /// The Node of this machine; Debian's where there is none; one from npm's registry where it is too old.
    ///
    /// # Errors
    /// When there is none and none can be installed; the message says what to do.
    pub(super) fn ensure(workspace: &Workspace) -> Result<Self> {
        let present = debian::ensure_program("node", "nodejs")?;
        debian::ensure_program("npm", "npm")?;
        if is_sufficient(&present)? {
            return Ok(Self {
                path: process::path_with([])?,
            });
        }
        let fetched = fetch(workspace).with_context(|| {
            format!("the browser tests need Node {OLDEST_NODE} or newer: https://nodejs.org")
        })?;
        Ok(Self {
            path: process::path_with(fetched.parent())?,
        })
    }

    /// A program that runs on this Node, or Node itself, in `directory`.
    ///
    /// # Errors
    /// When it is not there.
    pub(super) fn command(&self, program: &str, directory: &Path) -> Result<Command> {
        let found = env::split_paths(&self.path)
            .map(|directory| process::executable(&directory, program))
            .find(|candidate| candidate.is_file())
            .with_context(|| format!("`{program}` is not on PATH"))?;
        let mut command = Command::new(found);
        command.current_dir(directory).env("PATH", &self.path);
        Ok(command)
    }
}

/// A newer Node under the target directory, from the packages in which npm's registry carries it.
fn fetch(workspace: &Workspace) -> Result<PathBuf> {
    let machine = match (env::consts::OS, env::consts::ARCH) {
        ("linux", "x86_64") => "linux-x64",
        ("linux", "aarch64") => "linux-arm64",
        (system, processor) => {
            bail!("the Node here is too old, and npm has none for {system} on {processor}")
        }
    };
    let package = format!("node-{machine}");
    let directory = workspace.tools().join("node");
    let node = directory
        .join("node_modules")
        .join(&package)
        .join("bin/node");
    if !node.is_file() {
        process::stage(&format!("Node {FETCHED_NODE}: fetching it"), || {
            fs::create_dir_all(&directory)?;
            let mut npm = Command::new("npm");
            npm.args([
                "install",
                "--no-audit",
                "--no-fund",
                "--no-save",
                "--prefix",
            ]);
            npm.arg(&directory);
            npm.arg(format!("{package}@{FETCHED_NODE}"));
            process::run(&mut npm)
        })?;
    }
    ensure!(
        is_sufficient(&node)?,
        "{} is too old as well",
        node.display()
    );
    Ok(node)
}

fn is_sufficient(node: &Path) -> Result<bool> {
    let version = process::read(Command::new(node).arg("--version"))?;
    let release = version.trim().strip_prefix('v').and_then(minor_of);
    let (major, _) =
        release.with_context(|| format!("`{}` is no version of Node", version.trim()))?;
    Ok(major >= OLDEST_NODE)
}

/// Chromium, or a browser made from it: what the variable CHROMIUM names, what is on PATH, or Debian's. A font for
/// Bangla comes along where one can be installed.
///
/// # Errors
/// When there is none and none can be installed; the message says what to do.
pub(super) fn ensure_chromium() -> Result<PathBuf> {
    if let Some(named) = env::var_os("CHROMIUM").map(PathBuf::from) {
        ensure!(
            named.is_file(),
            "CHROMIUM names {}, which is no file",
            named.display()
        );
        return Ok(named);
    }
    if let Some(found) = CHROMIUM.iter().find_map(|name| process::find(name)) {
        ensure_bangla();
        return Ok(found);
    }
    let found = debian::ensure_program("chromium", "chromium")
        .context("Chromium is needed, or CHROMIUM set to a browser made from it")?;
    ensure_bangla();
    Ok(found)
}

/// Without a font the tests still pass: letters are boxes then, on pictures too.
fn ensure_bangla() {
    let has_fonts = process::find("fc-list")
        .and_then(|program| process::read(Command::new(program).args([":lang=bn", "family"])).ok());
    if Path::new(BANGLA_FONT).is_file() || has_fonts.is_some_and(|fonts| !fonts.trim().is_empty()) {
        return;
    }
    if let Err(error) = debian::install(&["fonts-noto-core"]) {
        eprintln!("No font for Bangla was found, and none could be installed: {error:#}");
    }
}

/// Whether `file` is there and at least as new as `source`.
pub(super) fn is_newer(file: &Path, source: &Path) -> bool {
    let changed = |path: &Path| fs::metadata(path).and_then(|about| about.modified());
    match (changed(file), changed(source)) {
        (Ok(file), Ok(source)) => file >= source,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn package_json_asks_for_the_same_node() {
        let path = Workspace::locate()
            .unwrap()
            .browser_tests()
            .join("package.json");
        let package: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let engines = package.pointer("/engines/node").unwrap();
        assert_eq!(engines, &format!(">={OLDEST_NODE}"));
    }

    #[test]
    fn what_is_not_there_is_not_newer() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        assert!(is_newer(&here, &here));
        assert!(!is_newer(Path::new("/nowhere"), &here));
    }
}
