//! A text as words and numbers, however it is spelled.

use crate::digits;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: Kind,
    /// The first character of it, counted in characters of the whole text.
    pub(super) start: usize,
    /// The character behind it.
    pub(super) end: usize,
    /// What stands between the token before and this one, without white space and what nobody sees.
    pub(super) gap: String,
    /// Whether nothing at all stands between the token before and this one.
    pub(super) joined: bool,
}

/// What a piece of a text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, in lower case and without nuktas, so that every spelling of one word is the same.
    Word(String),
    /// Digits of any script, as Latin ones.
    Number(String),
}

impl Token {
    pub(super) fn word(&self) -> Option<&str> {
        match &self.kind {
            Kind::Word(word) => Some(word),
            Kind::Number(_) => None,
        }
    }

    pub(super) fn number(&self) -> Option<&str> {
        match &self.kind {
            Kind::Number(number) => Some(number),
            Kind::Word(_) => None,
        }
    }

    /// Whether this is one of `words`, which are written as people write them.
    pub(super) fn is_one_of(&self, words: &[&str]) -> bool {
        self.word().is_some_and(|word| is_one_of(word, words))
    }
}

/// Whether `word`, in the form tokens have, is one of `words`.
pub(super) fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|entry| same(word, entry))
}

/// Whether `word`, in the form tokens have, is `entry` as people write it.
pub(super) fn same(word: &str, entry: &str) -> bool {
    word.chars().eq(entry.chars().filter_map(plain))
}

/// What of `word`, in the form tokens have, comes after `beginning` as people write it.
pub(super) fn after_beginning<'a>(word: &'a str, beginning: &str) -> Option<&'a str> {
    let mut rest = word.chars();
    for expected in beginning.chars().filter_map(plain) {
        if rest.next() != Some(expected) {
            return None;
        }
    }
    Some(rest.as_str())
}

/// The pieces of `text`.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut gap = String::new();
    let mut joined = false;
    for (place, character) in text.chars().enumerate() {
        if is_invisible(character) {
            continue;
        }
        let digit = digits::to_latin(character).map(|value| char::from(b'0' + value));
        let is_letter = digit.is_none() && (character.is_alphabetic() || is_mark(character));
        if digit.is_none() && !is_letter {
            joined = false;
            if !character.is_whitespace() {
                gap.push(character);
            } else if character == '\n' {
                gap.push('\n');
            }
            continue;
        }
        let same_kind = |token: &Token| token.number().is_some() == digit.is_some();
        if !joined || !tokens.last().is_some_and(same_kind) {
            let kind = if digit.is_some() {
                Kind::Number(String::new())
            } else {
                Kind::Word(String::new())
            };
            let gap = std::mem::take(&mut gap);
            tokens.push(Token {
                kind,
                start: place,
                end: place,
                gap,
                joined,
            });
        }
        if let Some(token) = tokens.last_mut() {
            token.end = place + 1;
            match (&mut token.kind, digit) {
                (Kind::Number(number), Some(digit)) => number.push(digit),
                (Kind::Word(word), _) => word.extend(plain(character)),
                (Kind::Number(_), None) => {}
            }
        }
        joined = true;
    }
    tokens
}

/// A letter as it is compared: in lower case, full-width forms as ASCII, Bangla's য় ড় ঢ় without the dot, which some
/// keyboards write as one character and some as two.
fn plain(letter: char) -> Option<char> {
    match letter {
        '\u{09BC}' => None,
        '\u{09DC}' => Some('ড'),
        '\u{09DD}' => Some('ঢ'),
        '\u{09DF}' => Some('য'),
        '\u{09C0}' => Some('\u{09BF}'),
        '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}' => {
            char::from_u32(u32::from(letter) - 0xFEE0).map(|letter| letter.to_ascii_lowercase())
        }
        _ if is_invisible(letter) => None,
        // The two letters outside ASCII that would be these; Unicode's whole table of them takes 12 KB.
        '\u{0130}' => Some('i'),
        '\u{212A}' => Some('k'),
        _ => Some(letter.to_ascii_lowercase()),
    }
}

/// Vowel signs and other marks of Bangla, which are no letters by themselves.
fn is_mark(character: char) -> bool {
    matches!(character, '\u{0981}'..='\u{0983}' | '\u{09BC}'..='\u{09D7}')
}

/// What takes no room: joiners, soft hyphens, marks of direction, variation selectors.
pub(super) fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
        || character.is_control() && !matches!(character, '\n' | '\t' | '\r')
}
