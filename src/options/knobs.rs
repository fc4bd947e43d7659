//! The macro that makes a struct of knobs, its defaults, its ranges and its descriptions from one list.
//!
//! In: the struct's docs and name, then groups of `name: type = default, unit, range, "what it does";`. Out: the
//! struct, `Default`, `NAMES`, `UNITS`, `describe`, `set`, `get` and `check_ranges`. The engine's options and a
//! workload's parameters are made by it.

macro_rules! knobs {
    (
        $( #[$meta:meta] )* $knobs:ident
        $( $group:literal { $( $name:ident : $type:ty = $default:expr, $unit:ident, $range:expr, $about:literal; )* } )*
    ) => {
        $( #[$meta] )*
        #[derive(Clone, Debug, PartialEq, ::serde::Serialize)]
        #[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
        pub struct $knobs {
            $($( #[doc = $about] pub $name: $type, )*)*
        }

        impl Default for $knobs {
            fn default() -> $knobs {
                $knobs { $($( $name: $default, )*)* }
            }
        }

        impl $knobs {
            /// The names, in order.
            pub const NAMES: &'static [&'static str] = &[$($( stringify!($name), )*)*];

            /// Their units, in the same order.
            pub const UNITS: &'static [$crate::options::Unit] = &[$($( $crate::options::Unit::$unit, )*)*];

            /// Every knob in order, described.
            pub fn describe() -> Vec<$crate::options::Description> {
                use $crate::options::{Description, Unit, Value};
                let default = $knobs::default();
                vec![$($( {
                    let (min, max) = <$type as Value>::bounds(&$range);
                    Description {
                        name: stringify!($name), group: $group, unit: Unit::$unit, default: default.$name.to_text(),
                        min, max, choices: <$type as Value>::choices(), about: $crate::words::said($about, &[]).into(),
                    }
                }, )*)*]
            }

            /// Sets one knob from text, as typed in a panel or at a prompt.
            ///
            /// # Errors
            /// The knob does not exist, or the text is no value of it, or the value is out of its range: `self` is
            /// unchanged.
            pub fn set(&mut self, name: &str, text: &str) -> Result<(), $crate::options::Problem> {
                match name {
                    $($( stringify!($name) => {
                        let unit = $crate::options::Unit::$unit;
                        let parsed = <$type as $crate::options::Value>::parse(text, unit, &$range);
                        self.$name = parsed.map_err(|expected| $crate::options::Problem {
                            field: name.to_string(), value: $crate::error::excerpt(text), expected,
                        })?;
                    } )*)*
                    _ => return Err($crate::options::unknown(name, Self::NAMES)),
                }
                Ok(())
            }

            /// One knob as text that `set` reads back; `None` if there is no such knob.
            pub fn get(&self, name: &str) -> Option<String> {
                match name {
                    $($( stringify!($name) => Some($crate::options::Value::to_text(&self.$name)), )*)*
                    _ => None,
                }
            }

            fn check_ranges(&self, problems: &mut Vec<$crate::options::Problem>) {
                $($( let unit = $crate::options::Unit::$unit;
                if let Err(expected) = $crate::options::Value::check(&self.$name, unit, &$range) {
                    problems.push($crate::options::Problem {
                        field: stringify!($name).to_string(),
                        value: $crate::options::Value::to_text(&self.$name),
                        expected,
                    });
                } )*)*
            }
        }
    };
}
pub(crate) use knobs;
