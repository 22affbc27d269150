//! The pages in Chromium: `cargo xtask test browser` and `cargo xtask screenshots`.

mod programs;

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, ExitStatus};

use anyhow::{Context as _, Result, ensure};

use crate::build;
use crate::host::Server;
use crate::node::Node;
use crate::process;
use crate::workspace::Workspace;

/// What tests would otherwise wait for minutes for. A desk that is gone has to be noticed within one test; a customer
/// who says nothing must last for as long as a test takes that is not about that.
const SHORTENED: [(&str, &str); 4] = [
    ("agent_lost_seconds", "10"),
    ("sign_of_life_seconds", "3"),
    ("idle_warning_seconds", "8"),
    ("idle_close_seconds", "16"),
];

/// A file of tests that takes longer hangs.
const TEST_LIMIT: &str = "--test-timeout=240000";

/// Measures what must not be disturbed: it runs when all others are done.
const UNDISTURBED: &str = "main-thread.mjs";

/// How many files of tests run at once, each against a server of its own, since the tests of one share its queue. They
/// wait more than they compute, but there are two programs to a test.
const LANES: usize = 2;

/// Checks, and tests in Chromium, everything under functions/site/pages, against the host that was built last.
///
/// # Errors
/// When a program is not there and cannot be installed, or a check or a test fails.
pub(crate) fn test(workspace: &Workspace) -> Result<()> {
    let node = ready(workspace)?;
    let directory = workspace.browser_tests();
    for script in ["types", "lint"] {
        process::run(
            node.command("npm", &directory)?
                .args(["run", "--silent", script]),
        )
        .with_context(|| format!("`npm run {script}` in {}", directory.display()))?;
    }
    let chromium = programs::ensure_chromium()?;
    let preview = [("typing_preview", "on")];
    let preview = Server::start(workspace, "browser-tests-preview", &preview)?;
    let start =
        |name: &str, which: &str| Lane::start(workspace, &node, &chromium, name, which, &preview);
    let lanes = (1..=LANES)
        .map(|lane| start(&lane.to_string(), &format!("--test-shard={lane}/{LANES}")))
        .collect::<Result<Vec<_>>>()?;
    passed(lanes)?;
    passed(vec![start("alone", UNDISTURBED)?])
}

/// Waits for the lanes, and ends their servers.
fn passed(lanes: Vec<Lane>) -> Result<()> {
    let ended: Vec<(Server, ExitStatus)> =
        lanes.into_iter().map(Lane::wait).collect::<Result<_>>()?;
    for (server, status) in &ended {
        ensure!(
            status.success(),
            "some tests failed; what their host said is in {}",
            server.log().display()
        );
    }
    Ok(())
}

/// A part of the tests under way, and the server it is for.
struct Lane {
    tests: Child,
    server: Server,
}

impl Lane {
    /// `which` tests are in it, in words of Node's test runner; `preview` is the server for the tests of what the
    /// operator has to switch on.
    fn start(
        workspace: &Workspace,
        node: &Node,
        chromium: &Path,
        name: &str,
        which: &str,
        preview: &Server,
    ) -> Result<Self> {
        let site = free_origin()?;
        let settings = [&SHORTENED[..], &[("allowed_origins", &site)]].concat();
        let server = Server::start(workspace, &format!("browser-tests-{name}"), &settings)?;
        let mut tests = node_tests(node, &workspace.browser_tests(), &server, chromium)?;
        tests.args(["--test-concurrency=1", TEST_LIMIT, which]);
        tests.env("ALAP_SITE", &site);
        tests.env("ALAP_PREVIEW_URL", preview.url());
        let [supervisor, _] = preview.keys();
        tests.env("ALAP_PREVIEW_DESK_KEY", supervisor);
        let tests = tests.spawn().context("cannot start Node")?;
        Ok(Self { tests, server })
    }

    fn wait(mut self) -> Result<(Server, ExitStatus)> {
        let status = self.tests.wait()?;
        Ok((self.server, status))
    }
}

/// Makes the pictures in docs/screenshots.
///
/// # Errors
/// When something does not build, a program is not there and cannot be installed, or a picture cannot be made.
pub(crate) fn screenshots(workspace: &Workspace) -> Result<()> {
    build::components_and_host(workspace)?;
    let node = ready(workspace)?;
    let chromium = programs::ensure_chromium()?;
    let server = Server::start(workspace, "screenshots", &[])?;
    let mut pictures = node_tests(&node, &workspace.browser_tests(), &server, &chromium)?;
    pictures.arg("screenshots.mjs");
    pictures.env("ALAP_PICTURES", workspace.root().join("docs/screenshots"));
    process::run(&mut pictures)
}

/// Node with the packages that package-lock.json names.
fn ready(workspace: &Workspace) -> Result<Node> {
    let node = Node::ensure(workspace)?;
    let directory = workspace.browser_tests();
    if !programs::is_newer(
        &directory.join("node_modules/.package-lock.json"),
        &directory.join("package-lock.json"),
    ) {
        process::stage("Packages for the browser tests", || {
            let mut install = node.command("npm", &directory)?;
            install.args(["ci", "--no-audit", "--no-fund"]);
            process::run(&mut install)
        })?;
    }
    Ok(node)
}

/// Node's test runner, told where the server and the browser are.
fn node_tests(node: &Node, directory: &Path, server: &Server, chromium: &Path) -> Result<Command> {
    let [supervisor, colleague] = server.keys();
    let mut tests = node.command("node", directory)?;
    tests.args(["--test", "--test-reporter=spec"]);
    tests.env("ALAP_URL", server.url());
    tests.env("ALAP_DESK_KEY", supervisor);
    tests.env("ALAP_SECOND_DESK_KEY", colleague);
    tests.env("ALAP_IDENTITY_KEY", server.identity_key());
    tests.env("ALAP_CHROMIUM", chromium);
    Ok(tests)
}

/// An origin on this machine at which nobody serves, for the website that the tests embed the widget in.
fn free_origin() -> Result<String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port is free")?;
    Ok(format!("http://{}", listener.local_addr()?))
}
