//! `cargo xtask test`: everything that must hold before a change is taken.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::browser;
use crate::build;
use crate::debian;
use crate::process::{self, seconds};
use crate::toolchain::{self, Compiler, Target};
use crate::wasm_bindgen;
use crate::workspace::Workspace;

/// The crates whose unit tests are also run as Wasm.
const TESTED_AS_WASM: [&str; 1] = ["alap-shared"];

/// A part of the gate.
#[derive(Debug)]
pub(crate) struct Step {
    /// How it is asked for. `clippy` asks for every step that begins with `clippy-`.
    name: &'static str,
    /// Whether it can only be tried once everything is built.
    after_build: bool,
    /// Does it.
    run: fn(&Workspace) -> Result<Outcome>,
}

impl PartialEq for Step {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Step {}

/// How a step ended that did not fail.
#[derive(Debug)]
enum Outcome {
    Passed,
    /// It could not be done here, and need not be.
    Skipped(&'static str),
}

/// In an order in which the cheap ones come first and each can use what the ones before it built.
static STEPS: [Step; 11] = [
    Step {
        name: "fmt",
        after_build: false,
        run: fmt,
    },
    Step {
        name: "build",
        after_build: false,
        run: build_all,
    },
    Step {
        name: "size",
        after_build: true,
        run: size,
    },
    Step {
        name: "unit",
        after_build: false,
        run: unit,
    },
    Step {
        name: "black-box",
        after_build: true,
        run: black_box,
    },
    Step {
        name: "browser",
        after_build: true,
        run: in_browser,
    },
    Step {
        name: "clippy-native",
        after_build: false,
        run: clippy_native,
    },
    Step {
        name: "clippy-wasm",
        after_build: false,
        run: clippy_wasm,
    },
    Step {
        name: "docs",
        after_build: false,
        run: docs,
    },
    Step {
        name: "wasm",
        after_build: false,
        run: wasm,
    },
    Step {
        name: "licences",
        after_build: false,
        run: licences,
    },
];

/// The steps of these names, or all of them, in their own order, and those they need.
///
/// # Errors
/// When there is no step of a name.
pub(crate) fn select(names: &[String]) -> Result<Vec<&'static Step>> {
    let asked = |step: &Step, name: &str| {
        step.name == name
            || step
                .name
                .strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('-') && name == "clippy")
    };
    for name in names {
        if !STEPS.iter().any(|step| asked(step, name)) {
            let known: Vec<_> = STEPS.iter().map(|step| step.name).collect();
            bail!("there is no step `{name}`; there are: {}", known.join(", "));
        }
    }
    let chosen = |step: &Step| names.is_empty() || names.iter().any(|name| asked(step, name));
    let building = STEPS.iter().any(|step| chosen(step) && step.after_build);
    Ok(STEPS
        .iter()
        .filter(|step| chosen(step) || (building && step.name == "build"))
        .collect())
}

/// Runs the steps and sums them up; a step that fails shows in the exit code.
pub(crate) fn run(workspace: &Workspace, steps: &[&'static Step]) -> ExitCode {
    let mut results: Vec<(&str, Result<Outcome>, Duration)> = Vec::new();
    for step in steps {
        println!("\n=== {} ===", step.name);
        let began = Instant::now();
        let unbuilt = results
            .iter()
            .any(|(name, result, _)| *name == "build" && result.is_err());
        let result = if step.after_build && unbuilt {
            Err(anyhow::anyhow!("the build failed"))
        } else {
            (step.run)(workspace)
        };
        match &result {
            Ok(Outcome::Passed) => {
                println!("{}: passed in {}", step.name, seconds(began.elapsed()));
            }
            Ok(Outcome::Skipped(reason)) => println!("{}: skipped, {reason}", step.name),
            Err(error) => println!(
                "{}: FAILED after {}: {error:#}",
                step.name,
                seconds(began.elapsed())
            ),
        }
        results.push((step.name, result, began.elapsed()));
    }

    println!();
    for (name, result, took) in &results {
        let word = match result {
            Ok(Outcome::Passed) => "passed",
            Ok(Outcome::Skipped(_)) => "skipped",
            Err(_) => "FAILED",
        };
        println!("{name:<14} {word:<8} {:>12}", seconds(*took));
    }
    let passed = results
        .iter()
        .filter(|(_, result, _)| matches!(result, Ok(Outcome::Passed)))
        .count();
    let failed = results
        .iter()
        .filter(|(_, result, _)| result.is_err())
        .count();
    println!("\n{passed} passed, {failed} failed");
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn fmt(workspace: &Workspace) -> Result<Outcome> {
    debian::ensure_program("cargo-fmt", "rustfmt-web")?;
    process::run(workspace.cargo().args(["fmt", "--all", "--check"]))
        .context("`cargo fmt --all` formats everything")?;
    Ok(Outcome::Passed)
}

fn build_all(workspace: &Workspace) -> Result<Outcome> {
    build::components_and_those_of_tests(workspace)?;
    process::run(
        workspace
            .cargo()
            .args(["build", "--workspace", "--all-targets"]),
    )?;
    Ok(Outcome::Passed)
}

fn size(workspace: &Workspace) -> Result<Outcome> {
    build::check_sizes(workspace)?;
    Ok(Outcome::Passed)
}

fn unit(workspace: &Workspace) -> Result<Outcome> {
    process::run(
        workspace
            .cargo()
            .args(["test", "--workspace", "--lib", "--bins"]),
    )?;
    Ok(Outcome::Passed)
}

fn black_box(workspace: &Workspace) -> Result<Outcome> {
    debian::ensure_program("redis-server", "redis-server")?;
    process::run(
        workspace
            .cargo()
            .args(["test", "--workspace", "--test", "*", "--no-fail-fast"]),
    )?;
    Ok(Outcome::Passed)
}

fn in_browser(workspace: &Workspace) -> Result<Outcome> {
    browser::test(workspace)?;
    Ok(Outcome::Passed)
}

fn clippy_native(workspace: &Workspace) -> Result<Outcome> {
    debian::ensure_program("cargo-clippy", debian::CLIPPY_PACKAGE)?;
    process::run(workspace.cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]))?;
    Ok(Outcome::Passed)
}

fn clippy_wasm(workspace: &Workspace) -> Result<Outcome> {
    let compiler = toolchain::ensure(workspace, Target::Wasip2)?;
    if matches!(compiler, Compiler::Debian(..)) {
        debian::ensure_clippy()?;
    }
    // In the release profile, whose macros and build scripts the components have built already.
    let mut command = compiler.cargo(workspace, "clippy")?;
    command.args(["--release", "--package", "alap-spin"]);
    for component in workspace.components()? {
        command.args(["--package", &component.package]);
    }
    process::run(command.args(["--", "-D", "warnings"]))?;
    Ok(Outcome::Passed)
}

fn docs(workspace: &Workspace) -> Result<Outcome> {
    let mut command = workspace.cargo();
    command.args(["doc", "--workspace", "--no-deps", "--lib", "--bin", "xtask"]);
    command
        .arg(build::DEPENDENCIES_AS_IN_TESTS)
        .env("RUSTDOCFLAGS", "-D warnings");
    process::run(&mut command)?;
    process::run(workspace.cargo().args(["test", "--workspace", "--doc"]))?;
    Ok(Outcome::Passed)
}

fn wasm(workspace: &Workspace) -> Result<Outcome> {
    debian::ensure_program("node", "nodejs")?;
    let runner = wasm_bindgen::ensure_runner(workspace)?;
    let compiler = toolchain::ensure(workspace, Target::Unknown)?;
    let mut command = compiler.cargo(workspace, "test")?;
    command
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
        .arg("--lib");
    for package in TESTED_AS_WASM {
        command.args(["--package", package]);
    }
    process::run(&mut command)?;
    Ok(Outcome::Passed)
}

fn licences(workspace: &Workspace) -> Result<Outcome> {
    if process::find("cargo-deny").is_none() {
        return Ok(Outcome::Skipped(
            "cargo-deny is not installed (`cargo install cargo-deny`)",
        ));
    }
    process::run(
        workspace
            .cargo()
            .args(["deny", "check", "licenses", "bans", "sources"]),
    )?;
    Ok(Outcome::Passed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(asked: &[&str]) -> Vec<&'static str> {
        let asked: Vec<String> = asked.iter().map(|&name| name.to_owned()).collect();
        select(&asked)
            .unwrap()
            .into_iter()
            .map(|step| step.name)
            .collect()
    }

    #[test]
    fn all_steps_unless_some_are_named() {
        assert_eq!(names(&[]).len(), STEPS.len());
        assert_eq!(names(&["unit", "fmt"]), ["fmt", "unit"]);
    }

    #[test]
    fn clippy_is_both() {
        assert_eq!(names(&["clippy"]), ["clippy-native", "clippy-wasm"]);
        assert_eq!(names(&["clippy-wasm"]), ["clippy-wasm"]);
    }

    #[test]
    fn what_needs_a_build_gets_one() {
        assert_eq!(names(&["black-box"]), ["build", "black-box"]);
        assert_eq!(names(&["browser"]), ["build", "browser"]);
    }

    #[test]
    fn an_unknown_step_is_answered_with_the_known_ones() {
        let error = select(&["tests".to_owned()]).unwrap_err().to_string();
        assert!(error.contains("black-box"), "{error}");
    }
}
