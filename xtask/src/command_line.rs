//! What can be asked for, and how it is written.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use lexopt::Arg::{Long, Short, Value};
use lexopt::{Parser, ValueExt as _};

use crate::{demo, desk_key, gate, up};

const HELP: &str = "\
The project's commands.

    cargo xtask up          build what is needed and serve the chat on this machine
    cargo xtask test        everything that must hold before a change is taken (`ci` is the same)
    cargo xtask demo        play a conversation in Bangla against a running `up`
    cargo xtask screenshots make the pictures in docs/screenshots
    cargo xtask build       build the components and the host
    cargo xtask component   build one component, for Spin
    cargo xtask toolchain   find the Wasm target, or make it available
    cargo xtask desk-key    make an access key for a representative

`cargo xtask COMMAND --help` says more about one of them.";

const TOOLCHAIN_HELP: &str = "\
cargo xtask toolchain

Finds the standard library for wasm32-wasip2, or makes it available: with rustup, else with Debian's Rust packages
(which needs root), else it says what to install. `up`, `build` and `test` do this by themselves.";

const BUILD_HELP: &str = "\
cargo xtask build

Builds every component that spin.toml names for wasm32-wasip2, in the release profile and where spin.toml expects it,
and the embedded host in the development profile. Says how large each component is.";

const COMPONENT_HELP: &str = "\
cargo xtask component NAME

Builds the component NAME of spin.toml alone and makes it small. `spin build` calls this.";

const UP_HELP: &str = "\
cargo xtask up [OPTIONS] [-- HOST-OPTIONS]

Builds what is needed and serves the chat with the embedded host. Secrets for development are made on first use and
kept in .spin/development.env; a SPIN_VARIABLE_* already in the environment comes before the one in that file.

    --listen ADDRESS              where to serve, 127.0.0.1:3000 unless told; port 0 takes any free one
    --redis URL                   keep everything in this Redis instead of .spin/sqlite_key_value.db
    --runtime-config-file FILE    Spin's runtime configuration, to say where the store is oneself
    -- HOST-OPTIONS               handed on to the host as they are";

const TEST_HELP: &str = "\
cargo xtask test [STEP...]

Runs the named steps, or all of them, and ends with a line `N passed, N failed`. A step that fails does not keep the
later ones from running.

    fmt        every file is formatted
    build      the components and the host build
    size       no component is larger than its budget
    clippy     no lint fires, natively (clippy-native) and for Wasm (clippy-wasm)
    unit       unit tests and the simulation, natively
    wasm       the unit tests of the shared crate as Wasm, under Node
    black-box  the tests over HTTP, against the embedded host
    browser    the pages in Chromium: types, lint and tests of widget, chat and desk
    docs       the documentation builds and its examples pass
    licences   licences and sources of the dependencies, when cargo-deny is installed";

const SCREENSHOTS_HELP: &str = "\
cargo xtask screenshots

Builds what is needed and makes the pictures in docs/screenshots: the widget and the desk in Chromium, in the middle of
a conversation.";

const DEMO_HELP: &str = "\
cargo xtask demo [OPTIONS]

Plays a conversation between a customer and a representative, over HTTP only, against a server that runs already
(`cargo xtask up` in another terminal).

    --url URL    where the server is, http://127.0.0.1:3000 unless told
    --key KEY    the representative's access key; the one in .spin/development.env unless told
    --fast       without the pauses people make";

const DESK_KEY_HELP: &str = "\
cargo xtask desk-key NAME [OPTIONS]

Makes an access key for the representative called NAME (as customers shall see it) and the record of it that goes into
the JSON list in the variable `agents`. The key itself is kept nowhere: hand it over now.

    --id ID              the representative's id: a to z, 0 to 9 and hyphens; made from NAME where NAME is in Latin letters
    --queues LIST        the queues to serve, separated by commas; `general` unless told
    --supervisor         may look into every chat";

/// What was asked for on the command line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Request {
    /// Print this and be done.
    Help(&'static str),
    /// Make the Wasm target available.
    Toolchain,
    /// Build the components and the host.
    Build,
    /// Build the component of this name.
    Component(String),
    /// Serve the chat on this machine.
    Up(up::Options),
    /// Run these steps of the gate.
    Test(Vec<&'static gate::Step>),
    /// Play a conversation.
    Demo(demo::Options),
    /// Make the pictures for the README.
    Screenshots,
    /// Make a representative's key.
    DeskKey(desk_key::Options),
}

/// Reads a whole command line, the program's own name first.
///
/// # Errors
/// When it asks for something that does not exist; the message says what does.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Request> {
    let mut parser = Parser::from_iter(arguments);
    let command = match parser.next()? {
        None | Some(Long("help") | Short('h')) => return Ok(Request::Help(HELP)),
        Some(Value(command)) => command.string()?,
        Some(other) => return Err(other.unexpected().into()),
    };
    match command.as_str() {
        "help" => Ok(Request::Help(HELP)),
        "toolchain" => without_options(parser, TOOLCHAIN_HELP, Request::Toolchain),
        "build" => without_options(parser, BUILD_HELP, Request::Build),
        "component" => component_name(parser),
        "up" => up_options(parser),
        "test" | "ci" => test_steps(parser),
        "screenshots" => without_options(parser, SCREENSHOTS_HELP, Request::Screenshots),
        "demo" => demo_options(parser),
        "desk-key" => desk_key_options(parser),
        _ => bail!("there is no command `{command}`; `cargo xtask help` lists what there is"),
    }
}

fn without_options(mut parser: Parser, help: &'static str, request: Request) -> Result<Request> {
    match parser.next()? {
        None => Ok(request),
        Some(Long("help") | Short('h')) => Ok(Request::Help(help)),
        Some(other) => Err(other.unexpected().into()),
    }
}

fn component_name(mut parser: Parser) -> Result<Request> {
    match parser.next()? {
        None => bail!("which component? `cargo xtask component NAME`"),
        Some(Long("help") | Short('h')) => Ok(Request::Help(COMPONENT_HELP)),
        Some(Value(name)) => Ok(Request::Component(name.string()?)),
        Some(other) => Err(other.unexpected().into()),
    }
}

fn up_options(mut parser: Parser) -> Result<Request> {
    let mut options = up::Options::default();
    loop {
        // What follows `--` is the host's and must not be read as options of ours.
        if let Some(mut raw) = parser.try_raw_args()
            && raw.next_if(|argument| argument == "--").is_some()
        {
            options.for_host = raw.collect();
            break;
        }
        match parser.next()? {
            None => break,
            Some(Long("help") | Short('h')) => return Ok(Request::Help(UP_HELP)),
            Some(Long("listen")) => {
                let address = parser.value()?.string()?;
                options.listen = address.parse().with_context(|| {
                    format!("`--listen {address}` is no address; one looks like 127.0.0.1:3000")
                })?;
            }
            Some(Long("redis")) => options.redis = Some(parser.value()?.string()?),
            Some(Long("runtime-config-file")) => {
                options.runtime_config_file = Some(PathBuf::from(parser.value()?));
            }
            Some(other) => return Err(other.unexpected().into()),
        }
    }
    if options.redis.is_some() && options.runtime_config_file.is_some() {
        bail!(
            "`--redis` writes a runtime configuration of its own: give either it or `--runtime-config-file`"
        );
    }
    Ok(Request::Up(options))
}

fn test_steps(mut parser: Parser) -> Result<Request> {
    let mut names = Vec::new();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") | Short('h') => return Ok(Request::Help(TEST_HELP)),
            Value(name) => names.push(name.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    gate::select(&names).map(Request::Test)
}

fn demo_options(mut parser: Parser) -> Result<Request> {
    let mut options = demo::Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") | Short('h') => return Ok(Request::Help(DEMO_HELP)),
            Long("url") => parser
                .value()?
                .string()?
                .trim_end_matches('/')
                .clone_into(&mut options.url),
            Long("key") => options.key = Some(parser.value()?.string()?),
            Long("fast") => options.fast = true,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Request::Demo(options))
}

fn desk_key_options(mut parser: Parser) -> Result<Request> {
    let mut options = desk_key::Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") | Short('h') => return Ok(Request::Help(DESK_KEY_HELP)),
            Long("id") => options.id = Some(parser.value()?.string()?),
            Long("queues") => {
                options.queues = parser
                    .value()?
                    .string()?
                    .split(',')
                    .map(|queue| queue.trim().to_owned())
                    .collect();
            }
            Long("supervisor") => options.supervisor = true,
            Value(name) if options.name.is_empty() => options.name = name.string()?,
            other => return Err(other.unexpected().into()),
        }
    }
    if options.name.trim().is_empty() {
        bail!("whose key is it? `cargo xtask desk-key NAME`");
    }
    Ok(Request::DeskKey(options))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_line(line: &str) -> Result<Request> {
        parse(
            std::iter::once("xtask")
                .chain(line.split_whitespace())
                .map(OsString::from),
        )
    }

    #[test]
    fn nothing_asked_is_a_question_for_help() {
        assert_eq!(parse_line("").unwrap(), Request::Help(HELP));
        assert_eq!(parse_line("up --help").unwrap(), Request::Help(UP_HELP));
    }

    #[test]
    fn an_unknown_command_says_where_to_look() {
        assert!(
            parse_line("serve")
                .unwrap_err()
                .to_string()
                .contains("cargo xtask help")
        );
    }

    #[test]
    fn up_hands_on_what_follows_the_dashes() {
        let Request::Up(options) =
            parse_line("up --listen 0.0.0.0:8080 -- --idle 3 --help").unwrap()
        else {
            panic!("not `up`");
        };
        assert_eq!(options.listen.to_string(), "0.0.0.0:8080");
        assert_eq!(options.for_host, ["--idle", "3", "--help"]);
    }

    #[test]
    fn an_address_without_a_port_is_refused_with_an_example() {
        assert!(
            parse_line("up --listen localhost")
                .unwrap_err()
                .to_string()
                .contains("127.0.0.1:3000")
        );
    }

    #[test]
    fn two_places_for_the_store_are_one_too_many() {
        assert!(parse_line("up --redis redis://a --runtime-config-file f").is_err());
    }

    #[test]
    fn a_key_needs_a_name() {
        assert!(parse_line("desk-key --supervisor").is_err());
        let Request::DeskKey(options) =
            parse_line("desk-key Rahima --queues general,merchant").unwrap()
        else {
            panic!("not `desk-key`");
        };
        assert_eq!(options.queues, ["general", "merchant"]);
    }
}
