//! The command line of the embedded host.

use alap_host::{Host, Limits, Running, StartError};
use clap::Parser;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Runs the components of a Spin application without Spin.
///
/// Application variables get their values from environment variables named SPIN_VARIABLE_NAME. The `default` key-value store is an
/// SQLite file at Spin's own place, .spin/sqlite_key_value.db beside the manifest, unless a runtime-config file says otherwise.
///
/// When it serves, it prints one line with its address. SIGINT or SIGTERM make it finish what it accepted and end; a second one ends
/// it at once.
#[derive(Parser)]
#[command(version)]
#[expect(clippy::doc_markdown, reason = "it is shown as the help text")]
struct Arguments {
    /// The application's manifest, or the folder it is in.
    #[arg(short, long, value_name = "FILE", default_value = "spin.toml")]
    from: PathBuf,

    /// The address to listen on; port 0 is any free port.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3000")]
    listen: SocketAddr,

    /// Gives an application variable a value. Other users of the machine can see it: for secrets, use the environment.
    #[arg(long, value_name = "NAME=VALUE", value_parser = name_and_value)]
    variable: Vec<(String, String)>,

    /// Spin's runtime-config file: where the key-value stores are.
    #[arg(long, value_name = "FILE")]
    runtime_config_file: Option<PathBuf>,

    /// The folder for the default store and compiled components [default: .spin beside the manifest].
    #[arg(long, value_name = "FOLDER")]
    state_dir: Option<PathBuf>,

    /// The folder for compiled components [default: compiled in the state folder].
    #[arg(long, value_name = "FOLDER")]
    cache_dir: Option<PathBuf>,

    /// The most memory one instance of a component may have, in MiB.
    #[arg(long, value_name = "MIB", default_value_t = Limits::default().memory >> 20, help_heading = "Limits")]
    memory: usize,

    /// How long a request may take before it gets 504.
    #[arg(long, value_name = "SECONDS", default_value_t = seconds(Limits::default().request), help_heading = "Limits")]
    request_time: f64,

    /// How long a component may compute without a pause.
    #[arg(long, value_name = "SECONDS", default_value_t = seconds(Limits::default().computing), help_heading = "Limits")]
    computing_time: f64,

    /// How long one key-value call may take before it fails.
    #[arg(long, value_name = "SECONDS", default_value_t = seconds(Limits::default().store), help_heading = "Limits")]
    store_time: f64,

    /// How long the end waits for accepted requests.
    #[arg(long, value_name = "SECONDS", default_value_t = seconds(Limits::default().shutdown), help_heading = "Limits")]
    shutdown_time: f64,

    /// How many instances may exist at once, all components together; more requests than they can take get 503.
    #[arg(long, value_name = "COUNT", default_value_t = Limits::default().instances, help_heading = "Limits")]
    max_instances: u32,

    /// How many requests one instance serves in its life.
    #[arg(long, value_name = "COUNT", default_value_t = Limits::default().requests_per_instance, help_heading = "Limits")]
    max_instance_reuse_count: usize,

    /// How many requests one instance serves at once.
    #[arg(long, value_name = "COUNT", default_value_t = Limits::default().concurrent_requests_per_instance, help_heading = "Limits")]
    max_instance_concurrent_reuse_count: usize,

    /// How long an instance without work is kept.
    #[arg(long, value_name = "SECONDS", default_value_t = seconds(Limits::default().idle), help_heading = "Limits")]
    idle_instance_timeout: f64,
}

fn seconds(duration: Duration) -> f64 {
    duration.as_secs_f64()
}

/// The environment variables that are text.
fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

fn name_and_value(argument: &str) -> Result<(String, String), String> {
    let (name, value) = argument.split_once('=').ok_or("expected NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

impl Arguments {
    fn limits(&self) -> Result<Limits, StartError> {
        let time = |name: &str, seconds: f64| {
            Duration::try_from_secs_f64(seconds)
                .map_err(|error| StartError::Setting(format!("--{name} {seconds}: {error}")))
        };
        Ok(Limits {
            memory: self.memory << 20,
            request: time("request-time", self.request_time)?,
            computing: time("computing-time", self.computing_time)?,
            store: time("store-time", self.store_time)?,
            requests_per_instance: self.max_instance_reuse_count,
            concurrent_requests_per_instance: self.max_instance_concurrent_reuse_count,
            idle: time("idle-instance-timeout", self.idle_instance_timeout)?,
            instances: self.max_instances,
            shutdown: time("shutdown-time", self.shutdown_time)?,
        })
    }

    async fn start(self) -> Result<Running, StartError> {
        let mut host = Host::builder(&self.from)
            .listen(self.listen)
            .limits(self.limits()?)
            .environment(environment());
        for (name, value) in self.variable {
            host = host.variable(name, value);
        }
        if let Some(file) = self.runtime_config_file {
            host = host.runtime_config(file);
        }
        if let Some(folder) = self.state_dir {
            host = host.state_directory(folder);
        }
        if let Some(folder) = self.cache_dir {
            host = host.cache_directory(folder);
        }
        host.start().await
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<ExitCode, StartError> {
    let failed =
        |error: std::io::Error| StartError::Setting(format!("cannot take signals: {error}"));
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    let host = tokio::select! {
        host = arguments.start() => host?,
        () = either(&mut interrupt, &mut terminate) => return Ok(ExitCode::FAILURE),
    };
    // Whoever started the host may have stopped reading; it serves all the same.
    let _unread = writeln!(std::io::stdout(), "Serving {}", host.url());
    either(&mut interrupt, &mut terminate).await;
    eprintln!("ending: finishing what was accepted; once more to end at once");
    let finished = tokio::select! {
        finished = host.shutdown() => finished,
        () = either(&mut interrupt, &mut terminate) => false,
    };
    if !finished {
        eprintln!("ended with unfinished requests");
    }
    Ok(ExitCode::from(u8::from(!finished)))
}

async fn either(one: &mut Signal, other: &mut Signal) {
    tokio::select! {
        _ = one.recv() => {}
        _ = other.recv() => {}
    }
}
