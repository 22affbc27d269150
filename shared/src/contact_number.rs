//! A customer's contact number: a Bangladeshi mobile.

use std::{error::Error, fmt};

use alap_flow::Language;

use crate::digits;

/// Digits of a mobile number as it is dialled within the country.
const NATIONAL_LENGTH: usize = 11;

/// How many characters of the E.164 form stand before the national one: `+88`.
const COUNTRY_PREFIX: usize = 3;

/// A Bangladeshi mobile number.
///
/// By the National Numbering Plan 2017 of the Bangladesh Telecommunication Regulatory Commission (BTRC) a mobile
/// number is, dialled within the country, 11 digits: the trunk prefix 0, an operator's code 13 to 19, eight digits of
/// the subscriber's. Since numbers are ported between operators the code says nothing about who serves it. The country
/// code is 880, whose last digit the trunk prefix coincides with, so that `+88` before the national form is the E.164
/// form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactNumber(String);

/// Why a text can't be a contact number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContactNumberError {
    /// Nothing but white space, or nothing at all.
    Empty,
    /// Something in it is neither a digit nor what people write between digits.
    NotANumber,
    /// Too few or too many digits.
    WrongLength {
        /// How many digits there were, not counting the country code; 11 are needed.
        digits: usize,
    },
    /// A number, but no Bangladeshi mobile: a landline, a short code, a foreign number.
    NotAMobile,
}

impl ContactNumber {
    /// The number in `text`: in Bangla, Latin or full-width digits, with or without `+88`, `0088` or `88` before it,
    /// with spaces, hyphens, dots and parentheses anywhere.
    pub fn parse(text: &str) -> Result<Self, ContactNumberError> {
        let (international, all) = digits_of(text)?;
        let national = without_country(&all);
        if international && national == all {
            return Err(ContactNumberError::NotAMobile);
        }
        let count = national.len();
        let is_landline = national.starts_with('0') && !national.starts_with("01");
        if count != NATIONAL_LENGTH && !(is_landline && (9..NATIONAL_LENGTH).contains(&count)) {
            return Err(ContactNumberError::WrongLength { digits: count });
        }
        match national.as_bytes() {
            [b'0', b'1', b'3'..=b'9', ..] => Ok(Self(format!("+88{national}"))),
            _ => Err(ContactNumberError::NotAMobile),
        }
    }

    /// The number as ITU-T E.164 has it: `+8801712345678`.
    pub fn as_e164(&self) -> &str {
        &self.0
    }

    /// The number as it is written in the country, `01712-345678`, in the digits of `language`.
    pub fn local(&self, language: Language) -> String {
        self.written(language, |_, digit| digit)
    }

    /// The number with all but the first two and the last three digits hidden, `01•••-•••678`, in the digits of
    /// `language`: enough for its owner to recognise it.
    pub fn masked(&self, language: Language) -> String {
        self.written(language, |place, digit| {
            if (2..8).contains(&place) {
                '•'
            } else {
                digit
            }
        })
    }

    /// The national form, a hyphen after five digits, each digit put through `show` with its place from 0.
    fn written(&self, language: Language, show: impl Fn(usize, char) -> char) -> String {
        let mut written = String::new();
        for (place, digit) in self.0.chars().skip(COUNTRY_PREFIX).enumerate() {
            if place == 5 {
                written.push('-');
            }
            written.push(show(place, digit));
        }
        digits::localise(&written, language)
    }
}

/// The digits of `text` in Latin, and whether there is a `+` before them.
fn digits_of(text: &str) -> Result<(bool, String), ContactNumberError> {
    let mut international = false;
    let mut found = String::new();
    let mut empty = true;
    for character in text.chars() {
        if character.is_whitespace() || is_invisible(character) {
            continue;
        }
        empty = false;
        match character {
            '+' | '＋' if found.is_empty() && !international => international = true,
            '-'
            | '.'
            | '('
            | ')'
            | '\u{2010}'..='\u{2015}'
            | '\u{2212}'
            | '－'
            | '．'
            | '（'
            | '）' => {}
            _ => {
                let digit = digits::to_latin(character).ok_or(ContactNumberError::NotANumber)?;
                found.push(char::from(b'0' + digit));
            }
        }
    }
    match (empty, found.is_empty()) {
        (true, _) => Err(ContactNumberError::Empty),
        (false, true) => Err(ContactNumberError::NotANumber),
        (false, false) => Ok((international, found)),
    }
}

/// `digits` without the country code. People also write the trunk prefix again after the whole of it, `+880 (0)17…`.
fn without_country(digits: &str) -> &str {
    let digits = digits
        .strip_prefix("00")
        .filter(|rest| rest.starts_with("88"))
        .unwrap_or(digits);
    match digits.strip_prefix("88") {
        Some(rest) if rest.starts_with("00") => rest.strip_prefix('0').unwrap_or(rest),
        Some(rest) => rest,
        None => digits,
    }
}

/// Characters without width that come along with copied numbers, and marks of direction around them.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}'
    )
}

impl fmt::Display for ContactNumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("a contact number is needed"),
            Self::NotANumber => f.write_str("a contact number has nothing but digits"),
            Self::WrongLength { digits } => {
                write!(
                    f,
                    "a contact number has {NATIONAL_LENGTH} digits, not {digits}"
                )
            }
            Self::NotAMobile => f.write_str("the contact number is no Bangladeshi mobile"),
        }
    }
}

impl Error for ContactNumberError {}

#[cfg(test)]
mod tests {
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn takes_a_mobile_however_it_is_written() {
        for text in [
            "01712345678",
            " 01712-345678 ",
            "017 1234 5678",
            "017.12.34.56.78",
            "(017) 12345678",
            "+8801712345678",
            "+88 01712-345678",
            "+880 1712 345678",
            "+880 (0)1712-345678",
            "008801712345678",
            "8801712345678",
            "88 01712 345678",
            "০১৭১২৩৪৫৬৭৮",
            "+৮৮০১৭১২-৩৪৫৬৭৮",
            "০১৭12৩৪৫৬৭৮",
            "０１７１２３４５６７８",
            "＋８８０１７１２３４５６７８",
            "01712–345678",
            "\u{202A}+8801712345678\u{202C}",
            "017\u{200B}12345678",
        ] {
            let number = ContactNumber::parse(text);
            assert_eq!(
                number.as_ref().map(ContactNumber::as_e164),
                Ok("+8801712345678"),
                "{text}"
            );
        }
    }

    #[test]
    fn takes_every_operator_code() {
        for code in 3..=9 {
            let number = ContactNumber::parse(&format!("01{code}00000000")).expect("a mobile");
            assert_eq!(number.as_e164(), format!("+8801{code}00000000"));
        }
    }

    #[test]
    fn refuses_what_is_no_mobile() {
        use ContactNumberError::{Empty, NotAMobile, NotANumber, WrongLength};
        for (text, error) in [
            ("", Empty),
            (" \u{200B}\n", Empty),
            ("-", NotANumber),
            ("+", NotANumber),
            ("রহিমা", NotANumber),
            ("01712345678x", NotANumber),
            ("017123+45678", NotANumber),
            ("++8801712345678", NotANumber),
            ("০১৭১২৩৪৫৬৭৮।", NotANumber),
            ("0171234567", WrongLength { digits: 10 }),
            ("017123456789", WrongLength { digits: 12 }),
            ("1712345678", WrongLength { digits: 10 }),
            ("+88 0171234567", WrongLength { digits: 10 }),
            ("88", WrongLength { digits: 0 }),
            ("16247", WrongLength { digits: 5 }),
            ("01212345678", NotAMobile),
            ("01012345678", NotAMobile),
            ("02-55663001", NotAMobile),
            ("+880 2 55663001", NotAMobile),
            ("09612345678", NotAMobile),
            ("+1 202 555 0123", NotAMobile),
            ("+91 98765 43210", NotAMobile),
        ] {
            assert_eq!(ContactNumber::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn writes_it_in_the_language() {
        let number = ContactNumber::parse("+8801712345678").expect("a mobile");
        assert_eq!(number.local(Language::En), "01712-345678");
        assert_eq!(number.local(Language::Bn), "০১৭১২-৩৪৫৬৭৮");
        assert_eq!(number.masked(Language::En), "01•••-•••678");
        assert_eq!(number.masked(Language::Bn), "০১•••-•••৬৭৮");
        assert_eq!(
            ContactNumber::parse(&number.local(Language::Bn)),
            Ok(number)
        );
    }
}
