//! PIN and OTP protection, in both directions and before anything is stored: a customer's digits are hidden, a
//! representative's request is recognised. Bangla, English and Bangla in Latin letters; any script's digits, spelled
//! apart or as words.
//!
//! A text is read as words and numbers. A number of four to eight digits next to a word for a secret is taken for the
//! secret, unless its neighbours say what else it is: an amount, a telephone number, a date, an id. In doubt it is
//! hidden: a customer can write an amount again, but not take back a PIN.

mod asking;
mod numbers;
mod tokens;
mod words;

#[cfg(test)]
mod examples;

use crate::digits;
use tokens::{Kind, Token, after_beginning, is_invisible, is_one_of, same, tokens};
use words::{CODE, LINKS, OTHER_CODES, SECRET_PAIRS, SECRETS};

pub use asking::asks_for_secret;

/// How many words may stand between a secret's name and its digits when nothing else says what the digits are.
const NEAR: usize = 8;

/// How many words may stand between them when all of these are links, as in "the new one is".
const LINKED: usize = 5;

/// What takes a digit's place.
const HIDDEN: char = '•';

/// A text without its secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masked {
    /// The text with a `•` for each digit that was hidden; a digit written as a word becomes one as well.
    pub text: String,
    /// Whether anything was hidden.
    pub hidden: bool,
}

/// A text somebody wants to send, and all there is to know about secrets in it.
///
/// A text is screened where it comes in, and a chat decides by what was found: what only closes or reads chats does
/// without the words for secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screened {
    text: String,
    masked: Masked,
    masked_after_mention: Masked,
    mentions_secret: bool,
    asks_for_secret: bool,
}

impl Screened {
    /// Screens `text`.
    pub fn new(text: String) -> Self {
        Self {
            masked: mask_customer(&text, false),
            masked_after_mention: mask_customer(&text, true),
            mentions_secret: mentions_secret(&text),
            asks_for_secret: asks_for_secret(&text),
            text,
        }
    }

    /// The text as it came. It may have a secret in it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// See [`mask_customer`].
    pub fn masked(&self, secret_mentioned_before: bool) -> &Masked {
        if secret_mentioned_before {
            &self.masked_after_mention
        } else {
            &self.masked
        }
    }

    /// See [`mentions_secret`].
    pub fn mentions_secret(&self) -> bool {
        self.mentions_secret
    }

    /// See [`asks_for_secret`].
    pub fn asks_for_secret(&self) -> bool {
        self.asks_for_secret
    }
}

/// Hides the digits of a PIN or an OTP in what a customer wrote.
///
/// `secret_mentioned_before` says whether the text before this one, by either side, spoke of a secret: then digits
/// that come alone are taken for it.
pub fn mask_customer(text: &str, secret_mentioned_before: bool) -> Masked {
    let tokens = tokens(text);
    let secrets = secrets(&tokens);
    let candidates = numbers::candidates(&tokens);
    let alone =
        secret_mentioned_before && candidates.len() == 1 && is_nothing_else(&tokens, &candidates);
    let hidden: Vec<_> = candidates
        .iter()
        .filter(|candidate| {
            alone
                || secrets
                    .iter()
                    .any(|secret| belongs(&tokens, secret, candidate))
        })
        .collect();
    if hidden.is_empty() {
        return Masked {
            text: text.to_owned(),
            hidden: false,
        };
    }
    let mut masked = String::with_capacity(text.len());
    for (place, character) in text.chars().enumerate() {
        let within = hidden
            .iter()
            .flat_map(|candidate| &candidate.tokens)
            .filter_map(|&index| tokens.get(index));
        match within
            .clone()
            .find(|token| (token.start..token.end).contains(&place))
        {
            None => masked.push(character),
            // A digit that is a word becomes one dot, so that its length tells nothing.
            Some(Token {
                kind: Kind::Word(_),
                start,
                ..
            }) if place > *start => {}
            Some(_) if is_invisible(character) => masked.push(character),
            Some(_) => masked.push(HIDDEN),
        }
    }
    Masked {
        text: masked,
        hidden: true,
    }
}

/// What may be seen of a text that is still being written: nothing once it, or the text before it, speaks of a secret,
/// and no digit, since what digits are shows only when the text is whole.
pub fn preview(text: &str, secret_mentioned_before: bool) -> String {
    if secret_mentioned_before || mentions_secret(text) {
        return String::new();
    }
    let hide = |character| digits::to_latin(character).map_or(character, |_| HIDDEN);
    text.chars().map(hide).collect()
}

/// Whether `text` speaks of a PIN, an OTP or the like.
pub fn mentions_secret(text: &str) -> bool {
    !secrets(&tokens(text)).is_empty()
}

/// Where a secret is named: the indices of its first and last token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Secret {
    first: usize,
    last: usize,
}

/// All places where a secret is named.
fn secrets(tokens: &[Token]) -> Vec<Secret> {
    (0..tokens.len())
        .filter_map(|index| secret_at(tokens, index))
        .collect()
}

/// The secret whose name begins at `index`.
fn secret_at(tokens: &[Token], index: usize) -> Option<Secret> {
    let token = tokens.get(index)?;
    let one = |last| Some(Secret { first: index, last });
    // 0TP with a zero.
    if token.number() == Some("0")
        && tokens
            .get(index + 1)
            .is_some_and(|next| next.joined && next.is_one_of(&["tp"]))
    {
        return one(index + 1);
    }
    let word = token.word()?;
    if is_secret_word(word) {
        return one(index);
    }
    let next = tokens.get(index + 1);
    let pairs = |(first, second): &(&[&str], &[&str])| {
        is_one_of(word, first) && next.is_some_and(|next| next.is_one_of(second))
    };
    if SECRET_PAIRS.iter().any(pairs) {
        return one(index + 1);
    }
    if is_one_of(word, &CODE) {
        let before = index.checked_sub(1).and_then(|before| tokens.get(before));
        return if before.is_some_and(|before| before.is_one_of(&OTHER_CODES)) {
            None
        } else {
            one(index)
        };
    }
    spelled_apart(tokens, index)
}

fn is_secret_word(word: &str) -> bool {
    SECRETS.iter().any(|(name, endings)| {
        after_beginning(word, name)
            .is_some_and(|rest| endings.iter().any(|ending| same(rest, ending)))
    })
}

/// A name spelled in pieces, as in p.i.n or ও টি পি.
fn spelled_apart(tokens: &[Token], index: usize) -> Option<Secret> {
    let mut spelled = String::new();
    for (last, token) in tokens.iter().enumerate().skip(index).take(5) {
        let piece = token.word()?;
        // Pieces are a letter, with its vowel sign in Bangla: anything longer is a word of its own.
        let most = if piece.is_ascii() { 1 } else { 2 };
        if piece.chars().count() > most {
            return None;
        }
        spelled.push_str(piece);
        if last > index && is_secret_word(&spelled) {
            return Some(Secret { first: index, last });
        }
    }
    None
}

/// Whether the digits of `candidate` are those of `secret`.
fn belongs(tokens: &[Token], secret: &Secret, candidate: &numbers::Candidate) -> bool {
    let (Some(&first), Some(&last)) = (candidate.tokens.first(), candidate.tokens.last()) else {
        return false;
    };
    let between = if secret.last < first {
        secret.last + 1..first
    } else {
        last + 1..secret.first
    };
    let between = tokens.get(between).unwrap_or_default();
    let words = || between.iter().filter(|token| token.word().is_some());
    let linked = between.len() <= LINKED && between.iter().all(|token| token.is_one_of(&LINKS));
    // "Balance 50000, pin ok": what has a name of its own is not presented by what comes after it.
    let presented = secret.last < first || !candidate.is_named;
    if linked && presented && !candidate.is_money {
        return true;
    }
    !candidate.is_other && words().count() <= NEAR
}

/// Whether there is nothing in the text but the one candidate and words that present it.
fn is_nothing_else(tokens: &[Token], candidates: &[numbers::Candidate]) -> bool {
    let within = |index: usize| {
        candidates
            .iter()
            .any(|candidate| candidate.tokens.contains(&index))
    };
    let presents =
        |token: &Token| token.is_one_of(&LINKS) || token.is_one_of(&words::NUMBER_ENDINGS);
    let other = candidates
        .iter()
        .any(|candidate| candidate.is_money || candidate.is_other);
    !other
        && tokens
            .iter()
            .enumerate()
            .all(|(index, token)| within(index) || presents(token))
}
