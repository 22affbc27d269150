//! What can be wrong with a flow, as sentences that say what to do about it.

use crate::limits::{CONFIRMATION, ID_LIMIT, NAVIGATION};

/// What is wrong with a place in a flow, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// An id that is not kebab-case, or too long.
    #[error(
        "the id `{0}` is not kebab-case; use at most {ID_LIMIT} lower-case Latin letters and digits, in words joined by \
         single hyphens"
    )]
    BadId(String),
    /// Two options of one menu with one id.
    #[error("more than one option of this menu has the id `{0}`; give each its own")]
    DuplicateOption(String),
    /// An option under an id of the navigation.
    #[error(
        "the id `{0}` is one of `{navigation}`, which every step has by itself; choose another",
        navigation = NAVIGATION.join("`, `")
    )]
    ReservedOption(String),

    /// Hours without a day.
    #[error("no day is listed; list the days representatives answer, 1 for Monday to 7 for Sunday")]
    NoDays,
    /// A number that is no weekday.
    #[error("{0} is no weekday; write 1 for Monday to 7 for Sunday")]
    BadDay(u8),
    /// A weekday listed twice.
    #[error("day {0} is listed more than once; leave one")]
    DuplicateDay(u8),
    /// Hours that end before they begin, or after the day.
    #[error(
        "from minute {from} until minute {until} is no part of a day; let `from_minute` be less than `until_minute`, and \
         that at most 1440"
    )]
    BadHours {
        /// First minute that is served.
        from: u16,
        /// First minute that is no longer served.
        until: u16,
    },
    /// A difference from UTC that no place on Earth has.
    #[error("no place is {0} minutes from UTC; write -720 to 840, for Bangladesh 360")]
    BadOffset(i32),
    /// A telephone number that cannot be called.
    #[error(
        "`{0}` is no telephone number; write at least three digits, with hyphens between them and a plus sign before them \
         if need be"
    )]
    BadPhone(String),
    /// An e-mail address that cannot be written to.
    #[error("`{0}` is no e-mail address; write it as name@example.com")]
    BadEmail(String),
    /// A link that cannot be followed safely.
    #[error("`{0}` is no link to a page; write it with https://")]
    BadPlace(String),
    /// No queues at all.
    #[error("there is no queue for representatives to serve; add one")]
    NoQueues,

    /// A text that is missing in a language.
    #[error("the text is missing; write it")]
    Blank,
    /// A text that does not fit.
    #[error("the text has {length} code points; shorten it to at most {limit}")]
    TooLong {
        /// Code points it has.
        length: usize,
        /// Code points it may have.
        limit: usize,
    },
    /// A placeholder that nothing fills in here.
    #[error("nothing fills in `{{{name}}}` here; {}", what_is_filled_in(known))]
    UnknownPlaceholder {
        /// What stands in the braces.
        name: String,
        /// What may stand there.
        known: &'static [&'static str],
    },
    /// A placeholder in one language only.
    #[error("`{{{0}}}` stands in only one of the languages; write it in both or in neither")]
    PlaceholderInOneLanguage(String),
    /// A brace without its counterpart.
    #[error("a brace has no counterpart; braces only go around placeholders")]
    StrayBrace,
    /// A notice the software says is not worded.
    #[error("the notice is missing; write it in both languages ({0})")]
    MissingNotice(&'static str),
    /// A notice the software never says.
    #[error("the software says no such notice; correct the id or remove it")]
    UnknownNotice,

    /// A step that does not exist.
    #[error("there is no step `{0}`; correct the id or add the step")]
    UnknownStep(String),
    /// A contact that does not exist.
    #[error("there is no contact `{0}`; correct the id or add the contact")]
    UnknownContact(String),
    /// A queue that does not exist.
    #[error("there is no queue `{0}`; correct the id or add the queue")]
    UnknownQueue(String),
    /// A step that no chat comes to.
    #[error("no chat ever comes here; let an option lead here or remove the step")]
    Unreachable,
    /// A menu that offers nothing.
    #[error(
        "the customer can neither choose an option nor reach a contact here; add one or the other"
    )]
    DeadEnd,
    /// A step from which a chat only goes round in circles.
    #[error(
        "from here a chat never comes to an end, a queue or a contact; add an option that leads to one"
    )]
    NoWayOut,
    /// Steps that lead to one another without a choice.
    #[error("the steps {0} lead to one another without a choice; let one of them lead elsewhere")]
    Circle(String),

    /// A flow that does not begin with the language.
    #[error(
        "the first step does not ask for the language; begin with a step of the kind `language`"
    )]
    StartWithoutLanguage,
    /// A first menu without a security topic.
    #[error(
        "the step after the language has no option that leads to a security step; customers with a stolen SIM or PIN must \
         not have to search"
    )]
    NoSecurityTopic,
    /// A security step that does not say whom to call.
    #[error("a security step shows whom to call at once; add a contact of the kind `phone`")]
    SecurityWithoutPhone,
    /// A security topic that is served by chat after all.
    #[error("a security step must not lead to a queue or a message, but {0} does; remove that way")]
    SecurityServedByChat(String),
    /// Nowhere else to go when no representative is there.
    #[error("no other channel is shown when no representative is there; add contacts")]
    UnavailableWithoutContacts,
    /// No step after the start that joins a queue.
    #[error("no way leads from the start to a queue; add a step of the kind `queue`")]
    NoWayToQueue,
    /// A way to a representative, or to a message for them, on which something is not settled.
    #[error("the way {path} does not pass {needed}; add it")]
    Unprepared {
        /// What is missing on the way.
        needed: Need,
        /// The way, step by step.
        path: String,
    },
}

/// What a chat has to be through before a representative takes it or a message is left for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Need {
    /// What the chat is about.
    #[error("a menu with `topic = true`")]
    Topic,
    /// The customer has read what to have at hand, and wants to go on.
    #[error(
        "a menu that says what to have at hand and has the options `{}`, by way of `{}`",
        CONFIRMATION.join("` and `"),
        CONFIRMATION[0]
    )]
    Confirmation,
    /// The customer's name.
    #[error("a step of the kind `name`")]
    Name,
    /// The customer's contact number.
    #[error("a step of the kind `number`")]
    Number,
}

fn what_is_filled_in(known: &[&str]) -> String {
    if known.is_empty() {
        "remove the braces".to_owned()
    } else {
        format!("only `{{{}}}` is", known.join("}`, `{"))
    }
}
