//! A customer's name, in any script.

use std::{error::Error, fmt};

/// The most code points of a name, as the customer is told.
pub const MAX_CODE_POINTS: usize = 60;

/// A customer's name: one line, 1 to [`MAX_CODE_POINTS`] code points, at least one of them a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonName(String);

/// Why a text can't be a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PersonNameError {
    /// Nothing but white space, or nothing at all.
    Empty,
    /// More than [`MAX_CODE_POINTS`].
    TooLong {
        /// How many code points there were, white space trimmed and collapsed.
        code_points: usize,
    },
    /// Digits or punctuation only.
    NoLetter,
    /// A control character, or one that changes the direction of the text around it and so lets a name pass for
    /// something else on a representative's screen.
    Forbidden(char),
}

impl PersonName {
    /// The name in `text`, trimmed, every run of white space one space.
    pub fn parse(text: &str) -> Result<Self, PersonNameError> {
        let visible = text.replace(is_invisible, "");
        let name = visible.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() {
            return Err(PersonNameError::Empty);
        }
        if let Some(character) = name.chars().find(|character| is_forbidden(*character)) {
            return Err(PersonNameError::Forbidden(character));
        }
        let code_points = name.chars().count();
        if code_points > MAX_CODE_POINTS {
            return Err(PersonNameError::TooLong { code_points });
        }
        if !name.chars().any(is_letter) {
            return Err(PersonNameError::NoLetter);
        }
        Ok(Self(name))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Characters that are dropped, since nobody sees them and a copied text is full of them: soft hyphen, zero-width
/// space, word joiner, byte order mark. Zero-width joiner and non-joiner stay: Bangla is spelled with them.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{00AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}')
}

/// Control characters, and the embeddings, overrides and isolates of the Unicode Bidirectional Algorithm (UAX #9).
fn is_forbidden(character: char) -> bool {
    character.is_control() || matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// A letter that can be seen: Unicode counts the Hangul fillers as letters, though they are blank.
fn is_letter(character: char) -> bool {
    character.is_alphabetic()
        && !matches!(character, '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}')
}

impl fmt::Display for PersonNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("a name is needed"),
            Self::TooLong { code_points } => {
                write!(
                    f,
                    "a name has at most {MAX_CODE_POINTS} code points, not {code_points}"
                )
            }
            Self::NoLetter => f.write_str("a name has at least one letter"),
            Self::Forbidden(character) => {
                write!(f, "a name must not contain U+{:04X}", u32::from(*character))
            }
        }
    }
}

impl Error for PersonNameError {}

#[cfg(test)]
mod tests {
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn parse(text: &str) -> Result<String, PersonNameError> {
        PersonName::parse(text).map(|name| name.as_str().to_owned())
    }

    #[test]
    fn takes_names_in_any_script() {
        for name in [
            "রহিমা খাতুন",
            "Md. Abdul Karim",
            "র‍্যাশ",
            "ਹਰਪ੍ਰੀਤ",
            "محمد",
            "李",
            "O'Neill-Díaz",
            "e\u{301}",
            "ক্‌ষ",
            "3rd Rahim",
        ] {
            assert_eq!(parse(name).as_deref(), Ok(name));
        }
    }

    #[test]
    fn trims_and_collapses_white_space() {
        assert_eq!(
            parse(" \tরহিমা \u{00A0}\n খাতুন\u{2003}").as_deref(),
            Ok("রহিমা খাতুন")
        );
        assert_eq!(parse("Ka\u{AD}rim\u{200B}\u{FEFF}").as_deref(), Ok("Karim"));
    }

    #[test]
    fn counts_code_points_after_trimming() {
        let longest = "ক".repeat(MAX_CODE_POINTS);
        assert_eq!(parse(&format!("  {longest}  ")), Ok(longest.clone()));
        assert_eq!(
            parse(&format!("{longest}া")),
            Err(PersonNameError::TooLong {
                code_points: MAX_CODE_POINTS + 1
            })
        );
    }

    #[test]
    fn refuses_what_is_no_name() {
        for (text, error) in [
            ("", PersonNameError::Empty),
            (" \n\u{200B}\t", PersonNameError::Empty),
            ("01712-345678", PersonNameError::NoLetter),
            ("১২৩ ।", PersonNameError::NoLetter),
            ("\u{200C}\u{200D}", PersonNameError::NoLetter),
            ("\u{3164}", PersonNameError::NoLetter),
            ("Ra\0him", PersonNameError::Forbidden('\0')),
            ("Rahim\u{7F}", PersonNameError::Forbidden('\u{7F}')),
            ("\u{202E}mihaR", PersonNameError::Forbidden('\u{202E}')),
            (
                "\u{2066}Rahim\u{2069}",
                PersonNameError::Forbidden('\u{2066}'),
            ),
        ] {
            assert_eq!(parse(text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn takes_its_own_names_back() {
        let name = PersonName::parse("  রহিমা   খাতুন ").expect("a name");
        assert_eq!(PersonName::parse(name.as_str()), Ok(name));
    }
}
