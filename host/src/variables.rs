//! The values of variables: what was given at the start, over the manifest's defaults.

use crate::error::StartError;
use crate::manifest::Manifest;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What an environment variable's name begins with when it gives a value to an application variable, as in Spin.
pub(crate) const ENVIRONMENT_PREFIX: &str = "SPIN_VARIABLE_";

/// The variables one component may read, by name. Has no `Debug`: values may be secret.
pub(crate) type ComponentVariables = Arc<BTreeMap<String, String>>;

/// Settles all variables. `given` are values from the command line or the environment, by application variable's name.
pub(crate) fn resolve(
    manifest: &Manifest,
    given: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, ComponentVariables>, StartError> {
    if let Some(name) = given
        .keys()
        .find(|name| !manifest.variables.contains_key(*name))
    {
        return Err(StartError::Variable(format!(
            "a value is given for the variable `{name}`, but {} declares no such variable",
            manifest.path.display()
        )));
    }
    let mut values = BTreeMap::new();
    for (name, variable) in &manifest.variables {
        let value = given.get(name).or(variable.default.as_ref()).ok_or_else(|| {
            StartError::Variable(format!(
                "the variable `{name}` is required and has no value: set the environment variable {}",
                environment_name(name)
            ))
        })?;
        values.insert(name.clone(), value.clone());
    }
    let mut components = BTreeMap::new();
    for (id, component) in &manifest.components {
        let mut rendered = BTreeMap::new();
        for (name, template) in &component.variables {
            let value = template.render(&values).map_err(|missing| {
                StartError::Variable(format!("component `{id}`: no variable `{missing}`"))
            })?;
            rendered.insert(name.clone(), value);
        }
        components.insert(id.clone(), Arc::new(rendered));
    }
    Ok(components)
}

/// The environment variable that gives the application variable `name` its value.
pub(crate) fn environment_name(name: &str) -> String {
    format!("{ENVIRONMENT_PREFIX}{}", name.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn manifest() -> Manifest {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("spin.toml");
        std::fs::write(
            &path,
            r#"
            spin_manifest_version = 2
            [application]
            name = "test"
            [variables]
            greeting = { default = "hello" }
            signing_key = { required = true, secret = true }
            [[trigger.http]]
            route = "/..."
            component = "one"
            [component.one]
            source = "one.wasm"
            [component.one.variables]
            key = "k:{{ signing_key }}"
            fixed = "yes"
            [component.two]
            source = "two.wasm"
            variables = { greeting = "{{ greeting }}" }
            "#,
        )
        .unwrap();
        Manifest::read(Path::new(&path)).unwrap()
    }

    #[test]
    fn given_values_come_before_defaults_and_each_component_sees_its_own() {
        let given = BTreeMap::from([("signing_key".to_owned(), "s3cret".to_owned())]);
        let components = resolve(&manifest(), &given).unwrap();
        assert_eq!(
            *components["one"],
            BTreeMap::from([
                ("fixed".to_owned(), "yes".to_owned()),
                ("key".to_owned(), "k:s3cret".to_owned())
            ])
        );
        assert_eq!(components["two"]["greeting"], "hello");
        let given = BTreeMap::from([
            ("signing_key".to_owned(), String::new()),
            ("greeting".to_owned(), "hi".to_owned()),
        ]);
        let components = resolve(&manifest(), &given).unwrap();
        assert_eq!(components["one"]["key"], "k:");
        assert_eq!(components["two"]["greeting"], "hi");
    }

    #[test]
    fn a_missing_value_is_named_with_the_way_to_give_it() {
        let error = resolve(&manifest(), &BTreeMap::new())
            .err()
            .unwrap()
            .to_string();
        assert!(error.contains("`signing_key`"), "{error}");
        assert!(error.contains("SPIN_VARIABLE_SIGNING_KEY"), "{error}");
        let given = BTreeMap::from([
            ("signing_key".to_owned(), "s3cret".to_owned()),
            ("sining_key".to_owned(), "s3cret".to_owned()),
        ]);
        let error = resolve(&manifest(), &given).err().unwrap().to_string();
        assert!(error.contains("`sining_key`"), "{error}");
        assert!(!error.contains("s3cret"), "{error}");
    }
}
