//! Where things lie that were built before.

use std::path::{Path, PathBuf};

/// The manifest the tests run: the one that is deployed.
pub(crate) fn manifest() -> PathBuf {
    root().join("spin.toml")
}

/// The manifest of the component that tries out a host's ports.
pub(crate) fn contract_manifest() -> PathBuf {
    root().join("tests/contract-component/spin.toml")
}

/// The embedded host's program.
///
/// # Panics
/// When it was not built.
pub(crate) fn host() -> PathBuf {
    let program = build_directory().join(format!("alap-host{}", std::env::consts::EXE_SUFFIX));
    assert!(
        program.exists(),
        "{} is not there: run `cargo build --package alap-host`, or all of it with `cargo xtask test black-box`",
        program.display()
    );
    program
}

/// Compiled components, shared by all tests: each is compiled once, by whoever comes first.
pub(crate) fn cache() -> PathBuf {
    build_directory().join("compiled-components")
}

/// Fails with a sentence about what to do when a component that `manifest` runs is not built.
///
/// # Panics
/// Exactly then.
pub(crate) fn require_components(manifest: &Path) {
    let text = std::fs::read_to_string(manifest)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", manifest.display()));
    let directory = manifest.parent().unwrap_or(Path::new("."));
    let sources = text
        .lines()
        .filter_map(|line| line.strip_prefix("source = \"")?.strip_suffix('"'));
    for source in sources {
        let file = directory.join(source);
        assert!(
            file.exists(),
            "{} is not there: run `cargo xtask build`",
            file.display()
        );
    }
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}

/// `target/debug`, two folders above the test's own program.
fn build_directory() -> PathBuf {
    let program = std::env::current_exe().expect("a test knows its own program");
    let above = program.ancestors().nth(2);
    above
        .expect("a test's program lies in deps/ of the build folder")
        .to_owned()
}
