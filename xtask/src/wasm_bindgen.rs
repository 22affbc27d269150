//! The runner for unit tests as Wasm: it must be of the very version the tests were built with.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::process;
use crate::workspace::Workspace;

const RUNNER: &str = "wasm-bindgen-test-runner";

/// The runner, installed under the target directory unless it is there.
///
/// # Errors
/// When no test uses wasm-bindgen or the runner cannot be installed.
pub(crate) fn ensure_runner(workspace: &Workspace) -> Result<PathBuf> {
    let version = workspace.locked_version("wasm-bindgen")?;
    let version =
        version.context("Cargo.lock holds no wasm-bindgen: no test is written for Wasm yet")?;
    let runner = process::executable(&workspace.tools().join("bin"), RUNNER);
    if is_of(&runner, &version) {
        return Ok(runner);
    }
    let build = workspace.tools().join("build");
    process::stage(
        &format!(
            "{RUNNER} {version}: installing it under {}",
            workspace.tools().display()
        ),
        || {
            let mut command = workspace.cargo();
            // No `--locked`: a mirror of the registry may lag behind what that release was locked to.
            command.args([
                "install",
                "wasm-bindgen-cli",
                "--version",
                &format!("={version}"),
                "--bin",
                RUNNER,
            ]);
            command
                .arg("--root")
                .arg(workspace.tools())
                .arg("--target-dir")
                .arg(&build);
            command.args(["--force", "--quiet"]);
            process::run(&mut command)
        },
    )?;
    fs::remove_dir_all(&build).with_context(|| format!("cannot remove {}", build.display()))?;
    Ok(runner)
}

fn is_of(runner: &PathBuf, version: &str) -> bool {
    runner.is_file()
        && process::read(Command::new(runner).arg("--version"))
            .is_ok_and(|said| said.split_whitespace().nth(1) == Some(version))
}
