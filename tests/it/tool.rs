//! Tools of LTI 1.3: the sandbox's own, and one of another language's library.

mod another;
mod browser;
mod college;
mod pages;
mod python;
mod sandbox;
mod world;
