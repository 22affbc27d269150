//! What every decision is judged by: the organisation's flow and the operator's settings.

use alap_flow::{Flow, Language};

use crate::{chat::fill_notice, ports::Millis, settings::Settings, stored::Unreadable};

/// The flow that was checked and built in.
const FLOW: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/flow.bin"));

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// The flow and the settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// The organisation's flow.
    pub flow: Flow,
    /// The operator's settings.
    pub settings: Settings,
}

impl Rules {
    /// The flow that was built in, with `settings`.
    pub fn new(settings: Settings) -> Result<Self, Unreadable> {
        Ok(Self {
            flow: postcard::from_bytes(FLOW).map_err(|_| Unreadable::Wrong)?,
            settings,
        })
    }

    /// What the system says: the flow's notice `id` with `values` in place of their names.
    pub fn notice(&self, id: &str, language: Language, values: &[(&str, &str)]) -> String {
        // The flow's checker has made sure that every notice the code names is there.
        self.flow
            .notices
            .get(id)
            .map(|text| fill_notice(text, language, values))
            .unwrap_or_default()
    }

    /// What the option `topic` of a topic menu is called.
    pub fn topic_label(&self, topic: &str, language: Language) -> Option<&str> {
        let menus = self
            .flow
            .steps
            .values()
            .filter_map(|step| match &step.kind {
                alap_flow::StepKind::Menu {
                    topic: true,
                    options,
                } => Some(options),
                _ => None,
            });
        menus
            .flatten()
            .find(|option| option.id == topic)
            .map(|option| option.label.get(language))
    }

    /// The id of the flow's language step.
    pub fn language_step(&self) -> Option<&str> {
        let mut steps = self.flow.steps.iter();
        steps
            .find(|(_, step)| matches!(step.kind, alap_flow::StepKind::Language { .. }))
            .map(|(id, _)| id.as_str())
    }

    /// The day `now` is in, in days since the Unix epoch, in the organisation's time.
    pub fn day(&self, now: Millis) -> u64 {
        u64::try_from(self.local(now).div_euclid(DAY)).unwrap_or(0)
    }

    fn local(&self, now: Millis) -> i64 {
        let offset = i64::from(self.flow.hours.utc_offset_minutes) * MINUTE;
        i64::try_from(now)
            .unwrap_or(i64::MAX)
            .saturating_add(offset)
    }

    /// Whether representatives answer at `now`.
    pub fn is_open(&self, now: Millis) -> bool {
        let hours = &self.flow.hours;
        let local = self.local(now);
        // 1 January 1970 was a Thursday, ISO 8601's fourth day.
        let weekday = (local.div_euclid(DAY) + 3).rem_euclid(7) + 1;
        let minute = local.rem_euclid(DAY) / MINUTE;
        hours.days.iter().any(|&day| i64::from(day) == weekday)
            && (i64::from(hours.from_minute)..i64::from(hours.until_minute)).contains(&minute)
    }
}

#[cfg(test)]
mod tests {
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    /// Sunday, 1 March 2026, 00:00 in Dhaka.
    const SUNDAY: Millis = 1_772_301_600_000;
    const HOUR: Millis = 3_600_000;

    fn rules(days: &[u8], from_minute: u16, until_minute: u16) -> Rules {
        let mut rules = Rules::new(Settings::default()).unwrap();
        rules.flow.hours.days = days.to_vec();
        (rules.flow.hours.from_minute, rules.flow.hours.until_minute) = (from_minute, until_minute);
        rules
    }

    #[test]
    fn representatives_answer_from_the_first_minute_to_before_the_last() {
        let rules = rules(&[7], 9 * 60, 17 * 60 + 30);
        for (at, open) in [
            (SUNDAY, false),
            (SUNDAY + 9 * HOUR - 1, false),
            (SUNDAY + 9 * HOUR, true),
            (SUNDAY + 17 * HOUR + HOUR / 2 - 1, true),
            (SUNDAY + 17 * HOUR + HOUR / 2, false),
            (SUNDAY + 33 * HOUR, false),
        ] {
            assert_eq!(rules.is_open(at), open, "{at}");
        }
    }

    #[test]
    fn days_begin_at_midnight_in_the_organisations_time() {
        let sundays = rules(&[7], 0, 1_440);
        assert!(!sundays.is_open(SUNDAY - 1));
        assert!(sundays.is_open(SUNDAY));
        assert!(sundays.is_open(SUNDAY + 24 * HOUR - 1));
        assert!(!sundays.is_open(SUNDAY + 24 * HOUR));
        for day in 1..=7 {
            let at = SUNDAY + u64::from(day) * 24 * HOUR;
            assert!(rules(&[day], 0, 1_440).is_open(at), "weekday {day}");
        }
        let around_the_clock = rules(&[1, 2, 3, 4, 5, 6, 7], 0, 1_440);
        assert!((0..7 * 24).all(|hour| around_the_clock.is_open(SUNDAY + hour * HOUR)));
    }

    #[test]
    fn a_day_has_a_number_of_its_own() {
        let rules = rules(&[], 0, 0);
        assert_eq!(rules.day(SUNDAY) - 1, rules.day(SUNDAY - 1));
        assert_eq!(rules.day(SUNDAY), rules.day(SUNDAY + 24 * HOUR - 1));
        assert_eq!(rules.day(0), 0);
    }

    #[test]
    fn values_stand_where_their_names_were_and_are_never_looked_through() {
        let rules = Rules::new(Settings::default()).unwrap();
        let text = rules.notice("welcome-back", Language::En, &[("name", "{name} {x}")]);
        assert!(text.starts_with("Welcome back, {name} {x}."), "{text}");
        assert_eq!(rules.notice("no-such-notice", Language::En, &[]), "");
    }

    #[test]
    fn every_topic_has_a_label() {
        let rules = Rules::new(Settings::default()).unwrap();
        let label = |topic| rules.topic_label(topic, Language::En);
        assert_eq!(
            label("not-arrived"),
            Some("Money was taken but did not arrive")
        );
        assert_eq!(label("yes"), None, "an answer is no topic");
    }

    #[test]
    fn the_flow_begins_with_the_language() {
        let rules = Rules::new(Settings::default()).unwrap();
        assert_eq!(rules.language_step(), Some(rules.flow.start.as_str()));
    }
}
