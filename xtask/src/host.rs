//! The embedded host: how it is called, and one that ends with its caller, for browser tests and pictures.

use std::env;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};

use crate::secrets::{self, Secrets};
use crate::workspace::Workspace;

/// What the host says when it serves, before its address.
const SERVING: &str = "Serving ";

/// What the names of application variables begin with in the environment.
const VARIABLE: &str = "SPIN_VARIABLE_";

/// How long the answer of a server that has just started may take.
const HEALTH_LIMIT: Duration = Duration::from_secs(20);

/// The host, serving the components at `listen` with its store in `state`.
pub(crate) fn command(workspace: &Workspace, listen: SocketAddr, state: &Path) -> Command {
    let mut host = Command::new(workspace.host());
    host.current_dir(workspace.root());
    host.arg("--from").arg(workspace.root().join("spin.toml"));
    host.arg("--listen").arg(listen.to_string());
    host.arg("--state-dir").arg(state);
    host
}

/// A server with an empty store and secrets of its own, which ends with the value.
#[derive(Debug)]
pub(crate) struct Server {
    host: Child,
    state: PathBuf,
    url: String,
    keys: [String; 2],
    identity_key: String,
}

impl Server {
    /// Starts the host that was built last, on a free port, and waits until it serves. `name` tells its folder under the
    /// target directory from others; `settings` are application variables.
    ///
    /// # Errors
    /// When the host does not start; what it said is in the message.
    pub(crate) fn start(
        workspace: &Workspace,
        name: &str,
        settings: &[(&str, &str)],
    ) -> Result<Self> {
        let state = workspace.target().join(name);
        if state.exists() {
            fs::remove_dir_all(&state)
                .with_context(|| format!("cannot remove {}", state.display()))?;
        }
        fs::create_dir_all(&state).with_context(|| format!("cannot make {}", state.display()))?;

        let mut secrets = Secrets::make()?;
        let supervisor = secrets.desk_key().unwrap_or_default().to_owned();
        let colleague = secrets.add_representative("kamal", "কামাল")?;

        let mut host = command(
            workspace,
            SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            &state,
        );
        // Compiled once for all tests: those over HTTP have used it just before.
        host.arg("--cache-dir").arg(workspace.compiled_components());
        for (variable, _) in env::vars_os() {
            if variable.to_string_lossy().starts_with(VARIABLE) {
                host.env_remove(variable);
            }
        }
        host.envs(secrets.variables());
        let identity_key = secrets::random_key()?;
        host.env(format!("{VARIABLE}IDENTITY_KEYS"), &identity_key);
        for (setting, value) in settings {
            host.env(format!("{VARIABLE}{}", setting.to_uppercase()), value);
        }
        host.stdin(Stdio::null());
        host.stdout(Stdio::piped());
        host.stderr(File::create(log_in(&state))?);
        let host = host.spawn().with_context(|| {
            format!(
                "cannot start {}: `cargo xtask build` makes it",
                workspace.host().display()
            )
        })?;
        let mut server = Self {
            host,
            state,
            url: String::new(),
            keys: [supervisor, colleague],
            identity_key,
        };
        server.url = server.wait_until_it_serves()?;
        Ok(server)
    }

    /// Where it serves, without a slash at the end.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The access keys of a representative who is a supervisor, and of a colleague.
    pub(crate) fn keys(&self) -> [&str; 2] {
        self.keys.each_ref().map(String::as_str)
    }

    /// The key with which an app or site signs who its customer is.
    pub(crate) fn identity_key(&self) -> &str {
        &self.identity_key
    }

    /// Where the host says what goes wrong.
    pub(crate) fn log(&self) -> PathBuf {
        log_in(&self.state)
    }

    fn wait_until_it_serves(&mut self) -> Result<String> {
        let mut said = String::new();
        if let Some(stdout) = self.host.stdout.take() {
            BufReader::new(stdout).read_line(&mut said)?;
        }
        let Some(url) = said.trim().strip_prefix(SERVING) else {
            let log = fs::read_to_string(self.log()).unwrap_or_default();
            bail!("the host does not start: {said}{log}");
        };
        let url = url.trim_end_matches('/').to_owned();
        // A proxy from the environment has no business between us and a server on this machine.
        let config = ureq::Agent::config_builder()
            .proxy(None)
            .timeout_global(Some(HEALTH_LIMIT));
        let health = config
            .build()
            .new_agent()
            .get(format!("{url}/v1/health"))
            .call()
            .with_context(|| format!("the server at {url} is not well"))?;
        ensure!(
            health.status().is_success(),
            "the server at {url} is not well: {}",
            health.status()
        );
        Ok(url)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nobody needs its store any more: there is nothing to finish.
        let _ = self.host.kill();
        let _ = self.host.wait();
    }
}

fn log_in(state: &Path) -> PathBuf {
    state.join("host.log")
}
