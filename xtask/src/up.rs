//! `cargo xtask up`: the whole chat on this machine.

use std::env;
use std::ffi::OsString;
use std::io::{ErrorKind, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail};

use crate::build;
use crate::host;
use crate::secrets::{Secrets, write_private};
use crate::workspace::Workspace;

/// How to serve.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// Where.
    pub(crate) listen: SocketAddr,
    /// The Redis that keeps everything, instead of a file.
    pub(crate) redis: Option<String>,
    /// Spin's runtime configuration, when it is not ours.
    pub(crate) runtime_config_file: Option<PathBuf>,
    /// What the host is told beyond that.
    pub(crate) for_host: Vec<OsString>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 3000)),
            redis: None,
            runtime_config_file: None,
            for_host: Vec::new(),
        }
    }
}

/// Builds what is needed and serves until it is told to stop.
///
/// # Errors
/// When something does not build, the address is taken, or the host does not start.
pub(crate) fn run(workspace: &Workspace, options: Options) -> Result<ExitCode> {
    build::components_and_host(workspace)?;

    let listen = free(options.listen)?;
    let secrets_path = Secrets::path(workspace);
    let (secrets, made) = Secrets::load_or_make(&secrets_path)?;
    if made {
        println!(
            "Made secrets for development and keep them in {}.",
            shown(workspace, &secrets_path)
        );
    }
    let runtime_config = match (&options.redis, options.runtime_config_file) {
        (Some(url), _) => Some(write_redis_config(workspace, url)?),
        (None, given) => given,
    };
    let store = match (&options.redis, &runtime_config) {
        (Some(_), _) => "Redis".to_owned(),
        (None, Some(file)) => format!("as {} says", file.display()),
        (None, None) => shown(workspace, &workspace.state().join("sqlite_key_value.db")),
    };

    let mut host = host::command(workspace, listen, &workspace.state());
    if let Some(file) = &runtime_config {
        host.arg("--runtime-config-file")
            .arg(std::path::absolute(file)?);
    }
    host.args(&options.for_host);
    // What somebody set on purpose comes before what was made for them.
    let unset = |name: &str| env::var_os(name).is_none();
    let desk_key = secrets.desk_key().filter(|_| unset("SPIN_VARIABLE_AGENTS"));
    host.envs(secrets.variables().filter(|(name, _)| unset(name)));

    print!("{}", places(listen, desk_key, &store));
    std::io::stdout().flush()?;
    become_host(&mut host)
}

/// Where everything is, for a person.
fn places(listen: SocketAddr, desk_key: Option<&str>, store: &str) -> String {
    let base = format!("http://{listen}");
    let key = desk_key.map_or_else(String::new, |key| {
        format!("\n              access key {key}")
    });
    format!(
        "
    customer  {base}/  (a page with the widget)
              {base}/chat
    desk      {base}/desk{key}
    API       {base}/v1/chats
              {base}/v1/health
    store     {store}

Ctrl-C stops it.
"
    )
}

/// The address, with a port of its own where port 0 was asked for.
fn free(listen: SocketAddr) -> Result<SocketAddr> {
    match TcpListener::bind(listen) {
        Ok(listener) => Ok(listener.local_addr()?),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            bail!(
                "{listen} is in use, perhaps by another `cargo xtask up`: stop that, or say `--listen {}:0`",
                listen.ip()
            )
        }
        Err(error) => Err(error).with_context(|| format!("cannot serve on {listen}")),
    }
}

/// Writes the runtime configuration with which Spin and the host keep everything in one Redis.
fn write_redis_config(workspace: &Workspace, url: &str) -> Result<PathBuf> {
    let path = workspace.state().join("redis.toml");
    let url = toml::Value::from(url);
    let text = format!(
        "# Written by `cargo xtask up --redis`.\n[key_value_store.default]\ntype = \"redis\"\nurl = {url}\n"
    );
    // The URL may hold a password.
    write_private(&path, &text).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

/// A path as seen from the root of the repository.
fn shown(workspace: &Workspace, path: &Path) -> String {
    path.strip_prefix(workspace.root())
        .unwrap_or(path)
        .display()
        .to_string()
}

/// Replaces this program by the host, so that whatever signal is meant for the server reaches it.
#[cfg(unix)]
fn become_host(host: &mut Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt as _;
    let error = host.exec();
    Err(error).with_context(|| format!("cannot start {}", Path::new(host.get_program()).display()))
}

/// Runs the host to its end; Ctrl-C reaches both programs of a console.
#[cfg(not(unix))]
fn become_host(host: &mut Command) -> Result<ExitCode> {
    crate::process::run(host)?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_in_use_is_said_with_a_way_out() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let error = free(taken.local_addr().unwrap()).unwrap_err().to_string();
        assert!(
            error.contains("is in use") && error.contains("--listen 127.0.0.1:0"),
            "{error}"
        );
    }

    #[test]
    fn port_zero_becomes_a_real_one() {
        assert_ne!(
            free(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
                .unwrap()
                .port(),
            0
        );
    }

    #[test]
    fn the_places_name_the_key_only_where_there_is_one() {
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 3000));
        let with = places(listen, Some("alap_k"), "here");
        assert!(
            with.contains("http://127.0.0.1:3000/desk\n              access key alap_k"),
            "{with}"
        );
        assert!(!places(listen, None, "here").contains("access key"));
    }
}
