//! Building: the components for Wasm, the host for this machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context as _, Result, ensure};

use crate::process;
use crate::shrink::{self, Job};
use crate::toolchain::{self, Target};
use crate::workspace::{Component, Workspace};

/// 400 KB: what a host reads and compiles when it first meets a component.
pub(crate) const SIZE_BUDGET: u64 = 400_000;

/// The component that holds hosts to the contract of the ports.
const CONTRACT_COMPONENT: &str = "alap-contract-component";

/// Which features a dependency is built with follows from what else is asked for, and with other features it is built
/// again: minutes for wasmtime. All commands for this machine therefore ask for the whole workspace and, with this, for
/// what only tests depend on. There are no examples to build.
pub(crate) const DEPENDENCIES_AS_IN_TESTS: &str = "--examples";

/// Builds all there is to run, and says how large the components are.
///
/// # Errors
/// When the toolchain is not there or something does not build.
pub(crate) fn everything(workspace: &Workspace) -> Result<()> {
    components_and_host(workspace)?;
    for (path, size) in sizes(workspace)? {
        let warning = if size > SIZE_BUDGET {
            "  over the budget"
        } else {
            ""
        };
        println!("{:>7} KB  {}{warning}", kilobytes(size), path.display());
    }
    Ok(())
}

/// Builds what there is to serve; at the same time, since most often there is nothing to do but to look.
///
/// # Errors
/// When the toolchain is not there or something does not build.
pub(crate) fn components_and_host(workspace: &Workspace) -> Result<()> {
    thread::scope(|scope| {
        let host = scope.spawn(|| host(workspace));
        let components = components(workspace);
        let host = host
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        components.and(host)
    })
}

/// Builds the components and puts them where spin.toml expects them.
///
/// # Errors
/// When the toolchain is not there or a component does not build.
fn components(workspace: &Workspace) -> Result<()> {
    build(workspace, &workspace.components()?)
}

/// The same, and what only tests serve.
///
/// # Errors
/// When the toolchain is not there or a component does not build.
pub(crate) fn components_and_those_of_tests(workspace: &Workspace) -> Result<()> {
    components(workspace)?;
    // By itself: it asks for other features of the crates it shares with them, and together they would get these too.
    let compiler = toolchain::ensure(workspace, Target::Wasip2)?;
    let mut command = compiler.cargo(workspace, "build")?;
    process::run(command.args(["--release", "--package", CONTRACT_COMPONENT]))?;
    let file = format!("{}.wasm", CONTRACT_COMPONENT.replace('-', "_"));
    let to = workspace.target().join(Target::Wasip2.triple());
    refresh(
        &compiler.release(workspace).join(&file),
        &to.join("release").join(&file),
    )
}

/// The component of this name in spin.toml alone.
///
/// # Errors
/// When there is none, the toolchain is not there or it does not build.
pub(crate) fn component(workspace: &Workspace, name: &str) -> Result<()> {
    let components = workspace.components()?;
    let wanted = format!("alap-{name}");
    let names = components
        .iter()
        .map(|component| component.package.as_str());
    let known: Vec<&str> = names.collect();
    ensure!(
        known.contains(&wanted.as_str()),
        "spin.toml has no component of the crate {wanted}, but of {}",
        known.join(", ")
    );
    let this: Vec<_> = components
        .into_iter()
        .filter(|component| component.package == wanted)
        .collect();
    build(workspace, &this)
}

fn build(workspace: &Workspace, components: &[Component]) -> Result<()> {
    let compiler = toolchain::ensure(workspace, Target::Wasip2)?;
    process::stage("Components", || {
        let mut command = compiler.cargo(workspace, "build")?;
        command.arg("--release");
        for component in components {
            command.args(["--package", &component.package]);
        }
        process::run(&mut command)
    })?;
    let built = compiler.release(workspace);
    let job = |component: &Component| Job {
        from: built.join(component.file_name()),
        to: workspace.root().join(&component.source),
    };
    shrink::all(workspace, &components.iter().map(job).collect::<Vec<_>>())
}

/// Builds the embedded host.
///
/// # Errors
/// When it does not build.
fn host(workspace: &Workspace) -> Result<()> {
    process::stage("Host", || {
        let mut command = workspace.cargo();
        command.args([
            "build",
            "--workspace",
            "--bin",
            "alap-host",
            DEPENDENCIES_AS_IN_TESTS,
        ]);
        process::run(&mut command)
    })
}

/// The components' files and how large they are, in bytes.
///
/// # Errors
/// When one is not there.
pub(crate) fn sizes(workspace: &Workspace) -> Result<Vec<(PathBuf, u64)>> {
    let size = |path: PathBuf| {
        let about = fs::metadata(workspace.root().join(&path)).with_context(|| {
            format!(
                "{} is not there: `cargo xtask build` makes it",
                path.display()
            )
        })?;
        Ok((path, about.len()))
    };
    workspace
        .components()?
        .into_iter()
        .map(|component| size(component.source))
        .collect()
}

/// Fails when a component is larger than its budget.
///
/// # Errors
/// As said; the message names every one that is.
pub(crate) fn check_sizes(workspace: &Workspace) -> Result<()> {
    let sizes = sizes(workspace)?;
    let described =
        |(path, size): &(PathBuf, u64)| format!("{} has {} KB", path.display(), kilobytes(*size));
    let over: Vec<String> = sizes
        .iter()
        .filter(|(_, size)| *size > SIZE_BUDGET)
        .map(described)
        .collect();
    ensure!(
        over.is_empty(),
        "over the budget of {} KB: {}",
        kilobytes(SIZE_BUDGET),
        over.join(", ")
    );
    println!(
        "{}",
        sizes.iter().map(described).collect::<Vec<_>>().join("\n")
    );
    Ok(())
}

fn kilobytes(size: u64) -> u64 {
    size.div_ceil(1000)
}

/// Copies `from` to `to` unless that is at least as new. A host that reads meanwhile sees the old file or the new one.
fn refresh(from: &Path, to: &Path) -> Result<()> {
    if from == to {
        return Ok(());
    }
    let changed = |path: &Path| fs::metadata(path).and_then(|about| about.modified());
    let newest = changed(from).with_context(|| format!("cargo left no {}", from.display()))?;
    if changed(to).is_ok_and(|present| present >= newest) {
        return Ok(());
    }
    shrink::replace(to, &fs::read(from)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_newer_is_copied() {
        let directory =
            std::env::temp_dir().join(format!("alap-xtask-refresh-{}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        let (from, to) = (directory.join("from.wasm"), directory.join("there/to.wasm"));
        fs::write(&from, "first").unwrap();
        refresh(&from, &to).unwrap();
        assert_eq!(fs::read_to_string(&to).unwrap(), "first");

        fs::write(&to, "kept").unwrap();
        refresh(&from, &to).unwrap();
        assert_eq!(fs::read_to_string(&to).unwrap(), "kept");
        fs::remove_dir_all(&directory).unwrap();
    }
}
