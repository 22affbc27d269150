//! The WebAssembly engine and the components compiled with it.

use crate::error::StartError;
use crate::guest::Guest;
use crate::interfaces;
use crate::limits::Limits;
use crate::manifest::Component;
use std::path::Path;
use std::time::Duration;
use wasmtime::component::Linker;
use wasmtime::{
    Cache, CacheConfig, Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig,
};
use wasmtime_wasi_http::p3::bindings::ServicePre;

/// How often a computing component is interrupted, so that others have their turn and limits are looked at.
pub(crate) const TICK: Duration = Duration::from_millis(20);

/// A component made by `wasm-component-ld` is several core modules: its own, and small ones that tie it to its imports.
const CORE_MODULES: u32 = 8;

/// Sets up the engine. Compiled components are kept in `cache`, so that the next start takes milliseconds.
pub(crate) fn engine(limits: &Limits, cache: &Path) -> Result<Engine, StartError> {
    let failed = |error: wasmtime::Error| StartError::Engine(format!("{error:#}"));
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(limits.instances)
        .total_core_instances(limits.instances.saturating_mul(CORE_MODULES))
        .total_memories(limits.instances)
        .total_tables(limits.instances.saturating_mul(2))
        .total_stacks(limits.instances.saturating_mul(2))
        .max_memory_size(limits.memory);
    let mut caching = CacheConfig::new();
    caching.with_directory(
        std::path::absolute(cache).map_err(|source| StartError::Read {
            path: cache.to_owned(),
            source,
        })?,
    );
    let mut config = Config::new();
    config
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool))
        .cache(Some(Cache::new(caching).map_err(failed)?))
        .epoch_interruption(true)
        .wasm_component_model_async(true);
    let engine = Engine::new(&config).map_err(failed)?;
    let weak = engine.weak();
    std::thread::Builder::new()
        .name("epochs".to_owned())
        .spawn(move || {
            while let Some(engine) = weak.upgrade() {
                engine.increment_epoch();
                drop(engine);
                std::thread::sleep(TICK);
            }
        })
        .map_err(|error| StartError::Engine(error.to_string()))?;
    Ok(engine)
}

/// All that components may import.
pub(crate) fn linker(engine: &Engine) -> Result<Linker<Guest>, StartError> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)
        .and_then(|()| wasmtime_wasi::p3::add_to_linker(&mut linker))
        .and_then(|()| wasmtime_wasi_http::p3::add_to_linker(&mut linker))
        .and_then(|()| interfaces::add_to_linker(&mut linker))
        .map_err(|error| StartError::Engine(format!("{error:#}")))?;
    Ok(linker)
}

/// Compiles a component, or finds it compiled, and ties it to the host's interfaces.
pub(crate) fn prepare(
    linker: &Linker<Guest>,
    id: &str,
    component: &Component,
) -> Result<ServicePre<Guest>, StartError> {
    let failed = |problem: String| StartError::Component {
        id: id.to_owned(),
        problem,
    };
    let source = &component.source;
    if !source.is_file() {
        let way_out = match &component.build_command {
            Some(command) => format!("run the component's build command: {command}"),
            None => "build it, or correct `source` in the manifest".to_owned(),
        };
        return Err(failed(format!(
            "there is no {}; {way_out}",
            source.display()
        )));
    }
    let compiled = wasmtime::component::Component::from_file(linker.engine(), source)
        .map_err(|error| failed(format!("{}: {error:#}", source.display())))?;
    let pre = linker.instantiate_pre(&compiled).map_err(|error| {
        failed(format!(
            "it needs something that this host does not offer: {error:#}"
        ))
    })?;
    ServicePre::new(pre).map_err(|error| {
        failed(format!(
            "it does not export wasi:http/handler@0.3.0, which a component behind an http trigger does: {error:#}"
        ))
    })
}
