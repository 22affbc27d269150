//! The operator's settings: Spin variables in seconds, counts, or `on` and `off`, each with a default.

use litemap::LiteMap;

use crate::ports::Millis;

/// The values of a function's variables, by name.
pub type Variables = LiteMap<String, String>;

/// A setting's variable, default and meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The Spin variable.
    pub name: &'static str,
    /// What holds where the variable is not set; also what `spin.toml` says.
    pub default: &'static str,
    /// What it means, with its unit.
    pub meaning: &'static str,
}

/// A setting that is none the chat can work with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the variable {name} is \"{value}\": it has to be {wanted}")]
pub struct SettingError {
    name: &'static str,
    value: String,
    wanted: &'static str,
}

/// The largest number that is accepted: a century in seconds.
const MOST: u64 = 3_153_600_000;

macro_rules! settings {
    ($($(#[doc = $meaning:literal])+ $field:ident: $kind:ident = $name:literal, $default:literal;)*) => {
        /// The operator's settings. Times are in milliseconds here and in seconds as variables.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Settings {
            $($(#[doc = $meaning])+ pub $field: u64,)*
            /// Whether representatives see what a customer writes before it is sent.
            pub typing_preview: bool,
        }

        /// All settings, in the order an operator reads about them.
        pub const SETTINGS: &[Setting] = &[
            $(Setting { name: $name, default: stringify!($default), meaning: concat!($($meaning,)+) },)*
            Setting {
                name: "typing_preview",
                default: "off",
                meaning: "`on` lets representatives see what a customer writes before it is sent",
            },
        ];

        impl Default for Settings {
            fn default() -> Self {
                Self {
                    $($field: $default * unit::$kind,)*
                    typing_preview: false,
                }
            }
        }

        impl Settings {
            /// The settings with the values of these variables; what is missing or blank has its default.
            pub fn new(variables: &Variables) -> Result<Self, SettingError> {
                // One loop rather than as many calls as there are settings: every function carries this.
                let table = [$(($name, $default, unit::$kind)),*];
                let mut values = [0; [$($name),*].len()];
                for (value, (name, default, unit)) in values.iter_mut().zip(table) {
                    *value = number(variables, name, default)? * unit;
                }
                let [$($field),*] = values;
                Ok(Self {
                    $($field,)*
                    typing_preview: is_on(variables, "typing_preview")?,
                })
            }
        }
    };
}

#[expect(
    non_upper_case_globals,
    reason = "these stand for the kinds of a setting in the table below"
)]
mod unit {
    pub(super) const seconds: u64 = 1_000;
    pub(super) const count: u64 = 1;
    pub(super) const hours: u64 = 3_600_000;
}

settings! {
    /// Seconds a customer may be silent in a conversation before a warning.
    idle_warning: seconds = "idle_warning_seconds", 120;
    /// Seconds a customer may be silent in a conversation before the chat is closed.
    idle_close: seconds = "idle_close_seconds", 180;
    /// Seconds a customer may be silent in the flow before a warning.
    flow_idle_warning: seconds = "flow_idle_warning_seconds", 600;
    /// Seconds a customer may be silent in the flow before the chat is closed.
    flow_idle_close: seconds = "flow_idle_close_seconds", 900;
    /// Seconds a representative may leave a customer without an answer before a warning.
    agent_idle_warning: seconds = "agent_idle_warning_seconds", 90;
    /// Seconds a representative may leave a customer without an answer before the chat goes to somebody else.
    agent_idle_requeue: seconds = "agent_idle_requeue_seconds", 300;
    /// Seconds without a sign of life from a representative's desk after which the representative counts as lost.
    agent_lost: seconds = "agent_lost_seconds", 60;
    /// Seconds between two signs of life that are stored.
    sign_of_life: seconds = "sign_of_life_seconds", 15;
    /// Seconds without a sign of life after which a waiting customer is passed over.
    customer_lost: seconds = "customer_lost_seconds", 45;
    /// Seconds without a sign of life after which a waiting customer's chat is closed.
    customer_gone: seconds = "customer_gone_seconds", 300;
    /// Seconds a customer waits at most.
    waiting_ceiling: seconds = "waiting_ceiling_seconds", 1800;
    /// Chats a representative has at once, unless the record of that one says otherwise.
    chats_per_agent: count = "chats_per_agent", 5;
    /// Seconds within which a chat should be answered, for the supervisor's figures.
    answer_target: seconds = "answer_target_seconds", 60;
    /// Hours a chat is kept, counted from its beginning.
    retention: hours = "retention_hours", 720;
    /// Messages of one customer in a minute.
    messages_per_minute: count = "messages_per_minute", 120;
    /// Chats started in an hour from an eighth of all addresses. Mobile networks share few addresses among many
    /// customers, so this is a high ceiling against floods and nothing else.
    starts_per_hour: count = "starts_per_hour", 20000;
    /// Seconds a customer's token is good for.
    chat_token: seconds = "chat_token_seconds", 86400;
    /// Seconds a representative stays logged in.
    desk_token: seconds = "desk_token_seconds", 43200;
}

fn number(variables: &Variables, name: &'static str, default: u64) -> Result<u64, SettingError> {
    let Some(value) = set(variables, name) else {
        return Ok(default);
    };
    match value.parse() {
        Ok(number) if (1..=MOST).contains(&number) => Ok(number),
        _ => Err(SettingError {
            name,
            value: value.to_owned(),
            wanted: "a whole number from 1 to 3153600000",
        }),
    }
}

fn is_on(variables: &Variables, name: &'static str) -> Result<bool, SettingError> {
    match set(variables, name) {
        None | Some("off") => Ok(false),
        Some("on") => Ok(true),
        Some(value) => Err(SettingError {
            name,
            value: value.to_owned(),
            wanted: "on or off",
        }),
    }
}

fn set<'a>(variables: &'a Variables, name: &str) -> Option<&'a str> {
    let value = variables.get(name)?.trim();
    (!value.is_empty()).then_some(value)
}

/// How long a message counts as being typed after a client said so.
pub const TYPING: Millis = 6_000;

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn variables(name: &str, value: &str) -> Variables {
        [(name.to_owned(), value.to_owned())].into_iter().collect()
    }

    #[test]
    fn what_is_not_set_has_its_default() {
        assert_eq!(Settings::new(&Variables::new()), Ok(Settings::default()));
        assert_eq!(
            Settings::new(&variables("idle_close_seconds", " ")),
            Ok(Settings::default())
        );
        assert_eq!(Settings::default().idle_close, 180_000);
    }

    #[test]
    fn seconds_become_milliseconds_and_counts_stay() {
        let settings = Settings::new(&variables("idle_close_seconds", "2"));
        assert_eq!(settings.map(|settings| settings.idle_close), Ok(2_000));
        let settings = Settings::new(&variables("chats_per_agent", "7"));
        assert_eq!(settings.map(|settings| settings.chats_per_agent), Ok(7));
    }

    #[test]
    fn a_switch_is_on_or_off() {
        for (value, on) in [("", false), ("off", false), (" on ", true)] {
            let settings = Settings::new(&variables("typing_preview", value));
            assert_eq!(settings.map(|settings| settings.typing_preview), Ok(on));
        }
        let error = Settings::new(&variables("typing_preview", "yes")).expect_err("yes");
        let said = "the variable typing_preview is \"yes\": it has to be on or off";
        assert_eq!(error.to_string(), said);
    }

    #[test]
    fn what_is_no_number_is_named() {
        for value in ["0", "-1", "soon", "1.5", "99999999999"] {
            let error = Settings::new(&variables("idle_close_seconds", value)).expect_err(value);
            assert!(error.to_string().contains("idle_close_seconds"), "{error}");
            assert!(error.to_string().contains(value), "{error}");
        }
    }
}
