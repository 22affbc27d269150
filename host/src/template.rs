//! `{{ name }}` in the values of component variables.

use std::collections::BTreeMap;

/// A text in which `{{ name }}` stands for the value of the application variable `name`.
///
/// As in Spin: no escapes, spaces inside the braces don't matter, a lone `}}` is text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Template {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Variable(String),
}

impl Template {
    /// Reads a template; the error names what is wrong with it.
    pub(crate) fn parse(source: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = source;
        while let Some((text, after)) = rest.split_once("{{") {
            if !text.is_empty() {
                parts.push(Part::Text(text.to_owned()));
            }
            let (name, after) = after
                .split_once("}}")
                .ok_or_else(|| "`{{` without `}}`".to_owned())?;
            parts.push(Part::Variable(name.trim().to_owned()));
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self { parts })
    }

    /// The variables the template mentions, in order.
    pub(crate) fn variables(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Variable(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }

    /// Fills in the values; the error is the name of the first variable that has none.
    pub(crate) fn render(&self, values: &BTreeMap<String, String>) -> Result<String, String> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(part) => text.push_str(part),
                Part::Variable(name) => {
                    text.push_str(values.get(name).ok_or_else(|| name.clone())?);
                }
            }
        }
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_in_values() {
        let values = BTreeMap::from([
            ("a".to_owned(), "1".to_owned()),
            ("b".to_owned(), "{{ a }}".to_owned()),
        ]);
        for (source, expected) in [
            ("", ""),
            ("plain", "plain"),
            ("{{ a }}", "1"),
            ("{{a}}", "1"),
            ("x{{ a }}y{{  a  }}z", "x1y1z"),
            ("{{ b }}", "{{ a }}"),
            ("}} {{ a }}", "}} 1"),
            ("{ a }", "{ a }"),
        ] {
            let template = Template::parse(source).unwrap();
            assert_eq!(
                template.render(&values).as_deref(),
                Ok(expected),
                "{source}"
            );
        }
    }

    #[test]
    fn names_what_is_missing() {
        let template = Template::parse("{{ a }}{{ b }}").unwrap();
        assert_eq!(template.variables().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(template.render(&BTreeMap::new()), Err("a".to_owned()));
        assert!(Template::parse("{{ a }} {{ b").is_err());
    }
}
