//! Why a host did not start.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// A reason not to start, worded for the person who started the host: it says where the trouble is and what to do.
///
/// Values of variables never appear in it.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A file that the start needs could not be read.
    #[error("cannot read {path}: {source}", path = .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },

    /// The manifest is malformed or asks for something this host does not do.
    #[error("{path}: {problem}", path = .path.display())]
    Manifest {
        /// The manifest's file.
        path: PathBuf,
        /// Which key, and what is wrong with it.
        problem: String,
    },

    /// The runtime-config file is malformed or asks for something this host does not do.
    #[error("{path}: {problem}", path = .path.display())]
    RuntimeConfig {
        /// The runtime-config's file.
        path: PathBuf,
        /// Which key, and what is wrong with it.
        problem: String,
    },

    /// A variable has no value, or a value was given for a variable that does not exist.
    #[error("{0}")]
    Variable(String),

    /// A component's Wasm file is missing, unreadable or needs what this host does not offer.
    #[error("component `{id}`: {problem}")]
    Component {
        /// The component's id in the manifest.
        id: String,
        /// What is wrong, and the way out.
        problem: String,
    },

    /// A key-value store could not be opened.
    #[error("key-value store `{label}`: {problem}")]
    Store {
        /// The store's label in the manifest.
        label: String,
        /// What is wrong.
        problem: String,
    },

    /// The address to listen on is taken or not allowed.
    #[error("cannot listen on {address}: {source}; choose another address with --listen")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },

    /// A setting makes no sense.
    #[error("{0}")]
    Setting(String),

    /// The WebAssembly engine could not be set up with the chosen limits.
    #[error("cannot set up the WebAssembly engine: {0}")]
    Engine(String),
}
