//! The application manifest: version 2 of Spin's `spin.toml`, as far as this host runs it.
//!
//! What the host doesn't know is an error that names the key: an application must never half work because a line of its manifest
//! was passed over.

use crate::error::StartError;
use crate::template::Template;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[cfg(test)]
mod tests;

/// An application, read and checked.
#[derive(Clone, Debug)]
pub(crate) struct Manifest {
    /// The manifest's own path.
    pub(crate) path: PathBuf,
    /// The folder the manifest lies in; relative paths in it start here.
    pub(crate) directory: PathBuf,
    /// The application's variables by name.
    pub(crate) variables: BTreeMap<String, Variable>,
    /// The HTTP triggers in the manifest's order.
    pub(crate) triggers: Vec<Trigger>,
    /// The components by id.
    pub(crate) components: BTreeMap<String, Component>,
}

/// `[variables]`: one application variable.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Variable {
    /// The value when nobody gives one. Exactly one of `default` and `required` is set.
    pub(crate) default: Option<String>,
    #[serde(default)]
    pub(crate) required: bool,
    /// Secret or not makes no difference to this host: it shows the value of no variable.
    #[serde(default, rename = "secret")]
    _secret: bool,
    #[serde(default, rename = "description")]
    _description: String,
}

/// `[[trigger.http]]`: a route and who answers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trigger {
    pub(crate) route: String,
    pub(crate) component: String,
}

/// `[component.ID]`.
#[derive(Clone, Debug)]
pub(crate) struct Component {
    /// The Wasm file, absolute or relative to the working directory.
    pub(crate) source: PathBuf,
    /// Labels of the stores it may open.
    pub(crate) key_value_stores: Vec<String>,
    /// Its variables, as templates over the application's.
    pub(crate) variables: BTreeMap<String, Template>,
    /// The command that makes the Wasm file, for the error message when it is missing.
    pub(crate) build_command: Option<String>,
}

#[derive(Deserialize)]
struct Raw {
    spin_manifest_version: i64,
    #[serde(rename = "application")]
    _application: RawApplication,
    #[serde(default)]
    variables: BTreeMap<String, Variable>,
    trigger: RawTriggers,
    #[serde(default)]
    component: BTreeMap<String, RawComponent>,
}

#[derive(Deserialize)]
struct RawApplication {
    #[serde(rename = "name")]
    _name: String,
    #[serde(default, rename = "version")]
    _version: String,
    #[serde(default, rename = "description")]
    _description: String,
    #[serde(default, rename = "authors")]
    _authors: Vec<String>,
}

#[derive(Deserialize)]
struct RawTriggers {
    #[serde(default)]
    http: Vec<RawTrigger>,
}

#[derive(Deserialize)]
struct RawTrigger {
    #[serde(default, rename = "id")]
    _id: String,
    route: toml::Value,
    component: toml::Value,
}

#[derive(Deserialize)]
struct RawComponent {
    source: toml::Value,
    #[serde(default, rename = "description")]
    _description: String,
    #[serde(default)]
    key_value_stores: Vec<String>,
    #[serde(default)]
    allowed_outbound_hosts: Vec<String>,
    #[serde(default)]
    variables: BTreeMap<String, String>,
    build: Option<RawBuild>,
}

#[derive(Deserialize)]
struct RawBuild {
    command: Commands,
    workdir: Option<String>,
    #[serde(default, rename = "watch")]
    _watch: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Commands {
    One(String),
    Several(Vec<String>),
}

impl Manifest {
    /// Reads and checks the manifest at `path`. A folder stands for the `spin.toml` in it.
    pub(crate) fn read(path: &Path) -> Result<Self, StartError> {
        let path = if path.is_dir() {
            path.join("spin.toml")
        } else {
            path.to_owned()
        };
        let text = std::fs::read_to_string(&path).map_err(|source| StartError::Read {
            path: path.clone(),
            source,
        })?;
        Self::parse(&text, &path).map_err(|problem| StartError::Manifest { path, problem })
    }

    /// Checks the text of a manifest that lies at `path`; the error says what is wrong and where.
    fn parse(text: &str, path: &Path) -> Result<Self, String> {
        let table: toml::Table = toml::from_str(text).map_err(|error| error.to_string())?;
        check_keys(&table)?;
        let raw: Raw = toml::from_str(text).map_err(|error| error.to_string())?;
        if raw.spin_manifest_version != 2 {
            return Err(format!(
                "spin_manifest_version is {}, this host reads version 2",
                raw.spin_manifest_version
            ));
        }
        for (name, variable) in &raw.variables {
            check_variable_name(name).map_err(|problem| format!("variables.{name}: {problem}"))?;
            if variable.required == variable.default.is_some() {
                return Err(format!(
                    "variables.{name}: give it either `default = \"…\"` or `required = true`"
                ));
            }
        }
        let directory = path.parent().unwrap_or(Path::new("")).to_owned();
        let mut components = BTreeMap::new();
        for (id, component) in raw.component {
            let checked = check_component(&id, component, &directory, &raw.variables)
                .map_err(|problem| format!("component.{id}{problem}"))?;
            components.insert(id, checked);
        }
        let mut triggers: Vec<Trigger> = Vec::new();
        for trigger in raw.trigger.http {
            let trigger = check_trigger(trigger, &components)?;
            if let Some(other) = triggers.iter().find(|other| other.route == trigger.route) {
                return Err(format!(
                    "trigger.http: route `{}` is given to both `{}` and `{}`",
                    trigger.route, other.component, trigger.component
                ));
            }
            triggers.push(trigger);
        }
        if triggers.is_empty() {
            return Err("trigger.http: there is none, so nothing would ever be called".to_owned());
        }
        Ok(Self {
            path: path.to_owned(),
            directory,
            variables: raw.variables,
            triggers,
            components,
        })
    }
}

fn check_trigger(
    trigger: RawTrigger,
    components: &BTreeMap<String, Component>,
) -> Result<Trigger, String> {
    let toml::Value::String(route) = trigger.route else {
        return Err(format!(
            "trigger.http.route: {} is not supported by this host, which serves public routes only: write a path such as \"/v1/chats\"",
            trigger.route
        ));
    };
    let toml::Value::String(component) = trigger.component else {
        return Err(format!(
            "trigger.http `{route}`: a component written inline is not supported by this host: give it a `[component.ID]` and name the id"
        ));
    };
    if !components.contains_key(&component) {
        return Err(format!(
            "trigger.http `{route}`: there is no `[component.{component}]`"
        ));
    }
    Ok(Trigger { route, component })
}

fn check_component(
    id: &str,
    component: RawComponent,
    directory: &Path,
    variables: &BTreeMap<String, Variable>,
) -> Result<Component, String> {
    check_component_id(id).map_err(|problem| format!(": {problem}"))?;
    let toml::Value::String(source) = component.source else {
        return Err(
            ".source: this host takes the path of a Wasm file, not a registry or URL".to_owned(),
        );
    };
    if let Some(host) = component.allowed_outbound_hosts.first() {
        return Err(format!(
            ".allowed_outbound_hosts: `{host}`: outbound network is not supported by this host: leave the list empty, or run the application with Spin"
        ));
    }
    let mut templates = BTreeMap::new();
    for (name, value) in component.variables {
        let place = |problem| format!(".variables.{name}: {problem}");
        check_variable_name(&name).map_err(place)?;
        let template = Template::parse(&value).map_err(place)?;
        for variable in template.variables() {
            if !variables.contains_key(variable) {
                return Err(place(format!(
                    "the application has no variable `{variable}`: declare it under [variables]"
                )));
            }
        }
        templates.insert(name, template);
    }
    let build_command = component.build.map(|build| {
        let command = match build.command {
            Commands::One(command) => command,
            Commands::Several(commands) => commands.join(" && "),
        };
        match build.workdir {
            Some(workdir) => format!("cd {workdir} && {command}"),
            None => command,
        }
    });
    Ok(Component {
        source: directory.join(source),
        key_value_stores: component.key_value_stores,
        variables: templates,
        build_command,
    })
}

/// Keys of Spin that this host doesn't act on, so that the error can say "not here" instead of "unknown".
const SPIN_ONLY: &[&str] = &[
    "ai_models",
    "allowed_http_hosts",
    "components",
    "dependencies",
    "dependencies_inherit_configuration",
    "environment",
    "exclude_files",
    "executor",
    "files",
    "middleware",
    "profile",
    "sqlite_databases",
    "static_response",
    "targets",
    "trigger",
];

fn check_keys(manifest: &toml::Table) -> Result<(), String> {
    allow(
        manifest,
        "",
        &[
            "spin_manifest_version",
            "application",
            "variables",
            "trigger",
            "component",
        ],
    )?;
    if let Some(application) = manifest.get("application").and_then(toml::Value::as_table) {
        let known = ["name", "version", "description", "authors", "tool"];
        allow(application, "application.", &known)?;
    }
    for (place, variable) in tables(manifest, "variables") {
        let known = ["default", "required", "secret", "description"];
        allow(variable, &place, &known)?;
    }
    if let Some(triggers) = manifest.get("trigger").and_then(toml::Value::as_table) {
        for kind in triggers.keys() {
            if kind != "http" {
                return Err(format!(
                    "trigger.{kind}: this host has the http trigger only"
                ));
            }
        }
        let http = triggers.get("http").and_then(toml::Value::as_array);
        for trigger in http.into_iter().flatten().filter_map(|t| t.as_table()) {
            allow(trigger, "trigger.http.", &["id", "route", "component"])?;
        }
    }
    for (place, component) in tables(manifest, "component") {
        let known = [
            "source",
            "description",
            "variables",
            "key_value_stores",
            "allowed_outbound_hosts",
            "build",
            "tool",
        ];
        allow(component, &place, &known)?;
        if let Some(build) = component.get("build").and_then(toml::Value::as_table) {
            let place = format!("{place}build.");
            allow(build, &place, &["command", "workdir", "watch"])?;
        }
    }
    Ok(())
}

/// The tables under `key`, each with how its keys are named in an error.
fn tables<'a>(
    manifest: &'a toml::Table,
    key: &'a str,
) -> impl Iterator<Item = (String, &'a toml::Table)> {
    let table = manifest.get(key).and_then(toml::Value::as_table);
    table
        .into_iter()
        .flatten()
        .filter_map(move |(name, value)| {
            let table = value.as_table()?;
            Some((format!("{key}.{name}."), table))
        })
}

fn allow(table: &toml::Table, place: &str, known: &[&str]) -> Result<(), String> {
    for key in table.keys() {
        if known.contains(&key.as_str()) {
            continue;
        }
        return Err(if SPIN_ONLY.contains(&key.as_str()) {
            format!(
                "{place}{key}: this is not supported by this host: remove it, or run the application with Spin"
            )
        } else {
            format!(
                "{place}{key}: unknown key; known here: {}",
                known.join(", ")
            )
        });
    }
    Ok(())
}

/// Spin's rule for variable names: they must survive the way to an environment variable and back.
pub(crate) fn check_variable_name(name: &str) -> Result<(), String> {
    let words_are_good = name.split('_').all(|word| {
        !word.is_empty()
            && word
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    });
    if words_are_good && name.starts_with(|c: char| c.is_ascii_lowercase()) {
        Ok(())
    } else {
        Err("a variable's name is lower_snake_case: letters, digits and single underscores, beginning with a letter".to_owned())
    }
}

/// Spin's rule for component ids, without its upper-case form.
fn check_component_id(id: &str) -> Result<(), String> {
    let word_is_good = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    if id.split('-').all(word_is_good) {
        Ok(())
    } else {
        Err("a component's id is kebab-case: words of small letters and digits, each beginning with a letter, joined by single hyphens".to_owned())
    }
}
