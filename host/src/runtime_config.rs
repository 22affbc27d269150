//! Spin's runtime-config file, as far as this host acts on it: where the key-value stores are.

use crate::error::StartError;
use crate::store::StoreConfig;
use std::collections::BTreeMap;
use std::path::Path;

/// Reads the runtime-config file at `path`: the stores by label.
///
/// `[key_value_store.LABEL]` with `type = "spin"` (`SQLite`; `path` relative to the file's own folder, as in Spin, and without `path`
/// the file in the state folder) or `type = "redis"` with `url`.
pub(crate) fn read(path: &Path) -> Result<BTreeMap<String, StoreConfig>, StartError> {
    let text = std::fs::read_to_string(path).map_err(|source| StartError::Read {
        path: path.to_owned(),
        source,
    })?;
    let directory = path.parent().unwrap_or(Path::new(""));
    parse(&text, directory).map_err(|problem| StartError::RuntimeConfig {
        path: path.to_owned(),
        problem,
    })
}

fn parse(text: &str, directory: &Path) -> Result<BTreeMap<String, StoreConfig>, String> {
    let table: toml::Table = toml::from_str(text).map_err(|error| error.to_string())?;
    let mut stores = BTreeMap::new();
    for (key, value) in &table {
        if key != "key_value_store" {
            return Err(format!(
                "{key}: not supported by this host, which reads `[key_value_store.LABEL]` only"
            ));
        }
        let labels = value
            .as_table()
            .ok_or_else(|| "key_value_store: expected `[key_value_store.LABEL]`".to_owned())?;
        for (label, store) in labels {
            let store = parse_store(store, directory)
                .map_err(|problem| format!("key_value_store.{label}{problem}"))?;
            stores.insert(label.clone(), store);
        }
    }
    Ok(stores)
}

fn parse_store(store: &toml::Value, directory: &Path) -> Result<StoreConfig, String> {
    let store = store.as_table().ok_or(": expected a table")?;
    let text = |key: &str| match store.get(key) {
        None => Ok(None),
        Some(toml::Value::String(text)) => Ok(Some(text.as_str())),
        Some(_) => Err(format!(".{key}: expected a text")),
    };
    let (config, known) = match text("type")? {
        Some("spin") => (
            StoreConfig::Sqlite {
                path: text("path")?.map(|path| directory.join(path)),
            },
            ["type", "path"],
        ),
        Some("redis") => (
            StoreConfig::Redis {
                url: text("url")?
                    .ok_or(".url: missing; for example url = \"redis://127.0.0.1:6379\"")?
                    .to_owned(),
            },
            ["type", "url"],
        ),
        Some(other) => {
            return Err(format!(
                ".type: `{other}` is not supported by this host, which has `spin` (SQLite) and `redis`"
            ));
        }
        None => return Err(".type: missing; `spin` (SQLite) or `redis`".to_owned()),
    };
    match store.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(format!(
            ".{key}: unknown key; known here: {}",
            known.join(", ")
        )),
        None => Ok(config),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_stores() {
        let stores = parse(
            r#"
            [key_value_store.default]
            type = "redis"
            url = "redis://localhost:6379/3"
            [key_value_store.archive]
            type = "spin"
            path = "archive.db"
            [key_value_store.plain]
            type = "spin"
            "#,
            Path::new("/etc/app"),
        )
        .unwrap();
        let expected = BTreeMap::from([
            (
                "archive".to_owned(),
                StoreConfig::Sqlite {
                    path: Some("/etc/app/archive.db".into()),
                },
            ),
            (
                "default".to_owned(),
                StoreConfig::Redis {
                    url: "redis://localhost:6379/3".to_owned(),
                },
            ),
            ("plain".to_owned(), StoreConfig::Sqlite { path: None }),
        ]);
        assert_eq!(stores, expected);
        assert_eq!(parse("", Path::new("")), Ok(BTreeMap::new()));
    }

    #[test]
    fn names_what_it_does_not_know() {
        for (text, expected) in [
            ("state_dir = \"x\"", "state_dir: not supported"),
            (
                "[sqlite_database.default]\ntype = \"spin\"",
                "sqlite_database: not supported",
            ),
            ("key_value_store = 1", "expected `[key_value_store.LABEL]`"),
            (
                "[key_value_store]\ndefault = 1",
                "key_value_store.default: expected a table",
            ),
            (
                "[key_value_store.default]",
                "key_value_store.default.type: missing",
            ),
            (
                "[key_value_store.default]\ntype = 1",
                "key_value_store.default.type: expected a text",
            ),
            (
                "[key_value_store.default]\ntype = \"azure_cosmos\"",
                "`azure_cosmos` is not supported",
            ),
            (
                "[key_value_store.default]\ntype = \"redis\"",
                "key_value_store.default.url: missing",
            ),
            (
                "[key_value_store.default]\ntype = \"spin\"\nurl = \"x\"",
                "key_value_store.default.url: unknown key",
            ),
            ("x = ", "TOML parse error"),
        ] {
            let error = parse(text, Path::new("")).unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
