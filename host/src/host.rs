//! Building, running and ending a host.

use crate::busy::Busy;
use crate::calls::{Recording, RequestCalls};
use crate::dispatch::Instances;
use crate::engine;
use crate::error::StartError;
use crate::guest::PermittedStores;
use crate::limits::Limits;
use crate::manifest::Manifest;
use crate::output::Log;
use crate::routes::Routes;
use crate::runtime_config;
use crate::server::Application;
use crate::store::{OpenStores, Store, StoreConfig};
use crate::variables;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use wasmtime_wasi_http::handler::ProxyHandler;

/// The store every component may name without a runtime-config, as in Spin.
const DEFAULT_LABEL: &str = "default";

/// Spin's name for the file of the default store.
const DEFAULT_FILE: &str = "sqlite_key_value.db";

/// How many connections may wait to be accepted. A client whose connection finds no place tries again only a second later.
const BACKLOG: u32 = 4096;

type WrapStores = Box<dyn Fn(&str, Arc<dyn Store>) -> Arc<dyn Store> + Send>;

/// A host that has not started yet: what it runs, and how.
pub struct Builder {
    manifest: PathBuf,
    listen: SocketAddr,
    variables: BTreeMap<String, String>,
    environment: BTreeMap<String, String>,
    stores: BTreeMap<String, StoreConfig>,
    runtime_config: Option<PathBuf>,
    state_directory: Option<PathBuf>,
    cache_directory: Option<PathBuf>,
    limits: Limits,
    record: bool,
    wrap: WrapStores,
    log: Log,
}

/// Where to begin: [`Host::builder`].
pub struct Host;

impl Host {
    /// A host for the application whose manifest (or its folder) is at `manifest`. Unless told otherwise it listens on a free port of
    /// this machine, and keeps its stores where Spin would.
    pub fn builder(manifest: impl Into<PathBuf>) -> Builder {
        Builder {
            manifest: manifest.into(),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            variables: BTreeMap::new(),
            environment: BTreeMap::new(),
            stores: BTreeMap::new(),
            runtime_config: None,
            state_directory: None,
            cache_directory: None,
            limits: Limits::default(),
            record: false,
            wrap: Box::new(|_, store| store),
            log: Arc::new(|line| eprintln!("{line}")),
        }
    }
}

impl Builder {
    /// The address to listen on; port 0 is any free port.
    #[must_use]
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// Gives an application variable its value, over the environment and the manifest's default.
    #[must_use]
    pub fn variable(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.variables.insert(name.into(), value.into());
        self
    }

    /// Takes values of application variables from environment variables named `SPIN_VARIABLE_…`; others are passed over.
    #[must_use]
    pub fn environment(mut self, variables: impl IntoIterator<Item = (String, String)>) -> Self {
        for (name, value) in variables {
            if let Some(name) = name.strip_prefix(variables::ENVIRONMENT_PREFIX) {
                self.environment.insert(name.to_ascii_lowercase(), value);
            }
        }
        self
    }

    /// Where the store `label` is kept, over what a runtime-config file says.
    #[must_use]
    pub fn store(mut self, label: impl Into<String>, config: StoreConfig) -> Self {
        self.stores.insert(label.into(), config);
        self
    }

    /// Reads a runtime-config file as Spin does.
    #[must_use]
    pub fn runtime_config(mut self, file: impl Into<PathBuf>) -> Self {
        self.runtime_config = Some(file.into());
        self
    }

    /// The folder for the default store and compiled components, instead of `.spin` beside the manifest.
    #[must_use]
    pub fn state_directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.state_directory = Some(directory.into());
        self
    }

    /// The folder for compiled components, instead of `compiled` in the state folder. Several hosts can share one.
    #[must_use]
    pub fn cache_directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.cache_directory = Some(directory.into());
        self
    }

    /// Limits other than the defaults.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Records every key-value call for [`Running::drain_calls`].
    #[must_use]
    pub fn record_calls(mut self) -> Self {
        self.record = true;
        self
    }

    /// Puts something between the components and their stores: called once for each label with the store that was opened, it returns
    /// the store the components get. For tests that delay calls or make them fail.
    #[must_use]
    pub fn wrap_stores(
        mut self,
        wrap: impl Fn(&str, Arc<dyn Store>) -> Arc<dyn Store> + Send + 'static,
    ) -> Self {
        self.wrap = Box::new(wrap);
        self
    }

    /// Where the host's own lines and what components print go, instead of the standard error.
    #[must_use]
    pub fn log(mut self, log: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.log = Arc::new(log);
        self
    }

    /// Starts the host. When this returns, it serves.
    pub async fn start(mut self) -> Result<Running, StartError> {
        let ended = Arc::new(AtomicBool::new(false));
        self.log = quiet_after(&ended, self.log);
        let manifest = Manifest::read(&self.manifest)?;
        let routes = Routes::new(&manifest).map_err(|problem| StartError::Manifest {
            path: manifest.path.clone(),
            problem,
        })?;
        let mut variables = variables::resolve(&manifest, &self.given_variables(&manifest))?;
        let state = match &self.state_directory {
            Some(directory) => directory.clone(),
            None => manifest.directory.join(".spin"),
        };
        // Taking the address comes before the slow things: two hosts on one address is the commonest mistake.
        let listener = self.bind()?;
        let address = listener.local_addr().map_err(|source| StartError::Listen {
            address: self.listen,
            source,
        })?;
        let (stores, open) = self.open_stores(&manifest, &state).await?;
        let cache = match &self.cache_directory {
            Some(directory) => directory.clone(),
            None => state.join("compiled"),
        };
        let engine = engine::engine(&self.limits, &cache)?;
        let linker = engine::linker(&engine)?;
        let limits = Arc::new(self.limits);
        let working = Busy::default();
        let mut components = BTreeMap::new();
        for (id, component) in &manifest.components {
            let permitted = |label: &String| Some((label.clone(), Arc::clone(stores.get(label)?)));
            let permitted: BTreeMap<_, _> = component
                .key_value_stores
                .iter()
                .filter_map(permitted)
                .collect();
            let instances = Instances {
                id: id.clone(),
                component: engine::prepare(&linker, id, component)?,
                stores: PermittedStores::new(permitted),
                variables: variables.remove(id).unwrap_or_default(),
                limits: Arc::clone(&limits),
                working: working.clone(),
                log: Arc::clone(&self.log),
            };
            components.insert(id.clone(), ProxyHandler::new(instances));
        }
        let application = Arc::new(Application {
            routes,
            components,
            limits,
            recording: self.record.then(Recording::default),
            working,
            connections: Busy::default(),
            log: self.log,
        });
        let (stop, stopped) = watch::channel(false);
        let serving = tokio::spawn(Arc::clone(&application).serve(listener, stopped));
        Ok(Running {
            address,
            application,
            stores,
            open,
            stop,
            serving,
            ended,
        })
    }

    fn given_variables(&self, manifest: &Manifest) -> BTreeMap<String, String> {
        let mut given = BTreeMap::new();
        for (name, value) in &self.environment {
            if manifest.variables.contains_key(name) {
                given.insert(name.clone(), value.clone());
            } else {
                (self.log)(&format!(
                    "{} is set, but {} declares no variable `{name}`",
                    variables::environment_name(name),
                    manifest.path.display()
                ));
            }
        }
        given.extend(self.variables.clone());
        given
    }

    fn bind(&self) -> Result<TcpListener, StartError> {
        let address = self.listen;
        let listen = || {
            let socket = if address.is_ipv4() {
                TcpSocket::new_v4()?
            } else {
                TcpSocket::new_v6()?
            };
            // A port is free again as soon as the host before has ended.
            socket.set_reuseaddr(true)?;
            socket.bind(address)?;
            socket.listen(BACKLOG)
        };
        listen().map_err(|source| StartError::Listen { address, source })
    }

    /// Opens every store that some component may use.
    async fn open_stores(
        &self,
        manifest: &Manifest,
        state: &Path,
    ) -> Result<(BTreeMap<String, Arc<dyn Store>>, OpenStores), StartError> {
        let mut configs = match &self.runtime_config {
            Some(file) => runtime_config::read(file)?,
            None => BTreeMap::new(),
        };
        configs.extend(self.stores.clone());
        configs
            .entry(DEFAULT_LABEL.to_owned())
            .or_insert(StoreConfig::Sqlite { path: None });
        let mut stores = BTreeMap::new();
        let mut open = OpenStores::default();
        for (id, component) in &manifest.components {
            for label in &component.key_value_stores {
                if stores.contains_key(label) {
                    continue;
                }
                let config = configs.get(label).ok_or_else(|| StartError::Store {
                    label: label.clone(),
                    problem: format!(
                        "component `{id}` uses it, and nothing says where it is: describe it as [key_value_store.{label}] in a runtime-config file"
                    ),
                })?;
                let file = state.join(DEFAULT_FILE);
                let store = open.open(label, config, &file, self.limits.store).await?;
                stores.insert(label.clone(), (self.wrap)(label, store));
            }
        }
        Ok((stores, open))
    }
}

/// The same log until `ended`. Idle instances that go down with the runtime have nothing to say.
fn quiet_after(ended: &Arc<AtomicBool>, log: Log) -> Log {
    let ended = Arc::clone(ended);
    Arc::new(move |line| {
        if !ended.load(Ordering::Acquire) {
            log(line);
        }
    })
}

/// A host that serves. Dropping it stops it from taking connections; [`Running::shutdown`] also waits for what it has taken.
pub struct Running {
    address: SocketAddr,
    application: Arc<Application>,
    stores: BTreeMap<String, Arc<dyn Store>>,
    open: OpenStores,
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
    ended: Arc<AtomicBool>,
}

impl Running {
    /// The address it listens on, with the port it was given.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its base URL, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The store `label` as the components see it, if some component may use it.
    pub fn store(&self, label: &str) -> Option<Arc<dyn Store>> {
        self.stores.get(label).cloned()
    }

    /// Waits until no request is being answered and no component is at work, also after its answers.
    pub async fn settled(&self) {
        self.application.working.idle().await;
    }

    /// Waits until all is [settled](Self::settled), and returns the requests since the last time with their key-value calls, in the
    /// order of arrival. Empty unless [`Builder::record_calls`] was asked for.
    pub async fn drain_calls(&self) -> Vec<RequestCalls> {
        self.settled().await;
        let recording = self.application.recording.as_ref();
        recording.map(Recording::drain).unwrap_or_default()
    }

    /// Takes no more connections, finishes all that was accepted, closes the stores. `false` if something was still unfinished after
    /// [`Limits::shutdown`].
    pub async fn shutdown(mut self) -> bool {
        self.stop.send_replace(true);
        let application = &self.application;
        let finish = async {
            application.connections.idle().await;
            application.working.idle().await;
        };
        let finished = tokio::time::timeout(application.limits.shutdown, finish).await;
        // It has ended, or it stops at the next moment it would wait.
        self.serving.abort();
        std::mem::take(&mut self.open).close().await;
        finished.is_ok()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        self.ended.store(true, Ordering::Release);
    }
}
