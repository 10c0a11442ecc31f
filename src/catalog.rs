//! The catalogue file: TOML to checked domain values and back.
