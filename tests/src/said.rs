use alap_flow::Language;
use alap_shared::{rules::Rules, settings::Settings};

/// What the flow's data says, in one language: what a test expects to read.
#[derive(Clone, Debug)]
pub struct Said {
    rules: Rules,
    language: Language,
}

impl Said {
    /// In `language`.
    ///
    /// # Panics
    /// When the flow that is built in can't be read.
    pub fn new(language: Language) -> Self {
        let rules = Rules::new(Settings::default()).expect("the flow that is built in");
        Self { rules, language }
    }

    /// The language's code.
    pub fn code(&self) -> &'static str {
        match self.language {
            Language::Bn => "bn",
            Language::En => "en",
        }
    }

    /// The prompt of the step `id`.
    ///
    /// # Panics
    /// When there is no such step.
    pub fn step(&self, id: &str) -> &str {
        let step = self.rules.flow.steps.get(id);
        let step = step.unwrap_or_else(|| panic!("the flow has no step {id}"));
        step.text.get(self.language)
    }

    /// The notice `id` without values in it.
    ///
    /// # Panics
    /// When there is no such notice.
    pub fn notice(&self, id: &str) -> String {
        self.notice_with(id, &[])
    }

    /// The notice `id` with `values` in place of their names.
    ///
    /// # Panics
    /// When there is no such notice.
    pub fn notice_with(&self, id: &str, values: &[(&str, &str)]) -> String {
        let text = self.rules.notice(id, self.language, values);
        assert!(!text.is_empty(), "the flow has no notice {id}");
        text
    }

    /// What the queue `id` is called.
    ///
    /// # Panics
    /// When there is no such queue.
    pub fn queue(&self, id: &str) -> &str {
        let queue = self.rules.flow.queues.get(id);
        let queue = queue.unwrap_or_else(|| panic!("the flow has no queue {id}"));
        queue.label.get(self.language)
    }

    /// What the topic `id` is called.
    ///
    /// # Panics
    /// When there is no such topic.
    pub fn topic(&self, id: &str) -> &str {
        let label = self.rules.topic_label(id, self.language);
        label.unwrap_or_else(|| panic!("the flow has no topic {id}"))
    }
}
