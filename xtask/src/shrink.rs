//! Makes a component smaller than the compiler leaves it: Binaryen's `wasm-opt` works on the module inside, and what
//! is only there for debuggers goes. A small component starts sooner, on every host.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context as _, Result};
use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};
use wasm_encoder::RawSection;
use wasmparser::{Parser, Payload};

use crate::node::Node;
use crate::process;
use crate::workspace::Workspace;

/// Which optimiser it is; its lock file says what the downloaded package has to hash to.
const PACKAGE: &str = include_str!("../binaryen/package.json");
const PACKAGE_LOCK: &str = include_str!("../binaryen/package-lock.json");

/// Where it is in its package.
const PROGRAM: &str = "node_modules/binaryen/bin/wasm-opt";

/// For size; and the features of WebAssembly that rustc's default target has, so that none is used that a host may lack.
const OPTIONS: [&str; 12] = [
    "-Oz",
    "--const-hoisting",
    "--strip-debug",
    "--strip-producers",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-call-indirect-overlong",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// 2 KiB: what is smaller only connects interfaces, and there is nothing to be had.
const WORTH_IT: usize = 2 * 1024;

/// A component as the compiler left it, and where it goes.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) from: PathBuf,
    pub(crate) to: PathBuf,
}

/// Shrinks what has changed since the last time.
///
/// # Errors
/// When the optimiser is not there and cannot be installed, or a file is no component.
pub(crate) fn all(workspace: &Workspace, jobs: &[Job]) -> Result<()> {
    let mut changed = Vec::new();
    for job in jobs {
        let component =
            fs::read(&job.from).with_context(|| format!("cargo left no {}", job.from.display()))?;
        let digest = digest(&component);
        let known = fs::read_to_string(stamp(&job.to)).unwrap_or_default();
        if !job.to.is_file() || known != digest {
            changed.push((job, component, digest));
        }
    }
    if changed.is_empty() {
        return Ok(());
    }
    let optimiser = Optimiser::ensure(workspace)?;
    let next = AtomicUsize::new(0);
    let work = || -> Result<()> {
        while let Some((job, component, digest)) = changed.get(next.fetch_add(1, Ordering::Relaxed))
        {
            let small = shrunk(component, |module| optimiser.run(module, &job.to))
                .with_context(|| format!("cannot shrink {}", job.from.display()))?;
            replace(&job.to, &small)?;
            replace(&stamp(&job.to), digest.as_bytes())?;
        }
        Ok(())
    };
    process::stage("Components: making them small", || {
        thread::scope(|scope| {
            let workers = thread::available_parallelism().map_or(1, usize::from);
            let running: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
            for worker in running {
                worker
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            }
            Ok(())
        })
    })
}

/// The component with its large modules replaced by what `optimise` makes of them, and without names.
fn shrunk(component: &[u8], optimise: impl Fn(&[u8]) -> Result<Vec<u8>>) -> Result<Vec<u8>> {
    let mut small = wasm_encoder::Component::new();
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(component) {
        let payload = payload?;
        // What lies inside a module or component is part of the section that holds it.
        let outermost = depth == 0;
        match &payload {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        let Some((id, range)) = payload.as_section().filter(|_| outermost) else {
            continue;
        };
        let data = component.get(range).context("a section without an end")?;
        match payload {
            Payload::CustomSection(_) => {}
            Payload::ModuleSection { .. } if data.len() >= WORTH_IT => {
                let data = &optimise(data)?;
                small.section(&RawSection { id, data });
            }
            _ => {
                small.section(&RawSection { id, data });
            }
        }
    }
    Ok(small.finish())
}

/// Binaryen, compiled to WebAssembly itself: it runs wherever Node does.
struct Optimiser {
    node: Node,
    home: PathBuf,
}

impl Optimiser {
    fn ensure(workspace: &Workspace) -> Result<Self> {
        let node = Node::ensure(workspace)?;
        let home = workspace.tools().join("binaryen");
        let lock = home.join("package-lock.json");
        let installed = fs::read_to_string(&lock).is_ok_and(|lock| lock == PACKAGE_LOCK);
        if !installed || !home.join(PROGRAM).is_file() {
            fs::create_dir_all(&home)?;
            fs::write(home.join("package.json"), PACKAGE)?;
            fs::write(&lock, PACKAGE_LOCK)?;
            process::stage("wasm-opt: fetching it", || {
                let mut npm = node.command("npm", &home)?;
                npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
                process::run(npm.arg("--loglevel=error"))
            })
            .context("the optimiser for components comes from the npm registry")?;
        }
        Ok(Self { node, home })
    }

    /// `beside` is where the module may be put meanwhile.
    fn run(&self, module: &[u8], beside: &Path) -> Result<Vec<u8>> {
        let (large, small) = (
            beside.with_extension("large.wasm"),
            beside.with_extension("small.wasm"),
        );
        replace(&large, module)?;
        let mut command = self.node.command("node", &self.home)?;
        command.arg(PROGRAM).args(OPTIONS);
        process::run(command.arg(&large).arg("-o").arg(&small))?;
        let module = fs::read(&small)?;
        fs::remove_file(&large)?;
        fs::remove_file(&small)?;
        Ok(module)
    }
}

/// What the result depends on.
fn digest(component: &[u8]) -> String {
    let hash = Sha256::new()
        .chain_update(PACKAGE_LOCK)
        .chain_update(OPTIONS.join(" "))
        .chain_update(component);
    HEXLOWER.encode(&hash.finalize())
}

/// Where it is noted of what `component` was made.
fn stamp(component: &Path) -> PathBuf {
    component.with_extension("made-of")
}

/// Writes a file at once: a host that reads meanwhile sees the old one or the new one.
pub(crate) fn replace(path: &Path, content: &[u8]) -> Result<()> {
    let directory = path.parent().context("a file lies in no directory")?;
    let new = path.with_extension("new");
    fs::create_dir_all(directory)
        .and_then(|()| fs::write(&new, content))
        .and_then(|()| fs::rename(&new, path))
        .with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{Component, CustomSection, Module, ModuleSection};

    use super::*;

    /// A module that is as large as that and does nothing.
    fn module(size: usize) -> Module {
        let mut module = Module::new();
        let padding = CustomSection {
            name: "padding".into(),
            data: vec![0; size].into(),
        };
        module.section(&padding);
        module
    }

    #[test]
    fn only_the_large_module_is_optimised_and_names_go() {
        let (large, little) = (module(WORTH_IT), module(10));
        let mut component = Component::new();
        component
            .section(&ModuleSection(&large))
            .section(&CustomSection {
                name: "component-name".into(),
                data: b"names"[..].into(),
            })
            .section(&ModuleSection(&little));
        let small = shrunk(&component.finish(), |_| Ok(Module::new().finish())).unwrap();

        let mut expected = Component::new();
        expected
            .section(&ModuleSection(&Module::new()))
            .section(&ModuleSection(&little));
        assert_eq!(small, expected.finish());
    }

    #[test]
    fn what_is_no_component_is_refused() {
        assert!(shrunk(b"something else", |_| Ok(Vec::new())).is_err());
    }
}
