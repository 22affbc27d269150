//! Where things are in this repository.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, anyhow};
use serde::Deserialize;

/// The repository: its root and where cargo puts what it builds.
#[derive(Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

/// One component of spin.toml.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Component {
    /// The crate it is built from.
    pub(crate) package: String,
    /// Where spin.toml says it is.
    pub(crate) source: PathBuf,
}

impl Component {
    /// The name of the file cargo builds.
    pub(crate) fn file_name(&self) -> String {
        format!("{}.wasm", self.package.replace('-', "_"))
    }
}

impl Workspace {
    /// Finds the repository this program was built from.
    ///
    /// # Errors
    /// When it is no longer there.
    pub(crate) fn locate() -> Result<Self> {
        let own = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        let root = own
            .parent()
            .context("xtask lies in no directory")?
            .to_owned();
        if !root.join("spin.toml").is_file() {
            return Err(anyhow!(
                "{} holds no spin.toml: run this as `cargo xtask` in the repository",
                root.display()
            ));
        }
        let target = env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), |named| root.join(named));
        Ok(Self { root, target })
    }

    /// Where the browser tests are.
    pub(crate) fn browser_tests(&self) -> PathBuf {
        self.root.join("tests/browser")
    }

    /// The root of the repository.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Where cargo puts native builds, and builds for Wasm when the same compiler makes them.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// Where programs go that only this project's commands use.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// Where the development server keeps its store and secrets; Spin's own place.
    pub(crate) fn state(&self) -> PathBuf {
        self.root.join(".spin")
    }

    /// The embedded host, once built.
    pub(crate) fn host(&self) -> PathBuf {
        self.target
            .join("debug")
            .join(format!("alap-host{}", env::consts::EXE_SUFFIX))
    }

    /// Where the tests over HTTP keep components compiled for this machine.
    pub(crate) fn compiled_components(&self) -> PathBuf {
        self.target.join("debug/compiled-components")
    }

    /// The cargo that runs us, in the root of the repository.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(&self.root);
        command
    }

    /// The components spin.toml names, in the order of their ids.
    ///
    /// # Errors
    /// When spin.toml cannot be read or a source does not look like what cargo builds.
    pub(crate) fn components(&self) -> Result<Vec<Component>> {
        let path = self.root.join("spin.toml");
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        components_of(&text).with_context(|| format!("cannot use {}", path.display()))
    }

    /// The version of `package` in Cargo.lock, if it is there.
    ///
    /// # Errors
    /// When Cargo.lock cannot be read.
    pub(crate) fn locked_version(&self, package: &str) -> Result<Option<String>> {
        let path = self.root.join("Cargo.lock");
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        locked_version_in(&text, package).with_context(|| format!("cannot use {}", path.display()))
    }
}

fn components_of(manifest: &str) -> Result<Vec<Component>> {
    #[derive(Deserialize)]
    struct Manifest {
        component: BTreeMap<String, Entry>,
    }
    #[derive(Deserialize)]
    struct Entry {
        source: PathBuf,
    }
    let manifest: Manifest = toml::from_str(manifest)?;
    let component = |(id, entry): (String, Entry)| {
        let stem = entry.source.file_stem().and_then(|stem| stem.to_str());
        let package = stem
            .with_context(|| format!("component `{id}` has no file as its source"))?
            .replace('_', "-");
        Ok(Component {
            package,
            source: entry.source,
        })
    };
    manifest.component.into_iter().map(component).collect()
}

fn locked_version_in(lock: &str, package: &str) -> Result<Option<String>> {
    #[derive(Deserialize)]
    struct Lock {
        package: Vec<Package>,
    }
    #[derive(Deserialize)]
    struct Package {
        name: String,
        version: String,
    }
    let lock: Lock = toml::from_str(lock)?;
    Ok(lock
        .package
        .into_iter()
        .find(|entry| entry.name == package)
        .map(|entry| entry.version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_are_read_from_the_manifest() {
        let manifest = "
            spin_manifest_version = 2
            [component.start]
            source = 'target/wasm32-wasip2/release/alap_start.wasm'
            key_value_stores = ['default']
        ";
        let [component] = components_of(manifest).unwrap().try_into().unwrap();
        assert_eq!(component.package, "alap-start");
        assert_eq!(component.file_name(), "alap_start.wasm");
    }

    #[test]
    fn the_projects_own_manifest_names_seven_components() {
        let workspace = Workspace::locate().unwrap();
        let packages: Vec<String> = workspace
            .components()
            .unwrap()
            .into_iter()
            .map(|found| found.package)
            .collect();
        assert_eq!(
            packages,
            [
                "alap-close",
                "alap-desk",
                "alap-poll",
                "alap-post",
                "alap-site",
                "alap-start",
                "alap-take"
            ]
        );
    }

    #[test]
    fn a_version_is_read_from_the_lock_file() {
        let lock = "version = 4\n[[package]]\nname = 'wasm-bindgen'\nversion = '0.2.130'\n";
        assert_eq!(
            locked_version_in(lock, "wasm-bindgen").unwrap().as_deref(),
            Some("0.2.130")
        );
        assert_eq!(locked_version_in(lock, "serde").unwrap(), None);
    }
}
