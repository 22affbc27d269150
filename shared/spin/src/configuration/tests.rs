use toml::{Table, Value};

use super::*;

const MANIFEST: &str = include_str!("../../../../spin.toml");

fn variables() -> Variables {
    let given = [
        ("token_keys", "tY6dCZxq0Jm3Rv8WnBk5LpHs2GfTuAeX"),
        (
            "data_keys",
            "Qh9wVb4NzKj7XcMr1DyPg6TsLfE0uAoU, oLd9wVb4NzKj7XcMr1DyPg6TsLfE0uAo",
        ),
        ("agents", "[]"),
        ("identity_keys", ""),
    ];
    given
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into_iter()
        .collect()
}

fn refused(name: &str, value: &str, extra: Extra) -> String {
    let mut variables = variables();
    variables.insert(name.to_owned(), value.to_owned());
    match Configuration::new(&variables, extra) {
        Ok(_) => panic!("{name} may be {value:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn right_variables_are_accepted() {
    let mut variables = variables();
    let configuration = Configuration::new(&variables, Extra::Agents).unwrap();
    assert_eq!(configuration.rules.settings, Settings::default());
    assert!(configuration.secrets.identity.is_none());

    let key = "iDk6dCZxq0Jm3Rv8WnBk5LpHs2GfTuAe";
    variables.insert("identity_keys".to_owned(), key.to_owned());
    variables.remove("agents");
    let configuration = Configuration::new(&variables, Extra::Identities).unwrap();
    assert!(configuration.secrets.identity.is_some());
}

#[test]
fn a_secret_that_is_missing_or_none_is_named_and_not_told() {
    let long = "aB3$".repeat(12);
    let table = [
        ("", "is not set"),
        ("  ", "is not set"),
        ("tooshort", "less than 32"),
        ("tY6dCZxq0Jm3Rv8WnBk5LpHs2GfTuAeY, tooshort", "less than 32"),
        ("tY6dCZxq0Jm3Rv8WnBk5LpHs2GfTuAeY,", "less than 32"),
        (long.as_str(), "not random"),
        ("00000000000000000000000000000000", "not random"),
        ("my-Secret-2kJ8sLq0Xz7Vb4Nm1Pw9Rt5Y", "not random"),
        ("ChangeMe-2kJ8sLq0Xz7Vb4Nm1Pw9Rt5Y", "not random"),
    ];
    for name in ["token_keys", "data_keys"] {
        for (value, problem) in table {
            let reason = refused(name, value, Extra::Agents);
            assert!(reason.contains(name), "{reason}");
            assert!(reason.contains(problem), "{value}: {reason}");
            let key = value.trim();
            assert!(key.is_empty() || !reason.contains(key), "{reason}");
        }
    }
}

#[test]
fn one_key_serves_one_purpose() {
    let variables = variables();
    let token_key = variables.get("token_keys").unwrap();
    let twice = refused("data_keys", token_key, Extra::Agents);
    assert!(twice.contains("token_keys, data_keys"), "{twice}");
}

#[test]
fn representatives_are_needed_where_they_ask_and_nowhere_else() {
    for wrong in ["", "{", "[{}]", "[\"alap_notarecord\"]"] {
        let reason = refused("agents", wrong, Extra::Agents);
        assert!(reason.contains("agents"), "{reason}");
        assert!(!reason.contains("alap_"), "{reason}");
    }
    let mut variables = variables();
    variables.remove("agents");
    Configuration::new(&variables, Extra::Identities).unwrap();
}

#[test]
fn other_variables_are_checked_too() {
    let reason = refused("allowed_origins", "example.com", Extra::Agents);
    assert!(reason.contains("allowed_origins"), "{reason}");
    let reason = refused("idle_close_seconds", "soon", Extra::Agents);
    assert!(reason.contains("idle_close_seconds"), "{reason}");
    let reason = refused("identity_keys", "short", Extra::Identities);
    assert!(reason.contains("identity_keys"), "{reason}");
}

#[test]
fn the_manifest_has_the_settings_with_their_defaults() {
    let manifest: Table = MANIFEST.parse().unwrap();
    let declared = manifest["variables"].as_table().unwrap();
    for setting in SETTINGS {
        let declared = declared[setting.name].get("default");
        let default = Value::from(setting.default);
        assert_eq!(declared, Some(&default), "{}", setting.name);
    }
    for (name, declared) in declared {
        let says = |what: &str| declared.get(what).and_then(Value::as_bool) == Some(true);
        let (secret, required) = match name.as_str() {
            "token_keys" | "data_keys" | "agents" => (true, true),
            "identity_keys" => (true, false),
            name => {
                let is_setting = SETTINGS.iter().any(|setting| setting.name == name);
                assert!(
                    is_setting || name == "allowed_origins",
                    "nothing reads {name}"
                );
                (false, false)
            }
        };
        assert_eq!(
            (says("secret"), says("required")),
            (secret, required),
            "{name}"
        );
    }
}

#[test]
fn every_function_is_given_what_it_reads_and_nothing_else() {
    let manifest: Table = MANIFEST.parse().unwrap();
    for (component, about) in manifest["component"].as_table().unwrap() {
        let names: Vec<&str> = match component.as_str() {
            // The pages know no secret and no setting, but who may frame the chat.
            "site" => vec!["allowed_origins"],
            "start" => Configuration::names(Extra::Identities).collect(),
            _ => Configuration::names(Extra::Agents).collect(),
        };
        let names = names.into_iter();
        let reads: Table = names
            .map(|name| (name.to_owned(), Value::from(format!("{{{{ {name} }}}}"))))
            .collect();
        let given = about.get("variables").and_then(Value::as_table);
        assert_eq!(given.cloned().unwrap_or_default(), reads, "{component}");
    }
}
