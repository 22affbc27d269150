//! Whether a representative asks for a secret.

use super::{
    Secret, secrets,
    tokens::{Token, tokens},
    words::{
        BUT, BY_MESSAGE, CODE, DIGIT, ELSEWHERE, HERE, IT, NEVER, NOT, OTHERS, QUESTIONS, REQUESTS,
        SENDERS, TOPICS, WHETHER,
    },
};

/// How many words before a request may forbid it: "please do not ever share".
const NEVER_REACHES: usize = 5;

/// How many words after a request may forbid it: বলবেন না, share করবেন না.
const NOT_REACHES: usize = 2;

/// Whether `text`, written by a representative, asks the customer for a PIN, an OTP or the like.
///
/// Warnings ("never share your PIN"), questions about it ("has the OTP come?") and instructions for the app ("enter
/// your PIN in the app") do not ask for it. Each statement is judged by itself, so that a warning does not excuse a
/// request that follows.
pub fn asks_for_secret(text: &str) -> bool {
    let tokens = tokens(text);
    let mut named_before = false;
    for statement in statements(&tokens) {
        let secrets = spoken_of(statement);
        let named = !secrets.is_empty() || is_number_by_message(statement);
        let refers = named_before && statement.iter().any(|token| token.is_one_of(&IT));
        if (named || refers) && is_request(statement, &secrets) {
            return true;
        }
        if !named && !refers && named_before && is_bare_request(statement) {
            return true;
        }
        named_before = named && !is_warning(statement);
    }
    false
}

/// The text in statements: what stands between full stops, and before and after a "but".
fn statements(tokens: &[Token]) -> impl Iterator<Item = &[Token]> {
    let begins = |token: &Token| {
        token.gap.contains(['.', '!', '?', '।', ';', '\n']) || token.is_one_of(&BUT)
    };
    tokens.chunk_by(move |before, token| {
        // p.i.n is one word, not three statements.
        let letter = |token: &Token| token.word().is_some_and(|word| word.chars().count() <= 2);
        let spelled = token.gap == "." && letter(before) && letter(token);
        spelled || !begins(token)
    })
}

/// The secrets that are the matter itself, not only what the matter is about.
fn spoken_of(statement: &[Token]) -> Vec<Secret> {
    let is_topic = |secret: &Secret| {
        statement
            .get(secret.last + 1)
            .is_some_and(|next| next.is_one_of(&TOPICS))
    };
    secrets(statement)
        .into_iter()
        .filter(|secret| !is_topic(secret))
        .collect()
}

/// "The six digits you got by SMS": an OTP by another name.
fn is_number_by_message(statement: &[Token]) -> bool {
    let has = |words: &[&str]| statement.iter().any(|token| token.is_one_of(words));
    has(&DIGIT) && has(&BY_MESSAGE)
}

fn is_request(statement: &[Token], secrets: &[Secret]) -> bool {
    let has = |words: &[&str]| statement.iter().any(|token| token.is_one_of(words));
    let to_us = has(&HERE);
    if !to_us && (has(&OTHERS) || has(&ELSEWHERE)) {
        return false;
    }
    if is_question_for(statement, secrets) {
        return true;
    }
    let requests = statement.iter().enumerate().filter(|(index, token)| {
        token.is_one_of(&REQUESTS) && !is_number_of_days(statement, *index)
    });
    let mut requests = requests
        .filter(|(index, _)| !is_forbidden(statement, *index) && !is_other_way(statement, *index));
    requests.any(|(index, _)| {
        !statement
            .iter()
            .skip(index)
            .any(|token| token.is_one_of(&WHETHER))
    })
}

/// "What is your PIN", "পিন কত": a question that the secret answers.
fn is_question_for(statement: &[Token], secrets: &[Secret]) -> bool {
    let word = |index: usize| statement.get(index);
    secrets.iter().any(|secret| {
        let mut end = secret.last + 1;
        while word(end).is_some_and(|token| token.is_one_of(&CODE) || token.is_one_of(&["নম্বর", "number", "নাম্বার", "টা", "ta", "টি"])) {
            end += 1;
        }
        let asked_after = word(end).is_some_and(|token| token.is_one_of(&QUESTIONS)) && word(end + 1).is_none();
        let what = statement.iter().take(secret.first).position(|token| token.is_one_of(&["what", "whats", "which", "need", "require", "know"]));
        let asked_before = what.is_some_and(|what| {
            let between = statement.get(what + 1..secret.first).unwrap_or_default();
            between.iter().all(|token| token.is_one_of(&["is", "s", "are", "your", "the", "ur", "apnar", "of"]))
                && !is_forbidden(statement, what)
        });
        let have = statement.get(..secret.first).is_some_and(|before| {
            before.windows(3).any(|words| {
                matches!(words, [may, us, have] if may.is_one_of(&["may", "can", "could"])
                    && us.is_one_of(&["i", "we"]) && have.is_one_of(&["have", "get", "know", "see"]))
            })
        });
        asked_after || asked_before || have
    })
}

/// দিন after a number is a day.
fn is_number_of_days(statement: &[Token], index: usize) -> bool {
    let days = statement
        .get(index)
        .is_some_and(|token| token.is_one_of(&["দিন", "din"]));
    days && index
        .checked_sub(1)
        .and_then(|before| statement.get(before))
        .is_some_and(|before| before.number().is_some())
}

/// Whether the request at `index` is one not to do it.
fn is_forbidden(statement: &[Token], index: usize) -> bool {
    let before = statement
        .get(index.saturating_sub(NEVER_REACHES)..index)
        .unwrap_or_default();
    let after = statement.iter().skip(index + 1).take(NOT_REACHES);
    before.iter().any(|token| token.is_one_of(&NEVER))
        || after.into_iter().any(|token| token.is_one_of(&NOT))
}

/// "We will send you an OTP": the secret goes to the customer.
fn is_other_way(statement: &[Token], index: usize) -> bool {
    let sends = statement.get(index).is_some_and(|token| {
        token.is_one_of(&[
            "send",
            "give",
            "text",
            "forward",
            "provide",
            "পাঠিয়ে",
            "pathiye",
            "দিয়ে",
            "diye",
            "দেয়া",
        ])
    });
    let before = statement
        .get(index.saturating_sub(3)..index)
        .unwrap_or_default();
    sends
        && before.iter().any(|token| token.is_one_of(&SENDERS))
        && !before.iter().any(|token| token.is_one_of(&HERE))
}

/// A request with nothing in it but the request: "please tell me".
fn is_bare_request(statement: &[Token]) -> bool {
    let short = statement.len() <= 4;
    short && is_request(statement, &[]) && statement.iter().any(|token| token.is_one_of(&HERE))
}

/// A statement that forbids.
fn is_warning(statement: &[Token]) -> bool {
    statement
        .iter()
        .any(|token| token.is_one_of(&NEVER) || token.is_one_of(&NOT) || token.is_one_of(&OTHERS))
}
