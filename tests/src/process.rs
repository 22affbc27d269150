use std::{
    fs::File,
    io::{BufRead as _, BufReader, Read as _},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

use crate::{Api, Redis, Team, places};

/// The embedded host as a program of its own, which a test can kill. It ends with the test.
pub struct HostProcess {
    team: Team,
    redis: Option<String>,
    child: Child,
    address: SocketAddr,
    state: TempDir,
}

impl HostProcess {
    /// Starts it with this team on an `SQLite` file.
    pub fn on_sqlite(team: &Team) -> Self {
        Self::start(team, None)
    }

    /// Starts it with this team on Redis.
    pub fn on_redis(team: &Team, redis: &Redis) -> Self {
        Self::start(team, Some(redis.url()))
    }

    fn start(team: &Team, redis: Option<String>) -> Self {
        let state = TempDir::new().expect("a folder for the test");
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let (child, address) = launch(team, redis.as_deref(), state.path(), any);
        Self {
            team: team.clone(),
            redis,
            child,
            address,
            state,
        }
    }

    /// Its base URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Its API.
    pub fn api(&self) -> Api {
        Api::new([self.url()])
    }

    /// Ends it as a power cut would: it gets no chance to finish anything.
    ///
    /// # Panics
    /// When it has ended by itself.
    pub fn kill(&mut self) {
        let ended = self.child.try_wait().expect("the host can be waited for");
        assert!(ended.is_none(), "the host ended by itself: {}", self.log());
        self.child.kill().expect("the host can be killed");
        self.child.wait().expect("the host can be waited for");
    }

    /// Starts it again at the same address on the same store.
    pub fn restart(&mut self) {
        let (child, _) = launch(
            &self.team,
            self.redis.as_deref(),
            self.state.path(),
            self.address,
        );
        self.child = child;
    }

    fn log(&self) -> String {
        let mut text = String::new();
        if let Ok(mut file) = File::open(log_file(self.state.path())) {
            // What can't be read is missing from a message that is about something else.
            let _ = file.read_to_string(&mut text);
        }
        text
    }
}

impl Drop for HostProcess {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the host said: {}", self.log());
        }
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn launch(
    team: &Team,
    redis: Option<&str>,
    state: &Path,
    address: SocketAddr,
) -> (Child, SocketAddr) {
    let manifest = places::manifest();
    places::require_components(&manifest);
    let log = File::options()
        .create(true)
        .append(true)
        .open(log_file(state))
        .expect("a log in the test's folder");
    let mut command = Command::new(places::host());
    command
        .arg("--from")
        .arg(manifest)
        .arg("--listen")
        .arg(address.to_string())
        .arg("--state-dir")
        .arg(state)
        .arg("--cache-dir")
        .arg(places::cache())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log);
    for (name, _) in std::env::vars() {
        if name.starts_with("SPIN_VARIABLE_") {
            command.env_remove(name);
        }
    }
    for (name, value) in team.variables() {
        command.env(format!("SPIN_VARIABLE_{}", name.to_uppercase()), value);
    }
    if let Some(url) = redis {
        let file = state.join("runtime-config.toml");
        let text = format!("[key_value_store.default]\ntype = \"redis\"\nurl = \"{url}\"\n");
        std::fs::write(&file, text).expect("a file in the test's folder");
        command.arg("--runtime-config-file").arg(file);
    }
    let mut child = command.spawn().expect("the host can be started");
    let output = child.stdout.take().expect("the host's output");
    let mut line = String::new();
    let read = BufReader::new(output).read_line(&mut line);
    let address = line.trim().strip_prefix("Serving http://");
    let Some(address) = address.and_then(|address| address.parse().ok()) else {
        let _ = child.kill();
        let _ = child.wait();
        let said = std::fs::read_to_string(log_file(state)).unwrap_or_default();
        panic!("the host does not start ({read:?}): {line}{said}");
    };
    (child, address)
}

fn log_file(state: &Path) -> PathBuf {
    state.join("host.log")
}
