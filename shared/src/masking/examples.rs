//! What is hidden and what is not, what asks and what does not, by example.

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::{asks_for_secret, mask_customer, mentions_secret, preview};

/// What customers write with a secret in it, and what is kept of it.
const HIDDEN: &[(&str, &str)] = &[
    ("my pin is 12345", "my pin is •••••"),
    ("My PIN is 1234", "My PIN is ••••"),
    ("PIN: 54321", "PIN: •••••"),
    ("pin 12345", "pin •••••"),
    ("pin=12345", "pin=•••••"),
    ("PIN12345", "PIN•••••"),
    ("12345 is my pin", "••••• is my pin"),
    ("12345 pin", "••••• pin"),
    ("otp 482913", "otp ••••••"),
    ("OTP is 482913", "OTP is ••••••"),
    ("The OTP is: 482913.", "The OTP is: ••••••."),
    ("482913 is the OTP", "•••••• is the OTP"),
    ("I got the otp, it is 4829", "I got the otp, it is ••••"),
    ("verification code 48291345", "verification code ••••••••"),
    ("security code: 482913", "security code: ••••••"),
    ("my password is 90817", "my password is •••••"),
    ("passcode 90817", "passcode •••••"),
    ("the code is 482913", "the code is ••••••"),
    ("code 482913", "code ••••••"),
    ("my pin number is 12345", "my pin number is •••••"),
    ("pincode 12345", "pincode •••••"),
    ("old pin 12345 new pin 54321", "old pin ••••• new pin •••••"),
    ("p.i.n 12345", "p.i.n •••••"),
    ("P I N 12345", "P I N •••••"),
    ("o.t.p. 482913", "o.t.p. ••••••"),
    ("O T P : 482913", "O T P : ••••••"),
    ("0tp 482913", "0tp ••••••"),
    ("p\u{200B}in 12345", "p\u{200B}in •••••"),
    ("pin 1\u{200B}2345", "pin •\u{200B}••••"),
    ("ＰＩＮ １２３４５", "ＰＩＮ •••••"),
    ("pin 1 2 3 4 5", "pin • • • • •"),
    ("pin 1-2-3-4-5", "pin •-•-•-•-•"),
    ("pin 1.2.3.4.5", "pin •.•.•.•.•"),
    ("otp 482 913", "otp ••• •••"),
    ("otp 482-913", "otp •••-•••"),
    ("otp 48 29 13", "otp •• •• ••"),
    ("my pin is 12,345", "my pin is ••,•••"),
    ("pin one two three four five", "pin • • • • •"),
    ("my pin is one 2 three 4 five", "my pin is • • • • •"),
    ("amar pin holo 12345", "amar pin holo •••••"),
    ("amar pin 12345", "amar pin •••••"),
    ("pin ta 12345", "pin ta •••••"),
    ("pinta holo 12345", "pinta holo •••••"),
    ("otp ta 482913", "otp ta ••••••"),
    ("482913 eta otp", "•••••• eta otp"),
    ("otp ashche 482913", "otp ashche ••••••"),
    ("pin hocche ek dui tin char pach", "pin hocche • • • • •"),
    ("amar pin er number 12345", "amar pin er number •••••"),
    ("notun pin 54321 disi", "notun pin ••••• disi"),
    (
        "amar bkash er pin 12345 vule gechi",
        "amar bkash er pin ••••• vule gechi",
    ),
    ("আমার পিন ১২৩৪৫", "আমার পিন •••••"),
    ("পিন ১২৩৪৫", "পিন •••••"),
    ("পিন: 12345", "পিন: •••••"),
    ("আমার পিন হলো ১২৩৪৫", "আমার পিন হলো •••••"),
    ("আমার পিন নম্বর ১২৩৪৫", "আমার পিন নম্বর •••••"),
    ("পিন কোড ১২৩৪৫", "পিন কোড •••••"),
    ("পিনটা ১২৩৪৫", "পিনটা •••••"),
    ("পীন ১২৩৪৫", "পীন •••••"),
    ("গোপন পিন ১২৩৪৫", "গোপন পিন •••••"),
    ("গোপন নম্বর ১২৩৪৫", "গোপন নম্বর •••••"),
    ("ওটিপি ৪৮২৯১৩", "ওটিপি ••••••"),
    ("ওটিপি এসেছে ৪৮২৯১৩", "ওটিপি এসেছে ••••••"),
    ("৪৮২৯১৩ এটা ওটিপি", "•••••• এটা ওটিপি"),
    ("ও টি পি ৪৮২৯১৩", "ও টি পি ••••••"),
    ("পি ন ১২৩৪৫", "পি ন •••••"),
    ("ভেরিফিকেশন কোড ৪৮২৯১৩", "ভেরিফিকেশন কোড ••••••"),
    ("কোডটা ৪৮২৯১৩", "কোডটা ••••••"),
    ("আমার কোড ৪৮২৯১৩ আসছে", "আমার কোড •••••• আসছে"),
    ("পাসওয়ার্ড ১২৩৪৫", "পাসওয়ার্ড •••••"),
    ("পাসওয়ার্ড ১২৩৪৫", "পাসওয়ার্ড •••••"),
    ("পিন ১ ২ ৩ ৪ ৫", "পিন • • • • •"),
    ("পিন এক দুই তিন চার পাঁচ", "পিন • • • • •"),
    ("আমার পিন ছয় সাত আট নয় এক", "আমার পিন • • • • •"),
    ("পিন ১২345", "পিন •••••"),
    (
        "আমার পুরোনো পিন ১২৩৪৫ আর নতুন পিন ৫৪৩২১",
        "আমার পুরোনো পিন ••••• আর নতুন পিন •••••",
    ),
    (
        "টাকা পাঠাতে পারছি না, পিন ১২৩৪৫ দিলে ভুল বলে",
        "টাকা পাঠাতে পারছি না, পিন ••••• দিলে ভুল বলে",
    ),
    ("নম্বর 01712345678 পিন 12345", "নম্বর 01712345678 পিন •••••"),
    ("৫০০০ টাকা পাঠাব, পিন ১২৩৪৫", "৫০০০ টাকা পাঠাব, পিন •••••"),
    ("trx 9J7K2L3M4N pin 12345", "trx 9J7K2L3M4N pin •••••"),
    ("my pin was 2021", "my pin was ••••"),
    ("pin 16247", "pin •••••"),
];

/// What customers write without a secret in it; some speak of one.
const KEPT: &[&str] = &[
    "I forgot my PIN",
    "my PIN is locked",
    "OTP is not coming",
    "how do I reset my pin?",
    "PIN reset korte chai",
    "pin vule gechi",
    "otp ase na keno",
    "পিন ভুলে গেছি",
    "ওটিপি আসছে না",
    "পিন রিসেট করতে চাই",
    "ওটিপি আসছে না ৩ দিন ধরে",
    "পিন ৩ বার ভুল দিয়েছি",
    "OTP 3 din dhore ashe na",
    "I entered the wrong PIN 3 times",
    "PIN ভুলে গেছি, নম্বর 01712345678",
    "পিন ভুলে গেছি। আমার নম্বর ০১৭১২৩৪৫৬৭৮",
    "my number is 01712-345678, I forgot the pin",
    "pin problem, call me at +8801712345678",
    "pin bhule gechi, number 0171 2345 678",
    "I sent 5000 taka",
    "৫০০০ টাকা পাঠিয়েছি",
    "Tk 12,500 was cut",
    "tk 12500",
    "15000tk",
    "15000 tk kete niyeche",
    "৳৫০০০",
    "৳ 5000",
    "5000/- pathaisi",
    "১,২০,০০০ টাকা",
    "PIN dilam, 5000 taka gelo na",
    "পিন দিয়ে ৫০০০ টাকা পাঠিয়েছি",
    "otp chara 20000 taka kata hoise",
    "২১/০২/২০২৬ তারিখে পিন বদলেছি",
    "I changed my PIN on 21/02/2026",
    "pin changed 2026-02-21",
    "otp came at 10:30",
    "সকাল ১০:৩০ এ ওটিপি এসেছিল",
    "transaction 9J7K2L3M4N",
    "pin dilam kintu BFD4K2L1XZ fail",
    "TrxID BFD4K2L1XZ, OTP asheni",
    "TRX12345 pin lagbe?",
    "NID 1234567890",
    "NID number 1990123456789, pin bhule gechi",
    "এনআইডি ১৯৯০১২৩৪৫৬৭৮৯০১২৩, পিন রিসেট",
    "shopping 12345",
    "pinned 12345",
    "spin 12345",
    "opinion 12345",
    "pinku 12345",
    "পিনাক ১২৩৪৫",
    "*247# dial kore pin dilam",
    "16247 e call korsi, pin bole nai",
    "১৬২৪৭ নম্বরে ফোন করে পিন রিসেট করেছি",
    "16247",
    "12345",
    "৪৮২৯১৩",
    "1207",
    "post code 1207",
    "পোস্ট কোড ১২০৭",
    "promo code 202612",
    "error code 4031",
    "country code 8800",
    "2021 theke account, pin vule gechi",
    "২০২১ সালে পিন নিয়েছি",
    "order 123456",
    "ami ek dui din por ashbo",
    "one of the two",
    "balance 50000, pin ok",
    "bill number 123456 paid with pin",
    "account 123456 er pin lagbe",
    "",
    "…",
    "😀😀 hello",
];

/// Digits that come alone after a secret was spoken of, and what is kept of them.
const HIDDEN_AFTER_MENTION: &[(&str, &str)] = &[
    ("12345", "•••••"),
    ("৪৮২৯১৩", "••••••"),
    ("482913.", "••••••."),
    ("1 2 3 4 5", "• • • • •"),
    ("এই নিন ৪৮২৯১৩", "এই নিন ••••••"),
    ("eta 482913", "eta ••••••"),
    ("it is 482913", "it is ••••••"),
    ("482913 eta", "•••••• eta"),
    ("এক দুই তিন চার পাঁচ", "• • • • •"),
];

/// The same, where it is something else.
const KEPT_AFTER_MENTION: &[&str] = &[
    "5000 taka",
    "01712345678",
    "৫০০০ টাকা",
    "21/02/2026",
    "3",
    "hello",
    "1234567890",
    "10:30",
    "9J7K2L3M4N",
];

/// What representatives must not write.
const ASKS: &[&str] = &[
    "আপনার পিন দিন",
    "আপনার পিন নম্বরটা দিন",
    "পিন বলুন",
    "পিনটা বলেন",
    "আপনার পিন কত?",
    "আপনার পিন কী?",
    "ওটিপি কত?",
    "ওটিপি দিন",
    "ওটিপিটা পাঠান",
    "দয়া করে ওটিপি শেয়ার করুন",
    "আপনার মোবাইলে যে ওটিপি এসেছে সেটা বলুন",
    "আপনার পিন লাগবে",
    "যাচাইয়ের জন্য আপনার পিন প্রয়োজন",
    "কোডটা বলুন",
    "ভেরিফিকেশন কোড জানান",
    "৬ ডিজিটের কোডটি দিন",
    "এসএমএসে আসা ৬ ডিজিটের নম্বরটি বলুন, মেসেজে এসেছে",
    "পাসওয়ার্ড দিন",
    "পি ন দিন",
    "পি\u{200B}ন দিন",
    "আপনার গোপন নম্বর জানাবেন",
    "ওটিপি পেয়েছেন? কোডটা বলুন",
    "Please share the OTP",
    "Please tell me your PIN",
    "tell me your pin",
    "Send me the OTP.",
    "Give your PIN",
    "What is your PIN?",
    "what's your pin",
    "May I have your PIN?",
    "Can I have the OTP please",
    "I need your PIN",
    "We require your PIN to go on",
    "Kindly provide your password",
    "send me the 6 digit code you received",
    "Please confirm your PIN",
    "share the verification code",
    "P I N please",
    "o.t.p bolen",
    "pin ta bolen",
    "pin ta din",
    "apnar pin koto",
    "OTP pathan",
    "otp ta den",
    "pin number ta janan",
    "code ta bolun",
    "Never share your PIN with others, but tell me your PIN",
    "পিন কাউকে বলবেন না। আমাকে পিনটা বলুন",
    "You have got an OTP. Please send it to me.",
];

/// What representatives may write.
const DOES_NOT_ASK: &[&str] = &[
    "Never share your PIN",
    "Never share your PIN or OTP with anyone",
    "Please do not share your PIN with anybody",
    "Don't tell anyone your OTP",
    "We will never ask for your OTP",
    "We never ask you to share your PIN",
    "Please don't send your PIN here",
    "You should not give your PIN to anyone",
    "Did you share your PIN with anyone?",
    "Did you forget your PIN?",
    "Do you want to reset your PIN?",
    "You can reset the PIN by dialling *247#",
    "Please enter your PIN in the app",
    "Did the OTP come?",
    "We have sent you an OTP",
    "We will send an OTP to your phone",
    "Tell me if the OTP has arrived",
    "Your PIN is locked",
    "What happened after you changed the PIN?",
    "Please give your date of birth for the PIN reset",
    "আপনার পিন কাউকে বলবেন না",
    "পিন বা ওটিপি কাউকে দেবেন না",
    "আমরা কখনো পিন চাই না",
    "কখনোই পিন শেয়ার করবেন না",
    "ওটিপি কাউকে জানাবেন না",
    "আপনি কি পিন রিসেট করতে চান?",
    "PIN reset করতে *247# ডায়াল করুন",
    "পিন রিসেট করতে আপনার জন্ম তারিখ দিন",
    "অ্যাপে আপনার পিন দিন",
    "ওটিপি কি এসেছে?",
    "ওটিপি আসছে না?",
    "আপনি কি কাউকে পিন বলেছেন?",
    "পিন ভুলে গেলে ১৬২৪৭ নম্বরে কল করুন",
    "৩ দিন পর আবার পিন সেট করতে পারবেন",
    "pin kauke bolben na",
    "otp share korben na",
    "apni ki pin bhule gechen?",
    "pin reset korte *247# dial korun",
    "Please tell me your date of birth",
    "আপনার জন্ম তারিখ বলুন",
    "আপনার এনআইডি নম্বর দিন",
    "শেষ লেনদেনের পরিমাণ কত?",
    "Please send the promo code",
    "আপনার সমস্যাটা বলুন",
    "Share your opinion with us",
    "",
];

#[test]
fn a_secret_is_hidden() {
    for (text, kept) in HIDDEN {
        let masked = mask_customer(text, false);
        assert_eq!(
            (masked.text.as_str(), masked.hidden),
            (*kept, true),
            "{text}"
        );
        assert!(mentions_secret(text), "{text}");
    }
}

#[test]
fn everything_else_is_kept() {
    for text in KEPT {
        let masked = mask_customer(text, false);
        assert_eq!(
            (masked.text.as_str(), masked.hidden),
            (*text, false),
            "{text}"
        );
    }
}

#[test]
fn bare_digits_are_hidden_where_a_secret_was_spoken_of() {
    for (text, kept) in HIDDEN_AFTER_MENTION {
        assert_eq!(mask_customer(text, true).text, *kept, "{text}");
        assert!(!mask_customer(text, false).hidden, "{text}");
    }
    for text in KEPT_AFTER_MENTION {
        assert!(!mask_customer(text, true).hidden, "{text}");
    }
}

#[test]
fn a_request_for_a_secret_is_recognised() {
    for text in ASKS {
        assert!(asks_for_secret(text), "{text}");
    }
}

#[test]
fn warnings_and_explanations_are_no_requests() {
    for text in DOES_NOT_ASK {
        assert!(!asks_for_secret(text), "{text}");
    }
}

#[test]
fn a_preview_has_no_digits_and_nothing_of_a_text_that_speaks_of_a_secret() {
    for (text, seen) in [
        ("I sent 500 taka", "I sent ••• taka"),
        ("৫০০ টাকা", "••• টাকা"),
        ("my pin", ""),
        ("ওটিপি ১২", ""),
    ] {
        assert_eq!(preview(text, false), seen, "{text}");
        assert_eq!(preview(text, true), "", "{text}");
    }
}

#[test]
fn there_are_enough_examples() {
    let tables = HIDDEN.len() + KEPT.len() + HIDDEN_AFTER_MENTION.len() + KEPT_AFTER_MENTION.len();
    assert!(tables + ASKS.len() + DOES_NOT_ASK.len() >= 250);
}

#[test]
fn hiding_twice_is_hiding_once() {
    for (text, _) in HIDDEN {
        let once = mask_customer(text, true).text;
        assert_eq!(mask_customer(&once, true).text, once, "{text}");
    }
}

#[test]
fn any_text_is_taken_and_never_gets_longer() {
    let alphabet: Vec<char> =
        "pinotp 12345 ১২৩পিনওটিপি\u{200B}\u{9BC}য়-.,:/#*৳\n\u{202E}😀ek dui tin ০"
            .chars()
            .collect();
    let mut state = 0x9E37_79B9_u64;
    for _ in 0..2_000 {
        let mut text = String::new();
        for _ in 0..40 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            text.push(alphabet[usize::try_from(state >> 33).unwrap() % alphabet.len()]);
        }
        let masked = mask_customer(&text, state & 1 == 0);
        assert!(
            masked.text.chars().count() <= text.chars().count(),
            "{text:?}"
        );
        assert_eq!(masked.hidden, masked.text != text, "{text:?}");
        asks_for_secret(&text);
    }
}

#[test]
fn the_longest_text_is_taken() {
    for piece in [
        "pin ",
        "1 ",
        "12345 ",
        "ek ",
        "পিন ১২৩৪৫ ",
        "p i n ",
        "otp?",
    ] {
        let text: String = piece.chars().cycle().take(2_000).collect();
        mask_customer(&text, true);
        asks_for_secret(&text);
    }
}
