//! Adapts the domain's ports and answers to Spin components.
//!
//! A function is a Rust crate with one `async fn` from a [`Request`] and a [`Service`](alap_shared::service::Service)
//! to an [`Answer`], which runs natively on ports in memory, and as a component by one line:
//!
//! ```ignore
//! #[cfg(target_arch = "wasm32")]
//! alap_spin::component!(Agents, respond);
//! ```
//!
//! | module | what it does |
//! |---|---|
//! | [`request`] | reads a request: path, query, token, JSON |
//! | [`answer`] | what a function answers |
//! | [`problem`] | what it answers when it doesn't do as wished; the one place that knows HTTP statuses of refusals |
//! | [`exchange`](mod@exchange) | what is the same around every function |
//! | [`origins`] | CORS |
//! | [`configuration`] | what the operator has set |
//! | `component`, `ports` | what only exists as Wasm: the host's side of all that |

pub mod answer;
#[cfg(target_arch = "wasm32")]
pub mod component;
pub mod configuration;
pub mod exchange;
pub mod origins;
#[cfg(target_arch = "wasm32")]
pub mod ports;
pub mod problem;
pub mod request;
#[cfg(feature = "testing")]
pub mod testing;

pub use answer::Answer;
pub use configuration::Extra;
pub use problem::{Kind, Problem};
pub use request::Request;
