//! Names the members of a type once, and has it written and read by them.

use super::part::{Part, Wrong, write_text};

/// Begins `{"word":`.
pub(super) fn open_choice(out: &mut String, word: &str) {
    out.push('{');
    write_text(out, word);
    out.push(':');
}

/// Writes one member, unless it is absent.
pub(super) fn put(out: &mut String, first: &mut bool, name: &str, value: &impl Part) {
    if value.is_absent() {
        return;
    }
    out.push_str(if *first { "\"" } else { ",\"" });
    *first = false;
    out.push_str(name);
    out.push_str("\":");
    value.write(out);
}

/// A member that was read, or what its absence stands for.
pub(super) fn taken<T: Part>(read: Option<T>, name: &str) -> Result<T, Wrong> {
    read.or_else(T::absent).ok_or_else(|| Wrong(format!("{name} is missing")))
}

/// A shape that this release doesn't know.
pub(super) fn known_shape(found: i64, known: i64) -> Result<(), Wrong> {
    if found == known { Ok(()) } else { Err(Wrong(format!("shape {found} is not known here"))) }
}

/// A struct as an object of its members; `v N` counts the shapes of a kind, `or default` leaves
/// out a member that says nothing.
macro_rules! record {
    ($name:ident $(v $v:literal)? $(or $default:ident)? { $($field:ident),* $(,)? }) => {
        impl $crate::body::part::Part for $name {
            fn write(&self, out: &mut String) {
                let mut first = true;
                out.push('{');
                $($crate::body::macros::put(out, &mut first, "v", &($v as i64));)?
                $($crate::body::macros::put(out, &mut first, stringify!($field), &self.$field);)*
                let _ = first;
                out.push('}');
            }

            fn read(
                from: &mut $crate::body::reader::Reader<'_>,
            ) -> Result<$name, $crate::body::part::Wrong> {
                $(let mut $field = None;)*
                from.object(|name, from| {
                    match name {
                        $("v" => $crate::body::macros::known_shape(from.integer()?, $v)?,)?
                        $(stringify!($field) => {
                            $field = Some($crate::body::part::Part::read(from)?);
                        })*
                        _ => return Err($crate::body::part::Wrong::unknown(name)),
                    }
                    Ok(())
                })?;
                Ok($name { $($field: $crate::body::macros::taken($field, stringify!($field))?,)* })
            }

            $(
                fn absent() -> Option<$name> {
                    Some($name::$default())
                }

                fn is_absent(&self) -> bool {
                    *self == $name::$default()
                }
            )?
        }

        #[cfg(test)]
        impl $crate::body::tests::Made for $name {
            fn made(dice: &mut $crate::body::tests::Dice) -> $name {
                $name { $($field: $crate::body::tests::Made::made(dice),)* }
            }
        }
    };
}
pub(super) use record;

/// An enum that carries values, as an object whose one member is named by the variant's word.
macro_rules! choice {
    ($name:ident {
        $($variant:ident = $word:literal $({ $($field:ident),* })? $(($inner:ident))?,)*
    }) => {
        impl $crate::body::part::Part for $name {
            fn write(&self, out: &mut String) {
                match self {
                    $($name::$variant $({ $($field),* })? $(($inner))? => {
                        let mut first = true;
                        $crate::body::macros::open_choice(out, $word);
                        out.push('{');
                        $($($crate::body::macros::put(
                            out, &mut first, stringify!($field), $field,
                        );)*)?
                        $($crate::body::macros::put(
                            out, &mut first, stringify!($inner), $inner,
                        );)?
                        let _ = &mut first;
                        out.push_str("}}");
                    })*
                }
            }

            fn read(
                from: &mut $crate::body::reader::Reader<'_>,
            ) -> Result<$name, $crate::body::part::Wrong> {
                from.choice(|word, from| match word {
                    $($word => {
                        $($(let mut $field = None;)*)?
                        $(let mut $inner = None;)?
                        from.object(|name, from| {
                            let _ = &from;
                            match name {
                                $($(stringify!($field) => {
                                    $field = Some($crate::body::part::Part::read(from)?);
                                    Ok(())
                                })*)?
                                $(stringify!($inner) => {
                                    $inner = Some($crate::body::part::Part::read(from)?);
                                    Ok(())
                                })?
                                _ => Err($crate::body::part::Wrong::unknown(name)),
                            }
                        })?;
                        Ok($name::$variant $({
                            $($field: $crate::body::macros::taken(
                                $field, stringify!($field),
                            )?),*
                        })? $(($crate::body::macros::taken($inner, stringify!($inner))?))?)
                    })*
                    _ => Err($crate::body::part::Wrong::unknown(word)),
                })
            }
        }

        #[cfg(test)]
        impl $crate::body::tests::Made for $name {
            fn made(dice: &mut $crate::body::tests::Dice) -> $name {
                let ways: &[fn(&mut $crate::body::tests::Dice) -> $name] = &[$(|dice| {
                    let _ = &dice;
                    $name::$variant $({
                        $($field: $crate::body::tests::Made::made(dice)),*
                    })? $(({
                        let $inner = $crate::body::tests::Made::made(dice);
                        $inner
                    }))?
                }),*];
                ways[dice.below(ways.len())](dice)
            }
        }
    };
}
pub(super) use choice;

/// Types that are written as the word or text they are parsed from.
macro_rules! text {
    ($($name:ident $(by $show:ident)?,)*) => {$(
        impl $crate::body::part::Part for $name {
            fn write(&self, out: &mut String) {
                $crate::body::macros::text!(@write self, out $(, $show)?);
            }

            fn read(
                from: &mut $crate::body::reader::Reader<'_>,
            ) -> Result<$name, $crate::body::part::Wrong> {
                let text = from.text()?;
                text.parse().map_err(|_| $crate::body::part::Wrong::unknown(&text))
            }
        }

        #[cfg(test)]
        impl $crate::body::tests::Made for $name {
            fn made(dice: &mut $crate::body::tests::Dice) -> $name {
                $crate::body::macros::text!(@made $name, dice $(, $show)?)
            }
        }
    )*};
    (@made $name:ident, $dice:ident, as_str) => { $name::ALL[$dice.below($name::ALL.len())] };
    (@made $name:ident, $dice:ident, code) => { $crate::body::tests::Coded::coded($dice) };
    (@made $name:ident, $dice:ident) => { $name::new($dice.below(1 << 35) as u64, $dice.tail()) };
    (@write $it:ident, $out:ident, $show:ident) => {
        $crate::body::part::write_text($out, $it.$show())
    };
    (@write $it:ident, $out:ident) => {
        // An id's text holds nothing to escape.
        std::fmt::Write::write_fmt($out, format_args!("\"{}\"", $it))
            .expect("a String takes every write")
    };
}
pub(super) use text;
