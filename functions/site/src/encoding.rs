//! Which compression a client takes (RFC 9110 section 12.5.3).

/// A compression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// The smallest.
    Brotli,
    /// What everything takes that takes any.
    Gzip,
    /// None.
    Identity,
}

impl Encoding {
    /// The smallest that `accepted`, the value of the header `Accept-Encoding`, allows. Its preferences among those it
    /// allows are passed over, since all of them are the same to a person.
    pub(crate) fn choose(accepted: &str) -> Self {
        [Self::Brotli, Self::Gzip]
            .into_iter()
            .find(|encoding| encoding.is_in(accepted))
            .unwrap_or(Self::Identity)
    }

    /// Its name in headers.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
            Self::Identity => "identity",
        }
    }

    fn is_in(self, accepted: &str) -> bool {
        let weight = |wanted: &str| {
            accepted.split(',').find_map(|one| {
                let (name, parameter) = one.split_once(';').unwrap_or((one, ""));
                let named = name.trim().eq_ignore_ascii_case(wanted);
                let weight = parameter.trim().strip_prefix("q=").unwrap_or("1");
                named.then(|| weight.parse().unwrap_or(0.0_f32))
            })
        };
        weight(self.name())
            .or_else(|| weight("*"))
            .is_some_and(|weight| weight > 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_that_is_taken() {
        for (accepted, expected) in [
            ("gzip, deflate, br, zstd", Encoding::Brotli),
            ("BR", Encoding::Brotli),
            ("gzip;q=1.0, br;q=0.5", Encoding::Brotli),
            ("gzip, br;q=0", Encoding::Gzip),
            ("*", Encoding::Brotli),
            ("*;q=0", Encoding::Identity),
            ("*, br; q=0", Encoding::Gzip),
            ("br;q=soon", Encoding::Identity),
            ("deflate", Encoding::Identity),
            ("identity", Encoding::Identity),
            ("brotli", Encoding::Identity),
            ("", Encoding::Identity),
        ] {
            assert_eq!(Encoding::choose(accepted), expected, "{accepted}");
        }
    }
}
