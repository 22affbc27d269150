//! The embedded host: runs the components of a Spin manifest on wasmtime.
//!
//! For development, tests and small installations. It reads the same `spin.toml` and runtime-config file as Spin, runs the same
//! components, and keeps their data in the same form in the same place, so that what was begun on one can go on on the other. What it
//! doesn't know it refuses at the start.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let host = alap_host::Host::builder("spin.toml")
//!     .variable("signing_key", "only for this test")
//!     .store("default", alap_host::StoreConfig::Memory)
//!     .record_calls()
//!     .start()
//!     .await?;
//! println!("{}", host.url());
//! // … requests …
//! for request in host.drain_calls().await {
//!     assert!(request.longest_chain_before_answer() <= 3, "{request:?}");
//! }
//! assert!(host.shutdown().await);
//! # Ok(())
//! # }
//! ```
//!
//! # How it works
//!
//! `server` takes connections and finds a route, `dispatch` finds or makes an instance of the component, `interfaces` lends it
//! key-value stores and variables, `store` keeps the values. `host` ties them together.

mod busy;
mod calls;
mod dispatch;
mod engine;
mod error;
mod guest;
mod headers;
mod host;
mod interfaces;
mod limits;
mod manifest;
mod output;
mod request;
mod routes;
mod runtime_config;
mod server;
pub mod store;
mod template;
mod variables;

/// For tests that implement [`Store`].
pub use async_trait::async_trait;
pub use calls::{Call, Operation, RequestCalls};
pub use error::StartError;
pub use host::{Builder, Host, Running};
pub use limits::Limits;
pub use store::{Store, StoreConfig, StoreError};
