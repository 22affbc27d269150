//! Digits as customers type them: Bangla, Latin and full-width.

use alap_flow::Language;

/// The Bangla digit zero; the other nine follow it in order.
const BANGLA_ZERO: u32 = 0x09E6;

/// The full-width digit zero, of East Asian keyboards and of those who hope that nobody looks for it.
const FULL_WIDTH_ZERO: u32 = 0xFF10;

/// The value, 0 to 9, of a Bangla, Latin or full-width digit.
pub fn to_latin(character: char) -> Option<u8> {
    let code = u32::from(character);
    [u32::from('0'), BANGLA_ZERO, FULL_WIDTH_ZERO]
        .into_iter()
        .filter_map(|zero| u8::try_from(code.checked_sub(zero)?).ok())
        .find(|value| *value <= 9)
}

/// `text` with its Latin digits written in the digits of `language`; all else stays.
pub fn localise(text: &str, language: Language) -> String {
    match language {
        Language::Bn => text.chars().map(to_bangla).collect(),
        Language::En => text.to_owned(),
    }
}

fn to_bangla(character: char) -> char {
    character
        .to_digit(10)
        .and_then(|value| char::from_u32(BANGLA_ZERO + value))
        .unwrap_or(character)
}

#[cfg(test)]
mod tests {
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn reads_three_kinds_of_digits() {
        for digits in ["0123456789", "০১২৩৪৫৬৭৮৯", "０１２３４５６７８９"]
        {
            let values: Vec<_> = digits.chars().map(to_latin).collect();
            let expected: Vec<_> = (0..10).map(Some).collect();
            assert_eq!(values, expected, "{digits}");
        }
    }

    #[test]
    fn reads_nothing_else() {
        for character in [
            '/', ':', '\u{09E5}', 'ৰ', '／', '：', 'a', '٣', '३', '½', '²', '\0',
        ] {
            assert_eq!(to_latin(character), None, "{character:?}");
        }
    }

    #[test]
    fn writes_digits_in_the_language() {
        assert_eq!(localise("9:05, 10 মিনিট", Language::Bn), "৯:০৫, ১০ মিনিট");
        assert_eq!(localise("9:05, ১০ min", Language::En), "9:05, ১০ min");
    }
}
