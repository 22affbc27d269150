//! The details a representative may ask for: what a value of each looks like.

use litemap::LiteMap;
use serde::{Serialize, Serializer};

use crate::{chat::FormField, digits, refusal::Refusal};

/// The values of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormValues {
    /// See [`FormField::DateOfBirth`]: year-month-day.
    pub date_of_birth: Option<String>,
    /// See [`FormField::NidNumber`]: digits only.
    pub nid_number: Option<String>,
    /// See [`FormField::LastTransactionAmount`]: digits with at most one point.
    pub last_transaction_amount: Option<String>,
}

/// All fields there are.
pub const FIELDS: [FormField; 3] = [
    FormField::DateOfBirth,
    FormField::NidNumber,
    FormField::LastTransactionAmount,
];

/// How many digits a number of a national identity card has: smart cards 10, older ones 13, or 17 with the year of
/// birth in front (Bangladesh Election Commission).
const NID_DIGITS: [usize; 3] = [10, 13, 17];

/// The most digits of an amount, before and after the point.
const AMOUNT_DIGITS: (usize, usize) = (9, 2);

impl FormField {
    /// The field's name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::DateOfBirth => "date-of-birth",
            Self::NidNumber => "nid-number",
            Self::LastTransactionAmount => "last-transaction-amount",
        }
    }

    /// The field with this name.
    pub fn parse(name: &str) -> Option<Self> {
        FIELDS.into_iter().find(|field| field.name() == name)
    }

    /// `value` in Latin digits and the usual form, or what would be right.
    fn check(self, value: &str) -> Result<String, &'static str> {
        let latin = |c: char| digits::to_latin(c).map_or(c, |digit| char::from(b'0' + digit));
        let value: String = value.trim().chars().map(latin).collect();
        match self {
            Self::DateOfBirth => {
                date(&value).ok_or("a date such as 1990-12-31 or 31/12/1990 is needed")
            }
            Self::NidNumber => {
                let number: String = value.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
                let fits = number.bytes().all(|byte| byte.is_ascii_digit())
                    && NID_DIGITS.contains(&number.len());
                fits.then_some(number)
                    .ok_or("a number of 10, 13 or 17 digits is needed")
            }
            Self::LastTransactionAmount => {
                let amount: String = value.chars().filter(|c| !matches!(c, ' ' | ',')).collect();
                let (whole, fraction) = amount.split_once('.').unwrap_or((&amount, "0"));
                let digits = |part: &str, most| {
                    (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
                };
                let fits = digits(whole, AMOUNT_DIGITS.0) && digits(fraction, AMOUNT_DIGITS.1);
                fits.then_some(amount.clone())
                    .ok_or("an amount in taka such as 1500 or 1500.50 is needed")
            }
        }
    }
}

impl Serialize for FormValues {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let values = FIELDS.into_iter().zip(self.texts());
        let given = values.filter_map(|(field, value)| Some((field.name(), value?)));
        serializer.collect_map(given)
    }
}

/// The values in the order of [`FIELDS`], as they are kept.
impl From<[Option<String>; 3]> for FormValues {
    fn from([date_of_birth, nid_number, last_transaction_amount]: [Option<String>; 3]) -> Self {
        Self {
            date_of_birth,
            nid_number,
            last_transaction_amount,
        }
    }
}

impl FormValues {
    /// The values of the known fields, checked.
    pub fn check(values: &LiteMap<String, String>) -> Result<Self, Refusal> {
        let mut checked = Self::default();
        for (name, value) in values {
            let path = format!("values.{name}");
            let field = FormField::parse(name)
                .ok_or_else(|| Refusal::field(&path, "there is no such field"))?;
            let value = field
                .check(value)
                .map_err(|problem| Refusal::field(&path, problem))?;
            *checked.value_mut(field) = Some(value);
        }
        Ok(checked)
    }

    /// The values in the order of [`FIELDS`].
    pub fn texts(&self) -> [Option<&str>; 3] {
        FIELDS.map(|field| self.value(field))
    }

    /// The fields that have a value.
    pub fn fields(&self) -> impl Iterator<Item = FormField> {
        FIELDS
            .into_iter()
            .filter(|&field| self.value(field).is_some())
    }

    /// The values of `fields` alone.
    #[must_use]
    pub fn only(mut self, fields: &[FormField]) -> Self {
        for field in FIELDS {
            if !fields.contains(&field) {
                *self.value_mut(field) = None;
            }
        }
        self
    }

    fn value(&self, field: FormField) -> Option<&str> {
        match field {
            FormField::DateOfBirth => self.date_of_birth.as_deref(),
            FormField::NidNumber => self.nid_number.as_deref(),
            FormField::LastTransactionAmount => self.last_transaction_amount.as_deref(),
        }
    }

    fn value_mut(&mut self, field: FormField) -> &mut Option<String> {
        match field {
            FormField::DateOfBirth => &mut self.date_of_birth,
            FormField::NidNumber => &mut self.nid_number,
            FormField::LastTransactionAmount => &mut self.last_transaction_amount,
        }
    }
}

/// A date as year-month-day; the day may come first where slashes or points stand between.
fn date(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let [first, month, last] = parts.as_slice() else {
        return None;
    };
    let (year, day) = if first.len() == 4 {
        (first, last)
    } else {
        (last, first)
    };
    let number = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| text.parse::<u32>().ok())?
    };
    let (year, month, day) = (number(year)?, number(month)?, number(day)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return None,
    };
    ((1900..=2100).contains(&year) && (1..=days).contains(&day))
        .then(|| format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn values_are_read_as_customers_write_them() {
        let table = [
            (FormField::DateOfBirth, "1990-12-31", Some("1990-12-31")),
            (FormField::DateOfBirth, "৩১/১২/১৯৯০", Some("1990-12-31")),
            (FormField::DateOfBirth, "1.2.2000", Some("2000-02-01")),
            (FormField::DateOfBirth, "29/02/2000", Some("2000-02-29")),
            (FormField::DateOfBirth, "29/02/1900", None),
            (FormField::DateOfBirth, "31/04/1990", None),
            (FormField::DateOfBirth, "yesterday", None),
            (FormField::NidNumber, "১২৩ ৪৫৬ ৭৮৯০", Some("1234567890")),
            (
                FormField::NidNumber,
                "1990123456789012 3",
                Some("19901234567890123"),
            ),
            (FormField::NidNumber, "12345", None),
            (FormField::LastTransactionAmount, "১,৫০০", Some("1500")),
            (FormField::LastTransactionAmount, "1500.50", Some("1500.50")),
            (FormField::LastTransactionAmount, "a lot", None),
            (FormField::LastTransactionAmount, "", None),
        ];
        for (field, value, right) in table {
            assert_eq!(
                field.check(value).ok().as_deref(),
                right,
                "{} {value}",
                field.name()
            );
        }
    }
}
