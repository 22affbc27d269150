//! Node and npm: found, or installed where that is possible, or named.

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

/// The oldest Node that everything here runs on; package.json of the browser tests says the same.
const OLDEST_NODE: u32 = 20;

/// The Node that is fetched where there is an older one, such as Debian 12's.
const FETCHED_NODE: u32 = 22;

/// Node and npm.
#[derive(Debug)]
pub(crate) struct Node {
    /// The PATH on which a sufficient Node comes first.
    path: OsString,
}

impl Node {
    /// The Node of this machine; Debian's where there is none; one from npm's registry where it is too old.
    ///
    /// # Errors
    /// When there is none and none can be installed; the message says what to do.
    pub(crate) fn ensure(workspace: &Workspace) -> Result<Self> {
        let present = debian::ensure_program("node", "nodejs")?;
        debian::ensure_program("npm", "npm")?;
        if is_sufficient(&present)? {
            return Ok(Self {
                path: process::path_with([])?,
            });
        }
        let fetched = fetch(workspace).with_context(|| {
            format!("Node {OLDEST_NODE} or newer is needed: https://nodejs.org")
        })?;
        Ok(Self {
            path: process::path_with(fetched.parent())?,
        })
    }

    /// A program that runs on this Node, or Node itself, in `directory`.
    ///
    /// # Errors
    /// When it is not there.
    pub(crate) fn command(&self, program: &str, directory: &Path) -> Result<Command> {
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
}
