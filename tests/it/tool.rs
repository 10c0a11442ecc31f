//! Tools of LTI 1.3: the sandbox's own, and one of another language's library.

mod pages;
mod sandbox;
mod world;
