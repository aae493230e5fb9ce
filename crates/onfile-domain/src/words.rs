//! The wire's words for choices that Stripe spells as text.

/// Declares an enum whose variants have one word each on the wire and in the store.
macro_rules! words {
    ($(
        #[doc = $doc:literal]
        $name:ident { $(#[doc = $vdoc:literal] $variant:ident = $word:literal,)* }
    )*) => {$(
        #[doc = $doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $(#[doc = $vdoc] $variant,)* }

        impl $name {
            /// Every variant, in the order of Stripe's documents.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// The word on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::words::UnknownWord;

            fn from_str(text: &str) -> Result<$name, $crate::words::UnknownWord> {
                match text {
                    $($word => Ok($name::$variant),)*
                    _ => Err($crate::words::UnknownWord),
                }
            }
        }
    )*};
}
pub(crate) use words;

/// The text is none of the words of this choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not one of the words of this choice")]
pub struct UnknownWord;
