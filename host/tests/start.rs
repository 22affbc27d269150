//! What a host says when it cannot start.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on stops"
)]

use alap_host::{Builder, Host, StartError, StoreConfig};
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use tempfile::TempDir;

/// An application with one component; `source` is its Wasm file, `more` further lines for it.
fn application(source: &str, more: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let manifest = format!(
        r#"
        spin_manifest_version = 2
        [application]
        name = "test"
        [variables]
        signing_key = {{ required = true, secret = true }}
        [[trigger.http]]
        route = "/v1/..."
        component = "one"
        [component.one]
        source = "{source}"
        {more}
        [component.one.build]
        command = "make one.wasm"
        "#
    );
    fs::write(folder.path().join("spin.toml"), manifest).unwrap();
    // The smallest component there is: it imports and exports nothing.
    fs::write(folder.path().join("empty.wasm"), b"\0asm\x0d\0\x01\0").unwrap();
    fs::write(folder.path().join("broken.wasm"), b"no wasm").unwrap();
    folder
}

fn host(folder: &Path) -> Builder {
    Host::builder(folder).variable("signing_key", "s3cret")
}

async fn refusal(host: Builder) -> StartError {
    let Err(error) = host.start().await else {
        panic!("it started");
    };
    error
}

#[tokio::test]
async fn a_missing_component_comes_with_the_command_that_builds_it() {
    let folder = application("one.wasm", "");
    let error = refusal(host(folder.path())).await.to_string();
    assert!(error.contains("component `one`"), "{error}");
    assert!(error.contains("one.wasm"), "{error}");
    assert!(error.contains("make one.wasm"), "{error}");
}

#[tokio::test]
async fn a_component_that_is_none_is_named() {
    for source in ["broken.wasm", "empty.wasm"] {
        let folder = application(source, "");
        let error = refusal(host(folder.path())).await;
        assert!(matches!(error, StartError::Component { .. }), "{error}");
        assert!(error.to_string().contains("component `one`"), "{error}");
    }
    let folder = application("empty.wasm", "");
    let error = refusal(host(folder.path())).await.to_string();
    assert!(error.contains("wasi:http/handler"), "{error}");
}

#[tokio::test]
async fn a_variable_without_a_value_is_named() {
    let folder = application("empty.wasm", "");
    let error = refusal(Host::builder(folder.path())).await.to_string();
    assert!(error.contains("SPIN_VARIABLE_SIGNING_KEY"), "{error}");
    let environment = [("SPIN_VARIABLE_SIGNING_KEY".to_owned(), "x".to_owned())];
    let error = refusal(Host::builder(folder.path()).environment(environment)).await;
    assert!(matches!(error, StartError::Component { .. }), "{error}");
}

#[tokio::test]
async fn an_unknown_store_is_named() {
    let folder = application("empty.wasm", r#"key_value_stores = ["archive"]"#);
    let error = refusal(host(folder.path())).await.to_string();
    assert!(error.contains("[key_value_store.archive]"), "{error}");
    let given = host(folder.path()).store("archive", StoreConfig::Memory);
    let error = refusal(given).await;
    assert!(matches!(error, StartError::Component { .. }), "{error}");
}

#[tokio::test]
async fn the_runtime_config_says_where_stores_are() {
    let folder = application("empty.wasm", r#"key_value_stores = ["archive"]"#);
    let file = folder.path().join("runtime.toml");
    let store = "[key_value_store.archive]\ntype = \"spin\"\npath = \"kept/archive.db\"";
    fs::write(&file, store).unwrap();
    let error = refusal(host(folder.path()).runtime_config(&file)).await;
    assert!(matches!(error, StartError::Component { .. }), "{error}");
    assert!(folder.path().join("kept/archive.db").exists());
    fs::write(&file, "[key_value_store.archive]\ntype = \"azure\"").unwrap();
    let error = refusal(host(folder.path()).runtime_config(&file)).await;
    assert!(matches!(error, StartError::RuntimeConfig { .. }), "{error}");
    let error = refusal(host(folder.path()).runtime_config("/nowhere.toml")).await;
    assert!(matches!(error, StartError::Read { .. }), "{error}");
}

#[tokio::test]
async fn a_taken_address_is_named() {
    let folder = application("empty.wasm", "");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address: SocketAddr = taken.local_addr().unwrap();
    let error = refusal(host(folder.path()).listen(address))
        .await
        .to_string();
    assert!(error.contains(&address.to_string()), "{error}");
    assert!(error.contains("--listen"), "{error}");
}

#[tokio::test]
async fn no_secret_is_shown() {
    let folder = application("one.wasm", "");
    let error = refusal(host(folder.path()).variable("singing_key", "s3cret")).await;
    assert!(error.to_string().contains("`singing_key`"), "{error}");
    for shown in [error.to_string(), format!("{error:?}")] {
        assert!(!shown.contains("s3cret"), "{shown}");
    }
}

#[test]
fn the_command_explains_itself() {
    let help = std::process::Command::new(env!("CARGO_BIN_EXE_alap-host"))
        .arg("--help")
        .output()
        .unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    for word in [
        "SPIN_VARIABLE_",
        "--runtime-config-file",
        "--listen",
        "3000",
        "--state-dir",
    ] {
        assert!(help.contains(word), "{word} is missing in: {help}");
    }
}

#[test]
fn the_command_fails_with_one_line() {
    let folder = application("one.wasm", "");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_alap-host"))
        .arg("--from")
        .arg(folder.path())
        .args(["--listen", "127.0.0.1:0"])
        .env("SPIN_VARIABLE_SIGNING_KEY", "s3cret")
        .output()
        .unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("error: component `one`"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(output.stdout.is_empty());
}
