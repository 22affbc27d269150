use super::*;

const GOOD: &str = r#"
spin_manifest_version = 2

[application]
name = "chat"
version = "0.1.0"
description = "A chat"
authors = ["Somebody <somebody@example.com>"]
tool.formatter.width = 3

[variables]
locale = { default = "bn", description = "The language" }
signing_key = { required = true, secret = true }

[[trigger.http]]
id = "the-poll"
route = "/v1/chats/:chat/events"
component = "poll"

[[trigger.http]]
route = "/..."
component = "site"

[component.poll]
source = "target/poll.wasm"
description = "What is new"
key_value_stores = ["default"]
allowed_outbound_hosts = []
[component.poll.variables]
key = "{{ signing_key }}"
[component.poll.build]
command = ["cargo build", "strip"]
workdir = "functions"
watch = ["src/**/*.rs"]
[component.poll.tool.linter]
level = "all"

[component.site]
source = "/opt/site.wasm"
"#;

fn parse(text: &str) -> Result<Manifest, String> {
    Manifest::parse(text, Path::new("/app/spin.toml"))
}

#[test]
fn reads_a_manifest() {
    let manifest = parse(GOOD).unwrap();
    assert_eq!(manifest.directory, Path::new("/app"));
    let trigger = |route: &str, component: &str| Trigger {
        route: route.to_owned(),
        component: component.to_owned(),
    };
    assert_eq!(
        manifest.triggers,
        [
            trigger("/v1/chats/:chat/events", "poll"),
            trigger("/...", "site")
        ]
    );
    assert_eq!(manifest.variables["locale"].default.as_deref(), Some("bn"));
    assert!(manifest.variables["signing_key"].required);
    let poll = &manifest.components["poll"];
    assert_eq!(poll.source, Path::new("/app/target/poll.wasm"));
    assert_eq!(poll.key_value_stores, ["default"]);
    assert_eq!(
        poll.variables["key"],
        Template::parse("{{ signing_key }}").unwrap()
    );
    assert_eq!(
        poll.build_command.as_deref(),
        Some("cd functions && cargo build && strip")
    );
    let site = &manifest.components["site"];
    assert_eq!(site.source, Path::new("/opt/site.wasm"));
    assert_eq!(
        (site.key_value_stores.len(), site.build_command.as_ref()),
        (0, None)
    );
}

/// A line of the good manifest, what stands there instead, and what the error says: the key's place, and what is wrong.
const BAD: &[(&str, &str, &[&str])] = &[
    ("spin_manifest_version = 2", "", &["spin_manifest_version"]),
    (
        "spin_manifest_version = 2",
        "spin_manifest_version = 3",
        &["spin_manifest_version is 3", "version 2"],
    ),
    (
        "spin_manifest_version = 2",
        "spin_manifest_version = 2\nspin = 1",
        &["spin: unknown key"],
    ),
    (
        "spin_manifest_version = 2",
        "spin_manifest_version = ",
        &["TOML parse error", "line 2"],
    ),
    ("name = \"chat\"", "", &["missing field `name`"]),
    (
        "name = \"chat\"",
        "name = 1",
        &["line 5", "expected a string"],
    ),
    (
        "name = \"chat\"",
        "name = \"chat\"\ntargets = [\"spin-up:3\"]",
        &["application.targets: this is not supported"],
    ),
    (
        "version = \"0.1.0\"",
        "trigger.redis.address = \"x\"",
        &["application.trigger: this is not supported"],
    ),
    ("default = \"bn\"", "default = 1", &["expected a string"]),
    (
        "default = \"bn\"",
        "defaults = \"bn\"",
        &[
            "variables.locale.defaults: unknown key",
            "default, required",
        ],
    ),
    (
        "default = \"bn\"",
        "default = \"bn\", required = true",
        &["variables.locale: ", "either `default"],
    ),
    (
        "required = true, ",
        "",
        &["variables.signing_key: ", "`required = true`"],
    ),
    (
        "locale = {",
        "Locale = {",
        &["variables.Locale: ", "lower_snake_case"],
    ),
    ("locale = {", "locale__x = {", &["variables.locale__x: "]),
    ("locale = {", "2locale = {", &["variables.2locale: "]),
    (
        "[[trigger.http]]\nid",
        "[[trigger.redis]]\nchannel = \"x\"\ncomponent = \"poll\"\n[[trigger.http]]\nid",
        &["trigger.redis: this host has the http trigger only"],
    ),
    (
        "id = \"the-poll\"",
        "executor = { type = \"wagi\" }",
        &["trigger.http.executor: this is not supported"],
    ),
    (
        "id = \"the-poll\"",
        "method = \"GET\"",
        &["trigger.http.method: unknown key"],
    ),
    ("route = \"/...\"", "", &["missing field `route`"]),
    (
        "route = \"/...\"",
        "route = { private = true }",
        &[
            "trigger.http.route: ",
            "private = true",
            "public routes only",
        ],
    ),
    (
        "route = \"/...\"",
        "route = \"/v1/chats/:chat/events\"",
        &["/v1/chats/:chat/events", "`poll` and `site`"],
    ),
    (
        "component = \"site\"",
        "component = \"sites\"",
        &["trigger.http `/...`", "no `[component.sites]`"],
    ),
    (
        "component = \"site\"",
        "component = { source = \"x.wasm\" }",
        &["trigger.http `/...`", "inline"],
    ),
    (
        "[component.site]",
        "[component.Site]",
        &["component.Site: ", "kebab-case"],
    ),
    (
        "[component.site]",
        "[component.site_2]",
        &["component.site_2: ", "kebab-case"],
    ),
    (
        "source = \"target/poll.wasm\"",
        "",
        &["missing field `source`"],
    ),
    (
        "source = \"target/poll.wasm\"",
        "source = { url = \"https://x/y.wasm\", digest = \"sha256:00\" }",
        &["component.poll.source: ", "path of a Wasm file"],
    ),
    (
        "description = \"What is new\"",
        "files = [\"a\"]",
        &["component.poll.files: this is not supported"],
    ),
    (
        "description = \"What is new\"",
        "environment = { A = \"b\" }",
        &["component.poll.environment: this is not supported"],
    ),
    (
        "description = \"What is new\"",
        "ai_models = [\"x\"]",
        &["component.poll.ai_models: this is not supported"],
    ),
    (
        "description = \"What is new\"",
        "sqlite_databases = [\"default\"]",
        &["component.poll.sqlite_databases: this is not supported"],
    ),
    (
        "description = \"What is new\"",
        "dependencies = { \"a:b\" = \"1\" }",
        &["component.poll.dependencies: this is not supported"],
    ),
    (
        "description = \"What is new\"",
        "key_value_store = [\"default\"]",
        &[
            "component.poll.key_value_store: unknown key",
            "key_value_stores",
        ],
    ),
    (
        "key_value_stores = [\"default\"]",
        "key_value_stores = \"default\"",
        &["invalid type"],
    ),
    (
        "allowed_outbound_hosts = []",
        "allowed_outbound_hosts = [\"https://example.com\"]",
        &[
            "component.poll.allowed_outbound_hosts: `https://example.com`",
            "outbound network",
        ],
    ),
    (
        "{{ signing_key }}",
        "{{ signing_key",
        &["component.poll.variables.key: ", "`{{` without `}}`"],
    ),
    (
        "{{ signing_key }}",
        "{{ sign }}",
        &["component.poll.variables.key: ", "no variable `sign`"],
    ),
    (
        "key = \"{{",
        "Key = \"{{",
        &["component.poll.variables.Key: ", "lower_snake_case"],
    ),
    (
        "workdir = \"functions\"",
        "shell = \"sh\"",
        &["component.poll.build.shell: unknown key"],
    ),
    (
        "command = [\"cargo build\", \"strip\"]",
        "",
        &["missing field `command`"],
    ),
];

#[test]
fn what_it_does_not_know_is_an_error_with_its_place() {
    for (line, instead, expected) in BAD {
        assert!(GOOD.contains(line), "{line}");
        let Err(error) = parse(&GOOD.replacen(line, instead, 1)) else {
            panic!("accepted: {instead}");
        };
        for expected in *expected {
            assert!(
                error.contains(expected),
                "{instead:?} instead of {line:?}: {error}"
            );
        }
    }
}

#[test]
fn nothing_to_call_is_an_error() {
    let text = "spin_manifest_version = 2\n[application]\nname = \"x\"\n[trigger]";
    assert!(
        parse(text)
            .unwrap_err()
            .contains("trigger.http: there is none")
    );
}

#[test]
fn a_folder_stands_for_its_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let missing = Manifest::read(folder.path()).unwrap_err().to_string();
    assert!(missing.contains("spin.toml"), "{missing}");
    std::fs::write(folder.path().join("spin.toml"), GOOD).unwrap();
    let manifest = Manifest::read(folder.path()).unwrap();
    assert_eq!(manifest.directory, folder.path());
    std::fs::write(folder.path().join("spin.toml"), "x").unwrap();
    let broken = Manifest::read(folder.path()).unwrap_err().to_string();
    assert!(broken.contains("spin.toml: "), "{broken}");
}
