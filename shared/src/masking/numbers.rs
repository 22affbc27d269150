//! Numbers that may be a secret, and what else they may be.

use super::{
    tokens::Token,
    words::{DIGIT_WORDS, MONEY, NUMBER_ENDINGS, OTHER_THINGS_AFTER, OTHER_THINGS_BEFORE},
};

/// How many digits a PIN (5, in old accounts 4) or an OTP (4 to 8) has.
const SECRET_LENGTH: std::ops::RangeInclusive<usize> = 4..=8;

/// The years a number of four digits may be one of.
const YEARS: std::ops::RangeInclusive<u32> = 1950..=2049;

/// Digits that may be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    /// The indices of its tokens, in order.
    pub(super) tokens: Vec<usize>,
    /// Whether it is an amount of money for certain.
    pub(super) is_money: bool,
    /// Whether the words before it say what else it is.
    pub(super) is_named: bool,
    /// Whether its neighbours say that it is something else, or it may well be.
    pub(super) is_other: bool,
}

/// All numbers of `tokens` that may be a secret.
pub(super) fn candidates(tokens: &[Token]) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    let mut index = 0;
    while index < tokens.len() {
        let group = group_at(tokens, index);
        if group.is_empty() {
            index += 1;
            continue;
        }
        index = group.last().map_or(index, |last| last + 1);
        if is_phone(tokens, &group) || is_date_or_time(tokens, &group) {
            continue;
        }
        for run in runs(tokens, &group) {
            candidates.extend(candidate(tokens, run));
        }
    }
    candidates
}

/// The numbers from `index` on with nothing but punctuation between them.
fn group_at(tokens: &[Token], index: usize) -> Vec<usize> {
    let is_digit = |token: &Token| token.number().is_some() || token.is_one_of(&DIGIT_WORDS);
    let close = |token: &Token| token.gap.chars().count() <= 2 && !token.gap.contains('\n');
    let members = tokens.iter().enumerate().skip(index);
    members
        .take_while(|(place, token)| is_digit(token) && (*place == index || close(token)))
        .map(|(place, _)| place)
        .collect()
}

/// The runs of a group that stand for themselves: each long number alone, and short ones with their neighbours.
fn runs(tokens: &[Token], group: &[usize]) -> Vec<Vec<usize>> {
    let mut runs: Vec<Vec<usize>> = Vec::new();
    let mut open = false;
    for &index in group {
        let short = tokens
            .get(index)
            .is_some_and(|token| token.number().is_none_or(|number| number.len() < 4));
        match runs.last_mut() {
            Some(run) if open && short => run.push(index),
            _ => runs.push(vec![index]),
        }
        open = short;
    }
    runs
}

fn length(tokens: &[Token], run: &[usize]) -> usize {
    run.iter()
        .filter_map(|&index| tokens.get(index))
        .map(|token| token.number().map_or(1, str::len))
        .sum()
}

fn digits(tokens: &[Token], run: &[usize]) -> String {
    run.iter()
        .filter_map(|&index| tokens.get(index)?.number())
        .collect()
}

/// A Bangladeshi telephone number, in one piece or several.
fn is_phone(tokens: &[Token], group: &[usize]) -> bool {
    let digits = digits(tokens, group);
    let national = ["0088", "88"]
        .iter()
        .find_map(|prefix| digits.strip_prefix(prefix))
        .unwrap_or(&digits);
    // Mobiles have 11 digits, lines of Dhaka 10: 02 and 8.
    (national.starts_with("01") && national.len() == 11)
        || (national.starts_with("02") && national.len() == 10)
}

/// A date such as 21/02/2026 or 2026-02-21, or a time such as 10:30.
fn is_date_or_time(tokens: &[Token], group: &[usize]) -> bool {
    let parts: Vec<&Token> = group
        .iter()
        .filter_map(|&index| tokens.get(index))
        .collect();
    let separated = |by: char| parts.iter().skip(1).all(|part| part.gap.chars().eq([by]));
    let number = |token: &&Token| token.number().and_then(|number| number.parse::<u32>().ok());
    let numbers: Vec<u32> = parts.iter().filter_map(number).collect();
    if numbers.len() != parts.len() {
        return false;
    }
    match numbers.as_slice() {
        [hour, minute] | [hour, minute, _] if separated(':') => *hour < 24 && *minute < 60,
        [first, month, last] if separated('/') || separated('-') || separated('.') => {
            let (year, day) = if *first > 31 {
                (first, last)
            } else {
                (last, first)
            };
            (1..=12).contains(month)
                && (1..=31).contains(day)
                && (YEARS.contains(year) || *year < 50)
        }
        _ => false,
    }
}

fn candidate(tokens: &[Token], run: Vec<usize>) -> Option<Candidate> {
    let (&first, &last) = (run.first()?, run.last()?);
    let words = run
        .iter()
        .filter_map(|&index| tokens.get(index))
        .filter(|token| token.number().is_none())
        .count();
    let length = length(tokens, &run);
    // A word or two may be anything: "one more", "at two".
    if !SECRET_LENGTH.contains(&length) || (words > 0 && run.len() < *SECRET_LENGTH.start()) {
        return None;
    }
    let before = first.checked_sub(1).and_then(|index| tokens.get(index));
    let after = tokens.get(last + 1);
    let gap_before = tokens.get(first).map_or("", |token| token.gap.as_str());
    let gap_after = after.map_or("", |token| token.gap.as_str());
    if is_part_of_id(tokens, first, last) || gap_before.ends_with('*') || gap_after.starts_with('#')
    {
        return None;
    }
    let is_money = before
        .is_some_and(|token| token.is_one_of(&MONEY) && gap_before.chars().count() <= 1)
        || after.is_some_and(|token| token.is_one_of(&MONEY) && gap_after.is_empty())
        || gap_before.ends_with(['৳', '$'])
        || gap_after.starts_with(['৳', '$'])
        || gap_after.starts_with("/-");
    let year = digits(tokens, &run)
        .parse()
        .is_ok_and(|number| YEARS.contains(&number))
        && length == 4;
    let belongs_before = before.is_some_and(|token| token.is_one_of(&OTHER_THINGS_BEFORE));
    let two_before = first.checked_sub(2).and_then(|index| tokens.get(index));
    let named = before.is_some_and(|token| {
        token.is_one_of(&["number", "no", "nombor", "নম্বর", "নাম্বার", "is", "ta"])
    }) && two_before.is_some_and(|token| token.is_one_of(&OTHER_THINGS_BEFORE));
    let counts =
        after.is_some_and(|token| token.is_one_of(&OTHER_THINGS_AFTER) && gap_after.is_empty());
    let is_named = belongs_before || named;
    let is_other = is_money || year || is_named || counts || is_grouped_amount(tokens, &run);
    Some(Candidate {
        tokens: run,
        is_money,
        is_named,
        is_other,
    })
}

/// Letters and digits in one piece are a transaction's id, unless the letters are an ending.
fn is_part_of_id(tokens: &[Token], first: usize, last: usize) -> bool {
    let before = first.checked_sub(1).and_then(|index| tokens.get(index));
    let joined_before = tokens.get(first).is_some_and(|token| token.joined)
        && before.and_then(Token::word).is_some_and(|word| {
            !super::is_secret_word(word) && !before.is_some_and(|token| token.is_one_of(&MONEY))
        });
    let after = tokens.get(last + 1).filter(|token| token.joined);
    let joined_after =
        after.is_some_and(|token| !token.is_one_of(&NUMBER_ENDINGS) && !token.is_one_of(&MONEY));
    joined_before || joined_after
}

/// Digits in groups, as in 12,500 or 1,20,000 or 1500.50.
fn is_grouped_amount(tokens: &[Token], run: &[usize]) -> bool {
    let parts: Vec<&Token> = run.iter().filter_map(|&index| tokens.get(index)).collect();
    let ends_with_three = parts
        .last()
        .and_then(|token| token.number())
        .is_some_and(|number| number.len() == 3);
    parts.len() > 1 && ends_with_three && parts.iter().skip(1).all(|token| token.gap == ",")
}
