//! The embedded host: runs the components of a Spin manifest on wasmtime.
