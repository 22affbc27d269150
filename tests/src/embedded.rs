use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use alap_host::{Host, RequestCalls, Running, Store, StoreConfig};
use tempfile::TempDir;

use crate::{Api, Customer, Faults, Redis, Representative, Team, places};

/// A host in the test's own process that has not started yet.
#[derive(Debug)]
pub struct Embedded {
    manifest: PathBuf,
    variables: BTreeMap<String, String>,
    team: Team,
    store: StoreConfig,
    faults: Option<Faults>,
    record: bool,
}

/// A host in the test's own process, on a free port with a store of its own. It ends with the test.
pub struct Server {
    /// Its API.
    pub api: Api,
    /// Its representatives.
    pub team: Team,
    running: Running,
    log: Arc<Mutex<String>>,
    _state: TempDir,
}

impl Embedded {
    /// A host with this team on an `SQLite` file.
    pub fn new(team: Team) -> Self {
        Self {
            manifest: places::manifest(),
            variables: team.variables(),
            team,
            store: StoreConfig::Sqlite { path: None },
            faults: None,
            record: false,
        }
    }

    /// A host with the component that tries out its ports, and nothing else, on an `SQLite` file.
    pub fn of_the_contract() -> Self {
        Self {
            manifest: places::contract_manifest(),
            variables: BTreeMap::new(),
            ..Self::new(Team::of(0))
        }
    }

    /// On Redis.
    #[must_use]
    pub fn on_redis(mut self, redis: &Redis) -> Self {
        self.store = StoreConfig::Redis { url: redis.url() };
        self
    }

    /// On a store that forgets, for tests that fill it.
    #[must_use]
    pub fn in_memory(mut self) -> Self {
        self.store = StoreConfig::Memory;
        self
    }

    /// With a store that goes wrong as `faults` say.
    #[must_use]
    pub fn with_faults(mut self, faults: &Faults) -> Self {
        self.faults = Some(faults.clone());
        self
    }

    /// That records the store's calls.
    #[must_use]
    pub fn recording(mut self) -> Self {
        self.record = true;
        self
    }

    /// Starts it.
    ///
    /// # Panics
    /// When it doesn't start, with the reason.
    pub async fn start(self) -> Server {
        places::require_components(&self.manifest);
        let state = TempDir::new().expect("a folder for the test");
        let log = Arc::new(Mutex::new(String::new()));
        let lines = Arc::clone(&log);
        let mut host = Host::builder(self.manifest)
            .log(move |line| {
                let mut log = lines.lock().unwrap_or_else(PoisonError::into_inner);
                log.push_str(line);
                log.push('\n');
            })
            .state_directory(state.path())
            .cache_directory(places::cache())
            .store("default", self.store);
        for (name, value) in self.variables {
            host = host.variable(name, value);
        }
        if let Some(faults) = self.faults {
            host = host.wrap_stores(move |_, store| faults.wrap(store));
        }
        if self.record {
            host = host.record_calls();
        }
        let running = host
            .start()
            .await
            .unwrap_or_else(|error| panic!("the host does not start: {error}"));
        Server {
            api: Api::new([running.url()]),
            team: self.team,
            running,
            log,
            _state: state,
        }
    }
}

impl Server {
    /// A host with one representative, who is not at the desk yet, and the default settings.
    pub async fn start() -> Self {
        Embedded::new(Team::of(1)).start().await
    }

    /// A customer who has just opened the chat box.
    pub async fn customer(&self) -> Customer {
        Customer::start(&self.api).await
    }

    /// The representative `member`, counted from 0, at the desk.
    pub async fn representative(&self, member: usize) -> Representative {
        Representative::log_in(&self.api, &self.team.members[member]).await
    }

    /// The store as the components see it.
    ///
    /// # Panics
    /// Never: every component's store is called default.
    pub fn store(&self) -> Arc<dyn Store> {
        self.running
            .store("default")
            .expect("the components use the default store")
    }

    /// What the host and the components have logged.
    pub fn log(&self) -> String {
        self.log
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Waits until no component is at work, also after its answers.
    pub async fn settled(&self) {
        self.running.settled().await;
    }

    /// The requests since the last time with the calls of the store they made, once all work is done.
    pub async fn drain_calls(&self) -> Vec<RequestCalls> {
        self.running.drain_calls().await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the host said:\n{}", self.log());
        }
    }
}
