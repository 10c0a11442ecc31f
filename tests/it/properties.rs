//! What holds for any input at all: no panic, a sentence that says what is wrong, nothing hostile on the screen.

mod app;
mod config;
mod key_scripts;
