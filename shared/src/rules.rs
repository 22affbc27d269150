//! What every decision is judged by: the organisation's flow and the operator's settings.

use alap_flow::{Flow, Language};

use crate::{
    chat::fill_notice,
    json::{self, Unreadable},
    ports::Millis,
    settings::Settings,
};

/// The flow that was checked and built in.
const FLOW: &str = include_str!(concat!(env!("OUT_DIR"), "/flow.json"));

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
            flow: json::read(FLOW.as_bytes())?,
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
